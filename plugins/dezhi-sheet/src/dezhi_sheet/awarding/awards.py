"""From what a deed is worth to the awards: who else gets some, campaigns, what was given before, what limits leave.

In this order, which the rules page states too: the row's own arithmetic; at most so much for one event; a campaign;
only what is above what the same group or the same deed was given before; what a filling limit leaves. An award that
comes to nothing is counted and explained instead, so that no deed disappears.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dezhi.plugin import Asset, Award, Deed, Participant, Role

from ..outline import Outline
from ..parts import Base, Group, Milestone, Per, Reminder, Row
from .precedence import campaign_of
from .reckoning import Worth, full_hours, percent_of, reckon
from .speech import WINDOWS, given, quantity, sentence
from .wanted import counted_by, limit_asset, name


class Due(NamedTuple):
    """What the doer gets of the row's asset, and how it was found.

    `cut`: an earlier award took part of it. `rest` says what can still be earned.
    """

    amount: int
    clauses: tuple[str, ...]
    cut: bool = False
    rest: str = ""


def awarded(sheet: Outline, deed: Deed, facts: Mapping[str, int]) -> list[Award]:
    """Return the awards of one deed under the sheet; nothing for a code that is not in it."""
    row = next((one for one in sheet.items if one.code == deed.code), None)
    if row is not None:
        return _of_row(sheet, row, deed, facts)
    for base in sheet.bases:
        if base.code == deed.code:
            return [_of_base(base, facts)]
        for reminder in base.reminders:
            if reminder.code == deed.code:
                return [_of_reminder(base, reminder, facts)]
    return [
        _of_milestone(one)
        for one in sheet.milestones
        if one.code == deed.code and facts[name("sum", one.code)] >= one.least and not facts[name("had", one.code)]
    ]


def _of_row(sheet: Outline, row: Row, deed: Deed, facts: Mapping[str, int]) -> list[Award]:
    worth = reckon(row, sheet.items, deed)
    if worth is None:
        return []
    campaign = campaign_of(sheet.campaigns, row, deed.date)
    percent = campaign.percent if campaign else 100
    clauses = list(worth.clauses)
    amount = worth.amount
    if row.event_most and amount > row.event_most:
        amount = row.event_most
        clauses.append(f"一次最多算{quantity(row.asset, amount)}")
    if campaign and amount:
        amount = percent_of(amount, percent)
        clauses.append(f"“{campaign.title}”期间按{percent}%算")
    if row.group is not None:
        return _of_group(row, row.group, Worth(amount, tuple(clauses)), deed)
    due = _left(row, _above(row, Due(amount, tuple(clauses)), facts), facts)
    awards = list(_of_doer(row, due, deed))
    awards += _of_others(row, deed, percent)
    gained = sum(award.amount for award in awards if award.asset is not Asset.COUNT and award.to is None)
    return awards + list(_milestones(sheet, row, awards, facts)) if gained else awards


def _above(row: Row, due: Due, facts: Mapping[str, int]) -> Due:
    """Take off what the same group, or the same deed told otherwise, was given before."""
    if row.highest is not None and (had := facts[name("highest", row.code)]):
        said = f"{WINDOWS[row.highest.window]}同类只取最高，前面已记{quantity(row.asset, had)}"
        due = Due(max(0, due.amount - had), (*due.clauses, said), cut=True)
    if row.event and facts.get(name("first", row.code), 0):
        return Due(0, ("同一件事当天已经记过",), cut=True)
    if row.event and (had := facts.get(name("second", row.code), 0)):
        return Due(max(0, due.amount - had), (*due.clauses, f"同一件事当天已记{had}分，只补差额"), cut=True)
    return due


def _left(row: Row, due: Due, facts: Mapping[str, int]) -> Due:
    """Cut to what filling limits leave, and say what is left after; a limit that is full is left to the ledger."""
    clauses, amount, rest = list(due.clauses), due.amount, due.rest
    for number, limit in enumerate(row.caps, start=1):
        if not limit.fill or not amount:
            continue
        asset, most, had = limit_asset(row, limit), limit.points or limit.minutes, facts[name("cap", row.code, number)]
        window, left = WINDOWS[limit.window], most - had
        if left <= 0:
            amount = min(amount, most)
        elif left < amount:
            amount = left
            clauses.append(f"{window}最多{quantity(asset, most)}，前面已记{quantity(asset, had)}，只记剩下的")
        after = most - had - amount
        rest = f"{window}还能记{quantity(asset, after)}" if after > 0 else f"{window}的上限已满"
    return Due(amount, tuple(clauses), due.cut, rest)


def _of_doer(row: Row, due: Due, deed: Deed) -> Iterator[Award]:
    """The doer's own lines: the row's asset and what goes beside it; or that it happened."""
    if row.asset is Asset.COUNT or not due.amount:
        reason = sentence(row.title, [*due.clauses, given(Asset.COUNT, 1)])
        yield Award(item=row.code, asset=Asset.COUNT, amount=1, reason=reason)
        if due.cut or row.asset is not Asset.COUNT:
            return
    beside = {} if due.cut else {one.asset: one.points * _times(row, one.per, deed) for one in row.beside}
    lines = {asset: amount for asset, amount in {row.asset: due.amount, **beside}.items() if amount}
    amounts = [given(asset, amount) for asset, amount in lines.items()]
    said = sentence(row.title, [*due.clauses, *amounts, *filter(None, [due.rest])])
    for asset, amount in lines.items():
        yield Award(item=row.code, asset=asset, amount=amount, reason=said)


def _times(row: Row, per: Per, deed: Deed) -> int:
    return full_hours(row, deed) if per is Per.HOUR else 1


def _of_others(row: Row, deed: Deed, percent: int) -> Iterator[Award]:
    """What everybody named beside the doer gets."""
    for one in row.people:
        amount = percent_of(one.points, percent)
        if not amount:
            continue
        for participant in deed.participants:
            if participant.role is one.role:
                said = sentence(row.title, [f"一起的{one.title}", given(row.asset, amount)])
                yield Award(item=row.code, asset=row.asset, amount=amount, reason=said, to=participant)


def _of_group(row: Row, group: Group, worth: Worth, deed: Deed) -> list[Award]:
    """The same for every household of the group, or an equal share; what cannot be divided is given to nobody."""
    households = [one for one in deed.participants if one.role is Role.GROUP]
    if not households or not worth.amount:
        return []
    count, share = len(households), worth.amount
    said = f"全组{count}户，每户一样"
    if group.split:
        share, over = divmod(worth.amount, count)
        said = f"{worth.amount}分平分给{count}户，余{over}分不分"
    asset = row.asset if share else Asset.COUNT
    reason = sentence(row.title, [*worth.clauses, said, given(asset, share or 1)])
    return [
        Award(item=row.code, asset=asset, amount=share or 1, reason=reason, to=_unless_doer(one, deed))
        for one in households
    ]


def _unless_doer(one: Participant, deed: Deed) -> Participant | None:
    """The doer's own household is the doer."""
    return None if one.household == deed.doer.household else one


