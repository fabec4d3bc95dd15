"""Somebody who owns the machine and rewrites books: what triggers and grants cannot stop, and seals must show."""

from collections.abc import Iterator
from contextlib import contextmanager

from dezhi.core import tree
from dezhi.core.body import Line, decode, encode
from homes import Home, Raw

SEALS = ("checkpoint_book", "checkpoint", "tile")
HISTORY = ("txn", "posting", *SEALS)


class Forger:
    """Changes the database of a home past everything that guards it."""

    def __init__(self, home: Home) -> None:
        self._home = home

    @contextmanager
    def _open(self) -> Iterator[Raw]:
        with self._home.look(owner=True) as db:
            for table in HISTORY:
                if self._home.database_url:
                    db.execute(f"DROP TRIGGER IF EXISTS {table}_stays ON {table}")
                    continue
                for name in ("update", "delete", "replace"):
                    db.execute(f"DROP TRIGGER IF EXISTS {table}_no_{name}")
            yield db

    def flip_body(self, book: int, seq: int) -> None:
        """Change one bit of an entry's bytes."""
        with self._open() as db:
            data = self._body(db, book, seq)
            self._set_body(db, book, seq, data[:-3] + bytes([data[-3] ^ 1]) + data[-2:])

    def flip_head(self, book: int) -> None:
        """Change one bit of a book's head."""
        with self._open() as db:
            (row,) = db.execute(f"SELECT head FROM book WHERE book_id = {book}").fetchall()
            head = bytes(row["head"])
            self._run(db, f"UPDATE book SET head = ? WHERE book_id = {book}", bytes([head[0] ^ 1]) + head[1:])

    def flip_tile(self, book: int) -> None:
        """Change one bit of the first tile of a book's tree."""
        with self._open() as db:
            sql = f"SELECT hashes FROM tile WHERE book_id = {book} AND level = 0 AND idx = 0"
            (row,) = db.execute(sql).fetchall()
            hashes = bytes(row["hashes"])
            changed = bytes([hashes[0] ^ 1]) + hashes[1:]
            self._run(db, f"UPDATE tile SET hashes = ? WHERE book_id = {book} AND level = 0 AND idx = 0", changed)

    def rewrite(self, book: int, seq: int, *, amount: int) -> None:
        """Have an entry move another amount, and make leaves, tree and tiles as if it always had."""
        with self._open() as db:
            body = decode(self._body(db, book, seq))
            lines = tuple(Line(line.dr, line.cr, line.asset, amount) for line in body.lines)
            self._set_body(db, book, seq, encode(body._replace(lines=lines)))
            db.execute(f"DELETE FROM tile WHERE book_id = {book}")
            frontier: list[bytes] = []
            rows = db.execute(f"SELECT seq, body FROM txn WHERE book_id = {book} ORDER BY seq").fetchall()
            for size, row in enumerate(rows):
                leaf = tree.leaf_hash(bytes(row["body"]))
                self._run(db, f"UPDATE txn SET leaf = ? WHERE book_id = {book} AND seq = {row['seq']}", leaf)
                frontier = tree.append(frontier, size, leaf)
            self._run(db, f"UPDATE book SET head = ? WHERE book_id = {book}", tree.root(frontier))
            self._run(db, f"UPDATE book SET frontier = ? WHERE book_id = {book}", tree.pack(frontier))

    def forget_seals(self) -> None:
        """Make every seal undone."""
        with self._open() as db:
            for table in SEALS:
                db.execute(f"DELETE FROM {table}")

    def _body(self, db: Raw, book: int, seq: int) -> bytes:
        (row,) = db.execute(f"SELECT body FROM txn WHERE book_id = {book} AND seq = {seq}").fetchall()
        return bytes(row["body"])

    def _set_body(self, db: Raw, book: int, seq: int, data: bytes) -> None:
        self._run(db, f"UPDATE txn SET body = ? WHERE book_id = {book} AND seq = {seq}", data)

    def _run(self, db: Raw, sql: str, *args: bytes) -> None:
        db.execute(sql.replace("?", "%s") if self._home.database_url else sql, args)
