"""The township, its supervisor, and setting up."""

from datetime import date

from dezhi.plugin import Asset
from dezhi.web.views import frame, setup, tokens, township
from samples.common import NOW, TODAY, VILLAGE, amount, qr

LIMITS = tuple(
    township.Limit(item=title, amount=told, caps=caps, asset=asset)
    for title, told, caps, asset in (
        ("邻里帮扶", "+10 分", "每月最多 4 次", "moral"),
        ("陪同就医", "按时长", "每天最多 10 小时", "hours"),
        ("装烟感报警器", "+10 分", "一户一次", "safe"),
    )
)

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
                township.Setting(
                    name="help_points", label="邻里帮扶加几分", kind="number", value="10", least=1, most=20, unit="分"
                ),
                township.Setting(name="goal", label="集体目标的名字", kind="text", value="村口的长椅"),
                township.Setting(
                    name="month",
                    label="光荣榜算多久",
                    kind="choice",
                    value="quarter",
                    options=(
                        frame.Option(value="month", text="一个月"),
                        frame.Option(value="quarter", text="一季", chosen=True),
                    ),
                ),
                township.Setting(
                    name="haircut", label="理发也能换", kind="yes", value="yes", help="每月初八，理发师傅到村里"
                ),
                township.Setting(
                    name="items", label="条目", kind="document", value="28 条", help="一条一条怎么加分，上限多少。"
                ),
            ),
            limits=LIMITS,
        ),
        township.Plugin(
            name="dezhi-hello",
            title="门前清扫",
            about="最小的例子：门前扫一次，加一分。",
            version="1.0.0",
            on=False,
            limits=LIMITS[:1],
        ),
        township.Plugin(
            name="village-odd",
            title="试",
            about="从文件装上的，停用观察了。",
            version="1.1.0",
            on=True,
            wanted="1.0.0",
            others=("1.1.0",),
            from_whom="县里签名",
            guards=True,
            held="11月22日 09:00起：它把自己弄垮了（问的是 score），先不问它了。",
        ),
    ),
    versions=(
        township.Version(
            number=3, since=date(2026, 9, 1), made_at=NOW, by="何静", change="邻里帮扶从 8 分改为 10 分", current=True
        ),
        township.Version(number=2, since=date(2026, 3, 1), made_at=NOW, by="何静", change="启用平安积分"),
        township.Version(number=1, since=date(2025, 12, 1), made_at=NOW, by="何静", change="启用道德储蓄银行"),
    ),
    facts=(
        frame.Fact(label="决议", text="还没有附上"),
        frame.Fact(label="公示", text="还不经公示"),
        frame.Fact(label="户", text="246 户用这一版"),
    ),
    grids=("一组一网格", "一组二网格", "二组一网格"),
    papers=township.Papers(title="道德储蓄银行"),
)

TOWN = township.Home(
    villages=tuple(
        township.VillageRow(
            code=f"62090210820{n}",
            name=name,
            households=size,
            programme="道德储蓄银行",
            version=version,
            plugins=plugins,
            warnings=warned,
        )
        for n, name, size, version, plugins, warned in (
            (0, "上坝村", 312, 1, ("道德储蓄银行",), ("没有附决议",)),
            (1, "营尔村", 246, 3, ("道德储蓄银行", "门前清扫"), ()),
            (2, "下坝村", 198, 1, ("门前清扫",), ("没有附决议", "没有隐私告知书")),
            (3, "旧墩村", 154, 0, (), ("还没有选方案",)),
        )
    )
)

ROLES = (
    frame.Option(value="clerk", text="记分员", chosen=True),
    frame.Option(value="supervisor", text="监督"),
    frame.Option(value="township", text="乡镇"),
)

SCOPES = (frame.Option(value=VILLAGE, text="营尔村", chosen=True), frame.Option(value="620902108", text="全镇"))

STAFF = township.Staff(
    members=(
        township.Member(id="1", name="何静", login="hejing", posts=("乡镇 · 上坝镇",), own=True),
        township.Member(id="2", name="马小兰", login="maxiaolan", posts=("村干部 · 营尔村", "村干部 · 下坝村")),
        township.Member(id="3", name="杨守正", login="yangsz", posts=("监督 · 营尔村",), fresh=True),
        township.Member(id="4", name="郭志强", login="guozq", posts=("村干部 · 下坝村",), active=False),
    ),
    new=township.NewMember(
        roles=ROLES,
        scopes=SCOPES,
        name="李建国",
        login="lijianguo",
        people=(
            township.Person(id="7", text="李建国，营尔村一组一网格0101号"),
            township.Person(id="0", text="不在册上"),
        ),
        error="册上有这个名字。请选是哪一位，免得给自己家记分；都不是就选“不在册上”。",
        field="person",
    ),
)

