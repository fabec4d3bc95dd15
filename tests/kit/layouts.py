"""Workbooks as villages lay them out, with the rows a person reads in them.

Made from the items of domain.md §3.1 and §3.3. No layout is copied from anywhere: each is one way in which a sheet may
stand. An expected row is `cell title points per limits…`: points with their sign, `5-10` for a range, `15/30/50` for
levels, `25!5` for full marks less 5 each; limits as `month:20分`, `day:1次`.
"""

import io
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import xlsxwriter

from strange_layouts import STRANGE

Row = Sequence[object]


class Page(NamedTuple):
    """One sheet: rows from the top, merged ranges (`A1:C1`), hidden rows (from 1), whether all of it is hidden."""

    name: str
    rows: Sequence[Row]
    merged: Sequence[str] = ()
    hidden: Sequence[int] = ()
    away: bool = False


class Layout(NamedTuple):
    """A workbook and what a person reads in it."""

    name: str
    pages: Sequence[Page]
    expected: str

    def data(self) -> bytes:
        """The workbook's bytes."""
        held = io.BytesIO()
        with xlsxwriter.Workbook(held) as book:
            for page in self.pages:
                _write(book, page)
        return held.getvalue()


def _write(book: xlsxwriter.Workbook, page: Page) -> None:
    sheet = book.add_worksheet(page.name)
    for at, row in enumerate(page.rows):
        for column, value in enumerate(row):
            if value not in (None, ""):
                sheet.write(at, column, value)
    for area in page.merged:
        first = area.partition(":")[0]
        column = ord(first[0]) - 65
        value = page.rows[int(first[1:]) - 1][column]
        sheet.merge_range(area, value)
    for number in page.hidden:
        sheet.set_row(number - 1, options={"hidden": True})
    if page.away:
        sheet.hide()


LUOYU_ITEMS: Final = (
    ("党建引领", "党日活动签到", 5),
    ("党建引领", "组织生活参与", 10),
    ("志愿", "志愿服务", 15),
    ("体育", "参加体育活动", 10),
    ("体育", "组织体育活动", 20),
    ("体育", "指导体育练习", 15),
    ("生态", "参加环境清扫", 5),
    ("生态", "参加植树造林", 10),
    ("生态", "庭院美化示范户", 15),
    ("公共参与", "参加村级活动", 5),
    ("公共参与", "参加公共劳动", 8),
    ("互助", "邻里帮扶", 10),
    ("互助", "关爱老人", 10),
    ("调解", "配合调解", 10),
    ("特殊", "见义勇为", 50),
    ("特殊", "参与建设项目", 5),
    ("扣分", "参与赌博", -20),
    ("扣分", "传播邪教", -30),
    ("扣分", "乱占耕地", -30),
    ("扣分", "乱堆垃圾经教育不改", -10),
    ("教育", "优秀学生（校级）", 10),
    ("教育", "优秀学生（区级）", 20),
    ("教育", "考上大学（本科）", 30),
    ("教育", "考上大学（专科）", 20),
    ("军旅", "应征入伍", 30),
    ("军旅", "三等功", 50),
    ("军旅", "二等功及以上", 100),
    ("军旅", "光荣退伍", 10),
)  # fmt: skip


def _luoyu() -> Layout:
    rows: list[Row] = [("罗峪村积分管理细则", "", "", ""), ("序号", "类别", "内容", "分值")]
    rows += [(at, heading, title, points) for at, (heading, title, points) in enumerate(LUOYU_ITEMS, 1)]
    expected = "\n".join(f"C{at} {title} {points:+d} time" for at, (_, title, points) in enumerate(LUOYU_ITEMS, 3))
    return Layout("luoyu", (Page("细则", rows, ("A1:D1",)),), expected)


