"""Every page filled with invented people, for looking at it and for the tests: `PAGES` maps a name to what it shows."""

from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import msgspec
import segno

from dezhi.plugin import Asset
from dezhi.web.views import desk, frame, login, passbook, public, setup, township, work

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 2, 32, tzinfo=UTC)
VILLAGE = "620902108201"


class Shown(NamedTuple):
    """A template with what it is given."""

    template: str
    view: Any
    page: frame.Page


def amount(value: int, asset: Asset = Asset.MORAL) -> frame.Amount:
    return frame.Amount(asset=asset, value=value)


def qr(text: str) -> str:
    return str(segno.make(text, micro=False).svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None))


def page(path: str, actor: frame.Actor | None = None, **more: Any) -> frame.Page:
    given = {"place": "营尔村", "town": "上坝镇", "demo": True, "csrf": "sample-token", **more}
    return frame.Page(today=TODAY, path=path, actor=actor, **given)


RESIDENT = frame.Actor(name="陈×芳家", role="村民", home="/me")
CLERK = frame.Actor(name="马小兰", role="记分员", home="/work")
SUPERVISOR = frame.Actor(name="杨守正", role="监督", home="/journal")
TOWNSHIP = frame.Actor(name="何静", role="乡镇", home="/township")


def tabs(*names: tuple[str, str], current: str) -> tuple[frame.Link, ...]:
    return tuple(frame.Link(href=href, text=text, current=href == current) for href, text in names)


WORK_TABS = (("/work", "今天"), ("/work/many", "多户记分"), ("/work/hand-over", "发奖品"), ("/desk", "服务台"))
TOWN_TABS = (("/township", "各村"), ("/township/staff", "工作人员"), ("/journal", "监督账"))


def working(path: str, **more: Any) -> frame.Page:
    return page(path, CLERK, tabs=tabs(*WORK_TABS, current=path), **more)


def at_town(path: str, actor: frame.Actor = TOWNSHIP, **more: Any) -> frame.Page:
    return page(path, actor, place="上坝镇", town="", tabs=tabs(*TOWN_TABS, current=path), **more)


