"""What a village decides by analogy: told to its staff, and made a draft of a rule with one button."""

import re
from datetime import date

import msgspec
import pytest
from litestar import Litestar

from calling import Program, make_token
from dezhi.core.drafts import RowState
from dezhi.core.programmes import Resolution
from dezhi.host import Directory
from dezhi.service.deeds import Asked
from dezhi.service.house import House
from dezhi.web.draftwords import campaigns_said
from links import text
from villages import Village
from visiting import Browser, Visit

SHEET = "dezhi-sheet"
SETTINGS = {
    "categories": [{"code": "good", "title": "好事"}],
    "items": [
        {"code": "sweep", "title": "参加环境清扫", "category": "good", "points": 5},
        {"code": "alike", "title": "细则没有写明的好事", "category": "good", "analogy": True},
    ],
}


@pytest.fixture
def directory() -> Directory:
    """The plugin with a row for what the sheet does not name."""
    return Directory(["dezhi_yinger", "dezhi_sheet"])


async def decide(village: Village, why: str, *, on: date | None = None) -> int:
    """Record a deed that is like sweeping; return its first entry's number."""
    asked = Asked(
        household=village.family.id,
        item=f"{SHEET}/alike",
        on=on or village.today,
        answers={"like": "sweep", "why": why},
    )
    return (await village.house.awards.record(asked, village.actor, f"alike-{why}-{on}")).seqs[0]


async def edition(browser: Browser, page: str) -> str:
    found = re.search(r'name="edition" value="(\d+)"', (await browser.get(page)).text)
    assert found
    return found[1]


async def adopt(village: Village) -> None:
    await village.house.programmes.adopt(
        village.yinger.id,
        {SHEET: village.house.plugins.enabled(SHEET, SETTINGS)},
        title="营尔村细则",
        effective_from=village.today,
        staff=village.admin.id,
        resolution=Resolution(number="营尔村〔2026〕4号", decided_on=date(2026, 11, 1)),
    )


@pytest.mark.row("RU-19")
async def test_a_decision_by_analogy_is_told_to_staff_and_becomes_a_draft_of_a_rule(
    village: Village, visit: Visit, empty: tuple[House, Litestar]
) -> None:
    house, code = village.house, village.yinger.code
    township, clerk, supervisor = await visit("liu"), await visit("wang"), await visit("zhao")
    here = f"/township/v/{code}/precedents"
    assert "没有比照的条目" in (await township.get(here)).text
    await adopt(village)
    assert "还没有比照定过的事" in (await township.get(here)).text
    first = await decide(village, "帮着清渠")
    undone = await decide(village, "记错了的")
    await house.journal.reverse(
        (await house.journal.at(await house.sheets.book(village.yinger.id), undone)).ref,
        "记错了",
        village.actor,
        "undo-alike",
    )

    for browser, home, page in (
        (clerk, "/round", f"/round/precedents/{code}"),
        (supervisor, "/journal", f"/journal/precedents/{code}"),
        (township, f"/township/v/{code}", here),
    ):
        assert f'href="{page}"' in (await browser.get(home)).text
        shown = text((await browser.get(page)).text)
        for said in ("帮着清渠", "参加环境清扫", "5 分", village.clerk.name):
            assert said in shown
        assert "记错了的" not in shown
        assert village.family.members[0].name not in shown
        assert ("写成新规则草稿" in shown) is (browser is township)

    made = await township.post(here, {"decision": str(first), "draft": ""})
    assert made.status_code == 303, made.text
    (draft,) = await house.drafts.open(village.yinger.id)
    row = draft.rows[-1]
    assert (row.title, row.state, row.row["points"], row.text) == ("帮着清渠", RowState.OPEN, 5, "帮着清渠")
    assert "照“参加环境清扫”定过1次" in row.row["hint"]
    again = await township.post(here, {"decision": str(first), "draft": str(draft.id)})
    assert again.status_code == 409
    assert "已经有“帮着清渠”这一条了" in again.text
    assert (await township.post(here, {"decision": str(undone), "draft": ""})).status_code == 404

    async with Program(empty[1], await make_token(house, village.admin)) as program:
        [told] = (await program.get(f"/villages/{code}/precedents")).json()["items"]
        assert (told["decision"], told["why"], told["amount"]) == (first, "帮着清渠", 5)
        begun = await program.post(f"/villages/{code}/drafts", {"decision": first})
        assert begun.status_code == 201, begun.text
        assert begun.json()["rows"][-1]["title"] == "帮着清渠"


