"""What letters tell the packages above."""

from blinker import Namespace

signals = Namespace()

letter_added = signals.signal("letter-added")
"""A letter's row was made; the sender is the letter. Its thread begins here."""