TOTALS = public.Totals(month=date(2026, 11, 1), deeds=186, minutes=18_750, safe=94, goods=37)
NEWS = (
    public.News(
        day=TODAY, who="陈×芳家", text="参加村道清扫", amount=amount(5), symbol="broom", trial=True
    ),
    public.News(day=TODAY, who="李×明", text="陪邻居老人看病", amount=amount(210, Asset.HOURS), symbol="clinic", trial=True),
    public.News(day=date(2026, 11, 21), who="王×秀家", text="装了烟感报警器", amount=amount(10, Asset.SAFE), symbol="alarm", trial=True),
    public.News(day=date(2026, 11, 21), who="赵×国家", text="照看隔壁独居老人", amount=amount(10), symbol="elder", trial=True),
    public.News(day=date(2026, 11, 20), who="欧阳×××家", text="捡到钱包还给失主", amount=amount(5), symbol="wallet", trial=True),
    public.News(day=date(2026, 11, 20), who="马×英家", text="孙女婚事简办，践行承诺", amount=amount(10), symbol="feast", trial=True),
)  # fmt: skip
DEEDS = (
    public.News(day=date(2026, 11, 19), text="半夜发现隔壁冒烟，叫醒一家五口，一起把火扑灭", symbol="flame"),
    public.News(day=date(2026, 11, 17), text="连着三个月，每天早上给独居老人送一壶热水", symbol="kettle"),
    public.News(day=date(2026, 11, 12), text="大雪封路，自己开铲车清出两里路", symbol="snow"),
)
BOARD = public.Board(
    title="光荣榜",
    window="本季",
    joined=148,
    households=246,
    rows=tuple(
        public.Place(place=place, who=who, amount=amount(points))
        for place, who, points in (
            (1, "李×明家", 268), (2, "王×秀家", 241), (2, "赵×国家", 241), (4, "马×英家", 233), (5, "陈×芳家", 226),
            (6, "周×贵家", 219), (6, "罗×花家", 219), (8, "高×家", 207),
        )
    ),
)  # fmt: skip
GOAL = public.Goal(
    title="村口的长椅",
    text="全村攒够 3,000 小时志愿时，村里在村口装六张长椅。",
    reached=130_230,
    target=180_000,
    entries=1_147,
    is_hours=True,
)
WAYS = (
    public.Way(title="照看老人", amount="+10 分", asset="moral", symbol="elder", how="陪聊、做饭、打扫，一次十分"),
    public.Way(title="邻里帮扶", amount="+10 分", asset="moral", symbol="hands", how="两家都说是，才算"),
    public.Way(title="拾金不昧", amount="+5 分", asset="moral", symbol="wallet", how="东西还到失主手里"),
    public.Way(title="陪同就医", amount="按时长", asset="hours", symbol="clinic", how="记志愿时，一天最多十小时"),
    public.Way(title="装烟感、燃气报警器", amount="+10 分", asset="safe", symbol="alarm", how="一户一次"),
)
GOODS = (
    public.Good(title="香皂", price=5, symbol="soap", stock=46),
    public.Good(title="洗衣液", price=20, symbol="bottle", stock=12),
    public.Good(title="挂面", price=30, symbol="noodles", stock=18),
    public.Good(title="食用油", price=60, symbol="oil", stock=1),
    public.Good(title="上门理发", price=10, symbol="scissors", about="每月初八"),
)
HOME = public.Home(
    programme="道德储蓄银行",
    what="做了好事，村里给您家存一笔；攒够了，凭卡换米面油。友爱、孝顺、诚信，都能存。",
    code=VILLAGE,
    totals=TOTALS,
    latest=NEWS,
    deeds=DEEDS,
    board=BOARD,
    goal=GOAL,
    ways=WAYS,
    goods=GOODS,
    villages=tuple(
        public.Village(code=f"62090210820{n}", name=name)
        for n, name in ((0, "上坝村"), (1, "营尔村"), (2, "下坝村"), (3, "旧墩村"), (4, "新上村"))
    ),
    demo_doors=(
        public.DemoDoor(who="resident", name="村民陈桂芳", what="看存折、换奖品"),
        public.DemoDoor(who="clerk", name="记分员马小兰", what="记分、发奖品"),
        public.DemoDoor(who="supervisor", name="监督员杨守正", what="查每一笔"),
        public.DemoDoor(who="township", name="乡镇何静", what="方案和人员"),
    ),
    rules_href=f"/v/{VILLAGE}/rules",
    wall_href=f"/v/{VILLAGE}/wall",
)
NEW_HOME = public.Home(
    programme="道德储蓄银行",
    what="做了好事，村里给您家存一笔；攒够了，凭卡换米面油。",
    totals=public.Totals(month=date(2026, 11, 1), deeds=0, minutes=0, safe=0, goods=0),
    code=VILLAGE,
    board=public.Board(title="光荣榜", window="本季", households=246),
)
RULES = public.Rules(
    programme="道德储蓄银行",
    version=3,
    since=date(2026, 9, 1),
    label="示例细则，非营尔村原文",
    groups=(
        public.RuleGroup(
            title="储蓄友爱",
            rules=(
                public.Rule(title="邻里帮扶", how="帮邻居干活、解急难，两家都说是", amount="+10 分", asset="moral", caps="每月最多 4 次", source="S-012", symbol="hands"),
                public.Rule(title="参加村道清扫", how="村里组织，到场干到结束", amount="+5 分", asset="moral", caps="每周最多 1 次", source="S-007", symbol="broom"),
            ),
        ),
        public.RuleGroup(
            title="平安",
            rules=(
                public.Rule(title="森林防火值守", how="按排班到岗，签到签退", amount="按时长，另加平安 2 分一小时", asset="hours", caps="每天最多 8 小时", source="K-04", symbol="flame"),
                public.Rule(title="装烟感、燃气报警器", how="装好，网格员看过", amount="+10 分", asset="safe", caps="一户一次", source="K-02", symbol="alarm"),
            ),
        ),
    ),
    goods=GOODS,
    back=frame.Link(href=f"/v/{VILLAGE}", text="回到公开页"),
)  # fmt: skip


