"""Whole histories of a book, against a model that knows nothing of batches, counters, trees or tables.

The model keeps a list of what moved and adds it up whenever it is asked. The book is the real one on a real database.
"""

import asyncio
import copy
import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from booking import NOW, TODAY, VILLAGE, award, capture, check_book, command, hold, reverse, void
from dezhi.core.events import AssetId, Award, Cap, Capture, Command, Event, Hold, Outcome, Place, Reverse, Void
from dezhi.store.books import open_book
from dezhi.store.database import Database
from dezhi.store.ledger import Submission
from dezhi.store.poster import Poster
from homes import Homes, Raw

HOUSEHOLDS = (11, 12, 13)
PERSONS = (71, 72)
ORDERS = ("soap", "rice", "oil", "salt", "tea")
KEYS = [f"key-{number}" for number in range(120)]


class No(Exception):
    """The model's refusal."""


class Model:
    """A book as one would keep it on paper."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.orders: dict[str, dict[str, Any]] = {}
        self.answers: dict[str, tuple[Any, tuple[str, tuple[int, ...]]]] = {}

    def balance(self, purse: tuple[Any, ...]) -> int:
        moves = [move for entry in self.entries for move in entry["moves"]]
        return sum(move[3] for move in moves if move[1] == purse) - sum(move[3] for move in moves if move[0] == purse)

    def free(self, purse: tuple[Any, ...]) -> int:
        waiting = [one for one in self.orders.values() if one["state"] == "open" and one["purse"] == purse]
        return self.balance(purse) - sum(one["amount"] for one in waiting)

    def used(self, rule: str, household: int) -> int:
        undone = {entry["reverses"] for entry in self.entries}
        uses = [
            use
            for number, entry in enumerate(self.entries, start=1)
            if number not in undone
            for use in entry["uses"]
            if use[:2] == (rule, household)
        ]
        return sum(use[2] for use in uses)

    def ask(self, asked: Command) -> tuple[str, tuple[int, ...]]:
        if any(bad(event) for event in asked.events):
            return "amount", ()
        content = [repr(event) for event in asked.events]
        if asked.key in self.answers:
            before, answer = self.answers[asked.key]
            return answer if before == content else ("conflict", ())
        paper = copy.deepcopy((self.entries, self.orders))
        try:
            answer = "", tuple(self.enter(event) for event in asked.events)
        except No as no:
            self.entries, self.orders = paper
            answer = str(no), ()
        self.answers[asked.key] = content, answer
        return answer

    def enter(self, event: Event) -> int:
        if event.event_day > TODAY:
            raise No("future")
        entry: dict[str, Any] = {"kind": type(event), "moves": [], "uses": [], "reverses": None}
        match event:
            case Award():
                self.award(event, entry)
            case Hold():
                self.hold(event)
            case Capture() | Void():
                self.settle(event, entry)
            case Reverse():
                self.reverse(event, entry)
        self.entries.append(entry)
        return len(self.entries)

    def award(self, event: Award, entry: dict[str, Any]) -> None:
        doer, household = event.place.person, event.place.household
        if event.proposer_household == household or (doer and event.proposer_person == doer):
            raise No("self_award")
        for cap in event.caps:
            if self.used(cap.rule, household) + cap.add > cap.limit:
                raise No("cap")
            entry["uses"].append((cap.rule, household, cap.add))
        for asset, amount in event.lines:
            entry["moves"].append((("issue", asset), ("wallet", household, asset), asset, amount))

    def hold(self, event: Hold) -> None:
        purse = ("wallet", event.holder.id, event.asset)
        if event.asset is not AssetId.MORAL:
            raise No("not_spendable")
        if event.order in self.orders:
            raise No("order_used")
        if self.free(purse) < event.amount:
            raise No("short")
        self.orders[event.order] = {"state": "open", "purse": purse, "amount": event.amount}

    def settle(self, event: Capture | Void, entry: dict[str, Any]) -> None:
        order = self.orders.get(event.order)
        if order is None:
            raise No("no_order")
        if order["state"] != "open":
            raise No("resolved")
        order["state"] = "done"
        if isinstance(event, Capture):
            entry["moves"].append((order["purse"], ("redeem", AssetId.MORAL), AssetId.MORAL, order["amount"]))

    def reverse(self, event: Reverse, entry: dict[str, Any]) -> None:
        if not 0 < event.seq <= self.known:
            raise No("no_entry")
        target = self.entries[event.seq - 1]
        if target["kind"] not in (Award, Capture):
            raise No("not_reversible")
        if any(other["reverses"] == event.seq for other in self.entries):
            raise No("reversed")
        entry["reverses"] = event.seq
        for source, purse, asset, amount in target["moves"]:
            gone = [move for move in entry["moves"] if move[0] == purse]
            left = amount
            if purse[0] == "wallet":
                left = min(amount, max(0, self.free(purse) - sum(move[3] for move in gone)))
            if left < amount and event.if_spent == "refuse":
                raise No("spent")
            if left:
                entry["moves"].append((purse, source, asset, left))
            if left < amount:
                entry["moves"].append((("writeoff", asset), source, asset, amount - left))

    known = 0
    """How many entries a reversal can name: those of the batches before."""


def bad(event: Event) -> bool:
    if isinstance(event, Hold):
        return not 0 < event.amount <= 1_000_000
    return isinstance(event, Award) and any(not 0 < amount <= 1_000_000 for _, amount in event.lines)


def mostly(usual: st.SearchStrategy[Any], *odd: Any) -> st.SearchStrategy[Any]:
    """Nine times of ten the usual: a history of refusals would prove little."""
    return st.integers(0, 9).flatmap(lambda dice: usual if dice else st.sampled_from(odd))


amounts = mostly(st.integers(1, 30), 1_000_000, 0, -3, 1_000_001, 10**30)
assets = mostly(st.just(AssetId.MORAL), *AssetId)
households = st.sampled_from(HOUSEHOLDS)
days = mostly(st.sampled_from([TODAY, 20260101]), TODAY + 1)


@st.composite
def awards(draw: st.DrawFn) -> Award:
    household = draw(households)
    limits = st.builds(
        Cap, rule=st.sampled_from(["a", "b"]), period=st.just("2026"), add=st.integers(1, 2), limit=st.integers(1, 6)
    )
    return award(
        household,
        lines=tuple(draw(st.lists(st.tuples(assets, amounts), min_size=1, max_size=2))),
        caps=tuple(draw(st.lists(limits, max_size=1) | st.lists(limits, max_size=2, unique_by=lambda cap: cap.rule))),
        place=Place(household=household, village=VILLAGE, person=draw(st.sampled_from((None, *PERSONS)))),
        proposer_person=draw(mostly(st.none(), *PERSONS)),
        proposer_household=draw(mostly(st.sampled_from((None, 99)), *HOUSEHOLDS)),
        event_day=draw(days),
    )


orders = st.sampled_from(ORDERS)
visits = st.tuples(st.builds(hold, orders, st.integers(1, 15), households), st.builds(capture, orders))
events = st.one_of(
    awards(),
    awards(),
    st.builds(hold, orders, amounts, households, asset=assets),
    st.builds(capture, orders),
    st.builds(void, orders),
    st.builds(reverse, st.integers(1, 9), if_spent=mostly(st.just("clip"), "refuse")),
)
requests = st.tuples(events) | visits | st.tuples(awards(), events)
commands = st.builds(lambda events, key: command(*events, key=key), requests, st.sampled_from(KEYS))
histories = st.tuples(
    st.lists(st.builds(command, awards(), key=st.sampled_from(KEYS)), min_size=1, max_size=4),
    *[st.lists(commands, min_size=1, max_size=7)] * 5,
)


class Office:
    """A database on a loop of its own, with a poster that takes a list of commands as one batch."""

    def __init__(self, runner: asyncio.Runner, database: Database, raw: Raw) -> None:
        self.raw = raw
        self._runner = runner
        self._database = database
        self._poster = Poster(database.engine, lambda: NOW)
        self._regions = itertools.count(520)

    def new_book(self) -> int:
        return self._runner.run(open_book(self._database, region=next(self._regions)))

    def post(self, book: int, batch: list[Command]) -> list[Outcome]:
        return self._runner.run(self._poster.post_many(book, [Submission(asked) for asked in batch]))


@pytest.fixture(scope="module")
def office(homes: Homes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Open a database in which each history gets a book of its own."""
    with homes.home(tmp_path_factory.mktemp("office")) as home, asyncio.Runner() as runner, home.look() as raw:
        database = runner.run(home.connect())
        yield Office(runner, database, raw)
        runner.run(database.close())


def purses(db: Raw, book: int) -> dict[tuple[Any, ...], tuple[int, int]]:
    roles = {3: "issue", 4: "redeem", 5: "writeoff"}
    return {
        (roles[row["role"]], row["asset"]) if row["role"] in roles else ("wallet", row["holder_id"], row["asset"]): (
            row["credits"] - row["debits"],
            row["credits"] - row["debits"] - row["held"],
        )
        for row in db.execute(f"SELECT * FROM account WHERE book_id = {book}").fetchall()
    }


@pytest.mark.row("LE-01")
@pytest.mark.row("LE-03")
@given(histories)
@settings(max_examples=200, deadline=None)
def test_the_book_agrees_with_paper(office: Office, history: tuple[list[Command], ...]) -> None:
    model = Model()
    book = office.new_book()
    for batch in history:
        model.known = len(model.entries)
        outcomes = office.post(book, batch)
        assert [(outcome.code, outcome.seqs) for outcome in outcomes] == [model.ask(asked) for asked in batch]
        check_book(office.raw, book)
    names = {purse for entry in model.entries for move in entry["moves"] for purse in move[:2]}
    assert purses(office.raw, book) == {purse: (model.balance(purse), model.free(purse)) for purse in names}
