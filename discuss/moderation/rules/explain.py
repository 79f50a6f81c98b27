"""Whether a rule holds a comment, and the line that says why: told to its author, too."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from discuss.base import later
from discuss.moderation.rules.facts import Facts, Twin, plain_host
from discuss.moderation.rules.matching import Matcher, folded, lines_of, of_patterns, of_words
from discuss.moderation.rules.models import Kind, Rule

SHORTEST_REPEATED = 40  # characters; "I agree" is said by many
_OF_NEW_COMMENTS = {Kind.PACE}  # an edit adds none
_OF_ACCOUNTS = {Kind.FIRST, Kind.PACE, Kind.YOUNG}  # comments from elsewhere have none


@dataclass(frozen=True)
class Ready:
    """A rule compiled, apart from any session: many requests share it."""

    id: int
    letter_id: int | None
    kind: Kind
    number: int
    minutes: int
    trusted_after: int | None
    hosts: frozenset[str]
    matcher: Matcher | None

    @property
    def work(self) -> int:
        """What one character of a comment may cost at most, in steps."""
        return self.matcher.work if self.matcher else 0


def ready(rule: Rule) -> Ready:
    """Compile a rule.

    :raises Invalid: its words or patterns cannot be used.
    """
    lines = lines_of(rule.words)
    matcher = None
    if rule.kind is Kind.WORDS:
        matcher = of_words(lines)
    elif rule.kind is Kind.PATTERNS:
        matcher = of_patterns(lines)
    return Ready(
        id=rule.id or 0,
        letter_id=rule.letter_id,
        kind=rule.kind,
        number=rule.number or 0,
        minutes=rule.minutes or 0,
        trusted_after=rule.trusted_after,
        hosts=frozenset(map(plain_host, lines)) if rule.kind is Kind.HOSTS else frozenset(),
        matcher=matcher,
    )


def explanation(rule: Ready, facts: Facts) -> str | None:
    """Return why a rule wants a comment read first; nothing where it does not.

    The dear question, whether the account is trusted, is asked last.
    """
    if facts.is_edit and rule.kind in _OF_NEW_COMMENTS:
        return None
    if facts.account_id is None and rule.kind in _OF_ACCOUNTS:
        return None
    why = _EXPLANATIONS[rule.kind](rule, facts)
    if why and rule.trusted_after is not None and facts.is_trusted(rule.trusted_after):
        return None
    return why


def _first(rule: Ready, facts: Facts) -> str | None:
    if facts.stood_count >= rule.number:
        return None
    return ngettext(
        "The first comment of an account is read first.",
        "The first %(num)d comments of an account are read first.",
        rule.number,
    )


def _links(rule: Ready, facts: Facts) -> str | None:
    if (count := len(facts.hosts)) <= rule.number:
        return None
    return ngettext("It has %(num)d link.", "It has %(num)d links.", count)


def _hosts(rule: Ready, facts: Facts) -> str | None:
    unknown = next((host for host in facts.hosts if not _is_listed(host, rule.hosts)), None)
    return unknown and _("It links to %(host)s.", host=unknown[:100])


def _is_listed(host: str, listed: frozenset[str]) -> bool:
    """Whether a host is on a list, or a part of one is; `evil-x.org` is no part of `x.org`."""
    labels = host.split(".")
    return any(".".join(labels[start:]) in listed for start in range(len(labels)))


def _words(rule: Ready, facts: Facts) -> str | None:
    found = rule.matcher.find(facts.source, facts.folded) if rule.matcher else None
    return found and _("It says “%(words)s”.", words=found)


def _pace(rule: Ready, facts: Facts) -> str | None:
    since = facts.at - timedelta(minutes=rule.minutes)
    if facts.written_count(since, rule.number) < rule.number:
        return None
    return _(
        "More than %(count)s comments of one account within %(minutes)s minutes.",
        count=rule.number,
        minutes=rule.minutes,
    )


def _repeated(rule: Ready, facts: Facts) -> str | None:
    words = facts.folded
    if len(words) < SHORTEST_REPEATED:
        return None
    share = rule.number / 100
    # Texts whose lengths differ by more than that cannot be so alike.
    shortest, longest = int(len(facts.source) * share * 0.9), int(len(facts.source) / share * 1.1)
    since = facts.at - timedelta(minutes=rule.minutes)
    for twin in facts.twins(since, shortest, longest + 1):
        if _likeness(words, folded(twin.source), share) >= share:
            return _said_before(twin)
    return None


def _likeness(one: str, other: str, least: float) -> float:
    """Return how alike two texts are, 0 to 1; below `least` it may stop early and say 0."""
    if one == other:
        return 1.0
    # rapidfuzz takes 4 MB of each worker, on sites that have such a rule alone.
    found: float = later.load("discuss.moderation.rules.likeness").likeness(one, other, least)
    return found


def _said_before(twin: Twin) -> str:
    if twin.number is None:
        return _("Nearly the same waits for a moderator already.")
    return _(
        "Nearly the same was said before: /letters/%(slug)s/comments/%(number)s.",
        slug=twin.slug,
        number=twin.number,
    )


def _young(rule: Ready, facts: Facts) -> str | None:
    since = facts.account_since
    if since is None or facts.at - since >= timedelta(days=rule.number):
        return None
    return ngettext(
        "The account is less than a day old.",
        "The account is less than %(num)d days old.",
        rule.number,
    )


def _old_letter(rule: Ready, facts: Facts) -> str | None:
    since = facts.letter_since
    if since is None or facts.at - since <= timedelta(days=rule.number):
        return None
    return ngettext(
        "The letter was published more than a day ago.",
        "The letter was published more than %(num)d days ago.",
        rule.number,
    )


def _reports(rule: Ready, facts: Facts) -> str | None:
    if (count := facts.reporters) < rule.number:
        return None
    return ngettext("Reported by one reader.", "Reported by %(num)d readers.", count)


_EXPLANATIONS: dict[Kind, Callable[[Ready, Facts], str | None]] = {
    Kind.FIRST: _first,
    Kind.LINKS: _links,
    Kind.HOSTS: _hosts,
    Kind.WORDS: _words,
    Kind.PATTERNS: _words,
    Kind.PACE: _pace,
    Kind.REPEATED: _repeated,
    Kind.YOUNG: _young,
    Kind.OLD_LETTER: _old_letter,
    Kind.REPORTS: _reports,
}
