"""The public JSON contract, one version, one shape of error; docs/api.md describes it."""

from flask import Flask

from discuss.api import comments, letters, openapi


def init_app(app: Flask) -> None:
    """Register the calls."""
    for capability in (letters, comments, openapi):
        app.register_blueprint(capability.blueprint)
