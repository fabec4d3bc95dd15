"""The answer to `read_sheet`: items found in a village's own workbook as drafts of rows, for a person to confirm."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from dezhi.plugin import AMOUNT_MAX, TITLE_MAX, Draft, Grid, Reading, Workbook, hook

from .grid import address
from .items import Found
from .phrases.headings import BASE_TITLE
from .places import shown
from .preparing.legend import legend_of
from .rows import least_off, reminder_of, row_of
from .speech import said
from .ways import read_grid

DRAFTS_MAX: Final = 1_000
CATEGORIES_MOST: Final = 18
"""Headings a draft gets, fewer than a programme may have, so that people can add some; other items go to the last."""
OTHER: Final = "其他"
_VALID: Final = re.compile(
    r"(?:当[年月季]|次年|本?年度?[内底]?|本[年季月]|\d+(?:个月|年|天)[之以]?内?|[一两二三半]年[之以]?内?|长期|永久|跨年)有效|有效期[^,;，；。|\d]{0,4}\d*[^,;，；。|]{0,4}"
    r"|(?:过期|逾期|跨年|次年)(?:作废|无效|清零|不[计算认]|失效)"
)
"""How long something counts: points are kept as the programme says, so no row holds it."""
TEXT_MAX: Final = 4_000
"""Characters of one cell that are read; a rule is a sentence or a list, not a book."""

PLACES_TOLD: Final = 12
"""Places of formulas that are named."""
BASE_POINTS: Final = 100
_DOUBTED: Final = {"没有读进去": 78, "没有半年": 78, "还是每户的": 84, "没有写上限": 88}
"""The most confidence in a row by words of its doubts: something has no place, whose the limit is, there is none."""
_HINT_MAX: Final = 200
REMINDERS: Final = "bases.0.reminders"

_VOTED: Final = re.compile(
    r"一事一议|村民(?:代表)?(?:大会|会议|会)(?:讨论|研究|民主)?(?:议定|决定|表决|商定|评定|票决)"
)


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
    if workbook.macros:
        passed.append("文件里有宏（程序），没有读，也没有运行；只读了格子里的字。")
    for grid in workbook.grids:
        passed.extend(_worked_out(grid))
    for grid, short, long in bounded:
        around = read_grid(short, legend)
        passed.extend(f"{grid.name}!{place} 的字太多，只读了前{TEXT_MAX}个字。" for place in long)
        passed.extend(around.passed)
        found.extend((grid.name, one) for one in around.found)
        base = base if base is not None else around.base
    if len(found) > DRAFTS_MAX:
        passed.append(f"条目超过{DRAFTS_MAX}条，只读了前{DRAFTS_MAX}条。请只留积分细则，再上传一次。")
    return found[:DRAFTS_MAX], passed, base


def _worked_out(grid: Grid) -> Iterator[str]:
    """Say where points could be other than they were when somebody last saved the file."""
    if not grid.formulas:
        return
    more = "等" if len(grid.formulas) > PLACES_TOLD else ""
    told = "、".join(f"{grid.name}!{place}" for place in grid.formulas[:PLACES_TOLD])
    say = "这里不计算：只读了上次存下的得数，没有得数的没有读，请核对或者改成数字。"
    yield f"有{len(grid.formulas)}格是公式（{told}{more}），{say}"


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
    found = _gathered(found)
    codes = _categories([one for _, one in found])
    if len({_category(one) for _, one in found}) > len(codes):
        passed = [*passed, f"类别太多，只留了{len(codes)}个，别的条目放在“{OTHER}”里，请自己归类。"]
    points = max([base or BASE_POINTS, *(least_off(one) for _, one in found if _is_reminder(one))])
    drafts = [
        _draft(at, sheet, one, codes, points)
        for at, (sheet, one) in enumerate(_expanded(_without_twins(found)), start=1)
    ]
    settings: dict[str, Any] = {
        "categories": [{"code": code, "title": title} for title, code in codes.items()],
    }
    if any(draft.into for draft in drafts) or base is not None:
        category = _base_category(codes, [draft.row["category"] for draft in drafts if draft.into])
        settings["bases"] = [
            {"code": "base", "title": "家庭基础分", "category": category, "points": points, "reminders": []}
        ]
    return Reading(settings=settings, rows="items", drafts=tuple(drafts), passed_over=tuple(passed))


def _base_category(codes: Mapping[str, str], reminders: Sequence[str]) -> str:
    """The base's category: the sheet's own of that name, else the one its reminders all stand in, else the first."""
    named = next((code for title, code in codes.items() if BASE_TITLE.fullmatch(title)), "")
    return named or (reminders[0] if len(set(reminders)) == 1 else next(iter(codes.values())))


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


def _expanded(found: Sequence[tuple[str, Found]]) -> list[tuple[str, Found]]:
    """Two rows of an item whose first time gives another than later ones."""
    rows: list[tuple[str, Found]] = []
    for sheet, one in found:
        if one.later is None:
            rows.append((sheet, one))
            continue
        for each, when in ((one, "（第一次）"), (one.later, "（以后每次）")):
            title = each.title[: TITLE_MAX - len(when)] + when
            more = {"sure": one.sure, "doubts": one.doubts, "later": None}
            rows.append((sheet, msgspec.structs.replace(each, title=title, **more)))
    return rows


def _categories(found: Sequence[Found]) -> dict[str, str]:
    """A code for every category by its title; 其他 where the sheet names none, or where these are too many."""
    counts = Counter(_category(one) for one in found)
    titles = list(counts) or [OTHER]
    if len(titles) > CATEGORIES_MOST:
        kept = [title for title, _ in counts.most_common() if title != OTHER][: CATEGORIES_MOST - 1]
        titles = [*(title for title in titles if title in kept), OTHER]
    return {title: f"category-{at}" for at, title in enumerate(titles, start=1)}


def _gathered(found: Sequence[tuple[str, Found]]) -> list[tuple[str, Found]]:
    """The items below their outer headings alone, where the inner ones are too many."""
    if len({_category(one) for _, one in found}) <= CATEGORIES_MOST:
        return list(found)
    return [(sheet, msgspec.structs.replace(one, categories=one.categories[:1])) for sheet, one in found]


def _category(one: Found) -> str:
    return (one.categories[-1][:TITLE_MAX] if one.categories else "") or OTHER


def _is_reminder(one: Found) -> bool:
    return one.minus and one.full is None


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
    if one.streak is not None:
        row["hint"] = f"要够“{one.streak.words}”才记；{one.hint}".rstrip("；")[:_HINT_MAX]
        doubts.append(f"原表写着“{one.streak.words}”：这个条件没有读进去，只写在提示里，记之前请看够不够。")
    valid = _VALID.search(one.text)
    if valid is not None:
        doubts.append(f"原表写着“{valid.group().strip()}”：管多久没有读进去，这里记了就算数，请核对。")
    if _is_reminder(one):
        row |= reminder_of(one, doubts, base)
        into = REMINDERS
    else:
        row |= row_of(one, doubts)
        if _VOTED.search(one.text) and "least" in row:
            row["vote"] = True
            doubts.append("原表写着由村民议定，读成了“一事一议”：给多少分由村民表决，请核对范围。")
        row["source"] = f"{sheet}!{address(one.spot)}"[:TITLE_MAX]
        into = ""
    sure = min([sure, *(most for words, most in _DOUBTED.items() if any(words in doubt for doubt in doubts))])
    return Draft(
        row=row, into=into, title=title, says=said(one), at=f"{sheet}!{address(one.spot)}",
        text=one.text, confidence=max(5, min(99, sure - 4 * (len(doubts) > len(one.doubts)))),
        doubts=tuple(doubts),
    )  # fmt: skip
