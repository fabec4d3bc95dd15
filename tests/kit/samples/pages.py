"""Every page filled with invented people, to look at and for the tests: `PAGES` maps a name to what it shows."""

import msgspec

from dezhi.web.views import desk, frame, login, passbook, public, seals, setup, township, work
from samples.backtests import ASK, RESULT, RUNNING, STOPPED, WRONG_ASK
from samples.common import CLERK, NOW, RESIDENT, SUPERVISOR, TODAY, VILLAGE, Shown, amount, at_town, page, qr, working
from samples.desk import (
    FREEZE,
    FREEZE_ENTRY,
    FROZEN,
    FROZEN_BOOK,
    FROZEN_VISIT,
    NO_TRANSFER,
    TRANSFER,
    WRONG_TRANSFER,
)
from samples.keeping import (
    CLEARINGS,
    CLOSE,
    FIRST_CLOSE,
    HALFWAY_CLEARINGS,
    KEEPING,
    NEW_CLEARINGS,
    NO_CLEARINGS,
    NO_LAPSE,
    NOTHING_TO_CLEAR,
    NOTICE,
    WRONG_KEEPING,
)
from samples.passbook import BOOK, ENTRY, NEW_BOOK, OFFERS, REDEMPTION, RICH_BOOK, UNDONE_ENTRY
from samples.public import HOME, NEW_HOME, RULES, TOWN_HOME
from samples.seals import BROKEN, LISTED, RECEIPT, SEAL
from samples.statements import NO_STATEMENT, STATEMENT, TWO_BOOKS
from samples.township import CARDS, JOURNAL, MEMBER, NO_TOKENS, PROGRAMME, ROSTER, SCOPES, SHEET, STAFF, TOKENS, TOWN
from samples.work import AWARD, AWARDED, FOUND, MANY, MANY_DONE, READY, VISIT, WORK

