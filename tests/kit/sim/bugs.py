"""Bugs to plant: each is put into the product for a while by the simulator, and none of them lives there.

They are put in at seams (the steps of a batch, its decision, the poster's way to write), so that the product may change
inside without these having to.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, Final, NamedTuple
from unittest.mock import patch

import msgspec

from dezhi.core import ledger as rules
from dezhi.core.book import Account, AccountKey, Decision, State
from dezhi.core.events import Outcome
from dezhi.store import ledger, poster, trouble
from dezhi.store.ledger import Submission
from dezhi.store.poster import Poster
from dezhi.store.steps import Fetch, Save, Step, Steps
from sim.server import COMMIT_NOW


class Bug(NamedTuple):
    """`plant()` is a context in which the product has the bug."""

    says: str
    plant: Callable[[], Any]


@contextmanager
def answering_early() -> Iterator[None]:
    """The callers are told as soon as it is decided; the commit comes later."""

    async def write(
        self: Poster, book: int, submissions: Sequence[Submission], decided: list[Outcome], *, whole: bool = False
    ) -> Any:
        told: asyncio.Future[Sequence[Outcome]] = asyncio.get_running_loop().create_future()

        def telling(steps: Steps[list[Outcome]]) -> Steps[list[Outcome]]:
            outcomes = yield from steps
            told.set_result(outcomes)
            return outcomes

        async def work() -> None:
            try:
                await honest(TellingEngine(self, telling), book, submissions, decided, whole=whole)  # type: ignore[arg-type]
            except Exception as failure:  # noqa: BLE001 - a bug has no manners
                if not told.done():
                    told.set_exception(failure)

        task = asyncio.get_running_loop().create_task(work())
        outcomes = await told
        del task
        return outcomes

    honest = Poster._write
    with patch.object(Poster, "_write", write):
        yield


class TellingEngine:
    """A poster's other self whose engine runs altered steps."""

    def __init__(self, real: Poster, alter: Callable[[Steps[Any]], Steps[Any]]) -> None:
        self._real = real
        self._alter = alter

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    @property
    def _engine(self) -> Any:
        engine, alter = self._real._engine, self._alter

        class Altered:
            async def carry_out(self, steps: Steps[Any]) -> Any:
                return await engine.carry_out(alter(steps))

        return Altered()


def _step_by_step(alter: Callable[[Step], list[Step]]) -> Any:
    """Plant other steps in place of each step of a batch; the last one's rows are its answer."""
    honest = ledger.post

    @wraps(honest)
    def post(*args: Any) -> Steps[list[Outcome]]:
        steps = honest(*args)
        try:
            step = next(steps)
            while True:
                rows: Any = ()
                for one in alter(step):
                    rows = yield one
                step = steps.send(rows)
        except StopIteration as done:
            outcomes: list[Outcome] = done.value
            return outcomes

    return patch.object(poster, "post", post)


@contextmanager
def renaming_what_is_sent_again() -> Iterator[None]:
    """A batch of which nobody knows whether it was kept is sent again under keys of its own."""
    honest = Poster._write

    async def write(
        self: Poster, book: int, submissions: Sequence[Submission], decided: list[Outcome], *, whole: bool = False
    ) -> Any:
        if decided:
            submissions = [
                one._replace(command=msgspec.structs.replace(one.command, key=f"{one.command.key}-again"))
                for one in submissions
            ]
        return await honest(self, book, submissions, decided, whole=whole)

    with patch.object(Poster, "_write", write):
        yield


@contextmanager
def trusting_old_accounts() -> Iterator[None]:
    """Accounts are kept in memory from batch to batch, as if nobody else wrote."""
    cache: dict[tuple[Any, int, AccountKey], Account] = {}

    def change(state: State) -> None:
        lane = asyncio.current_task()  # one process's book
        for key, account in [*state.accounts.items()]:
            kept = cache.setdefault((lane, state.book.id, key), account)
            state.accounts[key] = state.by_id[kept.id] = kept

    with _deciding(before=change):
        yield


