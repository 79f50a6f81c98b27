"""Display names: cleaned of what could break a line, and told apart from a moderator's.

Providers and people send hostile text; what is stored here is safe to print as text anywhere.
"""

import unicodedata

import sqlalchemy as sa
from flask_babel import gettext as _

from discuss.accounts.models import LONGEST_NAME, Account, Role
from discuss.base.db import session

LONGEST_READ = 1000  # characters that are looked at; a name of a million costs no more
MARKS_IN_A_ROW = 2  # Vietnamese and Hebrew need two on a letter; twenty climb over the lines above

# Control, format (bidi, zero width, tags), lone surrogates, private use, unassigned
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
# Invisible too, but letters, marks and signs to Unicode: fillers, joiners, variation selectors
BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(code)
    for first, last in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
    for code in range(first, last + 1)
}

# What looks like a Latin letter, after Unicode's confusables.txt: capitals first, whose small
# letters look different, then small ones. i, l and 1 count as one, as 0 and o do.
_CAPITALS = {
    "a": "ΑА", "b": "ΒВ", "c": "С", "e": "ΕЕ", "h": "ΗН", "i": "ΙІ", "j": "Ј", "k": "ΚК", "m": "ΜМ",
    "n": "Ν", "o": "ΟО", "p": "ΡР", "s": "Ѕ", "t": "ΤТ", "x": "ΧХ", "y": "ΥҮ", "z": "Ζ",
}  # fmt: skip
_SMALL = {
    "a": "аαɑ", "c": "с", "d": "ԁđ", "e": "еε", "g": "ɡ", "h": "һհħ", "j": "ј", "k": "кκ",
    "l": "iі1!|ӏιıł", "n": "ηոռ", "o": "оοօ0ø", "p": "рρ", "q": "ԛ", "s": "ѕ", "t": "тτ",
    "u": "υս", "v": "ν", "w": "ԝω", "x": "хχ", "y": "уγү",
}  # fmt: skip
_CAPITAL_SHAPES = str.maketrans({odd: plain for plain, all_ in _CAPITALS.items() for odd in all_})
_SMALL_SHAPES = str.maketrans({odd: plain for plain, all_ in _SMALL.items() for odd in all_})


def cleaned(typed: str) -> str:
    """Return a name that is safe to show, "" when nothing of it can be seen.

    :param typed: whatever a provider or a person sent.
    """
    blank_made = "".join(" " if sign.isspace() else sign for sign in typed[:LONGEST_READ])
    seen = "".join(sign for sign in blank_made if not _is_invisible(sign))
    whole = " ".join(_fewer_marks(unicodedata.normalize("NFC", seen)).split())
    name = whole[:LONGEST_NAME].strip()
    return name if any(map(_says_something, name)) else ""


def given(typed: object, seed: str) -> str:
    """Return the name for a new account: the provider's, or one made up.

    :param typed: what the provider sent.
    :param seed: hexadecimal digits that are always the same for this person.
    """
    name = cleaned(typed) if isinstance(typed, str) else ""
    name = name or _("Reader %(number)s", number=f"{int(seed[:8], 16) % 10_000:04}")
    if not is_like_a_moderators(name):
        return name
    ending = " " + _("(reader)")
    return name[: LONGEST_NAME - len(ending)] + ending


def is_like_a_moderators(name: str, but: Account | None = None) -> bool:
    """Whether a reader could take this name for that of somebody who runs the site.

    :param but: whose own name does not count.
    """
    staff = sa.select(Account.name).where(Account.role != Role.ACCOUNT)
    if but is not None:
        staff = staff.where(Account.id != but.id)
    return skeleton(name) in {skeleton(one) for one in session.scalars(staff)}


def skeleton(name: str) -> str:
    """Return what is left of a name at a glance: equal for names that look alike."""
    capitals = unicodedata.normalize("NFKD", name).translate(_CAPITAL_SHAPES)
    shapes = capitals.casefold().translate(_SMALL_SHAPES)
    bare = "".join(sign for sign in shapes if sign.isalnum())
    return bare.replace("rn", "m").replace("vv", "w") or name


def _is_invisible(sign: str) -> bool:
    return unicodedata.category(sign) in INVISIBLE or sign in BLANKS


def _fewer_marks(name: str) -> str:
    kept, marks = [], 0
    for sign in name:
        marks = marks + 1 if unicodedata.category(sign) in {"Mn", "Me"} else 0
        if marks <= MARKS_IN_A_ROW:
            kept.append(sign)
    return "".join(kept)


def _says_something(sign: str) -> bool:
    return sign.isalnum() or unicodedata.category(sign) == "So"  # emoji are names to some
