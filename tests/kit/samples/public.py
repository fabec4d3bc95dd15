"""The public page, the wall and the rules."""

from datetime import date

import msgspec

from dezhi.plugin import Asset
from dezhi.web.views import frame, public
from samples.common import TODAY, VILLAGE, amount
from samples.seals import MARK

TOTALS = public.Totals(month=date(2026, 11, 1), deeds=186, minutes=18_750, safe=94, goods=37)

NEWS = (
    public.News(day=TODAY, who="陈×芳家", text="参加村道清扫", amount=amount(5), symbol="broom", trial=True),
    public.News(
        day=TODAY, who="李×明", text="陪邻居老人看病", amount=amount(210, Asset.HOURS), symbol="clinic", trial=True
    ),
    public.News(
        day=date(2026, 11, 21),
        who="王×秀家",
        text="装了烟感报警器",
        amount=amount(10, Asset.SAFE),
        symbol="alarm",
        trial=True,
    ),
    public.News(
        day=date(2026, 11, 21), who="赵×国家", text="照看隔壁独居老人", amount=amount(10), symbol="elder", trial=True
    ),
    public.News(
        day=date(2026, 11, 20), who="欧阳×××家", text="捡到钱包还给失主", amount=amount(5), symbol="wallet", trial=True
    ),
    public.News(
        day=date(2026, 11, 20),
        who="马×英家",
        text="孙女婚事简办，践行承诺",
        amount=amount(10),
        symbol="feast",
        trial=True,
    ),
)

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
        public.Place(place=place, who=who, score=points)
        for place, who, points in (
            (1, "李×明家", 268),
            (2, "王×秀家", 241),
            (2, "赵×国家", 241),
            (4, "马×英家", 233),
            (5, "陈×芳家", 226),
            (6, "周×贵家", 219),
            (6, "罗×花家", 219),
            (8, "高×家", 207),
        )
    ),
)

GOAL = public.Goal(
    title="村口的长椅",
    text="全村攒够 3,000 小时志愿时，村里在村口装六张长椅。",
    reached=2_170,
    target=3_000,
    entries=1_147,
    unit="小时",
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
    boards=(BOARD,),
    goals=(GOAL,),
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
    seal=MARK,
)

NEW_HOME = public.Home(
    programme="道德储蓄银行",
    what="做了好事，村里给您家存一笔；攒够了，凭卡换米面油。",
    totals=public.Totals(month=date(2026, 11, 1), deeds=0, minutes=0, safe=0, goods=0),
    code=VILLAGE,
    boards=(public.Board(title="光荣榜", window="本季", households=246),),
)

TOWN_HOME = msgspec.structs.replace(HOME, code="", boards=(), goals=(), rules_href="", wall_href="/wall")
RULES = public.Rules(
    campaigns=("秋季行动：从2026-12-01到2026-12-31，按200%算分；管的是：参加环境清扫",),
    programme="道德储蓄银行",
    version=3,
    since=date(2026, 9, 1),
    label="示例细则，非营尔村原文",
    groups=(
        public.RuleGroup(
            title="储蓄友爱",
            rules=(
                public.Rule(
                    title="邻里帮扶",
                    how="帮邻居干活、解急难，两家都说是",
                    amount="+10 分",
                    asset="moral",
                    caps="每月最多 4 次",
                    symbol="hands",
                ),
                public.Rule(
                    title="参加村道清扫",
                    how="村里组织，到场干到结束",
                    amount="+5 分",
                    asset="moral",
                    caps="每周最多 1 次",
                    symbol="broom",
                ),
            ),
        ),
        public.RuleGroup(
            title="平安",
            rules=(
                public.Rule(
                    title="森林防火值守",
                    how="按排班到岗，签到签退",
                    amount="按时长，另加平安 2 分一小时",
                    asset="hours",
                    caps="每天最多 8 小时",
                    symbol="flame",
                ),
                public.Rule(
                    title="装烟感、燃气报警器",
                    how="装好，网格员看过",
                    amount="+10 分",
                    asset="safe",
                    caps="一户一次",
                    symbol="alarm",
                ),
            ),
        ),
    ),
    goods=GOODS,
    back=frame.Link(href=f"/v/{VILLAGE}", text="回到公开页"),
)
