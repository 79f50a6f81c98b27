"""Refusals about moderation."""

from datetime import datetime

from flask_babel import gettext, lazy_gettext
from flask_babel import lazy_gettext as _

from discuss.base import dates
from discuss.base.errors import Conflict, Forbidden, Gone, Invalid
from discuss.comments.models import Reason
from discuss.moderation.wording import reason_phrase


class Banned(Forbidden):
    """A moderator has stopped this account from commenting."""

    title = _("You cannot comment at the moment")

    def __init__(self, reason: Reason, until: datetime | None) -> None:
        """Refuse.

        :param reason: the one given with the ban.
        :param until: when it ends; nothing when it does not end by itself.
        """
        why = reason_phrase(reason)
        if until is None:
            super().__init__(
                lazy_gettext(
                    "Not posted: a moderator has stopped you from commenting. "
                    "Reason given: %(why)s.",
                    why=why,
                ),
                title=_("You cannot comment here any more"),
            )
        else:
            super().__init__(
                lazy_gettext(
                    "Not posted: you cannot comment until %(time)s (UTC). Reason given: %(why)s.",
                    time=dates.moment(until),
                    why=why,
                )
            )


class ForModerators(Forbidden):
    """Somebody opened a moderators' page who is not one."""

    title = _("This page is for moderators")

    def __init__(self, name: str) -> None:
        """Refuse.

        :param name: who is signed in.
        """
        super().__init__(gettext("You are signed in as %(name)s, who is not one.", name=name))


class ForAdministrators(ForModerators):
    """Somebody opened an administrators' page who is not one."""

    title = _("This page is for administrators")


class OwnRole(Forbidden):
    """Nobody changes what they may do themselves."""

    default_message = _("Nobody changes their own role. Another administrator can.")


class CannotBan(Forbidden):
    """Moderators don't ban each other, nor anybody themselves."""

    default_message = _(
        "Not banned: nobody bans themselves or an administrator, "
        "and a moderator is banned by an administrator only."
    )


class CannotWarn(Forbidden):
    """Whom a moderator may not ban, they may not warn either."""

    default_message = _("Not warned: nobody warns themselves, nor another moderator.")


class OwnMute(Forbidden):
    """Nobody mutes themselves."""

    default_message = _("This is your own comment.")


class MutedEnough(Conflict):
    """More accounts than a page can look up are muted."""

    default_message = _("You mute very many accounts. Unmute some at “Your account” first.")


class OwnReport(Forbidden):
    """Nobody reports themselves."""

    default_message = _("This is your own comment. You can delete it instead.")


class NoteNeeded(Invalid):
    """The reason "other" says nothing by itself."""

    default_message = _("Write a note: it says what the other reason is.")


class AlreadyUndone(Conflict):
    """What is to be undone no longer stands."""

    title = _("Nothing left to undo")
    default_message = _("This was undone already.")


class Superseded(Conflict):
    """Somebody decided again since."""

    title = _("Not undone")
    default_message = _("Another decision came after this one. The log shows it: undo that one.")


class AlreadyDecided(Conflict):
    """A moderator has looked at it."""

    title = _("A moderator has decided")


class NotApproved(Conflict):
    """A held comment has lost the place where it was to stand."""

    title = _("Not approved")


class NotInDiscussion(Gone):
    """The comment is not there to be reported or decided about."""

    default_message = _("This comment is no longer in the discussion.")


class NothingToSweep(Conflict):
    """An account of which nothing is left to be removed."""

    default_message = _("Nothing of this account can be read, and nothing of it waits.")


class StillSweeping(Conflict):
    """A removal of everything, or its undoing, is not through."""

    default_message = _("The last time is not through yet. Try again in a moment.")


class NotShown(Conflict):
    """A comment whose words nobody reads is not edited."""

    default_message = _("This comment is not in the discussion now. Restore it first.")


class WordsGone(Gone):
    """A tombstone without words to put back."""

    title = _("Not restored")
    default_message = _(
        "Nothing is kept that could be restored. "
        "A comment whose approval was undone waits in the queue: approve it there."
    )


class AppealedAlready(Conflict):
    """One appeal for each decision."""

    title = _("You have appealed already")
    default_message = _("There is one appeal for each decision. Your account page shows yours.")


class NothingToAppeal(Gone):
    """What was removed is back, or was deleted by its author."""

    title = _("Nothing to appeal against")
    default_message = _("The comment is back in the discussion, or you have deleted it.")


class BanEnded(NothingToAppeal):
    """The ban that is appealed against is over."""

    default_message = _("This ban has ended, or was lifted or replaced by another since.")


class SomebodyElseDecides(Forbidden):
    """Nobody is the judge of their own decision."""

    title = _("Somebody else decides about this")
    default_message = _(
        "You removed this comment, or wrote it. Another moderator or an administrator decides "
        "about the appeal."
    )


class SomebodyElseLifts(SomebodyElseDecides):
    """Nobody is the judge of their own ban, given or taken."""

    default_message = _(
        "You banned this account, it is your own, or it is a moderator’s, which only an "
        "administrator decides about. Somebody else decides about the appeal."
    )


class StatementNeeded(Invalid):
    """A decision about a legal notice without its reasons."""

    default_message = _("Write the reasons: the sender is told them, and the author.")
