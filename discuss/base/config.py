"""Every setting, once: its name, type, default and meaning. docs/settings.md is made from here."""

import os
import secrets
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

import click
from flask import current_app
from pydantic import BeforeValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
WEAKEST_SECRET = 32  # characters; shorter keys can be guessed offline from one signed cookie
PROVIDERS = ("google", "twitter", "facebook", "wordpress", "oidc")


class BadSetting(click.ClickException):
    """A setting has a value that it cannot have; the message names it, the value and the mend."""


def _switch(value: object) -> object:
    return {"on": True, "off": False}.get(str(value).strip().lower(), value)


Switch = Annotated[bool, BeforeValidator(_switch)]
Text = Annotated[str | None, BeforeValidator(lambda value: value or None)]


class Settings(BaseSettings):
    """What the operator sets, from the environment, from `NAME_FILE` and from `.env`."""

    model_config = SettingsConfigDict(env_prefix="DISCUSS_", env_file=".env", extra="ignore")

    host: str = Field("127.0.0.1", description="The address the server listens on.")
    port: int = Field(8000, ge=0, le=65535, description="The port the server listens on.")
    workers: int | None = Field(
        None, ge=1, le=64, description="Server processes; one a core when unset."
    )
    site_url: Text = Field(
        None, description="The address that readers use; `http://HOST:PORT` when unset."
    )
    site_name: str = Field(
        "Open Letters", min_length=1, max_length=60, description="The site's name."
    )
    contact: Text = Field(
        None, description="Who runs the site: an e-mail address or an address of a page."
    )
    data_dir: Path = Field(
        Path("instance"), description="Where the database, the secret and unsent mail are kept."
    )
    database_url: Text = Field(
        None, description="The database: SQLite in the data dir, or `postgresql+psycopg://…`."
    )
    replica_urls: Text = Field(
        None,
        description="Streaming replicas of the database, parted by blanks: they render public "
        "pages, as far as they have come.",
    )
    redis_url: Text = Field(
        None,
        description="Redis; shares pace limits among workers and wakes background jobs sooner, and "
        "is never needed for a right answer.",
    )
    secret_key: Text = Field(
        None, description="Signs sessions; made once and kept in the data dir when unset."
    )
    google_client_id: Text = Field(None, description="Google's client ID for this site.")
    google_client_secret: Text = Field(None, description="Google's client secret.")
    google_issuer: str = Field(
        "https://accounts.google.com", description="Google's issuer, or another in its place."
    )
    twitter_client_id: Text = Field(None, description="X (Twitter)'s OAuth 2.0 client ID.")
    twitter_client_secret: Text = Field(None, description="X (Twitter)'s client secret.")
    twitter_authorize_url: str = Field(
        "https://x.com/i/oauth2/authorize", description="Where X asks a person."
    )
    twitter_token_url: str = Field(
        "https://api.x.com/2/oauth2/token", description="Where X gives a token for a code."
    )
    twitter_profile_url: str = Field(
        "https://api.x.com/2/users/me", description="Where X says who it is."
    )
    facebook_client_id: Text = Field(None, description="Facebook's app ID.")
    facebook_client_secret: Text = Field(None, description="Facebook's app secret.")
    facebook_authorize_url: str = Field(
        "https://www.facebook.com/v26.0/dialog/oauth", description="Where Facebook asks a person."
    )
    facebook_token_url: str = Field(
        "https://graph.facebook.com/v26.0/oauth/access_token",
        description="Where Facebook gives a token for a code.",
    )
    facebook_profile_url: str = Field(
        "https://graph.facebook.com/v26.0/me", description="Where Facebook says who it is."
    )
    wordpress_client_id: Text = Field(None, description="WordPress.com's client ID.")
    wordpress_client_secret: Text = Field(None, description="WordPress.com's client secret.")
    wordpress_authorize_url: str = Field(
        "https://public-api.wordpress.com/oauth2/authorize",
        description="Where WordPress.com asks a person.",
    )
    wordpress_token_url: str = Field(
        "https://public-api.wordpress.com/oauth2/token",
        description="Where WordPress.com gives a token for a code.",
    )
    wordpress_profile_url: str = Field(
        "https://public-api.wordpress.com/rest/v1.1/me",
        description="Where WordPress.com says who it is.",
    )
    oidc_name: str = Field(
        "OpenID Connect", max_length=40, description="The name on the button of any other issuer."
    )
    oidc_client_id: Text = Field(None, description="The client ID at that issuer.")
    oidc_client_secret: Text = Field(None, description="The client secret at that issuer.")
    oidc_issuer: Text = Field(None, description="That issuer's address, where discovery begins.")
    demo: Switch | None = Field(
        None,
        description="Stand-in providers on this machine; on when no provider is set and the site "
        "is on loopback, refused off loopback.",
    )
    demo_port: int | None = Field(
        None, ge=1, le=65535, description="The port of the stand-in providers; PORT + 1 when unset."
    )
    moderation: Literal["after", "first", "before"] = Field(
        "after",
        description="`after`: comments show at once; `first`: an account's first one is held; "
        "`before`: all are held.",
    )
    guests: Literal["off", "confirm"] = Field(
        "off",
        description="`confirm`: guests comment by name and confirmed e-mail address. "
        "Not in effect yet.",
    )
    pace: Switch = Field(True, description="Pace limits; `off` for load tests.")
    smtp_url: Text = Field(
        None,
        description="`smtp://user:password@host:587`; mail is kept in the data dir when unset. "
        "Not in effect yet.",
    )
    mail_from: Text = Field(
        None, description="The address that mail comes from. Not in effect yet."
    )
    trusted_proxies: int = Field(
        0, ge=0, le=10, description="How many proxies in front set forwarded headers."
    )
    log: Literal["auto", "json", "text"] = Field(
        "auto",
        description="How events are written to stderr: `json`, one object a line; `text` for a "
        "person; `auto`: text where stderr is a terminal.",
    )
    access_log: Switch = Field(
        False, description="An event for every request that reaches the application."
    )
    webhook_url: Text = Field(
        None,
        description="Where a signed line is sent whenever a comment is held or reported: an "
        "address `http://…` or `https://…` of the operator's.",
    )
    webhook_secret: Text = Field(
        None, description="Signs what is sent there, by HMAC-SHA256; needed with the address."
    )
    akismet_key: Text = Field(
        None,
        description="Has Akismet asked about each new comment, in the background; what it takes "
        "for spam waits for a moderator.",
    )
    akismet_url: str = Field(
        "https://rest.akismet.com", description="Where Akismet answers; `https://` off loopback."
    )
    metrics_token: Text = Field(
        None,
        description="Lets a program on another machine read `/metrics`, as `Authorization: Bearer`"
        "; unset, only this machine may.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[Any, ...]:
        """Let `DISCUSS_X_FILE` name a file that holds the value of `DISCUSS_X`."""
        return init_settings, env_settings, _secret_files, dotenv_settings

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        if self.site_url is None:
            host = f"[{self.host}]" if ":" in self.host else self.host
            self.site_url = f"http://{host}:{self.port}"
        self.site_url = self.site_url.rstrip("/")
        address = urlsplit(self.site_url)
        if address.scheme not in {"http", "https"} or not address.hostname or address.path:
            raise ValueError(
                f"DISCUSS_SITE_URL is {self.site_url!r}; "
                "it must be http:// or https:// and a host, without a path"
            )
        if self.oidc_client_id and not self.oidc_issuer:
            raise ValueError("DISCUSS_OIDC_ISSUER is empty; DISCUSS_OIDC_CLIENT_ID needs it")
        if self.demo is None:
            self.demo = self.on_loopback and not self.configured_providers
        if self.demo and not self.on_loopback:
            raise ValueError(
                "DISCUSS_DEMO is on; stand-in providers sign anybody in, so they are allowed "
                "only while DISCUSS_SITE_URL is on loopback"
            )
        if self.demo_port is None:
            self.demo_port = self.port + 1
        if self.database_url is None:
            self.database_url = f"sqlite:///{(self.data_dir / 'discuss.db').resolve()}"
        elif not self.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError(
                "DISCUSS_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://"
            )
        for url in (self.replica_urls or "").split():
            if (url + self.database_url).count("postgresql+psycopg://") != 2:
                raise ValueError(
                    "DISCUSS_REPLICA_URLS must be addresses postgresql+psycopg://…, "
                    "parted by blanks, and DISCUSS_DATABASE_URL one too"
                )
        if self.secret_key and not self.on_loopback and len(self.secret_key) < WEAKEST_SECRET:
            raise ValueError(
                f"DISCUSS_SECRET_KEY has {len(self.secret_key)} characters; "
                f"a site off loopback needs at least {WEAKEST_SECRET} random ones"
            )
        return self

    @model_validator(mode="after")
    def _check_addresses_sent_to(self) -> Self:
        if self.webhook_url:
            hook = urlsplit(self.webhook_url)
            if hook.scheme not in {"http", "https"} or not hook.hostname:
                raise ValueError("DISCUSS_WEBHOOK_URL must be http:// or https:// and a host")
            if len(self.webhook_secret or "") < WEAKEST_SECRET:
                raise ValueError(
                    "DISCUSS_WEBHOOK_URL is set; DISCUSS_WEBHOOK_SECRET needs at least "
                    f"{WEAKEST_SECRET} random characters"
                )
        akismet = urlsplit(self.akismet_url)
        if akismet.scheme != "https" and akismet.hostname not in LOOPBACK:
            raise ValueError("DISCUSS_AKISMET_URL must be https:// and a host, or on loopback")
        return self

    @property
    def on_loopback(self) -> bool:
        """Whether the site's address is this machine's own."""
        return urlsplit(self.site_url or "").hostname in LOOPBACK

    @property
    def configured_providers(self) -> tuple[str, ...]:
        """The providers that the operator gave a client ID for, in the order of their buttons."""
        return tuple(name for name in PROVIDERS if getattr(self, f"{name}_client_id"))

    def secret(self) -> str:
        """Return the key that signs sessions, making and keeping one when none was set."""
        if self.secret_key:
            return self.secret_key
        self.data_dir.mkdir(parents=True, exist_ok=True)
        kept = self.data_dir / "secret.key"
        try:  # exclusive creation: of two processes that start at once, one writes
            descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return kept.read_text().strip()
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(WEAKEST_SECRET))
        return kept.read_text().strip()


def _secret_files() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in Settings.model_fields:
        variable = f"DISCUSS_{name.upper()}_FILE"
        if path := os.environ.get(variable):
            try:
                found[name] = Path(path).read_text().strip()
            except OSError as error:
                raise BadSetting(f"{variable} is {path!r}; {error.strerror}") from error
    return found


def load(**given: Any) -> Settings:
    """Read the settings, or say in one line which one is wrong.

    :raises BadSetting: with the setting's name, its value and what is allowed.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        if not first["loc"]:
            raise BadSetting(str(first["ctx"]["error"])) from None
        name = f"DISCUSS_{str(first['loc'][0]).upper()}"
        raise BadSetting(f"{name} is {first['input']!r}; {first['msg']}") from None


def settings() -> Settings:
    """Return the settings of the application that serves now."""
    found: Settings = current_app.extensions["settings"]
    return found