PAGES: dict[str, Shown] = {
    "home": Shown("public/home.html", HOME, page("/")),
    "home-new": Shown("public/home.html", NEW_HOME, page("/", demo=False)),
    "home-large": Shown("public/home.html", HOME, page("/", large=True)),
    "home-town": Shown("public/home.html", TOWN_HOME, page("/", place="上坝镇", town="")),
    "empty": Shown("public/empty.html", frame.Part(), page("/", place="德治", town="", demo=False)),
    "wall": Shown(
        "public/wall.html",
        public.Wall(home=HOME, made_at=NOW, address="yinger.example", qr_svg=qr("https://yinger.example")),
        page("/wall"),
    ),
    "wall-new": Shown("public/wall.html", public.Wall(home=NEW_HOME, made_at=NOW), page("/wall", demo=False)),
    "rules": Shown("public/rules.html", RULES, page("/v/620902108201/rules")),
    "rules-new": Shown("public/rules.html", public.Rules(programme="道德存折"), page("/v/620902108202/rules")),
    "seals": Shown("public/seals.html", LISTED, page("/seals")),
    "seals-new": Shown("public/seals.html", seals.Seals(), page("/seals", demo=False)),
    "seals-broken": Shown("public/seals.html", BROKEN, at_town("/seals", SUPERVISOR, demo=False)),
    "seal": Shown("public/seal.html", SEAL, page("/seals/40", place="上坝镇", town="", demo=False)),
    "seal-a5": Shown(
        "public/seal.html",
        msgspec.structs.replace(SEAL, paper="a5", books=SEAL.books[:1]),
        page("/seals/40", place="上坝镇", town=""),
    ),
    "receipt": Shown("passbook/receipt.html", RECEIPT, page("/me/entry/1-202611-4120/receipt", RESIDENT)),
    "receipt-broken": Shown(
        "passbook/receipt.html",
        msgspec.structs.replace(RECEIPT, held=False, seals=()),
        page("/me/entry/1-202611-4120/receipt", RESIDENT, demo=False),
    ),
    "login-card": Shown("login/card.html", login.Card(), page("/card")),
    "login-card-wrong": Shown(
        "login/card.html",
        login.Card(card="YE-0203-3021", error="卡号或密码不对。还能试 3 次，之后要等 15 分钟。您家的分没有动。"),
        page("/card"),
    ),
    "login-staff": Shown("login/staff.html", login.Staff(next="/round"), page("/staff")),
    "login-password": Shown(
        "login/change_password.html", login.ChangePassword(login="maxiaolan", forced=True), page("/password", CLERK)
    ),
    "setup-welcome": Shown(
        "setup/welcome.html",
        setup.Welcome(token="t", error="登录名已经有人用了，换一个。"),
        page("/setup/t", place="德治", town="", demo=False),
    ),
    "setup-village": Shown(
        "setup/village.html",
        setup.Village(township="上坝镇", code="62090210820", error="区划代码要十二位，现在是十一位。", field="code"),
        at_town("/township/villages/new", demo=False),
    ),
    "setup-roster": Shown(
        "setup/roster.html",
        setup.Roster(village="营尔村", action="/township/v/1/roster", template_href="/x.xlsx"),
        at_town("/township/v/1/roster", demo=False),
    ),
    "setup-roster-preview": Shown("setup/roster.html", ROSTER, at_town("/township/v/1/roster", demo=False)),
    "setup-programme": Shown(
        "setup/programme.html",
        setup.Programme(
            village="营尔村",
            action="/x",
            since=TODAY,
            plugins=(
                setup.PluginChoice(
                    name="dezhi-yinger",
                    title="道德储蓄银行",
                    about="储蓄友爱、孝顺、诚信，志愿时和平安积分，关爱回馈",
                    on=True,
                ),
                setup.PluginChoice(name="dezhi-hello", title="门前清扫", about="最小的例子：门前扫一次，加一分"),
            ),
        ),
        at_town("/x", demo=False),
    ),
    "setup-done": Shown(
        "setup/done.html",
        setup.Done(
            village="营尔村",
            code=VILLAGE,
            households=131,
            plugins=("道德储蓄银行",),
            cards_href="/cards",
            public_href=f"/v/{VILLAGE}",
        ),
        at_town("/x", demo=False),
    ),
    "cards-home": Shown("cards/home.html", CARDS, at_town("/cards")),
    "cards": Shown("cards/sheet.html", SHEET, at_town("/cards")),
    "book": Shown("passbook/home.html", BOOK, page("/me", RESIDENT)),
    "book-new": Shown("passbook/home.html", NEW_BOOK, page("/me", RESIDENT, demo=False)),
    "book-rich": Shown("passbook/home.html", RICH_BOOK, page("/me", RESIDENT)),
    "book-large": Shown("passbook/home.html", BOOK, page("/me", RESIDENT, large=True)),
    "book-frozen": Shown("passbook/home.html", FROZEN_BOOK, page("/me", RESIDENT)),
    "statement": Shown("passbook/statement.html", STATEMENT, page("/me/statement", RESIDENT)),
    "statement-large": Shown("passbook/statement.html", STATEMENT, page("/me/statement", RESIDENT, large=True)),
    "statement-desk": Shown("passbook/statement.html", TWO_BOOKS, working("/desk")),
    "statement-new": Shown("passbook/statement.html", NO_STATEMENT, page("/me/statement", RESIDENT, demo=False)),
    "entry": Shown("passbook/entry.html", ENTRY, page("/me/entry/1-4090", RESIDENT)),
    "entry-undone": Shown("passbook/entry.html", UNDONE_ENTRY, page("/me/entry/1-3964", RESIDENT)),
    "rewards": Shown(
        "passbook/rewards.html", passbook.Rewards(spendable=52, offers=OFFERS, key="k-5"), page("/me/rewards", RESIDENT)
    ),
    "rewards-large": Shown(
        "passbook/rewards.html",
        passbook.Rewards(spendable=52, offers=OFFERS, key="k-5"),
        page("/me/rewards", RESIDENT, large=True),
    ),
    "rewards-new": Shown("passbook/rewards.html", passbook.Rewards(spendable=52), page("/me/rewards", RESIDENT)),
    "redemption": Shown("passbook/redemption.html", REDEMPTION, page("/me/redemptions/77", RESIDENT)),
    "redemption-done": Shown(
        "passbook/redemption.html",
        passbook.Redemption(id="77", title="食用油", price=60, code="4827", state="done", done_at=NOW),
        page("/me/redemptions/77", RESIDENT),
    ),
    "redemption-off": Shown(
        "passbook/redemption.html",
        passbook.Redemption(id="77", title="食用油", price=60, code="4827", state="cancelled"),
        page("/me/redemptions/77", RESIDENT),
    ),
    "redemption-lapsed": Shown(
        "passbook/redemption.html",
        passbook.Redemption(id="77", title="食用油", price=60, code="4827", state="lapsed"),
        page("/me/redemptions/77", RESIDENT),
    ),
    "choices": Shown(
        "passbook/choices.html", passbook.Choices(on_board=True, shown_as="陈×芳家"), page("/me/choices", RESIDENT)
    ),
    "work": Shown("work/home.html", WORK, working("/round")),
    "work-found": Shown("work/home.html", work.Home(query="cgf", found=FOUND), working("/round")),
    "work-none": Shown("work/home.html", work.Home(query="zzz", found=()), working("/round", demo=False)),
    "award": Shown("work/award.html", AWARD, working("/round/award")),
    "award-large": Shown("work/award.html", AWARD, working("/round/award", large=True)),
    "awarded": Shown("work/award_done.html", AWARDED, working("/round/award")),
    "many": Shown("work/many.html", MANY, working("/round/many")),
    "many-new": Shown(
        "work/many.html",
        work.Many(village="营尔村", code="1", owner="1", groups=(), grids=(), key="k", today=TODAY, earliest=TODAY),
        working("/round/many", demo=False),
    ),
    "many-done": Shown("work/many_done.html", MANY_DONE, working("/round/many")),
    "hand-over": Shown("work/hand_over.html", work.HandOver(waiting=(READY,)), working("/round/hand-over")),
    "hand-over-found": Shown(
        "work/hand_over.html", work.HandOver(code="4827", found=READY, key="k-6"), working("/round/hand-over")
    ),
    "hand-over-new": Shown(
        "work/hand_over.html",
        work.HandOver(code="1111", error="没有这个领取码，或已经领走。看看是不是输错一位。"),
        working("/round/hand-over"),
    ),
    "reverse": Shown(
        "work/reverse.html",
        work.Reverse(
            seq_id="1-4120",
            sentence="11月22日，陈桂芳家参加村道清扫，加 5 分。",
            amounts=(amount(5),),
            booked_at=NOW,
            by="马小兰",
            key="k-7",
            who="陈桂芳家",
            reasons=(
                frame.Option(value="wrong-household", text="记串了户"),
                frame.Option(value="wrong-item", text="记错了事"),
                frame.Option(value="not-true", text="查明没有这回事"),
            ),
        ),
        working("/round/reverse/1-4120"),
    ),
    "desk": Shown(
        "desk/home.html", desk.Home(text="YE-9", error="没有这张卡，或已经挂失作废。可以按姓名找。"), working("/desk")
    ),
    "desk-visit": Shown("desk/visit.html", VISIT, working("/desk")),
    "desk-slip": Shown("desk/slip.html", desk.Slip(visit=VISIT, printed_at=NOW, by="马小兰"), working("/desk")),
    "desk-visit-frozen": Shown("desk/visit.html", FROZEN_VISIT, working("/desk")),
    "desk-freeze": Shown("desk/freeze.html", FREEZE, working("/desk")),
    "desk-freeze-entry": Shown("desk/freeze.html", FREEZE_ENTRY, working("/desk", demo=False)),
    "desk-frozen": Shown("desk/freeze.html", FROZEN, working("/desk")),
    "desk-hours": Shown("desk/hours.html", TRANSFER, working("/desk")),
    "desk-hours-wrong": Shown("desk/hours.html", WRONG_TRANSFER, working("/desk")),
    "desk-hours-none": Shown("desk/hours.html", NO_TRANSFER, working("/desk", demo=False)),
    "desk-secret": Shown(
        "desk/secret.html",
        desk.NewSecret(household="陈桂芳家", what="新密码", ref="77", pin="604182"),
        working("/desk"),
    ),
    "township": Shown("township/home.html", TOWN, at_town("/township")),
    "township-new": Shown("township/home.html", township.Home(), at_town("/township", demo=False)),
    "programme": Shown("township/programme.html", PROGRAMME, at_town("/township")),
    "backtest-ask": Shown("township/backtest_ask.html", ASK, at_town("/township")),
    "backtest-wrong": Shown("township/backtest_ask.html", WRONG_ASK, at_town("/township")),
    "backtest-running": Shown("township/backtest_running.html", RUNNING, at_town("/township")),
    "backtest-stopped": Shown("township/backtest_running.html", STOPPED, at_town("/township")),
    "backtest": Shown("township/backtest.html", RESULT, at_town("/township")),
    "keeping": Shown("township/keeping.html", KEEPING, at_town("/township")),
    "keeping-wrong": Shown("township/keeping.html", WRONG_KEEPING, at_town("/township")),
    "keeping-unchosen": Shown("township/keeping.html", NO_LAPSE, at_town("/township", demo=False)),
    "clearing": Shown("township/clearing.html", CLEARINGS, at_town("/township")),
    "clearing-new": Shown("township/clearing.html", NEW_CLEARINGS, at_town("/township")),
    "clearing-halfway": Shown("township/clearing.html", HALFWAY_CLEARINGS, at_town("/township")),
    "clearing-nothing": Shown("township/clearing.html", NOTHING_TO_CLEAR, at_town("/township")),
    "clearing-off": Shown("township/clearing.html", NO_CLEARINGS, at_town("/township", demo=False)),
    "clearing-notice": Shown("township/clearing_notice.html", NOTICE, at_town("/township")),
    "clearing-notice-trial": Shown(
        "township/clearing_notice.html",
        msgspec.structs.replace(NOTICE, resolution=""),
        at_town("/township", demo=False),
    ),
    "close": Shown("township/close.html", CLOSE, at_town("/township")),
    "close-first": Shown("township/close.html", FIRST_CLOSE, at_town("/township", demo=False)),
    "staff": Shown("township/staff.html", STAFF, at_town("/township/staff")),
    "staff-member": Shown("township/member.html", MEMBER, at_town("/township/staff/2")),
    "tokens": Shown("staff/tokens.html", TOKENS, at_town("/township/tokens")),
    "tokens-new": Shown("staff/tokens.html", NO_TOKENS, working("/staff/tokens", demo=False)),
    "journal": Shown("supervisor/journal.html", JOURNAL, at_town("/journal", SUPERVISOR)),
    "journal-new": Shown(
        "supervisor/journal.html",
        township.Journal(rows=(), villages=SCOPES, actors=(), kinds=()),
        at_town("/journal", SUPERVISOR, demo=False),
    ),
    "error": Shown(
        "error.html",
        frame.Trouble(
            title="没有存上",
            what="菜油只剩 1 桶，刚被换走。",
            safe="您家的 60 分没有动。",
            todo="看看别的，或过几天再来。",
            id="E7-2K4Q",
            back="/me/rewards",
            back_text="看看别的",
        ),
        page("/me", RESIDENT),
    ),
}
