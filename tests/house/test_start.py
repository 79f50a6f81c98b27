"""What a start loads: a figure that every import at the top of a file makes worse."""

import os
import subprocess
import sys

from tests.plumbing.services import REPO_ROOT

SELDOM = {"alembic", "authlib", "cryptography", "joserfc", "psycopg", "redis", "requests"}
START = f"""
import sys
from discuss.base import config
from discuss.serve import __main__ as server
app = server.create_app(config.load(), has_commands=False)
print(*sorted({SELDOM} & set(sys.modules)))
"""


def test_the_server_of_a_small_site_loads_nothing_that_only_others_need(tmp_path):
    given = {"DISCUSS_DATA_DIR": str(tmp_path), "DISCUSS_DATABASE_URL": "", "DISCUSS_DEMO": "on"}

    said = subprocess.run(
        [sys.executable, "-c", START],
        env=os.environ | given,
        cwd=REPO_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert said.stdout == "\n"
