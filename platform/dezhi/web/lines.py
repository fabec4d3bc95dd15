"""A household's lines and entries in the words of its passbook."""

from collections.abc import Sequence

import msgspec

from dezhi.core.amounts import duration
from dezhi.core.calendar import to_date
from dezhi.core.events import ASSET_OF, AssetId, Kind
from dezhi.core.names import mask
from dezhi.core.text import N_, counted
from dezhi.service.house import House
from dezhi.service.journal import Told
from dezhi.service.passbooks import Line, Passbook
from dezhi.web import words
from dezhi.web.assessments import assessed_view
from dezhi.web.languages import joined, translate as _
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
        # Goods and reminders were never to be noticed publicly, and a correction is no award.
        trial=line.on_trial and line.amount > 0 and not (line.reversal or line.quiet),
        undone=line.undone,
        reversal=line.reversal,
        quiet=line.quiet,
    )


def what_for(line: Line) -> str:
    """What a line is for, in words."""
    what = _(line.text)
    text = _("换了%(what)s") % {"what": what} if line.kind is Kind.CAPTURE else what
    return f"{mask(line.who)} {text}" if line.who else text


def spoken(book: Passbook) -> str:
    """What is read aloud in less than half a minute: what can be spent, what was earned, the last five lines."""
    said = [_(counted("您家现在能用%(n)s分。", book.spendable))]
    if book.held:
        said.append(_(counted("另有%(n)s分留着兑换。", book.held)))
    if book.minutes:
        said.append(_("志愿时%(time)s。") % {"time": _(duration(book.minutes))})
    if book.safe:
        said.append(_(counted("平安积分%(n)s分。", book.safe)))
    if book.lines:
        said.append(_("最近几笔："))
    said += [_spoken_line(line) for line in book.lines[:SPOKEN_LINES]]
    return joined(said)


def _spoken_line(line: Line) -> str:
    much = words.much(ASSET_OF[line.asset], abs(line.amount))
    came = N_("提醒%(much)s") if line.quiet else N_("记%(much)s") if line.asset is AssetId.COUNT else N_("加%(much)s")
    usual = N_("冲正%(much)s") if line.reversal else came if line.amount > 0 else N_("用%(much)s")
    done = _DONE.get(line.kind, usual)
    return words.sentence((short_day(line.on), _(line.text), _(done) % {"much": much}))


_DONE = {
    Kind.EXPIRY: N_("清零%(much)s"),
    Kind.TRANSFER_OUT: N_("转出%(much)s"),
    Kind.TRANSFER_IN: N_("转入%(much)s"),
}


async def entry_view(house: House, resident: Resident, told: Told) -> passbook.Entry:
    """Why an entry is there: the rule in force that day, who proposed it, and what became of it."""
    entry = told.entry
    undone = await house.journal.at(told.ref.book, entry.reversed_by) if entry.reversed_by is not None else None
    facts = await _facts(house, resident, told)
    view = passbook.Entry(
        sentence=sentence(resident, told),
        day=to_date(entry.event_day),
        booked_at=told.posted_at,
        amounts=tuple(Amount(asset=ASSET_OF[asset], value=value) for asset, value in told.amounts.items()),
        rule=_(told.title),
        rule_how=_how(told),
        facts=(*facts, *await _corrects(house, told)),
        trial=told.on_trial and told.kind is Kind.AWARD and not (told.item is not None and told.item.quiet),
        undone_on=undone.posted_at.date() if undone else None,
        undone_why=undone.entry.text if undone else "",
        number=str(told.ref),
        notices=tuple(_(text) for text in await house.sentences.under(told)),
        assessed=assessed_view(await house.sentences.assessed(told)),
    )
    return msgspec.structs.replace(view, spoken=_aloud(view, _how_said(told), facts))


def _aloud(view: passbook.Entry, rule: str, facts: Sequence[Fact]) -> str:
    """An entry explained for the ear (B-13), without the signs and numbers of entries that only the eye can read.

    What it is, by which rule, why, by whom, what became of it, and where to object.
    """
    said = [view.sentence, *view.notices]
    if rule:
        said.append(_("按“%(rule)s”这一条：%(how)s") % {"rule": view.rule, "how": _ended(rule)})
    said += [_("%(label)s：%(text)s") % {"label": fact.label, "text": _ended(fact.text)} for fact in facts]
    if view.trial:
        said.append(_("这一笔没有公示过，是试运行。"))
    if view.undone_on:
        said.append(_("这一笔在%(day)s冲正了。") % {"day": short_day(view.undone_on)})
    said.append(_("觉得不对，到村服务台说一声就行，不用写材料。"))
    return _unmasked_aloud(joined(said))


def _ended(text: str) -> str:
    """A text as a sentence of its own."""
    return text if text.endswith(("。", "！", "？", ".", "!", "?")) else f"{text}{_('。')}"


