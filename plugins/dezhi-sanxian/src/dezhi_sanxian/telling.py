"""What is told of the three lines: what a centre household's job is, tables by month, how far the month has come."""

from collections import defaultdict
from collections.abc import Sequence

from dezhi.plugin import Asset, Entry, Facts, Heading, Notice, Onward, Page, Paragraph, Rows, Table, Total

from . import visits
from .settings import Choices

DUTIES = "duties"


def page(choices: Choices, path: str) -> Page | None:
    """Return the page of the three lines, or that of a centre household's duties."""
    if path == DUTIES:
        return _duties(choices)
    return None if path else _lines()


def _lines() -> Page:
    return Page(
        title="三线联户",
        blocks=(
            Paragraph(text="三条线，家家有人联系：有事知道找谁，说了有人办，办了有回音。"),
            Rows(columns=("哪条线", "做什么"), rows=tuple((walk.line, walk.how) for walk in visits.LINES)),
            Heading(text="怎么记"),
            Paragraph(text="有章可循，有据可依，有证可求，成效可见：走访了哪几户、是哪一类事、办没办结，一次记清。"),
            Paragraph(text="只记次数，不加分，不扣分。村里只看一个月走了多少户、办结多少件，从不给人排名次。"),
            Onward(text="中心户长做什么", path=DUTIES),
        ),
    )


def _duties(choices: Choices) -> Page:
    duties = (
        ("常走动", "到联系的人家走一走，老人、孩子在家的多去几回。"),
        ("早知道", "隐患、难处、邻里的事，早听见，早告诉村里。"),
        ("传消息", "开会、下雨、防火、防骗，挨家说到。"),
        ("劝和气", "小事在院坝里劝好，劝不好的请村里来。"),
        ("有回音", "别人托的事，办成办不成，都回去说一声。"),
    )
    return Page(
        title="中心户长做什么",
        blocks=(
            Paragraph(text=f"大约每{choices.group_size}户推选一位中心户长，是邻居，不是干部。"),
            Rows(columns=("哪一样", "怎么做"), rows=duties),
            Paragraph(text="中心户长不管罚、不打听别人家的私事、不替人做主。不愿意被走访的，说一声就行。"),
            Onward(text="三线是哪三线", path=""),
        ),
    )


def tables(totals: Sequence[Total]) -> list[Table]:
    """Return the visits of each line and the matters raised and settled, by month. Nobody's name is in them."""
    walks = (*(walk.code for walk in visits.LINES), visits.ROUND)
    loop = (visits.RAISED, visits.SETTLED)
    walked: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(walks, 0))
    matters: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(loop, 0))
    for total in totals:
        if total.asset is Asset.COUNT and total.item in walks:
            walked[f"{total.month:%Y-%m}"][total.item] += total.amount
        elif total.asset is Asset.COUNT and total.item in loop:
            matters[f"{total.month:%Y-%m}"][total.item] += total.amount
    return [
        Table(
            code="visits",
            title="三线走访",
            columns=("月份", *(walk.line for walk in visits.LINES), "中心户长走遍本格", "合计"),
            rows=tuple(
                (month, *(n or "–" for n in found.values()), sum(found.values()))
                for month, found in sorted(walked.items())
            ),
            about="单位：户次。",
        ),
        Table(
            code="matters",
            title="办理闭环",
            columns=("月份", "登记", "办结回访"),
            rows=tuple((month, *(n or "–" for n in found.values())) for month, found in sorted(matters.items())),
            about="单位：件。办结的可能是以前登记的。",
        ),
    ]


def told(choices: Choices, entry: Entry, facts: Facts) -> list[Notice]:
    """Tell a centre household how far its month has come, and nobody else."""
    if entry.item not in {visits.CENTRE, visits.ROUND} or not choices.month_households:
        return []
    left = choices.month_households - facts.homes_this_month
    if left > 0:
        return [Notice(text=f"这个月走访了{facts.homes_this_month}户次，还差{left}户次。")]
    return [Notice(text=f"这个月走访了{facts.homes_this_month}户次，够了。辛苦。")]
