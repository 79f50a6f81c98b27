"""Where a moderator decides: everywhere, or under given letters alone.

What lies beyond is answered as if it were not there. Bans and warnings touch an account everywhere,
so they are for those who moderate the whole site.
"""

from typing import Any

import flask
import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from discuss.accounts.login import current_account
from discuss.accounts.models import Account, Role
from discuss.base.db import Base, session
from discuss.base.errors import Forbidden, NotFound
from discuss.comments.models import HeldComment
from discuss.letters import queries as letters
from discuss.moderation.models import Decision


class ModeratedLetter(Base):
    """A letter that an account whose `letters_only` is true may decide under."""

    __tablename__ = "moderated_letters"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"), primary_key=True, index=True)


def letters_of(moderator: Account) -> frozenset[int] | None:
    """Return the ids of the letters that somebody moderates; nothing means all there are."""
    if moderator.moderates_site:
        return None
    if not moderator.is_moderator:
        return frozenset()
    own = sa.select(ModeratedLetter.letter_id).where(ModeratedLetter.account_id == moderator.id)
    return frozenset(session.scalars(own))


def moderates(account: Account | None, letter_id: int | None) -> bool:
    """Whether somebody decides under a letter; without a letter, about the whole site."""
    if account is None or not account.is_moderator:
        return False
    if account.moderates_site:
        return True
    key = (account.id, letter_id)
    return letter_id is not None and session.get(ModeratedLetter, key) is not None


def within(moderator: Account | None, letter_id: Any) -> sa.ColumnElement[bool]:
    """Return the condition that a row belongs to a letter that somebody moderates.

    :param moderator: whose letters; nobody's are none.
    :param letter_id: the row's column.
    """
    if moderator is None or not moderator.is_moderator:
        return sa.false()
    if moderator.moderates_site:
        return sa.true()
    own = sa.select(ModeratedLetter.letter_id).where(ModeratedLetter.account_id == moderator.id)
    return letter_id.in_(own)


def here(letter_id: Any) -> sa.ColumnElement[bool]:
    """Return the same for whoever moderates on this request; commands see everything."""
    if not flask.has_request_context():
        return sa.true()
    return within(moderator_now(), letter_id)


def moderator_now() -> Account | None:
    """Return who moderates on this request: by a token of theirs, else whoever is signed in."""
    if flask.has_request_context() and (named := flask.g.get("moderator_by_token")) is not None:
        account: Account = named
        return account
    return current_account()


def decides_under(letter_id: int | None) -> sa.ColumnElement[bool]:
    """Return the condition that an account is one of those who decide under a letter."""
    own = sa.exists().where(
        ModeratedLetter.account_id == Account.id, ModeratedLetter.letter_id == letter_id
    )
    is_there = sa.or_(Account.letters_only.is_(False), own)
    return sa.or_(
        Account.role == Role.ADMINISTRATOR, sa.and_(Account.role == Role.MODERATOR, is_there)
    )


def refuse_beyond(moderator: Account | None, letter_id: int | None) -> None:
    """Refuse what a moderator may not know of.

    :raises NotFound: it is under a letter that they don't moderate.
    """
    if not moderates(moderator, letter_id):
        raise NotFound


def refuse_beyond_held(moderator: Account | None, held_id: int) -> None:
    """Refuse a held comment that a moderator may not know of.

    :raises NotFound: there is none, or it is under a letter that they don't moderate.
    """
    letter_id = session.scalar(sa.select(HeldComment.letter_id).where(HeldComment.id == held_id))
    if letter_id is None:  # approved; the log says where
        approved = sa.select(Decision.letter_id).where(Decision.held_id == held_id).limit(1)
        letter_id = session.scalar(approved)
    refuse_beyond(moderator, letter_id)


def refuse_unless_still(moderator: Account, letter_id: int | None) -> None:
    """Refuse a decision of somebody whose role was taken away while the request waited.

    :param moderator: as the request began with.
    :param letter_id: where the decision is about.
    :raises Forbidden: they are no moderator any more.
    :raises NotFound: they moderate other letters.
    """
    role, letters_only = _role_now(moderator)
    if role not in {Role.MODERATOR, Role.ADMINISTRATOR}:
        raise Forbidden
    if role is Role.ADMINISTRATOR or not letters_only:
        return
    known = sa.select(ModeratedLetter.letter_id).filter_by(
        account_id=moderator.id, letter_id=letter_id
    )
    if letter_id is None or session.scalar(known) is None:
        raise NotFound


def refuse_unless_still_publisher(publisher: Account) -> None:
    """Refuse house rules of somebody whose role was taken away while the request waited.

    :raises Forbidden: they are no publisher any more.
    """
    role, _letters_only = _role_now(publisher)
    if role not in {Role.PUBLISHER, Role.ADMINISTRATOR}:
        raise Forbidden


def _role_now(account: Account) -> tuple[Role, bool]:
    """Return an account's role as the database has it, and whether it is for given letters."""
    wanted = sa.select(Account.role, Account.letters_only).where(Account.id == account.id)
    role, letters_only = session.execute(wanted).one()
    return role, letters_only


def forget(account: Account, *, keeps_words: bool) -> None:
    """Let go of what somebody moderated who leaves."""
    session.execute(sa.delete(ModeratedLetter).where(ModeratedLetter.account_id == account.id))
    account.letters_only = False


def only_here() -> None:
    """Answer "not found" where the letter in the address is not the moderator's; for blueprints."""
    if slug := (flask.request.view_args or {}).get("slug"):
        refuse_beyond(moderator_now(), letters.published(slug).id)


def only_site() -> None:
    """Answer "not found" to whoever moderates some letters alone."""
    refuse_beyond(moderator_now(), None)
