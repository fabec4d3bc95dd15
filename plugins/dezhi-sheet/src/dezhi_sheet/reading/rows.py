"""What an item becomes as a row of the sheet, or as a reminder, and what of it has no place there."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

import msgspec

from dezhi.plugin import AMOUNT_MAX, TITLE_MAX, Window

from .items import Found
from .phrases.conditions import Sides
from .phrases.terms import Limit as Written
from .speech import said

_PERIODS: Final = {"day": 1, "week": 1, "month": 1, "quarter": 1, "half": 2, "year": 1, "once": 1}
_WINDOWS: Final = {"half": Window.YEAR, "once": Window.LIFE}
_PER: Final = {"person": "person", "household": "household", "hour": "hour", "quantity": "quantity"}
_WHEN: Final = {"week": "每周", "month": "每月", "quarter": "每季", "year": "每年", "life": "一共"}
"""Windows long enough for a family's members to come on different days."""
_COUNTED: Final = frozenset({"person", "hour", "quantity"})
_DEEDS: Final = frozenset({"件", "项", "条", "篇"})
"""Units that are deeds where a row counts the times: 每季限2件."""
_MINUTES: Final = {"小时": 60, "个小时": 60, "分钟": 1}
_MODEST: Final = 100
"""Points that one deed by quantity may come to, where no limit is written: so many, in steps that are not too few."""
_STEPS_LEAST, _STEPS_MOST = 5, 20


def least_off(one: Found) -> int:
    """What a reminder takes off the base: the least of a range."""
    return max(1, min(int(one.least), AMOUNT_MAX))


def reminder_of(one: Found, doubts: list[str], base: int) -> dict[str, Any]:
    """A minus row as the law of the house has it: a warning first, then off the base at the end of the period."""
    minus = least_off(one)
    cap = next((limit.most for limit in one.limits if limit.unit == "分"), 0)
    written = said(one)
    most = min(base, max(minus, cap or 3 * minus))
    doubts.append(
        f"原表写的是{written}。这里不扣已有的分：第一次只提醒，以后每次从期末的基础分里减{minus}分，请核对基础分。"
    )
    doubts.append(f"最多减{most}分，请核对。" if cap else f"最多减{most}分是这里先填的，原表没有写，请核对。")
    if one.most != one.least:
        doubts.append(f"原表给的是范围，先按最少的{minus}分读。")
    if one.levels:
        doubts.append("原表分了几档，提醒只有一档，请看要不要分成几条。")
    return {"minus": minus, "most": most}


def row_of(one: Found, doubts: list[str]) -> dict[str, Any]:
    """What a row of the sheet says of points and limits; `doubts` gets what to look at."""
    row: dict[str, Any] = _amount(one, doubts)
    caps: list[dict[str, Any]] = []
    if one.per in _COUNTED and "points" not in row:
        doubts.append("分数不止一个，又按人、小时或数量算，这里先按每次读，请核对。")
        one = msgspec.structs.replace(one, per="time")
    _counting(one, row, caps, doubts)
    for limit in one.limits:
        _limit(limit, one, row, caps, doubts)
    _quotas(one, caps, doubts)
    _ceiling(one, row, caps, doubts)
    _keep(caps, one, row, doubts)
    return row


def _counting(one: Found, row: dict[str, Any], caps: list[dict[str, Any]], doubts: list[str]) -> None:
    """Say what the points are counted by, and who else gets some."""
    if one.per in _PER:
        row["per"] = _PER[one.per]
    elif one.per in _PERIODS:
        window = _WINDOWS.get(one.per) or Window(one.per)
        caps.append({"window": str(window), "times": _PERIODS[one.per]})
        if one.per == "half":
            doubts.append("原表是每半年一次，这里读成一年最多两次。")
    if one.persons and "points" in row:
        row["per"] = "person"
    if one.sides is not None:
        row["people"] = [_helped(one.sides)]
    if one.per == "quantity":
        row["unit"] = one.unit
        row["every"] = _whole(one.step)
        if row["every"] != one.step:
            doubts.append("每多少一分没有读成整数，请核对。")
    elif one.per == "hour" and one.step != 1:
        row["every"] = max(1, int(one.step * (1 if one.unit == "分钟" else 60)))


def _quotas(one: Found, caps: list[dict[str, Any]], doubts: list[str]) -> None:
    """Quotas of winners, each of them once; and how often something that has to last can come to an end."""
    for quota in one.quotas:
        period, times = _calendar(quota.window or "year", quota.most, doubts)
        caps.append({"window": period, "times": times, "of": quota.of})
        if not any("times" in cap and "of" not in cap for cap in caps):
            caps.append({"window": period, "times": 2 if quota.window == "half" else 1})  # different households
    if one.streak is not None and one.streak.year_most and not caps:
        caps.append({"window": str(Window.YEAR), "times": one.streak.year_most})
        doubts.append(f"先读成一年最多{one.streak.year_most}次，请核对。")


def _keep(caps: Sequence[Mapping[str, Any]], one: Found, row: dict[str, Any], doubts: list[str]) -> None:
    """Put the caps into the row, the last of each kind, and say whose they are."""
    if caps:
        row["caps"] = list(
            {(cap["window"], cap.get("of"), *sorted(set(cap) - {"window"})): cap for cap in caps}.values()
        )
    if any(limit.person for limit in one.limits):
        _to_person(row, doubts)
    elif row.get("per") == "person" and not one.persons and "每户" not in one.text:
        _doubt_whose(caps, doubts)


