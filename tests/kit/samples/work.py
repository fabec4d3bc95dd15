"""The clerk's round and the desk."""

from datetime import date
from typing import Any

import msgspec

from dezhi.plugin import Asset
from dezhi.web.views import desk, frame, work
from samples.common import NOW, TODAY, amount
from samples.passbook import BOOK, LINES, OFFERS, SPOKEN

FAMILY = work.Household(ref="h1", name="陈桂芳家", where="二组一网格", number="0203", spendable=52)

FOUND = (
    FAMILY,
    work.Household(ref="h2", name="陈广发家", where="一组二网格", number="0117", spendable=8),
    work.Household(ref="h3", name="车国风家", where="四组一网格", number="0404", spendable=120),
)


def item(code: str, title: str, asset: str, symbol: str, told: str = "+10 分", **more: Any) -> work.Item:
    asked = {"minutes": "{amount}", "": told.removeprefix("+")}[more.get("asks", "")]
    sentence = f"今天，陈桂芳家{title}，{'志愿时记' if asset == 'hours' else '加'} {asked}。"
    return work.Item(
        code=f"dezhi-yinger/{code}", title=title, amount=told, asset=asset, sentence=sentence, symbol=symbol, **more
    )


SWEEP = item("sweep", "参加村道清扫", "moral", "broom", "+5 分")

ESCORT = item("escort", "陪同就医", "hours", "clinic", "按时长", asks="minutes", most=600, needs_person=True)

RECENT = (
    SWEEP,
    ESCORT,
    item("elder-care", "照看老人", "moral", "elder"),
    item("neighbour-help", "邻里帮扶", "moral", "hands"),
    item("alarm", "装烟感报警器", "safe", "alarm"),
    item("lost-found", "拾金不昧", "moral", "wallet", "+5 分"),
)

GROUPS = (
    work.ItemGroup(
        title="储蓄友爱",
        items=(SWEEP, RECENT[3], item("snow", "道路清雪清障", "hours", "snow", "按时长", asks="minutes")),
    ),
    work.ItemGroup(
        title="储蓄孝顺", items=(RECENT[2], item("greeting", "独居老人每日问候", "hours", "talk", "30 分钟"))
    ),
    work.ItemGroup(title="储蓄诚信", items=(RECENT[5], item("frugal", "红白事简办", "moral", "feast"))),
    work.ItemGroup(title="平安", items=(RECENT[4], item("hazard", "隐患上报查实", "safe", "路", "+5 分"))),
)

AWARD = work.Award(
    household=FAMILY,
    people=(
        frame.Option(value="p1", text="陈桂芳 户主", chosen=True),
        frame.Option(value="p2", text="刘建民 丈夫"),
        frame.Option(value="p3", text="刘欣 女儿"),
    ),
    recent=RECENT,
    groups=GROUPS,
    key="k-2",
    today=TODAY,
    earliest=date(2026, 10, 22),
)

AWARDED = work.Awarded(
    household=FAMILY,
    sentence="11月22日，陈桂芳家参加村道清扫，加 5 分。",
    amounts=(amount(5),),
    spendable=57,
    reverse_href="/round/reverse/1-4120",
    undo="1-4120",
)

SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"

GIVEN = ("桂芳", "建国", "秀英", "明", "玉兰", "志强", "春花", "德才", "淑珍", "永红", "小军")


def grid(number: int, size: int) -> work.TickGrid:
    return work.TickGrid(
        code=str(number),
        name=f"{'一二三四五六'[number - 1]}组一网格",
        households=tuple(
            work.Tick(
                ref=f"h{number}-{n}",
                number=f"{number:02}{n:02}",
                name=f"{SURNAMES[(n * 7 + number) % 20]}{GIVEN[(n * 3 + number) % 11]}家",
                ticked=n % 9 != 4,
            )
            for n in range(1, size + 1)
        ),
    )


MANY = work.Many(
    village="营尔村",
    code="620902101201",
    owner="1",
    recent=tuple(msgspec.structs.replace(item, sentence=item.sentence.replace("陈桂芳家", "每户")) for item in RECENT),
    groups=GROUPS,
    grids=(grid(1, 48), grid(2, 51)),
    key="k-3",
    today=TODAY,
    earliest=date(2026, 10, 22),
    chosen=SWEEP.code,
)

MANY_DONE = work.ManyDone(
    sentence="11月22日，参加村道清扫，每户加 5 分。",
    booked=86,
    totals=(amount(430),),
    refused=(
        work.Refused(name="何永红家", number="0119", why="这周已经记过一次，一周只算一次。"),
        work.Refused(name="罗春花家", number="0204", why="上个月已迁出本村。"),
    ),
    reverse_href="/round/reverse/b-12",
)

READY = work.Ready(
    id="77", code="4827", title="食用油", who="陈桂芳家", price=60, symbol="oil", since=date(2026, 11, 20)
)

WORK = work.Home(
    due=(
        work.Due(text="等着来取的奖品", count=4, href="/round/hand-over", symbol="gift"),
        work.Due(text="快没货的：食用油", count=1, href="/round/hand-over", symbol="oil"),
    ),
    slips=(
        work.Slip(
            seq_id="1-4120",
            at=NOW,
            who="陈桂芳家",
            text="参加村道清扫",
            amounts=(amount(5),),
            by="您",
            reverse_href="/round/reverse/1-4120",
        ),
        work.Slip(
            seq_id="1-4119",
            at=NOW,
            who="86 户",
            text="参加村道清扫",
            amounts=(amount(430),),
            by="您",
            reverse_href="/round/reverse/b-12",
            households=86,
        ),
        work.Slip(
            seq_id="1-4030",
            at=NOW,
            who="王秀兰",
            text="陪同就医",
            amounts=(amount(210, Asset.HOURS),),
            by="网格员李志强",
            undone=True,
        ),
    ),
    warnings=("村里还没有附上村民会议的决议，记的每一笔都写着「未经公示，试运行」。",),
)

VISIT = desk.Visit(
    ref="77",
    card="YE-0203-3021",
    household="陈桂芳家",
    number="0203",
    where="二组一网格",
    spendable=52,
    held=60,
    minutes=750,
    safe=34,
    honour=20,
    spoken=SPOKEN,
    lines=LINES,
    offers=OFFERS,
    waiting=BOOK.waiting,
    key="k-4",
)
