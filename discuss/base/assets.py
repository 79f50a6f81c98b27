"""The files of `static/`: joined, named by their content, packed once, kept by browsers for a year.

A file at the top of `static/` is a list of imports and becomes one stylesheet or one script;
fonts and pictures are served as they lie. What to style or to do is left to the files themselves.
"""

import gzip
import hashlib
import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import brotli
from flask import Flask, current_app
from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

FOLDER = Path(__file__).resolve().parents[2] / "static"
PREFIX = "/static/"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
ALREADY_PACKED = {".woff2"}  # Brotli inside; packing it again only costs time
HASH_LENGTH = 12  # hex digits, 48 bits: two contents of one name never meet
FOR_EVER = "public, max-age=31536000, immutable"

CSS_IMPORT = re.compile(r'^@import "([^"]+)";\n', re.MULTILINE)
CSS_URL = re.compile(r'url\("([^":]+)"\)')
JS_IMPORT = re.compile(r'^import "\./([^"]+)";\n', re.MULTILINE)
JS_NAMES = re.compile(r"^import \{[^}]*\} from .*\n", re.MULTILINE)
JS_EXPORT = re.compile(r"^export ", re.MULTILINE)
HASHED = re.compile(rf"(?P<stem>.+)-(?P<hash>[0-9a-f]{{{HASH_LENGTH}}})(?P<suffix>\.\w+)")


class Asset:
    """One file as browsers get it, in every encoding, under a name that its content decides."""

    def __init__(self, name: str, body: bytes) -> None:
        path = PurePosixPath(name)
        self.name = name
        self.body = body
        self.hash = _short_name(body)
        self.hashed_name = str(path.with_name(f"{path.stem}-{self.hash}{path.suffix}"))
        self.content_type = TYPES[path.suffix]
        self.may_pack = path.suffix not in ALREADY_PACKED

    @cached_property
    def gzip(self) -> bytes:
        """The file for clients that know gzip alone."""
        return gzip.compress(self.body, 9, mtime=0)

    @cached_property
    def brotli(self) -> bytes:
        """The file for everybody else; the highest level takes 50 ms, once a process."""
        packed: bytes = brotli.compress(self.body, quality=11)
        return packed

    def encoded(self, encoding: str) -> bytes:
        """Return the file in an encoding: `br`, `gzip` or `identity`."""
        match encoding:
            case "br":
                return self.brotli
            case "gzip":
                return self.gzip
            case _:
                return self.body


class Assets:
    """Every file of a folder by the name that templates call it."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Read, join and name the files.

        :param folder: where they lie.
        :raises FileNotFoundError: a list imports a file, or a stylesheet points at one, that
            isn't there.
        """
        self.folder = folder
        self._stamp = self._newest()
        self._assets: dict[str, Asset] = {}
        for path in sorted(folder.rglob("*")):
            if path.suffix in TYPES and path.suffix not in {".css", ".js"}:
                self._add(path.relative_to(folder).as_posix(), path.read_bytes())
        for path in sorted(folder.glob("*.css")):
            self._add(path.name, self._stylesheet(path).encode())
        for path in sorted(folder.glob("*.js")):
            self._add(path.name, self._script(path).encode())
        names = "\n".join(asset.hashed_name for asset in self._assets.values())
        self.build = _short_name(names.encode())

    def url(self, name: str) -> str:
        """Return the address of a file, which changes whenever the file does.

        :param name: its path in the folder, as `discuss.css` or `base/favicon.svg`.
        :raises KeyError: there is no such file.
        """
        return PREFIX + self._assets[name].hashed_name

    def find(self, filename: str) -> tuple[Asset, bool] | None:
        """Return the file behind an address, and whether the address names today's content.

        While a new version is rolled out, a page of one version may ask the other for its
        stylesheet: it gets the one that is there rather than none.

        :param filename: the address after `/static/`.
        """
        if (match := HASHED.fullmatch(filename)) is None:
            return None
        asset = self._assets.get(match["stem"] + match["suffix"])
        return None if asset is None else (asset, match["hash"] == asset.hash)

    def is_stale(self) -> bool:
        """Whether a file was written since these were read."""
        return self._newest() != self._stamp

    def _newest(self) -> int:
        return max((path.stat().st_mtime_ns for path in self.folder.rglob("*")), default=0)

    def _add(self, name: str, body: bytes) -> None:
        self._assets[name] = Asset(name, body)

    def _text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def _stylesheet(self, path: Path) -> str:
        return CSS_IMPORT.sub(lambda found: self._part(found[1]), self._text(path.name))

    def _part(self, name: str) -> str:
        here = PurePosixPath(name).parent

        def hashed(found: re.Match[str]) -> str:
            target = (here / found[1]).as_posix()
            if target not in self._assets:
                raise FileNotFoundError(f"{name} points at {target}, which is not in static/")
            return f'url("{self._assets[target].hashed_name}")'

        return CSS_URL.sub(hashed, self._text(name))

    def _script(self, path: Path) -> str:
        """Join modules into one: names that one exports are everybody's, all others its own.

        A module that exports nothing becomes a block; one that throws ends alone.
        """
        parts = (
            JS_NAMES.sub("", self._text(name)) for name in JS_IMPORT.findall(self._text(path.name))
        )
        return "".join(map(_joined, parts))


def _joined(part: str) -> str:
    shared, exports = JS_EXPORT.subn("", part)
    if exports:
        return shared
    return f"try {{\n{part}}} catch (error) {{\n  reportError(error);\n}}\n"


class Files:
    """Answers requests for files before the application sees them.

    They need no database and no session. Inside the application somebody always looks into the
    session, the answer then varies by cookie, and browsers fetch every file again at sign-in.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._next = app.wsgi_app

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer with a file, or let the application answer (PEP 3333)."""
        if (found := self._found(environ)) is None:
            return self._next(environ, start_response)
        return response(Request(environ), *found)(environ, start_response)

    def _found(self, environ: "WSGIEnvironment") -> tuple[Asset, bool] | None:
        path = environ["PATH_INFO"]
        if not path.startswith(PREFIX) or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return None
        return of(self._app).find(path.removeprefix(PREFIX))


def response(request: Request, asset: Asset, is_current: bool) -> Response:
    """Return a file in the best encoding that the browser takes (RFC 9110, 12.5.3)."""
    takes = ("br", "gzip", "identity") if asset.may_pack else ("identity",)
    encoding = request.accept_encodings.best_match(takes, "identity")
    answer = Response(asset.encoded(encoding), content_type=asset.content_type)
    answer.headers["Cache-Control"] = FOR_EVER if is_current else "no-cache"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if encoding != "identity":
        answer.headers["Content-Encoding"] = encoding
    if asset.may_pack:
        answer.vary.add("Accept-Encoding")
    answer.set_etag(f"{asset.hash}-{encoding}")  # strong, so each encoding has its own
    answer.make_conditional(request)
    return answer


def init_app(app: Flask) -> None:
    """Serve the files under `/static/`, and give templates `asset_url(name)`."""
    app.extensions["assets"] = Assets()
    app.wsgi_app = Files(app)  # type: ignore[method-assign]  # Flask's documented way
    app.add_template_global(asset_url)


def asset_url(name: str) -> str:
    """Return the address of a file of the application that serves now.

    :raises KeyError: there is no such file.
    """
    return of(current_app).url(name)


def of(app: Flask) -> Assets:
    """Return an application's files, read again where a developer has changed one."""
    assets: Assets = app.extensions["assets"]
    if app.debug and assets.is_stale():
        assets = app.extensions["assets"] = Assets(assets.folder)
    return assets


def _short_name(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:HASH_LENGTH]
