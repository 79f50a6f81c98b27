"""The screen that asks the rules about every new comment; registered with `comments.screening`."""

from discuss.accounts.models import Account
from discuss.comments.forms import Remark
from discuss.comments.models import LONGEST_REASON
from discuss.comments.screening import Asked
from discuss.letters.models import Letter
from discuss.moderation import scope
from discuss.moderation.rules import book
from discuss.moderation.rules.explain import Ready, explanation
from discuss.moderation.rules.facts import Facts
from discuss.moderation.rules.models import Kind


def held_by_rules(letter: Letter, author: Account, remark: Remark, asked: Asked) -> str | None:
    """Return a line for each rule that wants a comment read first; the letter's moderators pass."""
    if scope.moderates(author, letter.id):
        return None
    rules = [
        rule
        for rule in book.rules_of(letter.id, asked.rules_stamp)
        if rule.kind is not Kind.REPORTS
    ]
    return told(lines(rules, Facts.of(letter, author, remark))) if rules else None


def lines(rules: list[Ready], facts: Facts) -> list[str]:
    """Return what the rules say of a comment, each thing once."""
    found = (explanation(rule, facts) for rule in rules)
    return list(dict.fromkeys(line for line in found if line))


def told(found: list[str]) -> str | None:
    """Return lines as a held comment keeps them: whole ones, as many as fit."""
    kept = ""
    for line in found:
        if len(kept) + len(line) + 1 > LONGEST_REASON:
            break
        kept = f"{kept}\n{line}" if kept else line
    return kept or None