def _resident() -> Layout:
    rows = [
        ("社区住户积分制实施方案（积分标准）",),
        (
            "一、表彰奖励类：受到国家级表彰的加50分，省级表彰的加30分，州（市）级表彰的加20分，县级表彰的加15分，街道（乡镇）级表彰的加10分，社区（村）级表彰的加5分。同一事项取最高分计分。",
        ),
        ("二、教育类",),
        ("1.攻读博士的，一人次加20分；",),
        ("2.攻读硕士的，一人次加10分；",),
        ("3.考上大学的，一人次加5分；",),
        ("4.就读中职第一年的，一人次加3分；",),
        ("三、致富类",),
        ("1.帮扶群众共同致富的带头人，每年度加10分；",),
        ("四、参与类",),
        ("1.参加社区环境卫生整治的，一人次加5分；",),
        ("2.参加夜校、宣讲的，一人次加5分；",),
        ("3.公益理发的，一人次加5分。",),
        ("未明确的参照同类项目执行。",),
    ]
    return Layout(
        "resident-paragraphs",
        (Page("方案", rows),),
        """
        A2 受到表彰 5/10/15/20/30/50 time
        A4 攻读博士 +20 person
        A5 攻读硕士 +10 person
        A6 考上大学 +5 person
        A7 就读中职第一年 +3 person
        A9 帮扶群众共同致富的带头人 +10 year
        A11 参加社区环境卫生整治 +5 person
        A12 参加夜校、宣讲 +5 person
        A13 公益理发 +5 person
        """,
    )


def _numerals() -> Layout:
    rows = [
        ("文明新风积分办法",),
        ("项　　目", "分　　值", "限　　制"),
        ("喜事新办、丧事简办", "每户次加十分", ""),
        ("参加义务劳动", "每次五分", "每月最多二十分"),
        ("参与抢险救灾", "加贰拾分", "无"),
        ("拾金不昧", "五至十分", ""),
        ("为公益事业捐款", "每伍佰元一分", "全年不超过十分"),
        ("烧秸秆", "扣五分", ""),
        ("大学生毕业后回村创业", "一次性加三十分", ""),
        ("十分积极地参加村民说事", "两分", "每月一次"),
    ]
    return Layout(
        "chinese-numerals",
        (Page("办法", rows, ("A1:C1",)),),
        """
        A3 喜事新办、丧事简办 +10 household
        A4 参加义务劳动 +5 time month:20分
        A5 参与抢险救灾 +20 time
        A6 拾金不昧 5-10 time
        A7 为公益事业捐款 +1 quantity year:10分
        A8 烧秸秆 -5 time
        A9 大学生毕业后回村创业 +30 once
        A10 十分积极地参加村民说事 +2 time month:1次
        """,
    )


def _side_by_side() -> Layout:
    rows = [
        ("做什么、得几分",),
        ("正面清单", "", "", "", "负面清单", "", ""),
        ("内容", "得分", "频次", "", "内容", "得分", "频次"),
        ("主动清理河道垃圾", 3, "次", "", "乱倒垃圾、吵架", "2-5", "次"),
        ("保持自家环境干净整洁", 3, "每月", "", "烧秸秆", 5, "次"),
        ("带动培训周边农户", 5, "人次", "", "", "", ""),
        ("安装独立烟感、燃气报警器", 10, "一次性", "", "", "", ""),
    ]
    return Layout(
        "side-by-side",
        (Page("清单", rows, ("A1:G1", "A2:C2", "E2:G2")),),
        """
        A4 主动清理河道垃圾 +3 time
        A5 保持自家环境干净整洁 +3 month
        A6 带动培训周边农户 +5 person
        A7 安装独立烟感、燃气报警器 +10 once
        E4 乱倒垃圾、吵架 -2-5 time
        E5 烧秸秆 -5 time
        """,
    )


def _weights() -> Layout:
    rows = [
        ("最美庭院评分表（100分）",),
        ("项目", "满分", "评分标准", "得分"),
        ("庭院净", 40, "有杂物每处扣5分，扣完为止", ""),
        ("居室净", 30, "不整洁每处扣3分，扣完为止", ""),
        ("厕所净", 30, "有异味扣10分", ""),
        ("合计", 100, "", ""),
    ]
    return Layout(
        "inspection",
        (Page("评分", rows, ("A1:D1",)),),
        """
        A3 庭院净 40!5 time
        A4 居室净 30!3 time
        A5 厕所净 30!10 time
        """,
    )


