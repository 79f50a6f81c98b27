"""`python -m discuss.accounts.standins` serves the stand-ins of the site that the settings name."""

import click

from discuss.accounts.standins.app import create_standins
from discuss.accounts.standins.server import HOST, serve
from discuss.accounts.standins.state import NotOnLoopback
from discuss.base import config


@click.command()
@click.option("--site", help="The site's address; DISCUSS_SITE_URL when left out.")
@click.option("--port", type=int, help="Where to serve; DISCUSS_DEMO_PORT when left out.")
def main(site: str | None, port: int | None) -> None:
    """Serve the stand-in sign-in providers until SIGTERM or Ctrl-C.

    Example: python -m discuss.accounts.standins --site http://127.0.0.1:8000 --port 8001
    """
    try:
        settings = config.load()
        address = f"http://{HOST}:{port or settings.demo_port}"
        app = create_standins(site or str(settings.site_url), address, settings.secret())
    except (config.BadSetting, NotOnLoopback) as error:
        raise click.ClickException(str(error)) from None
    serve(app)


if __name__ == "__main__":
    main()
