"""The books as one would keep them on paper, from what was asked: no bodies, no counters, no batches."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dezhi.core.events import Award, Capture, Event, Hold, Reverse, Void

Wallet = tuple[int, int]
"""A household and an asset."""


class Paper:
    """Enters events in the order of their numbers. Raises `AssertionError` for one that should have been refused."""

    def __init__(self) -> None:
        self.owned: Counter[Wallet] = Counter()
        self.held: Counter[Wallet] = Counter()
        self.issued: Counter[int] = Counter()
        self._events: dict[int, Event] = {}
        self._orders: dict[str, tuple[Wallet, int]] = {}
        self._captured: dict[int, tuple[Wallet, int]] = {}
        self._done: set[str] = set()
        self._reversed: set[int] = set()
        self._caps: Counter[tuple[str, int, str]] = Counter()

    def enter(self, seq: int, event: Event) -> None:
        """Enter one event under its number."""
        match event:
            case Award():
                self._award(event)
            case Hold():
                self._hold(event)
            case Capture() | Void():
                self._settle(seq, event)
            case Reverse():
                self._reverse(event)
            case _:
                raise AssertionError(f"nobody asked for {event}")
        self._events[seq] = event

    def _award(self, event: Award) -> None:
        for cap in event.caps:
            self._caps[(cap.rule, event.holder.id, cap.period)] += cap.add
            assert self._caps[(cap.rule, event.holder.id, cap.period)] <= cap.limit, f"over the limit: {event}"
        for asset, amount in event.lines:
            self.owned[(event.holder.id, asset)] += amount
            self.issued[asset] += amount

    def _hold(self, event: Hold) -> None:
        wallet = (event.holder.id, int(event.asset))
        assert event.order not in self._orders, f"an order twice: {event.order}"
        self._orders[event.order] = (wallet, event.amount)
        self.held[wallet] += event.amount
        assert self.owned[wallet] >= self.held[wallet], f"more set aside than is there: {event.order}"

    def _settle(self, seq: int, event: Capture | Void) -> None:
        wallet, amount = self._orders[event.order]
        assert event.order not in self._done, f"an order done twice: {event.order}"
        self._done.add(event.order)
        self.held[wallet] -= amount
        if isinstance(event, Capture):
            self.owned[wallet] -= amount
            self._captured[seq] = (wallet, amount)

    def _reverse(self, event: Reverse) -> None:
        target = self._events[event.seq]
        assert event.seq not in self._reversed, f"reversed twice: {event.seq}"
        self._reversed.add(event.seq)
        if isinstance(target, Award):
            for cap in target.caps:
                self._caps[(cap.rule, target.holder.id, cap.period)] -= cap.add
            for asset, amount in target.lines:
                wallet = (target.holder.id, int(asset))
                # What is spent or set aside is gone, and written off.
                self.owned[wallet] -= max(0, min(amount, self.owned[wallet] - self.held[wallet]))
                self.issued[asset] -= amount
        else:
            wallet, amount = self._captured[event.seq]
            self.owned[wallet] += amount

    def compare(self, accounts: Sequence[Mapping[str, Any]]) -> None:
        """Hold the rows of the table `account` against the paper: wallets (role 1) and what was issued (role 3)."""
        wallets = {(row["holder_id"], row["asset"]): row for row in accounts if row["role"] == 1}
        owned = {wallet: row["credits"] - row["debits"] for wallet, row in wallets.items()}
        assert owned == {wallet: self.owned[wallet] for wallet in owned}, "wallets are not as recounted"
        assert self.owned.keys() <= owned.keys() | {wallet for wallet, amount in self.owned.items() if not amount}
        assert {wallet: row["held"] for wallet, row in wallets.items()} == {
            wallet: self.held[wallet] for wallet in owned
        }
        issued = {row["asset"]: row["debits"] - row["credits"] for row in accounts if row["role"] == 3}
        assert issued == {asset: self.issued[asset] for asset in issued}, "what was issued is not as recounted"
