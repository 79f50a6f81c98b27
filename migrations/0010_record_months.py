"""The public record's figures, counted once an hour."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "record_months",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("comments", sa.Integer(), nullable=False),
        sa.Column("removals", sa.JSON(), nullable=False),
        sa.Column("decided", sa.Integer(), nullable=False),
        sa.Column("half_within", sa.Integer(), nullable=False),
        sa.Column("most_within", sa.Integer(), nullable=False),
        sa.Column("upheld", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("record_months_pkey")),
    )
