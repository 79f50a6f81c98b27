"""Files packed once for all applications of a run; else a browser's cost every test 100 ms."""

import functools

from discuss.base.assets import Asset

_pack = Asset.brotli.func


@functools.cache
def _packed(name: str, body: bytes) -> bytes:
    return _pack(Asset(name, body))


Asset.brotli = property(lambda asset: _packed(asset.name, asset.body))  # type: ignore[assignment]
