"""What a hostile plugin may answer to the hooks beside scoring: refused as a whole, and in a moment."""

from collections.abc import Callable
from datetime import date

import pytest

from dezhi.host.answers import check_words, sound
from dezhi.host.trouble import Nonsense
from dezhi.plugin import (
    Assessment,
    Due,
    Heading,
    Notice,
    Onward,
    Page,
    Paragraph,
    Refusal,
    Rows,
    Section,
    Table,
)
from dezhi.plugin.answers import Block

pytestmark = [pytest.mark.sqlite, pytest.mark.row("PL-05")]

A_DAY = date(2026, 11, 22)
ORDINARY = "今天天气很好，大家一起扫街。"


def a_table(
    code: str = "visits", title: str = "走访", cell: int | str = 1, about: str = "", column: str = "户次"
) -> Table:
    return Table(code=code, title=title, columns=(column,), rows=((cell,),), about=about)


def a_page(*blocks: Block) -> Page:
    return Page(title="榜", blocks=blocks)


def refused(hook: str, make: Callable[[], object]) -> None:
    """The plugin itself fails where it makes the answer, or the answer is none."""
    with pytest.raises((Nonsense, ValueError)):
        sound(hook, make())


@pytest.mark.parametrize("letter", ["\0", "\ud800", "\x1b", "\u202e", "\u2066", "\u2028"])
def test_a_text_that_cannot_be_kept_or_shows_something_else_is_refused(letter: str) -> None:
    text = f"您好{letter}。"
    refused("notices", lambda: [Notice(text=text)])
    refused("check", lambda: Refusal(reason=text))
    refused("page", lambda: Page(title=text, blocks=()))
    refused("reports", lambda: [a_table(cell=text)])
    refused("schedule", lambda: [Due(item="base", answers=(("why", text),))])


def test_lines_of_a_text_may_be_broken() -> None:
    assert sound("notices", [Notice(text="您好。\n再见。")]) == (Notice(text="您好。\n再见。"),)


def test_a_table_holds_no_more_than_a_page_can_show() -> None:
    refused("reports", lambda: [a_table(cell="好" * 401)])
    refused("reports", lambda: [a_table(cell=10**16)])
    refused("reports", lambda: [a_table(cell=-(10**5_000))])
    refused("reports", lambda: [a_table(about="好" * 401)])
    refused("reports", lambda: [a_table(column="好" * 41)])


def test_a_page_holds_no_more_than_it_can_show() -> None:
    refused("page", lambda: a_page(Heading(text="好" * 401)))
    refused("page", lambda: a_page(Heading(text=" ")))
    refused("page", lambda: a_page(Rows(columns=("户",), rows=(("好" * 401,),))))
    refused("page", lambda: a_page(Rows(columns=("好" * 41,), rows=())))
    refused("page", lambda: a_page(Onward(text="好" * 401, path="more")))


@pytest.mark.parametrize("path", ["../../../../login", "/login", "x?next=//example.org", "A"])
def test_a_page_leads_to_no_others(path: str) -> None:
    refused("page", lambda: a_page(Onward(text="登录", path=path)))


def test_a_page_leads_to_pages_of_its_own() -> None:
    page = a_page(Onward(text="回去", path=""), Onward(text="细看", path="first-half"))
    assert sound("page", page) == page


def test_an_answer_has_an_end() -> None:
    endless = {
        "notices": [Notice(text="您好。")] * 11,
        "reports": [a_table(f"t{number}") for number in range(21)],
        "schedule": [Due(item="base")] * 301,
        "items": [Notice(text="您好。")] * 1_001,
    }
    for hook, many in endless.items():
        with pytest.raises(Nonsense, match="more than"):
            sound(hook, many)


def test_two_tables_have_two_codes() -> None:
    with pytest.raises(Nonsense, match="visits"):
        sound("reports", [a_table(), a_table()])


def test_an_assessment_has_an_end() -> None:
    sections = (Section(title="七无", met=True),) * 61
    refused("assess", lambda: Assessment(sections=sections, stars=1, until=A_DAY, reason="一星。"))


def test_a_page_of_words_without_end_is_not_read() -> None:
    blocks = tuple(Paragraph(text=ORDINARY * 140 + str(number)) for number in range(60))
    with pytest.raises(Nonsense, match="characters"):
        check_words("dezhi-x", "page", a_page(*blocks))


def test_a_red_line_behind_many_ordinary_words_is_seen() -> None:
    padded = tuple(ORDINARY * 25 for _ in range(19))
    page = a_page(Rows(columns=("事",) * 20, rows=((*padded, "黑榜已经上墙。"),)))
    with pytest.raises(Exception, match="RL-13"):
        check_words("dezhi-x", "page", page)


@pytest.mark.parametrize(
    "text",
    [
        "有事找李小明，电话13912345678。",
        "139 1234 5679",
        "139-1234-5679",
        "１３９１２３４５６７９",
        "62010219900100123X",
        "证号 620102 19900100 1234",
    ],
)
def test_a_plugin_tells_nobodys_number(text: str) -> None:
    said = [
        ("notices", (Notice(text=text),)),
        ("page", a_page(Rows(columns=("户",), rows=((text,),)))),
        ("reports", (a_table(cell=text),)),
    ]
    for hook, value in said:
        with pytest.raises(Exception, match="号码") as caught:
            check_words("dezhi-x", hook, value)
        assert getattr(caught.value, "code", "") == "answer-personal"
        assert "567" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["村委会：0936-6198000", "共13912345人次", "2026年11月22日13时45分", "编号 3-202611-18"]
)
def test_other_numbers_may_be_told(text: str) -> None:
    check_words("dezhi-x", "notices", (Notice(text=text),))
