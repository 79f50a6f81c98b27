"""Comments that a moderator edited, and branches that take no more replies."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column and the tables."""
    op.add_column("comments", sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "redactions",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("redactions_decision_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id", "number"],
            ["comments.letter_id", "comments.number"],
            name=op.f("redactions_letter_id_number_fkey"),
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("redactions_pkey")),
    )
    op.create_index(
        "redactions_by_comment", "redactions", ["letter_id", "number", "decision_id"], unique=False
    )
    op.create_table(
        "branch_locks",
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id", "number"],
            ["comments.letter_id", "comments.number"],
            name=op.f("branch_locks_letter_id_number_fkey"),
        ),
        sa.PrimaryKeyConstraint("letter_id", "number", name=op.f("branch_locks_pkey")),
    )
