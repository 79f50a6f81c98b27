"""What the calls of every capability have in common."""

from typing import Any

from flask import Blueprint

from discuss.api import tokens
from discuss.base.errors import NotFound

ROOT = "/api/v1"


def calls(capability: str, address: str = "") -> Blueprint:
    """Return a blueprint for the calls of one capability.

    What changes something needs a token.

    :param capability: its name.
    :param address: what all of its addresses begin with, after the version.
    """
    blueprint = Blueprint(f"api_{capability}", __name__, url_prefix=f"{ROOT}{address}")
    blueprint.before_request(tokens.speak_for_account)
    blueprint.url_value_preprocessor(refuse_nul)
    return blueprint


def refuse_nul(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Refuse an address that PostgreSQL would choke on.

    :raises NotFound: no letter has a NUL in its address.
    """
    if "\0" in (values or {}).get("slug", ""):
        raise NotFound
