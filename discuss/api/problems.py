"""What only a program gets wrong; `base.web` answers it, as all that fails, by RFC 9457."""

from typing import Any

from discuss.base.errors import Invalid, Refusal


class NotJson(Refusal):
    """The body is not the JSON object that the call takes."""

    status = 400


class BadField(Invalid):
    """A parameter or a member of the body has a value that it cannot have."""

    def __init__(self, message: str, field: str) -> None:
        """Refuse.

        :param message: what is wrong, and what is allowed.
        :param field: the name of the parameter or member.
        """
        super().__init__(message)
        self.field = field

    def details(self) -> dict[str, Any]:
        """Name the field for a program."""
        return {"field": self.field}