def _matrix() -> Layout:
    rows = [
        ("荣誉积分", "", "", "", "", ""),
        ("荣誉名称", "国家级", "省级", "市级", "县级", "镇级"),
        ("受到表彰", 50, 30, 20, 15, 10),
        ("体育比赛获奖", 40, 25, 15, 8, "/"),
    ]
    words = [
        ("项目", "标准"),
        ("立功受奖", "三等功50分、二等功及以上100分"),
        ("各级先进个人", "国家、省、市、县分别加50、30、20、15分，取最高分"),
        ("庭院月评", "达标5分/月，优秀10分/月"),
    ]
    return Layout(
        "levels",
        (Page("横排", rows, ("A1:F1",)), Page("写法", words)),
        """
        横排!A3 受到表彰 10/15/20/30/50 time
        横排!A4 体育比赛获奖 8/15/25/40 time
        写法!A2 立功受奖 50/100 time
        写法!A3 各级先进个人 15/20/30/50 time
        写法!A4 庭院月评 5/10 month
        """,
    )


def _stairs() -> Layout:
    rows = [
        ("类别", "项目", "级别", "分值", "备注"),
        ("表彰", "受到表彰", "国家级", 50, "取最高分"),
        ("", "", "省级", 30, ""),
        ("", "", "县级", 15, ""),
        ("教育", "考上大学", "本科", 30, "录取通知书"),
        ("", "", "专科", 20, ""),
        ("平安", "参加治安巡逻", "", 5, "每晚计一次"),
    ]
    return Layout(
        "a-row-for-each-level",
        (Page("标准", rows, ("A2:A4", "B2:B4", "A5:A6", "B5:B6")),),
        """
        B2 受到表彰 15/30/50 time
        B5 考上大学 20/30 time
        B7 参加治安巡逻 +5 time day:1次
        """,
    )


def _cells_full() -> Layout:
    rows = [
        ("板块", "加分项目及分值", "扣分项目及分值"),
        (
            "环境卫生",
            "1.参加环境清扫，每次5分；2.主动清扫门前屋后，1分/次，每日限1次；3.公共区域植绿5分",
            "①烧秸秆，每次扣5分；②乱倒垃圾扣2—5分",
        ),
        ("公益", "①义务献血每100ml加1分\n②为公益捐款每500元1分，最高10分\n③志愿服务每小时1分，每次最多2小时", "无"),
    ]
    return Layout(
        "many-in-a-cell",
        (Page("一张表", rows),),
        """
        B2 参加环境清扫 +5 time
        B2 主动清扫门前屋后 +1 time day:1次
        B2 公共区域植绿 +5 time
        C2 烧秸秆 -5 time
        C2 乱倒垃圾 -2-5 time
        B3 义务献血 +1 quantity
        B3 为公益捐款 +1 quantity life:10分
        B3 志愿服务 +1 hour event:2小时
        """,
    )


def _no_heading() -> Layout:
    rows = [
        ("（一）参加会议", 20, "每周不超过60分"),
        ("（二）会议发言", 10, "每周不超过50分"),
        ("（三）参与志愿服务", 50, "每月不超过500分"),
        ("（四）参与环境整治", 20, "每月不超过200分"),
        ("（五）建议被采纳", 100, ""),
        ("（六）公共场合说脏话", -2, ""),
    ]
    return Layout(
        "no-headings",
        (Page("Sheet1", rows),),
        """
        A1 参加会议 +20 time week:60分
        A2 会议发言 +10 time week:50分
        A3 参与志愿服务 +50 time month:500分
        A4 参与环境整治 +20 time month:200分
        A5 建议被采纳 +100 time
        A6 公共场合说脏话 -2 time
        """,
    )


