"""A ledger in the shape of pgledger, in a few lines of our own: one function, two accounts' row locks, five writes.

It keeps no key of the request, no hash and no proof, decides nothing but the balance, and waits at the issuing
account's row: what a good ledger inside PostgreSQL costs without batches.
"""

from pathlib import Path

from bench.yardsticks import DATABASE, Pgbench
from servers import PostgresServer

ACCOUNTS = 10_000
_TABLES = f"""
CREATE TABLE shape_account (
    id bigint PRIMARY KEY, name text NOT NULL, currency text NOT NULL, balance numeric NOT NULL,
    version bigint NOT NULL, floor numeric, updated_at timestamptz NOT NULL
);
CREATE TABLE shape_transfer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, giver bigint NOT NULL, taker bigint NOT NULL,
    amount numeric NOT NULL CHECK (amount > 0), event_at timestamptz NOT NULL, created_at timestamptz NOT NULL
);
CREATE TABLE shape_entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account bigint NOT NULL, transfer bigint NOT NULL,
    amount numeric NOT NULL, before numeric NOT NULL, after numeric NOT NULL, version bigint NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX shape_entry_account ON shape_entry (account, version);
CREATE INDEX shape_entry_transfer ON shape_entry (transfer);
INSERT INTO shape_account
    SELECT number, 'holder ' || number, 'points', 0, 0, NULL, now() FROM generate_series(1, {ACCOUNTS}) AS number;
"""
_FUNCTION = """
CREATE FUNCTION shape_award(giver bigint, taker bigint, amount numeric) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    number bigint;
    given shape_account;
    taken shape_account;
BEGIN
    PERFORM 1 FROM shape_account WHERE id IN (giver, taker) ORDER BY id FOR UPDATE;
    INSERT INTO shape_transfer (giver, taker, amount, event_at, created_at)
        VALUES (giver, taker, amount, now(), now()) RETURNING id INTO number;
    UPDATE shape_account SET balance = balance - amount, version = version + 1, updated_at = now()
        WHERE id = giver RETURNING * INTO given;
    IF given.balance < given.floor THEN
        RAISE EXCEPTION 'not enough';
    END IF;
    UPDATE shape_account SET balance = balance + amount, version = version + 1, updated_at = now()
        WHERE id = taker RETURNING * INTO taken;
    INSERT INTO shape_entry (account, transfer, amount, before, after, version, created_at)
        VALUES (giver, number, -amount, given.balance + amount, given.balance, given.version, now());
    INSERT INTO shape_entry (account, transfer, amount, before, after, version, created_at)
        VALUES (taker, number, amount, taken.balance - amount, taken.balance, taken.version, now());
    RETURN number;
END $$
"""
_SPREAD = f"""
\\set giver random(1, {ACCOUNTS // 2})
\\set taker random({ACCOUNTS // 2 + 1}, {ACCOUNTS})
SELECT shape_award(:giver, :taker, 5);
"""
_ISSUED = f"""
\\set taker random(2, {ACCOUNTS})
SELECT shape_award(1, :taker, 5);
"""


class Shape:
    """The tables and function in pgbench's database, and pgbench's scripts for it."""

    def __init__(self, server: PostgresServer, pgbench: Pgbench, folder: Path) -> None:
        """Make them; the scripts are kept in `folder`."""
        self._pgbench = pgbench
        self._spread, self._issued = folder / "spread.sql", folder / "issued.sql"
        self._spread.write_text(_SPREAD, encoding="utf-8")
        self._issued.write_text(_ISSUED, encoding="utf-8")
        with server.address.open(DATABASE) as db:
            db.execute(_TABLES.encode())
            db.execute(_FUNCTION.encode())
            db.execute("VACUUM ANALYZE shape_account")

    def spread(self, seconds: int) -> float:
        """Transfers a second between random accounts."""
        return self._pgbench.tps(self._spread, seconds)

    def issued(self, seconds: int) -> float:
        """Awards a second from one issuing account to random ones, as a programme issues its points."""
        return self._pgbench.tps(self._issued, seconds)
