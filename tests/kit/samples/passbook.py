"""A resident's passbook: full, new, and with the largest figures."""

from datetime import date

from dezhi.plugin import Asset
from dezhi.web.views import frame, passbook
from samples.common import NOW, TODAY, amount, qr


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
    line(3790, date(2026, 10, 24), "门前有杂物，当天清走了", 1, 1, Asset.COUNT, quiet=True),
    line(3744, date(2026, 10, 20), "到场听村里的防火课", 1, 3, Asset.COUNT, trial=True),
    line(3702, date(2026, 10, 12), "拾金不昧，捡到钱包还给失主", 5, 97, trial=True),
)

SPOKEN = (
    "陈桂芳家，现在能用五十二分。志愿时十二小时三十分，平安积分三十四分。"
    "最近一笔：十一月二十二日，参加村道清扫，加五分。"
)

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
    household="阿不都热依木×家",
    card="9999",
    where="六组三网格",
    spendable=99_999,
    minutes=60_030,
    safe=1_204,
    honour=860,
    savings=BOOK.savings,
    lines=LINES[:3],
    spoken=SPOKEN,
    next_good=passbook.NextGood(title="香皂", price=5, missing=0, symbol="soap"),
)

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
    spoken="11月18日，您家陈某芳「陪同就医」，志愿时记3小时30分。觉得不对，到村服务台说一声就行，不用写材料。",
    trial=True,
    desk="服务台在村委会一楼，每天上午九点到十一点有人。",
    number="4090",
)

UNDONE_ENTRY = passbook.Entry(
    sentence="11月11日，您家参加村道清扫，加 5 分。",
    day=date(2026, 11, 11),
    booked_at=NOW,
    amounts=(amount(5),),
    rule="参加村道清扫",
    rule_how="",
    facts=ENTRY.facts,
    trial=True,
    undone_on=date(2026, 11, 12),
    undone_why="扫路那天没有来，记串了户。",
    number="3964",
)

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
    id="77",
    title="食用油",
    price=60,
    code="4827",
    qr_svg=qr("4827"),
    symbol="oil",
    until=date(2026, 11, 27),
    desk="服务台在村委会一楼，每天上午九点到十一点有人，报这个码或给人扫一下。",
    key="k-1",
)
