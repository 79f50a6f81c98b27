"""Discuss publishes letters and hosts the conversation beneath them."""

import functools
import hashlib
from pathlib import Path

from flask import Flask

from discuss import accounts, api, comments, letters, moderation, reading
from discuss.base import (
    assets,
    config,
    dates,
    db,
    jobs,
    journal,
    later,
    logs,
    metrics,
    pagecache,
    pages,
    prometheus,
    ratelimit,
    replicas,
    schema,
    security,
    web,
    words,
)
from discuss.base.config import Settings

ROOT = Path(__file__).parent.parent

# Lowest floor first: what a package registers may use what those before it have set up.
PACKAGES = (accounts, letters, comments, moderation, reading, api)

# What only `flask` commands do; Alembic, archives and checks would be a tenth of a server's start.
OF_COMMANDS = ("discuss.base.migrations", "discuss.transfer", "discuss.check")


def create_app(settings: Settings | None = None, *, has_commands: bool = True) -> Flask:
    """Make the application.

    :param settings: what the operator set; read from the environment when left out.
    :param has_commands: whether `flask` may run all of its commands; a server needs none.
    :raises BadSetting: a setting has a value that it cannot have.
    """
    settings = settings or config.load()
    logs.init_app(settings)
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=None)
    app.extensions["settings"] = settings
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    words.init_app(app)
    db.init_app(app, settings)
    metrics.init_app(app)
    journal.init_app(app, settings)
    replicas.init_app(app, settings)
    schema.init_app(app)
    security.init_app(app, settings)
    web.init_app(app)
    assets.init_app(app)
    app.extensions["build"] = build_of(app.extensions["assets"])
    dates.init_app(app)
    pagecache.init_app(app)
    pages.init_app(app)
    jobs.init_app(app, settings)
    prometheus.init_app(app, settings)
    ratelimit.init_app(app, settings)
    for package in PACKAGES:
        package.init_app(app)
    if has_commands:
        for name in OF_COMMANDS:
            later.load(name).init_app(app)
    journal.learn_endpoints(app)
    metrics.of(app).open(metrics.ALONE)
    return app


def build_of(files: assets.Assets) -> str:
    """Return a name for everything that a page is made of beside the data.

    It is the same in every worker and node of one release, so their ETags are too.

    :param files: stylesheets, scripts and pictures.
    """
    return hashlib.sha256(files.build.encode() + _code()).hexdigest()[:12]


@functools.cache
def _code() -> bytes:
    """Return a digest of templates and code, as they were when this process began."""
    made_of = [*(ROOT / "templates").rglob("*.*"), *Path(__file__).parent.rglob("*.py")]
    contents = hashlib.sha256()
    for path in sorted(made_of):
        contents.update(path.read_bytes())
    return contents.digest()
