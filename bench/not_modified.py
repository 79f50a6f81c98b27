"""A letter's page asked for again by a browser that has it: the answer is 304."""

from collections.abc import Iterator
from dataclasses import replace

import requests

from bench import nginx, run, wrk
from bench.figures import Figure, number
from bench.reading import COMMENTS, page
from bench.run import Bench
from bench.wrk import Target


def measure(bench: Bench) -> Iterator[Figure]:
    """Ask with the ETag of what is there, in turn with nginx for the same bytes."""
    for database in bench.databases:
        with bench.site(database, COMMENTS) as site:
            ours = page(bench, site)
            with bench.folder() as folder, nginx.serving(ours.check(), folder) as limit:
                loads = wrk.interleaved(
                    again(limit), again(ours), rounds=bench.rounds, seconds=bench.seconds
                )
        here, there = loads["Discuss"], loads["nginx"]
        told = f"nginx {number(there.cpu)} µs{here.elsewhere}"
        on_sqlite = database == "SQLite"
        yield Figure(
            f"the same page again, unchanged (304), {database}: processor",
            "µs",
            here.cpu,
            floor=35 if on_sqlite else None,
            goal=27 if on_sqlite else None,
            beside=f"{number(here.rate)}/s, nginx {number(there.rate)}/s; {told}",
        )


def again(target: Target) -> Target:
    """Return the request of a browser that has seen the answer to another."""
    seen = requests.get(target.url, headers=target.headers, timeout=30).headers["ETag"]
    headers = target.headers | {"If-None-Match": seen}
    return replace(target, headers=headers, status=304, expect="")


if __name__ == "__main__":
    run.command(measure)
