"""A ledger of millions of postings in minutes: what the poster wrote, many times over.

The rows are the poster's own, copied block by block with other numbers, keys and days. Accounts, running balances and
the book's head follow, so that the poster goes on and a statement adds up; bodies, leaves and the tree are those of
the first block, so an audit of such a book would rightly fail.
"""

import secrets
from typing import Any

import psycopg

from dezhi.core.tree import HASH_BYTES

_DAY = "to_char(current_date - ({blocks} - k)::int, 'YYYYMMDD')::bigint"
_SHIFTED = {
    "seq": "seq + k * {size}",
    "first_seq": "first_seq + k * {size}",
    "last_seq": "last_seq + k * {size}",
    "key": "key || '-' || k",
    "event_day": _DAY,
    "period": _DAY + " / 100",
    "posted_at": "posted_at - ({blocks} - k) * 86400000000",
    "created_at": "created_at - ({blocks} - k) * 86400000000",
    "recorded_at": "recorded_at - ({blocks} - k) * 86400000000",
    "cr_after": "cr_after + k * credits",
}
"""What differs from block to block `k`, of which the last, number `blocks`, is of today."""

_TABLES = {
    "request": "SELECT * FROM request ORDER BY first_seq",
    "txn": "SELECT * FROM txn ORDER BY seq",
    "txn_text": "SELECT * FROM txn_text ORDER BY seq",
    "posting": (
        "SELECT p.*, a.credits FROM posting p JOIN account a ON a.book_id = p.book_id AND a.account_id = p.cr_account"
        " ORDER BY seq, line"
    ),
    "deed": "SELECT * FROM deed ORDER BY recorded_at",
}


def grow(db: psycopg.Connection[dict[str, Any]], postings: int) -> int:
    """Make a ledger's one book about so many `postings` long; returns how many it has then.

    It has awards only, of one posting each, and nobody else writes to it.
    """
    db.execute("SET session_replication_role = replica")  # without the triggers which keep history as it is
    (head,) = db.execute("SELECT next_seq - 1 AS size FROM book").fetchall()
    size = int(head["size"])
    blocks = max(1, round(postings / size)) - 1
    for table, first in _TABLES.items():
        db.execute(f"CREATE TABLE first_{table} AS {first}".encode())
        db.execute(f"TRUNCATE {table}".encode())
        columns = [
            row["name"]
            for row in db.execute(
                "SELECT attname AS name FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
                " AND NOT attisdropped ORDER BY attnum",
                [table],
            ).fetchall()
        ]
        values = ", ".join(_SHIFTED.get(name, name).format(size=size, blocks=blocks) for name in columns)
        db.execute(
            f"INSERT INTO {table} SELECT {values} FROM generate_series(0, {blocks}) AS k"
            # Depending on `k` only so that it is read once for each: the rows come in the order of their numbers.
            f" CROSS JOIN LATERAL (SELECT * FROM first_{table} OFFSET k * 0) AS first".encode()
        )
        db.execute(f"DROP TABLE first_{table}".encode())
    db.execute(
        "UPDATE account SET credits = credits * %(times)s, debits = debits * %(times)s, last_seq = last_seq + %(more)s",
        {"times": blocks + 1, "more": blocks * size},
    )
    total = size * (blocks + 1)
    frontier = secrets.token_bytes(HASH_BYTES * total.bit_count())
    db.execute("UPDATE book SET next_seq = %s, frontier = %s", [total + 1, frontier])
    db.execute("VACUUM ANALYZE")
    db.execute("CHECKPOINT")
    return total
