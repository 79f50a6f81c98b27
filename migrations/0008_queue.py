"""What the moderators' queue is read by, however long it is; and who is looking at what."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WAITS = "refused_at IS NULL"
IS_OPEN = "decision_id IS NULL"
IS_ANSWERED = "decision_id IS NOT NULL"
IS_REMOVED = "state = 'removed'"
WAS_HELD = "held_id IS NOT NULL"


def upgrade() -> None:
    """Make the table and the indexes; drop those that they replace."""
    op.create_table(
        "claims",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("claims_account_id_fkey")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("claims_pkey")),
    )
    op.drop_index("held_comments_by_wait", "held_comments")
    op.drop_index("reports_by_decision", "reports")  # SQLite would look there for what is open
    for name, table, columns, condition in (
        ("held_comments_waiting", "held_comments", ["posted_at", "id"], WAITS),
        ("held_comments_waiting_on", "held_comments", ["letter_id", "posted_at", "id"], WAITS),
        ("held_comments_waiting_of", "held_comments", ["account_id", "posted_at", "id"], WAITS),
        ("reports_open", "reports", ["id"], IS_OPEN),
        ("reports_open_on", "reports", ["letter_id", "id"], IS_OPEN),
        ("reports_answered", "reports", ["decision_id"], IS_ANSWERED),
        ("comments_removed_of", "comments", ["account_id"], IS_REMOVED),
        ("decisions_by_held", "decisions", ["held_id", "id"], WAS_HELD),
    ):
        op.create_index(
            name,
            table,
            columns,
            unique=False,
            sqlite_where=sa.text(condition),
            postgresql_where=sa.text(condition),
        )
