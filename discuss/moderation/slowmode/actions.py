"""Slow mode: how often one account may write in a discussion that runs hot.

A moderator sets the pace; where they say so, it grows by itself with the reports of an hour and
goes back an hour after the last of them. Each step is a line of the log, by a rule, and counts from
the last word of a moderator on it. The composer says the pace beforehand.
"""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from discuss.accounts.models import Account
from discuss.base import clock
from discuss.base.db import connection, session
from discuss.base.errors import TooFast, wait_in_words
from discuss.comments.forms import Remark
from discuss.comments.models import Comment, HeldComment
from discuss.comments.screening import Asked
from discuss.letters import actions as letters
from discuss.letters.models import Letter
from discuss.moderation import changes, scope
from discuss.moderation.changes import Setting
from discuss.moderation.decisions import record, refuse_unless_moderator
from discuss.moderation.errors import AlreadyUndone
from discuss.moderation.models import LONGEST_NOTE, Act, Decision, Report

PACES = (0, 30, 60, 120, 300, 600, 1800, 3600)  # seconds that a moderator chooses from
FIRST_GROWN = 30  # seconds, where reports begin to slow a discussion that had no pace
SLOWEST_GROWN = 900  # seconds; slower than a quarter of an hour only a moderator makes it
REPORTS_A_STEP = 3  # within an hour, each of which doubles the pace
LOOKED_BACK = timedelta(hours=1)


class TooSoon(TooFast):
    """The account has written in this discussion a moment ago, and it is in slow mode."""

    def __init__(self, pace: int, wait: int) -> None:
        """Refuse until then.

        :param pace: seconds from one comment to the next.
        :param wait: seconds until the next one is taken.
        """
        super().__init__(
            _(
                "Not posted: this discussion is in slow mode, one comment every %(pace)s for each "
                "account. Yours can be posted in %(time)s, at %(clock)s (UTC).",
                pace=words(pace),
                time=wait_in_words(wait),
                clock=f"{clock.now() + timedelta(seconds=wait):%H:%M:%S}",
            ),
            retry_after=wait,
        )


def pace_of(letter: Letter) -> int:
    """Return the seconds from one comment of an account to its next, 0 where there is no pace."""
    return max(letter.pace, _grown(letter))


def pace_in_words(letter: Letter) -> str:
    """Return a letter's pace for a sentence; nothing where there is none."""
    return words(pace) if (pace := pace_of(letter)) else ""


