"""Refusals about comments."""

from flask_babel import lazy_gettext as _

from discuss.base.errors import Conflict, Forbidden, Gone, Invalid


class ThreadLocked(Conflict):
    """A moderator has locked this thread, or its time has come."""

    title = _("This discussion is closed")
    default_message = _(
        "Not posted: this discussion takes no more comments. You can still read and share it."
    )


class BranchLocked(ThreadLocked):
    """A moderator has locked this part of a thread."""

    title = _("This branch is locked")
    default_message = _(
        "Not posted: a moderator has locked this part of the discussion. "
        "You can still write elsewhere in it."
    )


class ParentRemoved(Conflict):
    """What was answered went while the reply was being written."""

    title = _("That comment is no longer here")
    default_message = _(
        "Not posted: the comment you answer was removed meanwhile. "
        "Your words are below; you can post them as a comment of their own."
    )


class SentTwice(Conflict):
    """The same submission came twice at once, and the other one was quicker."""

    default_message = _("Not posted: it was sent twice at once. Send it again.")


class NoSuchParent(Invalid):
    """The number that a reply names was never a comment of this letter."""

    default_message = _(
        "Not posted: the comment you answer is not part of this discussion. "
        "Open the letter again and reply from there."
    )


class EditedElsewhere(Conflict):
    """The comment was changed in another tab since this form was opened."""

    title = _("This comment was changed meanwhile")
    default_message = _(
        "Not saved: you changed this comment in another place. "
        "Both texts are below; save the one you want."
    )

    def __init__(self, current: str) -> None:
        """Refuse.

        :param current: what the comment says now.
        """
        super().__init__()
        self.current = current


class TooLateToEdit(Forbidden):
    """The time for edits is over."""

    title = _("Too late to edit")
    default_message = _("Not saved: a comment can be edited for 15 minutes. Reply to it instead.")


class NotEditable(Forbidden):
    """A moderator has read these words, and is to read others as well."""

    title = _("This comment cannot be edited")
    default_message = _(
        "Not saved: comments on this letter are read before they appear. Reply to it instead."
    )


class NotYours(Forbidden):
    """Somebody else wrote it."""

    default_message = _("Only its author can do that.")


class OwnComment(Forbidden):
    """Nobody votes for themselves."""

    default_message = _("You cannot vote on your own comment.")


class CommentDeleted(Gone):
    """Its author took it back."""

    title = _("Deleted by its author")
    default_message = _("This comment was deleted by its author. The discussion goes on.")
