"""Garbage looked for less often: every look takes longer than most tests, and finds an app."""

import gc

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Leave alone for ever what was loaded before the first test, and look seldom at the rest."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)