def words(seconds: int) -> str:
    """Return how long a pace makes one wait."""
    if seconds >= 3600:
        return ngettext("hour", "%(num)d hours", seconds // 3600)
    if seconds >= 60:
        return ngettext("minute", "%(num)d minutes", seconds // 60)
    return ngettext("second", "%(num)d seconds", seconds)


def keep_pace(letter: Letter, author: Account, remark: Remark, _asked: Asked) -> None:
    """Refuse a comment too soon after the account's last one; the letter's moderators pass.

    :raises TooSoon: with the seconds that are left.
    """
    pace = pace_of(letter)
    if not pace or remark.edits or scope.moderates(author, letter.id):
        return
    now = clock.now()
    asked = {"account": author.id, "letter": letter.id, "since": now - timedelta(seconds=pace)}
    found = connection().scalars(_LATEST, asked)
    latest = max((moment for moment in found if moment), default=None)
    if latest is not None:
        left = (latest + timedelta(seconds=pace) - now).total_seconds()
        raise TooSoon(pace, max(1, int(left) + 1))


def set_pace(
    letter: Letter,
    moderator: Account,
    pace: int,
    grows: bool,
    *,
    undoes: Decision | None = None,
) -> Decision | None:
    """Say how often an account may write in a discussion.

    :param letter: whose thread.
    :param moderator: who decides.
    :param pace: seconds, 0 for none.
    :param grows: whether reports make it slower by themselves.
    :param undoes: the decision that this undoes.
    :returns: the decision; nothing where it is so already.
    """
    return _set(letter, moderator, {"pace": pace, "grows": grows, "grown": 0}, undoes)


def undo(moderator: Account, decision: Decision) -> Decision | None:
    """Set the pace that was before a decision, a moderator's or one of the reports.

    :raises AlreadyUndone: what had grown is over by now.
    """
    letter = session.get_one(Letter, decision.letter_id)
    if decision.act is Act.PACE_GROWN and not _grown(letter):
        raise AlreadyUndone(_("An hour after the last report the pace is as before by itself."))
    wanted = {"grown": 0, **changes.of(decision).before}
    if decision.at <= clock.now() - LOOKED_BACK:
        wanted["grown"] = 0  # it would be over by now
    return _set(letter, moderator, wanted, decision)


def grow(report: Report) -> None:
    """Make a discussion slower that many reports come from, where a moderator has said so."""
    letter = session.get_one(Letter, report.letter_id)
    if not letter.pace_grows or not (steps := (count := _reports(letter)) // REPORTS_A_STEP):
        return
    grown = min(SLOWEST_GROWN, max(letter.pace, FIRST_GROWN) * 2 ** (steps - 1))
    before, pace = _setting(letter), pace_of(letter)
    if grown <= letter.pace or grown < pace:  # what has grown further goes back by itself
        return
    letters.tick(letter)
    _let_grow(letter, grown)
    session.flush()
    if grown > pace:
        note = _("One comment every %(pace)s, after %(n)s reports", pace=words(grown), n=count)
        _record(letter, None, Act.PACE_GROWN, before, note)


def summary(pace: int, grows: bool) -> str:
    """Return what a pace is, for the log."""
    said = _("One comment every %(pace)s", pace=words(pace)) if pace else _("No slow mode")
    return f"{said}; {_('slower by itself as reports come in')}" if grows else said


def _set(
    letter: Letter, moderator: Account, wanted: Setting, undoes: Decision | None
) -> Decision | None:
    refuse_unless_moderator(moderator)
    if _setting(letter) == wanted:
        return None
    letters.tick(letter)
    session.refresh(letter, ["pace", "pace_grows", "grown_pace", "grown_until"])
    if (before := _setting(letter)) == wanted:
        return None
    letter.pace, letter.pace_grows = wanted["pace"], wanted["grows"]
    _let_grow(letter, wanted["grown"])
    session.flush()
    note = summary(letter.pace, letter.pace_grows)
    return _record(letter, moderator, Act.PACE_SET, before, note, undoes)


def _record(
    letter: Letter,
    moderator: Account | None,
    act: Act,
    before: Setting,
    note: str,
    undoes: Decision | None = None,
) -> Decision:
    after = _setting(letter)
    decision = record(
        moderator,
        act,
        f"pace {letter.id}",
        (_state(before), _state(after)),
        undoes=undoes,
        note=note[:LONGEST_NOTE],
        letter_id=letter.id,
    )
    changes.note(decision, before, after)
    return decision


def _grown(letter: Letter) -> int:
    """Return what reports have made of the pace, 0 where they have not or it is over."""
    is_on = letter.grown_until is not None and letter.grown_until > clock.now()
    return letter.grown_pace if is_on else 0


def _let_grow(letter: Letter, pace: int) -> None:
    letter.grown_pace = pace
    letter.grown_until = until = clock.now() + LOOKED_BACK if pace else None
    if until is not None and (letter.due is None or letter.due > until):
        letter.due = until


def _reports(letter: Letter) -> int:
    """Return how many there were within the hour, and since a moderator last set the pace."""
    set_at = session.scalar(
        sa.select(sa.func.max(Decision.at)).where(
            Decision.about == f"pace {letter.id}", Decision.actor_id.is_not(None)
        )
    )
    since = clock.now() - LOOKED_BACK
    counted = sa.select(sa.func.count()).where(
        Report.letter_id == letter.id, Report.at > max(since, set_at or since)
    )
    return session.scalar(counted) or 0


def _setting(letter: Letter) -> Setting:
    return {"pace": letter.pace, "grows": letter.pace_grows, "grown": _grown(letter)}


def _state(setting: Setting) -> str:
    grows = ", grows" if setting["grows"] else ""
    now = f", now {grown} s" if (grown := setting.get("grown")) else ""
    return f"{setting['pace']} s{grows}{now}"


def _latest_of(table: type[Comment | HeldComment]) -> sa.Select[Any]:
    return sa.select(sa.func.max(table.posted_at, type_=table.posted_at.type)).where(
        table.account_id == sa.bindparam("account", type_=sa.Integer),
        table.letter_id == sa.bindparam("letter", type_=sa.Integer),
        table.posted_at > sa.bindparam("since"),
    )


_LATEST = sa.union_all(_latest_of(Comment), _latest_of(HeldComment))
