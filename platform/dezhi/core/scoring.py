"""From what plugins propose to what may be booked: the core's own judgement on every award.

Nothing here trusts a plugin. An award counts only under an item its plugin offers in this version, inside the item's
declared lines, for the holder the item names, with a reason. If one award of an item is refused, the whole item is:
half of what a rule says is not what the village adopted. Limits over time are not judged here, because only the ledger
sees all clerks at once; each proposal carries the counters (`CapUse`) the ledger keeps under its lock.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from dezhi.core.caps import CapUse, cap_uses, metric_words
from dezhi.core.errors import Problem
from dezhi.core.offers import full_code
from dezhi.core.plain import UNREADABLE
from dezhi.core.redlines import Finding, crossed
from dezhi.core.text import N_, phrase
from dezhi.plugin import (
    Amount,
    Ask,
    Asset,
    Award,
    Deed,
    Holder,
    HolderKind,
    Intent,
    IntentKind,
    Item,
    Participant,
    Role,
)
from dezhi.plugin.questions import PEOPLE_MAX

AWARDS_PER_ANSWER_MAX = 5 * (PEOPLE_MAX + 1)  # every asset to each of a whole village
REASON_MAX = 400
HUGE = 10**18  # a number nobody needs to read in full, and that may be too long to write

# One sentence for staff for each way in which an award can be wrong. What a plugin proposes besides stands.
_FAULTS = {
    "award-shape": N_("插件 %(plugin)s 的加分没有采用：给出的不是一条加分（%(award)s）。"),
    "award-item": N_("插件 %(plugin)s 的加分没有采用：条目不是它自己的，或者这个版本里没有（%(award)s）。"),
    "award-asset": N_("插件 %(plugin)s 的加分没有采用：条目里没有这种积分（%(award)s）。"),
    "award-amount": N_("插件 %(plugin)s 的加分没有采用：分数不是大于0的整数（%(award)s）。"),
    "award-bounds": N_("插件 %(plugin)s 的加分没有采用：分数超出条目写明的范围（%(award)s）。"),
    "award-holder": N_("插件 %(plugin)s 的加分没有采用：记给户还是记给人，和条目写的不一样（%(award)s）。"),
    "award-to": N_("插件 %(plugin)s 的加分没有采用：要给的人不在这件事里，或者只是见证（%(award)s）。"),
    "award-person": N_("插件 %(plugin)s 的加分没有采用：要记到个人，但没有说是谁做的（%(award)s）。"),
    "award-reason": N_("插件 %(plugin)s 的加分没有采用：没有写明理由，或者理由太长（%(award)s）。"),
    "award-quiet": N_("插件 %(plugin)s 的加分没有采用：提醒只能由工作人员当面记给这一户（%(award)s）。"),
    "award-red-line": N_("插件 %(plugin)s 的加分没有采用：写的理由碰了红线（%(award)s）。请告诉插件作者。"),
    "award-twice": N_("插件 %(plugin)s 的加分没有采用：同一件事同一种积分给了两次（%(award)s）。"),
}


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """One ledger transaction to be: all lines of one item for one holder.

    `to` is whom it is for, None for the one the deed is recorded under; `holder_kind` says whether the person or the
    household is credited. `version` is the programme's. Lines are in the order the item declares them, amounts at
    least 1 (minutes for hours). All proposals of a deed are booked, or none.
    """

    plugin: str
    item: str  # full code
    version: int
    holder_kind: HolderKind
    lines: tuple[tuple[Asset, int], ...]
    reason: str
    caps: tuple[CapUse, ...]
    to: Participant | None = None


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """What may be booked for a deed, and what was refused, each naming the plugin for staff."""

    proposals: tuple[Proposal, ...]
    refusals: tuple[Problem, ...]


def item_of(items: Mapping[str, Item], code: str) -> Item:
    """Return the item of a full code. Raises Problem `item-unknown`."""
    item = items.get(code)
    if item is None:
        text = N_("没有记上：这个村现在没有“%(item)s”这一条。请在细则里另选一条。")
        raise Problem("item-unknown", text, field="item", item=code)
    return item


def check_deed(items: Mapping[str, Item], deed: Deed) -> Item:
    """Return the item a deed is recorded under; raise a Problem that names the field the clerk must mend.

    The codes: `item-unknown`, `person-missing`, `minutes-missing`, `minutes-not-asked`, `minutes-range`, and the same
    three of points.
    """
    item = item_of(items, deed.item)
    if deed.doer.person is None and any(item.holder_of(line.asset) is HolderKind.PERSON for line in item.lines):
        text = N_("没有记上：“%(item)s”要记到个人，请选出是家里哪一位做的。")
        raise Problem("person-missing", text, field="person", item=phrase(item.title))
    _check_answer(Ask.MINUTES, Asset.HOURS, deed.minutes, item)
    _check_answer(Ask.POINTS, item.asset, deed.points, item)
    return item


class Known(NamedTuple):
    """Somebody an award can be for: whom the plugin was told of, by the place in what it was told."""

    at: int
    who: Participant | None  # None: the doer


def accept(
    items: Mapping[str, Item],
    answers: Iterable[tuple[str, Sequence[object]]],
    deed: Deed,
    version: int,
    past: Mapping[str, Collection[Participant]] | None = None,
) -> Accepted:
    """Judge the answers to `score`, given as (plugin name, awards); never raises, whatever a plugin said.

    `past` are the people of past deeds that were handed over, by plugin. Proposals come in the order of plugin name,
    item and people, however the answers were ordered.
    """
    proposals: list[Proposal] = []
    refusals: list[Problem] = []
    for plugin, awards in sorted(answers, key=lambda answer: answer[0]):
        if len(awards) > AWARDS_PER_ANSWER_MAX:
            text = N_("插件 %(plugin)s 对一件事给出了 %(count)d 条加分，一条也没有采用。")
            refusals.append(Problem("awards-too-many", text, plugin=plugin, count=len(awards)))
            continue
        sound, faults = _judge(plugin, items, awards, _known(deed, (past or {}).get(plugin, ())), deed)
        refusals += faults
        for code in sorted(sound):
            proposals += _proposals(plugin, items[full_code(plugin, code)], sound[code], deed, version)
    return Accepted(proposals=tuple(proposals), refusals=tuple(refusals))


def fault_of(deed: Deed, faults: Iterable[Problem]) -> Problem | None:
    """Return what is wrong with the plugin a deed is for; whatever else is wrong is no reason against this deed."""
    return next((fault for fault in faults if fault.values.get("plugin") == deed.plugin), None)


def intent_of(proposal: Proposal, deed: Deed) -> Intent:
    """Show a proposal to the plugins' `check`."""
    to = proposal.to
    holder = deed.doer
    if to is not None:
        holder = Holder(household=to.household, village=deed.doer.village, person=to.person, grid=to.grid)
    return Intent(
        kind=IntentKind.AWARD,
        code=proposal.item,
        holder=holder,
        holder_kind=proposal.holder_kind,
        date=deed.date,
        lines=tuple(Amount(asset=asset, amount=amount) for asset, amount in proposal.lines),
    )


