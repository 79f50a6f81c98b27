"""The letters, for programs."""

from typing import Any

from flask import Response, request

from discuss.api import paging, queries, schemas
from discuss.api.calls import calls
from discuss.api.paging import LetterPlace
from discuss.base import pagecache
from discuss.base.config import settings
from discuss.comments.queries import takes_comments
from discuss.letters import queries as letters
from discuss.letters.models import Letter
from discuss.letters.parsing.parsed import SentDate

blueprint = calls("letters", "/letters")


@blueprint.get("")
def listed() -> Response:
    """List the published letters."""
    limit, after = paging.limit(request.args), paging.letter_place(request.args)
    found = queries.letters(after, limit + 1)
    page, last = found[:limit], found[limit - 1 : limit]
    goes_on = len(found) > limit
    answer = schemas.Letters(
        letters=[schemas.LetterSummary(**summary(letter)) for letter in page],
        next=str(LetterPlace(last[0].sent_on, last[0].id)) if goes_on else None,
    )
    response = Response(answer.model_dump_json(), mimetype="application/json")
    response.headers["Cache-Control"] = "public, no-cache"
    response.add_etag()  # of the answer itself: no one clock counts what it shows
    return response.make_conditional(request)  # type: ignore[return-value]  # it returns itself


@blueprint.get("/<slug>")
def one(slug: str) -> Response:
    """Return a letter whole."""
    standing = letters.standing(slug)
    return pagecache.respond(
        f"/api/v1/letters/{slug}",
        standing.stamp,
        lambda: whole(letters.whole(slug)).model_dump_json(),
        "application/json",
    )


def summary(letter: Letter) -> dict[str, Any]:
    """Return what a list tells of a letter."""
    sent = SentDate(letter.sent_on, letter.precision) if letter.sent_on and letter.precision else ""
    return {
        "slug": letter.slug,
        "url": f"{settings().site_url}/letters/{letter.slug}",
        "headline": letter.headline,
        "author": letter.author,
        "role": letter.role,
        "addressee": letter.addressee,
        "sent": str(sent) or None,
        "published_at": letter.published_at or letter.created_at,
        "language": letter.language,
        "tags": [tag.label for tag in letter.tags],
        "comment_count": letter.comment_count,
        "clock": letter.clock,
    }


def whole(letter: Letter) -> schemas.Letter:
    """Return all that readers see of a letter."""
    return schemas.Letter(
        **summary(letter),
        introduction=letter.introduction,
        paragraphs=[
            schemas.Paragraph(number=part.number, text=part.text) for part in letter.paragraphs
        ],
        closing=letter.closing,
        signed_name=letter.signed_name,
        signed_role=letter.signed_role,
        postscript=letter.postscript,
        image_caption=letter.image_caption,
        source=letter.source,
        is_open=takes_comments(letter),
    )