def _doubt_whose(caps: Sequence[Mapping[str, Any]], doubts: list[str]) -> None:
    """Points of each person, and so many times a year: of the person or of the household? The caps count households."""
    for cap in caps:
        when = _WHEN.get(cap["window"])
        if when is not None and "times" in cap and "of" not in cap:
            doubts.append(
                f"{when}{cap['times']}次是每人的还是每户的？现在按每户算，家里几个人分几次来会记不上，请核对。"
            )


def _helped(sides: Sides) -> dict[str, Any]:
    """Who is helped, and what each of those households gets besides."""
    title = "另一户" if sides.both else "当事的户" if sides.count > 1 else "受帮助的户"
    return {
        "role": "helped", "title": title, "points": _whole(sides.points), "least": sides.count, "most": sides.count
    }  # fmt: skip


def _ceiling(one: Found, row: dict[str, Any], caps: Sequence[dict[str, Any]], doubts: list[str]) -> None:
    """What one deed may come to: a limit on points cuts what is counted, and without a limit there is a modest one."""
    if row.get("per") not in _COUNTED or "points" not in row:
        return
    limited = [cap for cap in caps if "points" in cap]
    for cap in limited:
        cap["fill"] = True
    if one.per == "quantity" and not limited and "quantity_most" not in row and "event_most" not in row:
        steps = min(_STEPS_MOST, max(_STEPS_LEAST, _MODEST // max(1, row["points"])))
        row["quantity_most"] = row["every"] * steps
        doubts.append(f"原表没有写上限，先读成一次最多填{row['every'] * steps}{one.unit}，请核对。")


def _to_person(row: dict[str, Any], doubts: list[str]) -> None:
    """Limits of each person are kept where the person has the points."""
    if row.get("per") == "household":
        doubts.append("上限写的是每人，这一条按户计分，请核对上限算谁的。")
        return
    row["holder"] = "person"
    for one in row.get("people", ()):
        one["of"] = "person"
    doubts.append("上限写的是每人，这里把分记给个人，请核对。")


def _amount(one: Found, doubts: list[str]) -> dict[str, Any]:
    if one.full is not None:
        full, off = max(1, _whole(one.full)), _whole(one.least if one.minus else Fraction(0)) or 1
        if not one.minus:
            doubts.append("没有读到每处扣多少，先按每处1分读。")
        defect = {"code": "defect", "title": "不合格"[:TITLE_MAX], "off": min(off, full), "unit": one.unit or "处"}
        return {"inspection": {"full": full, "defects": [defect]}}
    levels = [level for level in one.levels if level.points > 0]  # 没有参加 0分 is no deed
    if len(levels) == 1:
        return {"points": levels[0].points}
    if levels:
        found: dict[str, Any] = {
            "levels": [
                {"code": f"level-{at}", "title": level.title[:TITLE_MAX], "points": level.points}
                for at, level in enumerate(levels, start=1)
            ]
        }
        if one.highest:
            found["highest"] = {"window": "year"}
            doubts.append("原表写取最高分，没有写多长时间，先按一年读，请核对。")
        return found
    if one.least != one.most:
        return {"least": max(1, _whole(one.least)), "most": _whole(one.most)}
    return {"points": _whole(one.least)}


def _limit(limit: Written, one: Found, row: dict[str, Any], caps: list[dict[str, Any]], doubts: list[str]) -> None:
    """Put a limit where the model has it."""
    minutes = _MINUTES.get(limit.unit, 0)
    event = limit.window == "event"
    if event and limit.unit == "分":
        row["event_most"] = limit.most
    elif event and minutes and one.per == "hour":
        row["event_most"] = max(1, _whole(one.most) * limit.most * minutes // row.get("every", 60))
    elif event and one.per == "quantity":
        row["quantity_most"] = limit.most
    elif event and limit.unit == "次":
        return
    elif event:
        doubts.append(f"“每次最多{limit.most}{limit.unit}”没有读进去，请自己写上。")
    elif limit.unit == "次" or (limit.unit in _DEEDS and one.per == "time"):
        window, times = _calendar(limit.window, limit.most, doubts)
        caps.append({"window": window, "times": times})
    elif limit.unit == "分":
        if limit.most < _whole(one.least):
            doubts.append(f"上限{limit.most}分比一次的分还少，请核对。")
        window, points = _calendar(limit.window, limit.most, doubts)
        caps.append({"window": window, "points": points})
    elif minutes and one.per == "hour":
        window, most = _calendar(limit.window, limit.most, doubts)
        caps.append({"window": window, "points": max(1, _whole(one.most) * most * minutes // 60)})
    else:
        doubts.append(f"上限“{limit.most}{limit.unit}”没有读进去，请自己写上。")


def _calendar(window: str, most: int, doubts: list[str]) -> tuple[str, int]:
    """The window and the most as the calendar of limits has them: half a year is none of its windows."""
    if window != "half":
        return window, most
    doubts.append(f"原表是每半年最多{most}，上限里没有半年，先读成一年最多{2 * most}，请核对。")
    return str(Window.YEAR), 2 * most


def _whole(value: Fraction) -> int:
    """A whole number, as near as can be; what is no whole number has its doubt already."""
    return int(value + Fraction(1, 2))
