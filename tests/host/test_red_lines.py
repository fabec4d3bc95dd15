"""What a plugin says to people is read before anybody sees it (RU-14)."""

import pytest

from dezhi.core.errors import Problem
from dezhi.host.answers import check_words
from dezhi.plugin import Heading, Notice, Page, Paragraph, Quote, Refusal, Rows

pytestmark = [pytest.mark.sqlite, pytest.mark.row("RU-14")]


@pytest.mark.parametrize(
    ("hook", "value", "line"),
    [
        ("check", Refusal(reason="家里有人上访，不加分。"), "RL-3"),
        ("quote", Quote(reward="r", price=5, reason="信教家庭贵一倍。"), "RL-15"),
        ("notices", (Notice(text="您好。"), Notice(text="黑榜已经上墙。")), "RL-13"),
        ("page", Page(title="榜", blocks=(Heading(text="本月"), Paragraph(text="转发点赞加2分"))), "RL-8"),
        ("page", Page(title="榜", blocks=(Rows(columns=("户", "事"), rows=(("甲", "献血一次"),)),)), "RL-7"),
    ],
)
@pytest.mark.row("B-02")
def test_an_answer_that_crosses_a_red_line_is_not_shown(hook: str, value: object, line: str) -> None:
    with pytest.raises(Problem) as caught:
        check_words("dezhi-x", hook, value)

    assert caught.value.code == "answer-red-line"
    assert line in caught.value.say()
    assert "dezhi-x" in caught.value.say()


@pytest.mark.parametrize(
    ("hook", "value"),
    [
        ("check", None),
        ("check", Refusal(reason="这件事过了30天才来记。请先在阳光议事日说一说。")),
        ("quote", Quote(reward="r", price=5, reason="水壶标价60分。您家本季已存3次，打九折，54分。")),
        ("notices", (Notice(text="您已满100小时，可以评一星志愿者。"),)),
        ("page", Page(title="积分超市", blocks=(Rows(columns=("东西", "分"), rows=(("香皂", "10"), ("米", "500"))),))),
        ("items", "黑榜"),  # judged when the version is adopted
    ],
)
def test_ordinary_words_are_shown(hook: str, value: object) -> None:
    check_words("dezhi-x", hook, value)
