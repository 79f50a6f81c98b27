"""Templates compiled once for all applications of a run; each would take 70 ms a test."""

from types import CodeType

from flask import Flask
from flask.templating import Environment
from jinja2.bccache import Bucket, BytecodeCache


class Compiled(BytecodeCache):
    """Keeps what was compiled as it is, so that not even reading it again takes time."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template that some application has compiled before."""
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        if bucket.code is not None:
            self.kept[bucket.key, bucket.checksum] = bucket.code


_make = Flask.create_jinja_environment
_compiled = Compiled()


def _make_with_compiled(app: Flask) -> Environment:
    environment = _make(app)
    environment.bytecode_cache = _compiled
    return environment


Flask.create_jinja_environment = _make_with_compiled  # type: ignore[method-assign]
