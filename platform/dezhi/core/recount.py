"""Adding the books up again from their events, which alone are the truth: for backups, restores and audits.

Rows are taken as they stream by, in the order of their keys; memory grows with accounts, not with entries.
"""

import hashlib
import struct
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from dezhi.core import tree
from dezhi.core.body import Body, decode
from dezhi.core.errors import Problem
from dezhi.core.events import HoldState
from dezhi.core.text import N_

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "book": ("book_id", "next_seq", "frontier", "head"),
    "txn": ("book_id", "seq", "posted_at", "body", "leaf"),
    "posting": ("book_id", "seq", "line", "dr_account", "cr_account", "asset", "amount"),
    "account": ("book_id", "account_id", "asset", "credits", "debits", "held"),
    "hold": ("book_id", "account_id", "amount", "state"),
}
"""The tables a recount reads, and what of them."""

_LINE: Final = struct.Struct(">6q")
_FAULTS_MAX: Final = 20


class _Book:
    """One book as its events tell it, beside what its other tables say."""

    def __init__(self) -> None:
        self.stored: tuple[int, bytes, bytes] | None = None
        self.events = 0
        self.last_posted_at = 0
        self.frontier: list[bytes] = []
        self.paid_in: defaultdict[int, int] = defaultdict(int)
        self.paid_out: defaultdict[int, int] = defaultdict(int)
        self.opened: set[int] = set()
        self.accounts: set[int] = set()
        self.held: defaultdict[int, int] = defaultdict(int)
        self.told = hashlib.sha256()  # the lines as the events tell them
        self.posted = hashlib.sha256()  # the lines as they were posted
        self.totals: defaultdict[int, int] = defaultdict(int)


class Recount:
    """Takes the rows of `COLUMNS`' tables, each table in the order of its key; `faults` says what does not add up."""

    def __init__(self) -> None:
        self._books: defaultdict[int, _Book] = defaultdict(_Book)
        self._accounts: list[tuple[int, ...]] = []
        self._faults: list[Problem] = []

    def take(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Take some rows of a table, whose values come in the order of `columns`; other tables are passed over."""
        wanted = COLUMNS.get(table)
        if wanted is None:
            return
        places = [columns.index(name) for name in wanted]
        take = getattr(self, f"_{table}")
        for row in rows:
            take(*[row[place] for place in places])

    def _fault(self, text: str, **values: object) -> None:
        if len(self._faults) < _FAULTS_MAX:
            self._faults.append(Problem("recount", text, 422, None, None, **values))

    def _book(self, book_id: int, next_seq: int, frontier: bytes, head: bytes) -> None:
        self._books[book_id].stored = (next_seq, frontier, head)

    def _txn(self, book_id: int, seq: int, posted_at: int, data: bytes, leaf: bytes) -> None:
        book = self._books[book_id]
        try:
            body: Body | None = decode(data)
        except ValueError:
            body = None
        if body is None or tree.leaf_hash(data) != leaf or (body.book, body.seq) != (book_id, seq):
            self._fault(N_("账簿%(book)s第%(seq)s笔的原文被改过，或者坏了。"), book=book_id, seq=seq)
            return
        if seq != book.events + 1 or posted_at < book.last_posted_at or body.posted_at != posted_at:
            self._fault(N_("账簿%(book)s第%(seq)s笔前面缺了，或者时间倒了。"), book=book_id, seq=seq)
        book.frontier = tree.append(book.frontier, book.events, leaf)
        book.events += 1
        book.last_posted_at = posted_at
        book.opened.update(opening.account for opening in body.opened)
        for number, line in enumerate(body.lines):
            book.paid_out[line.dr] += line.amount
            book.paid_in[line.cr] += line.amount
            book.told.update(_LINE.pack(seq, number, *line))

    def _posting(self, book_id: int, *line: int) -> None:
        self._books[book_id].posted.update(_LINE.pack(*line))

    def _hold(self, book_id: int, account_id: int, amount: int, state: int) -> None:
        if state == HoldState.OPEN:
            self._books[book_id].held[account_id] += amount

    def _account(self, *account: int) -> None:
        self._accounts.append(account)

    def faults(self) -> Sequence[Problem]:
        """What does not add up, in words, the first twenty; empty when every book is sound. To be asked once."""
        for account in self._accounts:
            self._check_account(*account)
        for number, book in sorted(self._books.items()):
            self._check_book(number, book)
        return self._faults

    def _check_account(self, book_id: int, account: int, asset: int, credits_: int, debits: int, held: int) -> None:
        book = self._books[book_id]
        book.accounts.add(account)
        book.totals[asset] += credits_ - debits
        if (credits_, debits) != (book.paid_in[account], book.paid_out[account]):
            self._fault(
                N_("账簿%(book)s第%(account)s号账户是%(is)s，按分录重新加是%(should)s。"),
                book=book_id,
                account=account,
                **{"is": credits_ - debits, "should": book.paid_in[account] - book.paid_out[account]},
            )
        if held != book.held[account]:
            self._fault(N_("账簿%(book)s第%(account)s号账户预留的数目不对。"), book=book_id, account=account)

    def _check_book(self, number: int, book: _Book) -> None:
        if book.stored is None:
            self._fault(N_("账簿%(book)s有账目，却没有这本账簿。"), book=number)
            return
        next_seq, frontier, head = book.stored
        if next_seq != book.events + 1:
            self._fault(
                N_("账簿%(book)s应当有%(should)s笔，只有%(is)s笔。"),
                book=number,
                **{"should": next_seq - 1, "is": book.events},
            )
        if (frontier, head) != (tree.pack(book.frontier), tree.root(book.frontier)):
            self._fault(N_("账簿%(book)s的封签和重新算出的不一样。"), book=number)
        if book.told.digest() != book.posted.digest():
            self._fault(N_("账簿%(book)s的分录和原文不一样。"), book=number)
        if book.opened != book.accounts:
            self._fault(N_("账簿%(book)s的账户和原文里开的不一样。"), book=number)
        if any(book.totals.values()):
            self._fault(N_("账簿%(book)s的收支合计不是零。"), book=number)
