"""Whom a reader mutes; the addresses of moderators' feeds, and the one-use links that were used."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "mutes",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("muted_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("mutes_account_id_fkey")
        ),
        sa.ForeignKeyConstraint(["muted_id"], ["accounts.id"], name=op.f("mutes_muted_id_fkey")),
        sa.PrimaryKeyConstraint("account_id", "muted_id", name=op.f("mutes_pkey")),
    )
    op.create_index(op.f("mutes_by_muted_id"), "mutes", ["muted_id"], unique=False)
    op.create_table(
        "moderator_feeds",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("moderator_feeds_account_id_fkey")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("moderator_feeds_pkey")),
        sa.UniqueConstraint("account_id", name=op.f("moderator_feeds_one_account_id")),
    )
    op.create_table(
        "used_links",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("used_links_pkey")),
    )
    op.create_index(op.f("used_links_by_used_at"), "used_links", ["used_at"], unique=False)
