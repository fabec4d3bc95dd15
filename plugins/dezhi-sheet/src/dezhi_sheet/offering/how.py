"""One sentence on how to earn a row, made from its numbers where the village wrote none."""

from collections.abc import Iterator

from dezhi.plugin import Asset, Subject, spoken_minutes

from ..awarding.reckoning import HOUR
from ..awarding.speech import EVERY, quantity
from ..parts import Limit, Per, Row


def how_of(row: Row) -> str:
    """What stands on the rules page: the village's own words, or the row's numbers; its limits; its rhyme."""
    told = [row.how.rstrip("。")] if row.how else [*_amount(row), *_beside(row)]
    told += [_limit(row, limit) for limit in row.caps]
    if row.event_most:
        told.append(f"一次活动最多算{quantity(row.asset, row.event_most)}")
    if row.highest is not None:
        told.append("同类取最高")
    if row.rhyme:
        told.append(row.rhyme.rstrip("。"))
    return "；".join(told) + "。"


def _amount(row: Row) -> Iterator[str]:
    if row.vote:
        yield f"由村民议定，{row.least or 1}到{row.most}分"
    elif row.analogy:
        yield "细则没有写明的好事，参照同类"
    elif row.levels:
        yield from (f"{level.title}给{level.points}分" for level in row.levels)
    elif row.inspection or row.sections or row.judges or row.blend:
        yield "按评分给分"
    elif row.most:
        yield f"每次{row.least or 1}到{row.most}分"
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
            return f"每{row.every or 1}{row.unit}记{row.points}分"
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


def _limit(row: Row, limit: Limit) -> str:
    most = f"{limit.times}次" if limit.times else quantity(row.asset, limit.points)
    if limit.minutes:
        most = spoken_minutes(limit.minutes)
    who = {Subject.GRID: "每网格", Subject.VILLAGE: "全村"}.get(limit.of, "") if limit.of else ""
    return f"{who}{EVERY[limit.window]}最多{most}"
