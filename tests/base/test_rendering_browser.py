"""What a real browser makes of rendered comments: rows 5 and 6 of the attack list."""

import json
import shutil
import subprocess
import sys

import pytest

from tests.base.rendering_command import html_of
from tests.plumbing.services import CORPORA, REPO_ROOT, missing

PROBE = CORPORA.parent / "probes" / "probe_xss.py"
FILES = sorted(CORPORA.glob("xss/*.json"))

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not FILES, reason="shared/corpora is not beside the repository"),
]


@pytest.mark.row("1", "5")
@pytest.mark.skipif(not PROBE.exists(), reason="shared/probes is not beside the repository")
def test_row_5_no_payload_runs_or_leaves_its_place_in_chromium():
    if (program := shutil.which("chromium") or shutil.which("chromium-browser")) is None:
        missing("chromium")
    renderer = f"{sys.executable} -m tests.base.rendering_command"

    probe = subprocess.run(
        [sys.executable, PROBE, "render", "--cmd", renderer, "--chromium", program, *FILES],
        cwd=REPO_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    found = json.loads(probe.stdout or "{}") or probe.stderr
    bad = ("executed", "foreign_requests", "broke_out", "structural")
    assert {name: found[name] for name in bad} == dict.fromkeys(bad, 0), found
    assert found["payloads"] > 4_000


@pytest.mark.row("6")
def test_row_6_chromium_reads_its_own_writing_of_a_comment_the_same_way(chromium):
    payloads = [
        item if isinstance(item, str) else item.get("payload", "")
        for file in [*FILES, CORPORA / "naughty" / "blns.json"]
        for item in json.loads(file.read_text("utf-8"))
    ]
    page = chromium.new_page()

    changed = page.evaluate(
        """comments => comments.filter(html => {
            const read = document.createElement('div'), again = document.createElement('div');
            read.innerHTML = html;
            again.innerHTML = read.innerHTML;
            return !read.isEqualNode(again);
        })""",
        [html_of(payload) for payload in payloads],
    )

    assert changed == []
    page.close()
