"""The rows of a walk as a flat list in reading order, for a template that nests without recursion.

Pure: it reads no database and knows no page.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from discuss.comments.walk import Cursor, Sort, order


@dataclass(frozen=True)
class Unseen:
    """Replies of a comment that this page leaves out."""

    number: int
    count: int
    after: Cursor


@dataclass
class Node:
    """One comment in reading order, and what opens and closes around it.

    `replies` is how many are drawn under it on this page. `closes` holds, for each list that ends
    after this comment (its own first), what that list leaves out.
    """

    row: Any
    level: int
    score: int
    parent_name: str | None = None
    replies: int = 0
    unseen: Unseen | None = None
    locks: bool = False
    """Whether a moderator has locked the branch under this very comment."""
    is_locked: bool = False
    """Whether it takes no reply, for it is in a locked branch."""
    closes: list[Unseen | None] = field(default_factory=list)


def nested(rows: Iterable[Any], top: int, sort: Sort) -> list[Node]:
    """Put a walk's rows in reading order.

    :param rows: of one walk, in any order.
    :param top: the comment that the walk began at.
    :param sort: the order at every level.
    :returns: parents before their replies, siblings in order; as long as `rows`.
    """
    replies: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        replies[row.parent].append(row)
    for siblings in replies.values():
        siblings.sort(key=order(sort))
    found: list[Node] = []
    names: dict[int, str | None] = {}
    waiting = [iter(replies.get(top, ()))]
    open_nodes: list[Node] = []
    while waiting:
        row = next(waiting[-1], None)
        if row is None:
            waiting.pop()
            if open_nodes and found:
                found[-1].closes.append(open_nodes.pop().unseen)
            continue
        names[row.number] = row.name
        under = replies.get(row.number, [])
        node = Node(row, len(waiting), row.score, names.get(row.parent), len(under))
        node.unseen = _unseen(row, under, sort)
        found.append(node)
        if under:
            open_nodes.append(node)
            waiting.append(iter(under))
    return found


def _unseen(row: Any, shown: list[Any], sort: Sort) -> Unseen | None:
    left = row.reply_count - row.gone_count - len(shown)
    if left <= 0:
        return None
    after = Cursor.of(sort, shown[-1]) if shown else Cursor.start(sort)
    return Unseen(row.number, left, after)
