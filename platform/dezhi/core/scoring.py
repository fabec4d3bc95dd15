"""From what plugins propose to what may be booked: the core's own judgement on every award.

Nothing here trusts a plugin. An award counts only under an item its plugin offers in this version, inside the item's
declared lines, for the holder the item names, with a reason. If one award of an item is refused, the whole item is:
half of what a rule says is not what the village adopted. Limits over time are not judged here, because only the ledger
sees all clerks at once; each proposal carries the counters (`CapUse`) the ledger keeps under its lock.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from dezhi.core.amounts import duration, points, times
from dezhi.core.errors import Problem
from dezhi.core.offers import full_code
from dezhi.core.periods import WINDOW_WORDS, period_key
from dezhi.core.text import N_, Phrase, phrase
from dezhi.plugin import (
    MINUTES_MAX,
    Amount,
    Ask,
    Asset,
    Award,
    Cap,
    Deed,
    HolderKind,
    Intent,
    IntentKind,
    Item,
    Line,
    Window,
)

AWARDS_PER_ANSWER_MAX = 64
REASON_MAX = 400
HUGE = 10**18  # a number nobody needs to read in full, and that may be too long to write
TIMES = "times"

# One sentence for staff for each way in which an award can be wrong. What a plugin proposes besides stands.
_FAULTS = {
    "award-shape": N_("插件 %(plugin)s 的加分没有采用：给出的不是一条加分（%(award)s）。"),
    "award-item": N_("插件 %(plugin)s 的加分没有采用：条目不是它自己的，或者这个版本里没有（%(award)s）。"),
    "award-asset": N_("插件 %(plugin)s 的加分没有采用：条目里没有这种积分（%(award)s）。"),
    "award-amount": N_("插件 %(plugin)s 的加分没有采用：分数不是大于0的整数（%(award)s）。"),
    "award-bounds": N_("插件 %(plugin)s 的加分没有采用：分数超出条目写明的范围（%(award)s）。"),
    "award-holder": N_("插件 %(plugin)s 的加分没有采用：记给户还是记给人，和条目写的不一样（%(award)s）。"),
    "award-person": N_("插件 %(plugin)s 的加分没有采用：要记到个人，但没有说是谁做的（%(award)s）。"),
    "award-reason": N_("插件 %(plugin)s 的加分没有采用：没有写明理由，或者理由太长（%(award)s）。"),
    "award-twice": N_("插件 %(plugin)s 的加分没有采用：同一件事同一种积分给了两次（%(award)s）。"),
}


class CapUse(msgspec.Struct, frozen=True, kw_only=True):
    """One counter an award adds to; the ledger refuses when `used + add > limit`.

    Its key is the holder together with `rule`, `metric` and `period_key`. `metric` is an asset's word, or `times`.
    """

    rule: str  # the item's full code
    metric: str
    window: Window
    period_key: str
    add: int
    limit: int


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """One ledger transaction to be: all lines of one item for one holder of the deed.

    `holder_kind` says whether the deed's person or household is credited. `version` is the programme's. Lines are in
    the order the item declares them, amounts at least 1 (minutes for hours).
    """

    plugin: str
    item: str  # full code
    version: int
    holder_kind: HolderKind
    lines: tuple[tuple[Asset, int], ...]
    reason: str
    caps: tuple[CapUse, ...]


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """What may be booked for a deed, and what was refused, each naming the plugin for staff."""

    proposals: tuple[Proposal, ...]
    refusals: tuple[Problem, ...]


def check_deed(items: Mapping[str, Item], deed: Deed) -> Item:
    """Return the item a deed is recorded under; raise a Problem that names the field the clerk must mend.

    The codes: `item-unknown`, `person-missing`, `minutes-missing`, `minutes-not-asked`, `minutes-range`, and the same
    three of points.
    """
    item = items.get(deed.item)
    if item is None:
        text = N_("没有记上：这个村现在没有“%(item)s”这一条。请在细则里另选一条。")
        raise Problem("item-unknown", text, field="item", item=deed.item)
    if deed.doer.person is None and any(item.holder_of(line.asset) is HolderKind.PERSON for line in item.lines):
        text = N_("没有记上：“%(item)s”要记到个人，请选出是家里哪一位做的。")
        raise Problem("person-missing", text, field="person", item=phrase(item.title))
    _check_answer("minutes", deed.minutes, _asked_minutes(item), item)
    _check_answer("points", deed.points, _asked_points(item), item)
    return item


def accept(
    items: Mapping[str, Item], answers: Iterable[tuple[str, Sequence[object]]], deed: Deed, version: int
) -> Accepted:
    """Judge the answers to `score`, given as (plugin name, awards); never raises, whatever a plugin said.

    Proposals come in the order of plugin name and item, however the answers were ordered.
    """
    proposals: list[Proposal] = []
    refusals: list[Problem] = []
    for plugin, awards in sorted(answers, key=lambda answer: answer[0]):
        if len(awards) > AWARDS_PER_ANSWER_MAX:
            text = N_("插件 %(plugin)s 对一件事给出了 %(count)d 条加分，一条也没有采用。")
            refusals.append(Problem("awards-too-many", text, plugin=plugin, count=len(awards)))
            continue
        sound, faults = _judge(plugin, items, awards, deed)
        refusals += faults
        for code in sorted(sound):
            proposals += _proposals(plugin, items[full_code(plugin, code)], sound[code], deed, version)
    return Accepted(proposals=tuple(proposals), refusals=tuple(refusals))


def intent_of(proposal: Proposal, deed: Deed) -> Intent:
    """Show a proposal to the plugins' `check`."""
    return Intent(
        kind=IntentKind.AWARD,
        code=proposal.item,
        holder=deed.doer,
        holder_kind=proposal.holder_kind,
        date=deed.date,
        lines=tuple(Amount(asset=asset, amount=amount) for asset, amount in proposal.lines),
    )


