"""What comments tell the packages above; each signal's sender is the comment."""

from blinker import Namespace

signals = Namespace()

comment_posted = signals.signal("comment-posted")
comment_held = signals.signal("comment-held")
"""A comment waits for a moderator; the sender is the held one."""
comment_withdrawn = signals.signal("comment-withdrawn")
"""Its author took back a comment that waits; the sender is the held one."""
comment_edited = signals.signal("comment-edited")
comment_deleted = signals.signal("comment-deleted")
