"""What a script of the queue is told: what was said, what is left, and items as they stand now."""

from collections.abc import Iterable

import flask
from flask import render_template, request
from werkzeug import Response

from discuss.accounts.login import moderator_here
from discuss.accounts.models import Account
from discuss.moderation import queries, wording
from discuss.moderation.models import Act, Decision
from discuss.moderation.queue import claims, items, verdicts
from discuss.moderation.queue.items import Item, Name


def decided(decision: Decision, here: str) -> Response:
    """Tell what was decided; and print the item again where it stays in the list, or is back.

    :param decision: what was decided.
    :param here: the page that shows it, to come back to.
    """
    tab = request.form.get("tab") or "held"
    return flask.jsonify(
        said=wording.said(decision),
        undo=decision.id,
        items=[
            render_template("moderation/_item.html", item=item, tab=tab, here=here, is_first=False)
            for item in _standing(decision, tab)
        ],
        **_left(tab),
    )


def standing(names: Iterable[Name], moderator: Account) -> Response:
    """Tell who is looking at items, and which of them others have decided.

    :param names: what a page of the queue shows.
    :param moderator: who looks at it.
    """
    names = list(names)
    looking = claims.of_others(map(str, items.known(names, moderator)), moderator)
    decided = verdicts.decided(names, moderator)
    return flask.jsonify(
        looking={name: wording.looking(who) for name, who in looking.items()},
        decided={str(name): sentence for name, sentence in decided.items()},
        **_left("held"),
    )


def _left(tab: str) -> dict[str, str]:
    """Return how much waits, in the words of the page."""
    counts = queries.counts()
    return {
        "held": wording.counted(counts.held),
        "reported": wording.counted(counts.reported),
        "waiting": wording.waiting(counts.waiting, counts.oldest),
        "left": wording.left(counts.of(tab)),
    }


def _standing(decision: Decision, tab: str) -> list[Item]:
    """Return the item of a decision if it stands in this tab now."""
    name = Name(letter_id=decision.letter_id or 0, number=decision.number or 0)
    if tab == "held":
        is_back = decision.act is Act.HELD
        name = Name(held_id=decision.held_id or 0)
    elif tab == "reported":
        is_back = not verdicts.decided([name], moderator_here())
    else:
        is_back = bool(name.number)
    return items.load([name], moderator_here()) if is_back else []
