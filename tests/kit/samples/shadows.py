"""A draft that runs beside, and a village where none does."""

from datetime import date

from dezhi.web.views import shadows
from dezhi.web.views.backtests import Row, Table
from dezhi.web.views.frame import Option
from samples.common import VILLAGE

SHADOWS = shadows.Shadows(
    village="营尔村",
    code=VILLAGE,
    shadows=(
        shadows.Shadow(
            id="7",
            title="2027年积分细则草稿",
            state="正在陪跑",
            since=date(2026, 11, 1),
            until=date(2026, 11, 30),
            deeds=212,
            running=True,
            sums=("比了212笔，不一样的1笔。", "道德积分：按它少10分。"),
            table=Table(
                title="一笔一笔看",
                headings=("账号", "哪天", "做什么", "积分", "现在给", "按它给"),
                rows=(Row(cells=("5012", "11月22日", "邻里帮扶", "道德积分", "10分", "0分")),),
                figures=False,
            ),
        ),
    ),
)
NO_SHADOW = shadows.Shadows(
    village="营尔村",
    code=VILLAGE,
    shadows=(),
    drafts=(Option(value="7", text="2027年积分细则草稿"),),
    versions=(Option(value="1", text="第1版 道德储蓄银行"),),
    error="陪跑要在7到92天之间。",
)