def _known(deed: Deed, past: Collection[Participant]) -> dict[tuple[object, ...], Known]:
    """Everybody an award of this deed can be for, by all that tells one from another; a witness is none of them."""
    people = (*deed.participants, *past)
    if not people:
        return {}
    return {
        _named(one): Known(at, one) for at, one in reversed([*enumerate(people, 1)]) if one.role is not Role.WITNESS
    }


def _named(one: Participant) -> tuple[object, ...]:
    return one.role, one.household, one.person, one.grid


class _Sound(NamedTuple):
    """A sound award, and whom it is for."""

    award: Award
    known: Known
    holder: int  # the credited household's or person's id


_DOER = Known(0, None)
_KINDS = tuple(HolderKind)


def _judge(
    plugin: str,
    items: Mapping[str, Item],
    awards: Sequence[object],
    known: Mapping[tuple[object, ...], Known],
    deed: Deed,
) -> tuple[dict[str, list[_Sound]], list[Problem]]:
    """Sort a plugin's awards into sound ones by bare item code, and faults; an item with a fault is dropped whole."""
    sound: dict[str, list[_Sound]] = {}
    given: set[tuple[str, Asset, int]] = set()
    bad: set[str] = set()
    faults: list[Problem] = []
    for award in awards:
        whom = _whom(award, known)
        fault = _fault(plugin, items, award, whom, deed)
        if isinstance(award, Award):
            code = _short(award.item)
            if fault is None and whom is not None:
                one = _Sound(award, whom, _holder(items[full_code(plugin, code)], award.asset, whom, deed))
                if (code, award.asset, one.holder) in given:
                    fault = "award-twice"
                else:
                    given.add((code, award.asset, one.holder))
                    sound.setdefault(code, []).append(one)
            if fault is not None:
                bad.add(code)
        if fault is not None:
            faults.append(Problem(fault, _FAULTS[fault], plugin=plugin, award=_shown(award)))
    return {code: lines for code, lines in sound.items() if code not in bad}, faults


