"""The statement's page, at home and at the desk, and its calls: the figures are those of the book."""

from datetime import timedelta

import pytest
from litestar import Litestar

from calling import Program, make_token
from dezhi.core.events import AssetId, Holder, HolderId
from dezhi.service.house import House
from homes import Home
from links import text
from township import Hands
from villages import Village
from visiting import Visit


@pytest.mark.row("LE-08")
async def test_a_household_reads_any_days_of_its_book(village: Village, visit: Visit, hands: Hands) -> None:
    await village.award(village.family, "neighbour-help")
    hands.pass_by(timedelta(days=20))
    await village.award(village.family, "neighbour-help")
    browser = await visit()
    await browser.show_card(village.card.number, village.card.pin)
    december = text((await browser.get("/me/statement")).text)
    assert "12月1日开始时10 分" in december
    assert "12月12日结束时20 分" in december
    assert december.count("邻里帮扶") == 1
    both = text((await browser.get("/me/statement?since=2026-11-01&until=2026-12-31")).text)
    assert "11月1日开始时0 分" in both
    assert both.count("邻里帮扶") == 2
    assert "李×明家" in both
    assert "一共加 20 分" in both
    before = text((await browser.get("/me/statement?since=2026-11-01&until=2026-11-21")).text)
    assert "11月21日结束时0 分" in before
    assert "这段日子没有进出" in before


@pytest.mark.parametrize("asked", ["since=2026-12-01&until=2026-11-01", "since=x&until=2026-11-01", "since=2026-12-01"])
async def test_odd_days_show_this_month_and_say_so(village: Village, visit: Visit, asked: str) -> None:
    browser = await visit("wang")
    answer = await browser.get(f"/desk/{village.family.id}/statement?{asked}")
    assert answer.status_code == 422
    assert "2026年11月1日到2026年11月30日" in text(answer.text)


async def test_another_village_s_household_has_no_statement_here(village: Village, visit: Visit) -> None:
    browser = await visit("wang")
    assert (await browser.get("/desk/1/statement")).status_code == 404
    assert (await (await visit()).get("/me/statement")).status_code == 303


@pytest.mark.row("LE-08")
async def test_programs_ask_for_a_past_day_and_for_what_was_known(
    village: Village, empty: tuple[House, Litestar], hands: Hands
) -> None:
    await village.award(village.family, "neighbour-help")
    before = hands.now
    hands.pass_by(timedelta(days=1))
    await village.award(village.family, "neighbour-help")
    async with Program(empty[1], await make_token(empty[0], village.clerk)) as program:
        path = f"/households/{village.family.id}"

        async def balance(**asked: str) -> list[int]:
            answer = await program.get(f"{path}/balances/past", params=asked)
            return [one["balance"] for one in answer.json()["accounts"]]

        assert await balance() == [20]
        assert await balance(on="2026-11-22") == [10]
        assert await balance(on="2026-11-21") == [0]
        assert await balance(known_at=before.isoformat()) == [10]
        told = (await program.get(f"{path}/statement", params={"since": "2026-11-23"})).json()
        (account,) = told["accounts"]
        assert (account["opening"], account["closing"], [one["moved"]["amount"] for one in account["lines"]]) == (
            10,
            20,
            [10],
        )


@pytest.mark.row("LE-08")
@pytest.mark.sqlite
async def test_a_statement_among_any_number_of_postings_is_looked_up(village: Village, home: Home) -> None:
    said: set[str] = set()
    house = village.house
    engine = house.database.engine
    for lane in (engine.writer, *engine._readers):  # type: ignore[union-attr] # SQLite's
        await lane.run(lambda db: db.set_trace_callback(said.add))
    await village.award(village.family, "neighbour-help")
    known = house.clock()
    await house.statements.of_household(village.family, village.today, village.today, known=known)
    sheet = await village.sheet()
    holder = Holder(HolderId.HOUSEHOLD, village.family.id)
    await house.statements.balance(sheet.book, sheet.lineage, holder, AssetId.MORAL, known=known)
    with home.look() as db:
        found = [
            str(row["detail"])
            for sql in said
            if ("cr_account" in sql and sql.startswith("SELECT")) or "RECURSIVE" in sql
            for row in db.execute(f"EXPLAIN QUERY PLAN {sql}")
            if "posting" in row["detail"] or " t " in row["detail"]
        ]
    assert len(found) > 8
    assert [step for step in found if "SCAN" in step or step.endswith("(book_id=?)")] == []
