"""The books as one would keep them on paper, from what was asked: no bodies, no counters, no batches.

Only what expires is taken from the entry itself: which lots are how old is for the model of tests/properties.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dezhi.core.events import (
    Award,
    Capture,
    Close,
    Confirm,
    Event,
    Expire,
    Freeze,
    Hold,
    Lapse,
    Reverse,
    Transfer,
    Void,
)

Wallet = tuple[int, int]
"""A household and an asset."""


class Entry(NamedTuple):
    """An event as it was booked. `moved` is what an expiry took from which wallet."""

    seq: int
    event: Event
    at: int
    moved: tuple[Wallet, int] | None = None


class Order(NamedTuple):
    """What is set aside. `expires_at` is in microseconds since 1970."""

    wallet: Wallet
    amount: int
    expires_at: int | None = None
    whole: bool = False


class Paper:
    """Enters events in the order of their numbers. Raises `AssertionError` for one that should have been refused."""

    def __init__(self) -> None:
        self.owned: Counter[Wallet] = Counter()
        self.held: Counter[Wallet] = Counter()
        self.pending: Counter[Wallet] = Counter()
        self.issued: Counter[int] = Counter()
        self._entries: dict[int, Entry] = {}
        self._orders: dict[str, Order] = {}
        self._spent: dict[int, tuple[Wallet, int]] = {}
        self._done: set[str] = set()
        self._undone: set[int] = set()
        self._confirmed: set[int] = set()
        self._frozen: Counter[Wallet] = Counter()
        self._caps: Counter[tuple[str, int, str]] = Counter()

    def enter(self, entry: Entry) -> None:
        """Enter one event under its number."""
        seq, event, at, _ = entry
        match event:
            case Award():
                self._award(event)
            case Confirm():
                self._confirm(event)
            case Hold() | Freeze():
                self._set_aside(event, at)
            case Capture() | Void() | Lapse():
                self._settle(seq, event, at)
            case Expire():
                self._expire(entry)
            case Reverse():
                self._reverse(event)
            case Transfer():
                self.owned[(event.giver.id, int(event.asset))] -= event.amount
                self.owned[(event.taker.id, int(event.asset))] += event.amount
                assert self.owned[(event.giver.id, int(event.asset))] >= 0, f"given and not there: {seq}"
            case Close():
                pass
            case _:
                raise AssertionError(f"nobody asked for {event}")
        self._entries[seq] = entry

    def free(self, wallet: Wallet) -> int:
        """What can be spent."""
        return self.owned[wallet] - self.held[wallet]

    def _award(self, event: Award) -> None:
        for cap in event.caps:
            self._caps[(cap.rule, event.holder.id, cap.period)] += cap.add
            assert self._caps[(cap.rule, event.holder.id, cap.period)] <= cap.limit, f"over the limit: {event}"
        for asset, amount in event.lines:
            (self.pending if event.pending else self.owned)[(event.holder.id, asset)] += amount
            self.issued[asset] += amount

    def _confirm(self, event: Confirm) -> None:
        target = self._entries[event.seq].event
        assert isinstance(target, Award)
        assert target.pending, f"confirmed and was not pending: {event.seq}"
        assert event.seq not in self._confirmed | self._undone, f"confirmed although done with: {event.seq}"
        self._confirmed.add(event.seq)
        for asset, amount in target.lines:
            self.pending[(target.holder.id, asset)] -= amount
            self.owned[(target.holder.id, asset)] += amount

    def _set_aside(self, event: Hold | Freeze, at: int) -> None:
        wallet = (event.holder.id, int(event.asset))
        assert event.order not in self._orders, f"an order twice: {event.order}"
        whole = event.amount is None
        amount = max(0, self.free(wallet)) if event.amount is None else event.amount
        expires_at = None
        if isinstance(event, Hold):
            assert not self._frozen[wallet], f"set aside although frozen: {event.order}"
            expires_at = event.expires_at
            assert expires_at is None or expires_at > at, f"set aside and over: {event.order}"
        self._orders[event.order] = Order(wallet, amount, expires_at, whole)
        self._frozen[wallet] += whole
        self.held[wallet] += amount
        assert self.free(wallet) >= 0, f"more set aside than is there: {event.order}"

    def _settle(self, seq: int, event: Capture | Void | Lapse, at: int) -> None:
        wallet, amount, expires_at, whole = self._orders[event.order]
        assert event.order not in self._done, f"an order done twice: {event.order}"
        self._done.add(event.order)
        self.held[wallet] -= amount
        self._frozen[wallet] -= whole
        late = expires_at is not None and expires_at <= at
        assert late or not isinstance(event, Lapse), f"lapsed before its time: {event.order}"
        if isinstance(event, Capture):
            assert not late, f"handed over after its time: {event.order}"
            spent = amount if event.amount is None else event.amount
            assert spent <= amount, f"more handed over than set aside: {event.order}"
            self.owned[wallet] -= spent
            self._spent[seq] = (wallet, spent)

    def _expire(self, entry: Entry) -> None:
        assert entry.moved is not None
        wallet, amount = entry.moved
        assert 0 < amount <= self.free(wallet), f"more expired than is free: {entry.seq}"
        self.owned[wallet] -= amount
        self._spent[entry.seq] = (wallet, amount)

    def _reverse(self, event: Reverse) -> None:
        assert event.seq not in self._undone, f"reversed twice: {event.seq}"
        self._undone.add(event.seq)
        target = self._entries[event.seq].event
        if not isinstance(target, Award):
            wallet, amount = self._spent[event.seq]
            self.owned[wallet] += amount
            return
        for cap in target.caps:
            self._caps[(cap.rule, target.holder.id, cap.period)] -= cap.add
        for asset, amount in target.lines:
            wallet = (target.holder.id, int(asset))
            self.issued[asset] -= amount
            if target.pending and event.seq not in self._confirmed:
                self.pending[wallet] -= amount
            else:
                # What is spent or set aside is gone, and written off.
                self.owned[wallet] -= max(0, min(amount, self.free(wallet)))

    def compare(self, accounts: Sequence[Mapping[str, Any]]) -> None:
        """Hold the rows of the table `account` against the paper: wallets (role 1), pending (2), issued (3)."""
        of = {role: [row for row in accounts if row["role"] == role] for role in (1, 2, 3)}
        owned, pending, held = (
            {(row["holder_id"], row["asset"]): row["credits"] - row["debits"] for row in of[1]},
            {(row["holder_id"], row["asset"]): row["credits"] - row["debits"] for row in of[2]},
            {(row["holder_id"], row["asset"]): row["held"] for row in of[1]},
        )
        issued = {row["asset"]: row["debits"] - row["credits"] for row in of[3]}
        for name, is_so, should in (
            ("wallets", owned, self.owned),
            ("pending points", pending, self.pending),
            ("what is set aside", held, self.held),
            ("what was issued", issued, self.issued),
        ):
            found = {key: number for key, number in is_so.items() if number}
            assert found == {key: number for key, number in should.items() if number}, f"{name} not as recounted"
