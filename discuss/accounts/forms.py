"""What sign-in and account forms hold, as typed values."""

from collections.abc import Mapping

from discuss.accounts import names
from discuss.accounts.errors import BadName
from discuss.accounts.models import LONGEST_NAME
from discuss.base.web import safe_path

LONGEST_WAY_BACK = 300  # characters; three of them have to fit into a cookie of 4 KB


def way_back(fields: Mapping[str, str]) -> str | None:
    """Return the path of this site to which a form or an address wants to return, if it is one."""
    path = safe_path(fields.get("next"))
    return path if path and len(path) <= LONGEST_WAY_BACK else None


def name(fields: Mapping[str, str]) -> str:
    """Return the display name that was typed.

    :raises BadName: nothing of it can be seen, or it is too long.
    """
    typed = fields.get("name", "").strip()
    found = names.cleaned(typed)
    if not found or len(typed) > LONGEST_NAME:
        raise BadName
    return found
