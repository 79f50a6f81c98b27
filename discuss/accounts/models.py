"""People here, the providers' proofs bound to them, and where they are signed in."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from discuss.base import clock
from discuss.base.db import UTC, Base, enum_text

LONGEST_NAME = 60  # characters of a display name; longer ones push the time off a phone's line
TINTS = 5  # colours of faces in static/base/parts.css


class Role(StrEnum):
    """What an account may do; each may do what those before it may."""

    ACCOUNT = "account"
    MODERATOR = "moderator"
    PUBLISHER = "publisher"
    ADMINISTRATOR = "administrator"


class Account(Base):
    """A person's record here; who they are elsewhere is in their identities."""

    __tablename__ = "accounts"
    __table_args__ = ({"sqlite_autoincrement": True},)  # an id is somebody's for ever

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    role: Mapped[Role] = mapped_column(enum_text(Role), default=Role.ACCOUNT)
    letters_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a moderator decides under given letters alone, not on the whole site."""
    has_warning: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a moderator's warning waits to be read: pages look for it only then."""
    created_at: Mapped[datetime] = mapped_column(UTC, default=clock.now)
    identities: Mapped[list["Identity"]] = relationship(
        back_populates="account", order_by="Identity.id"
    )

    @property
    def is_moderator(self) -> bool:
        """May decide about comments."""
        return self.role in {Role.MODERATOR, Role.ADMINISTRATOR}

    @property
    def moderates_site(self) -> bool:
        """May decide about comments under every letter, and about accounts."""
        return self.is_administrator or (self.is_moderator and not self.letters_only)

    @property
    def is_publisher(self) -> bool:
        """May put letters online."""
        return self.role in {Role.PUBLISHER, Role.ADMINISTRATOR}

    @property
    def is_administrator(self) -> bool:
        """May give roles to others."""
        return self.role is Role.ADMINISTRATOR

    @property
    def initial(self) -> str:
        """The letter painted in the account's face."""
        return initial_of(self.name)

    @property
    def tint(self) -> int:
        """The colour of the account's face, 1 to 5, the same everywhere."""
        return tint_of(self.id)


class Identity(Base):
    """One provider's proof of who somebody is: (provider, issuer, subject), never an e-mail."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("provider", "issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    provider: Mapped[str] = mapped_column(String(20))
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))
    label: Mapped[str] = mapped_column(String(LONGEST_NAME))
    email: Mapped[str | None] = mapped_column(String(254))
    email_verified: Mapped[bool] = mapped_column(default=False)
    linked_at: Mapped[datetime] = mapped_column(UTC, default=clock.now)
    used_at: Mapped[datetime] = mapped_column(UTC, default=clock.now)
    account: Mapped[Account] = relationship(back_populates="identities")


class SignIn(Base):
    """One browser that is signed in; ends on the server when its row goes."""

    __tablename__ = "signins"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    identity_id: Mapped[int | None] = mapped_column(ForeignKey("identities.id"), index=True)
    device: Mapped[str] = mapped_column(String(80))
    began_at: Mapped[datetime] = mapped_column(UTC, default=clock.now)
    seen_at: Mapped[datetime] = mapped_column(UTC, default=clock.now)


class SignInLink(Base):
    """A link that signs one account in, once; `account_id` is empty for the first administrator."""

    __tablename__ = "signin_links"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    expires_at: Mapped[datetime] = mapped_column(UTC)
    used_at: Mapped[datetime | None] = mapped_column(UTC)


class ApiToken(Base):
    """A program's proof that it speaks for an account."""

    __tablename__ = "api_tokens"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UTC, default=clock.now)


class Leaving(Base):
    """An account on its way out; once it is gone, the record that a confirmation code is done."""

    __tablename__ = "leavings"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), unique=True)
    digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    keeps_words: Mapped[bool] = mapped_column(default=True)
    due_at: Mapped[datetime] = mapped_column(UTC, index=True)
    done_at: Mapped[datetime | None] = mapped_column(UTC)


def initial_of(name: str) -> str:
    """Return the first letter or digit of a name, upper-case, or a middle dot."""
    return next((sign.upper()[0] for sign in name if sign.isalnum()), "·")


def tint_of(number: int) -> int:
    """Return the colour of a face, 1 to 5, from an account's id."""
    return (number * 2654435761 >> 8) % TINTS + 1  # Knuth's multiplicative hash spreads neighbours


Index("accounts_by_role", Account.role)
