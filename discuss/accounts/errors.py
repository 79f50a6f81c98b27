"""Refusals about accounts, and everything that can go wrong on the way to a provider and back."""

from typing import ClassVar

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from discuss.base.errors import Conflict, Forbidden, Gone, Invalid, Refusal


class SignInFailed(Refusal):
    """Nobody was signed in. Never a 5xx, for what a provider does is no fault of this site."""

    title = _("You are not signed in")
    words: ClassVar[LazyString]

    def __init__(self, service: str) -> None:
        """Refuse.

        :param service: what readers call the provider.
        """
        super().__init__(str(self.words) % {"service": service})


class Declined(SignInFailed):
    """The person said no at the provider."""

    title = _("Sign-in was cancelled")
    words = _("Nothing was shared with us.")


class NotBegunHere(SignInFailed):
    """The state is not one that this browser was given, or it is used up or too old."""

    title = _("That sign-in could not be finished")
    words = _(
        "It was begun in another browser, finished already, or begun more than ten minutes ago. "
        "Start again below."
    )


class ProviderSilent(SignInFailed):
    """The provider cannot be reached, or takes too long."""

    words = _("%(service)s did not answer in time. Try again, or choose another way in.")


class ProviderConfused(SignInFailed):
    """The provider's answer is not what it should be, or is forged."""

    words = _(
        "The answer from %(service)s could not be checked. Try again, or choose another way in."
    )


class ProviderExhausted(SignInFailed):
    """The provider lets this site ask no more for the moment: too many calls, or no credit."""

    words = _("%(service)s lets nobody in here at the moment. Choose another way in.")


class ProviderBusy(SignInFailed):
    """As many sign-ins through this provider are under way as one process may wait for."""

    words = _(
        "Many people are signing in through %(service)s at this moment. "
        "Try again, or choose another way in."
    )


class NotFresh(Forbidden):
    """This needs somebody who signed in within the last ten minutes."""

    title = _("Sign in again first")
    default_message = _(
        "This needs a sign-in of the last ten minutes, so that nobody does it at your open browser."
    )


class IdentityTaken(Conflict):
    """What was to be linked belongs to somebody else here."""

    title = _("Not linked")

    def __init__(self, service: str) -> None:
        """Refuse.

        :param service: what readers call the provider.
        """
        super().__init__(
            _(
                "Your account at %(service)s already signs in another account here. "
                "Sign in with it and unlink it there first.",
                service=service,
            )
        )


class LastIdentity(Conflict):
    """Without this way in there would be none."""

    title = _("Not unlinked")
    default_message = _("Keep at least one, so that you can always get in.")


class BadName(Invalid):
    """Not a name that can stand beside a comment."""

    default_message = _("Write a name of 1 to 60 letters.")


class NameTooAlike(Invalid):
    """A reader would take it for a moderator's."""

    default_message = _("That is too much like the name of somebody who runs this site.")


class LinkSpent(Gone):
    """A one-time link that was used, or is more than an hour old, or never was."""

    title = _("This link no longer works")
    default_message = _(
        "A sign-in link works once, within an hour. Ask whoever gave it to you for a new one."
    )


class BadSignedRequest(Refusal):
    """A call in Facebook's name that Facebook did not sign."""

    title = _("Not signed by Facebook")
    default_message = _("The signed request could not be checked.")