MEMBER = township.StaffMember(
    member=STAFF.members[1],
    held=(
        township.Held(text="村干部 · 营尔村", role="clerk", region="1"),
        township.Held(text="村干部 · 下坝村", role="clerk", region="2"),
    ),
    roles=ROLES,
    scopes=SCOPES,
    resident="营尔村0203号 马小兰家",
    secret="mtqs-27kd-xh4e",
)

CARDS = setup.Cards(
    village="营尔村",
    code=VILLAGE,
    households=246,
    waiting=61,
    grids=(
        setup.GridCards(id="1", name="一组一网格", waiting=49),
        setup.GridCards(id="2", name="一组二网格", waiting=12),
        setup.GridCards(id="3", name="二组一网格", waiting=0),
    ),
)

JOURNAL = township.Journal(
    audit=frame.Tell(text="2026-11-22 02:31 把 4,120 笔账从头核对了一遍，每一行都和原文一样"),
    rows=(
        township.JournalRow(
            seq=4120,
            at=NOW,
            day=TODAY,
            village="营尔村",
            who="陈桂芳家",
            text="参加村道清扫",
            amounts=(amount(5),),
            kind="加分",
            by="记分员马小兰",
            trial=True,
        ),
        township.JournalRow(
            seq=4102,
            at=NOW,
            day=date(2026, 11, 20),
            village="营尔村",
            who="陈桂芳家",
            text="食用油",
            amounts=(amount(-60),),
            kind="兑换",
            by="陈桂芳家",
        ),
        township.JournalRow(
            seq=3980,
            at=NOW,
            day=date(2026, 11, 12),
            village="营尔村",
            who="陈桂芳家",
            text="参加村道清扫",
            amounts=(amount(-5),),
            kind="冲正",
            by="记分员马小兰",
            why="扫路那天没有来，记串了户",
            of=3964,
            of_href="/journal?before=3965#n3964",
        ),
        township.JournalRow(
            seq=3964,
            at=NOW,
            day=date(2026, 11, 11),
            village="营尔村",
            who="陈桂芳家",
            text="参加村道清扫",
            amounts=(amount(5), amount(60, Asset.HOURS)),
            kind="加分",
            by="记分员马小兰",
            trial=True,
        ),
    ),
    villages=(frame.Option(value="", text="各村"), *SCOPES[:1]),
    actors=(frame.Option(value="", text="所有人"), frame.Option(value="2", text="马小兰")),
    kinds=(frame.Option(value="", text="各类"), frame.Option(value="reversal", text="冲正")),
    since=date(2026, 11, 1),
    until=TODAY,
    pager=frame.Pager(older="/journal?page=2", text="第 1 页"),
)

ROSTER = setup.Roster(
    village="营尔村",
    action=f"/township/v/{VILLAGE}/roster",
    rows=500,
    good=480,
    bad=3,
    households=131,
    people=480,
    errors=(
        setup.RowError(row=17, text="出生日期看不懂，请写成 1963-05-08。"),
        setup.RowError(row=42, text="没有「七组一网格」，建村时没写这一格。"),
        setup.RowError(row=233, text="这一户有两个户主，另一个在第 231 行。"),
    ),
    samples=(
        setup.Sample(number="0101", grid="一组一网格", head="李建国", people=4),
        setup.Sample(number="0102", grid="一组一网格", head="王秀英", people=2),
        setup.Sample(number="0103", grid="一组一网格", head="张明", people=5),
    ),
    token="p-9",
)

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

NO_TOKENS = tokens.Tokens(
    action="/staff/tokens",
    tokens=(),
    scopes=(tokens.Choice(value="read", text="查看", chosen=True), tokens.Choice(value="award", text="记分和冲正")),
    regions=(frame.Option(value="", text="和我一样"), *SCOPES),
    earliest=TODAY,
    latest=date(2027, 11, 22),
    secret="dz_6917529027641081861_" + "X" * 43,
)

TOKENS = tokens.Tokens(
    action="/township/tokens",
    tokens=(
        tokens.Token(
            id="1",
            name="县政务平台",
            owner="",
            scopes=("查看", "改方案"),
            region="上坝镇",
            last_day=date(2027, 6, 30),
            used=TODAY,
        ),
        tokens.Token(
            id="2",
            name="村口的刷卡机",
            owner="马小兰",
            scopes=("查看", "兑换和发奖品"),
            region="营尔村",
            last_day=date(2026, 10, 31),
            ended="到期了",
        ),
    ),
    scopes=NO_TOKENS.scopes,
    regions=NO_TOKENS.regions,
    earliest=TODAY,
    latest=date(2027, 11, 22),
    name="县政务平台",
    last_day=date(2027, 6, 30),
    error="请至少选一样它能做的事。",
)
