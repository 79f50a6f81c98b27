"""Makes the database ready, opens the port, then keeps the service's processes alive."""

import functools
import gc
import logging
import sys
import threading
from collections.abc import Callable

from flask import Flask
from sqlalchemy.orm import configure_mappers

from discuss import create_app
from discuss.base import config, later, metrics
from discuss.base.config import BadSetting, Settings
from discuss.base.db import db
from discuss.base.metrics import Metrics
from discuss.serve import forerunners, listening, ready, resting, worker
from discuss.serve.forerunners import Forerunners
from discuss.serve.listening import Listener, PortTaken
from discuss.serve.processes import Child, Supervisor
from discuss.serve.rehearsal import rehearse

log = logging.getLogger("discuss.serve")


def main() -> int:
    """Serve until SIGINT or SIGTERM; start anew, port held, at SIGHUP.

    :returns: the exit code.
    """
    before = forerunners.inherited()
    try:
        return serve(before)
    except (BadSetting, PortTaken, ready.NotReady) as error:
        reason = str(error)
    except ready.EXPECTED as error:
        reason = ready.in_words(error)
    print(f"Discuss cannot start: {reason}", file=sys.stderr)  # noqa: T201  # for a person
    before.end()
    return 1


def serve(before: Forerunners) -> int:
    """Serve; what goes wrong before the first request is raised.

    :param before: the workers of before this start, which answer meanwhile.
    """
    settings = config.load()
    listeners = listening.open_port(settings, settings.workers or worker.cores())
    settings = config.load(port=listeners[0].getsockname()[1])  # 0 asked the kernel for one
    app = create_app(settings, has_commands=False)
    configure_mappers()  # else every child would, for itself
    if before.pids and not ready.is_prepared(app):
        before.end()  # the code of before must not meet tables of after
    link = ready.prepare_apart(app)
    rehearse(app)
    children = _children(app, settings, listeners)
    supervisor = Supervisor(children, before, _counted(app, children))
    print(f"{settings.site_name} is served at {settings.site_url}")  # noqa: T201  # for a person
    if link:
        print(f"Administrator: {link}")  # noqa: T201  # for a person
    sys.stdout.flush()
    _freeze(app)
    supervisor.run()
    if supervisor.starts_anew:
        log.info("starting anew")
        listening.start_anew(listeners, forerunners.bequest(supervisor.unrelieved))
    return 0


def _children(app: Flask, settings: Settings, listeners: list[Listener]) -> list[Child]:
    children = [Child("jobs", functools.partial(resting.work, app))]
    if settings.demo:
        children.append(Child("stand-ins", _standins(settings)))
    for number in range(settings.workers or worker.cores()):
        listener = listeners[number % len(listeners)]
        run = functools.partial(worker.serve, app, listener, number + 1)
        children.append(Child(f"worker-{number + 1}", run, is_relieved=True))
    return children


def _counted(app: Flask, children: list[Child]) -> Callable[[Child], None]:
    """Give every child a row in the table of figures.

    :returns: what counts the death of one.
    """
    table = metrics.of(app)
    deaths = table.counter(
        "discuss_process_deaths_total",
        "Processes that died though nobody asked them to, and were started again.",
        process=[child.name for child in children],
    )
    table.open("parent", *(child.name for child in children), resting.CONSUMER)
    for child in children:
        child.run = functools.partial(_in_row, table, child.name, child.run)
    return lambda child: table.count(deaths.cell(child.name))


def _in_row(table: Metrics, name: str, run: Callable[[], None]) -> None:
    table.enter(name)
    run()


def _standins(settings: Settings) -> Callable[[], None]:
    listening.refuse_taken_port("127.0.0.1", int(settings.demo_port or 0), "DISCUSS_DEMO_PORT")
    address = f"http://127.0.0.1:{settings.demo_port}"

    def serve_standins() -> None:
        standins = later.load("discuss.accounts.standins")  # no other process has a use for them
        app = standins.create_standins(str(settings.site_url), address, settings.secret())
        standins.serve(app)

    return serve_standins


def _freeze(app: Flask) -> None:
    """Make what is loaded safe to share: no connection, no thread, and memory nobody rewrites."""
    with app.app_context():
        db.engine.dispose()
        app.extensions["replicas"].close()
    if threading.active_count() > 1:
        raise RuntimeError("a fork copies no thread, only the locks that it holds")
    # Else the children's collectors write into every page that they share. Nothing is collected
    # before: of 200,000 objects a thousand are garbage, and to find them takes 0.1 s of the start.
    gc.freeze()
    gc.enable()  # script/serve disables it


if __name__ == "__main__":
    sys.exit(main())
