"""How a village keeps points: its settings, year clearings in every state, and closed books."""

from datetime import UTC, date, datetime

import msgspec

from dezhi.web.views import clearings, closings, frame, keeping
from samples.common import TODAY, VILLAGE

LAPSES = (
    frame.Option(value="never", text="不过期"),
    frame.Option(value="year", text="年终清零：提前公告，到年底由村里办", chosen=True),
    frame.Option(value="months", text="满若干个月，到那个月月底自动过期"),
)

KEEPING = keeping.Keeping(
    village="营尔村",
    code=VILLAGE,
    version=3,
    lapses=LAPSES,
    values={
        "lapse_months": "24",
        "clearing_days": "30",
        "pick_up_days": "7",
        "overdraft": "0",
        "hours": "1500",
        "yuan": "0.50",
    },
    to_kin=True,
    to_pool=True,
)

# Typed wrongly: one figure, and no choice made at all.
WRONG_KEEPING = msgspec.structs.replace(
    KEEPING,
    values={**KEEPING.values, "clearing_days": "3"},
    to_kin=False,
    to_pool=False,
    field="clearing_days",
    error="清零要提前7天到90天公告。",
)

NO_LAPSE = msgspec.structs.replace(
    KEEPING,
    lapses=tuple(msgspec.structs.replace(one, chosen=False) for one in LAPSES),
    field="lapse",
    error="没有存上：请选积分什么时候到期。",
)

ROWS = (
    clearings.Row(name="李建国家", number="0101", amount=112),
    clearings.Row(name="王秀英家", number="0102", amount=8),
    clearings.Row(name="陈桂芳家", number="0203", amount=52),
    clearings.Row(name="阿不都热依木·买买提家", number="0603", amount=99_999),
    clearings.Row(name="一户（已不在册）", number="", amount=15),
)

MANY_ROWS = tuple(clearings.Row(name=f"{name}家", number=f"{n:04}", amount=4 + n * 7 % 90) for n, name in enumerate(
    ("李建国", "王秀英", "张明", "欧阳德才", "陈桂芳", "刘永红", "赵春花", "黄志强", "周淑珍", "吴玉兰", "徐小军",
     "孙德才", "胡桂芳", "朱建国"), 101,
))  # fmt: skip

ANNOUNCED = clearings.Open(
    id="5",
    year=2026,
    due=date(2026, 12, 31),
    by="何静",
    announced_at=datetime(2026, 11, 20, 1, 15, tzinfo=UTC),
    rows=MANY_ROWS,
    total=sum(row.amount for row in MANY_ROWS),
    mark="5f2a",
)

DUE = clearings.Open(
    id="4",
    year=2025,
    due=TODAY,
    by="何静",
    announced_at=datetime(2026, 10, 20, 1, 15, tzinfo=UTC),
    rows=ROWS,
    total=sum(row.amount for row in ROWS),
    mark="8c41",
    ready=True,
)

DONE = clearings.Past(
    id="3",
    year=2024,
    state="清好了",
    when=date(2024, 12, 31),
    by="何静",
    households=231,
    total=12_480,
    undoable=True,
)

UNDONE = clearings.Past(
    id="2",
    year=2023,
    state="整批撤销了",
    when=date(2024, 1, 3),
    by="何静",
    households=1,
    total=60,
    reason="公告贴出的日子不够，村民会议要求退回重办",
)

CALLED_OFF = clearings.Past(
    id="1",
    year=2023,
    state="公告后取消了",
    when=date(2023, 11, 30),
    by="何静",
    households=0,
    total=0,
    reason="年份写错了",
)

CLEARINGS = clearings.Clearings(
    village="营尔村",
    code=VILLAGE,
    off=False,
    years=(),
    earliest=date(2026, 12, 22),
    open=(ANNOUNCED, DUE),
    past=(DONE, UNDONE, CALLED_OFF),
)

NEW_CLEARINGS = clearings.Clearings(
    village="营尔村",
    code=VILLAGE,
    off=False,
    years=(frame.Option(value="2026", text="2026", chosen=True), frame.Option(value="2025", text="2025")),
    earliest=date(2026, 12, 22),
    error="没有公告：日期看不懂，请写成 2026-12-31 的样子。",
)

HALFWAY_CLEARINGS = msgspec.structs.replace(
    CLEARINGS,
    years=NEW_CLEARINGS.years[:1],
    open=(msgspec.structs.replace(DUE, halfway=True),),
    past=(),
)

# Nobody has points left of that year, so there is nothing to press but calling it off.
NOTHING_TO_CLEAR = msgspec.structs.replace(
    CLEARINGS, open=(msgspec.structs.replace(DUE, rows=(), total=0),), past=(CALLED_OFF,)
)

NO_CLEARINGS = clearings.Clearings(village="旧墩村", code="620902108203", off=True, years=())

NOTICE = clearings.Notice(
    village="营尔村",
    code=VILLAGE,
    programme="道德储蓄银行",
    resolution="营村议〔2026〕8号（2026年10月1日）",
    year=2026,
    due=date(2026, 12, 31),
    announced_on=date(2026, 11, 20),
)

CLOSE = closings.Close(
    village="营尔村",
    code=VILLAGE,
    closed=date(2026, 9, 30),
    latest=date(2026, 11, 21),
    proposed=date(2026, 10, 31),
    key="k-8",
)

FIRST_CLOSE = msgspec.structs.replace(CLOSE, closed=None, error="没有结账：日期看不懂，请写成 2026-10-31 的样子。")
