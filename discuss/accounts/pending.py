"""Sign-ins on their way to a provider: the newest few of this browser, each good for one return.

They live in the signed session cookie, which binds them to the browser.
"""

from collections.abc import MutableMapping
from typing import Any

from authlib.integrations.flask_client import FlaskIntegration

from discuss.base import clock

MOST = 3  # a cookie over 4,093 bytes is dropped by browsers, and then every sign-in fails
MINUTES = 10
KEY = "pending"

Session = MutableMapping[str, Any]


class Pending(FlaskIntegration):  # type: ignore[misc]  # Authlib has no types
    """Authlib's store of states, bounded in number and in time."""

    def set_state_data(self, session: Session, state: str, data: dict[str, Any]) -> None:
        """Remember one more, in place of the oldest where there are too many."""
        entry = [self.name, state, int(clock.now().timestamp()), data]
        session[KEY] = [*_unexpired(session), entry][-MOST:]

    def get_state_data(self, session: Session, state: str | None) -> dict[str, Any] | None:
        """Return what was remembered of a sign-in of this provider, if it is still good."""
        for name, known, _, data in _unexpired(session):
            if (name, known) == (self.name, state):
                return dict(data)
        return None

    def clear_state_data(self, session: Session, state: str | None) -> None:
        """Forget it: a state is good once."""
        session[KEY] = [entry for entry in _unexpired(session) if entry[1] != state]


def _unexpired(session: Session) -> list[list[Any]]:
    oldest = clock.now().timestamp() - MINUTES * 60
    return [entry for entry in session.get(KEY, ()) if entry[2] >= oldest]
