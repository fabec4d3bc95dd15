"""A household's lines and entries in the words of its passbook."""

from dezhi.core.calendar import to_date
from dezhi.core.events import ASSET_OF, Kind
from dezhi.core.names import mask
from dezhi.core.text import N_
from dezhi.plugin import Asset, spoken_minutes
from dezhi.service.house import House
from dezhi.service.journal import Told
from dezhi.service.passbooks import Line, Passbook
from dezhi.web import words
from dezhi.web.rendering import day as full_day, short_day
from dezhi.web.views import passbook
from dezhi.web.views.frame import Amount, Fact
from dezhi.web.visitors import Resident

SPOKEN_LINES = 5


def line_view(line: Line) -> passbook.Line:
    """A line of a passbook, a member's name masked: the page is often open on somebody else's phone."""
    return passbook.Line(
        seq_id=str(line.ref),
        day=line.on,
        text=what_for(line),
        amount=Amount(asset=ASSET_OF[line.asset], value=line.amount),
        after=line.after,
        # Goods were never to be noticed publicly, and a correction is no award.
        trial=line.on_trial and line.amount > 0 and not line.reversal,
        undone=line.undone,
        reversal=line.reversal,
    )


def what_for(line: Line) -> str:
    """What a line is for, in words."""
    text = N_("换了%(what)s") % {"what": line.text} if line.amount < 0 and not line.reversal else line.text
    return f"{mask(line.who)} {text}" if line.who else text


def spoken(book: Passbook) -> str:
    """What is read aloud in less than half a minute: what can be spent, what was earned, the last five lines."""
    said = [N_("您家现在能用%(n)s分。") % {"n": book.spendable}]
    if book.held:
        said.append(N_("另有%(n)s分留着兑换。") % {"n": book.held})
    if book.minutes:
        said.append(N_("志愿时%(time)s。") % {"time": spoken_minutes(book.minutes)})
    if book.safe:
        said.append(N_("平安积分%(n)s分。") % {"n": book.safe})
    if book.lines:
        said.append(N_("最近几笔："))
    said += [_spoken_line(line) for line in book.lines[:SPOKEN_LINES]]
    return "".join(said)


def _spoken_line(line: Line) -> str:
    asset = ASSET_OF[line.asset]
    much = spoken_minutes(abs(line.amount)) if asset is Asset.HOURS else N_("%(n)s分") % {"n": abs(line.amount)}
    sign = N_("冲正") if line.reversal else N_("加") if line.amount > 0 else N_("用")
    return f"{short_day(line.on)}，{line.text}，{sign}{much}。"


async def entry_view(house: House, resident: Resident, told: Told) -> passbook.Entry:
    """Why an entry is there: the rule in force that day, who proposed it, and what became of it."""
    entry = told.entry
    undone = await house.journal.at(told.ref.book, entry.reversed_by) if entry.reversed_by is not None else None
    return passbook.Entry(
        sentence=sentence(resident, told),
        day=to_date(entry.event_day),
        booked_at=told.posted_at,
        amounts=tuple(Amount(asset=ASSET_OF[asset], value=value) for asset, value in told.amounts.items()),
        rule=told.title,
        rule_how=_how(told),
        facts=tuple(await _facts(house, resident, told)),
        trial=told.on_trial and told.kind is Kind.AWARD,
        undone_on=undone.posted_at.date() if undone else None,
        undone_why=undone.entry.text if undone else "",
        number=str(told.ref),
    )


def sentence(resident: Resident, told: Told) -> str:
    """The entry as a neighbour would say it."""
    given = {
        "day": short_day(to_date(told.entry.event_day)),
        "who": _member(resident, told.entry.person),
        "what": told.title,
        "amounts": words.said(told.amounts),
    }
    match told.kind:
        case Kind.AWARD:
            return N_("%(day)s，您家%(who)s「%(what)s」，%(amounts)s。") % given
        case Kind.HOLD:
            return N_("%(day)s，您家要换%(what)s，分先留着，取货时才扣。") % given
        case Kind.CAPTURE:
            return N_("%(day)s，您家换走了%(what)s，用了%(n)s分。") % {**given, "n": -sum(told.amounts.values())}
        case Kind.VOID:
            return N_("%(day)s，您家不换%(what)s了，留着的分退了回来。") % given
        case Kind.REVERSAL:
            return N_("%(day)s的「%(what)s」记错了，这一笔把它冲正：%(amounts)s。") % given


def _member(resident: Resident, person: int | None) -> str:
    found = next((member for member in resident.home.members if member.person == person), None)
    return found.masked if found else ""


def _how(told: Told) -> str:
    if told.item is None:
        return ""
    limits = words.limits(told.item)
    return f"{told.item.how}{words.earns(told.item)}{'，' if limits else ''}{limits}。"


async def _facts(house: House, resident: Resident, told: Told) -> list[Fact]:
    facts = []
    if told.sheet is not None:
        programme = told.sheet.programme
        version = {"title": programme.title, "n": programme.version, "day": full_day(programme.effective_from)}
        text = N_("%(title)s，第 %(n)s 版，%(day)s起") % version
        facts.append(Fact(label=N_("按哪个方案"), text=text))
    member = _member(resident, told.entry.person)
    if member:
        facts.append(Fact(label=N_("记给谁"), text=member))
    facts.append(Fact(label=N_("谁记的"), text=await _recorder(house, told)))
    # A plugin's plain sentence names item and amounts, which stand above already; one that tells more is shown.
    if told.entry.text and told.entry.text != f"{told.title}：{words.said(told.amounts)}":
        facts.append(Fact(label=N_("为什么"), text=told.entry.text))
    if told.entry.reverses is not None:
        facts.append(
            Fact(label=N_("冲正哪一笔"), text=str((await house.journal.at(told.ref.book, told.entry.reverses)).ref))
        )
    return facts


async def _recorder(house: House, told: Told) -> str:
    if not told.entry.actor:
        return N_("您家自己，凭存折卡")
    return (await house.staff.member(told.entry.actor)).name
