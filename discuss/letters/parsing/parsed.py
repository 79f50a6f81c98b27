"""What the letter parser hands over: a letter in its parts, and all that was set aside.

Only values, their limits and the one refusal live here; the reading is done by the modules beside.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flask_babel import lazy_gettext as _

MAX_BYTES = 1_000_000  # De Profundis has 280 KB; more than this is a book or another kind of file
MAX_MAIL_BYTES = 10_000_000  # an e-mail carries its pictures along; only its text becomes a letter
MAX_PARAGRAPHS = 2_000  # each gets an anchor and a pin on one page
MAX_LINE = {  # characters of what is printed on one line, in the letter's head or in a list
    "headline": 200,
    "slug": 80,  # longer addresses break in e-mails
    "author": 120,
    "role": 200,
    "addressee": 200,
    "language": 35,  # the longest tag BCP 47 asks software to take (RFC 5646, section 4.4.1)
    "source": 500,
    "image_caption": 300,
}
MAX_TAGS = 20  # they stand in a row under the letter
MAX_TAG = 60  # a tag is a button


class NotALetter(ValueError):
    """The file or its facts cannot become a letter; the message says why and what to do."""

    @property
    def message(self) -> str:
        """What to tell the person who added the file, in their language."""
        return str(self.args[0])


class Precision(StrEnum):
    """How much of a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True)
class SentDate:
    """When a letter was sent; the parts that are not known are the first of their kind."""

    on: date
    precision: Precision = Precision.DAY

    def __str__(self) -> str:
        length = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}[self.precision]
        return self.on.isoformat()[:length]


class Leftover(StrEnum):
    """Why some words of the file are not part of the letter."""

    DATE = "date"
    IMAGE = "image"
    REPLY_FORM = "reply form"
    PAGE = "page"
    FRONT_MATTER = "front matter"
    HEADLINE = "headline"
    INTRODUCTION = "introduction"
    HEADER = "header"
    ADDRESS = "address"
    QUOTATION = "quotation"
    FOOTER = "footer"
    ATTACHMENT = "attachment"


REASONS = {
    Leftover.DATE: _("The date, kept as a date"),
    Leftover.IMAGE: _("What is left of a picture"),
    Leftover.REPLY_FORM: _("The reply form of the old page"),
    Leftover.PAGE: _("Words of the old page around the letter"),
    Leftover.FRONT_MATTER: _("A line of the front matter that no letter has"),
    Leftover.HEADLINE: _("Another headline"),
    Leftover.INTRODUCTION: _("Another introduction"),
    Leftover.HEADER: _("A line of the e-mail’s head that could not be used"),
    Leftover.ADDRESS: _("An e-mail address, never published"),
    Leftover.QUOTATION: _("An earlier message, quoted"),
    Leftover.FOOTER: _("The e-mail’s footer"),
    Leftover.ATTACHMENT: _("Another part of the e-mail"),
}


@dataclass(frozen=True)
class SetAside:
    """Words of the file that are not published, and why."""

    text: str
    why: Leftover

    @property
    def reason(self) -> str:
        """Why, in the reader's language."""
        return str(REASONS[self.why])


@dataclass(frozen=True)
class ParsedParagraph:
    """One paragraph as written, and its phrases that once were links."""

    text: str
    lost_links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Signature:
    """How the letter ends; several lines of one part are kept apart by newlines."""

    closing: str | None = None
    name: str | None = None
    role: str | None = None


UNSIGNED = Signature()


@dataclass(frozen=True)
class ParsedLetter:
    """A letter in its parts: the words as written, nothing added and nothing mended.

    ``postscript`` is what the author wrote below the signature (P.S., footnotes). ``hashtags``
    have no ``#``. ``set_aside`` lists everything else that the file held.
    """

    paragraphs: tuple[ParsedParagraph, ...]
    headline: str | None = None
    slug: str | None = None
    author: str | None = None
    role: str | None = None
    addressee: str | None = None
    sent: SentDate | None = None
    introduction: tuple[str, ...] = ()
    signature: Signature = UNSIGNED
    postscript: tuple[ParsedParagraph, ...] = ()
    tags: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    image_caption: str | None = None
    language: str | None = None
    source: str | None = None
    set_aside: tuple[SetAside, ...] = ()
