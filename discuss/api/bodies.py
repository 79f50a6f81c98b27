"""The JSON object that a call was sent, checked against what it takes."""

import json
from typing import Any, TypeVar

from flask import request
from flask_babel import gettext as _
from pydantic import ValidationError

from discuss.api.problems import BadField, NotJson
from discuss.api.schemas import Body

Kind = TypeVar("Kind", bound=Body)


def body(kind: type[Kind]) -> Kind:
    """Return what was sent.

    :param kind: what the call takes.
    :raises NotJson: it is not JSON, or no object.
    :raises BadField: a member is missing or of the wrong kind.
    """
    found = json_object(request.get_data())
    try:
        return kind.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = str(first["loc"][0]) if first["loc"] else ""
        raise BadField(_("“%(field)s”: %(said)s.", field=field, said=first["msg"]), field) from None


def json_object(data: bytes) -> dict[str, Any]:
    """Read a JSON object.

    :param data: as it came, in UTF-8.
    :raises NotJson: it is none. A nesting that no program means counts as none too.
    """
    try:
        found = json.loads(data.decode(), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise NotJson(
            _("The body is not JSON in UTF-8. Send an object, between { and }.")
        ) from None
    if not isinstance(found, dict):
        raise NotJson(_("The body is JSON, but no object. Send one, between { and }."))
    return found


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is not JSON")
