"""Plugins' own tables, sentences, pages and assessments, as the house asks for them (SU-05, SU-09, PF-01, TB-08)."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from dezhi.app import furnish
from dezhi.core.errors import Problem
from dezhi.core.people import Household
from dezhi.core.programmes import Enabled
from dezhi.host import Directory
from dezhi.plugin import Assessment, Table
from dezhi.service.deeds import Asked, Recorded
from dezhi.service.reports import csv_of
from homes import Home
from township import Hands
from villages import Village, build_village

SAFE, HOURS = "dezhi-safe-family", "dezhi-volunteer"
FULL = {"preconditions": True, "protection": 30, "dwelling": 20, "harmony": 25, "taking_part": 25}


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
async def village(home: Home, hands: Hands) -> AsyncIterator[Village]:
    house = await furnish(home.settings(), hands, Directory(["dezhi_yinger", "dezhi_safe_family", "dezhi_volunteer"]))
    built = await build_village(house)
    await house.programmes.adopt(
        built.yinger.id,
        {SAFE: Enabled(version="0.1.0"), HOURS: Enabled(version="0.1.0")},
        title="平安家庭",
        effective_from=built.today,
        staff=built.admin.id,
    )
    yield built
    await house.close()


async def record(village: Village, home: Household, item: str, **asked: object) -> Recorded:
    request = Asked(household=home.id, item=item, on=village.today, **asked)
    return await village.house.awards.record(request, village.actor, f"{village.today} {item} {home.id} {asked}")


@pytest.mark.row("SU-09")
async def test_reports_hide_what_is_few_households_own(village: Village) -> None:
    homes = [village.family, *[await village.open_family(f"02{number}") for number in range(4)]]
    for home in homes[:4]:
        await record(village, home, f"{SAFE}/drill")
    tables = {
        table.code: table for report in await village.house.reports.of(village.yinger, 2026) for table in report.tables
    }
    assert tables["daily"].rows == ()
    done = await record(village, homes[4], f"{SAFE}/drill")
    [report] = [one for one in await village.house.reports.of(village.yinger, 2026) if one.plugin == SAFE]
    assert report.tables[1].rows == (("参加消防、地震、防汛演练", 5, 25),)
    assert (await village.house.reports.table(village.yinger, 2026, village.grid, SAFE, "daily")).rows
    # What was taken back is in no sum.
    told = await village.house.journal.at(done.book, done.seqs[0])
    await village.house.journal.reverse(told.ref, "记错了", village.actor, "take-back")
    [report] = [one for one in await village.house.reports.of(village.yinger, 2026) if one.plugin == SAFE]
    assert report.tables[1].rows == ()
    with pytest.raises(Problem, match="report-unknown"):
        await village.house.reports.table(village.yinger, 2026, None, SAFE, "ranking")


@pytest.mark.row("PF-01")
async def test_assess_is_kept_with_its_deed_whatever_becomes_of_the_plugin(village: Village) -> None:
    house = village.house
    scored = await house.awards.score(
        Asked(household=village.family.id, item=f"{SAFE}/assessment", on=village.today, answers=FULL), "staff:1", "look"
    )
    assert isinstance(scored.assessment, Assessment)
    assert (scored.assessment.stars, scored.assessment.until) == (5, date(2027, 11, 22))
    done = await record(village, village.family, f"{SAFE}/assessment", answers=FULL)
    told = await house.journal.at(done.book, done.seqs[0])
    assert await house.sentences.assessed(told) == scored.assessment
    assert await house.sentences.under(told) == ["这次评定管到2027年11月22日，到期前再评一次就接上。"]


@pytest.mark.row("PF-05")
async def test_nothing_of_a_household_that_was_not_assessed_is_kept(village: Village) -> None:
    with pytest.raises(Problem, match="这次没有评定") as refused:
        await record(village, village.family, f"{SAFE}/assessment", answers={**FULL, "preconditions": False})
    assert refused.value.code == "assessment-short"
    assert await village.house.database.rows("SELECT * FROM deed WHERE household = {}", village.family.id) == []


@pytest.mark.row("TB-08")
async def test_a_star_is_booked_once_beside_the_hours_that_complete_it(village: Village, hands: Hands) -> None:
    person = village.family.members[0].person
    house, company = village.house, f"{HOURS}/clinic-company"
    for _ in range(9):
        await record(village, village.family, company, person=person, minutes=600)
        hands.now += timedelta(days=1)
    done = await record(village, village.family, company, person=person, minutes=540)
    told = await house.journal.at(done.book, done.seqs[0])
    assert await house.sentences.under(told) == ["志愿时累计99小时，再服务1小时就是一星志愿者。"]
    done = await record(village, village.family, f"{HOURS}/errands", person=person, minutes=60)
    booked = [await house.journal.at(done.book, seq) for seq in done.seqs]
    assert [one.title for one in booked] == ["代购代取、送餐", "一星志愿者"]
    done = await record(village, village.family, f"{HOURS}/skills", person=person, minutes=60)
    assert len(done.seqs) == 1
    # The star goes with the hours that completed it.
    await house.journal.reverse(booked[0].ref, "记错了", village.actor, "take-back")
    assert (await house.journal.at(done.book, booked[1].ref.seq)).entry.reversed_by is not None


async def test_page_is_the_plugins_own_and_no_other(village: Village) -> None:
    sheet = await village.sheet()
    sentences = village.house.sentences
    assert await sentences.pages(sheet) == {SAFE: "平安家庭怎么评", HOURS: "志愿时和星级"}
    assert (await sentences.page(sheet, HOURS, "counting")).title == "志愿时怎么算"
    for plugin, path in ((HOURS, "nothing"), (HOURS, "../x"), ("dezhi-yinger", ""), ("no-such", "")):
        with pytest.raises(Problem, match="page-unknown"):
            await sentences.page(sheet, plugin, path)


def test_a_file_holds_no_formula() -> None:
    table = Table(code="t", title="表", columns=("条目", "次数"), rows=(("=1+1", 2), ("扫地", -3)))
    assert csv_of(table).decode("utf-8-sig") == "条目,次数\r\n'=1+1,2\r\n扫地,-3\r\n"
    for cell in ("＝1+1", "＋1", "－1", "＠SUM(A1)", " =1+1", "\u3000＝1+1", "\n=1"):
        table = Table(code="t", title="表", columns=(cell,), rows=())
        assert csv_of(table).decode("utf-8-sig").strip('"').startswith("'"), cell
