"""The plugins' own tables and pages, what the calendar booked, and an assessment."""

from datetime import date

import msgspec

from dezhi.web.views import assessments, frame, public, reports
from samples.common import TODAY, VILLAGE
from samples.passbook import ENTRY
from samples.work import AWARDED


def _row(*cells: str) -> tuple[reports.Cell, ...]:
    return tuple(reports.Cell(text=text, figure=number > 0) for number, text in enumerate(cells))


KINDS = ("月份", "便民互助", "陪护关爱", "传授辅导", "平安守护", "应急救助", "合计")
HOURS = reports.Table(
    title="各月志愿时",
    about="单位：小时，留一位小数。",
    columns=_row(*KINDS),
    rows=(
        _row("2026-09", "41.5", "88.0", "12.0", "30.5", "0.0", "172.0"),
        _row("2026-10", "39.0", "92.5", "16.0", "24.0", "8.0", "179.5"),
        _row("2026-11", "1,021.0", "61.5", "9.0", "18.5", "26.0", "1,136.0"),
    ),
    csv_href="/x.csv",
)
DUE = (
    reports.Due(
        day=date(2027, 1, 1),
        title="平安基础分",
        booked=379,
        left=(reports.Left(name="王秀英家", why="没有记上：不能给自己家加分。请让另一位工作人员来记。"),),
    ),
    reports.Due(
        day=TODAY,
        title="",
        booked=0,
        trouble="插件 my-plugin 想得太久，这一次没有算它的。别的插件不受影响。",
    ),
)
REPORTS = reports.Reports(
    village="营尔村",
    year=2026,
    action=f"/township/v/{VILLAGE}/reports",
    years=(frame.Option(value="2026", text="2026", chosen=True), frame.Option(value="2025", text="2025")),
    grids=(frame.Option(value="", text="全村", chosen=True), frame.Option(value="01", text="第一网格")),
    back=frame.Link(href=f"/township/v/{VILLAGE}", text="回到方案"),
    reports=(
        reports.Report(title="志愿时", tables=(HOURS, msgspec.structs.replace(HOURS, title="各项服务", rows=()))),
        reports.Report(
            title="我的插件", trouble="插件 my-plugin 出错了，这一次没有算它的（ValueError）。请告诉插件作者。"
        ),
    ),
    due=DUE,
)
NO_REPORTS = msgspec.structs.replace(REPORTS, reports=(), due=())

PLUGIN_PAGE = public.PluginPage(
    title="平安家庭怎么评",
    blocks=(
        public.Block(kind="paragraph", text="平安家庭撑起平安村。一年评一次，评上的管一年，到期再评就接上。"),
        public.Block(kind="heading", text="再看四项"),
        public.Block(
            kind="rows",
            columns=("星级", "四项合计", "存平安积分"),
            rows=(("三星", "60分", "10分"), ("四星", "75分", "20分"), ("五星", "90分", "30分")),
        ),
        public.Block(kind="onward", text="四项看什么", href="/sections"),
    ),
    back=frame.Link(href=f"/v/{VILLAGE}/rules", text="回到细则"),
)

ASSESSED = assessments.Assessed(
    stars=4,
    until=date(2027, 11, 22),
    sections=(
        assessments.Section(title="七无", told="符合"),
        assessments.Section(title="安全防范", told="27 / 30"),
        assessments.Section(title="居室环境", told="16 / 20"),
        assessments.Section(title="家庭邻里", told="25 / 25"),
        assessments.Section(title="参与平安", told="18 / 25"),
    ),
)
ASSESSED_ENTRY = msgspec.structs.replace(
    ENTRY, assessed=ASSESSED, notices=("这次评定管到2027年11月22日，到期前再评一次就接上。",)
)
ASSESSED_NOW = msgspec.structs.replace(
    AWARDED, assessed=ASSESSED, notices=("这次评定管到2027年11月22日，到期前再评一次就接上。",)
)
