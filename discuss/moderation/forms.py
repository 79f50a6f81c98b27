"""Words from moderators, reporters and senders of notices into typed values."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from discuss.accounts.models import Role
from discuss.base import clock, rendering
from discuss.base.errors import Invalid
from discuss.comments.models import Reason
from discuss.letters.models import Letter
from discuss.moderation.models import LONGEST_NOTE
from discuss.moderation.redress.models import LONGEST_EMAIL, LONGEST_NAME, LONGEST_WORDS
from discuss.moderation.redress.notices import Notification

LONGEST_ADDRESS = 500  # characters of a comment's address, its site's name included
# Only that mail could go there: what is wrong beyond that, the sender finds out.
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

LENGTHS: dict[str, tuple[LazyString, timedelta | None]] = {
    "day": (lazy("One day"), timedelta(days=1)),
    "week": (lazy("One week"), timedelta(weeks=1)),
    "month": (lazy("30 days"), timedelta(days=30)),
    "always": (lazy("For good"), None),
}


def reason(form: Mapping[str, Any]) -> Reason:
    """Return the reason that was chosen.

    :raises Invalid: none was.
    """
    try:
        return Reason(form.get("reason") or "")
    except ValueError:
        raise Invalid(_("Choose a reason.")) from None


def act(form: Mapping[str, Any]) -> Reason | None:
    """Return what is to be done with a selection: a reason removes, nothing approves.

    :raises Invalid: no button was pressed.
    """
    chosen = form.get("act")
    return None if chosen == "approve" else reason({"reason": chosen})


def note(form: Mapping[str, Any]) -> str:
    """Return the note beside a reason, empty when there is none.

    :raises Invalid: it is too long, or holds what cannot be shown.
    """
    given = form.get("note") or ""
    return rendering.normalise(given, LONGEST_NOTE).strip() if isinstance(given, str) else ""


def until(form: Mapping[str, Any]) -> datetime | None:
    """Return when a ban of the chosen length ends; nothing for one that does not.

    :raises Invalid: no length was chosen.
    """
    chosen = LENGTHS.get(str(form.get("length") or ""))
    if chosen is None:
        raise Invalid(_("Choose how long."))
    return None if chosen[1] is None else clock.now() + chosen[1]


def role(given: str | None) -> Role:
    """Return the role that was chosen.

    :raises Invalid: none was.
    """
    try:
        return Role(given or "")
    except ValueError:
        raise Invalid(_("Choose a role.")) from None


def some(given: list[str]) -> list[str]:
    """Return what was ticked.

    :raises Invalid: nothing was.
    """
    if not given:
        raise Invalid(_("Tick at least one letter."))
    return given


def switch(form: Mapping[str, Any], name: str) -> bool:
    """Return what a form says yes or no to.

    :raises Invalid: it says neither.
    """
    values = {"yes": True, "no": False}
    if (found := values.get(str(form.get(name) or ""))) is None:
        raise Invalid(_("Press one of the buttons."))
    return found


def ticked(form: Mapping[str, Any], name: str) -> bool:
    """Whether a box was ticked.

    :raises Invalid: it holds what no box of ours does.
    """
    given = str(form.get(name) or "")
    if given not in {"", "yes"}:
        raise Invalid(_("Tick the box, or leave it."))
    return given == "yes"


def words(form: Mapping[str, Any], name: str, wanted: str, limit: int = LONGEST_WORDS) -> str:
    """Return what somebody wrote into a field that may not stay empty.

    :param wanted: what to say where it is.
    :raises Invalid: it is empty, too long, or holds what cannot be shown.
    """
    given = form.get(name) or ""
    found = rendering.normalise(given, limit).strip() if isinstance(given, str) else ""
    if not found:
        raise Invalid(wanted)
    return found


def notification(form: Mapping[str, Any], letter: Letter, number: int) -> Notification:
    """Return a notice of illegal content with all that it must have.

    Name and address may be left out for abuse of children alone (Digital Services Act, article
    16(2)(c)).

    :raises Invalid: something is missing.
    """
    explanation = words(form, "explanation", _("Write why the comment is illegal."))
    name, email = "", ""
    if not ticked(form, "anonymous"):
        name = words(form, "name", _("Write your name."), LONGEST_NAME)
        email = words(form, "email", _("Write your e-mail address."), LONGEST_EMAIL)
        if not _EMAIL.fullmatch(email):
            raise Invalid(_("This is no e-mail address: %(given)s", given=email))
    if not ticked(form, "faith"):
        raise Invalid(_("Confirm that you believe in good faith that what you say is true."))
    return Notification(letter, number, explanation, name, email)
