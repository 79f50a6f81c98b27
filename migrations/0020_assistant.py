"""An assistant that learns from the log: what it may do, what it knows, and what it thinks."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and let the log have a line of each change."""
    op.create_table(
        "assistants",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("may_hold", sa.Boolean(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("assistants_pkey")),
    )
    counts = ("last_decision_id", "kept_count", "removed_count", "held_back_kept")
    more = ("held_back_removed", "word_count", "kept_words", "removed_words")
    op.create_table(
        "assistant_knowledge",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in (*counts, *more)),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("assistant_knowledge_pkey")),
    )
    op.create_table(
        "assistant_words",
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("assistant_words_pkey")),
    )
    make_opinions()
    allow_act("assistant_set")


def make_opinions() -> None:
    """Make the table of what is thought of comments."""
    table = "assistant_opinions"
    judges = sa.Enum(
        "assistant",
        "akismet",
        name="judge_known",
        native_enum=False,
        create_constraint=True,
        length=20,
    )
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("judge", judges, nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("held_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letters.id"], name=op.f("assistant_opinions_letter_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("assistant_opinions_account_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("assistant_opinions_pkey")),
    )
    op.create_index("assistant_opinions_by_comment", table, ["letter_id", "number"], unique=False)
    for column in ("held_id", "account_id", "at"):
        op.create_index(op.f(f"assistant_opinions_by_{column}"), table, [column], unique=False)


def allow_act(act: str) -> None:
    """Let the log have lines of this act beside those that it has."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("decisions")
    check = next(found for found in checks if "act_known" in str(found["name"]))
    acts = [*re.findall(r"'(\w+)'", str(check["sqltext"])), act]
    listed = ", ".join(f"'{one}'" for one in dict.fromkeys(acts))
    with op.batch_alter_table("decisions") as decisions:
        decisions.drop_constraint(op.f(str(check["name"])), type_="check")
        decisions.create_check_constraint(op.f(str(check["name"])), f"act IN ({listed})")
