"""What is done with letters: adding, publishing, ticking the clock."""

import re
import unicodedata

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from sqlalchemy.orm.attributes import set_committed_value

from discuss.base import clock, pagecache
from discuss.base.db import connection, session
from discuss.letters import queries
from discuss.letters.errors import NotPrintable, SlugTaken
from discuss.letters.events import letter_added
from discuss.letters.models import Letter, Paragraph, State, Tag
from discuss.letters.parsing.parsed import ParsedLetter

LONGEST_SLUG = 80  # characters; longer addresses break in e-mails
_TICK = (
    sa.update(Letter)
    .where(Letter.id == sa.bindparam("letter"))
    .values(
        clock=Letter.clock + 1,
        comment_count=Letter.comment_count + sa.bindparam("comments", type_=sa.Integer),
    )
    .returning(
        Letter.clock,
        Letter.comment_count,
        Letter.due,
        Letter.state,
        Letter.policy,
        Letter.locked_at,
        Letter.closes_at,
    )
)


def tick(letter: Letter, *, comments: int = 0) -> int:
    """Count one visible change; until the end of the transaction the letter's row is ours.

    :param letter: what changed; what others may decide about it is that of the row afterwards.
    :param comments: how many more comments readers can see with this change.
    :returns: the clock's new value, which no other change has.
    """
    row = connection().execute(_TICK, {"letter": letter.id, "comments": comments}).one()
    for name, value in row._mapping.items():
        if getattr(letter, name) != value:
            set_committed_value(letter, name, value)
    return letter.clock


def add(parsed: ParsedLetter, *, publish: bool = False) -> Letter:
    """Make a letter of what was read from a file.

    :param parsed: what the parser recognised.
    :param publish: put it online at once.
    :raises NotPrintable: it has no headline or no author.
    :raises SlugTaken: another letter has its address.
    """
    if not parsed.headline:
        raise NotPrintable(_("The letter has no headline. Give it one with --title."))
    slug = parsed.slug or slug_of(parsed.headline)
    if queries.by_slug(slug) is not None:
        raise SlugTaken(
            _("There is a letter at /letters/%(slug)s. Give another with --slug.", slug=slug)
        )
    letter = Letter(
        slug=slug,
        headline=parsed.headline,
        author=parsed.author or parsed.signature.name or str(_("Author unknown")),
        role=parsed.role or parsed.signature.role or "",
        addressee=parsed.addressee or "",
        sent_on=parsed.sent.on if parsed.sent else None,
        precision=parsed.sent.precision if parsed.sent else None,
        introduction=list(parsed.introduction),
        closing=parsed.signature.closing or "",
        signed_name=parsed.signature.name or "",
        signed_role=parsed.signature.role or "",
        postscript=[part.text for part in parsed.postscript],
        image_caption=parsed.image_caption or "",
        language=parsed.language or "en-GB",
        source=parsed.source or "",
        set_aside=[{"text": left.text, "why": str(left.why)} for left in parsed.set_aside],
        clock=0,
        comment_count=0,
        paragraphs=[
            Paragraph(number=n, position=n, text=part.text, lost_links=list(part.lost_links))
            for n, part in enumerate(parsed.paragraphs, start=1)
        ],
        tags=tags_of(parsed),
    )
    session.add(letter)
    session.flush()
    letter_added.send(letter)
    if publish:
        put_online(letter)
    return letter


def put_online(letter: Letter) -> None:
    """Publish a letter; every list that shows it is stale from here on."""
    letter.state = State.PUBLISHED
    letter.published_at = letter.published_at or clock.now()
    tick(letter)
    pagecache.tick("letters")


def tags_of(parsed: ParsedLetter) -> list[Tag]:
    """Return a letter's tags: those given, then the hashtags in its own words."""
    found: dict[str, Tag] = {}
    given = [(label, False) for label in parsed.tags] + [(tag, True) for tag in parsed.hashtags]
    for position, (label, in_text) in enumerate(given):
        key = tag_key(label)
        if key and key not in found:
            found[key] = Tag(key=key, label=label, position=position, in_text=in_text)
    return list(found.values())


def tag_key(label: str) -> str:
    """Return the form of a tag that addresses carry: small letters, hyphens for blanks."""
    return re.sub(r"\s+", "-", label.strip().lstrip("#").casefold())[:80]


def slug_of(headline: str) -> str:
    """Return an address made of a headline: ASCII where it can be, cut at a word."""
    plain = unicodedata.normalize("NFKD", headline).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    slug = ""
    for word in words:
        if len(slug) + len(word) >= LONGEST_SLUG:
            break
        slug = f"{slug}-{word}" if slug else word
    return slug or f"letter-{clock.now():%Y%m%d%H%M%S}"
