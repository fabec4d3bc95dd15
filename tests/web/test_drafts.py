"""From a village's own workbook to rules in force, over HTTP: read, confirm, mend, decide, adopt, suspend, return."""

import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from PIL import Image

from dezhi.core.errors import Problem
from dezhi.core.keeping import Lapse
from dezhi.core.programmes import Deciding, Votes
from dezhi.host import Directory
from villages import Village
from visiting import Browser, Visit
from workshop import MANIFEST, Workshop

HERE = "/township/v/620902101202"
TODAY = date(2026, 11, 22)
SHEET = "our-sheet"
READER = """
from typing import Annotated
import msgspec
from msgspec import Meta
from dezhi.plugin import Asset, Category, Declaration, Declared, Draft, Item, Line, Reading, Settings, hook

class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True): ...
class Heading(Part, frozen=True):
    code: str
    title: str
class Row(Part, frozen=True):
    code: str
    title: str
    category: str
    points: Annotated[int, Meta(ge=0, le=50)] = 0
    rhyme: str = ""
class Sheet(Settings, frozen=True):
    categories: Annotated[tuple[Heading, ...], Meta(title="类别", description="类别")] = ()
    items: Annotated[tuple[Row, ...], Meta(title="条目", description="条目")] = ()

PLUGIN = Declaration(settings=Sheet, needs_resolution=True, rows="items")

@hook
def declares(settings):
    return Declared(categories=tuple(Category(code=one.code, title=one.title) for one in settings.categories))

@hook
def items(settings):
    return [item(row, Line(asset=Asset.MORAL, amount_min=row.points, amount_max=row.points)) for row in settings.items]

def item(row, line):
    return Item(code=row.code, title=row.title, category=row.category, asset=Asset.MORAL, how=row.title, lines=(line,))

@hook
def read_sheet(workbook):
    found = []
    for cell in workbook.grids[0].cells:
        words, _, points = cell.text.rpartition(" ")
        if words:
            row = {"code": f"row-{cell.row}", "title": words, "category": "tidy", "points": int(points)}
            sure = points.isdecimal() and int(points) < 20
            found.append(Draft(row=row, title=words, says=f"每次{points}分", at=f"1!A{cell.row}", text=cell.text,
                               confidence=95 if sure else 40, doubts=() if sure else ("分数偏高，请核对。",)))
    settings = {"categories": [{"code": "tidy", "title": "环境卫生"}]}
    passed_over = ("第1行是标题。",)
    return Reading(settings=settings, rows="items", drafts=tuple(found), passed_over=passed_over) if found else None
"""


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Directory]:
    """Find dezhi-yinger, and a plugin with rows that needs a resolution and reads workbooks."""
    shop = Workshop(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    shop.write("our_sheet", READER, MANIFEST.replace('data = ["deed", "holder"]', "data = []"), '["award", "read"]')
    found = Directory(["our_sheet", "dezhi_yinger"])
    assert not found.faults
    yield found
    shop.forget()


def workbook(*lines: str) -> bytes:
    """A workbook with one line in each row."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet()
        for row, line in enumerate(lines):
            sheet.write_string(row, 0, line)
    return made.getvalue()


def photograph() -> bytes:
    """A picture that says where it was taken."""
    made, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "Shangba, house 12"
    exif[0x0112] = 6  # to be turned
    Image.new("RGB", (60, 30), "white").save(made, "JPEG", exif=exif)
    return made.getvalue()


async def send(browser: Browser, **form: str) -> str:
    """Upload the village's sheet, and return the address of the draft."""
    data = workbook("标题", "清扫门前 5", "义务修路 10", "见义勇为 30")
    answer = await browser.post(
        f"{HERE}/draft", {"way": "file", "plugin": SHEET, **form}, files={"file": ("细则.xlsx", data)}
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removesuffix("/rows")


async def edition(browser: Browser, page: str) -> str:
    """Read which edition a page shows, as its forms will send it."""
    found = re.search(r'name="edition" value="(\d+)"', (await browser.get(page)).text)
    assert found
    return found[1]


RESOLUTION = {
    "title": "下坝村积分细则",
    "by": "representatives",
    "resolution": "下坝村〔2026〕3号",
    "decided_on": "2026-11-20",
    "present": "31",
    "agreed": "28",
    "against": "2",
    "abstained": "1",
    "effective_from": "2026-12-01",
}


async def decided(browser: Browser, draft: str, **changes: str) -> None:
    """Keep every row, and attach the resolution with its photograph."""
    rows = {f"row.{number}": "keep" for number in (1, 2, 3)}
    await browser.post(f"{draft}/rows", {"edition": await edition(browser, f"{draft}/rows"), **rows})
    form = {"edition": await edition(browser, f"{draft}/resolution"), **RESOLUTION, **changes}
    answer = await browser.post(f"{draft}/resolution", form, files={"paper": ("决议.jpg", photograph())})
    assert answer.status_code == 303, answer.text


@pytest.mark.row("B-08")
async def test_a_workbook_is_confirmed_row_by_row_and_adopts_nothing_by_the_way(village: Village, visit: Visit) -> None:
    browser = await visit("liu")
    draft = await send(browser)
    page = (await browser.get(f"{draft}/rows")).text
    for shown in (
        "1!A2",
        "清扫门前 5",
        "每次5分",
        "有把握",
        "请细看",
        "分数偏高，请核对。",
        "环境卫生",
        "第1行是标题。",
    ):
        assert shown in page
    seen = await edition(browser, f"{draft}/rows")
    sure = await browser.post(f"{draft}/rows", {"edition": seen, "go": "sure", "row.2": "drop"})
    assert sure.headers["location"] == f"{draft}/rows"
    assert "要的 1 条，不要的 1 条，还没看的 1 条" in (await browser.get(f"{draft}/rows")).text
    review = (await browser.get(f"{draft}/review")).text
    for missing in ("没有确认的还有1条", "还没有附决议"):
        assert missing in review
    early = await browser.post(f"{draft}/adopt", {"edition": await edition(browser, f"{draft}/rows")})
    assert early.status_code == 409
    assert await village.house.programmes.history(village.xiaba.id) == []
    form = {
        "edition": await edition(browser, f"{draft}/rows/3"),
        "title": "见义勇为",
        "category": "平安",
        "points": "99",
    }
    wrote = await browser.post(f"{draft}/rows/3", form)
    assert wrote.headers["location"] == f"{draft}/rows#r-3"
    # What the plugin cannot use is told at its row, with the way there.
    findings = (await browser.get(f"{draft}/findings")).text
    assert "不能用" in findings
    assert f'href="{draft}/rows/3"' in findings
    await browser.post(f"{draft}/drop/3")
    assert "没有碰红线" in (await browser.get(f"{draft}/findings")).text


@pytest.mark.row("RU-02")
async def test_rules_are_adopted_by_the_villagers_decision_and_everybody_reads_it(
    village: Village, visit: Visit
) -> None:
    browser, anybody = await visit("liu"), await visit()
    draft = await send(browser)
    await decided(browser, draft, paper_public="yes")
    review = (await browser.get(f"{draft}/review")).text
    assert "见义勇为" in review
    assert "还差" not in review
    done = await browser.post(f"{draft}/adopt", {"edition": await edition(browser, f"{draft}/review")})
    assert done.headers["location"] == HERE
    (adopted,) = await village.house.programmes.history(village.xiaba.id)
    assert adopted.effective_from == date(2026, 12, 1)
    assert [entry["item"]["title"] for entry in adopted.items] == ["清扫门前", "义务修路", "见义勇为"]
    resolution = adopted.resolution
    assert resolution is not None
    assert resolution.by is Deciding.REPRESENTATIVES
    assert resolution.votes == Votes(present=31, agreed=28, against=2, abstained=1)
    public = (await anybody.get("/v/620902101202/rules")).text
    assert "2026年12月1日起改用第1版" in public
    changes = (await anybody.get("/v/620902101202/rules/1/changes")).text
    for shown in ("村民代表会议", "到会31人：赞成28，反对2，弃权1", "下坝村〔2026〕3号", "村务监督委员会", "见义勇为"):
        assert shown in changes
    paper = await anybody.get("/v/620902101202/rules/1/paper")
    assert paper.headers["content-type"] == "image/jpeg"
    assert b"Shangba" not in paper.content
    with Image.open(io.BytesIO(paper.content)) as upright:
        assert upright.size == (30, 60)
    # It goes out as a workbook and comes in again as it was.
    book = await browser.get(f"{HERE}/draft/workbook/1")
    again = await browser.post(f"{HERE}/draft", {"way": "file"}, files={"file": ("方案.xlsx", book.content)})
    assert again.status_code == 303, again.text
    assert "见义勇为" in (await browser.get(again.headers["location"])).text
    # What was adopted cannot be changed any more, by no form.
    assert (await browser.get(f"{HERE}/draft/{10**19}/rows")).status_code == 404  # a number that fits no column
    late = await browser.post(f"{draft}/rows", {"edition": "99", "row.1": "drop"})
    assert late.status_code == 409
    assert "不能再改" in late.text
    assert await village.house.programmes.version(adopted.id) == adopted


@pytest.mark.row("RU-02")
async def test_without_a_resolution_that_passed_and_its_paper_nothing_is_adopted(
    village: Village, visit: Visit
) -> None:
    browser, house = await visit("liu"), village.house
    draft = await send(browser)
    rows = {f"row.{number}": "keep" for number in (1, 2, 3)}
    await browser.post(f"{draft}/rows", {"edition": await edition(browser, f"{draft}/rows"), **rows})
    wrong = {
        "票数对不上": {"agreed": "27"},
        "没有超过到会人数的一半": {"agreed": "15", "against": "15", "abstained": "1"},
        "决议的日期不能晚于今天": {"decided_on": "2026-11-23"},
        "请选是村民会议还是村民代表会议": {"by": "mayor"},
        "规则不能管过去的事": {"effective_from": "2026-11-21"},
        "请看看年份有没有写错": {"effective_from": "2206-12-01"},
        "票数要填整数": {"present": "三十一"},
    }
    for said, changes in wrong.items():
        form = {"edition": await edition(browser, f"{draft}/resolution"), **RESOLUTION, **changes}
        answer = await browser.post(f"{draft}/resolution", form)
        assert answer.status_code == 422
        assert said in answer.text
        assert 'value="下坝村〔2026〕3号"' in answer.text  # nothing typed is lost
    for content, said in (
        (b"<svg onload=x>", "不是 PDF"),
        (b"%PDF-1.7 cut", "打不开"),
        (b"\xff\xd8\xff\xe0 no", "打不开"),
    ):
        form = {"edition": await edition(browser, f"{draft}/resolution"), **RESOLUTION}
        answer = await browser.post(f"{draft}/resolution", form, files={"paper": ("决议.pdf", content)})
        assert said in answer.text
    form = {"edition": await edition(browser, f"{draft}/resolution"), **RESOLUTION}
    assert (await browser.post(f"{draft}/resolution", form)).status_code == 303
    review = await browser.post(f"{draft}/adopt", {"edition": await edition(browser, f"{draft}/resolution")})
    assert "决议的照片或扫描件还没有附" in review.text
    assert await house.programmes.history(village.xiaba.id) == []
    # Nor past the drafts.
    enabled = {SHEET: house.plugins.enabled(SHEET)}
    with pytest.raises(Problem, match="resolution-missing"):
        await house.programmes.adopt(village.xiaba.id, enabled, title="细则", effective_from=TODAY, staff=None)


async def test_what_only_the_villagers_may_change_becomes_a_draft_from_any_form(village: Village, visit: Visit) -> None:
    browser, house = await visit("liu"), village.house
    draft = await send(browser)
    await decided(browser, draft, effective_from="")
    await browser.post(f"{draft}/adopt", {"edition": await edition(browser, f"{draft}/review")})
    keeping = {"lapse": "year", "lapse_months": "12", "clearing_days": "7", "hours": "0", "yuan": "0"}
    answer = await browser.post(f"{HERE}/keeping", {"version": "1", **keeping})
    assert answer.status_code == 303
    waiting = answer.headers["location"].removesuffix("/resolution")
    assert "改动先存成了草稿" in (await browser.get(f"{waiting}/resolution")).text
    assert len(await house.programmes.history(village.xiaba.id)) == 1
    await decided(browser, waiting, effective_from="")
    done = await browser.post(f"{waiting}/adopt", {"edition": await edition(browser, f"{waiting}/review")})
    assert done.status_code == 303, done.text
    (latest, first) = await house.programmes.history(village.xiaba.id)
    assert (latest.document.keeping.lapse, first.document.keeping.lapse) == (Lapse.YEAR, Lapse.NEVER)
    assert latest.items == first.items
    for wrong in ({"title": "a\x00b"}, {"title": "细则", "privacy_notice": "长" * 4_001}):
        assert (await browser.post(f"{HERE}/papers", {"version": "2", **wrong})).status_code == 422
    assert await house.drafts.open(village.xiaba.id) == []
    empty = await browser.post(f"/township/v/{village.yinger.code}/plugins/{SHEET}", {"version": "1", "on": "yes"})
    assert empty.headers["location"].endswith("/rows")


async def test_of_two_who_edit_at_once_the_second_is_told_and_a_discarded_draft_comes_back(
    village: Village, visit: Visit
) -> None:
    first, second = await visit("liu"), await visit("liu")
    draft = await send(first)
    seen = await edition(first, f"{draft}/rows")
    assert (await first.post(f"{draft}/rows", {"edition": seen, "row.1": "keep"})).status_code == 303
    late = await second.post(f"{draft}/rows/1", {"edition": seen, "title": "晚了一步", "category": "环境卫生"})
    assert late.status_code == 409
    assert "别人改过这份草稿" in late.text
    assert 'value="晚了一步"' in late.text
    assert (await first.post(f"{draft}/discard")).status_code == 303
    assert "丢掉了" in (await first.get(f"{HERE}/draft")).text
    assert (await second.post(f"{draft}/rows", {"edition": "3", "row.1": "drop"})).status_code == 409
    with pytest.MonkeyPatch.context() as full:
        full.setattr("dezhi.service.drafts.OPEN_MAX", 0)
        assert (await first.post(f"{draft}/restore")).status_code == 409  # more would be open than are ever listed
    await first.post(f"{draft}/restore")
    assert "要的 1 条" in (await first.get(f"{draft}/rows")).text
    for data in (b"", b"MZ", b"PK\x03\x04 no zip"):
        answer = await first.post(
            f"{HERE}/draft", {"way": "file", "plugin": SHEET}, files={"file": ("细则.xlsx", data)}
        )
        assert answer.status_code in {413, 422}
    assert len(await village.house.drafts.open(village.xiaba.id)) == 1


@pytest.mark.row("RU-03")
@pytest.mark.row("B-16")
async def test_anothers_rules_are_proposed_and_never_overwrite(village: Village, visit: Visit) -> None:
    browser, house = await visit("liu"), village.house
    model = (await village.sheet()).programme
    began = await browser.post(f"{HERE}/draft", {"way": "model", "model": str(model.id)})
    draft = began.headers["location"].removesuffix("/rows")
    assert "营尔村第1版" in (await browser.get(f"{draft}/findings")).text
    done = await browser.post(f"{draft}/adopt", {"edition": await edition(browser, f"{draft}/review")})
    assert done.status_code == 303, done.text
    assert "营尔村的方案出了" not in (await browser.get(f"{HERE}/draft")).text
    plugins = {**model.document.plugins, "dezhi-yinger": house.plugins.enabled("dezhi-yinger", {"goal_points": 4000})}
    newer = await house.programmes.adopt(
        village.yinger.id, plugins, title=model.title, effective_from=TODAY, staff=village.admin.id
    )
    assert "营尔村的方案出了第2版" in (await browser.get(f"{HERE}/draft")).text
    (own,) = await house.programmes.history(village.xiaba.id)
    assert own.document == model.document
    again = await browser.post(f"{HERE}/draft", {"way": "model", "model": str(newer.id)})
    review = (await browser.get(again.headers["location"].replace("/rows", "/review"))).text
    assert "4000" in review
    assert len(await house.programmes.history(village.xiaba.id)) == 1
    # By a file, without a line between the two villages.
    file = await browser.get(f"/township/v/{village.yinger.code}/draft/file/2")
    sent = await browser.post(f"{HERE}/draft", {"way": "file"}, files={"file": ("邻村.toml", file.content)})
    assert sent.status_code == 303, sent.text
    (latest, *_) = await house.drafts.open(village.xiaba.id)
    assert latest.chosen().plugins["dezhi-yinger"].settings["goal_points"] == 4000
    assert latest.resolution is None


async def test_a_suspended_programme_records_nothing_and_goes_on_paying_out(village: Village, visit: Visit) -> None:
    browser, anybody, house = await visit("liu"), await visit(), village.house
    here = "/township/v/620902101201"
    for number in range(3):
        await village.award(village.family, "neighbour-help", note=str(number))
    form = {"version": "1", "since": TODAY.isoformat(), "reason": "公示栏坏了", "decided_by": "村民代表会议"}
    missing = await browser.post(f"{here}/suspend", {**form, "decided_by": " "})
    assert missing.status_code == 422
    looked = await browser.post(f"{here}/suspend", form)
    assert "从这天起不记分" in looked.text
    assert len(await house.programmes.history(village.yinger.id)) == 1
    assert (await browser.post(f"{here}/suspend", {**form, "sure": "yes"})).status_code == 303
    with pytest.raises(Problem, match="programme-suspended"):
        await village.award(village.family, "neighbour-help")
    rules = (await anybody.get("/v/620902101201/rules")).text
    assert "2026年11月22日起暂停记分。原因：公示栏坏了。决定的是：村民代表会议。" in rules
    taken = await house.redemptions.hand_over_at_desk(village.family.id, "dezhi-yinger/soap", village.actor, "soap")
    assert taken.resolved_seq is not None
    stale = await browser.post(f"{here}/return/1", {"version": "1", "since": TODAY.isoformat(), "sure": "yes"})
    assert stale.status_code == 409
    looked = await browser.post(f"{here}/return/1", {"version": "2", "since": TODAY.isoformat()})
    assert "从这天起恢复记分" in looked.text
    back = await browser.post(f"{here}/return/1", {"version": "2", "since": TODAY.isoformat(), "sure": "yes"})
    assert back.status_code == 303
    versions = await house.programmes.history(village.yinger.id)
    assert [one.document.suspended is None for one in versions] == [True, False, True]
    assert versions[0].document == versions[2].document
    assert versions[0].items == versions[2].items
    await village.award(village.family, "neighbour-help")


async def test_a_resolution_goes_for_the_rows_it_was_attached_to(village: Village, visit: Visit) -> None:
    browser, house = await visit("liu"), village.house
    draft = await send(browser)
    await decided(browser, draft)
    await browser.post(f"{draft}/rows", {"edition": await edition(browser, f"{draft}/rows"), "row.3": "drop"})
    refused = await browser.post(f"{draft}/adopt", {"edition": await edition(browser, f"{draft}/resolution")})
    assert "附上决议以后，条目又改过" in refused.text
    assert await house.programmes.history(village.xiaba.id) == []

    form = {"edition": await edition(browser, f"{draft}/resolution"), **RESOLUTION}
    assert (await browser.post(f"{draft}/resolution", form)).status_code == 303
    seen = await edition(browser, f"{draft}/review")
    for _ in ("once", "and by a second click"):
        assert (await browser.post(f"{draft}/adopt", {"edition": seen})).status_code == 303
    assert len(await house.programmes.history(village.xiaba.id)) == 1
