"""Makes the database ready, opens the port, then keeps the service's processes alive."""

import functools
import gc
import sys
import threading
from collections.abc import Callable

from alembic.util import CommandError
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from discuss import create_app
from discuss.accounts import standins
from discuss.base import config, jobs
from discuss.base.config import BadSetting, Settings
from discuss.base.db import db
from discuss.serve import listening, ready, worker
from discuss.serve.listening import Listener, PortTaken
from discuss.serve.processes import Child, Supervisor


def main() -> int:
    """Serve until SIGINT or SIGTERM; start anew, port held, at SIGHUP.

    :returns: the exit code.
    """
    try:
        return serve()
    except (BadSetting, PortTaken) as error:
        return _say_why(str(error))
    except (SQLAlchemyError, CommandError) as error:
        return _say_why(f"the database says: {str(error).splitlines()[0]}")
    except OSError as error:
        return _say_why(f"{error.filename or 'the system'}: {error.strerror}")


def serve() -> int:
    """Serve; what goes wrong before the first request is raised."""
    settings = config.load()
    listeners = listening.open_port(settings, settings.workers or worker.cores())
    settings = config.load(port=listeners[0].getsockname()[1])  # 0 asked the kernel for one
    app = create_app(settings)
    link = ready.prepare(app)
    supervisor = Supervisor(_children(app, settings, listeners))
    print(f"{settings.site_name} is served at {settings.site_url}")  # noqa: T201  # for a person
    if link:
        print(f"Administrator: {link}")  # noqa: T201  # for a person
    sys.stdout.flush()
    _freeze(app)
    supervisor.run()
    if supervisor.starts_anew:
        listening.start_anew(listeners)
    return 0


def _children(app: Flask, settings: Settings, listeners: list[Listener]) -> list[Child]:
    children = [Child("jobs", functools.partial(jobs.work, app))]
    if settings.demo:
        children.append(Child("stand-ins", _standins(settings)))
    for number in range(settings.workers or worker.cores()):
        listener = listeners[number % len(listeners)]
        children.append(Child("worker", functools.partial(worker.serve, app, listener, number + 1)))
    return children


def _standins(settings: Settings) -> Callable[[], None]:
    listening.refuse_taken_port("127.0.0.1", int(settings.demo_port or 0), "DISCUSS_DEMO_PORT")
    address = f"http://127.0.0.1:{settings.demo_port}"

    def serve_standins() -> None:
        app = standins.create_standins(str(settings.site_url), address, settings.secret())
        standins.serve(app)

    return serve_standins


def _freeze(app: Flask) -> None:
    """Make what is loaded safe to share: no connection, no thread, and memory nobody rewrites."""
    with app.app_context():
        db.engine.dispose()
    if threading.active_count() > 1:
        raise RuntimeError("a fork copies no thread, only the locks that it holds")
    gc.collect()
    gc.freeze()  # else the children's collectors write into every page that they share
    gc.enable()  # script/serve disables it


def _say_why(reason: str) -> int:
    print(f"Discuss cannot start: {reason}", file=sys.stderr)  # noqa: T201  # for a person
    return 1


if __name__ == "__main__":
    sys.exit(main())
