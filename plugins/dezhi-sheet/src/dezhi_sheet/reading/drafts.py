"""The answer to `read_sheet`: items found in a village's own workbook as drafts of rows, for a person to confirm."""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

import msgspec

from dezhi.plugin import AMOUNT_MAX, TITLE_MAX, Draft, Grid, Reading, Window, Workbook, hook

from .grid import address
from .items import Found
from .phrases.terms import Limit as Written
from .places import shown
from .preparing.legend import legend_of
from .speech import said
from .ways import read_grid

DRAFTS_MAX: Final = 1_000
CATEGORIES_MAX: Final = 24
"""Headings a programme may have; what stands under more of them goes to the last."""
OTHER: Final = "其他"
TEXT_MAX: Final = 4_000
"""Characters of one cell that are read; a rule is a sentence or a list, not a book."""

BASE_POINTS: Final = 100
_LOST: Final = 78
"""The most confidence in a row of which something was understood but has no place."""
REMINDERS: Final = "bases.0.reminders"

_PERIODS: Final = {"day": 1, "week": 1, "month": 1, "quarter": 1, "half": 2, "year": 1, "once": 1}
_WINDOWS: Final = {"half": Window.YEAR, "once": Window.LIFE}
_VOTED: Final = re.compile(
    r"一事一议|村民(?:代表)?(?:大会|会议|会)(?:讨论|研究|民主)?(?:议定|决定|表决|商定|评定|票决)"
)
_PER: Final = {"person": "person", "household": "household", "hour": "hour", "quantity": "quantity"}
_COUNTED: Final = frozenset({"person", "hour", "quantity"})
_DEEDS: Final = frozenset({"件", "项", "条", "篇"})
"""Units that are deeds where a row counts the times: 每季限2件."""
_MINUTES: Final = {"小时": 60, "个小时": 60, "分钟": 1}


@hook
def read_sheet(workbook: Workbook) -> Reading | None:
    """Read every sheet of the workbook; None where nothing in it is an item."""
    found, passed, base = read(workbook)
    return _reading(found, passed, base)


def read(workbook: Workbook) -> tuple[list[tuple[str, Found]], list[str], int | None]:
    """The items of every sheet beside the sheet's name, what was passed over, and the base if one is told."""
    found: list[tuple[str, Found]] = []
    passed: list[str] = []
    base: int | None = None
    bounded = [(grid, *_bounded(grid)) for grid in workbook.grids]
    legend = legend_of(short for _, short, _ in bounded)
    for grid, short, long in bounded:
        around = read_grid(short, legend)
        passed.extend(f"{grid.name}!{place} 的字太多，只读了前{TEXT_MAX}个字。" for place in long)
        passed.extend(around.passed)
        found.extend((grid.name, one) for one in around.found)
        base = base if base is not None else around.base
    if len(found) > DRAFTS_MAX:
        passed.append(f"条目超过{DRAFTS_MAX}条，只读了前{DRAFTS_MAX}条。请只留积分细则，再上传一次。")
    return found[:DRAFTS_MAX], passed, base


def _bounded(grid: Grid) -> tuple[Grid, list[str]]:
    """The sheet with texts of a length somebody could mean, and the cells that were cut."""
    if all(len(cell.text) <= TEXT_MAX for cell in grid.cells):
        return grid, []
    cells = tuple(
        cell if len(cell.text) <= TEXT_MAX else msgspec.structs.replace(cell, text=cell.text[:TEXT_MAX])
        for cell in grid.cells
    )
    long = [cell for cell in grid.cells if len(cell.text) > TEXT_MAX]
    return Grid(name=grid.name, cells=cells), [shown(cell.row, cell.column) for cell in long]


def _reading(found: Sequence[tuple[str, Found]], passed: Sequence[str], base: int | None) -> Reading | None:
    if not found and not passed:
        return None
    codes = _categories([one for _, one in found])
    points = max([base or BASE_POINTS, *(_least_off(one) for _, one in found if _is_reminder(one))])
    drafts = [_draft(at, sheet, one, codes, points) for at, (sheet, one) in enumerate(_without_twins(found), start=1)]
    settings: dict[str, Any] = {
        "categories": [{"code": code, "title": title} for title, code in codes.items()],
    }
    if any(draft.into for draft in drafts) or base is not None:
        first = next(iter(codes.values()))
        settings["bases"] = [
            {"code": "base", "title": "家庭基础分", "category": first, "points": points, "reminders": []}
        ]
    return Reading(settings=settings, rows="items", drafts=tuple(drafts), passed_over=tuple(passed))


def _without_twins(found: Sequence[tuple[str, Found]]) -> list[tuple[str, Found]]:
    """Say of an item that stands on two sheets with the same direction that it does."""
    seen: dict[tuple[str, bool], str] = {}
    told: list[tuple[str, Found]] = []
    for sheet, one in found:
        key = one.title, one.minus
        if key in seen and seen[key].partition("!")[0] != sheet:
            doubt = f"和{seen[key]}的条目同名，请看是不是写了两遍。"
            one = msgspec.structs.replace(one, sure=one.sure - 15, doubts=(*one.doubts, doubt))  # noqa: PLW2901
        else:
            seen[key] = f"{sheet}!{address(one.spot)}"
        told.append((sheet, one))
    return told


