"""Workbooks that are no plain table: forms, posters, questionnaires, lists of ticks, and tables read by what they hold.

The notation is that of `layouts.py`, which takes these in. None is copied from anywhere.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

Row = Sequence[object]


class Strange(NamedTuple):
    """One layout: its name, its sheets as (name, rows, merged ranges), and what a person reads in it."""

    name: str
    pages: Sequence[tuple[str, Sequence[Row], Sequence[str]]]
    expected: str


def _records() -> Strange:
    rows = [
        ("收集表", "村规积分意见"),
        (),
        ("项目", "清扫祠堂"), ("分值", "3分/次"), ("说明", "每月最多9分"), ("证明", "照片"),
        ("项目", "代购药品"), ("分值", "2"), ("说明", "无"), ("证明", "小票"),
        (),
        ("项目", "井边洗衣"), ("分值", "扣2分"), ("说明", "劝阻不听的"), ("证明", "照片"),
    ]  # fmt: skip
    return Strange(
        "records-of-a-form",
        [("导出", rows, ())],
        """
        B3 清扫祠堂 +3 time month:9分
        B7 代购药品 +2 time
        B12 井边洗衣 -2 time
        """,
    )


def _poster() -> Strange:
    rows = [
        ("好事攒分", "", "", ""),
        (),
        ("清河道", "", "送米面", ""),
        ("＋3分／次", "", "2分/户", ""),
        (),
        ("陪老人散步\n每小时 2分", "", "学会急救", "★★★"),
        ("一颗★＝2分", "", "这样要减分", "乱泼水 －1　　乱贴 －2"),
        ("香皂 10分\n毛巾 20分", "", "", ""),
    ]
    return Strange(
        "poster",
        [("墙报", rows, ("A1:D1", "A3:B3", "C3:D3", "A4:B4", "C4:D4", "A6:B6", "A8:B8"))],
        """
        A3 清河道 +3 time
        C3 送米面 +2 household
        A6 陪老人散步 +2 hour
        C6 学会急救 +6 time
        D7 乱泼水 -1 time
        D7 乱贴 -2 time
        """,
    )


def _calendar() -> Strange:
    months = [f"{month}月" for month in range(1, 5)]
    rows = [
        ("序", "项目", "分", *months, "合计"),
        ("每月看（分/月）",),
        (1, "菜地不占道", 2),
        (2, "鸡鸭圈养", 3),
        ("每年看（分/年）",),
        (3, "按时交水费", 8, "/", "/", "/"),
        ("有就打×，一个×扣下面的分",),
        (4, "烧垃圾", 5),
    ]
    return Strange(
        "ticks-by-month",
        [("打勾", rows, ("A2:H2", "A5:H5", "A7:H7"))],
        """
        B3 菜地不占道 +2 month
        B4 鸡鸭圈养 +3 month
        B6 按时交水费 +8 year
        B8 烧垃圾 -5 time
        """,
    )


def _questionnaire() -> Strange:
    rows = [
        ("第1题  户主姓名  [填空题]",),
        ("第2题  院子收拾得怎样  [单选题]",),
        ("选项", "分值"), ("○ 整齐", 4), ("○ 一般", 2), ("○ 没收拾", 0),
        ("第3题  本月做过哪些好事  [多选题]",),
        ("选项", "分值"), ("□ 扫水渠", 3), ("□ 送学童", 2), ("□ 以上都没有", 0),
    ]  # fmt: skip
    return Strange(
        "questionnaire",
        [("问卷", rows, ())],
        """
        A2 院子收拾得怎样 0/2/4 time
        A9 扫水渠 +3 time
        A10 送学童 +2 time
        """,
    )


def _ticked() -> Strange:
    rows = [
        ("户主：______", "门牌：____号"),
        ("序", "查看内容", "打勾", "户主签名", "备注"),
        (1, "厨房", "□整洁3分  □较好2分  □差0分", "", ""),
        (2, "出工", "□到场5分", "", "每年一次"),
        ("要扣分的",),
        (3, "散养", "□扣1分  □扣2分", "", ""),
        ("小组签到",),
        ("序", "姓名", "职务"),
        (1, "王根生", "组长"),
    ]
    return Strange(
        "boxes-to-tick",
        [("入户", rows, ("A5:E5", "A7:E7"))],
        """
        B3 厨房 0/2/3 time
        B4 出工 +5 time year:1次
        B6 散养 -1-2 time
        """,
    )


def _steps_across() -> Strange:
    rows = [
        ("行为", "奖励", "", ""),
        ("", "村", "镇", "县"),
        ("当选好邻居", 5, 10, 20),
        ("拾物归还", 4, "", ""),
        (),
        ("违规行为", "首次", "第二次", "第三次及以上"),
        ("夜里放炮", "提醒", "扣2分", "扣5分"),
    ]
    return Strange(
        "steps-across",
        [("一览", rows, ("A1:A2", "B1:D1", "B4:D4"))],
        """
        A3 当选好邻居 5/10/20 time
        A4 拾物归还 +4 time
        A7 夜里放炮 2/5 time
        """,
    )


def _codes() -> Strange:
    rules = [
        ("Code", "Pts", "Unit", "Item", "Max"),
        ("HJ-01", "+2", "p/t", "捡拾农膜", "8/m"),
        ("HJ-02", "+5", "p/m", "门前整洁", ""),
        ("HJ-03", "-3", "p/t", "倒污水", ""),
    ]
    legend = [("缩写", "意思"), ("p/t", "每次"), ("p/m", "每月"), ("8/m", "每月封顶8分")]
    english = [
        ("No.", "ShiXiang (Item)", "FenZhi (Points)", "Unit", "Cap"),
        (1, "护林", 2, "per hour", "20/month"),
        (2, "收旧书", 1, "per 5 jin", "max 3 times/year"),
        (3, "装烟感", 10, "once", ""),
    ]
    graded = [
        ("号", "行为", "档次", "", "档次", "扣分"),
        (1, "乱搭棚", "A", "", "A", 10),
        (2, "占道", "B", "", "B", 5),
        (3, "毁花坛", "A"),
    ]
    return Strange(
        "codes-explained",
        [("Rules", rules, ()), ("Legend", legend, ()), ("English", english, ()), ("档次", graded, ())],
        """
        Rules!D2 捡拾农膜 +2 time month:8分
        Rules!D3 门前整洁 +5 month
        Rules!D4 倒污水 -3 time
        English!B2 护林 +2 hour month:20分
        English!B3 收旧书 +1 quantity year:3次
        English!B4 装烟感 +10 once
        档次!B2 乱搭棚 -10 time
        档次!B3 占道 -5 time
        档次!B4 毁花坛 -10 time
        """,
    )


def _beside_people() -> Strange:
    rows = [
        ("评定内容", "得分", "", "户主", "4月", "合计"),
        ("（一）守法（20分）", "", "", "周长顺", 6, 6),
        ("1．参加升旗，每次加2分", "", "", "吴桂芳", 4, 4),
        ("2．野外用火，扣8分/次", "", "", "郑大海", 5, 5),
        ("3．参加帮办，加1分/小时",),
    ]
    across = [
        ("户主", "门前三包", "开会"),
        ("分值", 3, 1),
        ("张三", 3, ""),
        ("李四", "", 1),
    ]
    return Strange(
        "beside-people",
        [("表", rows, ("A2:B2",)), ("横", across, ())],
        """
        表!A3 参加升旗 +2 time
        表!A4 野外用火 -8 time
        表!A5 参加帮办 +1 hour
        横!B1 门前三包 +3 time
        横!C1 开会 +1 time
        """,
    )


def _points_first() -> Strange:
    sides = [
        ("红榜（加）", "", "", "黑榜（减）", ""),
        (),
        ("+3", "清扫巷道", "", "-2", "鸡进菜园"),
        ("+5", "看护老人△", "", "-5", "往塘里倒灰"),
        ("+1", "交旧电池（每2节）", "", "-1~3", "堵路"),
        (),
        ("注：1．带△的，每户每月合计不超过20分。2．清扫巷道每月最多记4次。",),
    ]
    above = [("加10分", "加2分", "扣5分"), ("下水救人", "开会", "打架"), ("", "扫地", "赌博")]
    lists = [("分值", "加分行为", "扣分行为"), ("5分", "植树；献血", "骂街"), ("2分", "听课", "")]
    return Strange(
        "points-first",
        [("红黑榜", sides, ("A1:B1", "D1:E1")), ("上面", above, ()), ("左边", lists, ())],
        """
        红黑榜!B3 清扫巷道 +3 time month:4次
        红黑榜!B4 看护老人 +5 time month:20分
        红黑榜!B5 交旧电池 +1 quantity
        红黑榜!E3 鸡进菜园 -2 time
        红黑榜!E4 往塘里倒灰 -5 time
        红黑榜!E5 堵路 -1-3 time
        上面!A2 下水救人 +10 time
        上面!B2 开会 +2 time
        上面!B3 扫地 +2 time
        上面!C2 打架 -5 time
        上面!C3 赌博 -5 time
        左边!B2 植树 +5 time
        左边!B2 献血 +5 time
        左边!B3 听课 +2 time
        左边!C2 骂街 -5 time
        """,
    )


def _many_in_a_cell() -> Strange:
    rows = [
        ("主题", "做好了加分", "没做好扣分", "找谁"),
        ("环境", "①扫河道，3分；②管绿地，每月5分", "①倒垃圾扣3分；②排污水扣5分", "老吴"),
        ("人心", "照顾病人+4、送旧衣+2", "打架（每次扣5分）；骂街（扣2分）", "小贺"),
    ]
    classes = [("A类（10分）：救人、救灾",), ("有下列行为之一的，每次扣3分：（1）占道；（2）乱贴广告。",)]
    return Strange(
        "many-in-a-cell",
        [("一张纸", rows, ()), ("分类", classes, ())],
        """
        一张纸!B2 扫河道 +3 time
        一张纸!B2 管绿地 +5 month
        一张纸!B3 照顾病人 +4 time
        一张纸!B3 送旧衣 +2 time
        一张纸!C2 倒垃圾 -3 time
        一张纸!C2 排污水 -5 time
        一张纸!C3 打架 -5 time
        一张纸!C3 骂街 -2 time
        分类!A1 救人 +10 time
        分类!A1 救灾 +10 time
        分类!A2 占道 -3 time
        分类!A2 乱贴广告 -3 time
        """,
    )


def _spelled() -> Strange:
    signs = [("项目", "加/减", "分数"), ("出工", "加", 3), ("倒灰", "减", 5), ("看护", "加", 2)]
    ranges = [("项目", "最低分", "最高分"), ("好人好事", 2, 10), ("出谋划策", 1, 3)]
    ticks = [("项目", "1分", "2分", "5分"), ("扫地", "√", "", ""), ("献血", "", "", "√")]
    formulas = [("项目", "算法"), ("护林", "小时数×2"), ("捐款", "金额÷100"), ("收电池", "10节=1分")]
    return Strange(
        "points-spelled",
        [("加减", signs, ()), ("范围", ranges, ()), ("勾", ticks, ()), ("公式", formulas, ())],
        """
        加减!A2 出工 +3 time
        加减!A3 倒灰 -5 time
        加减!A4 看护 +2 time
        范围!A2 好人好事 2-10 time
        范围!A3 出谋划策 1-3 time
        勾!A2 扫地 +1 time
        勾!A3 献血 +5 time
        公式!A2 护林 +2 hour
        公式!A3 捐款 +1 quantity
        公式!A4 收电池 +1 quantity
        """,
    )


_MAKERS: Final[Sequence[Callable[[], Strange]]] = (
    _records, _poster, _calendar, _questionnaire, _ticked, _steps_across, _codes, _beside_people, _points_first,
    _many_in_a_cell, _spelled,
)  # fmt: skip
STRANGE: Final = tuple(make() for make in _MAKERS)
