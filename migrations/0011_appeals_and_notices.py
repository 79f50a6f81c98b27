"""What people ask of moderators: appeals against decisions, and notices of illegal content."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "appeals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("appeals_account_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["decisions.id"], name=op.f("appeals_answer_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("appeals_decision_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("appeals_pkey")),
        sa.UniqueConstraint("decision_id", name=op.f("appeals_one_decision_id")),
    )
    op.create_index(op.f("appeals_by_account_id"), "appeals", ["account_id"])
    op.create_index("appeals_by_answer", "appeals", ["answer_id", "id"])
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("explanation", sa.String(length=2000), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("notices_account_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["decisions.id"], name=op.f("notices_answer_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id", "number"],
            ["comments.letter_id", "comments.number"],
            name=op.f("notices_letter_id_number_fkey"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("notices_pkey")),
        sa.UniqueConstraint("digest", name=op.f("notices_one_digest")),
    )
    op.create_index(op.f("notices_by_account_id"), "notices", ["account_id"])
    op.create_index("notices_by_answer", "notices", ["answer_id", "id"])
