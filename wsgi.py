"""The application that `flask`, granian and gunicorn serve."""

from discuss import create_app

app = create_app()