def _categories(found: Sequence[Found]) -> dict[str, str]:
    """A code for every category by its title; 其他 where the sheet names none."""
    titles = list(dict.fromkeys(_category(one) for one in found)) or [OTHER]
    if len(titles) > CATEGORIES_MAX:
        titles = [*[title for title in titles if title != OTHER][: CATEGORIES_MAX - 1], OTHER]
    return {title: f"category-{at}" for at, title in enumerate(titles, start=1)}


def _category(one: Found) -> str:
    return (one.categories[-1][:TITLE_MAX] if one.categories else "") or OTHER


def _is_reminder(one: Found) -> bool:
    return one.minus and one.full is None


def _least_off(one: Found) -> int:
    """What a reminder takes off the base: the least of a range."""
    return max(1, min(int(one.least), AMOUNT_MAX))


def _draft(at: int, sheet: str, one: Found, codes: Mapping[str, str], base: int) -> Draft:
    doubts = list(one.doubts)
    sure = one.sure
    title = one.title
    if len(title) > TITLE_MAX:
        title = title[: TITLE_MAX - 1] + "…"
        sure -= 5
        doubts.append(f"名称超过{TITLE_MAX}个字，截短了，请起一个短名称；原文见右边的单元格。")
    if one.most > AMOUNT_MAX or one.most == 0:
        sure = min(sure, 30)
        doubts.append("分数是0或者太大，请核对。")
    row: dict[str, Any] = {"code": f"item-{at}", "title": title, "category": codes.get(_category(one)) or codes[OTHER]}
    if one.hint:
        row["hint"] = one.hint
    if _is_reminder(one):
        row |= _reminder(one, doubts, base)
        into = REMINDERS
    else:
        row |= _row(one, doubts)
        if _VOTED.search(one.text) and "least" in row:
            row["vote"] = True
            doubts.append("原表写着由村民议定，读成了“一事一议”：给多少分由村民表决，请核对范围。")
        row["source"] = f"{sheet}!{address(one.spot)}"[:TITLE_MAX]
        into = ""
    if any("没有读进去" in doubt or "没有半年" in doubt for doubt in doubts):
        sure = min(sure, _LOST)
    return Draft(
        row=row, into=into, title=title, says=said(one), at=f"{sheet}!{address(one.spot)}",
        text=one.text, confidence=max(5, min(99, sure - 4 * (len(doubts) > len(one.doubts)))),
        doubts=tuple(doubts),
    )  # fmt: skip


def _reminder(one: Found, doubts: list[str], base: int) -> dict[str, Any]:
    """A minus row as the law of the house has it: a warning first, then off the base at the end of the period."""
    minus = _least_off(one)
    cap = next((limit.most for limit in one.limits if limit.unit == "分"), 0)
    written = said(one)
    doubts.append(
        f"原表写的是{written}。这里不扣已有的分：第一次只提醒，以后每次从期末的基础分里减{minus}分，请核对基础分和最多减多少。"
    )
    if one.most != one.least:
        doubts.append(f"原表给的是范围，先按最少的{minus}分读。")
    if one.levels:
        doubts.append("原表分了几档，提醒只有一档，请看要不要分成几条。")
    return {"minus": minus, "most": min(base, max(minus, cap or 3 * minus))}


def _row(one: Found, doubts: list[str]) -> dict[str, Any]:
    row: dict[str, Any] = _amount(one, doubts)
    caps: list[dict[str, Any]] = []
    if one.per in _COUNTED and "points" not in row:
        doubts.append("分数不止一个，又按人、小时或数量算，这里先按每次读，请核对。")
        one = msgspec.structs.replace(one, per="time")
    if one.per in _PER:
        row["per"] = _PER[one.per]
    elif one.per in _PERIODS:
        window = _WINDOWS.get(one.per) or Window(one.per)
        caps.append({"window": str(window), "times": _PERIODS[one.per]})
        if one.per == "half":
            doubts.append("原表是每半年一次，这里读成一年最多两次。")
    if one.per == "quantity":
        row["unit"] = one.unit
        row["every"] = _whole(one.step)
        if row["every"] != one.step:
            doubts.append("每多少一分没有读成整数，请核对。")
    elif one.per == "hour" and one.step != 1:
        row["every"] = max(1, int(one.step * (1 if one.unit == "分钟" else 60)))
    for limit in one.limits:
        _limit(limit, one, row, caps, doubts)
    for quota in one.quotas:
        period, times = _calendar(quota.window or "year", quota.most, doubts)
        caps.append({"window": period, "times": times, "of": quota.of})
    _keep(caps, one, row, doubts)
    return row


def _keep(caps: Sequence[Mapping[str, Any]], one: Found, row: dict[str, Any], doubts: list[str]) -> None:
    """Put the caps into the row, the last of each kind, and say whose they are."""
    if caps:
        row["caps"] = list(
            {(cap["window"], cap.get("of"), *sorted(set(cap) - {"window"})): cap for cap in caps}.values()
        )
    if any(limit.person for limit in one.limits):
        _to_person(row, doubts)


def _to_person(row: dict[str, Any], doubts: list[str]) -> None:
    """Limits of each person are kept where the person has the points."""
    if row.get("per") == "household":
        doubts.append("上限写的是每人，这一条按户计分，请核对上限算谁的。")
        return
    row["holder"] = "person"
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