def _upright() -> Layout:
    rows = [
        ("项目", "参加会议", "带动培训周边农户", "“四净”达标", "代购代取、送餐", "捐资助学"),
        ("积分", 2, 5, 4, "1分/次", "1"),
        ("周期", "次", "人次", "月", "", "每100元"),
        ("最多", "每月4分", "/", "/", "每天3分", "一年20分"),
    ]
    return Layout(
        "items-side-by-side",
        (Page("横", rows),),
        """
        B1 参加会议 +2 time month:4分
        C1 带动培训周边农户 +5 person
        D1 “四净”达标 +4 month
        E1 代购代取、送餐 +1 time day:3分
        F1 捐资助学 +1 quantity year:20分
        """,
    )


def _headed_units() -> Layout:
    rows = [
        ("村规民约积分", "", "", ""),
        ("序号", "事项", "加分（分/户次）", "每月上限（分）"),
        (1, "参与环境卫生整治", 2, 8),
        (2, "抵制高价彩礼、婚丧简办", 5, "不限"),
        (3, "主动帮助化解矛盾纠纷（每季度最多3次）", "２", ""),
        ("", "小计", 9, ""),
        ("填表人：", "", "", "2024年3月"),
    ]
    old = [("事项", "加分"), ("旧条目", 5)]
    return Layout(
        "units-in-headings",
        (Page("规约", rows, ("A1:D1",)), Page("旧表", old, away=True)),
        """
        B3 参与环境卫生整治 +2 household month:8分
        B4 抵制高价彩礼、婚丧简办 +5 household
        B5 主动帮助化解矛盾纠纷 +2 household quarter:3次
        """,
    )


def _mixed() -> Layout:
    rows = [
        ("积分管理手册",),
        ("一、本手册适用于全村312户。积满100分可到超市兑换。",),
        ("二、加分项",),
        ("类别", "内容", "分值", "凭证"),
        ("调解", "调解矛盾纠纷", "5～10分", "视情况由评议小组定"),
        ("同上", "配合调解", "同上", ""),
        ("应急", "森林防火值守", "2分/小时，一天不超过16分", "签到"),
        ("应急", "已停用的条目", 9, ""),
        ("", "", "", ""),
        ("三、扣分项",),
        ("内容", "分值"),
        ("无故不参加村民会议", 2),
        ("参与赌博", "20分/次"),
        ("", ""),
        ("四、兑换",),
        ("物品", "积分", "库存"),
        ("香皂", 5, 30),
        ("洗衣液", 20, 30),
    ]
    people = [("户号", "户主", "积分"), ("001", "张三", 30), ("002", "李四", 25)]
    return Layout(
        "stacked",
        (Page("手册", rows, ("A1:D1",), (8,)), Page("花名册", people)),
        """
        手册!B5 调解矛盾纠纷 5-10 time
        手册!B6 配合调解 5-10 time
        手册!B7 森林防火值守 +2 hour day:16分
        手册!A12 无故不参加村民会议 -2 time
        手册!A13 参与赌博 -20 time
        """,
    )


def _articles() -> Layout:
    rows = [
        ("第一章　总则",),
        ("第一条　为弘扬文明新风，制定本办法。1分折合人民币1元。",),
        ("第二章　计分",),
        ("第二条　有下列情形之一的，每次加5分：",),
        ("（一）参加村级活动；",),
        ("（二）支持公益事业；",),
        ("第三条　帮助困难居民的，每次加10分，每月最多30分；劝阻他人参加非法活动的，每次加20分。",),
        ("第四条　违反社会公德的，每次扣2分；乱堆垃圾经教育不改的，每次扣10分。",),
        ("第五条　本办法由村民代表会议负责解释。",),
    ]
    return Layout(
        "articles",
        (Page("办法", rows),),
        """
        A5 参加村级活动 +5 time
        A6 支持公益事业 +5 time
        A7 帮助困难居民 +10 time month:30分
        A7 劝阻他人参加非法活动 +20 time
        A8 违反社会公德 -2 time
        A8 乱堆垃圾经教育不改 -10 time
        """,
    )


