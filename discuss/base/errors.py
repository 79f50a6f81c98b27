"""Refusals: what a person did wrong or came too late for, each with its HTTP status.

An action raises one; the boundary rolls back; one handler makes it a page, the API a problem.
"""

from typing import Any, ClassVar

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from flask_babel import lazy_ngettext as ngettext

LONGEST_IN_SECONDS = 120  # nobody counts further


class Refusal(Exception):
    """Something was asked that will not be done; says what happened and what to do."""

    status: ClassVar[int] = 400
    title: str | LazyString = _("That did not work")
    default_message: str | LazyString = _("Go back, check what you sent, and try again.")

    def __init__(
        self, message: str | LazyString | None = None, *, title: str | LazyString | None = None
    ) -> None:
        """Refuse.

        :param message: one clear sentence for the reader; the class's own when left out.
        :param title: the page's heading; the class's own when left out.
        """
        super().__init__(message)
        self._message = message
        if title is not None:
            self.title = title

    @property
    def message(self) -> str:
        """The sentence for the reader, in the reader's language."""
        return str(self._message if self._message is not None else self.default_message)

    @property
    def headers(self) -> dict[str, str]:
        """What the answer's head says beside the status."""
        return {}

    def details(self) -> dict[str, Any]:
        """Members that a problem+json answer carries beside the standard ones."""
        return {}


class SignInNeeded(Refusal):
    """Nobody is signed in, and this needs somebody."""

    status = 401
    title = _("Sign in first")
    default_message = _("Sign in, then try again.")


class Forbidden(Refusal):
    """This person may not."""

    status = 403
    title = _("Not allowed")
    default_message = _("Your account may not do this.")


class NotFound(Refusal):
    """There is no such thing, or this person may not know of it."""

    status = 404
    title = _("There is no page at this address")
    default_message = _(
        "The address may be mistyped, or the letter was taken down. "
        "A removed letter says so at its old address."
    )


class Conflict(Refusal):
    """Something else happened first."""

    status = 409
    title = _("Something changed meanwhile")
    default_message = _("Load the page again, look at what changed, and try once more.")


class Gone(Refusal):
    """It was here and is here no longer."""

    status = 410
    title = _("This is no longer here")


class TooLarge(Refusal):
    """More was sent than fits."""

    status = 413
    title = _("That is too much at once")
    default_message = _("Send less at once, and try again.")


class Invalid(Refusal):
    """What was typed cannot be taken as it stands."""

    status = 422
    title = _("Something needs putting right")


def wait_in_words(seconds: int) -> LazyString:
    """Return how long somebody waits; rounded up, for who comes back too early is refused again.

    :param seconds: at least one.
    """
    if seconds <= LONGEST_IN_SECONDS:
        return ngettext("%(num)s second", "%(num)s seconds", seconds)
    return ngettext("%(num)s minute", "%(num)s minutes", -(-seconds // 60))


class TooFast(Refusal):
    """More requests or comments than one person usually makes."""

    status = 429

    def __init__(self, message: str | LazyString | None = None, *, retry_after: int) -> None:
        """Refuse for a while.

        :param retry_after: whole seconds until it is worth trying again (RFC 9110, 10.2.3).
        """
        wait = wait_in_words(retry_after)
        super().__init__(
            message
            or _("You are writing faster than we can print. Post again in %(time)s.", time=wait),
            title=_("Please wait %(time)s", time=wait),
        )
        self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        """Say when to come back."""
        return {"Retry-After": str(self.retry_after)}


class Unavailable(Refusal):
    """Something that the site needs does not answer at the moment."""

    status = 503
    title = _("The site is out of breath")
    default_message = _(
        "Nothing was saved just now. Your words are kept on this device. Try again in a moment."
    )

    @property
    def headers(self) -> dict[str, str]:
        """Say when to come back: a database that restarts needs a few seconds."""
        return {"Retry-After": "5"}


WORDS_STAY = (Invalid, TooFast, Unavailable)
"""Refusals for what was typed, or for when, and not for who asks: their forms come back."""


class Broken(Refusal):
    """Nobody foresaw this; the fault is ours."""

    status = 500
    title = _("Something broke on our side")
    default_message = _("It is written down and someone will look. Nothing was changed.")

    def __init__(self, reference: str) -> None:
        """Say what to mention when asking about it.

        :param reference: stands beside the traceback in the log.
        """
        super().__init__()
        self.reference = reference

    def details(self) -> dict[str, Any]:
        """Give a program what its writer mentions to us."""
        return {"reference": self.reference}
