"""The same letter's page for somebody signed in, whose page is rendered for them alone."""

from collections.abc import Iterator

from bench import people, run, wrk
from bench.figures import Figure, number
from bench.reading import COMMENTS, page
from bench.run import Bench


def measure(bench: Bench) -> Iterator[Figure]:
    """Load the page with a session's cookie, on each database."""
    for database in bench.databases:
        with bench.site(database, COMMENTS) as site:
            (reader,) = people.signed_in(site.place)
            ours = page(bench, site, Cookie=reader.cookie)
            loads = wrk.interleaved(ours, rounds=bench.rounds, seconds=bench.seconds)
        here = loads["Discuss"]
        yield Figure(
            f"letter with {COMMENTS} comments, signed in, {database}: processor",
            "ms",
            here.cpu / 1000,
            floor=3,
            goal=1.5,
            beside=f"{number(here.rate)}/s, p99 {number(here.p99)} ms{here.elsewhere}",
        )


if __name__ == "__main__":
    run.command(measure)
