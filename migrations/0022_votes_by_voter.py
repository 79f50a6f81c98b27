"""Whether somebody has voted in a thread is one look at an index, however many votes it has."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the index of who voted know where."""
    op.create_index("votes_by_voter", "votes", ["account_id", "letter_id"])
    op.drop_index("votes_by_account_id", "votes")
