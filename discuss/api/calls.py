"""What the calls of every capability have in common."""

from typing import Any

from flask import Blueprint
from werkzeug.exceptions import HTTPException, InternalServerError

from discuss.api import problems, tokens
from discuss.base.errors import NotFound

ROOT = "/api/v1"


def calls(capability: str, address: str = "") -> Blueprint:
    """Return a blueprint for the calls of one capability.

    What changes something needs a token, and whatever goes wrong is answered in one shape.

    :param capability: its name.
    :param address: what all of its addresses begin with, after the version.
    """
    blueprint = Blueprint(f"api_{capability}", __name__, url_prefix=f"{ROOT}{address}")
    blueprint.before_request(tokens.speak_for_account)
    blueprint.url_value_preprocessor(refuse_nul)
    blueprint.register_error_handler(HTTPException, problems.refuse_http)
    blueprint.register_error_handler(InternalServerError, problems.break_down)
    return blueprint


def refuse_nul(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Refuse an address that PostgreSQL would choke on.

    :raises NotFound: no letter has a NUL in its address.
    """
    if "\0" in (values or {}).get("slug", ""):
        raise NotFound
