"""Who may do what here: every grant and every demotion is a line of the log, and can be undone."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from discuss.accounts import actions as accounts
from discuss.accounts.models import Account, Role
from discuss.base.db import Base, session
from discuss.base.errors import Forbidden
from discuss.letters.models import Letter
from discuss.moderation.decisions import record, taken
from discuss.moderation.errors import AlreadyUndone, OwnRole
from discuss.moderation.models import LONGEST_NOTE, Act, Decision
from discuss.moderation.scope import ModeratedLetter


class RoleChange(Base):
    """Which letters a change of role began and ended with; null is the whole site."""

    __tablename__ = "role_changes"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), primary_key=True)
    before: Mapped[list[int] | None] = mapped_column(JSON)
    after: Mapped[list[int] | None] = mapped_column(JSON)


def grant(
    account: Account,
    role: Role,
    letters: Collection[Letter] = (),
    *,
    by: Account | None = None,
    undoes: Decision | None = None,
) -> Decision | None:
    """Let an account do what a role may, and no more; it acts on the account's next request.

    :param account: whose role it is.
    :param role: the new one.
    :param letters: a moderator's; none are all of the site's.
    :param by: the administrator; nobody where the operator does it on the command line.
    :param undoes: the change that this undoes.
    :returns: the decision; nothing where it was so already.
    :raises Forbidden: `by` is no administrator.
    :raises OwnRole: an administrator would lock themselves out.
    """
    if by is not None and not by.is_administrator:
        raise Forbidden
    if by is not None and by.id == account.id:
        raise OwnRole
    (account,) = taken(Account.role, Account.id == account.id)
    before = account.role, letters_kept(account)
    wanted = sorted({letter.id for letter in letters}) if role is Role.MODERATOR else []
    after = role, wanted or None
    if before == after:
        return None
    _write(account, role, wanted)
    slugs = sorted(letter.slug for letter in letters if letter.id in wanted)
    decision = record(
        by,
        Act.GRANTED,
        f"role {account.id}",
        (before[0], role),
        undoes=undoes,
        note=", ".join(slugs)[:LONGEST_NOTE],
        subject_id=account.id,
    )
    session.add(RoleChange(decision_id=decision.id, before=before[1], after=after[1]))
    session.flush()
    return decision


def undo_grant(administrator: Account, decision: Decision) -> Decision | None:
    """Give an account back the role, and the letters, that it had.

    :raises AlreadyUndone: what it had is not known any more.
    """
    change = session.get(RoleChange, decision.id)
    if change is None:
        raise AlreadyUndone
    letters = session.scalars(sa.select(Letter).where(Letter.id.in_(change.before or ()))).all()
    if change.before and not letters:
        raise AlreadyUndone  # no letter of theirs is left, and none would mean all
    account = session.get_one(Account, decision.subject_id)
    return grant(account, Role(decision.before), letters, by=administrator, undoes=decision)


def letters_kept(account: Account) -> list[int] | None:
    """Return the ids of the letters that an account is bound to, in order; nothing for none."""
    if not account.letters_only:
        return None
    own = sa.select(ModeratedLetter.letter_id).where(ModeratedLetter.account_id == account.id)
    return list(session.scalars(own.order_by(ModeratedLetter.letter_id)))


def _write(account: Account, role: Role, letter_ids: list[int]) -> None:
    session.execute(sa.delete(ModeratedLetter).where(ModeratedLetter.account_id == account.id))
    session.add_all(ModeratedLetter(account_id=account.id, letter_id=one) for one in letter_ids)
    account.letters_only = bool(letter_ids)
    accounts.grant(account, role)
