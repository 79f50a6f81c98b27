"""Who may do what here, and where an administrator looks it up."""
