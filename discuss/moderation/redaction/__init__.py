"""Editing private information out of a comment."""