def _milestones(sheet: Outline, row: Row, awards: list[Award], facts: Mapping[str, int]) -> Iterator[Award]:
    """What the doer's sums reach with this deed, once a window."""
    for one in sheet.milestones:
        if not counted_by(one, row) or facts[name("had", one.code)]:
            continue
        gained = sum(award.amount for award in awards if award.asset is one.counts and award.to is None)
        if facts[name("sum", one.code)] + gained >= one.least:
            yield _of_milestone(one)


def _of_milestone(one: Milestone) -> Award:
    asset, amount = (one.asset, one.points) if one.points else (Asset.COUNT, 1)
    said = f"{WINDOWS[one.window]}累计满{quantity(one.counts, one.least)}"
    return Award(item=one.code, asset=asset, amount=amount, reason=sentence(one.title, [said, given(asset, amount)]))


def _of_base(base: Base, facts: Mapping[str, int]) -> Award:
    """The base, less what reminders take: none for the first ones, never more than each may, never below nothing."""
    left, said = base.points, [f"基础{base.points}分"]
    for one in base.reminders:
        times = facts[name("reminded", one.code)]
        off = min(one.most, max(0, times - one.warnings) * one.minus)
        left -= off
        if times:
            said.append(f"提醒{times}次，超出{one.warnings}次的减{off}分")
    if len(said) == 1:
        said.append(f"每年{base.on}记一次" if base.on else "没有提醒")
    asset, amount = (base.asset, left) if left > 0 else (Asset.COUNT, 1)
    return Award(item=base.code, asset=asset, amount=amount, reason=sentence(base.title, [*said, given(asset, amount)]))


def _of_reminder(base: Base, reminder: Reminder, facts: Mapping[str, int]) -> Award:
    """A reminder counts once and gives nothing; the first ones only warn."""
    times = facts[name("reminded", reminder.code)] + 1
    window = WINDOWS[base.window]
    if times <= reminder.warnings:
        said = f"{window}第{times}次提醒，只提醒不减分"
    else:
        said = f"{window}第{times}次提醒，期末从“{base.title}”里减{reminder.minus}分，最多减{reminder.most}分"
    return Award(item=reminder.code, asset=Asset.COUNT, amount=1, reason=sentence(reminder.title, [said]))
