"""One sentence on how to earn a row, made from its numbers, and how much it gives in a few words.

What a village wrote itself comes first; what the row's numbers add stands behind it, so that nobody has to guess what
the helped household gets, what a kind of service counts, or what a defect costs.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from dezhi.plugin import TEXT_MAX, Asset, Subject, spoken_minutes

from ..awarding.precedence import covers
from ..awarding.reckoning import HOUR, step_of
from ..awarding.speech import EVERY, quantity
from ..outline import Outline
from ..parts import Base, Defect, Inspection, Limit, Per, Reminder, Row

LISTED_MAX: Final = 120  # characters of one list within the sentence; the rest is told by its number
_COUNTLESS: Final = Defect.__struct_defaults__[-1]  # how many spots can be counted where the row does not say


def how_of(sheet: Outline, row: Row) -> str:
    """What stands on the rules page: the village's own words, or the row's numbers; its limits; its rhyme."""
    told = [row.how.rstrip("。")] if row.how else [*_amount(row), *_beside(row)]
    told += [*_parts(row), *_others(sheet, row)]
    told += [_limit(sheet, row, limit) for limit in row.caps]
    if row.event_most:
        told.append(f"一次活动最多算{quantity(row.asset, row.event_most)}")
    if row.highest is not None:
        told.append("同类取最高")
    told += _some(
        [_campaign(one.title, one.first, one.last, one.percent) for one in sheet.campaigns if covers(one, row)]
    )
    if row.rhyme:
        told.append(row.rhyme.rstrip("。"))
    while len("；".join(told)) >= TEXT_MAX and len(told) > 1:
        told.pop()
    return "；".join(told)[: TEXT_MAX - 1] + "。"


def how_of_base(base: Base) -> str:
    """When a base is recorded, and how much it can be."""
    if base.how:
        return base.how
    return f"每年{base.on}自动记{base.points}分" if base.on else f"{EVERY[base.window]}末自动记，最多{base.points}分"


def how_of_reminder(base: Base, one: Reminder) -> str:
    """What a reminder comes to, and when; what the village wrote itself comes first."""
    told = [one.how.rstrip("。")] if one.how else []
    told += [
        f"{EVERY[base.window]}{'第1次' if one.warnings == 1 else f'前{one.warnings}次'}只提醒",
        f"再有，期末记“{base.title}”时每次少{one.minus}分，最多少{one.most}分",
        "不扣存折里的分",
    ]
    return "；".join(told)[:TEXT_MAX]


def worth_of(row: Row, *, exact: bool) -> str:
    """How much a row gives, in a few words: 每人20分. Empty where the amounts alone say it, which `exact` tells."""
    if row.asset is Asset.COUNT or (row.asset is Asset.HOURS and row.per is Per.HOUR):
        return ""
    plain = row.per in {Per.TIME, Per.HOUSEHOLD} and not (row.levels or row.analogy or row.vote or row.group)
    if exact and plain and not _marked(row):
        return ""
    said = _worth(row)
    for one in row.beside:
        said += f"，{'' if one.per is Per.TIME else '每小时'}{_named(one.asset, one.points)}"
    return said


def worth_of_base(base: Base) -> str:
    """How much a base is: 100分荣誉积分，减去提醒的."""
    said = _named(base.asset, base.points)
    return f"{said}，减去提醒的" if base.reminders else said


def _worth(row: Row) -> str:
    if row.levels:
        amounts = [level.points for level in row.levels]
        return f"{_between(row.asset, min(amounts), max(amounts))}，看级别"
    if row.analogy:
        return "参照同类"
    if row.vote:
        return f"{_between(row.asset, row.least or 1, row.most)}，村民议定"
    if row.most:
        return _between(row.asset, row.least or 1, row.most)
    if _marked(row):
        most = max((tier.points for tier in row.tiers), default=row.points or _full(row))
        return f"最多{_named(row.asset, most)}，{'按等级' if row.tiers else '按评分'}"
    return _each_worth(row)


def _each_worth(row: Row) -> str:
    said = _named(row.asset, row.points)
    if row.group is not None:
        return f"{said}，全组平分" if row.group.split else f"每户{said}"
    match row.per:
        case Per.PERSON:
            return f"每人{said}"
        case Per.QUANTITY:
            return f"每{step_of(row)}记{said}"
        case Per.HOUR:
            every = row.every or HOUR
            each = f"每小时{said}" if every == HOUR else f"每满{spoken_minutes(every)}记{said}"
            return f"{each}，再乘系数" if row.coefficients else each
        case _:
            return said


def _marked(row: Row) -> bool:
    return bool(row.inspection or row.sections or row.judges or row.blend)


def _full(row: Row) -> int:
    """Full marks of a row whose marks are its points."""
    if row.inspection is not None:
        return row.inspection.full
    if row.blend is not None:
        return row.blend.most
    return row.judges.most if row.judges else 100


def _between(asset: Asset, least: int, most: int) -> str:
    return _named(asset, most) if least == most else f"{least}到{most}分{_KIND.get(asset, '')}"


def _named(asset: Asset, amount: int) -> str:
    return f"{quantity(asset, amount)}{_KIND.get(asset, '')}"


_KIND: Final = {Asset.HONOUR: "荣誉积分", Asset.SAFE: "平安积分", Asset.HOURS: "志愿时"}


def _amount(row: Row) -> Iterator[str]:
    if row.vote:
        yield f"由村民议定，{row.least or 1}到{row.most}分"
    elif row.analogy:
        yield "细则没有写明的好事，参照同类"
    elif row.levels:
        yield from _some([f"{level.title}给{level.points}分" for level in row.levels])
    elif row.inspection:
        yield f"满分{row.inspection.full}分"
    elif _marked(row):
        yield "按评分给分"
    elif row.most:
        yield f"每次{row.least or 1}到{row.most}分"
    elif row.group is not None:
        split = row.group.split
        yield (
            f"{quantity(row.asset, row.points)}由全组平分" if split else f"全组每户记{quantity(row.asset, row.points)}"
        )
    else:
        yield _each(row)


def _each(row: Row) -> str:
    if row.asset in {Asset.COUNT, Asset.HOURS}:
        return _counted(row)
    match row.per:
        case Per.PERSON:
            return f"每人次{row.points}分"
        case Per.HOUSEHOLD:
            return f"每户次{row.points}分，一天一次"
        case Per.HOUR:
            return f"每满{spoken_minutes(row.every or HOUR)}记{row.points}分"
        case Per.QUANTITY:
            return f"每{step_of(row)}记{row.points}分"
        case Per.TIME:
            return f"每次{row.points}分"


def _counted(row: Row) -> str:
    """Say how times and minutes are counted."""
    if row.asset is Asset.COUNT:
        return "只记次数"
    return "按做的时间记志愿时" if row.per is Per.HOUR else f"每次记{spoken_minutes(row.points)}"


def _beside(row: Row) -> Iterator[str]:
    for one in row.beside:
        kind = {Asset.MORAL: "道德积分", Asset.HONOUR: "荣誉积分", Asset.SAFE: "平安积分"}.get(one.asset, "志愿时")
        yield f"{kind}加{one.points}分" if one.per is Per.TIME else f"每满1小时{kind}加{one.points}分"


def _parts(row: Row) -> Iterator[str]:
    """What the row's parts do to the amount."""
    yield from _some([f"按“{one.title}”算{one.percent}%" for one in row.coefficients])
    if row.inspection is not None:
        yield from _defects(row.inspection)
    if row.judges is not None:
        trimmed = f"，去掉最高最低各{row.judges.trim}个" if row.judges.trim else ""
        yield f"{row.judges.count_least}到{row.judges.count_most}位评委打分取平均{trimmed}"
    if row.blend is not None:
        yield f"自评占{row.blend.own}%，互评占{row.blend.mutual}%"
    yield from _some([f"{tier.title}（{tier.least}分起）给{tier.points}分" for tier in row.tiers if tier.points])
    if row.points and _marked(row) and not row.tiers:
        yield f"满分给{row.points}分，按得分折算"


