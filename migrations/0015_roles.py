"""Moderators of given letters, changes of roles in the log, and the acts that are new to it."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

NEW_ACTS = (
    "redacted",
    "unredacted",
    "branch_locked",
    "branch_unlocked",
    "warned",
    "unwarned",
    "swept",
    "unswept",
    "granted",
)


def known_acts() -> tuple[str, list[str]]:
    """Return the check on the log's acts: its name, and those that it allows so far."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("decisions")
    # A scratch database, in which an old archive is migrated, has no table's name before it.
    (known,) = (one for one in checks if str(one["name"]).endswith("act_known"))
    return str(known["name"]), re.findall(r"'(\w+)'", str(known["sqltext"]))


def upgrade() -> None:
    """Make the columns and tables, and let the log hold the new acts and no actor."""
    op.add_column(
        "accounts",
        sa.Column("letters_only", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_table(
        "moderated_letters",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("moderated_letters_account_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letters.id"], name=op.f("moderated_letters_letter_id_fkey")
        ),
        sa.PrimaryKeyConstraint("account_id", "letter_id", name=op.f("moderated_letters_pkey")),
    )
    op.create_index(
        op.f("moderated_letters_by_letter_id"), "moderated_letters", ["letter_id"], unique=False
    )
    check, acts = known_acts()
    with op.batch_alter_table("decisions", recreate="auto") as decisions:
        decisions.drop_constraint(op.f(check), type_="check")
        decisions.create_check_constraint(op.f(check), sa.column("act").in_([*acts, *NEW_ACTS]))
        decisions.alter_column("actor_id", existing_type=sa.Integer(), nullable=True)
    op.create_table(
        "role_changes",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("role_changes_decision_id_fkey")
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("role_changes_pkey")),
    )
