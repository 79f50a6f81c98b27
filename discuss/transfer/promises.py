"""What a site has told the world, which rows of an older day must not take back.

A page's ETag, a comment's number and an account's id mean one thing for ever; a sign-in or a token
that was ended is ended. So before the rows are replaced this is noted in tables that go with the
connection, and afterwards the new rows are made to agree.
"""

import sqlalchemy as sa

_PROOFS = ("signins", "signin_links", "api_tokens", "moderator_feeds")
"""Tables of digests of what people show to prove who they are."""

_NOTES = (
    "CREATE TEMPORARY TABLE before_clocks AS SELECT name, value FROM clocks",
    "CREATE TEMPORARY TABLE before_letters AS SELECT slug, clock FROM letters",
    "CREATE TEMPORARY TABLE before_accounts AS SELECT id, created_at FROM accounts",
    *(
        f"CREATE TEMPORARY TABLE before_{proof} AS SELECT digest FROM {proof}"  # noqa: S608
        for proof in _PROOFS
    ),
)

_PROMISES = (
    # A letter's numbers go on behind all that were given, so that none is given twice.
    """
    UPDATE letters SET clock = (
        SELECT clock FROM before_letters WHERE before_letters.slug = letters.slug
    ) WHERE EXISTS (
        SELECT 1 FROM before_letters
        WHERE before_letters.slug = letters.slug AND before_letters.clock > letters.clock
    )
    """,
    # Above both, so that no page that anybody keeps is taken for one of these rows.
    "INSERT INTO clocks (name, value) SELECT 'site', 0"
    " WHERE NOT EXISTS (SELECT 1 FROM clocks WHERE name = 'site')",
    "INSERT INTO clocks (name, value) SELECT name, value FROM before_clocks"
    " WHERE name NOT IN (SELECT name FROM clocks)",
    """
    UPDATE clocks SET value = 1 + (
        SELECT max(both_values.value) FROM (
            SELECT name, value FROM before_clocks UNION ALL SELECT name, value FROM clocks
        ) AS both_values WHERE both_values.name = clocks.name
    )
    """,
    # Of an account that was here, only what still let it in; of others, as after a lost machine,
    # all that the backup has.
    *(
        f"""
        DELETE FROM {proof} WHERE digest NOT IN (SELECT digest FROM before_{proof})
        AND account_id IN (
            SELECT accounts.id FROM accounts JOIN before_accounts
            ON before_accounts.id = accounts.id
            AND before_accounts.created_at = accounts.created_at
        )
        """  # noqa: S608
        for proof in _PROOFS
    ),
)


def note(connection: sa.Connection) -> None:
    """Note what the site has promised, before its rows go."""
    for statement in _NOTES:
        connection.exec_driver_sql(statement)


def keep(connection: sa.Connection) -> None:
    """Make the rows that came agree with what was noted."""
    for statement in _PROMISES:
        connection.exec_driver_sql(statement)
