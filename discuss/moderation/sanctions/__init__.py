"""What an account is met with: warnings, and the removal of everything it wrote."""
