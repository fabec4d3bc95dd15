"""What is told of safe families: a page for everybody, tables for staff, a sentence for the household."""

from collections import defaultdict
from collections.abc import Sequence

from dezhi.plugin import Asset, Entry, Heading, Notice, Onward, Page, Paragraph, Rows, Table, Total

from . import assessing, daily
from .settings import Choices

SECTIONS_PAGE = "sections"


def page(choices: Choices, path: str) -> Page | None:
    """Return the page of the assessment, or that of its sections."""
    if path == SECTIONS_PAGE:
        return _sections()
    return None if path else _stars(choices)


def _stars(choices: Choices) -> Page:
    stars = tuple(
        (f"{assessing.NUMBERS[stars]}星", f"{least}分", f"{points}分")
        for stars, least, points in reversed(choices.stars)
    )
    daily_rows = tuple((one.title, f"{one.lines[0].amount_min}分") for one in daily.items(choices))
    return Page(
        title="平安家庭怎么评",
        blocks=(
            Paragraph(text="平安家庭撑起平安村。一年评一次，评上的管一年，到期再评就接上。"),
            Heading(text="先看七无"),
            Paragraph(text=f"{assessing.SEVEN}。"),
            Paragraph(text="这里只记“符合”或者“未评”。哪一条、为什么，不问、不写、不存；没评上的，谁也看不见。"),
            Heading(text="再看四项"),
            Rows(columns=("星级", "四项合计", "存平安积分"), rows=stars),
            Onward(text="四项看什么", path=SECTIONS_PAGE),
            Heading(text="平时的平安事"),
            Rows(columns=("做什么", "存平安积分"), rows=daily_rows),
            Paragraph(text=f"平时的加在一起，一户一年最多存{choices.year_points_max}分。"),
        ),
    )


def _sections() -> Page:
    rows = tuple((title, about, f"{most}分") for _, title, most, about in assessing.SECTIONS)
    return Page(
        title="四项看什么",
        blocks=(Rows(columns=("哪一项", "看什么", "满分"), rows=rows), Onward(text="平安家庭怎么评", path="")),
    )


def tables(choices: Choices, totals: Sequence[Total]) -> list[Table]:
    """Return how many households were assessed each month, and what was done all year."""
    assessed: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    done: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for total in totals:
        if total.asset is not Asset.SAFE:
            continue
        found = assessed[f"{total.month:%Y-%m}"] if total.item == assessing.CODE else done[total.item]
        found[0] += total.times
        found[1] += total.amount
    return [
        Table(
            code="assessed",
            title="平安家庭评定",
            columns=("月份", "评上的户数", "平安积分"),
            rows=tuple((month, *found) for month, found in sorted(assessed.items())),
            about="没评上的不在账上，也不在表上。",
        ),
        Table(
            code="daily",
            title="平时的平安事",
            columns=("做什么", "次数", "平安积分"),
            rows=tuple((one.title, *done[one.code]) for one in daily.items(choices) if one.code in done),
        ),
    ]


def told(entry: Entry) -> list[Notice]:
    """Say until when an assessment holds."""
    if entry.item != assessing.CODE:
        return []
    until = assessing.a_year_on(entry.date)
    return [Notice(text=f"这次评定管到{until.year}年{until.month}月{until.day}日，到期前再评一次就接上。")]
