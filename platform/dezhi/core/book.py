"""A book as the state machine sees it: what a batch of commands touches in, and every row that it changes out.

Plain data. The rules are in `dezhi.core.ledger`, the tables these become in `dezhi.store.ledger`.
"""

from typing import Final, NamedTuple

import msgspec

from dezhi.core.body import Body, CapMove, CohortMove
from dezhi.core.events import (
    Holder,
    HolderId,
    HoldKind,
    HoldState,
    Kind,
    Outcome,
    Place,
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
    """Totals only ever grow; the balance is `credits - debits`, of which `held` is set aside.

    It may go below zero by `debt_limit`: what its programme allows (`overdraft`), or more while a reversal has left a
    greater debt. `frozen` counts the freezes of the whole account.
    """

    id: int
    key: AccountKey
    credits: int = 0
    debits: int = 0
    held: int = 0
    debt_limit: int = 0
    last_seq: int = 0
    overdraft: int = 0
    frozen: int = 0

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
        return self.key.holder_kind != HolderId.SYSTEM

    def ease(self) -> None:
        """Lower the debt limit by what has been paid back, down to what is allowed anyway."""
        self.debt_limit = max(self.overdraft, min(self.debt_limit, -self.free))


CohortKey = tuple[int, int, int]
"""(account, until, lapses)."""


class Cohort(msgspec.Struct):
    """A lot of an account: what was `granted` with last day `until`, `used` of it, and `reserved` by open holds.

    What an account holds beyond its lots is permanent. Debts count as permanent points below zero, but only when no
    lot has anything left: what comes later pays them first.
    """

    account: int
    until: int
    lapses: int
    granted: int = 0
    used: int = 0
    reserved: int = 0

    @property
    def key(self) -> CohortKey:
        return self.account, self.until, self.lapses

    @property
    def left(self) -> int:
        """What can still be spent of it."""
        return self.granted - self.used - self.reserved


class Held(msgspec.Struct):
    """A hold or a freeze: `seq` is the event that placed it, `lots` what that reserved.

    `whole` where a whole account is frozen. `captured` is what was spent of `amount` in the end.
    """

    seq: int
    order: str
    account: int
    asset: int
    amount: int
    programme: int
    version: int
    item: str
    place: Place | None
    kind: int = HoldKind.ORDER
    state: int = HoldState.OPEN
    captured: int = 0
    resolved_seq: int | None = None
    expires_at: int | None = None
    whole: bool = False
    lots: tuple[CohortMove, ...] = ()


class Target(msgspec.Struct, frozen=True):
    """An event already in the book that another one names.

    `caps` are what it used of allowances, `confirmed` the event that took it out of pending.
    """

    body: Body
    caps: tuple[CapMove, ...]
    reversed_by: int | None
    confirmed: Body | None = None


def place_of(body: Body) -> Place | None:
    """Where an event counts; None for one that counts nowhere."""
    if body.village is None:
        return None
    return Place(household=body.household or 0, village=body.village, grid=body.grid, person=body.person)


def held_of(body: Body, asset: int, *, state: int, captured: int, resolved_seq: int | None) -> Held:
    """The hold that an event placed, as it stands now. Raises `ValueError` for an event that placed none."""
    if body.held_from is None or body.held is None:
        raise ValueError(f"event {body.seq} holds nothing")
    return Held(
        seq=body.seq,
        order=body.order,
        account=body.held_from,
        asset=asset,
        amount=body.held,
        programme=body.programme,
        version=body.version,
        item=body.item,
        place=place_of(body),
        kind=HoldKind.FREEZE if body.kind == Kind.FREEZE else HoldKind.ORDER,
        state=state,
        captured=captured,
        resolved_seq=resolved_seq,
        expires_at=body.expires_at,
        whole=body.frozen is not None,
        lots=body.cohorts,
    )


class Remembered(NamedTuple):
    """What a key was used for, and what became of it."""

    digest: bytes
    outcome: Outcome


CapKey = tuple[str, int, str]
"""(rule, subject, period)."""


class Book(msgspec.Struct, frozen=True):
    """The head of a book. `next_seq - 1` events are in it; `frontier` is its tree, `region` the township it is of."""

    id: int
    next_seq: int
    next_account: int
    frontier: tuple[bytes, ...]
    last_posted_at: int
    closed_through: int = 0
    region: int = 0


class State(msgspec.Struct):
    """What a batch touches, as it stands in the book.

    `cohorts` are lots by account: what `lots_touched` names. `totals`, if asked for, are credits and debits over all
    accounts, by asset and role.
    """

    book: Book
    accounts: dict[AccountKey, Account] = {}
    by_id: dict[int, Account] = {}
    caps: dict[CapKey, int] = {}
    holds: dict[str, Held] = {}
    targets: dict[int, Target] = {}
    requests: dict[tuple[str, str], Remembered] = {}
    cohorts: dict[int, dict[CohortKey, Cohort]] = {}
    totals: dict[tuple[int, int], tuple[int, int]] = {}

    def add(self, account: Account) -> None:
        """Put in an account as it stands."""
        self.accounts[account.key] = self.by_id[account.id] = account

    def put(self, cohort: Cohort) -> None:
        """Put in a lot as it stands."""
        self.cohorts.setdefault(cohort.account, {})[cohort.key] = cohort


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
    cohorts: list[Cohort]
    holds: list[Held]
    reversals: list[tuple[int, int]]
    confirmations: list[tuple[int, int]]