def cap_refusal(item: Item, use: CapUse, used: int) -> Problem:
    """Say why the ledger's counter stopped an award: how much the item allows, and what is left of it."""
    text = N_("没有记上：“%(item)s”%(window)s最多%(limit)s，已经有%(used)s，还剩%(left)s。")
    return Problem(
        "cap-reached",
        text,
        status=409,
        item=phrase(item.title),
        window=phrase(WINDOW_WORDS[use.window]),
        limit=_metric_words(use.metric, use.limit),
        used=_metric_words(use.metric, used),
        left=_metric_words(use.metric, max(0, use.limit - used)),
    )


def remaining(use: CapUse, used: int) -> Phrase:
    """Say before saving what a limit still leaves: `本月还能记40分（最多60分）`."""
    return phrase(
        N_("%(window)s还能记%(left)s（最多%(limit)s）"),
        window=phrase(WINDOW_WORDS[use.window]),
        left=_metric_words(use.metric, max(0, use.limit - used)),
        limit=_metric_words(use.metric, use.limit),
    )


def cap_uses(code: str, item: Item, lines: Sequence[tuple[Asset, int]], deed: Deed) -> tuple[CapUse, ...]:
    """List the counters that `lines` of one holder add to under the item with this full code."""
    amounts = dict(lines)
    kind = item.holder_of(lines[0][0])
    uses = []
    for cap in item.caps:
        add = _cap_add(item, cap, amounts, kind)
        if add:
            limit = cap.times_max if cap.times_max is not None else cap.amount_max
            uses.append(
                CapUse(
                    rule=code,
                    metric=TIMES if cap.asset is None else cap.asset.value,
                    window=cap.window,
                    period_key=period_key(cap.window, deed.date),
                    add=add,
                    limit=limit or 0,
                )
            )
    return tuple(uses)


def _cap_add(item: Item, cap: Cap, amounts: Mapping[Asset, int], kind: HolderKind) -> int:
    """Return what one cap's counter grows by: an asset's amount, or one time for the main asset's holder."""
    if cap.asset is not None:
        return amounts.get(cap.asset, 0)
    return 1 if kind is item.holder_of(item.asset) else 0


