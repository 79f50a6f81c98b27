"""The turns of phrase by which the parts of a letter are known; data for the other readers.

Every pattern is applied to one line, or has only bounded repetitions, so that reading is linear.
"""

import re


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.VERBOSE)


SENTENCE_END = re.compile(r"""[.!?:;…][”’"')\]*_]{0,4}$""")
NAME_END = re.compile(r"\b(?:[A-Z]|Jr|Sr|Esq|[A-Za-z]\.[A-Za-z])\.$")
PARTICLES = frozenset(
    ("of", "and", "the", "for", "on", "de", "da", "di", "du", "del", "van", "von")
)
PARTICLES |= frozenset(("der", "den", "la", "le", "y", "&", "al", "bin"))

SALUTATION = _pattern(
    r"""(?: dear | to | hi | hello | hey | friends | comrades | colleagues | fellow | sirs? | madam
    | my \s (?:dear|fellow|friends) | ladies | brothers | sisters | m(?:r|rs|s)\.? ) \b"""
)
CLOSING = _pattern(
    r"""(?:
      yours? | sincerely | faithfully | respectfully | fraternally | cordially | warmly | truly
    | (?: with \s )? (?: my \s | our \s )? (?: all \s | very \s | many \s )?
      (?: good | best | kind | warm | kindest | warmest ) \s (?: wishes | regards )
    | (?: with \s )? regards | best | all \s the \s best | cheers | gratefully | love
    | thanks | thank \s you | many \s thanks
    | with \s (?: love | thanks | gratitude | respect | solidarity | hope | warm | kind | every
      | all | sincere | deep )
    | in \s (?: solidarity | peace | hope | friendship | unity | faith | love | comradeship
      | gratitude )
    | solidarity | i \s (?: remain | am,\s | have\sthe\shono ) | signed | onwards? | farewell
    | (?: mit \s )? (?: freundliche[nr]? | herzliche[nr]? ) \s grüßen?
    | cordialement | saludos | atentamente | cordiali\ssaluti | met\svriendelijke\sgroet
    ) \b [^.!?;:]{0,60} [,.!–—-]?"""
)
THANKS = _pattern(r"(?: many \s )? thank")
INVITATION = _pattern(r"(?: the | thanks? | join | vote | let | we | our | please | read | no) \b")
NOTE = _pattern(
    r"""(?: p\.? \s? (?: p\.? \s? )? s\b | n\.? \s? b\b
    | [\[(]? [a-z]? \d{1,2} (?: [\])] [.:]? | [.:] ) \s | [*†‡] )"""
)
PAGE = _pattern(
    r"""(?: share\sthis | like\sthis | related | filed\sunder | posted\sin | tagged | loading
      | advertisements? | sent\sfrom\smy ) \b .{0,80}
    | \d{1,6} \s (?: comments? | responses? | replies | thoughts? ) (?: \s (?:on|to) \s .{1,80} )?
    | comments? \s are \s closed \.?"""
)
REPLY_FORM = _pattern(
    r"""\#{0,6} \s? (?: leave | post | write | add ) \s (?: a | your ) \s
    (?: reply | comment | response ) (?: \s to \s .{1,80} )?
    \s? (?: cancel \s (?: reply | comment ) )? [.:!]?"""
)

_TEXT = r"(?: text | letter | e-?mail | message | statement | speech )"
FULL_TEXT = _pattern(
    rf"""\b (?:
      (?: below | here | this | following ) \s (?: is | are | follows ) \s (?: the | her | his )
      \s (?: full | complete | whole | entire ) \s {_TEXT}
    | (?: below | here | following ) \s is \s (?: the | her | his ) \s {_TEXT} \b
    | the \s (?: full | complete | whole | entire ) \s {_TEXT} \b .{{0,80}} \b
      (?: follows | below | reads | in \s full )
    | read \s (?: the | her | his ) \s (?: full \s | whole \s )? {_TEXT} \b .{{0,60}} \b
      (?: below | in \s full )
    | {_TEXT} \b .{{0,60}} \b (?: in \s full | reads | reads \s in \s full | reads \s as \s follows
      | follows ) \s? [.:]? $
    )"""
)
FIRST_PERSON = re.compile(r"\b(?:I|me|my|mine)\b")
QUOTED = re.compile(r"“[^“”]*”|\"[^\"]*\"")
ROLE = _pattern(
    r"""\b (?: leader | minister | secretary | chancellor | president | chair (?:man|woman|person)?
    | director | bishop | archbishop | mayor | editor | professor | senator | governor | general
    | spokes(?:man|woman|person) | founder | co-?ordinator | councillor | member | mp | author
    | whip | premier | speaker | judge | head | chief | officer | organiser | activist ) \b"""
)

LOST_LINK = _pattern(
    r"""\b (?: click \s (?:on \s)? (?: here | below | (?:this|the) \s (?:link|button) )
    | (?:sign|join|donate|register|apply|subscribe|rsvp|read|find|see|follow)
      (?: \s (?:up|in|more|on|out) )? \s here
    | (?:follow|use|via|through) \s this \s link | tap \s here ) \b"""
)
WRITTEN_LINK = _pattern(r"(?: https?:// | www\. | \]\( )")

IMAGE_FILE = _pattern(r"[^\s/]{1,120} \.(?: jpe?g | png | gif | webp | svg | tiff? | heic )")
IMAGE_MARK = _pattern(r"\[ (?: image | inline\simage | cid | photo | picture ) \b [^\]]{0,200} \]")
IMAGE_NAME = re.compile(  # "momentum 1", "conference-rally-2": what a page shows for a lost picture
    r"(?!(?:part|chapter|letter|no|number|volume|page|section|article|day|week)\b)"
    r"[a-z][a-z0-9]{0,40}(?:[ _-][a-z][a-z0-9]{0,40})?(?:[_-][a-z0-9]{1,40}){0,6}[ _-]?\d{1,3}"
)
FUSED_IMAGE_NAME = re.compile(r"(?<=[A-Z]{2})[a-z]{3,40}(?:[ _-][a-z]{1,40}){0,3}[ _-]?\d{1,3}$")
IMAGE_CAPTION = _pattern(
    r"(?: photo | photograph | picture | image ) (?: \s by | \s credit )? \s? : \s (.{1,200})"
)
MARKDOWN_IMAGE = re.compile(
    r"!\[([^\]\n]{0,300})\]\((?:[^)\s]{0,1000})(?:\s+[\"“']([^\"”'\n]{0,300})[\"”'])?\s*\)"
)
