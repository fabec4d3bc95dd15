from datetime import UTC, datetime

import pytest

from dezhi.core.drafts import Draft, DraftRow
from dezhi.core.events import AssetId
from dezhi.core.programmes import Document
from dezhi.plugin import Ask, Asset, Cap, HolderKind, Item, Line, Window
from dezhi.web import languages, words
from dezhi.web.draftwords import row_view, says


def item(*lines: Line, ask: Ask = Ask.NOTHING, caps: tuple[Cap, ...] = ()) -> Item:
    return Item(code="x", title="试", category="c", asset=lines[0].asset, lines=lines, how="做。", ask=ask, caps=caps)


def fixed(asset: Asset, amount: int) -> Line:
    return Line(asset=asset, amount_min=amount, amount_max=amount)


MINUTES = Line(asset=Asset.HOURS, amount_min=10, amount_max=240)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (item(fixed(Asset.MORAL, 5)), "+5 分"),
        (item(fixed(Asset.MORAL, 50), fixed(Asset.HONOUR, 50)), "+50 分、荣誉 +50 分"),
        (item(Line(asset=Asset.MORAL, amount_min=2, amount_max=8)), "+2～8 分"),
        (item(fixed(Asset.HOURS, 30)), "+30 分钟"),
        (item(MINUTES, ask=Ask.MINUTES), "每小时记 1 小时"),
        (item(fixed(Asset.SAFE, 3)), "平安 +3 分"),
    ],
)
def test_an_item_says_what_it_gives(given: Item, said: str) -> None:
    assert words.earns(given) == said


def test_caps_say_whose_they_are_and_for_how_long() -> None:
    monthly = Cap(window=Window.MONTH, times_max=10)
    assert words.limits(item(fixed(Asset.MORAL, 5), caps=(monthly,))) == "每户每月最多 10 次"
    daily = Cap(window=Window.DAY, asset=Asset.HOURS, amount_max=240)
    assert (
        words.limits(item(MINUTES, ask=Ask.MINUTES, caps=(daily, monthly))) == "每人每天最多 4 小时；每人每月最多 10 次"
    )
    person = Item(
        code="x", title="试", category="c", asset=Asset.MORAL, lines=(fixed(Asset.MORAL, 5),), how="做。",
        holder=HolderKind.PERSON, caps=(Cap(window=Window.LIFE, asset=Asset.MORAL, amount_max=5),),
    )  # fmt: skip
    assert words.limits(person) == "每人总共最多 5 分"
    assert words.limits(item(fixed(Asset.MORAL, 5))) == ""


def test_amounts_read_as_a_sentence() -> None:
    assert words.said({AssetId.MORAL: 5, AssetId.HOURS: 90}) == "道德积分加5分、志愿时记1小时30分"
    assert words.said({AssetId.MORAL: -5, AssetId.HOURS: -30}) == "道德积分退回5分、志愿时退回30分钟"
    assert words.signed(Asset.MORAL, -60) == "−60 分"


@pytest.mark.sqlite
def test_a_limit_of_one_is_said_of_one() -> None:
    row = {"points": 5, "caps": [{"window": "day", kind: 1} for kind in ("points", "times", "minutes")]}
    with languages.speaking("en"):
        said = says(row)
    assert [f"at most 1 {word} a day" in said for word in ("point", "time", "min")] == [True] * 3, said


@pytest.mark.sqlite
@pytest.mark.parametrize("odd", [5, "x", [1], {"a": 1}, [None, {"points": []}], 2.5, True, None])
def test_a_draft_s_row_of_odd_shapes_is_still_shown(odd: object) -> None:
    """A file may say anything; its findings tell what is wrong, and until then the page must open."""
    names = ("title", "category", "points", "least", "most", "per", "every", "unit", "asset", "caps", "levels")
    row = dict.fromkeys(names, odd)
    then = datetime(2026, 11, 22, tzinfo=UTC)
    rows = (DraftRow(id=1, row=row, title="x"), DraftRow(id=2, row={**row, "minus": odd}, title="x"))
    draft = Draft(
        id=1, village=1, title="x", document=Document(), rows=rows, started_by=1, started_at=then, saved_at=then
    )
    assert [row_view(draft, one, {}).id for one in rows] == [1, 2]
