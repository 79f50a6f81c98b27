"""What comments tell the packages above; each signal's sender is the comment."""

from blinker import Namespace

signals = Namespace()

comment_posted = signals.signal("comment-posted")
comment_edited = signals.signal("comment-edited")
comment_deleted = signals.signal("comment-deleted")
