"""A draft of 营尔村's sheet on every step: rows beside their cells, red lines, the resolution, the last look."""

from datetime import date

import msgspec

from dezhi.web.views import drafts, frame
from dezhi.web.views.frame import Option
from samples.common import NOW, TODAY, VILLAGE

BASE = f"/township/v/{VILLAGE}/draft/7"
NAMES = ("收表", "确认", "红线", "试算", "决议", "启用")


def head(now: int) -> drafts.Head:
    return drafts.Head(
        code=VILLAGE,
        village="营尔村",
        key="7",
        title="营尔村积分细则（2027年）",
        edition=4,
        now="rows",
        about="营尔村积分表最终版2.xlsx",
        steps=tuple(
            drafts.Step(
                text=name,
                href="" if number == now else f"{BASE}/rows",
                state="now" if number == now else "past" if number < now else "",
            )
            for number, name in enumerate(NAMES, 1)
        ),
    )


KEPT = drafts.Kept(
    href=f"{BASE}/rows",
    title="营尔村积分细则（2027年）",
    about="营尔村积分表最终版2.xlsx；12条已确认，3条还没看；11月22日 10:32",
    saved_at=NOW,
    key="7",
)

BEGIN = drafts.Begin(
    code=VILLAGE,
    village="营尔村",
    drafts=(
        KEPT,
        msgspec.structs.replace(KEPT, key="8", title="试着改改", discarded=True, about="第3版；11月20日 9:05"),
    ),
    readers=(frame.Option(value="dezhi-sheet", text="村里的积分细则", chosen=True),),
    current="道德储蓄银行 · 第3版",
    models=(
        frame.Option(value="3", text="下坝村 · 美丽庭院积分"),
        frame.Option(value="4", text="上坝村 · 道德储蓄银行"),
    ),
    news=(frame.Link(href="9", text="上坝村的方案出了第4版。做一份草稿，比一比再定。"),),
)
FRESH_BEGIN = drafts.Begin(
    code=VILLAGE, village="营尔村", error="文件读不出来，可能已损坏。请用表格软件打开，另存为 .xlsx 或 CSV 再上传。"
)

ROWS = (
    drafts.Row(
        id=1,
        title="主动打扫门前屋后",
        says="每户次 2 分；每周最多 2 次",
        category="环境卫生",
        at="积分表!C5",
        text="主动打扫门前屋后卫生，每户次2分（每周≤2次）",
        beside=("1", "环境卫生", "网格员看"),
        sure="有把握",
        sureness="sure",
        state="kept",
    ),
    drafts.Row(
        id=2,
        title="参加义务劳动",
        says="每次 5～10 分；每月最多 40 分",
        category="公益事业",
        at="积分表!C12",
        text="积极参加村组织的义务修路、清淤等劳动\n5-10分，≤40分/月",
        sure="大致看懂",
        sureness="likely",
        doubts=("没有写由谁定几分，启用以后村干部要写理由。",),
    ),
    drafts.Row(
        id=3,
        title="子女考上大学",
        says="每次 30～100 分",
        category="其他",
        at="积分表!D31",
        text="子女考取重点大学奖100分，一般本科50，大专三十",
        sure="请细看",
        sureness="unsure",
        doubts=("一格里有三档，只读出了两头的数。", "碰红线：孩子的成绩不能加分。"),
        others=(frame.Fact(label="分级", text="重点大学 100、一般本科 50、大专 30"),),
        state="dropped",
    ),
    drafts.Row(id=4, title="为村里引来项目", says="每次 20 分", category="公益事业", state="kept"),
)

CONFIRM = drafts.Rows(
    head=head(2),
    rows=ROWS,
    open=1,
    kept=2,
    dropped=1,
    sure=1,
    parts=(
        drafts.Parts(
            kind="bases",
            title="基础分",
            about="期末自动记给每一户，被提醒过的从里面减",
            add="添一项基础分",
            rows=(
                drafts.Row(
                    id=5,
                    title="家庭基础分",
                    says="每年期末自动记+100 分，被提醒过的从里面减",
                    kind="bases",
                    category="公益事业",
                    state="kept",
                ),
            ),
        ),
        drafts.Parts(kind="campaigns", title="活动期", about="这些天里，有些事加倍算", add="添一个活动期"),
    ),
    besides=(frame.Fact(label="细则前面的话", text="有疑问找记分员。"),),
    others=drafts.Others(titles="营尔村道德储蓄银行", items=37, rewards=16, same=("见义勇为", "邻里帮扶")),
    passed_over=("第1行“营尔村2027年积分表”当作标题。", "第40行“合计”没有当作条目。"),
)
EMPTY = drafts.Rows(head=head(2))
COPIED = drafts.Rows(head=head(2), editable=False)

VALUES = {
    "title": "参加义务劳动",
    "category": "公益事业",
    "points": "",
    "least": "10",
    "most": "5",
    "every": "",
    "event_most": "",
    "minus": "",
    "warnings": "",
    "unit": "",
    "asset": "moral",
    "holder": "household",
    "per": "time",
    "how": "",
    "hint": "",
    "source": "",
    "analogy": "",
}


