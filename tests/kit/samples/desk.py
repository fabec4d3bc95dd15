"""What the desk does besides redeeming: freezing points, and passing hours on."""

import msgspec

from dezhi.web.views import frame, freezes, transfers
from samples.common import NOW
from samples.passbook import BOOK
from samples.work import VISIT

WHOLE = freezes.Frozen(
    text="全部道德积分都先不能用，以后得的也一样",
    reason="有人反映这户同时在两个村领奖品，正在和邻村核对",
    by="马小兰",
    at=NOW,
    order="freeze-2",
)

OF_ENTRY = freezes.Frozen(
    text="10 分先不能用：11月15日「照看隔壁独居老人」",
    reason="老人的女儿说那几天是她自己在家照看，正在核实",
    by="马小兰",
    at=NOW,
    order="freeze-1",
)

FREEZE = freezes.Freeze(ref="77", household="陈桂芳家", frozen=(), key="k-9")

FREEZE_ENTRY = msgspec.structs.replace(
    FREEZE,
    entry="1-202611-4001",
    about="11月15日「照看隔壁独居老人」",
    error="没有冻结：请写一句为什么，这户人家看得到。",
)

FROZEN = msgspec.structs.replace(
    FREEZE, household="阿不都热依木·买买提家", frozen=(WHOLE, OF_ENTRY), reason="两处登记的户号对不上，正在核实"
)

LAPSING = (
    "村里公告了2026年的年终清零：您家2026年12月31日要清零40分，在那以前兑换就不会少。",
    "您家有12分按年算，年终可能清零。清零要提前30天公告。",
)

FROZEN_BOOK = msgspec.structs.replace(
    BOOK,
    spendable=0,
    frozen=tuple(msgspec.structs.replace(one, order="") for one in (WHOLE, OF_ENTRY)),
    lapsing=LAPSING,
    elsewhere=("另有 8 分留在下坝村的账上，要转过来请到服务台说一声。",),
    next_good=None,
)

FROZEN_VISIT = msgspec.structs.replace(VISIT, spendable=0, frozen=52, lapsing=LAPSING, offers=(), waiting=())

TRANSFER = transfers.Transfer(
    ref="77",
    household="陈桂芳家",
    givers=(frame.Option(value="1", text="陈桂芳"), frame.Option(value="3", text="刘欣", chosen=True)),
    takers=(
        frame.Option(value="2", text="刘建民", chosen=True),
        frame.Option(value="9", text="阿不都热依木·买买提"),
        frame.Option(value="pool", text="村里的志愿时池"),
    ),
    key="k-10",
)

WRONG_TRANSFER = msgspec.structs.replace(TRANSFER, minutes="0", error="没有转：请写转几分钟，要大于0。")

NO_TRANSFER = msgspec.structs.replace(TRANSFER, takers=())
