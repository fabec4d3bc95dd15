"""Tokens with which programs call the API, and the answers to their writes outside the ledger.

The ledger remembers its own requests; `api_request` does so for everything else, in the same transaction as the write.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from dezhi.store.ddl import build

ID = "2026-11-22T06:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "tokens of the API, and the answers to its writes"

STATEMENTS = (
    """
    CREATE TABLE api_token (
        id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
        owner BIGINT NOT NULL REFERENCES staff (id),
        name VARCHAR(60) NOT NULL CHECK (name <> ''),
        digest VARCHAR(64) NOT NULL CHECK (length(digest) = 64),
        scopes VARCHAR(200) NOT NULL CHECK (scopes <> ''),
        region BIGINT REFERENCES region (id),
        made_at TIMESTAMPTZ NOT NULL,
        expires_at TIMESTAMPTZ NOT NULL,
        revoked_at TIMESTAMPTZ,
        used_on DATE
    )
    """,
    "CREATE INDEX api_token_owner ON api_token (owner)",
    """
    CREATE TABLE api_request (
        token BIGINT NOT NULL REFERENCES api_token (id),
        key VARCHAR(64) NOT NULL CHECK (key <> ''),
        digest VARCHAR(64) NOT NULL,
        answer {bytes} NOT NULL,
        made_at TIMESTAMPTZ NOT NULL,
        PRIMARY KEY (token, key)
    )
    """,
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="dezhi", description=DESCRIPTION)

    async def create() -> None:
        await build(STATEMENTS)

    manager.add_raw(create)
    return manager
