"""An e-mail to a letter's text and facts; addresses, attachments and quotations are set aside.

Its envelope (Received, Message-ID and the like) is no part of what was written.
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from email import policy
from email.headerregistry import AddressHeader, DateHeader
from email.message import EmailMessage, Message
from email.parser import BytesParser

from flask_babel import lazy_gettext as _

from discuss.letters.parsing import dates, decoding, mailtext
from discuss.letters.parsing.parsed import (
    MAX_BYTES,
    MAX_LINE,
    MAX_MAIL_BYTES,
    Leftover,
    NotALetter,
    SetAside,
)

MAX_HEADER = 10_000  # characters; the standard library reads long heads in quadratic time
MAX_PARTS = 200  # a letter with more attachments is a parcel
_MAX_BOUNDARIES = 5_000  # lines that may part it; its text and its patches may have some too
_HEADS = frozenset(("from", "subject", "date", "to", "received", "message-id", "content-type"))
_PREFIXES = ("re:", "fwd:", "fw:", "aw:", "wg:", "tr:", "sv:", "rv:")
_NOT_ENCODINGS = frozenset(("punycode", "idna", "unicode-escape", "raw-unicode-escape"))


class _Policy(policy.EmailPolicy):
    """The library's own policy, but a header beyond all measure reads as empty."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return super().header_fetch_parse(name, value if len(value) <= MAX_HEADER else "")


@dataclass
class Mail:
    """What an e-mail says: its text, what its head tells, and what was set aside."""

    text: str
    facts: dict[str, object]
    set_aside: list[SetAside]


def read(data: bytes) -> Mail:
    """Read one e-mail as mail programs save it.

    :raises NotALetter: no e-mail, a broken one, or one without a text that can be read.
    """
    decoding.refuse_size(data, MAX_MAIL_BYTES)
    try:
        return _read(data)
    except NotALetter:
        raise
    except Exception as error:  # the standard library's reader raises anything on a broken head
        raise NotALetter(
            _("The e-mail is broken and cannot be read. Save its text as plain text and add that.")
        ) from error


def _read(data: bytes) -> Mail:
    if data.count(b"\n--") > _MAX_BOUNDARIES:
        raise _too_many_parts()
    message = BytesParser(EmailMessage, policy=_Policy()).parsebytes(data)
    if not _HEADS & {name.lower() for name in message.keys()}:  # noqa: SIM118 # a Message is no dict
        raise NotALetter(_("The file is not an e-mail. If it holds plain text, name it .txt."))
    mail = Mail("", {}, [])
    _read_head(message, mail)
    mail.text = decoding.tidied(mailtext.without_quotations(_body(message, mail), mail.set_aside))
    return mail


def _read_head(message: Message, mail: Mail) -> None:
    headline = _headline(_text(message, "Subject", mail), mail)
    facts = {
        "headline": headline,
        "author": _names(message, "From", mail),
        "addressee": _names(message, "To", mail),
        "sent": _sent_on(message, mail),
        "language": _language(_text(message, "Content-Language", mail)),
    }
    mail.facts = {name: value for name, value in facts.items() if value}


def _header(message: Message, name: str, mail: Mail) -> object:
    """Return a header as the standard library reads it, None where it is missing or unreadable."""
    raw = next(
        (str(value) for key, value in message.raw_items() if key.lower() == name.lower()), ""
    )
    if not raw.strip():
        return None
    try:
        if len(raw) <= MAX_HEADER:
            header = policy.default.header_factory(name, "".join(raw.splitlines()))
            if "\ufffd" not in str(header):  # the library's sign for what it could not decode
                return header
    except Exception:  # noqa: S110 # see read(); the header is set aside below
        pass
    shown = raw[:500].encode("utf-8", "replace").decode()
    mail.set_aside.append(SetAside(f"{name}: {shown}", Leftover.HEADER))
    return None


def _text(message: Message, name: str, mail: Mail) -> str:
    return " ".join(str(_header(message, name, mail) or "").split())


def _headline(subject: str, mail: Mail) -> str | None:
    """Return the subject without the marks of replies and forwards."""
    headline = subject
    while headline.lower().startswith(_PREFIXES):
        headline = headline.partition(":")[2].strip()
    marks = subject[: len(subject) - len(headline)].strip()
    if len(headline) > MAX_LINE["headline"]:
        marks, headline = subject, ""
    if marks:
        mail.set_aside.append(SetAside(marks, Leftover.HEADER))
    return headline or None


