"""Warnings, and the mark on an account that one waits to be read."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column and the table."""
    op.add_column(
        "accounts",
        sa.Column("has_warning", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_table(
        "warnings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "attack",
                "off_subject",
                "private",
                "illegal",
                "spam",
                "other",
                name="reason_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("warnings_account_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("warnings_pkey")),
    )
    op.create_index(op.f("warnings_by_account_id"), "warnings", ["account_id"], unique=False)
