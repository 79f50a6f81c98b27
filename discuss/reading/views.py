"""The public pages: the list of letters, a letter with its thread, a comment in its context."""

from collections.abc import Callable
from typing import Any

import flask
from flask import Blueprint, Flask, render_template, request
from werkzeug import Response

from discuss.accounts.login import current_account
from discuss.accounts.models import initial_of, tint_of
from discuss.base import pagecache, rendering
from discuss.base.errors import NotFound
from discuss.base.security import is_signed_in
from discuss.comments import queries as comments
from discuss.comments.errors import TooLateToEdit
from discuss.comments.views import NOTICE
from discuss.comments.walk import Cursor, Sort
from discuss.letters import actions as letter_actions
from discuss.letters import queries as letters
from discuss.letters.models import Letter
from discuss.letters.parsing.parsed import Precision
from discuss.reading import patterns, shared
from discuss.reading import talk as talks

blueprint = Blueprint("reading", __name__)
_KNOWN = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}  # of 2016-05-14
MOST_PAGES = 10_000  # of the list; beyond it an address is a guess
WORDS_A_MINUTE = 230  # silent reading of English prose (Brysbaert 2019: 238)


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)
    app.add_template_filter(rendering.stored_html, "stored")
    app.add_template_filter(
        lambda html, length: rendering.plain_excerpt(rendering.stored_html(html), length), "gist"
    )
    app.add_template_filter(sent, "sent")
    app.add_template_global(lambda row: tint_of(row.account_id or row.number), "tint")
    app.add_template_global(initial_of, "initial")
    app.add_template_global(reading_minutes)


@blueprint.get("/")
@pagecache.public("tag", "page")
def index() -> Response:
    """List the letters, newest first."""
    tag = request.args.get("tag") or None
    page = request.args.get("page", 1, type=int)
    if not 1 <= page <= MOST_PAGES or (tag and len(tag) > 80):
        raise NotFound
    key = letter_actions.tag_key(tag) if tag else None

    def render() -> str:
        found, has_more = letters.listed(key, page)
        label = letters.tag_label(key) if key else None
        if (key and label is None) or (page > 1 and not found):
            raise NotFound
        return render_template(
            "reading/index.html",
            letters=found,
            tags=letters.tags(),
            tag=label,
            page=page,
            has_more=has_more,
        )

    if is_signed_in():
        return flask.make_response(render())
    return pagecache.respond(f"/?{key or ''}&{page}", pagecache.read(letters.ACTIVITY), render)


@blueprint.get("/letters/<slug>")
@pagecache.public("sort", "after", "passage")
def letter(slug: str) -> Response:
    """Show a letter and a page of its thread."""
    sort = sort_here()
    after = Cursor.parse(sort, request.args.get("after"))
    passage = request.args.get("passage", "")

    def render(standing: letters.Standing) -> str:
        page = shared.of_letter(standing, slug, sort, after)
        talk = talks.shown_to(current_account(), page, standing)
        notice = taken_notice()

        def printed(talk: talks.Talk, **more: Any) -> str:
            return render_template(
                "reading/letter.html",
                letter=page.letter,
                talk=talk,
                passage=passage,
                notice=notice,
                goes_on=after is not None,
                **more,
            )

        if notice or passage or not patterns.fits(talk):
            return printed(talk)
        return patterns.filled((slug, sort, after), standing.stamp.text, talk, printed)

    return answer(slug, f"{sort}&{after or ''}&{passage[:8]}", render)


@blueprint.get("/letters/<slug>/comments/<int:number>")
@pagecache.public("sort", "after", "edit", "reply")
def comment(slug: str, number: int) -> Response:
    """Show a comment in its context, with what stands under it, for ever."""
    sort = sort_here(Sort.OLDEST)
    after = Cursor.parse(sort, request.args.get("after"))
    editing, replying = (request.args.get(name) == "1" for name in ("edit", "reply"))

    def render(standing: letters.Standing) -> str:
        found = letters.published(slug)
        row = comments.row_in_public(found.id, number)
        talk = talks.shown_to(current_account(), talks.under(found, row, sort, after), standing)
        edits = editing and not talk.ban  # else the page says why not
        if edits and not talk.may_edit(row):
            raise TooLateToEdit
        talk.editing = number if edits else None
        talk.reply_to = number if replying or talk.draft else None
        above = comments.ancestors(found.id, number)
        return render_template(
            "reading/comment.html",
            letter=found,
            row=row,
            talk=talk,
            ancestors=above,
            root=root_of(above, row),
            notice=taken_notice(),
            goes_on=after is not None,
        )

    return answer(slug, f"{number}&{sort}&{after or ''}&{editing}&{replying}", render)


@blueprint.get("/letters/<slug>/newer")
@pagecache.public()
def newer(slug: str) -> Response:
    """List the newest comments' numbers: what an open page asks for every few seconds.

    The page counts those that came after it began. So the answer is the same for all of them, and
    is made once for each change: to count here took a statement for nearly every page that asked.
    """
    standing = letters.standing(slug)

    def render() -> str:
        newest = comments.newest_numbers(standing.id)
        return flask.json.dumps({"newest": newest, "url": f"/letters/{slug}?sort=newest#talk"})

    return pagecache.respond(f"/letters/{slug}/newer", standing.stamp, render, "application/json")


def answer(slug: str, variant: str, render: Callable[[letters.Standing], str]) -> Response:
    """Answer with a page of a letter: from the shelf, or rendered for the person who is here."""
    standing = letters.standing(slug)  # the clock is read before the page is rendered
    if is_signed_in():
        return flask.make_response(render(standing))
    key = f"/letters/{slug}?{variant}"
    return pagecache.respond(key, standing.stamp, lambda: render(standing))


def sort_here(default: Sort = Sort.BEST) -> Sort:
    """Return the order that the address asks for; one that does not exist is the usual one."""
    try:
        return Sort(request.args.get("sort", default))
    except ValueError:
        return default


def taken_notice() -> dict[str, str]:
    """Return the line that the last request left for this page, once."""
    if not is_signed_in():
        return {}
    found: dict[str, str] = flask.session.pop(NOTICE, {})
    return found


def root_of(ancestors: list[Any], row: Any) -> int | None:
    """Return the root that a comment stands under, where the nearest nine reach up to it."""
    first = ancestors[0] if ancestors else row
    return first.number if first.parent == 0 else None


def sent(letter: Letter) -> str:
    """Return when a letter was sent, as `<time datetime>` wants it: as precise as we know."""
    if letter.sent_on is None or letter.precision is None:
        return ""
    return letter.sent_on.isoformat()[: _KNOWN[letter.precision]]


def reading_minutes(letter: Letter) -> int:
    """Return how long a letter and its introduction take to read, in minutes, at least one."""
    texts = [*letter.introduction, *(paragraph.text for paragraph in letter.paragraphs)]
    words = sum(len(text.split()) for text in texts)
    return max(1, round(words / WORDS_A_MINUTE))
