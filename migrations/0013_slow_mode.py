"""The pace of a discussion."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; no discussion that is there has a pace."""
    op.add_column("letters", sa.Column("pace", sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "letters",
        sa.Column("pace_grows", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "letters", sa.Column("grown_pace", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("letters", sa.Column("grown_until", sa.DateTime(timezone=True), nullable=True))
