"""The queue: what waits for a moderator, who looks at it, and many decided at once."""
