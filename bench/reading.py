"""A letter's page with 100 comments for a reader without a session, beside nginx and Isso."""

from collections.abc import Iterator

from bench import isso, nginx, run, wrk
from bench.figures import Figure, number
from bench.run import Bench
from bench.service import Service
from bench.wrk import Load, Target

COMMENTS = 100


def measure(bench: Bench) -> Iterator[Figure]:
    """Load the page on each database, in turn with nginx serving the same bytes from disk."""
    with bench.folder() as folder, isso.running(folder) as peer:
        peer.fill("letter", COMMENTS)
        for database in bench.databases:
            with bench.site(database, COMMENTS) as site:
                ours = page(bench, site)
                loads = beside_nginx(bench, ours, peer.thread("letter"))
            yield from _figures(database, loads)


def page(bench: Bench, site: Service, **headers: str) -> Target:
    """Return the letter's page as a browser asks for it.

    :param bench: the run.
    :param site: who serves it.
    :param headers: of the request, beside what every browser sends.
    """
    sent = {"Accept-Encoding": "gzip", **headers}
    return Target(
        "Discuss", site.letter, site.pids, sent, expect='id="c-', behind=bench.behind(site)
    )


def beside_nginx(bench: Bench, ours: Target, *others: Target) -> dict[str, Load]:
    """Load a page in turn with nginx serving the very same bytes, and with others."""
    with bench.folder() as folder, nginx.serving(ours.check(), folder) as limit:
        return wrk.interleaved(limit, ours, *others, rounds=bench.rounds, seconds=bench.seconds)


def _figures(database: str, loads: dict[str, Load]) -> Iterator[Figure]:
    here, limit, rival = loads["Discuss"], loads["nginx"], loads["Isso"]
    what = f"letter with {COMMENTS} comments, signed out, {database}"
    on_sqlite = database == "SQLite"
    rates = (f"{name} {number(load.rate)}/s" for name, load in loads.items())
    yield Figure(
        f"{what}: rate",
        "of nginx's",
        here.rate / limit.rate,
        floor=0.40 if on_sqlite else None,
        goal=0.50 if on_sqlite else None,
        rises=True,
        beside=", ".join(rates),
    )
    yield Figure(
        f"{what}: processor",
        "µs",
        here.cpu,
        floor=45 if on_sqlite else 110,
        goal=36 if on_sqlite else 70,
        beside=f"nginx {number(limit.cpu)} µs, Isso {number(rival.cpu)} µs{here.elsewhere}",
    )


if __name__ == "__main__":
    run.command(measure)
