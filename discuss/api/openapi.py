"""/api/v1/openapi.json: every call, what it takes, what it answers, and how it refuses."""

import json
from typing import Any

from flask import Response, current_app, request
from pydantic.json_schema import models_json_schema

from discuss.api import paging, schemas
from discuss.api.calls import ROOT, calls
from discuss.base.db import LARGEST_NUMBER
from discuss.comments.models import Reason
from discuss.comments.walk import Sort
from discuss.moderation.models import LONGEST_NOTE

blueprint = calls("openapi")

JSON = "application/json"
PROBLEM = "application/problem+json"
TAKEN = (schemas.NewComment, schemas.Edit, schemas.Removal)
GIVEN = (
    schemas.Letters,
    schemas.Letter,
    schemas.Comments,
    schemas.Comment,
    schemas.HeldComment,
    schemas.Problem,
)
REFUSALS = {
    400: "The body is not a JSON object.",
    401: "The call needs a token, or the token is not known.",
    403: "The token's account may not do this.",
    404: "There is no such letter or comment.",
    409: "Something happened first: the thread is closed, the parent gone, the text changed.",
    410: "The letter was taken down, or the comment deleted by its author.",
    413: "The body is larger than a megabyte.",
    422: "A parameter or a member has a value that it cannot have.",
    429: "Too many comments in a short time; see Retry-After.",
    500: "Something broke on our side; `reference` is what our log calls it.",
    503: "The database does not answer; see Retry-After.",
}
FAULTS = (500, 503)
WRITE_REFUSALS = (400, 401, 403, 404, 409, 410, 413, 422, 429)


@blueprint.get("/openapi.json")
def document() -> Response:
    """Describe the calls (OpenAPI 3.1)."""
    response = Response(json.dumps(described()), mimetype=JSON)
    response.headers["Cache-Control"] = "public, no-cache"
    response.set_etag(current_app.extensions["build"])
    return response.make_conditional(request)  # type: ignore[return-value]  # it returns itself


def described() -> dict[str, Any]:
    """Return the OpenAPI document."""
    modes = [(model, "validation") for model in TAKEN] + [
        (model, "serialization") for model in GIVEN
    ]
    _names, found = models_json_schema(modes, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]  # mypy widens the literals
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Discuss",
            "version": "1",
            "description": "Letters and the conversation beneath them. See docs/api.md.",
        },
        "servers": [{"url": "/"}],
        "paths": paths(),
        "components": {
            "schemas": found["$defs"],
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Made by `flask accounts token ACCOUNT`.",
                }
            },
        },
    }


def paths() -> dict[str, Any]:
    """Return the calls by address."""
    slug, number = path_parameter("slug", {"type": "string"}), path_parameter("number", _NUMBER)
    return {
        f"{ROOT}/openapi.json": {"get": read("This document", "document", None, ())},
        f"{ROOT}/letters": {
            "get": read("The letters, newest first", "letters", "Letters", (422,), *_LIST)
        },
        f"{ROOT}/letters/{{slug}}": {
            "parameters": [slug],
            "get": read("A letter", "letter", "Letter", (404, 410)),
        },
        f"{ROOT}/letters/{{slug}}/comments": {
            "parameters": [slug],
            "get": read(
                "Comments: a page of replies with theirs, or with `since` what changed",
                "comments",
                "Comments",
                (404, 410, 422),
                *_COMMENTS,
            ),
            "post": write(
                "Post a comment",
                "post",
                "NewComment",
                {
                    200: answer("This very submission was known: the same comment.", "Comment"),
                    201: answer("The new comment; Location leads to it.", "Comment"),
                    202: answer("A moderator reads it first.", "HeldComment"),
                },
            ),
        },
        f"{ROOT}/letters/{{slug}}/comments/{{number}}": {
            "parameters": [slug, number],
            "get": read("A comment", "comment", "Comment", (404, 410)),
            "patch": write(
                "Edit one's own comment, within 15 minutes",
                "edit",
                "Edit",
                {200: answer("The comment.", "Comment")},
            ),
            "delete": write(
                "Delete one's own comment; moderators remove others' with a reason",
                "delete",
                "Removal",
                {200: answer("What stands in its place.", "Comment")},
                *_REASON,
                needs_body=False,
            ),
        },
    }


def read(
    summary: str, name: str, schema: str | None, refusals: tuple[int, ...], *parameters: Any
) -> dict[str, Any]:
    """Return a call that everybody may make."""
    return {
        "operationId": name,
        "summary": summary,
        "parameters": list(parameters),
        "responses": {
            "200": answer("What was asked for.", schema),
            "304": {"description": "Nothing changed since the ETag sent in If-None-Match."},
            **refused(*refusals),
        },
    }


def write(
    summary: str,
    name: str,
    takes: str,
    answers: dict[int, Any],
    *parameters: Any,
    needs_body: bool = True,
) -> dict[str, Any]:
    """Return a call that needs a token."""
    return {
        "operationId": name,
        "summary": summary,
        "parameters": list(parameters),
        "security": [{"token": []}],
        "requestBody": {
            "required": needs_body,
            "content": {JSON: {"schema": {"$ref": f"#/components/schemas/{takes}"}}},
        },
        "responses": {
            **{str(status): told for status, told in answers.items()},
            **refused(*WRITE_REFUSALS),
        },
    }


def answer(description: str, schema: str | None) -> dict[str, Any]:
    """Return an answer in JSON."""
    shape = {"$ref": f"#/components/schemas/{schema}"} if schema else {"type": "object"}
    return {"description": description, "content": {JSON: {"schema": shape}}}


def refused(*statuses: int) -> dict[str, Any]:
    """Return refusals, all in one shape."""
    problem = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        str(status): {"description": REFUSALS[status], "content": problem}
        for status in (*statuses, *FAULTS)
    }


def path_parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Return a part of the address."""
    return {"name": name, "in": "path", "required": True, "schema": schema}


def parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    """Return an argument behind the question mark; an empty one counts as left out."""
    return {
        "name": name,
        "in": "query",
        "schema": schema,
        "description": description,
        "allowEmptyValue": True,
    }


_NUMBER = {"type": "integer", "minimum": 0, "maximum": LARGEST_NUMBER}
_LIST = (
    parameter(
        "limit",
        {
            "type": "integer",
            "minimum": 1,
            "maximum": paging.MOST_AT_ONCE,
            "default": paging.USUAL,
        },
        "Most rows of one answer.",
    ),
    parameter("after", {"type": "string"}, "The `next` of the page before."),
)
_COMMENTS = (
    *_LIST[:1],
    parameter("after", {"type": "string"}, "A `next`, or with its `top` and `sort` a `more`."),
    parameter("top", _NUMBER, "The comment whose replies are wanted; 0 is the letter."),
    parameter("sort", {"type": "string", "enum": list(Sort), "default": "best"}, "The order."),
    parameter(
        "since", _NUMBER, "Instead of `top`: all that changed after this clock, by last change."
    ),
)
_REASON = (
    parameter(
        "reason", {"type": "string", "enum": list(Reason)}, "A moderator's, where no body is sent."
    ),
    parameter("note", {"type": "string", "maxLength": LONGEST_NOTE}, "A line for the log."),
)
