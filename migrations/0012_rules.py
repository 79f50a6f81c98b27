"""Rules that hold comments, what a decision changed of a setting, and longer reasons."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ACTS = ("held_by_rule", "rule_set", "pace_set", "house_rules_set")
KINDS = (
    "first",
    "links",
    "hosts",
    "words",
    "patterns",
    "pace",
    "repeated",
    "young",
    "old_letter",
    "reports",
)


def upgrade() -> None:
    """Make the tables; let a decision be a rule's, and a reason have several lines."""
    op.create_table(
        "screening_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                *KINDS, name="kind_known", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("trusted_after", sa.Integer(), nullable=True),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letters.id"], name=op.f("screening_rules_letter_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("screening_rules_pkey")),
    )
    op.create_index(
        op.f("screening_rules_by_letter_id"), "screening_rules", ["letter_id"], unique=False
    )
    op.create_table(
        "decision_changes",
        sa.Column("decision_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("decision_changes_decision_id_fkey")
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("decision_changes_pkey")),
    )
    lengthen_reasons()
    allow_acts(*ACTS)
    with op.batch_alter_table("decisions") as decisions:
        decisions.alter_column("actor_id", existing_type=sa.Integer(), nullable=True)


def lengthen_reasons() -> None:
    """Make room for several lines; no id of a held comment is given twice, now or later."""
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        op.alter_column("held_comments", "reason", type_=sa.String(500))
        return
    given = bind.scalar(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'held_comments'"))
    with op.batch_alter_table("held_comments", table_kwargs={"sqlite_autoincrement": True}) as held:
        held.alter_column("reason", type_=sa.String(500), existing_type=sa.String(200))
    if given:
        op.execute("DELETE FROM sqlite_sequence WHERE name = 'held_comments'")
        kept = sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES ('held_comments', :given)")
        bind.execute(kept, {"given": given})


def allow_acts(*new: str) -> None:
    """Let the log have lines of these acts beside those that it has."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("decisions")
    check = next(found for found in checks if "act_known" in str(found["name"]))
    acts = [*re.findall(r"'(\w+)'", str(check["sqltext"])), *new]
    listed = ", ".join(f"'{act}'" for act in dict.fromkeys(acts))
    with op.batch_alter_table("decisions") as decisions:
        decisions.drop_constraint(op.f(str(check["name"])), type_="check")
        decisions.create_check_constraint(op.f(str(check["name"])), f"act IN ({listed})")