def line(
    number: int, day: date, text: str, value: int, after: int, asset: Asset = Asset.MORAL, **more: bool
) -> passbook.Line:
    return passbook.Line(seq_id=f"1-{number}", day=day, text=text, amount=amount(value, asset), after=after, **more)


LINES = (
    line(4120, TODAY, "参加村道清扫", 5, 52, trial=True),
    line(4102, date(2026, 11, 20), "换食用油 1 桶，留着等您来取", -60, 47, held=True),
    line(4090, date(2026, 11, 18), "陪同李家奶奶去县医院看病", 210, 750, Asset.HOURS, trial=True),
    line(4001, date(2026, 11, 15), "照看隔壁独居老人", 10, 107, trial=True),
    line(3980, date(2026, 11, 12), "退回：扫路那天没有来", -5, 97, reversal=True),
    line(3964, date(2026, 11, 11), "参加村道清扫", 5, 102, trial=True, undone=True),
    line(3811, date(2026, 10, 28), "装了烟感报警器", 10, 34, Asset.SAFE, trial=True),
    line(3702, date(2026, 10, 12), "拾金不昧，捡到钱包还给失主", 5, 97, trial=True),
)
SPOKEN = "陈桂芳家，现在能用五十二分。志愿时十二小时三十分，平安积分三十四分。最近一笔：十一月二十二日，参加村道清扫，加五分。"
BOOK = passbook.Home(
    household="陈×芳家",
    card="3021",
    where="二组一网格",
    spendable=52,
    held=60,
    minutes=750,
    safe=34,
    honour=20,
    savings=tuple(
        passbook.Saving(title=title, value=value)
        for title, value in (("储蓄友爱", 86), ("储蓄孝顺", 60), ("储蓄诚信", 25))
    ),
    lines=LINES,
    next_good=passbook.NextGood(title="食用油", price=60, missing=8, symbol="oil"),
    waiting=(passbook.Waiting(id="77", title="食用油", code="4827", until=date(2026, 11, 27), symbol="oil"),),
    pager=frame.Pager(older="/me?page=2", text="第 1 页"),
    spoken=SPOKEN,
)
NEW_BOOK = passbook.Home(household="司马×家", card="0007", where="一组一网格", spendable=0, minutes=0, safe=0, honour=0)
RICH_BOOK = passbook.Home(
    household="阿不都热依木×家", card="9999", where="六组三网格", spendable=99_999, minutes=60_030, safe=1_204, honour=860,
    savings=BOOK.savings, lines=LINES[:3], spoken=SPOKEN,
    next_good=passbook.NextGood(title="香皂", price=5, missing=0, symbol="soap"),
)  # fmt: skip
ENTRY = passbook.Entry(
    sentence="11月18日，陈桂芳陪同李家奶奶去县医院看病，志愿时记 3 小时 30 分，另加道德积分 2 分。",
    day=date(2026, 11, 18),
    booked_at=NOW,
    amounts=(amount(210, Asset.HOURS), amount(2)),
    rule="陪同就医",
    rule_how="陪村里老人、病人去医院，按实际时长记，一天最多十小时。",
    facts=(
        frame.Fact(label="哪套办法", text="道德储蓄银行，第 3 版"),
        frame.Fact(label="谁记的", text="记分员马小兰，用手机"),
        frame.Fact(label="记给谁", text="陈桂芳，归陈×芳家"),
    ),
    trial=True,
    desk="服务台在村委会一楼，每天上午九点到十一点有人。",
    number="4090",
)
UNDONE_ENTRY = passbook.Entry(
    sentence="11月11日，您家参加村道清扫，加 5 分。", day=date(2026, 11, 11), booked_at=NOW, amounts=(amount(5),),
    rule="参加村道清扫", rule_how="", facts=ENTRY.facts, trial=True, undone_on=date(2026, 11, 12),
    undone_why="扫路那天没有来，记串了户。", number="3964",
)  # fmt: skip
OFFERS = (
    passbook.Offer(code="dezhi-yinger/soap", title="香皂", price=5, symbol="soap", stock=46),
    passbook.Offer(code="dezhi-yinger/haircut", title="上门理发", price=10, symbol="scissors", about="每月初八"),
    passbook.Offer(code="dezhi-yinger/liquid", title="洗衣液", price=20, symbol="bottle", stock=12),
    passbook.Offer(code="dezhi-yinger/noodles", title="挂面", price=30, symbol="noodles", stock=0),
    passbook.Offer(code="dezhi-yinger/oil", title="食用油", price=60, missing=8, symbol="oil", stock=1),
    passbook.Offer(
        code="dezhi-yinger/kettle", title="水壶", price=60, symbol="kettle", refusal="这个月已经换过一次，下月1日再来。"
    ),
)
REDEMPTION = passbook.Redemption(
    id="77", title="食用油", price=60, code="4827", qr_svg=qr("4827"), symbol="oil", until=date(2026, 11, 27),
    desk="服务台在村委会一楼，每天上午九点到十一点有人，报这个码或给人扫一下。", key="k-1",
)  # fmt: skip

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
        frame.Option(value="p1", text="陈桂芳(户主)", chosen=True),
        frame.Option(value="p2", text="刘建民(丈夫)"),
        frame.Option(value="p3", text="刘欣(女儿)"),
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
    reverse_href="/work/reverse/1-4120",
)
SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = ("桂芳", "建国", "秀英", "明", "玉兰", "志强", "春花", "德才", "淑珍", "永红", "小军")


