"""Muting: an account's comments fold for one reader, who asked for it."""