def _defects(inspection: Inspection) -> Iterable[str]:
    return _some(
        [
            f"{one.title}每{one.unit}少{one.off}分"
            + (f"，最多算{one.most}{one.unit}" if one.most != _COUNTLESS else "")
            for one in inspection.defects
        ]
    )


def _others(sheet: Outline, row: Row) -> Iterator[str]:
    """Who else gets some, and with which rows it is one deed."""
    for one in row.people:
        if one.points:
            each = "每人" if one.of is Subject.PERSON else "每户"
            yield f"{one.title}{each}另记{quantity(row.asset, one.points)}"
    same = [one.title for one in sheet.items if row.event and one.event == row.event and one is not row]
    if same:
        yield f"和{_titles(same)}算同一件事，一天只记一次"


def _limit(sheet: Outline, row: Row, limit: Limit) -> str:
    most = f"{limit.times}次" if limit.times else quantity(row.asset, limit.points)
    if limit.minutes:
        most = spoken_minutes(limit.minutes)
    who = {Subject.GRID: "每网格", Subject.VILLAGE: "全村"}.get(limit.of, "") if limit.of else ""
    said = f"{who}{EVERY[limit.window]}最多{most}"
    same = [
        one.title
        for one in sheet.items
        if limit.share and one is not row and any(cap.share == limit.share for cap in one.caps)
    ]
    if same:
        said = f"和{_titles(same)}合起来{said}"
    return f"{said}，多出的不算" if limit.fill else said


def _campaign(title: str, first: date, last: date, percent: int) -> str:
    days = f"{first.year}年{first.month}月{first.day}日到{last.year}年{last.month}月{last.day}日"
    return f"“{title}”期间（{days}）按{percent}%算"


def _titles(titles: list[str]) -> str:
    shown = "、".join(f"“{title}”" for title in titles[:2])
    return shown if len(titles) <= 2 else f"{shown}等{len(titles)}条"  # noqa: PLR2004 - more would be a list


def _some(parts: list[str]) -> list[str]:
    """As many parts as can be read at a glance, and how many there are."""
    shown: list[str] = []
    for part in parts:
        if shown and sum(map(len, shown)) + len(part) > LISTED_MAX:
            return [*shown, f"一共{len(parts)}项"]
        shown.append(part)
    return shown