def options(*texts: str) -> tuple[frame.Option, ...]:
    return tuple(frame.Option(value=str(number), text=text, chosen=not number) for number, text in enumerate(texts))


EDIT = drafts.RowEdit(
    head=head(2),
    row=ROWS[1],
    values=VALUES,
    categories=("环境卫生", "公益事业", "邻里和睦"),
    assets=options("道德积分", "荣誉积分", "志愿时", "平安积分", "只计次数"),
    holders=options("记在户上", "记在个人"),
    pers=options("每次", "每人次", "每户次", "每小时", "按数量"),
    caps=(
        drafts.Cap(windows=options("每月", "每周", "每年"), kinds=options("分", "次", "分钟"), most="40"),
        drafts.Cap(windows=options("每月", "每周", "每年"), kinds=options("次", "分", "分钟")),
    ),
    error="“最少”要比“最多”小。每次都一样多的，只填“每次几分”。",
    field="most",
)
REMIND = msgspec.structs.replace(
    EDIT,
    values={**VALUES, "title": "乱倒垃圾", "minus": "2", "most": "6", "warnings": "1"},
    reminder=True,
    error="",
    field="",
)
ADD = msgspec.structs.replace(EDIT, row=None, values=dict.fromkeys(VALUES, ""), error="", field="")

PART_VALUES = {
    "title": "秋季行动",
    "category": "公益事业",
    "points": "100",
    "least": "",
    "percent": "150",
    "first": "2026-11-30",
    "last": "2026-10-01",
    "how": "",
    "on": "",
}
BASE_PART = drafts.PartEdit(
    head=head(2),
    kind="bases",
    values={**PART_VALUES, "title": "家庭基础分", "points": "-5"},
    categories=("环境卫生", "公益事业"),
    assets=options("荣誉积分", "平安积分"),
    windows=options("每月", "每季", "每年"),
    error="要填整数，不带小数和减号；没有就空着。",
    field="points",
)
CAMPAIGN_PART = drafts.PartEdit(
    head=head(2),
    kind="campaigns",
    row=drafts.Row(id=6, title="秋季行动", says="", kind="campaigns", state="kept"),
    values=PART_VALUES,
    rows=options("参加环境清扫", "参加义务劳动", "帮邻居收庄稼、照看老人孩子"),
    before=options("首月双倍"),
    error="最后一天不能比第一天早。",
    field="last",
)
MILESTONE_PART = drafts.PartEdit(
    head=head(2),
    kind="milestones",
    values={**PART_VALUES, "title": "银星户"},
    categories=("环境卫生", "公益事业"),
    assets=options("荣誉积分", "道德积分"),
    counts=options("道德积分", "志愿时"),
    windows=options("每年", "总共"),
    holders=options("记在户上", "记在个人"),
    rows=options("参加环境清扫", "参加义务劳动"),
    error="选的条目里有一条已经不在了，请再选一次。",
    field="rows",
)

FINDINGS = drafts.Findings(
    head=head(3),
    findings=(
        drafts.Finding(
            code="RL-4",
            article="未成年人保护法第三十九条；义务教育法第三十五条",
            reason="孩子的考试成绩、升学不能加减分。可以改成奖励家长参加家长会、陪读书。",
            text="子女考取重点大学奖100分",
            blocks=True,
            href=f"{BASE}/rows/3",
            row="子女考上大学",
            drop=3,
        ),
        drafts.Finding(
            code="RL-12",
            article="个人信息保护法第六条",
            reason="这一条要看村民手机里的内容，收得太多。凭现场看到的就行。",
            text="下载并推广某某手机软件",
            blocks=False,
            href=f"{BASE}/rows/9",
            row="推广手机软件",
        ),
    ),
    rows=14,
    next=f"{BASE}/try",
)
CLEAN = drafts.Findings(head=head(3), rows=14, next=f"{BASE}/try")
TRYING = drafts.Trying(
    head=head(4),
    action=f"/township/v/{VILLAGE}/backtest",
    since=date(2025, 11, 23),
    until=TODAY,
    alone=(
        drafts.OldItem(
            code="dezhi-yinger/sweep",
            title="环境清扫",
            times=410,
            suggested=True,
            rows=(
                Option(value="", text="新办法里没有"),
                Option(value="dezhi-sheet/item-3", text="参加卫生清扫", chosen=True),
            ),
        ),
        drafts.OldItem(
            code="dezhi-yinger/tidy-yard",
            title="庭院干净整洁",
            times=None,
            rows=(
                Option(value="", text="新办法里没有", chosen=True),
                Option(value="dezhi-sheet/item-3", text="参加卫生清扫"),
            ),
        ),
    ),
    more=2,
    next=f"{BASE}/resolution",
    others="营尔村道德储蓄银行",
)