def grid(number: int, size: int) -> work.TickGrid:
    return work.TickGrid(
        code=str(number),
        name=f"{'一二三四五六'[number - 1]}组一网格",
        households=tuple(
            work.Tick(
                ref=f"h{number}-{n}", number=f"{number:02}{n:02}",
                name=f"{SURNAMES[(n * 7 + number) % 20]}{GIVEN[(n * 3 + number) % 11]}家", ticked=n % 9 != 4,
            )
            for n in range(1, size + 1)
        ),
    )  # fmt: skip


MANY = work.Many(
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
    total=amount(430),
    refused=(
        work.Refused(name="何永红家", number="0119", why="这周已经记过一次，一周只算一次。"),
        work.Refused(name="罗春花家", number="0204", why="上个月已迁出本村。"),
    ),
    reverse_href="/work/reverse/b-12",
    batch="b-12",
)
READY = work.Ready(
    id="77", code="4827", title="食用油", who="陈桂芳家", price=60, symbol="oil", since=date(2026, 11, 20)
)
WORK = work.Home(
    due=(
        work.Due(text="等着来取的奖品", count=4, href="/work/hand-over", symbol="gift"),
        work.Due(text="快没货的：食用油", count=1, href="/work/hand-over", symbol="oil"),
    ),
    slips=(
        work.Slip(seq_id="1-4120", at=NOW, who="陈桂芳家", text="参加村道清扫", amount=amount(5), by="您", reverse_href="/work/reverse/1-4120"),
        work.Slip(seq_id="1-4119", at=NOW, who="86 户", text="参加村道清扫", amount=amount(430), by="您", reverse_href="/work/reverse/b-12", households=86),
        work.Slip(seq_id="1-4030", at=NOW, who="王秀兰", text="陪同就医", amount=amount(210, Asset.HOURS), by="网格员李志强", undone=True),
    ),
    warnings=("村里还没有附上村民会议的决议，记的每一笔都写着「未经公示，试运行」。",),
)  # fmt: skip

