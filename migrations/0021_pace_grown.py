"""A line of the log for each time that reports make a discussion slower."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the log have lines of this act beside those that it has."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("decisions")
    (check,) = (found for found in checks if str(found["name"]).endswith("act_known"))
    acts = [*re.findall(r"'(\w+)'", str(check["sqltext"])), "pace_grown"]
    with op.batch_alter_table("decisions") as decisions:
        decisions.drop_constraint(op.f(str(check["name"])), type_="check")
        decisions.create_check_constraint(op.f(str(check["name"])), sa.column("act").in_(acts))
