"""One module for each format that comments come in."""