def _scanned() -> Layout:
    rows = [
        ("事  项", "分  值"),
        ("参加 村民 大会", "每 次 加 ５ 分"),
        ("参 与 治 安 巡 逻", "1O分／次，≤3O分/周"),
        ("清运垃圾", "每车３分"),
        ("l、捐书", "＋２"),
        ("打架 斗殴", "－２０分"),
    ]
    return Layout(
        "scanned",
        (Page("扫描", rows),),
        """
        A2 参加村民大会 +5 time
        A3 参与治安巡逻 +10 time week:30分
        A4 清运垃圾 +3 quantity
        A5 捐书 +2 time
        A6 打架斗殴 -20 time
        """,
    )


def _both_ways() -> Layout:
    rows = [
        ("指标", "具体要求", "计分", "", "周期"),
        ("", "", "奖", "罚", ""),
        ("环境", "门前三包落实", 5, 5, "每月"),
        ("", "参加义务劳动", 5, "", "每次"),
        ("治理", "按时参加村民会议", "达标加2分，无故缺席扣1分", "", "每次"),
    ]
    return Layout(
        "plus-and-minus",
        (Page("考评", rows, ("A1:A2", "B1:B2", "C1:D1", "E1:E2", "A3:A4")),),
        """
        B3 门前三包落实 +5 month
        B3 门前三包落实 -5 month
        B4 参加义务劳动 +5 time
        B5 按时参加村民会议 +2 time
        B5 按时参加村民会议 -1 time
        """,
    )


def _four_columns() -> Layout:
    rows = [
        ("指标", "基础分", "加分项", "减分项"),
        ("环境卫生", 20, "获评最美庭院加10分", "脏乱差一次减5分"),
        ("遵纪守法", 20, "见义勇为加20分", "打架斗殴减10分"),
    ]
    limits = [
        ("条款", "行为", "奖惩"),
        ("第一条", "好人好事", "1-5分/件"),
        ("第二条", "义务劳动", "5分（每户每次）"),
        ("第三条", "志愿服务", "每小时加一分，同一活动最多计2小时"),
        ("第四条", "拖欠集体承包费", "每年扣十分"),
        ("第五条", "重大贡献", "一事一议"),
    ]
    return Layout(
        "base-plus-minus",
        (Page("考评", rows), Page("条款", limits)),
        """
        考评!C2 获评最美庭院 +10 time
        考评!D2 脏乱差 -5 time
        考评!C3 见义勇为 +20 time
        考评!D3 打架斗殴 -10 time
        条款!B2 好人好事 1-5 quantity
        条款!B3 义务劳动 +5 household
        条款!B4 志愿服务 +1 hour event:2小时
        条款!B5 拖欠集体承包费 -10 year
        """,
    )


def _only_others() -> Layout:
    records = [("姓名", "项目", "得分", "日期"), ("张三", "清扫", 5, "1月2日"), ("李四", "会议", 3, "1月3日")]
    prices = [("积分兑换物品表",), ("名称", "分值"), ("毛巾", 10), ("牙膏", 15)]
    items = [("内容",), ("参加环境整治（+5分/次）",), ("焚烧垃圾（-5分/次）",)]
    return Layout(
        "lists-of-people-and-prices",
        (Page("记录", records), Page("兑换", prices, ("A1:B1",)), Page("细则", items)),
        """
        细则!A2 参加环境整治 +5 time
        细则!A3 焚烧垃圾 -5 time
        """,
    )


_MAKERS: Final[Sequence[Callable[[], Layout]]] = (
    _luoyu, _resident, _numerals, _side_by_side, _weights, _matrix, _stairs, _cells_full, _no_heading, _upright,
    _headed_units, _mixed, _articles, _scanned, _both_ways, _four_columns, _only_others,
)  # fmt: skip
_STRANGE: Final = tuple(
    Layout(strange.name, [Page(name, rows, merged) for name, rows, merged in strange.pages], strange.expected)
    for strange in STRANGE
)
LAYOUTS: Final = {layout.name: layout for layout in (*(make() for make in _MAKERS), *_STRANGE)}
