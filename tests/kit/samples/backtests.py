"""Backtests: what to try, one under way, and the page for the representatives."""

from datetime import date

from dezhi.web.views import backtests
from dezhi.web.views.frame import Option
from samples.common import VILLAGE
from samples.township import PROGRAMME

ASK = backtests.Ask(
    village="营尔村",
    code=VILLAGE,
    drafts=(Option(value="7", text="2027年积分细则草稿", chosen=True),),
    versions=(
        Option(value="2", text="第2版 道德储蓄银行，2026年9月1日起"),
        Option(value="1", text="第1版 道德储蓄银行，2025年11月1日起"),
    ),
    plugins=(backtests.Plugin(name="dezhi-yinger", title="道德储蓄银行", settings=PROGRAMME.plugins[0].settings),),
    since="2025-11-23",
    until="2026-11-22",
)
WRONG_ASK = backtests.Ask(
    village="营尔村",
    code=VILLAGE,
    drafts=(),
    versions=(),
    plugins=(),
    since="2026-11-22",
    until="2025-11-23",
    seed="7",
    error="起止日期反了：开始的一天要在结束的一天以前。",
)
RUNNING = backtests.Running(village="营尔村", code=VILLAGE, done=1_250, total=25_000)
STOPPED = backtests.Running(
    village="营尔村", code=VILLAGE, done=1_250, total=25_000, error="这次试算半路停了。账没有动，请重新试算一次。"
)
RESULT = backtests.Result(
    village="营尔村",
    code=VILLAGE,
    draft="2027年积分细则草稿",
    since=date(2025, 11, 23),
    until=date(2026, 11, 22),
    findings=(
        "按新办法，这段时间322户里，161户会多得，120户会少得，41户不变；道德积分平均每户多3.5分。",
        "独居老人家平均每户少12分，全部平均多3.5分。",
        "有312笔因为到了上限不加分；最多的是“邻里帮扶”（每月最多4次）：211笔，43户。",
    ),
    pictures=(
        backtests.Picture(
            title="多得和少得的户数",
            note="道德积分，一户一户地比",
            bars=(
                backtests.Bar(label="少20分以上", share=0, text="户数少，不显示"),
                backtests.Bar(label="不变", share=100, text="41户"),
                backtests.Bar(label="多20分以上", share=64, text="26户"),
            ),
        ),
        backtests.Picture(
            title="谁家变得多：按家里老人",
            note="平均每户多得或少得",
            two_sided=True,
            bars=(
                backtests.Bar(label="独居老人家", share=-100, text="少12分"),
                backtests.Bar(label="老少同住的家", share=58, text="多7分"),
            ),
        ),
    ),
    tables=(
        backtests.Table(
            title="按条目",
            note="变得多的在前",
            headings=("做什么", "记过", "原来", "新办法"),
            rows=(
                backtests.Row(cells=("邻里帮扶", "560", "5600分", "3200分")),
                backtests.Row(cells=("见义勇为", "·", "·", "·"), hidden=True),
            ),
        ),
    ),
    notes=("把已经记过的25,000笔，按新办法从头算了一遍；账一笔没有动。",),
)
