"""What must always hold of the data, the schema, the settings and the sign-in addresses.

It may know every package, and no package knows it.
"""

from flask import Flask

from discuss.check import commands


def init_app(app: Flask) -> None:
    """Register the command."""
    commands.init_app(app)