def _whom(award: object, known: Mapping[tuple[object, ...], Known]) -> Known | None:
    """Find out whom an award is for; None for anybody the plugin was not told of."""
    if not isinstance(award, Award) or award.to is None:
        return _DOER
    (to,) = _anything(award.to)
    if not isinstance(to, Participant):
        return None
    # Only plain numbers are looked up: anything else could answer as it likes when it is compared.
    name = _anything(*_named(to))
    if not isinstance(name[0], Role) or any(type(part) not in {int, type(None)} for part in name[1:]):
        return None
    return known.get(name)


def _holder(item: Item, asset: Asset, whom: Known, deed: Deed) -> int:
    """Say whose account it is; checked before, so that a person is there where one is needed."""
    who = whom.who or deed.doer
    return who.person or 0 if item.holder_of(asset) is HolderKind.PERSON else who.household


def _fault(plugin: str, items: Mapping[str, Item], award: object, whom: Known | None, deed: Deed) -> str | None:
    """Return the code of the first rule one answer breaks, or None; looks at everything, believes nothing."""
    if not isinstance(award, Award):
        return "award-shape"
    # A plugin's annotations prove nothing at run time, so every field is looked at as if it could be anything.
    name, asset, amount, reason = _anything(award.item, award.asset, award.amount, award.reason)
    item = items.get(full_code(plugin, name)) if isinstance(name, str) else None
    if item is None:
        return "award-item"
    line = item.line(asset) if isinstance(asset, Asset) else None
    if line is None:
        return "award-asset"
    kind = item.holder_of(line.asset)
    rules = {
        "award-amount": type(amount) is int and amount > 0,
        "award-bounds": type(amount) is int and line.amount_min <= amount <= line.amount_max,
        "award-holder": award.holder is None or award.holder is kind,
        "award-to": whom is not None,
        "award-person": kind is HolderKind.HOUSEHOLD or whom is None or (whom.who or deed.doer).person is not None,
        # No rule reminds anybody of itself, nor anybody else than the house a person recorded it for.
        "award-quiet": not item.quiet or (deed.item == full_code(plugin, item.code) and award.to is None),
        "award-reason": isinstance(reason, str)
        and 0 < len(reason.strip()) <= REASON_MAX
        and not UNREADABLE.search(reason),
        "award-red-line": not isinstance(reason, str) or said_wrongly(reason, item) is None,
    }
    return next((code for code, kept in rules.items() if not kept), None)


