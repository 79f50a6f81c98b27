"""Slow mode: how often one account may write in a discussion that runs hot."""
