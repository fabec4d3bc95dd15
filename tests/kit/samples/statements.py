"""Statements: a month with every kind of line, one of two programmes at the desk, and one of nothing."""

from datetime import date

import msgspec

from dezhi.plugin import Asset
from dezhi.web.views import frame, statements
from samples.common import NOW, TODAY
from samples.passbook import line


def spans(action: str, current: str = "") -> tuple[frame.Link, ...]:
    return tuple(
        frame.Link(href=f"{action}?since={since}&until={until}", text=text, current=text == current)
        for text, since, until in (
            ("本月", "2026-11-01", "2026-11-30"),
            ("上月", "2026-10-01", "2026-10-31"),
            ("本季", "2026-10-01", "2026-12-31"),
            ("上季", "2026-07-01", "2026-09-30"),
            ("今年", "2026-01-01", "2026-12-31"),
            ("去年", "2025-01-01", "2025-12-31"),
        )
    )


MORAL = statements.Account(
    asset=Asset.MORAL,
    who="",
    opening=97,
    lines=(
        line(3964, date(2026, 11, 11), "参加村道清扫", 5, 102, trial=True, undone=True),
        line(3980, date(2026, 11, 12), "退回：扫路那天没有来", -5, 97, reversal=True),
        line(4001, date(2026, 11, 15), "照看隔壁独居老人", 10, 107, trial=True),
        line(4102, date(2026, 11, 20), "换了食用油", -60, 47),
        line(4120, TODAY, "参加村道清扫", 5, 52, trial=True),
    ),
    closing=52,
    gained=20,
    lost=65,
    pending=10,
)

HOURS = statements.Account(
    asset=Asset.HOURS,
    who="陈×芳",
    opening=89_790,
    lines=(
        line(4090, date(2026, 11, 18), "陈×芳 陪同就医", 210, 90_000, Asset.HOURS, trial=True),
        line(4098, date(2026, 11, 19), "陈×芳 转给家里的老人", -90, 89_910, Asset.HOURS),
        line(4110, date(2026, 11, 21), "陈×芳 道路清雪清障", 90, 90_000, Asset.HOURS, trial=True),
    ),
    closing=90_000,
    gained=300,
    lost=90,
    pending=45,
    pooled=(line(4110, date(2026, 11, 21), "道路清雪清障", 150, 150, Asset.HOURS),),
)

SAFE = statements.Account(asset=Asset.SAFE, who="", opening=34, lines=(), closing=34, gained=0, lost=0)

STATEMENT = statements.Statement(
    household="陈×芳家",
    where="营尔村 二组一网格",
    number="0203",
    since=date(2026, 11, 1),
    until=date(2026, 11, 30),
    closes=TODAY,
    known=NOW,
    accounts=(MORAL, HOURS, SAFE),
    spans=spans("/me/statement", "本月"),
    action="/me/statement",
    back=frame.Link(href="/me", text="回到存折"),
    entry_number="1-202611-4120",
    entry_base="/me/entry/",
)

# A household that moved here: accounts of two villages' programmes, asked for in days of no usual span.
TWO_BOOKS = msgspec.structs.replace(
    STATEMENT,
    household="阿不都热依木·买买提家",
    where="营尔村 六组三网格",
    number="0603",
    since=date(2026, 10, 5),
    until=date(2026, 11, 15),
    closes=date(2026, 11, 15),
    accounts=(
        msgspec.structs.replace(
            MORAL,
            programme="道德储蓄银行",
            opening=12_400,
            closing=12_415,
            lines=(
                line(3702, date(2026, 10, 12), "拾金不昧，捡到钱包还给失主", 5, 12_405),
                line(4001, date(2026, 11, 15), "照看隔壁独居老人", 10, 12_415, trial=True),
            ),
            gained=15,
            lost=0,
            pending=0,
        ),
        msgspec.structs.replace(SAFE, asset=Asset.MORAL, programme="门前清扫", opening=8, closing=8),
    ),
    spans=spans("/desk/77/statement"),
    action="/desk/77/statement",
    back=frame.Link(href="/desk/77", text="回去"),
    entry_base="",
)

NO_STATEMENT = msgspec.structs.replace(
    STATEMENT,
    household="司马×家",
    where="营尔村 一组一网格",
    number="0101",
    accounts=(),
    entry_number="",
    error="日期看不懂，先给您看本月的。请写成 2026-11-22 的样子。",
)
