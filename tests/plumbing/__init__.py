"""What the tests stand on: clean databases, Redis, a served site and a real Chromium.

conftest.py loads the fixtures with `pytest_plugins = plumbing.FIXTURES`.
"""

FIXTURES = tuple(
    f"tests.plumbing.{name}"
    for name in (
        "services",
        "clusters",
        "databases",
        "browser",
        "assets",
        "garbage",
        "routes",
        "statements",
        "templates",
    )
)