RESOLUTION = drafts.Resolution(
    head=head(5),
    values={
        "title": "营尔村积分细则（2027年）",
        "resolution": "营尔村〔2026〕3号",
        "decided_on": "2026-11-18",
        "by": "representatives",
        "present": "31",
        "agreed": "27",
        "against": "2",
        "abstained": "1",
        "effective_from": "2027-01-01",
    },
    bodies=(
        frame.Option(value="assembly", text="村民会议"),
        frame.Option(value="representatives", text="村民代表会议", chosen=True),
    ),
    earliest=TODAY,
    today=TODAY,
    paper="决议照片.jpg",
    paper_href=f"{BASE}/paper",
    paper_public=True,
    error="票数对不上：赞成、反对、弃权加起来是30，到会是31人。请照会议记录改好。",
    field="agreed",
)

CHANGES = drafts.Changes(
    heading="营尔村积分细则（2027年）：第4版改了什么",
    village="营尔村",
    before="和第3版比",
    changes=(
        drafts.Change(kind="new", text="新增：为村里引来项目 20分"),
        drafts.Change(kind="changed", text="邻里帮扶：10分→8分"),
        drafts.Change(kind="changed", text="参加村道清扫的上限：每周最多1次→每周最多2次"),
        drafts.Change(kind="gone", text="不再记：转发村里的通知（原来1分）"),
    ),
    facts=(
        frame.Fact(label="从哪天起", text="2027年1月1日"),
        frame.Fact(label="决议", text="营尔村〔2026〕3号（2026年11月18日）"),
        frame.Fact(label="谁定的", text="村民代表会议"),
        frame.Fact(label="表决", text="到会31人：赞成28，反对2，弃权1"),
    ),
    objections=(
        "对细则有意见的，到村服务台说，或者写下来交给村务监督委员会；不想在村里说的，可以找乡镇。",
        "十分之一以上的村民，或者三分之一以上的村民代表，可以提议召开村民会议（村民委员会组织法第二十一条）。",
    ),
    paper_href=f"/v/{VILLAGE}/rules/4/paper",
    back=frame.Link(href=f"/v/{VILLAGE}/rules", text="回到细则"),
)

READY = drafts.Review(head=head(6), changes=CHANGES, since=date(2027, 1, 1), rows=14, print_href=f"{BASE}/changes")
UNREADY = drafts.Review(
    head=head(6),
    changes=drafts.Changes(heading="草稿", before="和第3版比", facts=CHANGES.facts[:1]),
    missing=(
        frame.Link(href=f"{BASE}/rows", text="没有确认的还有3条。请一条一条看过，哪些要，哪些不要。"),
        frame.Link(href=f"{BASE}/resolution", text="决议的照片或扫描件还没有附。"),
    ),
    print_href=f"{BASE}/changes",
    overtaken="做这份草稿以后，方案已经改成第4版了。下面比的是现在的方案；看过没有问题，再接着启用。",
)

STOP = drafts.Stopping(
    code=VILLAGE,
    village="营尔村",
    action=f"/township/v/{VILLAGE}/suspend",
    heading="暂停",
    about="从选的这天起不记分。存折、兑换、查账都照常，一分不少；随时可以恢复。",
    button="确定，从这天起暂停",
    values={"since": "2026-11-23", "reason": "", "decided_by": "村民代表会议11月20日决定"},
    earliest=TODAY,
    notes=("已经定了2027年5月1日起改用第4版。暂停从那天或更早开始的，它不会自己开始；恢复时由村里选用哪一版。",),
    others=(frame.Link(href=f"/township/v/{VILLAGE}/withdraw/4", text="只撤回第4版，现在的办法不停"),),
    version=3,
    error="暂停要写明原因和是谁决定的，各不超过200个字：村民都看得到。",
    field="reason",
)
STOP_SURE = msgspec.structs.replace(
    STOP,
    values={**STOP.values, "reason": "公示栏被雨淋坏，重新张贴前先停"},
    notes=(),
    fates=("原定2027年5月1日起的新办法（第4版）不会自己开始。它还留在各版里：恢复记分时，由村里选用哪一版。",),
    changes=drafts.Changes(
        heading="第4版",
        changes=(drafts.Change(kind="gone", text="从这天起不记分。已经有的分照样能查、能兑换。"),),
        facts=(
            frame.Fact(label="从哪天起", text="2026年11月23日"),
            frame.Fact(label="为什么暂停", text="公示栏被雨淋坏"),
        ),
        before="和第3版比",
    ),
    error="",
    field="",
)

WITHDRAW = drafts.Stopping(
    code=VILLAGE,
    village="营尔村",
    action=f"/township/v/{VILLAGE}/withdraw/4",
    heading="撤回第4版",
    about="第4版还没有起用。撤回以后不会起用，第3版接着用；它留在各版里，撤回的原因记下来。",
    button="确定，撤回第4版",
    values={"reason": "", "decided_by": ""},
    earliest=TODAY,
    version=4,
)
NOTHING = drafts.Nothing(
    heading="还没有方案",
    village="营尔村",
    text="这个村还没有方案，没有什么可以暂停、恢复或撤回。先选一套办法，或者交一份细则。",
    on=frame.Link(href=f"/township/v/{VILLAGE}/start", text="选一套办法"),
    back=frame.Link(href="/township", text="回到各村"),
)
