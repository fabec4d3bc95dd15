"""What is told of volunteer hours: a page for everybody, tables for staff, the bar the whole village fills."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from dezhi.plugin import (
    Asset,
    Board,
    BoardKind,
    Heading,
    Onward,
    Page,
    Paragraph,
    Rows,
    Table,
    Total,
    Weight,
    Window,
)

from .services import HOUR, KINDS, Service, converted, services
from .settings import Choices
from .stars import STARS

COUNTING: Final = "counting"


def page(choices: Choices, path: str) -> Page | None:
    """Return the page of stars, or that of how time is counted."""
    return {"": _stars, COUNTING: _counting}[path](choices) if path in {"", COUNTING} else None


def _stars(choices: Choices) -> Page:
    return Page(
        title="志愿时和星级",
        blocks=(
            Paragraph(text="帮了别人多少时间，就存多少时间。志愿时记到本人，按分钟记，不清零，也不能买卖。"),
            Heading(text="几小时是几星"),
            Rows(columns=("星级", "累计志愿时"), rows=tuple((star.title, f"{star.hours}小时") for star in STARS)),
            Paragraph(text="满了就评上，不用申请，不排名次。评上的星一直算数，除非那些时长后来查明不对、冲正了。"),
            Heading(text="时长能换东西吗"),
            *_conversion(choices),
            Onward(text="哪些事记志愿时，怎么算", path=COUNTING),
        ),
    )


def _counting(choices: Choices) -> Page:
    titles = {kind.code: kind.title for kind in KINDS}
    rows = tuple((one.title, titles[one.kind], _limit(one)) for one in services(choices).values())
    return Page(
        title="志愿时怎么算",
        blocks=(
            Paragraph(text="只算真正服务的时间，路上不算。村里组织的由组织的人说，帮到人的由被帮的人说。"),
            Rows(columns=("做什么", "类别", "最多记"), rows=rows),
            Paragraph(text=f"各项加在一起，一个人一天最多记{choices.day_hours_max}小时；超过就先核实。"),
            Onward(text="几小时是几星", path=""),
        ),
    )


def _conversion(choices: Choices) -> tuple[Paragraph | Rows, ...]:
    if not choices.points_per_hour:
        return (Paragraph(text="不能。志愿时只记时间，村里没有议定把它折成积分。"),)
    rows = tuple((kind.title, f"{converted(choices, kind.code, HOUR)}分") for kind in KINDS)
    return (
        Paragraph(text="志愿时不会少，另外按村里议定的办法加道德积分。"),
        Rows(columns=("类别", "一小时加"), rows=rows),
    )


def _limit(service: Service) -> str:
    if service.each:
        return f"一位{service.each}分钟"
    return f"一天{service.hours}小时"


def tables(choices: Choices, totals: Sequence[Total]) -> list[Table]:
    """Return the hours of each month by kind, and of each service in all."""
    kinds = {one.code: one.kind for one in services(choices).values()}
    of_month: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys((kind.code for kind in KINDS), 0))
    of_service: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for total in totals:
        if total.asset is Asset.HOURS and total.item in kinds:
            of_month[f"{total.month:%Y-%m}"][kinds[total.item]] += total.amount
            of_service[total.item][0] += total.times
            of_service[total.item][1] += total.amount
    months = tuple(
        (month, *(hours(minutes) if minutes else "–" for minutes in found.values()), hours(sum(found.values())))
        for month, found in sorted(of_month.items())
    )
    each = tuple(
        (one.title, of_service[one.code][0], hours(of_service[one.code][1]))
        for one in services(choices).values()
        if one.code in of_service
    )
    return [
        Table(
            code="hours-by-month",
            title="各月志愿时",
            columns=("月份", *(kind.title for kind in KINDS), "合计"),
            rows=months,
            about="单位：小时，留一位小数。",
        ),
        Table(code="hours-by-service", title="各项服务", columns=("做什么", "人次", "小时"), rows=each),
    ]


def hours(minutes: int) -> str:
    """Return minutes as hours with one decimal, what is over left away: 95 → 1.5."""
    return f"{minutes // HOUR}.{minutes % HOUR * 10 // HOUR}"


def goal(choices: Choices) -> Board:
    """Return the year's bar of the whole village."""
    return Board(
        code="year",
        title="全村志愿时",
        kind=BoardKind.GOAL,
        weights=(Weight(asset=Asset.HOURS, per=HOUR),),
        window=Window.YEAR,
        unit_label="小时",
        target=choices.goal_hours,
        about=f"今年大家一起服务满{choices.goal_hours}小时。",
    )
