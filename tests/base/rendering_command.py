"""The renderer as a command: a JSON list of sources on stdin, a JSON list of HTML on stdout."""

import json
import sys

from discuss.base import rendering
from discuss.base.errors import Invalid


def html_of(source: str) -> str:
    try:
        return str(rendering.comment_html(source))
    except Invalid:
        return ""


if __name__ == "__main__":
    json.dump([html_of(source) for source in json.load(sys.stdin)], sys.stdout)
