"""A chain of hashes through the log of decisions, and the acts that answer those concerned."""

import hashlib
import json
import re
import secrets
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

GENESIS = "0" * 64
BATCH = 1_000
OFFICES = ("moderator", "administrator", "rule")
NEW_ACTS = (
    "appeal_upheld",
    "appeal_rejected",
    "appeal_reopened",
    "notice_upheld",
    "notice_rejected",
    "notice_reopened",
)

decisions = sa.table(
    "decisions",
    *(sa.column(name, sa.Integer) for name in ("id", "actor_id", "letter_id", "number")),
    *(sa.column(name, sa.Integer) for name in ("held_id", "subject_id", "undoes_id", "line")),
    *(sa.column(name, sa.String) for name in ("about", "act", "reason", "note", "before", "after")),
    *(sa.column(name, sa.String) for name in ("office", "salt", "seal", "previous", "hash")),
    *(sa.column(name, sa.DateTime(timezone=True)) for name in ("at", "until")),
)


def upgrade() -> None:
    """Make the columns and the chain's head, then chain what is there, the oldest first."""
    heads = op.create_table(
        "chain_heads",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("chain_heads_pkey")),
    )
    connection = op.get_bind()
    checks = sa.inspect(connection).get_check_constraints("decisions")
    # A scratch database, in which an old archive is migrated, has no table's name before it.
    (known,) = (one for one in checks if str(one["name"]).endswith("act_known"))
    # Whatever other migrations have added is kept.
    acts = (*re.findall(r"'(\w+)'", str(known["sqltext"])), *NEW_ACTS)
    name = op.f(str(known["name"]))
    with op.batch_alter_table("decisions") as table:
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, f"act IN {acts}")
        table.add_column(
            sa.Column("office", sa.String(length=20), nullable=False, server_default=OFFICES[0])
        )
        table.add_column(sa.Column("concerns_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("line", sa.Integer(), nullable=True))
        table.add_column(sa.Column("salt", sa.String(length=32), nullable=True))
        for column in ("seal", "previous", "hash"):
            table.add_column(sa.Column(column, sa.String(length=64), nullable=True))
        table.create_check_constraint(op.f("decisions_office_known"), f"office IN {OFFICES}")
        table.create_foreign_key(
            op.f("decisions_concerns_id_fkey"), "decisions", ["concerns_id"], ["id"]
        )
    op.create_index("decisions_by_line", "decisions", ["line"], unique=True)
    op.create_index("decisions_by_time", "decisions", ["at"])
    op.create_index("decisions_by_act", "decisions", ["act", "line"])
    op.create_index("decisions_by_concern", "decisions", ["concerns_id", "line"])
    line, last = chained(connection)
    op.bulk_insert(heads, [{"name": "decisions", "line": line, "hash": last}])


def chained(connection: sa.Connection) -> tuple[int, str]:
    """Chain every decision; return the last line's number and hash."""
    connection.exec_driver_sql(
        "UPDATE decisions SET office = 'administrator' WHERE actor_id IN"
        " (SELECT id FROM accounts WHERE role = 'administrator')"
    )
    line, last, previous_id = 0, GENESIS, 0
    lines: dict[int, int] = {}
    while rows := connection.execute(
        sa.select(decisions)
        .where(decisions.c.id > previous_id)
        .order_by(decisions.c.id)
        .limit(BATCH)
    ).all():
        for row in rows:
            line += 1
            lines[row.id] = line
            salt = secrets.token_hex(16)
            values = {"line": line, "salt": salt, "seal": sealed(row, salt), "previous": last}
            last = hash_of(row, values, lines.get(row.undoes_id))
            connection.execute(
                sa.update(decisions).where(decisions.c.id == row.id).values(**values, hash=last)
            )
        previous_id = rows[-1].id
    return line, last


def sealed(row: Any, salt: str) -> str:
    """Return the commitment to what of a line is not public."""
    private = [row.actor_id, row.subject_id, row.about, row.held_id, row.before, row.after]
    return sha256(f"{salt} {canonical([*private, row.note])}")


def hash_of(row: Any, values: dict[str, Any], undoes: int | None) -> str:
    """Return the hash of a line's public content."""
    content = {
        "line": values["line"],
        "at": moment(row.at),
        "act": row.act,
        "reason": row.reason,
        "by": row.office,
        "letter": row.letter_id,
        "number": row.number,
        "until": moment(row.until),
        "undoes": undoes,
        "concerns": None,
        "seal": values["seal"],
        "previous": values["previous"],
    }
    return sha256(canonical(content))


def moment(time: datetime | None) -> str | None:
    """Return a moment as the hashed content has it."""
    if time is None:
        return None
    known = time if time.tzinfo else time.replace(tzinfo=UTC)  # SQLite keeps no zone
    return known.astimezone(UTC).isoformat(timespec="microseconds")


def canonical(content: Any) -> str:
    """Return content as the same text for everybody."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def sha256(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
