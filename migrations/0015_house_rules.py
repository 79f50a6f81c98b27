"""The house rules that a publisher writes."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ACTS = ("house_rules_set",)


def upgrade() -> None:
    """Make the table; without rows the rules are those that the site comes with."""
    op.create_table(
        "house_rules",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("house_rules_pkey")),
    )
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
