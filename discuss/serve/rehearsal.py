"""Pages made once before the fork, so that what making them leaves behind is shared.

Templates are compiled then, statements built, and Python has put its quicker instructions into the
code: each worker would do all that for itself, in memory of its own, while its first reader waits.
"""

import logging

from flask import Flask, url_for

from discuss.letters import queries as letters

log = logging.getLogger("discuss.serve")


def rehearse(app: Flask) -> None:
    """Answer as if somebody asked for the list of letters, and for the newest letter.

    Its connections must be closed before a fork.
    """
    site = app.extensions["settings"].site_url
    try:
        for path in _paths(app):
            # Past the front, which would keep a connection of its own.
            with app.test_request_context(path, base_url=site):
                app.full_dispatch_request()
    except Exception:  # readers may fare better, and some pages need nothing of what failed
        log.exception("no page could be made before the first request")


def _paths(app: Flask) -> list[str]:
    with app.test_request_context():
        newest, _has_more = letters.listed()
        return ["/", *(url_for("reading.letter", slug=letter.slug) for letter in newest[:1])]
