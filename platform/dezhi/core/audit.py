"""Deriving a book again from the bodies of its events, which alone are the truth, and naming every row that differs.

Rows come as they stream by, in the order of their keys. Why so: docs/adr/0072-audit.md.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from dezhi.core import tree
from dezhi.core.body import decode
from dezhi.core.comparing import COLUMNS, UNTOLD, Row, compare, named
from dezhi.core.deriving import Deriving, Standing
from dezhi.core.faults import Fault, Faults

_BODY: Final = COLUMNS["txn"].index("body")
_SEQ: Final = COLUMNS["txn"].index("seq")
_GAP_MAX: Final = 20
"""Missing events of one gap that are named."""


class BookAudit:
    """One book. Takes its events, says which postings they should have, and in the end which rows of other tables."""

    def __init__(self, standing: Standing, faults: Faults) -> None:
        self.standing = standing
        self.faults = faults
        self.made = Deriving(standing, faults)
        self._old_format: set[int] = set()  # events whose uses of allowances the rows of `cap_use` tell
        self._digests: dict[int, tuple[bytes, bytes]] = {}  # salt and digest of events' texts
        self._odd_rows: dict[tuple[str, int], list[Row]] = {}  # texts and uses whose event has not come
        self._sealed: list[bytes] | None = None  # the log over the leaves as stored, once one of them differs
        self._odd: list[Fault] = []  # of leaves that differ: it is either the leaf or the body
        self._gaps: list[tuple[int, int]] = []

    # ── events ──

    def take(self, rows: Iterable[Row]) -> list[Row]:
        """Derive from the next events; return the postings that they should have."""
        self.made.postings = []
        at = self.standing
        for row in rows:
            at.last = (row[1], row[2])
            data = row[_BODY]
            leaf = tree.leaf_hash(data)
            try:
                body = decode(data)
            except ValueError:
                self.faults.row("unreadable", "txn", named("txn", row))
                # The log goes on with the leaf that was made of it when it could still be read.
                if self._in_order(row[_SEQ]):
                    self._append(row[-1], row[-1])
                continue
            derived = (*body[:8], *body[9:22], body.salt, data, leaf)
            if tuple(row) != derived:
                self._differs(row, derived)
                if body.book != at.book:
                    continue
            place = body.seq if leaf == row[-1] else row[_SEQ]
            if self._in_order(place):
                self._append(leaf, row[-1])
            elif not self._found_late(row, place):
                continue
            if body.text_digest:
                self._digests[body.seq] = (body.salt, body.text_digest)
            if data[0] == 1:
                self._old_format.add(body.seq)
            self.made.apply(body, data[0])
        return self.made.postings

    def _differs(self, row: Row, derived: Row) -> None:
        for column, stored, told in zip(COLUMNS["txn"], row, derived, strict=True):
            if stored == told:
                continue
            fault = self.faults.column("txn", named("txn", row), column, stored, told)
            if column == "leaf":
                self._odd.append(fault)

    def _append(self, leaf: bytes, stored: bytes) -> None:
        at = self.standing
        if leaf != stored and self._sealed is None:
            self._sealed = list(at.frontier)
        if self.made.whole:
            if self._sealed is not None:
                self._sealed = tree.append(self._sealed, at.size, stored)
            at.frontier = tree.append(at.frontier, at.size, leaf)
        at.size += 1

    def _in_order(self, place: int) -> bool:
        """Whether an event comes at its place or later; then what should have come before it is noted as missing."""
        at = self.standing
        if place <= at.size:
            return False
        if place > at.size + 1:
            self._gaps.append((at.size + 1, place - 1))
            self.made.whole = False
            at.size = place - 1
        return True

    def _found_late(self, row: Row, place: int) -> bool:
        """Whether an event that comes too late was missed before; one that comes again is told."""
        for number, (first, last) in enumerate(self._gaps):
            if first <= place <= last:
                self._gaps[number : number + 1] = [
                    gap for gap in ((first, place - 1), (place + 1, last)) if gap[0] <= gap[1]
                ]
                return True
        self.faults.row("extra", "txn", named("txn", row))
        return False

    # ── what goes with events ──

    def beside(self, texts: Iterable[Row], uses: Iterable[Row]) -> None:
        """The texts, and the uses of allowances as of format 1, of events up to the last one taken.

        A text that was erased is simply not there.
        """
        for row in texts:
            self._text(row)
        for row in uses:
            self._use(row)
        for (table, seq), rows in list(self._odd_rows.items()):
            known = self._digests if table == "txn_text" else self._old_format
            if seq in known:
                del self._odd_rows[table, seq]
                for row in rows:
                    self._text(row) if table == "txn_text" else self._use(row)
        last = self.standing.last[1]
        self._digests = {seq: one for seq, one in self._digests.items() if seq > last}
        self._old_format = {seq for seq in self._old_format if seq > last}

    def _text(self, row: Row) -> None:
        if row[1] not in self._digests:
            self._odd_rows.setdefault(("txn_text", row[1]), []).append(row)
            return
        salt, wanted = self._digests[row[1]]
        if hashlib.sha256(salt + row[2].encode()).digest() != wanted:
            self.faults.column("txn_text", named("txn_text", row), "text", row[2], f"sha256 {wanted.hex()}")

    def _use(self, row: Row) -> None:
        if row[1] not in self._old_format:
            self._odd_rows.setdefault(("cap_use", row[1]), []).append(row)
            return
        self.made.fresh.uses.append(row)
        key = (row[2], row[3], row[4])
        self.made.fresh.caps[key] = self.made.fresh.caps.get(key, 0) + row[5]

    # ── the end ──

    def end(self, stored: Row | None, columns: Sequence[str], form: int) -> None:
        """Hold the book's own row against the events, once all of them were taken.

        `form` is the format of its newest bodies.
        """
        at = self.standing
        told = dict(zip(columns, stored or (), strict=False))
        self._settle_leaves(told)
        for first, last in self._gaps:
            self._missing(first, last)
        for (table, _), rows in self._odd_rows.items():
            for row in rows:
                self.faults.row("extra", table, named(table, row))
        if stored is None:
            self.faults.row("missing", "book", {"book_id": at.book})
            return
        root = tree.root(at.frontier)
        derived: dict[str, object] = {
            "book_id": at.book,
            "next_seq": at.size + 1,
            "next_account": at.next_account,
            "last_posted_at": at.last_posted_at,
            "closed_through": at.closed_through,
            "region_id": UNTOLD if at.region is None else at.region,
            "format": form,
        }
        if told["next_seq"] - 1 > at.size and self.made.whole and told["head"] != root:
            # The log is longer than what is left of it: its end was cut off.
            self._missing(at.size + 1, told["next_seq"] - 1)
        # A log with a gap has no root, and one whose leaves are as they were sealed has the stored one.
        elif self.made.whole and (self._sealed is None or tree.root(self._sealed) != told["head"]):
            derived |= {"frontier": tree.pack(at.frontier), "head": root}
        compare(self.faults, "book", columns, stored, [derived.get(column, UNTOLD) for column in columns])

    def _missing(self, first: int, last: int) -> None:
        for seq in range(first, min(last, first + _GAP_MAX - 1) + 1):
            self.faults.row("missing", "txn", {"book_id": self.standing.book, "seq": seq})
        if last - first >= _GAP_MAX:
            rest = f"{first + _GAP_MAX}-{last}"
            self.faults.row("missing", "txn", {"book_id": self.standing.book, "seq": rest})

    def _settle_leaves(self, told: Mapping[str, Any]) -> None:
        """Where a leaf and its body disagree, and the log was made of the leaves as they are: it is the body."""
        if self._sealed is None or not self.made.whole or tree.root(self._sealed) != told.get("head"):
            return
        for fault in self._odd:
            self.faults.put_right(
                fault, msgspec.structs.replace(fault, column="body", stored=fault.derived, derived=fault.stored)
            )