def _names(message: Message, name: str, mail: Mail) -> str | None:
    """Return the names of a list of people; their addresses are set aside."""
    header = _header(message, name, mail)
    if not isinstance(header, AddressHeader):
        return None
    names: list[str] = []
    for group in header.groups:
        if group.display_name and not group.display_name.lower().startswith("undisclosed"):
            names.append(group.display_name)
        for person in group.addresses:
            address = SetAside(person.addr_spec, Leftover.ADDRESS)
            if address not in mail.set_aside:
                mail.set_aside.append(address)
            if person.display_name and not group.display_name:
                names.append(person.display_name)
    shown = ", ".join(" ".join(part.split()) for part in names if "@" not in part)
    limit = MAX_LINE["author" if name == "From" else "addressee"]
    if len(shown) > limit:
        mail.set_aside.append(SetAside(shown, Leftover.HEADER))
        return None
    return shown or None


def _sent_on(message: Message, mail: Mail) -> date | None:
    """Return the day on which it was sent, where its author was."""
    header = _header(message, "Date", mail)
    if not isinstance(header, DateHeader):
        return None
    if header.datetime and dates.FIRST_YEAR <= header.datetime.year <= dates.LAST_YEAR:
        return header.datetime.date()
    mail.set_aside.append(SetAside(f"Date: {header}", Leftover.HEADER))
    return None


def _language(text: str) -> str | None:
    first = text.split(",")[0].strip()
    return first if 0 < len(first) <= MAX_LINE["language"] else None


def _body(message: Message, mail: Mail) -> str:
    """Return the text that the letter is: the first plain one, else the first in HTML."""
    texts: dict[str, tuple[Message, str]] = {}
    others: list[SetAside] = []
    for part in _leaves(message):
        kind = part.get_content_type()
        kind = "text/plain" if kind.startswith("multipart/") else kind  # one without its parts
        named = part.get_filename() if part is not message else None
        if kind in ("text/plain", "text/html") and not named and _is_inline(part):
            text = _decoded(part)
            if not text.strip():
                continue
            if kind not in texts:
                texts[kind] = (part, text)
                continue
            others.append(SetAside(text.strip(), Leftover.ATTACHMENT))
        else:
            others.append(SetAside(" ".join(str(named or kind).split()), Leftover.ATTACHMENT))
    kind = "text/plain" if "text/plain" in texts else "text/html"
    if kind not in texts:
        raise NotALetter(_("The e-mail holds no text. Choose the one that holds the letter."))
    if len(texts) > 1:
        others.insert(0, SetAside("text/html", Leftover.ATTACHMENT))
    mail.set_aside.extend(others)
    part, text = texts[kind]
    if kind == "text/html":
        return mailtext.from_html(text)
    return mailtext.unflowed(text, part) if part.get_param("format") == "flowed" else text


def _leaves(message: Message) -> Iterator[Message]:
    """Walk the parts that hold no others; a message inside is one part."""
    waiting: list[Message] = [message]
    for _count in range(MAX_PARTS):
        if not waiting:
            return
        part = waiting.pop()
        inside = part.get_payload() if part.is_multipart() else None
        if part.get_content_maintype() == "multipart" and isinstance(inside, list):
            waiting.extend(inner for inner in reversed(inside) if isinstance(inner, Message))
        else:
            yield part
    raise _too_many_parts()


def _too_many_parts() -> NotALetter:
    return NotALetter(
        _("The e-mail has more than %(limit)s parts. Save its text and add that.", limit=MAX_PARTS)
    )


def _is_inline(part: Message) -> bool:
    return str(part.get("Content-Disposition", "inline")).strip().lower()[:6] == "inline"


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    if len(payload) > MAX_BYTES:
        decoding.refuse_size(payload, MAX_BYTES)
    if any(
        "Base64" in type(defect).__name__ and "Padding" not in type(defect).__name__
        for defect in part.defects
    ):
        raise NotALetter(_("The e-mail’s text is damaged. Save it again from the mail program."))
    for encoding in (_encoding(part), "utf-8"):  # many programs declare nothing, and send UTF-8
        try:
            return payload.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    raise NotALetter(
        _("The e-mail’s text is not in the encoding it declares. Save it as UTF-8 and add that.")
    )


def _encoding(part: Message) -> str:
    """Return the encoding that a part declares, UTF-8 for none and for what is no encoding."""
    try:
        name = codecs.lookup(str(part.get_content_charset() or "utf-8")).name
    except LookupError:
        return "utf-8"
    return "utf-8" if name in _NOT_ENCODINGS else name
