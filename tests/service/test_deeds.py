"""Deeds with answers, with several people, with limits that many share, and with facts of others."""

import hashlib
import re
from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dezhi.app import furnish
from dezhi.core.calendar import day
from dezhi.core.caps import remaining
from dezhi.core.errors import Problem
from dezhi.core.events import AssetId
from dezhi.core.people import Household
from dezhi.core.text import as_it_is
from dezhi.host import Directory
from dezhi.plugin import Role
from dezhi.service.deedfiles import DeedFile
from dezhi.service.deeds import Asked, Named, Recorded
from dezhi.service.imports import slices
from dezhi.store.database import Database
from dezhi.store.engine import KeptEngine
from homes import Home
from township import Hands
from trial_items import adopt_trial, trial_plugin
from villages import Village, build_village


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with trial_plugin(tmp_path / "plugins", monkeypatch) as package:
        yield package


class Desk:
    """A clerk of 营尔村 with the items of `trial_items`."""

    def __init__(self, village: Village) -> None:
        self.village = village
        self.house = village.house
        self._count = 0

    def asked(self, item: str, home: Household | None = None, **more: Any) -> Asked:
        home = home or self.village.family
        on = more.pop("on", self.village.today)
        return Asked(household=home.id, item=f"shapes-plugin/{item}", on=on, **more)

    async def record(self, item: str, home: Household | None = None, key: str = "", **more: Any) -> Recorded:
        self._count += 1
        key = key or f"k{self._count}"
        return await self.house.awards.record(self.asked(item, home, **more), self.village.actor, key)

    async def refused(self, item: str, home: Household | None = None, **more: Any) -> Problem:
        with pytest.raises(Problem) as caught:
            await self.record(item, home, **more)
        return caught.value

    async def points(self, home: Household) -> int:
        return await self.house.passbooks.spendable(await self.village.sheet(), home.id)

    async def reason(self, item: str, home: Household | None = None, **more: Any) -> str:
        done = await self.record(item, home, **more)
        assert done.scored is not None
        return done.scored.proposals[0].reason


@pytest.fixture
async def desk(home: Home, plugin: str) -> AsyncIterator[Desk]:
    hands = Hands()
    house = await furnish(home.settings(), hands, Directory(["dezhi_yinger", plugin]))
    built = await build_village(house)
    await adopt_trial(house, built.yinger.id, built.today)
    hands.pass_by(timedelta(days=200))  # 10 June 2027: there is a past that these rules are for
    yield Desk(built)
    await house.close()


def helped(*homes: Household) -> tuple[Named, ...]:
    return tuple(Named(role=Role.HELPED, household=one.id) for one in homes)


@pytest.mark.row("RU-04")
async def test_answers_are_kept_and_the_plugin_sees_all_but_texts(desk: Desk, home: Home) -> None:
    answers = {"where": "镇卫生院", "millilitres": 300}
    done = await desk.record("oil", key="given", answers=answers)
    assert done.scored is not None
    assert done.scored.proposals[0].reason == "回收废油300毫升：道德积分加3分"
    assert home.rows("SELECT answers FROM deed") == [('{"millilitres":300,"where":"镇卫生院"}',)]
    # Sent again with its answers in another order it is the same request; with another answer it is another.
    again = await desk.record("oil", key="given", answers=dict(reversed(answers.items())))
    assert (again.replay, again.seqs) == (True, done.seqs)
    assert (await desk.refused("oil", key="given", answers={"millilitres": 400})).code == "conflict"
    for wrong, code, field in (
        ({}, "answer-missing", "millilitres"),
        ({"millilitres": 601}, "answer-range", "millilitres"),
        ({"millilitres": 300, "colour": "red"}, "answer-unknown", "colour"),
    ):
        problem = await desk.refused("oil", answers=wrong)
        assert (problem.code, problem.field) == (code, field)