async def test_bases_campaigns_and_milestones_are_edited_in_forms_and_adopted_as_typed(
    village: Village, visit: Visit, empty: tuple[House, Litestar]
) -> None:
    await adopt(village)
    house, browser = village.house, await visit("liu")
    began = await browser.post(f"/township/v/{village.yinger.code}/draft", {"way": "current"})
    draft = began.headers["location"].removesuffix("/rows")

    async def send(page: str, **form: str | list[str]) -> str:
        answer = await browser.post(f"{draft}/{page}", {"edition": await edition(browser, f"{draft}/rows"), **form})
        assert answer.status_code in {303, 422}, answer.text
        return answer.headers.get("location") or answer.text

    assert (await send("rows", new="bases")).endswith("/parts/new/bases")
    refused = await send("parts/new/bases", title="家庭基础分", category="好事", points="一百")
    assert "要填整数" in refused
    assert 'value="一百"' in refused
    assert "#r-3" in await send("parts/new/bases", title="家庭基础分", category="好事", points="100")
    assert (await send("rows", new="3")).endswith("/rows/new?base=3")
    assert "#r-4" in await send(
        "rows/new?base=3", title="乱堆垃圾", category="好事", minus="10", most="30", warnings="1"
    )
    wrong = await send("parts/new/campaigns", title="双倍", first="2026-12-31", last="2026-12-01", percent="200")
    assert "不能比第一天早" in wrong
    days = {"first": "2026-12-01", "last": "2026-12-31"}
    assert "#r-5" in await send("parts/new/campaigns", title="双倍", **days, percent="200", rows=["sweep"])
    assert "#r-6" in await send("parts/new/milestones", title="银星户", category="好事", least="100", points="10")
    assert (await browser.get(f"{draft}/rows/5")).headers["location"] == f"{draft}/parts/5"
    assert "#r-5" in await send("parts/5", title="双倍月", **days, percent="150", rows=["sweep"])
    page = text((await browser.get(f"{draft}/rows")).text)
    for said in ("从2026-12-01到2026-12-31，按150%算分；管的是：参加环境清扫", "从哪一项里减：家庭基础分", "攒满"):
        assert said in page
    assert "没有碰红线" in (await browser.get(f"{draft}/findings")).text
    found = await house.drafts.find(village.yinger.id, int(draft.rpartition("/")[2]))
    settings = found.chosen().plugins[SHEET].settings
    assert [one["minus"] for one in settings["bases"][0]["reminders"]] == [10]
    assert settings["milestones"][0]["least"] == 100
    assert not house.plugins.problems(SHEET, settings)

    document = msgspec.structs.replace(found.document, plugins=found.chosen().plugins)
    assert campaigns_said(document, date(2026, 12, 31)) == (
        "双倍月：从2026-12-01到2026-12-31，按150%算分；管的是：参加环境清扫",
    )
    assert campaigns_said(document, date(2027, 1, 1)) == ()

    # Left out, and taken in again.
    assert await send("rows", **{"row.3": "drop"})
    review = text((await browser.get(f"{draft}/review")).text)
    assert "“乱堆垃圾”是从“家庭基础分”里减的" in review
    assert await send("rows", **{"row.3": "keep"})

    # By a program, every row where it belongs.
    async with Program(empty[1], await make_token(house, village.admin)) as program:
        at = f"/villages/{village.yinger.code}/drafts/{found.id}"
        told = (await program.get(at)).json()
        rows = [{name: row[name] for name in ("row", "decided", "into")} for row in told["rows"]]
        wrote = await program.post(f"{at}/rows", {"edition": told["edition"], "rows": rows})
        assert wrote.status_code == 201, wrote.text
        odd = [*rows, {"row": {"title": "无处可去"}, "into": "bases.9.reminders"}]
        refused_ = await program.post(f"{at}/rows", {"edition": wrote.json()["edition"], "rows": odd})
        assert refused_.json()["code"] == "draft-place"
    again = await house.drafts.find(village.yinger.id, found.id)
    assert again.chosen().plugins[SHEET].settings == settings
