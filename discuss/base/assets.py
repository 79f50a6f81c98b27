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

import brotli
from flask import Flask, Response, abort, current_app, request
from flask.globals import request_ctx

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
        self.hash = hashlib.sha256(body).hexdigest()[:HASH_LENGTH]
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
        self.build = digest(asset.hashed_name for asset in self._assets.values())

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
        """Join modules into one: the first one's names are everybody's, the others' their own.

        A block keeps its names to itself as a module does, and one that throws ends alone.
        """
        first, *others = [
            JS_NAMES.sub("", self._text(name)) for name in JS_IMPORT.findall(self._text(path.name))
        ]
        blocks = (
            f"try {{\n{part}}} catch (error) {{\n  reportError(error);\n}}\n" for part in others
        )
        return JS_EXPORT.sub("", first) + "".join(blocks)


def digest(names: Iterable[str]) -> str:
    """Return one short name for many."""
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:HASH_LENGTH]


def init_app(app: Flask) -> None:
    """Serve the files under `/static/`, and give templates `asset_url(name)`."""
    app.extensions["assets"] = Assets()
    app.add_url_rule(PREFIX + "<path:filename>", "assets.file", serve)
    app.add_template_global(asset_url)


def asset_url(name: str) -> str:
    """Return the address of a file of the application that serves now.

    :raises KeyError: there is no such file.
    """
    return _assets().url(name)


def serve(filename: str) -> Response:
    """Answer with a file in the best encoding that the browser takes (RFC 9110, 12.5.3)."""
    if (found := _assets().find(filename)) is None:
        abort(404)
    # Whoever looks into the session later makes the answer vary by cookie, and browsers then fetch
    # every file again after each sign-in and notice. A file has no session to look into.
    request_ctx.session = current_app.session_interface.make_null_session(current_app)
    asset, is_current = found
    takes = ("br", "gzip", "identity") if asset.may_pack else ("identity",)
    encoding = request.accept_encodings.best_match(takes, "identity")
    response = Response(asset.encoded(encoding), content_type=asset.content_type)
    response.headers["Cache-Control"] = FOR_EVER if is_current else "no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if encoding != "identity":
        response.headers["Content-Encoding"] = encoding
    if asset.may_pack:
        response.vary.add("Accept-Encoding")
    response.set_etag(f"{asset.hash}-{encoding}")  # strong, so each encoding has its own
    response.make_conditional(request)
    return response


def _assets() -> Assets:
    assets: Assets = current_app.extensions["assets"]
    if current_app.debug and assets.is_stale():
        assets = current_app.extensions["assets"] = Assets(assets.folder)
    return assets