async def test_a_file_answers_and_names_people_by_their_numbers(desk: Desk, tmp_path: Path) -> None:
    village, day_ = desk.village, desk.village.today.isoformat()
    for number in ("101", "102"):
        await village.open_family(number)
    file = tmp_path / "deeds.csv"
    lines = [
        "户号,条目,日期,回答,参与",
        f"012,shapes-plugin/oil,{day_},数量=300；where=镇上,",
        f"012,shapes-plugin/oil,{day_},数量=三百,",
        f"012,shapes-plugin/mediate,{day_},,受帮助=101、102；见证=102/马大山",
        f"012,shapes-plugin/mediate,{day_},,受帮助=101、999",
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    deeds = DeedFile(file, village.yinger.code)
    for dry in (True, False):
        (some,) = slices(deeds)
        told = await desk.house.imports.slice(deeds, some, village.actor, dry=dry)
        assert [one.problem and (one.problem.code, one.problem.field) for one in told] == [
            None,
            ("answer-range", "millilitres"),
            None,
            ("line-people", "people"),
        ]
    assert await desk.points(village.family) == 3 + 5


@pytest.mark.row("RU-10")
async def test_a_range_needs_a_reason(desk: Desk) -> None:
    problem = await desk.refused("gift", points=7, note="  ")
    assert (problem.code, problem.field) == ("note-missing", "note")
    assert (await desk.record("gift", points=7, note="三百元")).seqs


@pytest.mark.row("RU-05")
@pytest.mark.row("RU-12")
async def test_several_are_credited_or_nobody(desk: Desk, home: Home) -> None:
    village = desk.village
    one, other = await village.open_family("101"), await village.open_family("102")
    asked = desk.asked("mediate", people=helped(one, other))
    scored = await desk.house.awards.score(asked, "staff", "preview")
    left = await desk.house.awards.left(scored)
    assert [(each.home.number, as_it_is(remaining(each.use, each.used))) for each in left] == [
        (number, "本月还能记5分（最多5分）") for number in ("012", "101", "102")
    ]
    done = await desk.record("mediate", people=helped(one, other))
    assert len(done.seqs) == 3
    assert [await desk.points(each) for each in (village.family, one, other)] == [5, 2, 2]
    assert home.rows("SELECT number, role, household FROM deed_participant ORDER BY number") == [
        (0, "doer", village.family.id),
        (1, "helped", one.id),
        (2, "helped", other.id),
    ]
    # The doer's own month is full: the two others get nothing either.
    problem = await desk.refused("mediate", people=helped(one, other))
    assert (problem.code, problem.say()) == (
        "cap-reached",
        "没有记上：“调解纠纷”本月最多5分，已经有5分，还剩0分。",
    )
    assert [await desk.points(each) for each in (one, other)] == [2, 2]
    # Everybody reads what the household did that recorded it, with what it has of it itself.
    (latest,) = (await desk.house.public.page(village.yinger)).latest
    assert (latest.title, latest.amount) == ("调解纠纷", 5)
    # All of a deed is corrected together.
    refs = await desk.house.journal.together((await desk.house.journal.at(done.book, done.seqs[1])).ref)
    assert [ref.seq for ref in refs] == list(done.seqs)


async def test_people_are_the_ones_asked_for(desk: Desk) -> None:
    village = desk.village
    one, other = await village.open_family("101"), await village.open_family("102")
    for people, code in (
        ((), "people-missing"),
        (helped(one), "people-missing"),
        (helped(one, one), "people-twice"),
        (helped(one, village.family), "people-own"),
        ((*helped(one, other), Named(role=Role.DOER, household=other.id)), "people-unknown"),
        ((*helped(one, other), Named(role=Role.WITNESS, household=one.id)), "people-person"),
        ((*helped(one, other), Named(role=Role.WITNESS, household=one.id, person=77)), "people-elsewhere"),
        ((*helped(one), Named(role=Role.HELPED, household=77)), "people-elsewhere"),
    ):
        problem = await desk.refused("mediate", people=people)
        assert (problem.code, problem.field) == (code, "people")
    # A clerk's own household may be helped by nobody's points of the clerk's.
    assert (await desk.refused("mediate", people=helped(one, village.neighbours))).code == "self_award"
    assert (await desk.refused("wrong", people=(Named(role=Role.WITNESS, household=one.id),))).code == "award-to"


@pytest.mark.row("RU-12")
async def test_a_group_shares_what_it_earned(desk: Desk) -> None:
    village = desk.village
    grid = await desk.house.places.create_grid(village.yinger.id, "02", "第二网格", date(2024, 1, 1))
    homes = [await village.open_family(f"20{n}") for n in range(3)]
    for home in homes:
        await desk.house.people.move(home.id, village.yinger.id, grid.id, on=village.today)
    done = await desk.record("square", homes[0], people=(Named(role=Role.GROUP, grid=grid.id),))
    assert [await desk.points(home) for home in homes] == [4, 4, 4]
    assert len(done.seqs) == 3
    # Without a name it is the doer's own grid, which the clerk's household belongs to.
    assert (await desk.refused("square")).code == "self_award"
    assert (await desk.refused("square", people=(Named(role=Role.GROUP, grid=77),))).code == "people-grid"


@pytest.mark.row("RU-13")
@pytest.mark.row("RU-05")
async def test_a_quota_and_a_shared_limit_are_kept_for_all(desk: Desk) -> None:
    other = await desk.village.open_family("101")
    await desk.record("best")
    problem = await desk.refused("best", other)
    assert problem.say() == "没有记上：“最美人家”今年全组合起来最多1次，已经有1次，还剩0次。"
    for item in ("talk", "lecture", "talk"):
        await desk.record(item)
    problem = await desk.refused("lecture")
    assert problem.say() == "没有记上：“讲座”本周和同类条目合起来最多60分，已经有60分，还剩0分。"
    await desk.record("lecture", other)


@pytest.mark.row("RU-11")
async def test_what_is_only_counted_is_no_balance_and_a_reminder_stays_in_the_house(desk: Desk) -> None:
    village = desk.village
    await desk.house.people.choose_board(village.family.id, "test", opted_in=True)
    await desk.record("came")
    await desk.record("came")
    await desk.record("untidy")
    assert await desk.points(village.family) == 0
    book = await desk.house.passbooks.open(village.family.id)
    assert [(line.asset, line.amount, line.quiet) for line in book.lines] == [
        (AssetId.COUNT, 1, True),
        (AssetId.COUNT, 1, False),
        (AssetId.COUNT, 1, False),
    ]
    page = await desk.house.public.page(village.yinger)
    assert [deed.title for deed in page.latest] == ["到场"]
    assert page.totals.deeds == 2


async def test_a_streak_is_counted_back_over_its_pauses(desk: Desk) -> None:
    # December has nothing, February was spent away.
    await desk.record("yard", on=date(2026, 11, 25))
    for month, item in ((1, "yard"), (2, "away"), (3, "yard"), (4, "yard")):
        await desk.record(item, on=date(2027, month, 20))
    assert await desk.reason("yard", on=date(2027, 5, 20)) == "每月院净：4分"
    assert await desk.reason("yard", on=date(2027, 6, 5)) == "每月院净：5分"


async def test_who_helped_whom_and_what_they_did_next(desk: Desk, home: Home) -> None:
    village = desk.village
    one, other = await village.open_family("101"), await village.open_family("102")
    assert "plugin" in (await desk.refused("thank", one)).values
    before = village.today - timedelta(days=10)
    done = await desk.record("mediate", people=helped(one, other), on=before)
    thanked = await desk.record("thank", one)
    assert (thanked.scored and thanked.scored.proposals[0].to) is not None
    assert await desk.points(village.family) == 5 + 3
    assert home.rows("SELECT role, household FROM deed_participant WHERE event_day = " + str(day(village.today))) == [
        ("doer", one.id)
    ]
    # What was reversed is no past deed.
    entry = await desk.house.journal.at(done.book, done.seqs[0])
    assert len(await desk.house.journal.reverse(entry.ref, "记错了", village.actor, "r")) == 3
    assert (await desk.refused("thank", one)).code == "no-award"


async def test_facts_of_a_grid_a_village_and_of_rewards(desk: Desk) -> None:
    village = desk.village
    today = village.today
    outside = await village.open_family("101")
    await desk.house.people.move(outside.id, village.yinger.id, None, on=date(2027, 6, 1))
    for on in (date(2027, 4, 5), date(2027, 5, 5)):
        await desk.record("talk", on=on)
    await desk.record("talk", outside, on=date(2027, 5, 6))  # still of the grid
    wrong = await desk.record("talk", outside, on=date(2027, 6, 6))
    assert await desk.reason("group") == (f"60 4 {date(2027, 6, 6).toordinal()} 2 {['talk']}")
    await desk.house.journal.reverse(
        (await desk.house.journal.at(wrong.book, wrong.seqs[0])).ref, "记错了", village.actor, "r"
    )
    assert await desk.reason("group", on=today) == f"61 4 {today.toordinal()} 2 {['group', 'talk']}"
    assert await desk.reason("buyer") == "0 0"
    await desk.house.redemptions.hand_over_at_desk(village.family.id, "shapes-plugin/soap", village.actor, "s")
    assert await desk.reason("buyer") == "1 2"


async def test_different_people_are_counted_once_and_only_those_of_deeds_that_stand(desk: Desk) -> None:
    village = desk.village
    one, other, third = [await village.open_family(number) for number in ("101", "102", "103")]
    assert await desk.reason("peacemaker") == "0"
    await desk.record("mediate", people=helped(one, other), on=date(2027, 2, 1))  # more than 90 days ago
    await desk.record("mediate", people=helped(one, other), on=date(2027, 4, 1))
    last = await desk.record("mediate", people=helped(other, third), on=date(2027, 5, 1))
    await desk.record("mediate", one, people=helped(other, third), on=date(2027, 5, 1))
    assert await desk.reason("peacemaker") == "3"
    assert await desk.reason("peacemaker", on=date(2027, 4, 30)) == "2"
    entry = await desk.house.journal.at(last.book, last.seqs[0])
    await desk.house.journal.reverse(entry.ref, "记错了", village.actor, "r")
    assert await desk.reason("peacemaker") == "2"
    assert await desk.reason("peacemaker", other) == "0"


@pytest.mark.sqlite
async def test_facts_and_past_deeds_are_looked_up_by_their_keys(desk: Desk, home: Home) -> None:
    village = desk.village
    one, other = await village.open_family("101"), await village.open_family("102")
    await desk.record("mediate", people=helped(one, other))
    engine, said = desk.house.database.engine, set[str]()
    assert isinstance(engine, KeptEngine)
    for lane in (engine.writer, *engine._readers):
        await lane.run(lambda db: db.set_trace_callback(said.add))
    await desk.record("thank", one)
    await desk.reason("group", one)
    steps = list[str]()
    with home.look() as db:
        for sql in said:
            if re.match(r"(SELECT|WITH)\b", sql) and re.search(r"FROM posting|deed_participant|score_day", sql):
                steps += [row["detail"] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}")]
    whole = [step for step in steps if step.endswith("(book_id=?)") and not re.match(r"SEARCH b(ook)? ", step)]
    scanned = [
        step for step in steps if re.fullmatch(r"SCAN (posting|deed_participant|score_day|[dmoqrst])( .*)?", step)
    ]
    assert (whole, scanned) == ([], [])
    for index in ("posting_household (book_id=? AND household=?", "deed_participant_household (book_id=?"):
        assert any(index in step for step in steps)
    assert any("score_day USING PRIMARY KEY (book_id=? AND village=? AND day>?" in step for step in steps)
    assert not any("residence_grid" in step for step in steps)


_COPIES = {  # what tells the copies of a row apart: other households' deeds
    "request": {"key": "x.key || n", "first_seq": "1000 + n", "last_seq": "1000 + n"},
    "txn": {"key": "x.key || n", "seq": "1000 + n", "household": "x.household + n % 1000"},
    "posting": {"seq": "1000 + n", "household": "x.household + n % 1000"},
    "deed": {"key": "x.key || n", "household": "x.household + n % 1000"},
    "deed_participant": {"key": "x.key || n", "household": "x.household + n % 1000"},
    "reversal": {"target_seq": "1000 + n", "seq": "20000 + n"},
    "score_day": {"household": "x.household + n", "day": "20260101 + n % 28", "village": "x.village + n % 50"},
}


def looks(plan: dict[str, Any]) -> Iterator[tuple[str, set[str]]]:
    """Every look into a table in a plan of PostgreSQL, with the columns by which its rows are found."""
    if "Relation Name" in plan:
        found = plan.get("Index Cond") or plan.get("Recheck Cond") or ""
        yield plan["Relation Name"], set(re.findall(r"\(([a-z_]+) (?:=|<=?|>=?) ", found))
    for inside in plan.get("Plans", ()):
        yield from looks(inside)


@pytest.mark.postgres
async def test_facts_and_past_deeds_are_looked_up_by_their_keys_on_postgresql(
    desk: Desk, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = [await desk.village.open_family(number) for number in ("101", "102")]
    first = await desk.record("mediate", people=helped(one, other))
    entry = await desk.house.journal.at(first.book, first.seqs[0])
    await desk.house.journal.reverse(entry.ref, "记错了", desk.village.actor, "r")
    await desk.record("mediate", people=helped(one, other))
    said, rows = dict[str, tuple[Any, ...]](), Database.rows

    async def noting(database: Database, sql: str, *args: Any) -> list[dict[str, Any]]:
        said[sql] = args
        return await rows(database, sql, *args)

    with monkeypatch.context() as patched:
        patched.setattr(Database, "rows", noting)
        for item in ("thank", "group", "peacemaker"):
            await desk.record(item, one)

    found = dict[str, list[set[str]]]()
    with home.look(owner=True) as db:
        for table, changes in _COPIES.items():
            changed = ", ".join(f"'{column}', {value}" for column, value in changes.items())
            db.execute(
                f"INSERT INTO {table} SELECT (jsonb_populate_record(x, jsonb_build_object({changed}))).*"
                f" FROM {table} x, generate_series(1, 10_000) n WHERE x.ctid = (SELECT min(ctid) FROM {table})"
            )
            db.execute(f"ANALYZE {table}")
        for sql, args in said.items():
            if re.match(r"(SELECT|WITH)\b", sql) and re.search(r"FROM posting|deed_participant|score_day", sql):
                said_whole = sql.format(*(f"'{arg}'" if isinstance(arg, str) else arg for arg in args))
                (row,) = db.execute(f"EXPLAIN (FORMAT JSON) {said_whole}").fetchall()
                for table, columns in looks(row["QUERY PLAN"][0]["Plan"]):
                    found.setdefault(table, []).append(columns)
    assert [(table, columns) for table in _COPIES for columns in found[table] if not columns - {"book_id"}] == []


@pytest.mark.sqlite
def test_a_request_of_release_0_1_0_is_known_again() -> None:
    plain = Asked(
        household=6917529027641081857,
        item="dezhi-yinger/neighbour-help",
        on=date(2026, 3, 2),
        minutes=90,
        note="送医",
    )
    as_it_was = "701e93591c814c2adaddde69af49c66998a6e80ac9bf034276185a279f780d40"
    assert hashlib.sha256(plain.canonical()).hexdigest() == as_it_was
    more = {"answers": {"a": 1}, "people": (Named(role=Role.GROUP),)}
    assert len({msgspec.structs.replace(plain, **{name: value}).canonical() for name, value in more.items()}) == 2
