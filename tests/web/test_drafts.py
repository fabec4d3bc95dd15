"""From a village's own workbook to rules in force, over HTTP: read, confirm, mend, decide, adopt, suspend, return."""

import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from PIL import Image

from dezhi.core.programmes import Deciding
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


@pytest.mark.row("RU-02")
@pytest.mark.row("B-08")
async def test_a_workbook_becomes_rules_by_the_villagers_decision(village: Village, visit: Visit) -> None:
    browser, anybody = await visit("liu"), await visit()
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
    # Nothing is adopted by the way, and not without the papers.
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
        "points": "20",
    }
    wrote = await browser.post(f"{draft}/rows/3", form)
    assert wrote.status_code == 303, wrote.text
    assert wrote.headers["location"] == f"{draft}/rows#r-3"
    assert "没有碰红线" in (await browser.get(f"{draft}/findings")).text
    await decided(browser, draft, paper_public="yes")
    review = (await browser.get(f"{draft}/review")).text
    assert "见义勇为" in review
    assert "还差" not in review
    done = await browser.post(f"{draft}/adopt", {"edition": await edition(browser, f"{draft}/review")})
    assert done.status_code == 303, done.text
    assert done.headers["location"] == HERE
    (adopted,) = await village.house.programmes.history(village.xiaba.id)
    assert adopted.effective_from == date(2026, 12, 1)
    assert [entry["item"]["title"] for entry in adopted.items] == ["清扫门前", "义务修路", "见义勇为"]
    resolution = adopted.resolution
    assert resolution
    assert resolution.by is Deciding.REPRESENTATIVES
    assert resolution.votes
    assert (resolution.votes.agreed, resolution.votes.present) == (28, 31)
    # Everybody can read what is coming, who decided it and where to object.
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
    # What was adopted has no more forms.
    late = await browser.post(f"{draft}/rows", {"edition": "99", "row.1": "drop"})
    assert late.status_code == 409
    assert "不能再改" in late.text
