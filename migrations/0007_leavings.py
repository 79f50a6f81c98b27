"""Accounts on their way out."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "leavings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("keeps_words", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("leavings_account_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("leavings_pkey")),
        sa.UniqueConstraint("account_id", name=op.f("leavings_one_account_id")),
        sa.UniqueConstraint("digest", name=op.f("leavings_one_digest")),
    )
    op.create_index(op.f("leavings_by_due_at"), "leavings", ["due_at"], unique=False)