def _unmasked_aloud(text: str) -> str:
    """A masked name as it is said: 李×明 is read "Li times Ming", 李某明 as the villager of that name."""
    return text.replace("×", "某")


def sentence(resident: Resident, told: Told) -> str:
    """The entry as a neighbour would say it."""
    given = {
        "day": short_day(to_date(told.entry.event_day)),
        "who": _member(resident, told.entry.person),
        "what": _(told.title),
        "amounts": words.said(told.amounts),
        "why": told.entry.text,
    }
    if told.kind is Kind.CAPTURE:
        n = -sum(told.amounts.values())
        return _(counted("%(day)s，您家换走了%(what)s，用了%(n)s分。", n, **given))
    if told.kind is Kind.AWARD and given["who"]:
        return _("%(day)s，您家%(who)s「%(what)s」，%(amounts)s。") % given
    if told.kind is Kind.VOID and not told.entry.item:
        return _("%(day)s，冻结的分解冻了，又可以用了。") % given
    return _(_SENTENCES[told.kind]) % given


_SENTENCES = {
    Kind.AWARD: N_("%(day)s，您家「%(what)s」，%(amounts)s。"),
    Kind.HOLD: N_("%(day)s，您家要换%(what)s，分先留着，取货时才扣。"),
    Kind.VOID: N_("%(day)s，您家不换%(what)s了，留着的分退了回来。"),
    Kind.REVERSAL: N_("%(day)s的「%(what)s」记错了，这一笔把它冲正：%(amounts)s。"),
    Kind.CONFIRMATION: N_("%(day)s的「%(what)s」公示期满，入账：%(amounts)s。"),
    Kind.LAPSE: N_("%(day)s，%(what)s过了期限没有取，留着的分退了回来。"),
    Kind.EXPIRY: N_("%(day)s，没有用的分清零：%(amounts)s。"),
    Kind.FREEZE: N_("%(day)s，您家有分冻结了，先不能用。原因：%(why)s"),
    Kind.LIMIT: N_("%(day)s，您家可以透支多少分，改过了。"),
    Kind.TRANSFER_OUT: N_("%(day)s，您家「%(what)s」，转出：%(amounts)s。"),
    Kind.TRANSFER_IN: N_("%(day)s，您家「%(what)s」，转入：%(amounts)s。"),
    Kind.OPENING: N_("%(day)s，您家期初结存：%(amounts)s。"),
    Kind.CLOSE: N_("%(day)s结账，以前的账不能再记了。"),
}


def _member(resident: Resident, person: int | None) -> str:
    found = next((member for member in resident.home.members if member.person == person), None)
    return found.masked if found else ""


def _how(told: Told) -> str:
    if told.item is None:
        return ""
    limits = words.limits(told.item)
    return joined((_(told.item.how), words.sentence([part for part in (words.earns(told.item), limits) if part])))


def _how_said(told: Told) -> str:
    """As `_how`, without the amounts, which the sentence tells already and whose signs are for the eye."""
    if told.item is None:
        return ""
    limits = words.limits(told.item)
    return joined((_(told.item.how), words.sentence([limits]) if limits else ""))


async def _facts(house: House, resident: Resident, told: Told) -> list[Fact]:
    facts = []
    if told.sheet is not None:
        programme = told.sheet.programme
        version = {"title": _(programme.title), "n": programme.version, "day": full_day(programme.effective_from)}
        text = _("%(title)s，第 %(n)s 版，%(day)s起") % version
        facts.append(Fact(label=_("按哪个方案"), text=text))
    member = _member(resident, told.entry.person)
    if member:
        facts.append(Fact(label=_("记给谁"), text=member))
    facts.append(Fact(label=_("谁记的"), text=await _recorder(house, told)))
    # A plugin's plain sentence names item and amounts, which stand above already; one that tells more is shown.
    if told.entry.text and told.entry.text != plain_reason(told):
        facts.append(Fact(label=_("为什么"), text=told.entry.text))
    if told.kind is Kind.AWARD:
        deed = await house.journal.deed(told)
        if deed is not None and deed.household == told.entry.household:
            # What was said of a deed is its own household's to read.
            facts += [Fact(label=_(question), text=_(answer)) for question, answer in deed.said]
    return facts


async def _corrects(house: House, told: Told) -> list[Fact]:
    """The number of the entry that this one takes back."""
    if told.entry.reverses is None:
        return []
    ref = (await house.journal.at(told.ref.book, told.entry.reverses)).ref
    return [Fact(label=_("冲正哪一笔"), text=str(ref))]


def plain_reason(told: Told) -> str:
    """The sentence a plugin books that has nothing more to tell, in the language of the book."""
    return words.plain_reason(told.title, [(ASSET_OF[asset], value) for asset, value in told.amounts.items()])


async def _recorder(house: House, told: Told) -> str:
    if not told.entry.actor:
        return _("您家自己，凭存折卡")
    return (await house.staff.member(told.entry.actor)).name