def said_wrongly(reason: str, item: Item) -> Finding | None:
    """Return the red line which an explanation crosses. What the village adopted of it was judged by its own kind."""
    if crossed(reason) is None:  # as nearly always
        return None
    asked = (text for one in item.questions for text in (one.title, *(option.title for option in one.options)))
    return crossed(reason, (item.title, *asked, *(one.title for one in item.people)))


def _anything(*values: object) -> tuple[object, ...]:
    """Forget the declared types of what a plugin handed over."""
    return values


def _shown(award: object) -> str:
    """Name an award in a staff message: item, asset and amount, short, and safe whatever the plugin put there."""
    if isinstance(award, Award):
        return ", ".join(_short(part) for part in (award.item, award.asset, award.amount))
    return type(award).__name__


def _short(value: object) -> str:
    """Show a word or number in at most 60 characters; anything else by its type, so that no `__repr__` is run."""
    if isinstance(value, bool | float) or (type(value) is int and abs(value) < HUGE):
        return str(value)
    return str.__str__(value)[:60] if isinstance(value, str) else type(value).__name__


def _proposals(plugin: str, item: Item, sound: Sequence[_Sound], deed: Deed, version: int) -> list[Proposal]:
    """Group an item's sound awards by holder: one proposal for each household and each person."""
    code = full_code(plugin, item.code)
    if len(sound) == 1:  # as nearly all are
        return [_proposal(plugin, code, item, sound, deed, version, others=False)]
    by_holder: dict[tuple[HolderKind, int], list[_Sound]] = {}
    for one in sound:
        by_holder.setdefault((item.holder_of(one.award.asset), one.holder), []).append(one)
    order = {line.asset: at for at, line in enumerate(item.lines)}
    for mine in by_holder.values():
        mine.sort(key=lambda one: order[one.award.asset])
    first = {key: min(one.known.at for one in mine) for key, mine in by_holder.items()}
    places = sorted(by_holder, key=lambda key: (_KINDS.index(key[0]), first[key]))
    others = any(one.known.who is None or one.known.who.role is not Role.HELPED for one in sound)
    return [_proposal(plugin, code, item, by_holder[key], deed, version, others=others) for key in places]


def _proposal(
    plugin: str, code: str, item: Item, mine: Sequence[_Sound], deed: Deed, version: int, *, others: bool
) -> Proposal:
    """Make the proposal of one holder's awards, which are in the order of the item's lines."""
    to = min(mine, key=_at).known.who
    lines = tuple([(one.award.asset, one.award.amount) for one in mine])
    return Proposal(
        plugin=plugin,
        item=code,
        version=version,
        holder_kind=item.holder_of(lines[0][0]),
        lines=lines,
        reason="；".join(dict.fromkeys([one.award.reason.strip() for one in mine])),
        caps=cap_uses(code, item, lines, deed, to, others=others),
        to=to,
    )


def _at(one: _Sound) -> int:
    return one.known.at


def _check_answer(ask: Ask, asset: Asset, value: int | None, item: Item) -> None:
    """Raise a Problem unless the clerk answered exactly what was asked, inside the range."""
    field, asked = ask.value, item.asked if item.ask is ask else None
    if asked is None:
        if value is not None:
            text = N_("没有记上：“%(item)s”不用填这一项，请留空。")
            raise Problem(f"{field}-not-asked", text, field=field, item=phrase(item.title))
        return
    least, most = (metric_words(asset.value, end) for end in asked)
    if value is None:
        text = N_("没有记上：“%(item)s”要填数目，%(least)s到%(most)s。")
        raise Problem(f"{field}-missing", text, field=field, item=phrase(item.title), least=least, most=most)
    if type(value) is not int or not asked[0] <= value <= asked[1]:
        text = N_("没有记上：“%(item)s”一次只能记%(least)s到%(most)s，请改一改数目。")
        raise Problem(f"{field}-range", text, field=field, item=phrase(item.title), least=least, most=most)
