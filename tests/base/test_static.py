"""What lies in static/ fits together, and no page goes round it."""

import gzip
import re
from pathlib import Path

import pytest

from discuss.base.assets import FOLDER, PREFIX, Assets

TEMPLATES = FOLDER.parent / "templates"
BUDGET = 25 * 1024  # bytes of stylesheet and script together, gzip


def joined(name: str) -> str:
    files = Assets()
    asset, _ = files.find(files.url(name).removeprefix(PREFIX)) or pytest.fail(name)
    return asset.body.decode()


def test_no_stylesheet_or_script_is_forgotten() -> None:
    styles = set(re.findall(r'^@import "(.+)";$', (FOLDER / "discuss.css").read_text(), re.M))
    lists = "".join(path.read_text() for path in FOLDER.glob("*.js"))
    scripts = set(re.findall(r'^import "\./(.+)";$', lists, re.M))

    written = {
        path.relative_to(FOLDER).as_posix()
        for path in FOLDER.glob("*/**/*")
        if path.suffix in {".css", ".js"}
    }

    assert styles | scripts == written


def test_the_stylesheet_names_the_order_of_its_layers_first() -> None:
    text = joined("discuss.css")

    order, *_ = re.findall(r"^@layer [^{]*;$", text, re.M)

    assert order == "@layer reset, tokens, base, components, utilities;"
    assert set(re.findall(r"^@layer (\w+) \{", text, re.M)) <= set(re.findall(r"\w+", order))


@pytest.mark.parametrize("name", ["discuss.js", "moderation.js"])
def test_nothing_of_a_module_is_left_in_the_joined_script(name: str) -> None:
    text = joined(name)

    assert re.findall(r"^(?:import|export)\b.*", text, re.M) == []


def test_scripts_take_from_the_first_one_only_what_it_gives() -> None:
    device = (FOLDER / "base/device.js").read_text()
    given = set(re.findall(r"^export const ([\w$]+)", device, re.M))

    taken = {
        name
        for path in FOLDER.glob("*/*.js")
        for names in re.findall(
            r'^import \{\s*([^}]+?)\s*\} from ".*/device\.js";', path.read_text(), re.M
        )
        for name in names.split(", ")
    }

    assert taken <= given


def test_every_word_that_scripts_show_is_written_by_the_server() -> None:
    frame = (TEMPLATES / "base/frame.html").read_text()
    written = set(re.findall(r"\bdata-t-([\w-]+)=", frame))

    shown = {
        re.sub(r"(?<!^)([A-Z])", r"-\1", name).lower()
        for path in FOLDER.glob("*/*.js")
        for name in re.findall(r'\bword\("(\w+)"\)', path.read_text())
    }

    assert shown == written


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(TEMPLATES.rglob("*.html")) if "standins" not in path.parts],
    ids=lambda path: path.relative_to(TEMPLATES).as_posix(),
)
def test_no_page_has_script_or_style_of_its_own(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    inline = re.findall(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=", text)

    assert inline == []  # the policy `script-src 'self'; style-src 'self'` would drop them


def test_stylesheet_and_script_keep_their_budget() -> None:
    packed = [gzip.compress(joined(f"discuss.{kind}").encode(), 9) for kind in ("css", "js")]

    assert sum(map(len, packed)) <= BUDGET
