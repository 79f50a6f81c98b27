"""Makes worlds: each call gives one valid thing, with whatever it stands on made from nothing."""

import itertools
from dataclasses import dataclass, field
from typing import Any

from discuss.accounts.models import Account, Identity, Role
from discuss.base.db import session
from discuss.comments import actions, submissions, voting
from discuss.comments.forms import Excerpt, Remark
from discuss.comments.models import Comment, HeldComment, Reason
from discuss.letters import actions as letters
from discuss.letters.models import Letter, Policy
from discuss.letters.parsing.parsed import ParsedLetter, ParsedParagraph, Signature
from discuss.moderation import actions as moderation

NAMES = ("Robin", "Morgan", "Pat", "Kim", "Lee", "Jo", "Casey", "Drew", "Ashley", "Frankie")


@dataclass
class Maker:
    """The `make` fixture; what it makes is committed, as a finished request's work is."""

    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def account(self, name: str | None = None, role: Role = Role.ACCOUNT) -> Account:
        """Make somebody who signs in with Google."""
        n = next(self.numbers)
        account = Account(name=name or f"{NAMES[n % len(NAMES)]} {n}", role=role)
        account.identities.append(
            Identity(
                provider="google", issuer="https://id.example", subject=f"s{n}", label=account.name
            )
        )
        session.add(account)
        session.commit()
        return account

    def moderator(self, name: str = "Jordan") -> Account:
        """Make a moderator."""
        return self.account(name, Role.MODERATOR)

    def letter(self, paragraphs: tuple[str, ...] = (), **columns: Any) -> Letter:
        """Make a published letter."""
        n = next(self.numbers)
        texts = paragraphs or (f"On behalf of everybody, letter {n}.", "There is more to do.")
        parsed = ParsedLetter(
            paragraphs=tuple(ParsedParagraph(text) for text in texts),
            headline=columns.pop("headline", f"A letter to everybody, {n}"),
            slug=columns.pop("slug", f"letter-{n}"),
            author="A. N. Author",
            signature=Signature("Yours,", "A. N. Author", None),
            tags=columns.pop("tags", ()),
            hashtags=columns.pop("hashtags", ()),
        )
        letter = letters.add(parsed, publish=columns.pop("publish", True))
        for name, value in columns.items():
            setattr(letter, name, value)
        session.commit()
        return letter

    def remark(self, source: str = "I see.", parent: int = 0, key: str = "") -> Remark:
        """Make something to be said."""
        return Remark(source=source, parent=parent, key=key)

    def comment(
        self,
        letter: Letter | None = None,
        parent: Comment | int = 0,
        author: Account | None = None,
        source: str = "A remark.",
        excerpt: Excerpt | None = None,
    ) -> Comment:
        """Make a comment, of somebody new unless an author is given."""
        number = parent.number if isinstance(parent, Comment) else parent
        remark = Remark(source, number, "", excerpt or Excerpt())
        author = author or self.account()
        comment = actions.post(letter or self.letter(), author, remark)
        assert isinstance(comment, Comment)
        session.commit()
        return comment

    def held(self, letter: Letter | None = None, author: Account | None = None) -> HeldComment:
        """Make a comment that waits for a moderator."""
        author = author or self.account()
        remark = self.remark("Buy something.")
        held = actions.hold(letter or self.letter(), author, remark, "<p>Buy.</p>", "A link.")
        session.commit()
        return held

    def lived_in(self, letter: Letter) -> list[Comment]:
        """Let everything happen in a thread: `[root, reply, removed, deleted, gone]`."""
        author, moderator = self.account(), self.moderator()
        root = self.comment(letter, author=author)
        reply = self.comment(letter, root)
        removed = self.comment(letter, root, source="Nasty.")
        deleted = self.comment(letter, author=author, source="Regretted.")
        gone = self.comment(letter, deleted, author=author)
        self.held(letter)
        voting.vote(letter, self.account(), root.number, 1)
        voting.vote(letter, self.account(), reply.number, -1)
        actions.edit(letter, author, root.number, "Edited.", None)
        moderation.remove(letter, moderator, removed.number, Reason.ATTACK)
        actions.delete(letter, author, gone.number)
        actions.delete(letter, author, deleted.number)
        submissions.once(letter, author, self.remark("With a key.", key="k"), actions.post)
        letter.policy = Policy.BEFORE
        waiting = submissions.once(letter, author, self.remark("Wait.", key="l"), actions.post)
        assert isinstance(waiting, HeldComment)
        actions.withdraw_held(author, waiting)
        session.commit()
        return [root, reply, removed, deleted, gone]
