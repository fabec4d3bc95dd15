"""Drafts without a database: rows decided and edited, the document they become, the votes they rest on."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from dezhi.core.draftparts import PartForm, parts_as_rows, reminders_of, with_part, without_reminders
from dezhi.core.draftrows import CapForm, RowForm, besides, form_of, headings_of, others, rewritten
from dezhi.core.drafts import Draft, DraftRow, RowState, Sureness, beside, kept_rows
from dezhi.core.errors import Problem
from dezhi.core.papers import JPEG, PDF, PNG, media_of
from dezhi.core.plain import unkeepable
from dezhi.core.programmes import Document, Enabled, Resolution, Suspension, Votes
from dezhi.plugin import Cell, Grid, Workbook

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
SETTINGS: dict[str, Any] = {
    "notice": "试行一年",
    "categories": [{"code": "tidy", "title": "环境卫生"}],
    "bases": [{"code": "base", "title": "家庭基础分", "category": "tidy", "points": 100, "reminders": []}],
}
SWEEP = {"code": "row-1", "title": "清扫门前", "category": "tidy", "points": 2}
ROAD = {"code": "row-2", "title": "义务修路", "category": "tidy", "least": 5, "most": 10, "levels": [{"title": "县级"}]}
LITTER = {"code": "row-3", "title": "乱倒垃圾", "category": "tidy", "minus": 2, "most": 6}


def draft(*rows: DraftRow) -> Draft:
    document = Document(plugins={"dezhi-sheet": Enabled(version="1", settings=SETTINGS), "other": Enabled(version="1")})
    return Draft(
        id=1, village=1, title="细则", document=document, plugin="dezhi-sheet", field="items", rows=rows,
        started_by=1, started_at=NOW, saved_at=NOW,
    )  # fmt: skip


ROWS = (
    DraftRow(id=1, row=SWEEP, title="清扫门前", at="表!B3", confidence=95),
    DraftRow(id=2, row=ROAD, title="义务修路", at="表!B4", confidence=70, doubts=("谁来定几分？",)),
    DraftRow(id=3, row=LITTER, title="乱倒垃圾", at="表!B5", confidence=40, into="bases.0.reminders"),
)


def test_only_what_was_kept_becomes_the_document_each_row_in_its_place() -> None:
    chosen = draft(*ROWS).decided([1, 3], RowState.KEPT).decided([2], RowState.DROPPED).chosen()
    settings = chosen.plugins["dezhi-sheet"].settings
    assert settings["items"] == [SWEEP]
    assert settings["bases"][0]["reminders"] == [LITTER]
    assert settings["notice"] == "试行一年"
    assert chosen.plugins["other"] == Enabled(version="1")
    assert SETTINGS["bases"][0]["reminders"] == []  # the draft's own is untouched


def test_a_draft_with_rows_not_looked_at_or_none_kept_is_not_ready() -> None:
    begun = draft(*ROWS)
    assert begun.sure() == [1]
    assert [row.sureness for row in ROWS] == [Sureness.SURE, Sureness.LIKELY, Sureness.UNSURE]
    wrong = begun.decided(begun.sure(), RowState.KEPT).undecided()
    assert wrong is not None
    assert wrong.say() == "没有确认的还有2条。请一条一条看过，哪些要，哪些不要。"
    dropped = begun.decided([1, 2, 3], RowState.DROPPED).undecided()
    assert dropped is not None
    assert dropped.code == "draft-no-rows"
    assert begun.decided([1, 2, 3], RowState.KEPT).undecided() is None
    with pytest.raises(Problem, match="draft-row"):
        begun.decided([9], RowState.KEPT)


def test_a_place_of_the_settings_is_found_again_among_the_kept_rows() -> None:
    kept = draft(*ROWS).decided([2, 3], RowState.KEPT)
    assert [kept.row_at(place) for place in ("items[0].points", "items[1]", "notice")] == [kept.row(2), None, None]
    assert kept.row_at("bases[0].reminders[0].minus") == kept.row(3)
    many = draft(*kept_rows([SWEEP] * 12))
    assert many.row_at("items[1]") == many.row(2)
    assert many.row_at("items[11].code") == many.row(12)


def test_an_edited_row_keeps_its_cell_and_what_the_form_does_not_show() -> None:
    begun = draft(*ROWS)
    typed = form_of(ROAD, headings_of(begun))
    assert (typed.category, typed.least, typed.most, typed.points) == ("环境卫生", "5", "10", "")
    cap = CapForm(window="month", kind="points", most="40")
    form = RowForm(title="修路、清淤", category="公益事业", least="5", most="12", caps=(cap,))
    edited = rewritten(begun, 2, form)
    row = edited.row(2)
    assert (row.at, row.state, row.doubts, row.sureness) == ("表!B4", RowState.KEPT, (), Sureness.SURE)
    assert row.row == {
        "code": "row-2", "title": "修路、清淤", "category": "class-1", "levels": [{"title": "县级"}],
        "least": 5, "most": 12, "caps": [{"window": "month", "points": 40}],
    }  # fmt: skip
    assert headings_of(edited) == {"tidy": "环境卫生", "class-1": "公益事业"}
    assert others(row.row) == {"levels": "县级"}
    again = rewritten(edited, None, RowForm(title="新的一条", category="公益事业", points="3"))
    assert again.rows[-1].row == {"code": "row-4", "title": "新的一条", "category": "class-1", "points": 3}


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"title": " "}, "row-title", "title"),
        ({"title": "长" * 41}, "row-title", "title"),
        ({"category": ""}, "row-category", "category"),
        ({"points": "-5"}, "row-number", "points"),
        ({"points": "1.5"}, "row-number", "points"),
        ({"points": "9" * 30}, "row-number", "points"),
        ({"points": "5", "least": "1", "most": "9"}, "row-range", "points"),
        ({"least": "9", "most": "5"}, "row-range", "most"),
        ({"per": "moon"}, "row-choice", "per"),
        ({"asset": "money"}, "row-choice", "asset"),
        ({"how": "话" * 401}, "row-text", "how"),
        ({"caps": (CapForm(window="era", most="3"),)}, "row-cap", "caps"),
        ({"caps": (CapForm(window="day", most="0"),)}, "row-cap", "caps"),
    ],
)
def test_what_was_typed_wrongly_is_told_at_its_field(changes: dict[str, Any], code: str, field: str) -> None:
    form = RowForm(**({"title": "清扫", "category": "环境卫生", "points": "2"} | {"least": ""} | changes))
    with pytest.raises(Problem, match=code) as refused:
        rewritten(draft(*ROWS), 1, form)
    assert refused.value.field == field


def test_a_reminder_is_edited_as_one_and_never_becomes_points() -> None:
    """RU-18: what a minus row takes comes off a base, and more than once of it is bounded."""
    form = RowForm(title="乱倒垃圾", category="环境卫生", minus="3", most="9", warnings="1", points="5")
    row = rewritten(draft(*ROWS), 3, form).row(3).row
    assert row == {**LITTER, "minus": 3, "most": 9, "warnings": 1}
    with pytest.raises(Problem, match="row-range"):
        rewritten(draft(*ROWS), 3, RowForm(title="乱倒垃圾", category="环境卫生", minus="3", most="2"))
    with_one = {**SETTINGS, "bases": [{**SETTINGS["bases"][0], "reminders": [LITTER]}]}
    assert list(reminders_of(with_one)) == [("bases.0.reminders", [LITTER])]
    assert without_reminders(with_one) == SETTINGS


def test_a_row_is_shown_with_what_stands_beside_it() -> None:
    cells = (
        Cell(row=3, column=1, text="环境卫生", rows=4),
        Cell(row=5, column=2, text="清扫"),
        Cell(row=5, column=3, text="2分"),
        Cell(row=6, column=2, text="别的"),
    )
    book = Workbook(grids=(Grid(name="表", cells=cells),))
    assert beside(book, "表!B5") == ("环境卫生", "2分")
    assert beside(book, "没有!B5") == beside(book, "B5") == ()


@pytest.mark.row("RU-02")
@pytest.mark.parametrize(
    ("votes", "code"),
    [
        (Votes(present=31, agreed=16, against=15, abstained=0), None),
        (Votes(present=31, agreed=15, against=15, abstained=1), "resolution-not-passed"),
        (Votes(present=30, agreed=15, against=15, abstained=0), "resolution-not-passed"),
        (Votes(present=31, agreed=28, against=2, abstained=0), "resolution-votes"),
        (Votes(present=0, agreed=0, against=0, abstained=0), "resolution-votes"),
        (Votes(present=1, agreed=2, against=-1, abstained=0), "resolution-votes"),
    ],
)
def test_votes_add_up_and_make_a_majority(votes: Votes, code: str | None) -> None:
    problem = votes.problem()
    assert (problem.code if problem else None) == code


def test_a_resolution_of_tomorrow_and_a_suspension_without_words_are_refused() -> None:
    today = date(2026, 11, 22)
    assert [one.field for one in Resolution(number="", decided_on=date(2026, 11, 23)).problems(today)] == [
        "resolution",
        "decided_on",
    ]
    assert list(Resolution(number="3号", decided_on=today).problems(today)) == []  # as those of before votes were asked
    wrong = Suspension(reason="公示栏坏了", decided_by="").problem()
    assert wrong is not None
    assert wrong.field == "decided_by"


def test_a_paper_is_what_its_bytes_are() -> None:
    told = [
        media_of(one) for one in (b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"<svg", b"PK\x03\x04", b"")
    ]
    assert told == [PDF, PNG, JPEG, None, None, None]


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ({"points": 10**30}, "[0].points"),
        ({"caps": [{"most": float("inf")}]}, "[0].caps[0].most"),
        ({"how": "字" * 100_000}, "[0].how"),
        ({"how": "\ud800"}, "[0].how"),
        ({"a\x00": 1}, "[0]"),
        ({"title": "扫路\u202e"}, "[0].title"),
        ({"levels": [[[[[[[[[[[[[1]]]]]]]]]]]]]}, "[0].levels" + "[0]" * 11),
    ],
)
def test_what_cannot_be_kept_is_told_with_its_place(row: dict[str, Any], place: str) -> None:
    problem = unkeepable([row])
    assert problem is not None
    assert problem.field == place
    assert problem.say()


ODD = [5, "x", [1], {"a": 1}, [None, {"points": []}], 2.5, True, None]


@pytest.mark.parametrize("odd", ODD)
def test_a_row_of_odd_shapes_is_still_shown(odd: object) -> None:
    """The findings tell what is wrong with it; until then the page must open."""
    row = dict.fromkeys([*SWEEP, *LITTER, "least", "caps", "every", "unit", "per", "asset", "levels"], odd)
    broken = draft(*kept_rows([row]))
    settings = {**SETTINGS, "categories": odd, "bases": odd}
    plugins = {"dezhi-sheet": Enabled(version="1", settings=settings)}
    broken = msgspec.structs.replace(broken, document=Document(plugins=plugins))
    headings = headings_of(broken)
    assert form_of(row, headings).title == str(odd or "")
    assert isinstance(besides(broken), dict)
    assert isinstance(without_reminders(settings), dict)
    assert list(reminders_of(settings)) == []


def test_parts_are_rows_like_any_other_and_a_reminder_follows_its_base() -> None:
    settings = {
        **SETTINGS,
        "bases": [
            {**SETTINGS["bases"][0], "code": code, "reminders": [{**LITTER, "code": f"of-{code}"}]}
            for code in ("one", "two")
        ],
        "campaigns": [{"code": "autumn", "title": "秋季", "first": "2026-10-01", "last": "2026-11-30", "percent": 200}],
    }  # fmt: skip
    document = Document(plugins={"dezhi-sheet": Enabled(version="1", settings=without_reminders(settings))})
    rows: tuple[DraftRow, ...] = kept_rows([SWEEP])
    for path, reminders in reminders_of(settings):
        rows += kept_rows(reminders, path, len(rows))
    begun = msgspec.structs.replace(draft(*rows), document=document)
    opened = parts_as_rows(begun, RowState.KEPT)
    assert parts_as_rows(opened, RowState.OPEN) == opened
    assert opened.chosen().plugins["dezhi-sheet"].settings == {**settings, "items": [SWEEP]}
    one, two, autumn = opened.rows[-3:]
    places = {
        "bases[1].points": two, "bases[1].reminders[0].minus": opened.rows[2], "campaigns[0].last": autumn,
    }  # fmt: skip
    assert {place: opened.row_at(place) for place in places} == places
    # The first base is left out: the second's reminder goes where the second now stands, the first's is told of.
    without = opened.decided([one.id], RowState.DROPPED)
    [left] = without.chosen().plugins["dezhi-sheet"].settings["bases"]
    assert (left["code"], left["reminders"][0]["code"]) == ("two", "of-two")
    assert without.row_at("bases[0].reminders[0]") == opened.rows[2]
    wrong = without.undecided()
    assert wrong is not None
    assert wrong.code == "draft-orphan"
    added = rewritten(opened, None, RowForm(title="占道", category="环境卫生", minus="5", most="10"), two.id)
    assert added.owner(added.rows[-1]) == two
    with pytest.raises(Problem, match="draft-row"):
        rewritten(opened, None, RowForm(title="占道", category="环境卫生", minus="5", most="10"), autumn.id)


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        ("bases", {"points": "0"}, "points"),
        ("bases", {"points": "3", "asset": "moral"}, "asset"),
        ("bases", {"points": "3", "window": "life"}, "window"),
        ("bases", {"points": "3", "on": "重\x00阳"}, "on"),
        ("bases", {"points": "3", "category": ""}, "category"),
        ("campaigns", {"first": "10月1日"}, "first"),
        ("campaigns", {"last": "2026-09-30"}, "last"),
        ("campaigns", {"percent": "1001"}, "percent"),
        ("campaigns", {"rows": ("row-9",)}, "rows"),
        ("campaigns", {"before": ("row-1",)}, "before"),
        ("milestones", {"title": " "}, "title"),
        ("milestones", {"least": ""}, "least"),
        ("milestones", {"least": "9", "counts": "count"}, "counts"),
    ],
)
def test_a_part_that_was_typed_wrongly_is_told_at_its_field(kind: str, changes: dict[str, Any], field: str) -> None:
    typed = {"title": "秋季", "category": "环境卫生", "first": "2026-10-01", "last": "2026-10-31", "percent": "200"}
    with pytest.raises(Problem) as refused:
        with_part(draft(*ROWS), kind, None, PartForm(**{**typed, **changes}))
    assert refused.value.field == field


def test_an_item_by_analogy_has_no_points_of_its_own() -> None:
    form = RowForm(title="没有写明的好事", category="环境卫生", analogy="yes")
    row = rewritten(draft(*ROWS), None, form).rows[-1].row
    assert row["analogy"] is True
    assert form_of(row, {}).analogy == "yes"
    with pytest.raises(Problem, match="row-range") as refused:
        rewritten(draft(*ROWS), None, msgspec.structs.replace(form, points="3"))
    assert refused.value.field == "analogy"


def test_a_heading_goes_with_the_last_row_under_it() -> None:
    begun = draft(*kept_rows([SWEEP, ROAD]))
    for heading in ("献血", "公益"):
        begun = rewritten(begun, 2, RowForm(title="无偿献血", category=heading, points="5"))
    for given, titles in ((begun, ["环境卫生", "公益"]), (begun.decided([2], RowState.DROPPED), ["环境卫生"])):
        settings = given.chosen().plugins["dezhi-sheet"].settings
        assert [one["title"] for one in settings["categories"]] == titles
