"""Adding the books up again from their events, which alone are the truth: for backups, restores and audits.

Rows are taken as they stream by, in the order of their keys; memory grows with accounts, not with entries.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Final

from dezhi.core import tree
from dezhi.core.body import Body, Opening, decode
from dezhi.core.errors import Problem
from dezhi.core.events import HoldState, Kind
from dezhi.core.text import N_

_FIXED: Final = (
    "book_id", "period", "seq", "kind", "event_day", "posted_at", "source", "key", "programme", "version", "item",
    "actor", "proposer_person", "proposer_household", "approver_person", "household", "person", "grid", "village",
    "reverses", "order_ref", "salt",
)  # fmt: skip
"""What an event's row says once more beside its body, so that it can be searched: pages read this and not the body."""

_OF_LINES: Final = ("kind", "event_day", "programme", "item", "household", "person", "grid", "village")
"""The same of a posting's row."""

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "book": ("book_id", "next_seq", "frontier", "head"),
    "txn": ("body", "leaf", *_FIXED),
    "posting": ("book_id", "seq", "line", "dr_account", "cr_account", "asset", "amount", *_OF_LINES),
    "account": (
        *("book_id", "account_id", "credits", "debits", "held"),
        *("programme", "holder_kind", "holder_id", "asset", "role"),
    ),
    "hold": ("book_id", "account_id", "amount", "state", "order_ref", "hold_seq"),
    "reversal": ("book_id", "target_seq", "seq"),
}
"""The tables a recount reads, and what of them."""

_fixed: Final = attrgetter(*({"book_id": "book", "order_ref": "order"}.get(name, name) for name in _FIXED))
_of_lines: Final = attrgetter(*_OF_LINES)
_FAULTS_MAX: Final = 20


class _Bag:
    """A sum over things in whatever order they come."""

    def __init__(self) -> None:
        self.sum = 0

    def add(self, *thing: object) -> None:
        self.sum += int.from_bytes(hashlib.sha256(repr(thing).encode()).digest(), "big")


class _Book:
    """One book as its events tell it, beside what its other tables say."""

    def __init__(self) -> None:
        self.stored: tuple[int, bytes, bytes] | None = None
        self.events = 0
        self.last_posted_at = 0
        self.frontier: list[bytes] = []
        self.paid_in: defaultdict[int, int] = defaultdict(int)
        self.paid_out: defaultdict[int, int] = defaultdict(int)
        self.opened: dict[int, Opening] = {}
        self.accounts: set[int] = set()
        self.held: defaultdict[int, int] = defaultdict(int)
        self.told = hashlib.sha256()  # the lines as the events tell them
        self.posted = hashlib.sha256()  # the lines as they were posted
        self.linked = _Bag()  # what events say of holds and of what they reverse
        self.links = _Bag()  # what the tables of holds and reversals say
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
        try:
            for row in rows:
                take(*[row[place] for place in places])
        except TypeError:
            self._fault(N_("%(table)s里有一行缺了数。"), table=table)

    def _fault(self, text: str, **values: object) -> None:
        if len(self._faults) < _FAULTS_MAX:
            self._faults.append(Problem("recount", text, 422, None, None, **values))

    def _book(self, book_id: int, next_seq: int, frontier: bytes, head: bytes) -> None:
        self._books[book_id].stored = (next_seq, frontier, head)

    def _txn(self, data: bytes, leaf: bytes, *fixed: Any) -> None:
        book_id, seq = fixed[0], fixed[2]
        book = self._books[book_id]
        try:
            body: Body | None = decode(data)
        except ValueError:
            body = None
        if body is None or tree.leaf_hash(data) != leaf or _fixed(body) != fixed:
            self._fault(N_("账簿%(book)s第%(seq)s笔的原文被改过，或者坏了。"), book=book_id, seq=seq)
            return
        if seq != book.events + 1 or body.posted_at < book.last_posted_at:
            self._fault(N_("账簿%(book)s第%(seq)s笔前面缺了，或者时间倒了。"), book=book_id, seq=seq)
        book.frontier = tree.append(book.frontier, book.events, leaf)
        book.events += 1
        book.last_posted_at = body.posted_at
        book.opened.update((opening.account, opening) for opening in body.opened)
        if body.kind in (Kind.HOLD, Kind.FREEZE):
            book.linked.add("hold", body.order, seq, body.held_from, body.held)
        elif body.reverses is not None:
            book.linked.add("reversal", body.reverses, seq)
        told = _of_lines(body)
        for number, line in enumerate(body.lines):
            book.paid_out[line.dr] += line.amount
            book.paid_in[line.cr] += line.amount
            book.told.update(repr((seq, number, *line, *told)).encode())

    def _posting(self, book_id: int, *line: object) -> None:
        self._books[book_id].posted.update(repr(line).encode())

    def _hold(self, book_id: int, account_id: int, amount: int, state: int, order: str, seq: int) -> None:
        self._books[book_id].links.add("hold", order, seq, account_id, amount)
        if state == HoldState.OPEN:
            self._books[book_id].held[account_id] += amount

    def _reversal(self, book_id: int, target: int, seq: int) -> None:
        self._books[book_id].links.add("reversal", target, seq)

    def _account(self, *account: int) -> None:
        self._accounts.append(account)

    def faults(self) -> Sequence[Problem]:
        """What does not add up, in words, the first twenty; empty when every book is sound. To be asked once."""
        for account in self._accounts:
            self._check_account(*account)
        for number, book in sorted(self._books.items()):
            self._check_book(number, book)
        return self._faults

    def heads(self) -> Mapping[int, tuple[int, str]]:
        """Where each book stands: how many events, and the root (hexadecimal) of its log."""
        return {number: (one.events, tree.root(one.frontier).hex()) for number, one in self._books.items()}

    def _check_account(self, book_id: int, account: int, credits_: int, debits: int, held: int, *whose: int) -> None:
        book = self._books[book_id]
        opening = Opening(account, *whose)
        book.accounts.add(account)
        book.totals[opening.asset] += credits_ - debits
        if book.opened.get(account, opening) != opening:
            self._fault(N_("账簿%(book)s第%(account)s号账户不是原文里说的那一户的。"), book=book_id, account=account)
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
        if book.linked.sum != book.links.sum:
            self._fault(N_("账簿%(book)s的预留或冲正和原文不一样。"), book=number)
        if book.opened.keys() != book.accounts:
            self._fault(N_("账簿%(book)s的账户和原文里开的不一样。"), book=number)
        if any(book.totals.values()):
            self._fault(N_("账簿%(book)s的收支合计不是零。"), book=number)
