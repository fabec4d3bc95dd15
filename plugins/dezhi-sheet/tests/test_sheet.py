import msgspec

from dezhi.plugin import Asset, Fact, Measure, Subject, Window
from dezhi_sheet import declares, items
from dezhi_sheet.model import Sheet


def sheet(**fields: object) -> Sheet:
    plain = {"categories": [{"code": "good", "title": "好事", "symbol": "好"}], **fields}
    return msgspec.convert(plain, Sheet)


def row(code: str = "sweep", **fields: object) -> dict[str, object]:
    return {"code": code, "title": "参加环境清扫", "category": "good", **fields}


def test_declares_the_headings_of_the_sheet_and_only_the_facts_its_rules_need() -> None:
    plain = declares(sheet(notice="村民会议通过", items=[row(points=5)]))
    assert ([heading.title for heading in plain.categories], plain.notice, plain.facts) == (
        ["好事"],
        "村民会议通过",
        (),
    )
    filling = row(points=5, caps=[{"window": "year", "points": 10, "fill": True}, {"window": "day", "times": 1}])
    assert declares(sheet(items=[filling])).facts == (
        Fact(
            name="cap_sweep_1",
            measure=Measure.SUM,
            items=("sweep",),
            asset=Asset.MORAL,
            window=Window.YEAR,
            of=Subject.HOUSEHOLD,
        ),
    )


def test_sheet_without_rows_is_valid() -> None:
    assert items(Sheet()) == []
