"""What a letter with 100 comments weighs, and how a slow phone paints it, in real Chromium."""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Request, ViewportSize, sync_playwright

from bench import machine, run
from bench.figures import Figure, number
from bench.reading import COMMENTS, page
from bench.run import Bench

KILOBYTE = 1024
SCREEN: ViewportSize = {"width": 390, "height": 844}
SHARPNESS = 3  # physical pixels for each of CSS
SLOW_4G = {
    "offline": False,
    "latency": 150,  # milliseconds
    "downloadThroughput": 1_600_000 / 8,  # bytes a second
    "uploadThroughput": 750_000 / 8,
}
SLOWER = 4  # times slower than this machine's processor
LOADS = 3
WATCH = """
window.seen = {lcp: 0, cls: 0};
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) seen.lcp = entry.startTime;
}).observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.cls += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""


@dataclass(frozen=True)
class Visit:
    """One first visit to the page, nothing in the browser's cache."""

    requests: list[tuple[str, str, int]]
    """Kind, host and bytes of each, as they came over the wire."""
    lcp: float
    cls: float

    def bytes_of(self, *kinds: str) -> int:
        """Return how much the files of some kinds weighed."""
        return sum(size for kind, _host, size in self.requests if kind in kinds)


def measure(bench: Bench) -> Iterator[Figure]:
    """Weigh the page, and watch it being painted."""
    with bench.site("SQLite", COMMENTS) as site, sync_playwright() as playwright:
        html = len(page(bench, site).check())
        program = machine.program("chromium", "chromium")
        options = ["--no-sandbox", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=program, args=options)
        visits = [_visit(browser, site.letter) for _ in range(1 if bench.quick else LOADS)]
        browser.close()
    first = visits[0]
    host = urlsplit(site.url).netloc
    strangers = {other for _kind, other, _size in first.requests} - {host}
    fonts = first.bytes_of("font", "image")
    what = f"letter with {COMMENTS} comments"
    yield Figure(f"{what}: HTML, gzip", "KB", html / KILOBYTE, floor=36)
    yield Figure(
        f"{what}: CSS and JS as sent",
        "KB",
        first.bytes_of("stylesheet", "script") / KILOBYTE,
        floor=25,
        beside=f"fonts and pictures {number(fonts / KILOBYTE)} KB",
    )
    yield Figure(f"{what}: requests", "", len(first.requests), floor=6)
    yield Figure(f"{what}: other hosts", "", len(strangers), floor=0)
    yield Figure(f"{what}: layout shift (CLS), slow phone", "", max(v.cls for v in visits), floor=0)
    yield Figure(
        f"{what}: largest paint (LCP), slow phone",
        "s",
        statistics.median(visit.lcp for visit in visits) / 1000,
        floor=1.5,
        beside=f"1.6 Mbit/s, 150 ms, processor slowed {SLOWER} times",
    )


def _visit(browser: Browser, url: str) -> Visit:
    profile = browser.new_context(viewport=SCREEN, device_scale_factor=SHARPNESS, is_mobile=True)
    tab = profile.new_page()
    phone = profile.new_cdp_session(tab)
    phone.send("Network.enable")
    phone.send("Network.emulateNetworkConditions", SLOW_4G)
    phone.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    finished: list[Request] = []
    tab.on("requestfinished", lambda request: finished.append(request))
    tab.add_init_script(WATCH)
    tab.goto(url, wait_until="networkidle")
    tab.wait_for_function("() => seen.lcp > 0")  # told some time after the paint
    seen = tab.evaluate("() => seen")
    fetched = [
        (one.resource_type, urlsplit(one.url).netloc, one.sizes()["responseBodySize"])
        for one in finished
    ]
    profile.close()
    return Visit(fetched, seen["lcp"], seen["cls"])


if __name__ == "__main__":
    run.command(measure)
