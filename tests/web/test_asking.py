"""Items that ask more than a tap: the clerk's page shows their fields, reads them, and says what is missing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dezhi.core.people import NewMember
from dezhi.core.programmes import Enabled
from dezhi.host import Directory
from villages import SINCE, Village
from visiting import Browser, Visit
from workshop import MANIFEST, Workshop

ASKING = """
from dezhi.plugin import (
    Asset, Award, Category, Declaration, Item, Line, Option, People, Question, QuestionKind as Kind, Role, Subject,
    hook,
)

OPTIONS = (Option(code="county", title="县级"), Option(code="town", title="镇级"))
HELPED = People(role=Role.HELPED, title="帮了谁家", least=1, most=2)
GROUP = People(role=Role.GROUP, title="哪个组", of=Subject.GRID, most=200)


def item(code, title, **more):
    line = Line(asset=Asset.MORAL, amount_min=1, amount_max=100)
    return Item(code=code, title=title, category="some", asset=Asset.MORAL, lines=(line,), how="试。", **more)


ITEMS = [
    item("all", "都问", questions=(
        Question(name="much", title="多少", kind=Kind.NUMBER, least=1, most=50, unit="斤"),
        Question(name="marks", title="评分", kind=Kind.NUMBERS, count_least=2, count_most=5),
        Question(name="level", title="级别", kind=Kind.CHOICE, options=OPTIONS),
        Question(name="done", title="办成了", kind=Kind.YES),
        Question(name="why", title="缘由", kind=Kind.TEXT, least=2, most=20, needed=False),
    )),
    item("help", "帮人", people=(HELPED,)),
    item("lamp", "修灯", people=(GROUP,)),
]
PLUGIN = Declaration(categories=(Category(code="some", title="试"),))


@hook
def items():
    return ITEMS


@hook
def score(deed):
    if deed.code == "all":
        amount = deed.answer("much") + max(deed.answer("marks")) if deed.answer("done") else 1
        return [Award(item="all", asset=Asset.MORAL, amount=amount, reason=f"{deed.answer('level')}：{amount}")]
    if deed.code == "help":
        return [Award(item="help", asset=Asset.MORAL, amount=2, reason="帮人：2", to=to) for to in deed.participants]
    if deed.code == "lamp":
        return [Award(item="lamp", asset=Asset.MORAL, amount=3, reason="修灯：3", to=to) for to in deed.participants]
"""
ALL = {
    "item": "asks-more/all",
    "answer.much": "３",
    "answer.marks": "85、 90 78",
    "answer.level": "town",
    "answer.done": "yes",
}


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    folder = tmp_path / "plugins"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    workshop = Workshop(folder)
    manifest = MANIFEST.replace('"holder"]', '"holder", "participants"]')
    yield workshop.write("asks_more", ASKING, manifest)
    workshop.forget()


@pytest.fixture
def directory(plugin: str) -> Directory:
    return Directory(["dezhi_yinger", plugin])


@pytest.fixture
async def clerk(village: Village, visit: Visit) -> Browser:
    await village.house.programmes.adopt(
        village.yinger.id,
        {"asks-more": Enabled(version="1.0.0")},
        title="试",
        effective_from=village.today,
        staff=village.admin.id,
    )
    return await visit("wang")


def form(village: Village, number: int, **fields: str) -> dict[str, str]:
    return {"household": str(village.family.id), "key": f"asking-key-{number:04}", **fields}


async def test_questions_are_fields_of_their_item(village: Village, clerk: Browser) -> None:
    page = (await clerk.get("/round/award", params={"household": str(village.family.id)})).text
    assert page.count("data-more=") == 3
    for name in (
        "answer.much",
        "answer.marks",
        "answer.level",
        "answer.done",
        "answer.why",
        "with.helped",
        "with.group",
    ):
        assert f'name="{name}"' in page
    assert "第一网格" in page
    many = (await clerk.get(f"/round/many/{village.yinger.code}")).text
    assert "都问" not in many, "what each household answers for itself is no tap for all"


async def test_answers_are_read_and_booked(village: Village, clerk: Browser) -> None:
    said = await clerk.post("/round/award/preview", form(village, 1, **ALL), headers={"hx-request": "true"})
    assert "加93分" in said.text
    assert '<p class="booking__state">town：93</p>' in said.text, "the clerk has to be able to say why"
    saved = await clerk.post("/round/award", form(village, 1, **ALL))
    assert saved.status_code == 200
    assert "<p>town：93</p>" in saved.text


async def test_what_is_missing_is_named_and_nothing_typed_is_lost(village: Village, clerk: Browser) -> None:
    wrong = {**ALL, "answer.much": "很多", "answer.why": "一句缘由"}
    page = await clerk.post("/round/award", form(village, 2, **wrong))
    assert (page.status_code, "“多少”要填1到50斤的整数" in page.text) == (422, True)
    assert 'value="很多"' in page.text
    assert 'value="85、 90 78"' in page.text
    assert 'value="一句缘由"' in page.text
    for name, told in {"answer.level": "级别", "answer.marks": "评分", "answer.done": "办成了"}.items():
        page = await clerk.post("/round/award", form(village, 3, **{**ALL, name: ""}))
        assert f"还要填“{told}”" in page.text
    page = await clerk.post("/round/award", form(village, 4, **{**ALL, "answer.marks": "85 好"}))
    assert "要填2到5个数" in page.text


async def test_people_are_found_by_number_and_name(village: Village, clerk: Browser) -> None:
    other = await village.open_family("021", "马大山")
    await village.open_family("022", "马大山")
    named = {"item": "asks-more/help", "with.helped": "021"}
    saved = await clerk.post("/round/award", form(village, 5, **named))
    assert saved.status_code == 200
    assert "自己家不加分；马大山家道德积分加2分" in saved.text, "who else got some is named"
    sheet = await village.sheet()
    assert await village.house.passbooks.spendable(sheet, other.id) == 2
    for typed, told in {"马大山": "不止一家", "赵钱孙": "没有找到", "": "还要填“帮了谁家”", "012": "不能是"}.items():
        page = await clerk.post("/round/award", form(village, 6, **{**named, "with.helped": typed}))
        assert (page.status_code, told in page.text) == (422, True), page.text


async def test_a_group_is_every_household_of_its_grid(village: Village, clerk: Browser) -> None:
    """Not the clerk's own: nobody awards the household they live in."""
    house = village.house
    second = await house.places.create_grid(village.yinger.id, "02", "第二网格", SINCE)
    members = [NewMember(name="马大山", relation="户主")]
    homes = [
        await house.people.open_household(village.yinger.id, second.id, no, members, on=SINCE) for no in ("41", "42")
    ]
    named = {"item": "asks-more/lamp", "household": str(homes[0].id)}
    lost = await clerk.post("/round/award", form(village, 6, **{**named, "with.group": "9" * 19}))
    assert lost.status_code == 422  # a number that fits no column is no grid
    page = await clerk.post("/round/award", form(village, 7, **{**named, "with.group": str(village.grid.id)}))
    assert page.status_code == 422
    saved = await clerk.post("/round/award", form(village, 8, **{**named, "with.group": str(second.id)}))
    assert saved.status_code == 200
    sheet = await village.sheet()
    assert [await house.passbooks.spendable(sheet, home.id) for home in homes] == [3, 3]
