"""What axe-core, a narrow screen and a few plain questions find wrong with a page."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WIDTHS = (1280, 390)
NARROWEST = 320  # CSS pixels: 1280 at 400 % (WCAG 2.2, 1.4.10)
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

SPILLING = """() => [...document.querySelectorAll('button, .btn, summary')]
  .filter(it => it.checkVisibility() && it.scrollWidth > it.clientWidth + 1)
  .map(it => `words spill out of “${it.innerText}”`)"""

COLOURS = ("color-contrast", "link-in-text-block")  # all that another scheme can change

RUN = """rules => axe.run({runOnly: rules, resultTypes: ['violations']}).then(({violations}) =>
  violations.flatMap(({id, nodes}) => nodes.map(({target, failureSummary}) =>
    `${id} at ${target.join(' ')}: ${failureSummary}`)))"""


def faults(page: Page, name: str) -> list[str]:
    """Return what is wrong with the page that stands open, in both schemes and at every width.

    :param name: what to call it in the answer.
    """
    page.wait_for_load_state()
    page.evaluate(AXE_SCRIPT)
    found = plain_faults(page)
    for width in WIDTHS:
        resize(page, width)
        for scheme, kind, values in (("light", "tag", TAGS), ("dark", "rule", COLOURS)):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            rules = {"type": kind, "values": values}
            found += [f"{width} {scheme}: {fault}" for fault in page.evaluate(RUN, rules)]
    resize(page, NARROWEST)
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > NARROWEST:
        found.append(f"{wide} px wide on a screen of {NARROWEST}")
    found += page.evaluate(SPILLING)
    return [f"{name}: {fault}" for fault in found]


def resize(page: Page, width: int) -> None:
    """Make the window so wide, and wait until the page has heard of it."""
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_function("width => innerWidth === width", arg=width)


def plain_faults(page: Page) -> list[str]:
    """Return what a page lacks of a title, a language and one heading of the first level."""
    headings = page.locator("h1").count()
    checks = {
        f"{headings} headings of level 1": headings == 1,
        "no title": page.title().strip(),
        "no language": page.locator("html").get_attribute("lang"),
    }
    return [fault for fault, is_well in checks.items() if not is_well]
