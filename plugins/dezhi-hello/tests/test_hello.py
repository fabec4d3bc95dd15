from dezhi.plugin import Asset, Award
from dezhi.testing import Conformance, a_deed
from dezhi_hello import SWEEP, items, score


class TestConformance(Conformance):
    package = "dezhi_hello"


def test_sweeping_earns_five_points() -> None:
    assert score(a_deed("dezhi-hello/sweep")) == [
        Award(item="sweep", asset=Asset.MORAL, amount=5, reason="清扫村道：道德积分加5分")
    ]


def test_other_deeds_earn_nothing_here() -> None:
    assert score(a_deed("dezhi-yinger/street-cleaning")) == []


def test_one_item_is_offered() -> None:
    assert items() == [SWEEP]