def _judge(
    plugin: str, items: Mapping[str, Item], awards: Sequence[object], deed: Deed
) -> tuple[dict[str, list[Award]], list[Problem]]:
    """Sort a plugin's awards into sound ones by bare item code, and faults; an item with a fault is dropped whole."""
    sound: dict[str, list[Award]] = {}
    bad: set[str] = set()
    faults: list[Problem] = []
    for award in awards:
        fault = _fault(plugin, items, award, deed)
        if isinstance(award, Award):
            code = _short(award.item)
            if fault is None and any(award.asset is other.asset for other in sound.get(code, ())):
                fault = "award-twice"
            if fault is None:
                sound.setdefault(code, []).append(award)
            else:
                bad.add(code)
        if fault is not None:
            faults.append(Problem(fault, _FAULTS[fault], plugin=plugin, award=_shown(award)))
    return {code: lines for code, lines in sound.items() if code not in bad}, faults


def _fault(plugin: str, items: Mapping[str, Item], award: object, deed: Deed) -> str | None:
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
        "award-person": kind is HolderKind.HOUSEHOLD or deed.doer.person is not None,
        "award-reason": isinstance(reason, str) and 0 < len(reason.strip()) <= REASON_MAX,
    }
    return next((code for code, kept in rules.items() if not kept), None)


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


def _proposals(plugin: str, item: Item, awards: Sequence[Award], deed: Deed, version: int) -> list[Proposal]:
    """Group an item's sound awards by holder: one proposal for the household, one for the person."""
    code = full_code(plugin, item.code)
    given = {award.asset: award for award in awards}
    proposals = []
    for kind in HolderKind:
        mine = [given[line.asset] for line in item.lines if line.asset in given and item.holder_of(line.asset) is kind]
        if not mine:
            continue
        lines = tuple((award.asset, award.amount) for award in mine)
        proposals.append(
            Proposal(
                plugin=plugin,
                item=code,
                version=version,
                holder_kind=kind,
                lines=lines,
                reason="；".join(dict.fromkeys(award.reason.strip() for award in mine)),
                caps=cap_uses(code, item, lines, deed),
            )
        )
    return proposals


def _asked_minutes(item: Item) -> Line | None:
    """Return the range of minutes a clerk is asked for: that of the hours line, else any length of a day."""
    if item.ask is not Ask.MINUTES:
        return None
    return item.line(Asset.HOURS) or Line(asset=Asset.HOURS, amount_min=1, amount_max=MINUTES_MAX)


def _asked_points(item: Item) -> Line | None:
    """Return the range of points a clerk is asked for: that of the main asset."""
    return item.line(item.asset) if item.ask is Ask.POINTS else None


def _check_answer(field: str, value: int | None, asked: Line | None, item: Item) -> None:
    """Raise a Problem unless the clerk answered exactly what was asked, inside the range."""
    if asked is None:
        if value is not None:
            text = N_("没有记上：“%(item)s”不用填这一项，请留空。")
            raise Problem(f"{field}-not-asked", text, field=field, item=phrase(item.title))
        return
    least = _metric_words(asked.asset.value, asked.amount_min)
    most = _metric_words(asked.asset.value, asked.amount_max)
    if value is None:
        text = N_("没有记上：“%(item)s”要填数目，%(least)s到%(most)s。")
        raise Problem(f"{field}-missing", text, field=field, item=phrase(item.title), least=least, most=most)
    if type(value) is not int or not asked.amount_min <= value <= asked.amount_max:
        text = N_("没有记上：“%(item)s”一次只能记%(least)s到%(most)s，请改一改数目。")
        raise Problem(f"{field}-range", text, field=field, item=phrase(item.title), least=least, most=most)


def _metric_words(metric: str, number: int) -> Phrase:
    """Say a counter's number with its unit: times, minutes or points."""
    if metric == TIMES:
        return times(number)
    return duration(number) if metric == Asset.HOURS.value else points(number)
