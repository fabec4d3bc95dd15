"""Single questions asked together: as few statements as can be, and never an old answer."""

import asyncio
from collections.abc import Collection
from datetime import date

import pytest

from dezhi.store import people, places
from dezhi.store.database import Database
from dezhi.store.together import ASKED_MAX, Together
from township import Township


class Oracle:
    """Answers what the keys are now, slowly, and remembers what it was asked in which statement."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.truth = {key: key * 10 for key in range(1, 1_000)}
        self.began = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def __call__(self, keys: Collection[int]) -> dict[int, int]:
        self.asked.append(list(keys))
        self.began.set()
        found = {key: self.truth[key] for key in keys if key in self.truth}
        await self.may_answer.wait()
        if 13 in keys:
            raise LookupError("13")
        return found


async def test_who_comes_while_one_statement_runs_goes_with_the_next() -> None:
    oracle = Oracle()
    oracle.may_answer.clear()
    together = Together(oracle)
    first = asyncio.create_task(together.get(1))
    await oracle.began.wait()
    others = [asyncio.create_task(together.get(key)) for key in (2, 3, 2, 1, 0)]
    await asyncio.sleep(0)
    oracle.may_answer.set()
    assert await first == 10
    assert await asyncio.gather(*others) == [20, 30, 20, 10, None]
    assert oracle.asked == [[1], [2, 3, 1, 0]]


async def test_a_statement_that_began_before_the_question_never_answers_it() -> None:
    oracle = Oracle()
    oracle.may_answer.clear()
    together = Together(oracle)
    before = asyncio.create_task(together.get(1))
    await oracle.began.wait()
    oracle.truth[1] = 11
    after = asyncio.create_task(together.get(1))
    await asyncio.sleep(0)
    oracle.may_answer.set()
    assert await asyncio.gather(before, after) == [10, 11]


async def test_nobody_is_forgotten_between_two_statements() -> None:
    """Callers come at every moment of others' statements, and each is answered."""
    oracle = Oracle()
    together = Together(oracle)

    async def call(number: int) -> int | None:
        for _ in range(number % 7):
            await asyncio.sleep(0)
        return await together.get(100 + number)

    async with asyncio.timeout(10):
        for _ in range(50):
            found = await asyncio.gather(*map(call, range(40)))
            assert found == [(100 + number) * 10 for number in range(40)]


async def test_many_keys_go_in_bounded_statements() -> None:
    oracle = Oracle()
    together = Together(oracle)
    wanted = range(100, 100 + 2 * ASKED_MAX + 1)
    assert await asyncio.gather(*map(together.get, wanted)) == [key * 10 for key in wanted]
    assert [len(keys) for keys in oracle.asked] == [ASKED_MAX, ASKED_MAX, 1]


async def test_a_failure_is_told_to_those_who_asked_and_the_next_are_answered() -> None:
    oracle = Oracle()
    together = Together(oracle)
    found = await asyncio.gather(together.get(13), together.get(1), return_exceptions=True)
    assert [type(one) for one in found] == [LookupError, LookupError]
    assert await together.get(1) == 10


async def test_who_leaves_takes_nobody_along() -> None:
    oracle = Oracle()
    oracle.may_answer.clear()
    together = Together(oracle)
    leaving, staying = asyncio.create_task(together.get(1)), asyncio.create_task(together.get(1))
    await oracle.began.wait()
    leaving.cancel()
    await asyncio.sleep(0)
    oracle.may_answer.set()
    assert await staying == 10
    with pytest.raises(asyncio.CancelledError):
        await leaving


async def test_many_at_once_need_few_statements(town: Township, monkeypatch: pytest.MonkeyPatch) -> None:
    statements = 0
    rows = Database.rows

    async def counting(database: Database, sql: str, *args: object) -> object:
        nonlocal statements
        statements += 1
        return await rows(database, sql, *args)

    monkeypatch.setattr(Database, "rows", counting)
    family = await town.family()
    on = family.on
    statements = 0
    wanted = [(family.id, on), (family.id, date(2023, 1, 1)), (1, on)] * 20
    found = await asyncio.gather(*(people.household(town.database, *key) for key in wanted))
    assert statements == 2, "one for each day"
    assert found == [family, None, None] * 20


async def test_what_can_never_change_is_read_once(town: Township, monkeypatch: pytest.MonkeyPatch) -> None:
    above = [one.id for one in await places.path(town.database, town.grid.id)]
    found = [await places.ids_above(town.database, town.grid.id) for _ in range(3)]
    assert found == [frozenset(above)] * 3
    monkeypatch.setattr(Database, "rows", None)
    assert await places.ids_above(town.database, town.grid.id) == frozenset(above)


async def test_what_a_transaction_made_and_took_back_is_not_kept(town: Township) -> None:
    async with town.database.engine.transaction() as transaction:
        made = await town.places.create_grid(town.yinger.id, "77", "新网格")
        assert made.id in await places.ids_above(town.database, made.id)
        await transaction.rollback()
    assert await places.ids_above(town.database, made.id) == frozenset()


async def test_a_transaction_sees_what_it_wrote(town: Township) -> None:
    async with town.database.engine.transaction():
        made = await town.places.create_grid(town.yinger.id, "77", "新网格")
        assert [one.id for one in await places.path(town.database, made.id)][-2:] == [town.yinger.id, made.id]
