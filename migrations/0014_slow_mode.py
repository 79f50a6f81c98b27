"""The pace of a discussion."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ACTS = ("pace_set",)


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
    allow_acts(*ACTS)


def allow_acts(*new: str) -> None:
    """Let the log have lines of these acts beside those that it has."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("decisions")
    check = next(found for found in checks if "act_known" in str(found["name"]))
    acts = [*re.findall(r"'(\w+)'", str(check["sqltext"])), *new]
    listed = ", ".join(f"'{act}'" for act in dict.fromkeys(acts))
    with op.batch_alter_table("decisions") as decisions:
        decisions.drop_constraint(op.f(str(check["name"])), type_="check")
        decisions.create_check_constraint(op.f(str(check["name"])), f"act IN ({listed})")
