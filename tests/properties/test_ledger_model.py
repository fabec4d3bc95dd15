"""Whole histories of a book, against a paper book that knows nothing of batches, counters, trees or tables.

`--histories=N` tells more of them than the usual ten thousand. A history that goes wrong is printed by its seed and the
shortest way there.
"""

import asyncio
import itertools
from collections.abc import Iterator
from datetime import datetime
from random import Random

import pytest
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from booking import NOW, check_book
from dezhi.core.body import Body, decode
from dezhi.core.calendar import from_micros
from dezhi.core.events import Command, Outcome
from dezhi.store.books import open_book
from dezhi.store.database import Database
from dezhi.store.ledger import Submission
from dezhi.store.poster import Poster
from histories import Teller
from homes import Homes, Raw
from proof import (
    Coverage,
    Disagreement,
    Standing,
    Trial,
    compare,
    compare_facts,
    compare_standing,
    plain,
    stored,
    tell,
    written,
)

TO_A_DATABASE = 3
"""How many histories of a hundred are also told to a real one."""

REFUSED = {
    "Award": "amount approver cap closed conflict future replay self_award stale",
    "Capture": "amount closed conflict frozen future lapsed no_order replay resolved short",
    "Close": "closed conflict future not_due replay",
    "Confirm": "confirmed conflict future no_entry not_pending replay reversed",
    "Expire": "closed conflict future no_account not_spendable nothing replay stale",
    "Freeze": "amount closed conflict future no_entry not_spendable order_used replay short",
    "Hold": "amount closed conflict frozen future lapsed not_spendable order_used replay short stale",
    "Lapse": "closed conflict future no_order not_due replay resolved",
    "Limit": "closed conflict future not_spendable replay",
    "Reverse": "conflict future no_debt no_entry not_reversible replay reversed spent",
    "Transfer": "amount closed conflict frozen future malformed not_transferable replay short",
    "Void": "closed conflict future no_order replay resolved",
}
"""What each kind of event can be told beside that it is booked."""

CORNERS = (
    "award into a pool",
    "award, owed",
    "capture, owed",
    "confirmation into a pool",
    "expiry, asked",
    "expiry, swept",
    "lapse, swept",
    "reversal of award, owed",
    "reversal of award, part lost",
    "reversal of capture",
    "reversal of confirmed, part lost",
    "reversal of expiry",
    "reversal of opening",
    "transfer_in into a pool",
)
"""Entries that several rules meet in: "owed" leaves or pays a debt."""

EACH = 100
"""How often each of all these must have happened in ten thousand histories."""


@pytest.mark.row("LE-01")
@pytest.mark.row("LE-03")
@pytest.mark.row("LE-05")
@pytest.mark.row("LE-06")
@pytest.mark.row("LE-10")
@pytest.mark.row("LE-11")
@pytest.mark.row("LE-12")
@pytest.mark.row("LE-14")
@pytest.mark.row("LE-15")
def test_the_machine_agrees_with_paper(pytestconfig: pytest.Config, capsys: pytest.CaptureFixture[str]) -> None:
    histories = pytestconfig.getoption("histories")
    coverage = Coverage()
    for seed in range(histories):
        coverage.add(tell(seed))
    with capsys.disabled():
        print(f"\n{coverage.table()}")  # noqa: T201 - the counts are part of the proof
    assert coverage.median >= 30
    expected = {(kind, code) for kind, codes in REFUSED.items() for code in ["booked", *codes.split()]}
    assert set(coverage.outcomes) <= expected
    if histories >= 10_000:
        assert not {one: coverage.outcomes[one] for one in expected if coverage.outcomes[one] < EACH}
        assert not {name: coverage.entries[name] for name in CORNERS if coverage.entries[name] < EACH}


class Histories(RuleBasedStateMachine):
    """The same with Hypothesis as the source of chance, which looks for the odd and shrinks what it finds."""

    def __init__(self) -> None:
        super().__init__()
        self.trial = Trial()
        self.teller = Teller(self.trial.paper)

    @rule(chance=st.randoms(use_true_random=False))
    def something_is_asked(self, chance: Random) -> None:
        self.trial.take(self.teller.step(chance, commands=1))

    @rule(chance=st.randoms(use_true_random=False))
    def much_is_asked_at_once(self, chance: Random) -> None:
        self.trial.take(self.teller.step(chance, commands=6))

    @precondition(lambda self: self.trial.steps)
    @rule()
    def the_last_is_asked_again(self) -> None:
        self.trial.take(self.trial.steps[-1])

    def teardown(self) -> None:
        self.trial.close()


class TestHistories(Histories.TestCase):
    """Found and run by pytest."""

    pytestmark = pytest.mark.row("LE-01")
    settings = settings(
        max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )


class Office:
    """A database on a loop of its own, with a poster that takes a list of commands as one batch."""

    def __init__(self, runner: asyncio.Runner, database: Database, raw: Raw) -> None:
        self.raw = raw
        self._runner = runner
        self._database = database
        self._now: datetime = NOW
        self._poster = Poster(database.engine, lambda: self._now)
        self._regions = itertools.count(520)

    def new_book(self) -> int:
        return self._runner.run(open_book(self._database, region=next(self._regions)))

    def post(self, book: int, now: int, batch: list[Command]) -> list[Outcome]:
        self._now = from_micros(now)
        return self._runner.run(self._poster.post_many(book, [Submission(asked) for asked in batch]))

    def bodies(self, book: int) -> list[Body]:
        """What the events of a book fixed."""
        rows = self.raw.execute(f"SELECT body FROM txn WHERE book_id = {book} ORDER BY seq").fetchall()
        return [decode(row["body"]) for row in rows]

    def standing(self, book: int) -> Standing:
        """What stands in the tables of a book."""
        return stored(lambda table: self.raw.execute(f"SELECT * FROM {table} WHERE book_id = {book}").fetchall())


@pytest.fixture(scope="module")
def office(homes: Homes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Open a database in which each history gets a book of its own."""
    with homes.home(tmp_path_factory.mktemp("office")) as home, asyncio.Runner() as runner, home.look() as raw:
        database = runner.run(home.connect())
        yield Office(runner, database, raw)
        runner.run(database.close())


@pytest.mark.row("LE-01")
@pytest.mark.row("LE-02")
@pytest.mark.row("LE-05")
@pytest.mark.row("LE-14")
def test_the_tables_agree_with_paper(office: Office, pytestconfig: pytest.Config) -> None:
    for seed in range(pytestconfig.getoption("histories") * TO_A_DATABASE // 100):
        trial = tell(seed)
        book = office.new_book()
        try:
            for (now, commands), answers in zip(trial.steps, trial.answers, strict=True):
                compare(f"at {now}", [plain(outcome) for outcome in office.post(book, now, commands)], answers)
            compare_standing(office.standing(book), written(trial.paper))
            names = {number: purse for purse, number in trial.paper.numbers.items()}
            for body, entry in zip(office.bodies(book), trial.paper.entries, strict=True):
                compare_facts(body, names, entry)
            check_book(office.raw, book)
        except Disagreement as parted:
            raise Disagreement(f"history {seed}") from parted
