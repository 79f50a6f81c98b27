"""Threads of made-up comments: the same arguments give the same words for ever, on any machine.

About 45 % of the comments are top level; each other one answers a recent comment, never deeper
than twelve. A comment has 20 to 200 words, a third of them with Markdown, as readers' have.
`python -m bench.words 1000` prints a thread as the JSON Lines that `flask transfer import` reads.
"""

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from typing import Any

FIRST = (  # noqa: SIM905  # words read better without quotes and commas
    "Ada Bela Chidi Dara Emil Farah Goran Hana Ines Jonas Kofi Lena Marek Nadia "
    "Omar Petra Quinn Rosa Samir Tala Uma Viktor Wanda Xenia Yusuf Zofia"
).split()
LAST = (  # noqa: SIM905
    "Abara Brandt Castro Dvorak Eriksen Fontaine Gruber Haddad Ivanova Jensen Kimura "
    "Lindqvist Moreau Novak Osei Pereira Quist Rossi Silva Tanaka Ueda Varga"
).split()
WORDS = (  # noqa: SIM905
    "the a we you they people country letter president movement promise truth city work "
    "school street family future vote answer question money press court law friend neighbour "
    "hope fear war peace power house river winter summer morning story paper town road "
    "and or but because while when where that which who never always often again still "
    "is was are were will would could should must may can do did made make said says asked "
    "think believe remember forget read write send hear see know want need give take keep "
    "good bad long short old new clear honest public private local great small strong weak "
    "one two three many few every some most other same different next last first "
    "in on at by for with from about after before under over through between against"
).split()
EPOCH = 1_760_000_000  # the first comment's day, in October 2025
PEOPLE = 400  # who take part in a large thread
TOP_LEVEL = 0.45
DEEPEST = 12
FEWEST_WORDS, MOST_WORDS = 20, 200


class Picker:
    """A few draws built on `random()` alone, whose sequence Python promises never to change."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed).random  # noqa: S311  # nothing secret is drawn

    def between(self, low: int, high: int) -> int:
        """Return a whole number of a range, both ends included."""
        return low + int(self.random() * (high - low + 1))

    def choice(self, items: Sequence[Any]) -> Any:
        """Return one of several."""
        return items[int(self.random() * len(items))]

    def chance(self, share: float) -> bool:
        """Return true in this share of the cases."""
        return self.random() < share


def thread(count: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Make a thread in posting order, parents before their replies.

    :param count: how many comments.
    :param seed: another one gives another thread.
    """
    pick = Picker(f"{seed}/1/{count}")
    names = people(pick, count)
    shape, created = Shape(pick), EPOCH + 3600
    for index in range(count):
        parent = shape.grow()
        created += pick.between(5, 600)
        yield {
            "id": 1 + index,
            "parent_id": None if parent is None else 1 + parent,
            "author": pick.choice(names),
            "created": created,
            "text": text(pick),
        }


def people(pick: Picker, count: int) -> list[str]:
    """Return the names of those who take part in a thread of so many comments."""
    return [
        f"{pick.choice(FIRST)} {pick.choice(LAST)}" for _ in range(min(PEOPLE, max(5, count // 2)))
    ]


class Shape:
    """Who answers whom, comment after comment."""

    def __init__(self, pick: Picker) -> None:
        self._pick = pick
        self._depths: list[int] = []

    def grow(self) -> int | None:
        """Add a comment; returns the index of the one that it answers, nothing at the top."""
        index = len(self._depths)
        parent = self._recent(index) if index and not self._pick.chance(TOP_LEVEL) else None
        if parent is not None and self._depths[parent] >= DEEPEST:
            parent = None
        self._depths.append(0 if parent is None else self._depths[parent] + 1)
        return parent

    def _recent(self, index: int) -> int:
        back = 0
        while self._pick.chance(0.9) and back < index - 1:
            back += 1
        return index - 1 - back


def text(pick: Picker) -> str:
    """Make the words of one comment: paragraphs, some with Markdown."""
    paragraphs = []
    left = pick.between(FEWEST_WORDS, MOST_WORDS)
    while left > 0:
        size = min(left, pick.between(15, 70))
        left -= size
        paragraphs.append(_paragraph(pick, size))
    if pick.chance(0.33):
        number = pick.between(1, 999)
        decorated = _decorated(pick, number)
        paragraphs.insert(pick.between(0, len(paragraphs)), pick.choice(decorated))
    return "\n\n".join(paragraphs)


def _paragraph(pick: Picker, size: int) -> str:
    sentences = []
    while size > 0:
        length = min(size, pick.between(5, 18))
        size -= length
        sentences.append(_sentence(pick, length))
    return " ".join(sentences)


def _sentence(pick: Picker, length: int) -> str:
    words = [pick.choice(WORDS) for _ in range(length)]
    words[0] = words[0].capitalize()
    return " ".join(words) + str(pick.choice((".", ".", ".", "?", "!")))


def _decorated(pick: Picker, number: int) -> tuple[str, ...]:
    """Make one line of each kind of Markdown; all are drawn, so that one choice moves no other."""
    report, other = "https://example.org/report", f"https://example.net/{number}"
    return (
        f"**{_sentence(pick, 4)}**",
        f"See [the {pick.choice(WORDS)} report]({report}/{number}?a=1&b=2).",
        f"> {_sentence(pick, 12)}",
        "\n".join(f"- {_sentence(pick, 6)}" for _ in range(3)),
        f"It is *not* `{pick.choice(WORDS)}_{number}` but {other} that counts.",
    )


def lines(count: int, seed: int = 1) -> Iterator[str]:
    """Make a thread as JSON Lines, which `flask transfer import jsonl` reads."""
    for comment in thread(count, seed):
        yield json.dumps(comment, ensure_ascii=False)


def main() -> None:
    """Print a thread."""
    parser = argparse.ArgumentParser(description="Print a thread of made-up comments.")
    parser.add_argument("count", type=int, help="how many comments")
    parser.add_argument("--seed", type=int, default=1, help="another one gives another thread")
    given = parser.parse_args()
    for line in lines(given.count, given.seed):
        print(line)


if __name__ == "__main__":
    main()