VISIT = desk.Visit(
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
LIMITS = tuple(
    township.Limit(item=title, amount=told, caps=caps, asset=asset)
    for title, told, caps, asset in (
        ("邻里帮扶", "+10 分", "每月最多 4 次", "moral"), ("陪同就医", "按时长", "每天最多 10 小时", "hours"),
        ("装烟感报警器", "+10 分", "一户一次", "safe"),
    )
)  # fmt: skip
PROGRAMME = township.Programme(
    code=VILLAGE,
    village="营尔村",
    programme="道德储蓄银行",
    version=3,
    since=date(2026, 9, 1),
    warnings=("现在记分不经公示，每一笔都写着「未经公示，试运行」。", "还没有附上村民会议的决议，也没有隐私告知书。"),
    plugins=(
        township.Plugin(
            name="dezhi-yinger",
            title="道德储蓄银行",
            about="储蓄友爱、储蓄孝顺、储蓄诚信三本存折，志愿时和平安积分，关爱回馈。示例细则，非营尔村原文。",
            version="1.0.0",
            on=True,
            settings=(
                township.Setting(name="help_points", label="邻里帮扶加几分", kind="number", value="10", least=1, most=20, unit="分"),
                township.Setting(name="goal", label="集体目标的名字", kind="text", value="村口的长椅"),
                township.Setting(name="month", label="光荣榜算多久", kind="choice", value="quarter", options=(frame.Option(value="month", text="一个月"), frame.Option(value="quarter", text="一季", chosen=True))),
                township.Setting(name="haircut", label="理发也能换", kind="yes", value="yes", help="每月初八，理发师傅到村里"),
            ),
            limits=LIMITS,
        ),
        township.Plugin(name="dezhi-hello", title="门前清扫", about="最小的例子：门前扫一次，加一分。", version="1.0.0", on=False, limits=LIMITS[:1]),
    ),
    versions=(
        township.Version(number=3, since=date(2026, 9, 1), made_at=NOW, by="何静", change="邻里帮扶从 8 分改为 10 分", current=True),
        township.Version(number=2, since=date(2026, 3, 1), made_at=NOW, by="何静", change="启用平安积分"),
        township.Version(number=1, since=date(2025, 12, 1), made_at=NOW, by="何静", change="启用道德储蓄银行"),
    ),
    facts=(frame.Fact(label="决议", text="还没有附上"), frame.Fact(label="公示", text="还不经公示"), frame.Fact(label="户", text="246 户用这一版")),
)  # fmt: skip
TOWN = township.Home(
    villages=tuple(
        township.VillageRow(code=f"62090210820{n}", name=name, households=size, programme="道德储蓄银行", version=version, plugins=plugins, warnings=warned)
        for n, name, size, version, plugins, warned in (
            (0, "上坝村", 312, 1, ("道德储蓄银行",), ("没有附决议",)), (1, "营尔村", 246, 3, ("道德储蓄银行", "门前清扫"), ()),
            (2, "下坝村", 198, 1, ("门前清扫",), ("没有附决议", "没有隐私告知书")), (3, "旧墩村", 154, 0, (), ("还没有选方案",)),
        )
    )
)  # fmt: skip
ROLES = (
    frame.Option(value="clerk", text="记分员", chosen=True),
    frame.Option(value="supervisor", text="监督"),
    frame.Option(value="township", text="乡镇"),
)
SCOPES = (frame.Option(value=VILLAGE, text="营尔村", chosen=True), frame.Option(value="620902108", text="全镇"))
STAFF = township.Staff(
    members=(
        township.Member(id="1", name="何静", login="hejing", role="乡镇", scope="全镇", last_seen=NOW, own=True),
        township.Member(id="2", name="马小兰", login="maxiaolan", role="记分员", scope="营尔村", last_seen=NOW),
        township.Member(id="3", name="杨守正", login="yangsz", role="监督", scope="营尔村"),
        township.Member(id="4", name="郭志强", login="guozq", role="记分员", scope="下坝村", active=False),
    ),
    roles=ROLES,
    scopes=SCOPES,
    secret_for="杨守正",
    secret="麦田-清水-2746",
)
JOURNAL = township.Journal(
    rows=(
        township.JournalRow(seq=4120, at=NOW, day=TODAY, village="营尔村", who="陈桂芳家", text="参加村道清扫", amounts=(amount(5),), kind="加分", by="记分员马小兰", how="手机", trial=True),
        township.JournalRow(seq=4102, at=NOW, day=date(2026, 11, 20), village="营尔村", who="陈桂芳家", text="食用油", amounts=(amount(-60),), kind="兑换", by="陈桂芳家", how="存折卡"),
        township.JournalRow(seq=3980, at=NOW, day=date(2026, 11, 12), village="营尔村", who="陈桂芳家", text="参加村道清扫", amounts=(amount(-5),), kind="冲正", by="记分员马小兰", how="手机", why="扫路那天没有来，记串了户", of=3964),
        township.JournalRow(seq=3964, at=NOW, day=date(2026, 11, 11), village="营尔村", who="陈桂芳家", text="参加村道清扫", amounts=(amount(5), amount(60, Asset.HOURS)), kind="加分", by="记分员马小兰", how="多户", trial=True),
    ),
    villages=(frame.Option(value="", text="各村"), *SCOPES[:1]),
    actors=(frame.Option(value="", text="所有人"), frame.Option(value="2", text="马小兰")),
    kinds=(frame.Option(value="", text="各类"), frame.Option(value="reversal", text="冲正")),
    since=date(2026, 11, 1),
    until=TODAY,
    total=4120,
    pager=frame.Pager(older="/journal?page=2", text="第 1 页"),
)  # fmt: skip
ROSTER = setup.Roster(
    village="营尔村",
    action=f"/township/v/{VILLAGE}/roster",
    rows=500,
    good=480,
    households=131,
    people=480,
    errors=(
        setup.RowError(row=17, text="出生日期看不懂，请写成 1963-05-08。", cells="0105 · 刘建民 · 63年5月"),
        setup.RowError(row=42, text="没有「七组一网格」，建村时没写这一格。", cells="0701 · 高翔"),
        setup.RowError(row=233, text="这一户有两个户主，另一个在第 231 行。", cells="0309 · 孙丽"),
    ),
    samples=(
        setup.Sample(number="0101", grid="一组一网格", head="李建国", people=4),
        setup.Sample(number="0102", grid="一组一网格", head="王秀英", people=2),
        setup.Sample(number="0103", grid="一组一网格", head="张明", people=5),
    ),
    token="p-9",
)  # fmt: skip
SHEET = setup.Sheet(
    village="营尔村",
    programme="道德储蓄银行",
    address="yinger.example",
    strips=tuple(
        setup.CardStrip(
            village="营尔村",
            household=name,
            number=f"010{n}",
            card=f"YE-010{n}-30{n}7",
            pin=f"{n}82604",
            qr_svg=qr(f"YE-010{n}-30{n}7"),
        )
        for n, name in enumerate(
            ("李建国家", "王秀英家", "张明家", "欧阳德才家", "陈桂芳家", "阿不都热依木·买买提家"), 1
        )
    ),
)

PAGES: dict[str, Shown] = {
    "home": Shown("public/home.html", HOME, page("/")),
    "home-new": Shown("public/home.html", NEW_HOME, page("/", demo=False)),
    "home-large": Shown("public/home.html", HOME, page("/", large=True)),
    "wall": Shown("public/wall.html", public.Wall(home=HOME, made_at=NOW, address="yinger.example", qr_svg=qr("https://yinger.example")), page("/wall")),
    "wall-new": Shown("public/wall.html", public.Wall(home=NEW_HOME, made_at=NOW), page("/wall", demo=False)),
    "rules": Shown("public/rules.html", RULES, page("/v/620902108201/rules")),
    "rules-new": Shown("public/rules.html", public.Rules(programme="道德储蓄银行", version=1, since=TODAY, groups=()), page("/")),
    "login-card": Shown("login/card.html", login.Card(), page("/card")),
    "login-card-wrong": Shown("login/card.html", login.Card(card="YE-0203-3021", error="卡号或密码不对。还能试 3 次，之后要等 15 分钟。您家的分没有动。"), page("/card")),
    "login-staff": Shown("login/staff.html", login.Staff(next="/work"), page("/staff")),
    "login-password": Shown("login/change_password.html", login.ChangePassword(login="maxiaolan", forced=True), page("/password", CLERK)),
    "setup-welcome": Shown("setup/welcome.html", setup.Welcome(token="t", error="登录名已经有人用了，换一个。"), page("/setup/t", place="德治", town="", demo=False)),
    "setup-village": Shown("setup/village.html", setup.Village(township="上坝镇", code="62090210820", error="区划代码要十二位，现在是十一位。", field="code"), at_town("/township/villages/new", demo=False)),
    "setup-roster": Shown("setup/roster.html", setup.Roster(village="营尔村", action="/township/v/1/roster", template_href="/x.xlsx"), at_town("/township/v/1/roster", demo=False)),
    "setup-roster-preview": Shown("setup/roster.html", ROSTER, at_town("/township/v/1/roster", demo=False)),
    "setup-programme": Shown("setup/programme.html", setup.Programme(village="营尔村", action="/x", since=TODAY, plugins=(setup.PluginChoice(name="dezhi-yinger", title="道德储蓄银行", about="储蓄友爱、孝顺、诚信，志愿时和平安积分，关爱回馈", on=True), setup.PluginChoice(name="dezhi-hello", title="门前清扫", about="最小的例子：门前扫一次，加一分"))), at_town("/x", demo=False)),
    "setup-done": Shown("setup/done.html", setup.Done(village="营尔村", code=VILLAGE, households=131, people=480, plugins=("道德储蓄银行",), cards_href="/cards", public_href=f"/v/{VILLAGE}"), at_town("/x", demo=False)),
    "cards": Shown("cards/sheet.html", SHEET, at_town("/cards")),
    "book": Shown("passbook/home.html", BOOK, page("/me", RESIDENT)),
    "book-new": Shown("passbook/home.html", NEW_BOOK, page("/me", RESIDENT, demo=False)),
    "book-rich": Shown("passbook/home.html", RICH_BOOK, page("/me", RESIDENT)),
    "book-large": Shown("passbook/home.html", BOOK, page("/me", RESIDENT, large=True)),
    "entry": Shown("passbook/entry.html", ENTRY, page("/me/entry/1-4090", RESIDENT)),
    "entry-undone": Shown("passbook/entry.html", UNDONE_ENTRY, page("/me/entry/1-3964", RESIDENT)),
    "rewards": Shown("passbook/rewards.html", passbook.Rewards(spendable=52, offers=OFFERS, key="k-5"), page("/me/rewards", RESIDENT)),
    "rewards-large": Shown("passbook/rewards.html", passbook.Rewards(spendable=52, offers=OFFERS, key="k-5"), page("/me/rewards", RESIDENT, large=True)),
    "rewards-new": Shown("passbook/rewards.html", passbook.Rewards(spendable=52), page("/me/rewards", RESIDENT)),
    "redemption": Shown("passbook/redemption.html", REDEMPTION, page("/me/redemptions/77", RESIDENT)),
    "redemption-done": Shown("passbook/redemption.html", passbook.Redemption(id="77", title="食用油", price=60, code="4827", state="done", done_at=NOW), page("/me/redemptions/77", RESIDENT)),
    "redemption-off": Shown("passbook/redemption.html", passbook.Redemption(id="77", title="食用油", price=60, code="4827", state="cancelled"), page("/me/redemptions/77", RESIDENT)),
    "choices": Shown("passbook/choices.html", passbook.Choices(on_board=True, shown_as="陈×芳家"), page("/me/choices", RESIDENT)),
    "work": Shown("work/home.html", WORK, working("/work")),
    "work-found": Shown("work/home.html", work.Home(query="cgf", found=FOUND), working("/work")),
    "work-none": Shown("work/home.html", work.Home(query="zzz", found=()), working("/work", demo=False)),
    "award": Shown("work/award.html", AWARD, working("/work/award")),
    "award-large": Shown("work/award.html", AWARD, working("/work/award", large=True)),
    "awarded": Shown("work/award_done.html", AWARDED, working("/work/award")),
    "many": Shown("work/many.html", MANY, working("/work/many")),
    "many-new": Shown("work/many.html", work.Many(groups=(), grids=(), key="k", today=TODAY, earliest=TODAY), working("/work/many", demo=False)),
    "many-done": Shown("work/many_done.html", MANY_DONE, working("/work/many")),
    "hand-over": Shown("work/hand_over.html", work.HandOver(waiting=(READY,)), working("/work/hand-over")),
    "hand-over-found": Shown("work/hand_over.html", work.HandOver(code="4827", found=READY, key="k-6"), working("/work/hand-over")),
    "hand-over-new": Shown("work/hand_over.html", work.HandOver(code="1111", error="没有这个领取码，或已经领走。看看是不是输错一位。"), working("/work/hand-over")),
    "reverse": Shown("work/reverse.html", work.Reverse(seq_id="1-4120", sentence="11月22日，陈桂芳家参加村道清扫，加 5 分。", amounts=(amount(5),), booked_at=NOW, by="马小兰", key="k-7", who="陈桂芳家", reasons=(frame.Option(value="wrong-household", text="记串了户"), frame.Option(value="wrong-item", text="记错了事"), frame.Option(value="not-true", text="查明没有这回事"))), working("/work/reverse/1-4120")),
    "desk": Shown("desk/home.html", desk.Home(card="YE-9", error="没有这张卡，或已经挂失作废。可以按姓名找。"), working("/desk")),
    "desk-visit": Shown("desk/visit.html", VISIT, working("/desk")),
    "desk-slip": Shown("desk/slip.html", desk.Slip(visit=VISIT, printed_at=NOW, by="马小兰"), working("/desk")),
    "desk-secret": Shown("desk/secret.html", desk.NewSecret(household="陈桂芳家", what="新卡和新密码", card="YE-0203-3388", pin="604182", print_href="/cards"), working("/desk")),
    "township": Shown("township/home.html", TOWN, at_town("/township")),
    "township-new": Shown("township/home.html", township.Home(), at_town("/township", demo=False)),
    "programme": Shown("township/programme.html", PROGRAMME, at_town("/township")),
    "staff": Shown("township/staff.html", STAFF, at_town("/township/staff")),
    "journal": Shown("supervisor/journal.html", JOURNAL, at_town("/journal", SUPERVISOR)),
    "journal-new": Shown("supervisor/journal.html", township.Journal(rows=(), villages=SCOPES, actors=(), kinds=()), at_town("/journal", SUPERVISOR, demo=False)),
    "error": Shown("error.html", frame.Trouble(title="没有存上", what="菜油只剩 1 桶，刚被换走。", safe="您家的 60 分没有动。", todo="看看别的，或过几天再来。", id="E7-2K4Q", back="/me/rewards", back_text="看看别的"), page("/me", RESIDENT)),
}  # fmt: skip
