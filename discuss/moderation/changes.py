"""What a decision about a setting of moderation changed: both states, so that it can be undone."""

from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from discuss.base.db import Base, session
from discuss.base.errors import NotFound
from discuss.moderation.models import Decision

Setting = dict[str, Any]
"""A setting as JSON carries it; empty where there was none."""


class Change(Base):
    """A setting before and after one decision."""

    __tablename__ = "decision_changes"

    decision_id: Mapped[int] = mapped_column(
        ForeignKey("decisions.id"), primary_key=True, autoincrement=False
    )
    before: Mapped[Setting] = mapped_column(JSON)
    after: Mapped[Setting] = mapped_column(JSON)


def note(decision: Decision, before: Setting, after: Setting) -> None:
    """Keep what a decision changed."""
    session.add(Change(decision_id=decision.id, before=before, after=after))
    session.flush()


def of(decision: Decision) -> Change:
    """Return what a decision changed.

    :raises NotFound: it changed no setting.
    """
    if (found := session.get(Change, decision.id)) is None:
        raise NotFound
    return found
