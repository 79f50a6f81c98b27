"""What calls take and what they answer, as types; openapi.json is made from these.

Only shapes are told here: the words that people type are judged where forms are.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from discuss.base.db import LARGEST_NUMBER
from discuss.comments.models import (
    LONGEST_COMMENT,
    LONGEST_CONTEXT,
    LONGEST_KEY,
    LONGEST_QUOTE,
    Reason,
)
from discuss.moderation.models import LONGEST_NOTE

Number = Annotated[int, Field(ge=0, le=LARGEST_NUMBER)]


class Answer(BaseModel):
    """An answer: every member is always there."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


class Author(Answer):
    """Who wrote a comment."""

    name: str = Field(description="As readers see it; `[deleted]` where nobody is left.")


class Comment(Answer):
    """One comment, or the tombstone in its place."""

    number: Number = Field(description="Its name within its letter, for ever.")
    parent: Number = Field(description="The comment that it answers; 0 is the letter.")
    level: int = Field(description="Steps below the comment asked for; 1 in every flat list.")
    author: Author
    posted_at: datetime
    edited_at: datetime | None
    changed: Number = Field(description="The letter's clock at its last change.")
    html: str = Field(description="Safe HTML; empty in a tombstone.")
    source: str = Field(description="The Markdown as typed; empty in a tombstone.")
    score: int
    reply_count: Number = Field(description="Comments directly under it, tombstones included.")
    state: Literal["visible", "removed", "deleted"]
    more: str | None = Field(
        description="With `top=<number>`, an `after` that leads to its next unseen reply."
    )


class Comments(Answer):
    """A page of comments."""

    comments: list[Comment]
    next: str | None = Field(description="An `after` for the next page; null on the last.")
    clock: Number = Field(description="The letter's clock before this was read: a `since`.")


class HeldComment(Answer):
    """A comment that waits for a moderator; it has no number yet."""

    state: Literal["held"] = "held"
    parent: Number
    author: Author
    posted_at: datetime
    html: str
    source: str
    reason: str = Field(description="Why a moderator reads it first.")


class Paragraph(Answer):
    """A paragraph of a letter, as written."""

    number: Number = Field(description="Its name for ever: `#p<number>` on the letter's page.")
    text: str


class LetterSummary(Answer):
    """A letter in a list."""

    slug: str
    url: str
    headline: str
    author: str
    role: str
    addressee: str
    sent: str | None = Field(description="As exact as it is known: 2016-05-14, 2016-05 or 2016.")
    published_at: datetime
    language: str
    tags: list[str]
    comment_count: Number
    clock: Number = Field(description="Counts every visible change of the letter and its thread.")


class Letter(LetterSummary):
    """A letter, whole."""

    introduction: list[str]
    paragraphs: list[Paragraph]
    closing: str
    signed_name: str
    signed_role: str
    postscript: list[str]
    image_caption: str
    source: str
    is_open: bool = Field(description="Whether its thread takes comments.")


class Letters(Answer):
    """A page of the letters, the newest first."""

    letters: list[LetterSummary]
    next: str | None = Field(description="An `after` for the next page; null on the last.")


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    field: str | None = Field(None, description="The parameter or member that is wrong.")
    reference: str | None = Field(None, description="What our log calls it; mention it to us.")


Words = Annotated[  # judged by comments.forms, which has better messages for people
    str,
    Field(json_schema_extra={"minLength": 1, "maxLength": LONGEST_COMMENT, "pattern": r"\S"}),
]


class Body(BaseModel):
    """What a call takes. Members that it doesn't know have no effect."""

    model_config = ConfigDict(extra="ignore", strict=True)


class NewComment(Body):
    """Something to say under a letter."""

    body: Words = Field(description="Markdown.")
    parent: Number | None = Field(
        None, description="The comment that it answers; 0 or null is the letter."
    )
    key: Annotated[str, Field(max_length=LONGEST_KEY)] | None = Field(
        None, description="Names this one attempt: sent again, it finds the comment that it made."
    )
    passage: Annotated[int, Field(ge=1, le=999_999)] | None = Field(
        None, description="The number of the letter's paragraph that it is about."
    )
    quote: str = Field("", max_length=LONGEST_QUOTE, description="Words of that paragraph.")
    prefix: str = Field("", max_length=LONGEST_CONTEXT, description="What stands before them.")
    suffix: str = Field("", max_length=LONGEST_CONTEXT, description="What stands after them.")


class Edit(Body):
    """New words for one's own comment."""

    body: Words = Field(description="Markdown.")
    changed: Number | None = Field(
        None, description="The comment's `changed` when it was read: 409 if it is another now."
    )


class Removal(Body):
    """Why a moderator removes a comment; an author who deletes their own needs none of it."""

    # Strict types would want the enum itself, which no JSON holds.
    reason: Annotated[Reason, Field(strict=False)] | None = None
    note: str = Field("", max_length=LONGEST_NOTE)