def neither_locking_nor_comparing() -> Any:
    """The book is read without its lock, and written without looking whether it is still as it was read."""

    def alter(step: Step) -> list[Step]:
        if isinstance(step, Fetch):
            return [step._replace(locking=False)]
        if isinstance(step, Save):
            sql, args, _ = step.last
            return [step._replace(last=Fetch(sql.replace(" AND next_seq = ?", ""), args[:-1]))]
        return [step]

    return _step_by_step(alter)


def _deciding(
    before: Callable[[State], None] | None = None, after: Callable[[Decision], Decision] | None = None
) -> Any:
    """Plant something before or after the rules."""
    honest = rules.decide

    @wraps(honest)
    def decide(state: State, *args: Any) -> Decision:
        if before is not None:
            before(state)
        decision = honest(state, *args)
        return decision if after is None else after(decision)

    return patch.object(ledger, "decide", decide)


def booking_twins() -> Any:
    """The same request twice in one batch is booked twice."""
    honest = rules.decide

    @wraps(honest)
    def decide(state: State, commands: Any, *args: Any) -> Decision:
        seen: set[tuple[str, str]] = set()
        several = []
        for number, command in enumerate(commands):
            name = (command.source, command.key)
            twin = name in seen and name not in state.requests
            several.append(msgspec.structs.replace(command, key=f"{command.key}#{number}") if twin else command)
            seen.add(name)
        decision = honest(state, several, *args)
        return decision._replace(requests=[row for row in decision.requests if "#" not in row.key])

    return patch.object(ledger, "decide", decide)


def forgetting_refusals() -> Any:
    """A no is not remembered: the same request may later be a yes."""
    return _deciding(
        after=lambda decision: decision._replace(requests=[row for row in decision.requests if row.outcome.booked])
    )


def spending_what_is_held() -> Any:
    """What is set aside for an order counts as free."""
    return patch.object(Account, "free", property(lambda account: account.credits - account.debits))


def committing_in_two() -> Any:
    """History is committed first, and what else changes after it."""

    def alter(step: Step) -> list[Step]:
        if not isinstance(step, Save):
            return [step]
        first = [add for add in step.rows if add.table in {"request", "txn", "txn_text", "posting"}]
        others = [add for add in step.rows if add not in first]
        nothing = Fetch("SELECT 1 AS one FROM book WHERE book_id = ?", [step.last.args[-2]])
        return [Save(first, nothing), COMMIT_NOW, Save(others, step.last)]

    return _step_by_step(alter)


def handing_over_too_late() -> Any:
    """An order whose time is over is handed over all the same."""

    def change(state: State) -> None:
        for held in state.holds.values():
            held.expires_at = None

    return _deciding(before=change)


def reversing_again() -> Any:
    """What is reversed already is reversed again."""

    def change(state: State) -> None:
        for seq, target in state.targets.items():
            state.targets[seq] = msgspec.structs.replace(target, reversed_by=None)

    return _deciding(before=change)


def being_sure() -> Any:
    """A commit whose answer was lost is told as not done."""
    return patch.dict(trouble._CLASSES, {"08": trouble.GONE, "57": trouble.GONE})


BUGS: Final = {
    1: Bug("answers before the commit", answering_early),
    2: Bug("sends a lost batch again under other keys", renaming_what_is_sent_again),
    3: Bug("trusts accounts that it read for an earlier batch", trusting_old_accounts),
    4: Bug("neither locks the book nor compares it", neither_locking_nor_comparing),
    5: Bug("books both of two twins in a batch", booking_twins),
    6: Bug("does not remember refusals", forgetting_refusals),
    7: Bug("lets held points be spent", spending_what_is_held),
    8: Bug("commits a batch in two halves", committing_in_two),
    9: Bug("reverses what is reversed", reversing_again),
    10: Bug("is sure where nobody knows", being_sure),
    11: Bug("hands over what has lapsed", handing_over_too_late),
}
