"""What was removed of an account in one act, to be put back in one."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "sweeps",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("ban_id", sa.Integer(), nullable=True),
        sa.Column(
            "way",
            sa.Enum(
                "removing",
                "removed",
                "restoring",
                "restored",
                name="way_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("sweeps_decision_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("sweeps_account_id_fkey")
        ),
        sa.ForeignKeyConstraint(["ban_id"], ["decisions.id"], name=op.f("sweeps_ban_id_fkey")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("sweeps_pkey")),
    )
    op.create_index(op.f("sweeps_by_account_id"), "sweeps", ["account_id"], unique=False)
    op.create_table(
        "swept_comments",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["sweeps.decision_id"], name=op.f("swept_comments_decision_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id", "number"],
            ["comments.letter_id", "comments.number"],
            name=op.f("swept_comments_letter_id_number_fkey"),
        ),
        sa.PrimaryKeyConstraint(
            "decision_id", "letter_id", "number", name=op.f("swept_comments_pkey")
        ),
    )
    op.create_index(
        "swept_comments_by_comment", "swept_comments", ["letter_id", "number"], unique=False
    )
    op.create_table(
        "swept_held_comments",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("held_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["sweeps.decision_id"],
            name=op.f("swept_held_comments_decision_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("decision_id", "held_id", name=op.f("swept_held_comments_pkey")),
    )
