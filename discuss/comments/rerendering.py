"""New HTML for what was said before the rendering rules changed, while people go on talking.

A step reads some comments, renders them without any lock, and writes those whose HTML is another
now, each only where its words are still the ones that were rendered: an edit or a removal meanwhile
wins. What is done already is not written again, so a run that was cut off is simply run again.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from discuss.base import rendering
from discuss.base.db import session
from discuss.comments import voting
from discuss.comments.models import Comment, HeldComment, SealedWords
from discuss.letters.models import Letter

STEP = 200  # comments; writing them holds the letter's lock for some hundredths of a second

# Whatever keeps words with their HTML, and what tells its rows apart within a letter.
KEPT: tuple[tuple[Any, InstrumentedAttribute[int]], ...] = (
    (Comment, Comment.number),
    (HeldComment, HeldComment.id),
    (SealedWords, SealedWords.number),
)


def count(letter: Letter) -> int:
    """Return how many texts a letter's thread keeps, public or not."""
    return sum(
        session.scalar(
            sa.select(sa.func.count()).select_from(kind).where(*_with_words(kind, letter))
        )
        or 0
        for kind, _key in KEPT
    )


def render_again(letter: Letter, watch: Callable[[int], None]) -> int:
    """Bring the HTML of a letter's thread to the rules of today; commits after each step.

    :param watch: told after each step how many texts it looked at.
    :returns: how many got other HTML.
    """
    changed = 0
    for kind, key in KEPT:
        after = 0
        while rows := some(letter, kind, key, after):
            changed += write(letter, kind, key, with_other_html(rows))
            session.commit()
            after = rows[-1].key
            watch(len(rows))
    return changed


def some(letter: Letter, kind: Any, key: InstrumentedAttribute[int], after: int) -> list[Any]:
    """Return the texts of one step: `key`, `source`, `html`."""
    wanted = sa.select(key.label("key"), kind.source, kind.html).where(
        *_with_words(kind, letter), key > after
    )
    rows = list(session.execute(wanted.order_by(key).limit(STEP)))
    session.commit()  # rendering takes a while, and no transaction needs to last as long
    return rows


def with_other_html(rows: list[Any]) -> list[dict[str, Any]]:
    """Return what has other HTML by today's rules: its key, its words, the HTML."""
    rendered = [(row, str(rendering.comment_html(row.source))) for row in rows]
    return [
        {"this": row.key, "said": row.source, "new": html}
        for row, html in rendered
        if html != row.html
    ]


def write(
    letter: Letter, kind: Any, key: InstrumentedAttribute[int], texts: list[dict[str, Any]]
) -> int:
    """Write new HTML where the words are still the same; return where they were.

    The letter's clock ticks soon after, once for all steps of the next seconds.
    """
    if not texts:
        return 0
    voting.show_soon(letter)  # the letter's row first, here as everywhere
    statement = (
        sa.update(kind)
        .where(
            kind.letter_id == letter.id,
            key == sa.bindparam("this"),
            kind.source == sa.bindparam("said"),
        )
        .values(html=sa.bindparam("new"))
        .execution_options(synchronize_session=False)
    )
    return session.connection().execute(statement, texts).rowcount


def _with_words(kind: Any, letter: Letter) -> tuple[sa.ColumnElement[bool], ...]:
    return kind.letter_id == letter.id, kind.source != ""
