"""An index of the comments that cite a passage, which a letter's page counts."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

IS_CITED = "passage IS NOT NULL AND state = 'visible'"


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "comments_by_passage",
        "comments",
        ["letter_id", "passage", "score", "number"],
        unique=False,
        sqlite_where=sa.text(IS_CITED),
        postgresql_where=sa.text(IS_CITED),
    )
