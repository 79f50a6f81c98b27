"""What a page shows of a thread: the nodes of one walk, and what of them is the reader's own."""

from dataclasses import dataclass, field, replace
from typing import Any

from markupsafe import Markup

from discuss.accounts.models import Account
from discuss.base.security import form_token
from discuss.comments import branches, drafts, queries, submissions
from discuss.comments.models import Draft, HeldComment, State
from discuss.comments.tree import Node, nested
from discuss.comments.walk import LEVELS_SHOWN, Cursor, Sort
from discuss.letters.models import Letter
from discuss.letters.queries import Standing
from discuss.moderation import actions as moderation
from discuss.moderation import scope
from discuss.moderation.houserules.queries import Shown, house_rules
from discuss.moderation.muting import actions as mutes
from discuss.reading.belongings import belongings


@dataclass
class Talk:
    """One page of a thread, ready for a template that only prints."""

    letter: Letter
    sort: Sort
    nodes: list[Node]
    next: Cursor | None
    viewer: Account | None = None
    top: int = 0
    scores: dict[int, int] = field(default_factory=dict)
    """Of comments whose votes wait for their tick."""
    votes: dict[int, int] = field(default_factory=dict)
    held: list[HeldComment] = field(default_factory=list)
    draft: Draft | None = None
    reply_to: int | None = None
    editing: int | None = None
    csrf_token: str = ""
    key: str = ""
    letter_html: Markup | None = None
    ban: Any = None
    """Why the viewer may not comment, and until when; nothing where they may."""
    muted: frozenset[int] = frozenset()
    """The accounts whose comments the viewer has folded."""
    moderates: bool = False
    """Whether the viewer decides about comments here."""
    rules: tuple[Shown, ...] = ()
    """The house rules, for a viewer who has never written here."""

    @property
    def path(self) -> str:
        """The letter's address; everything under it begins with this."""
        return f"/letters/{self.letter.slug}"

    @property
    def is_open(self) -> bool:
        """Whether the thread takes comments."""
        return queries.takes_comments(self.letter)

    @property
    def is_personal(self) -> bool:
        """Whether it shows more of the viewer's than who they are."""
        return any(
            (
                self.scores,
                self.votes,
                self.held,
                self.draft,
                self.reply_to,
                self.editing,
                self.ban,
                self.muted,
            )
        )

    @property
    def is_answerable(self) -> bool:
        """Whether the thread takes comments of this viewer; a banned one is told why not."""
        return self.is_open and not self.ban

    def may_edit(self, row: Any) -> bool:
        """Whether the viewer may still change a comment."""
        return not self.ban and queries.may_edit(row, self.viewer)

    def is_own(self, row: Any) -> bool:
        """Whether the viewer wrote a comment."""
        return self.viewer is not None and row.account_id == self.viewer.id


def of_letter(letter: Letter, sort: Sort, after: Cursor | None) -> Talk:
    """Return a page of a letter's whole thread, as it is for every reader."""
    page = queries.page(letter.id, 0, sort, after)
    nodes = nested(page.rows, 0, sort)
    mark_locked(letter, nodes, is_locked=False)
    return Talk(letter, sort, nodes, page.next)


def under(letter: Letter, row: Any, sort: Sort, after: Cursor | None) -> Talk:
    """Return a comment with a page of what stands under it, as it is for every reader."""
    page = queries.page(letter.id, row.number, sort, after, levels=LEVELS_SHOWN - 1, limit=99)
    nodes = nested([row, *page.rows], row.parent, sort)
    mark_locked(letter, nodes, is_locked=branches.is_in_locked_branch(letter.id, row.number))
    nodes[0].unseen = None  # "Load more" below says it for the comment whose page this is
    return Talk(letter, sort, nodes, page.next, top=row.number)


def mark_locked(letter: Letter, nodes: list[Node], *, is_locked: bool) -> None:
    """Note which comments take no reply, for a moderator has locked their branch.

    :param nodes: in reading order.
    :param is_locked: whether the first of them is in a locked branch, by what stands above it.
    """
    locks = branches.locks_of(letter.id)
    closed = {nodes[0].row.number} if nodes and is_locked else set[int]()
    for node in nodes if locks else ():
        node.locks = node.row.number in locks
        if node.locks or node.row.parent in closed:
            closed.add(node.row.number)
        node.is_locked = node.row.number in closed


def shown_to(viewer: Account | None, shared: Talk, standing: Standing) -> Talk:
    """Return a page with what only this viewer sees of it.

    :param viewer: nobody gets what everybody gets.
    :param shared: the page, which stays as it is.
    :param standing: the letter's; while votes wait for their tick, a voter sees them already.
    """
    talk = replace(shared, viewer=viewer)
    if viewer is None:
        return talk
    numbers = [node.row.number for node in talk.nodes if node.row.state is State.VISIBLE]
    if standing.is_due:
        talk.scores = newer_scores(talk, numbers)
        talk.nodes = [
            replace(node, score=talk.scores.get(node.row.number, node.score)) for node in talk.nodes
        ]
    own = belongings(viewer, talk.letter.id)
    talk.ban = moderation.standing_ban(viewer.id) if own.is_banned else None
    talk.muted = mutes.muted_by(viewer) if own.has_muted else frozenset()
    talk.moderates = scope.moderates(viewer, talk.letter.id)
    talk.votes = queries.votes_of(viewer, talk.letter.id, numbers) if own.has_voted else {}
    talk.held = queries.held_of(viewer, talk.letter.id) if own.has_waiting else []
    talk.draft = drafts.waiting(talk.letter, talk.top)
    talk.csrf_token = form_token()
    talk.rules = () if own.has_written else house_rules(standing.epoch)
    talk.key = submissions.page_key(talk.letter)
    return talk


def newer_scores(talk: Talk, numbers: list[int]) -> dict[int, int]:
    """Return the scores of these comments that are no longer what the page shows."""
    shown = {node.row.number: node.score for node in talk.nodes}
    scores = queries.scores_of(talk.letter.id, numbers)
    return {number: score for number, score in scores.items() if score != shown[number]}
