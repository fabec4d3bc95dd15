"""A book as one would keep it on paper, to hold the state machine against.

Written from what the ledger promises (docs/explanation/ledger.md), not from how it does it: there is no batch, no
counter, no cohort and no account number here, only a list of entries that is added up whenever a question is asked.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from dezhi.core.calendar import day, from_micros
from dezhi.core.events import (
    AMOUNT_MAX,
    LINES_MAX,
    Award,
    Capture,
    Close,
    Command,
    Confirm,
    Event,
    Expire,
    Freeze,
    Hold,
    Kind,
    Lapse,
    Limit,
    Reverse,
    Role,
    Transfer,
    Void,
)
from paper_rules import No, Rules
from sheets import Entry, Slip, purse

UNREMEMBERED: Final = ("conflict", "stale", "amount", "malformed")


class Answer(NamedTuple):
    """What a command is told: why not, the numbers of its entries, what could be had, whether it was told before."""

    code: str = ""
    seqs: tuple[int, ...] = ()
    left: int | None = None
    replay: bool = False


class Paper(Rules):
    """A book on paper: what is asked of it, and what it answers. `counts` are of what was asked and came of it."""

    def __init__(self) -> None:
        super().__init__()
        self.counts = Counter[tuple[type, str]]()
        self._told: dict[tuple[str, str], tuple[list[Event], Answer]] = {}

    def batch(self, now: int, commands: Sequence[Command]) -> list[Answer]:
        """Answer commands that arrive together at `now` (microseconds), in their order."""
        last = self.entries[-1].at if self.entries else 0
        self._at = max(now, last + 1)
        self.today = day(from_micros(self._at).date())
        self._known = len(self.entries)
        return [self.ask(command) for command in commands]

    # ── requests ──

    def ask(self, asked: Command) -> Answer:
        """One request: all of its events or none, and the same answer for the same key for ever."""
        flaws = {wrong: event for event in asked.events if (wrong := flaw(event))}
        if flaws:
            wrong = min(flaws)  # a wrong amount is said first
            self.counts[type(flaws[wrong]), wrong] += 1
            return Answer(wrong)
        # When somebody looked is no part of what he asks.
        content = [_without_looks(event) for event in asked.events]
        name = asked.source, asked.key
        if name in self._told:
            before, answer = self._told[name]
            self.counts[type(asked.events[0]), "replay" if before == content else "conflict"] += 1
            return answer._replace(replay=True) if before == content else Answer("conflict")
        self._sweep(asked)
        self._asked = asked
        before_it = len(self.entries)
        numbers: list[int] = []
        doing = asked.events[0]
        try:
            for event in asked.events:
                doing = event
                numbers += self.enter(event)
            self.counts.update((type(event), "booked") for event in asked.events)
            answer = Answer(seqs=tuple(numbers))
        except No as no:
            self.counts[type(doing), no.code] += 1
            del self.entries[before_it:]
            answer = Answer(no.code, left=no.left)
        if answer.code not in UNREMEMBERED:
            self._told[name] = content, answer
        return answer

    def enter(self, event: Event) -> list[int]:
        """Book one event; the numbers of its entries."""
        self._check_day(event)
        first = len(self.entries)
        by_kind: dict[type, Callable[[Any], None]] = {
            Award: self._award,
            Confirm: self._confirm,
            Hold: self._hold,
            Capture: self._capture,
            Void: self._void,
            Lapse: self._lapse,
            Freeze: self._freeze,
            Expire: self._expire,
            Limit: self._limit,
            Reverse: self._reverse,
            Transfer: self._transfer,
            Close: self._close,
        }
        by_kind[type(event)](event)
        for entry in self.entries[first:]:
            self._pay_debts(entry)
        return list(range(first + 1, len(self.entries) + 1))

    def _pay_debts(self, entry: Entry) -> None:
        """What is owed is owed of no lot; as soon as a lot has something left it pays, the oldest first."""
        for mine in {slip.purse: 0 for slip in entry.slips}:
            owed = max(0, -self.loose(mine))
            for lot, left in self.free_lots(mine).items():
                if paid := min(owed, left):
                    entry.slips.append(Slip(mine, lot, -paid, 0))
                    owed -= paid
                    entry.owed = True

    def _sweep(self, asked: Command) -> None:
        """Before anything is put aside: what is overdue in that wallet goes first, as entries of the book's own."""
        self._asked = Command(source="system", key="", actor=0, events=())
        for event in asked.events:
            if not isinstance(event, Hold | Freeze):
                continue
            mine = purse(event.programme, event.holder, event.asset, Role.WALLET)
            for order in self.open_orders():
                placed = self.placed(order)
                if placed and placed.mine == mine and self._late(placed):
                    self._pay_debts(self._release(placed, Kind.LAPSE, self.today))
            if taken := self.due(mine, self.today, clearing=False):
                self._run_out(mine, taken, self.today, event.place)


def _without_looks(event: Event) -> Event:
    if isinstance(event, Award):
        return msgspec.structs.replace(event, seen_at=None, seen_of=())
    return msgspec.structs.replace(event, seen_at=None) if isinstance(event, Hold) else event


def flaw(event: Event) -> str:
    """Why an event says nothing at all, whatever the book holds; empty when it says something."""
    amounts: list[int] = []
    match event:
        case Award():
            amounts = [amount for _, amount in event.lines] or [0]
        case Hold() | Transfer():
            amounts = [event.amount]
        case Capture() | Freeze() if event.amount is not None:
            amounts = [event.amount]
    if len(amounts) > LINES_MAX or not all(0 < amount <= AMOUNT_MAX for amount in amounts):
        return "amount"
    return "malformed" if isinstance(event, Transfer) and event.giver == event.taker else ""
