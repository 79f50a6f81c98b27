"""What moderation tells the packages above."""

from blinker import Namespace

signals = Namespace()

decision_made = signals.signal("decision-made")
"""A moderator decided; the sender is the decision. Comments appear and vanish by it as well."""
comment_reported = signals.signal("comment-reported")
"""A reader reported a comment; the sender is the report."""
