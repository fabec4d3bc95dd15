"""A book as the state machine sees it: what a batch of commands touches in, and every row that it changes out.

Plain data. The rules are in `dezhi.core.ledger`, the tables these become in `dezhi.store.ledger`.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

import msgspec

from dezhi.core.body import Body, Line
from dezhi.core.events import (
    Award,
    Capture,
    Command,
    Hold,
    Holder,
    HolderId,
    HoldState,
    Outcome,
    Place,
    Reverse,
    Role,
    Void,
)

SYSTEM: Final = Holder(HolderId.SYSTEM, 0)
"""Who holds the accounts that points come from and go to. They alone may be below zero."""


class AccountKey(NamedTuple):
    """What makes an account unique inside a book. Points of two programmes never share one."""

    programme: int
    holder_kind: int
    holder_id: int
    asset: int
    role: int


class Account(msgspec.Struct):
    """Totals only ever grow; the balance is `credits - debits`, of which `held` is set aside."""

    id: int
    key: AccountKey
    credits: int = 0
    debits: int = 0
    held: int = 0
    debt_limit: int = 0
    last_seq: int = 0

    @property
    def balance(self) -> int:
        """What the holder owns, set aside or not."""
        return self.credits - self.debits

    @property
    def free(self) -> int:
        """What can be spent now. For a holder's account never below minus the debt limit."""
        return self.balance - self.held

    @property
    def has_floor(self) -> bool:
        """Whether this is a holder's account, which can never be overdrawn."""
        return self.key.role in (Role.WALLET, Role.PENDING)


class Held(msgspec.Struct):
    """A hold: `seq` is the event that placed it."""

    seq: int
    order: str
    account: int
    asset: int
    amount: int
    programme: int
    version: int
    item: str
    place: Place
    state: int = HoldState.OPEN
    captured: int = 0
    resolved_seq: int | None = None


class Target(msgspec.Struct, frozen=True):
    """An event already in the book that a reversal names."""

    seq: int
    kind: int
    programme: int
    version: int
    item: str
    place: Place | None
    lines: tuple[Line, ...]
    caps: tuple[tuple[str, int, str, int], ...]
    reversed_by: int | None


class Remembered(NamedTuple):
    """What a key was used for, and what became of it."""

    digest: bytes
    outcome: Outcome


CapKey = tuple[str, int, str]
"""(rule, subject, period)."""


class Book(msgspec.Struct, frozen=True):
    """The head of a book. `next_seq - 1` events are in it; `frontier` is its tree."""

    id: int
    next_seq: int
    next_account: int
    frontier: tuple[bytes, ...]
    last_posted_at: int
    closed_through: int = 0


class State(msgspec.Struct):
    """What a batch touches, as it stands in the book."""

    book: Book
    accounts: dict[AccountKey, Account] = {}
    by_id: dict[int, Account] = {}
    caps: dict[CapKey, int] = {}
    holds: dict[str, Held] = {}
    targets: dict[int, Target] = {}
    requests: dict[tuple[str, str], Remembered] = {}


class TxnRow(NamedTuple):
    """An event as it will be stored: its body, and the columns projected from it."""

    body: Body
    data: bytes
    leaf: bytes
    text: str


class PostingRow(NamedTuple):
    """One movement as it will be stored. `dr_after`/`cr_after`: balance of a holder's account right after it."""

    seq: int
    line: int
    dr: int
    cr: int
    asset: int
    amount: int
    dr_after: int | None
    cr_after: int | None


class RequestRow(NamedTuple):
    """A key, what it was used for and what became of it."""

    source: str
    key: str
    digest: bytes
    outcome: Outcome


class Decision(NamedTuple):
    """Everything a batch changes, ready to be written in one transaction.

    `outcomes` are in the order of the commands; `at` is the batch's time, later than any before it in this book.
    """

    at: int
    outcomes: list[Outcome]
    book: Book
    txns: list[TxnRow]
    postings: list[PostingRow]
    requests: list[RequestRow]
    accounts: list[Account]
    caps: dict[CapKey, int]
    cap_uses: list[tuple[int, str, int, str, int]]
    holds: list[Held]
    reversals: list[tuple[int, int]]


class Touch(NamedTuple):
    """What must be read before a batch can be decided."""

    requests: set[tuple[str, str]]
    holders: set[int]
    caps: set[CapKey]
    orders: set[str]
    targets: set[int]


def touches(commands: Iterable[Command]) -> Touch:
    """What a batch touches. The store reads it and follows targets and orders to their accounts and caps.

    The commands have passed `dezhi.core.ledger.refusal`: what is read here fits into the database.
    """
    touch = Touch(set(), {SYSTEM.id}, set(), set(), set())
    for command in commands:
        touch.requests.add((command.source, command.key))
        for event in command.events:
            match event:
                case Award():
                    touch.holders.add(event.holder.id)
                    touch.caps.update((cap.rule, event.holder.id, cap.period) for cap in event.caps)
                case Hold():
                    touch.holders.add(event.holder.id)
                    touch.orders.add(event.order)
                case Capture() | Void():
                    touch.orders.add(event.order)
                case Reverse():
                    touch.targets.add(event.seq)
    return touch
