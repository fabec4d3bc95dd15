"""Where a table's headings are, what its columns hold, and which columns belong together."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from ..grid import Matrix, Spot
from ..phrases.headings import FIGURES, HEADING_MAX, NAMES_HEADING, TITLES, role_of
from ..phrases.patterns import LEVEL_WORD
from ..phrases.text import NUMBER, Line, unnumbered, unwrapped
from .beside import beside, is_log

_FIGURES: Final = frozenset({"points", "standard", "plus", "minus", "level"})
_SIGNED: Final = frozenset({"plus-title", "minus-title", "plus-both", "minus-both"})

_FIGURE: Final = re.compile(rf"[+\-]?\d+(?:\.\d+)?(?:[-~]\d+)?|.{{0,4}}[加扣减奖罚]{NUMBER}分|{NUMBER}分")

_LONG: Final = re.compile(r"[一-鿿]{9}")
"""A deed whose words look like a heading (彩礼不超过村规民约标准): headings one below the other are short."""
_AROUND: Final = 3
"""Rows a sheet may have beside one record: a title, a date, a remark."""


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One column of a table: what it holds, and its heading in full."""

    at: int
    role: str
    heading: str
    label: str = ""  # of a step of a matrix
    over: Line = Line("", "")  # the heading over its own, if there is one
    own: str = ""  # the role by its own heading alone
    doubt: str = ""  # what to look at, where the role was guessed


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Columns that make one item a row. Side by side tables have several groups."""

    columns: tuple[Column, ...]
    above: Line = Line("", "")  # what stands over the group: 减分项

    def of(self, *roles: str) -> list[Column]:
        """The columns of these roles, from the left."""
        return [column for column in self.columns if column.role in roles]


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The headings of a table: the rows they take, the groups below them; `kind` tells tables which hold no items."""

    first: int
    last: int
    groups: tuple[Group, ...] = ()
    kind: str = "items"  # or roster, reward
    part: tuple[int, int] | None = None  # the first and last column, where people or prices are listed beside it
    doubt: str = ""  # what to look at, where it is not plain that these are rules


def head_at(matrix: Matrix, row: int) -> Head | None:
    """The headings beginning in this row, if it has headings."""
    spots = matrix.spots(row)
    named = [role for spot in spots if (role := role_of(_bare(spot)) or ("step" if _is_step(spot) else ""))]
    if not _are_headings(spots, named):
        return None
    part = beside(spots, [role_of(_bare(spot)) for spot in spots])
    doubt = part.doubt if part is not None else ""
    if part is not None:
        matrix = matrix.between(part.first, part.last)
        if doubt and is_log(matrix, row):
            return Head(first=row, last=row, kind="roster")
        spots = matrix.spots(row)
        named = [role for spot in spots if (role := role_of(_bare(spot)))]
    kind = _kind(named)
    if kind != "items":
        return Head(first=row, last=row, kind=kind)
    last = _last_heading_row(matrix, row)
    columns = _columns(matrix, row, last)
    roles = {column.role for column in columns}
    speaks = roles & (TITLES | {"points", "plus", "minus", "standard", "step"})
    if not speaks or (not roles & (TITLES | {"category"}) and len(named) < 3 and part is None):
        return None
    groups = tuple(_groups(matrix, row, columns))
    return Head(
        first=row, last=last, groups=groups, part=None if part is None else (part.first, part.last), doubt=doubt
    )


def _are_headings(spots: Sequence[Spot], roles: Sequence[str]) -> bool:
    """Tell whether cells with these roles head columns: at least two and half of them have one, and none is points."""
    named = [role for role in roles if role]
    return len(named) > 1 and len(named) * 2 >= len(spots) and not any(_is_figure(spot) for spot in spots)


def private(matrix: Matrix) -> frozenset[tuple[int, int]]:
    """The rows and columns that a heading calls people: whatever way a sheet is read, no item stands there."""
    found: set[tuple[int, int]] = set()
    columns: set[int] = set()
    last = 0
    for row in matrix.rows:
        spots = matrix.spots(row)
        roles = [role_of(_bare(spot)) for spot in spots]
        if _are_headings(spots, roles):
            columns = {spot.column for spot in spots if NAMES_HEADING.fullmatch(_bare(spot))}
        elif row - last > 1:
            columns = set()
        found.update((row, column) for column in columns if (row, column) in matrix.at)
        last = row
    return frozenset(found)


def _kind(named: Sequence[str]) -> str:
    """What a table lists: items, people or prices."""
    roles = set(named)
    if "roster" in roles:
        return "roster"
    ours = roles & ((TITLES - {"title"}) | {"plus", "minus", "unit", "cap"})
    return "reward" if named.count("reward") >= 2 or ("reward" in roles and not ours) else "items"


def _bare(spot: Spot) -> str:
    """A heading's words; none of a field to be filled in (户主：____)."""
    plain = unwrapped(unnumbered(spot.text)).plain
    return "" if "__" in plain or re.search(r":.", plain) else plain


def _is_figure(spot: Spot) -> bool:
    """Tell whether a cell is a figure or points, which no heading is."""
    return bool(_FIGURE.fullmatch(spot.flat)) or bool(re.search(r"\d分(?!值)", spot.flat) and not role_of(_bare(spot)))


def _last_heading_row(matrix: Matrix, row: int) -> int:
    """Where the headings end: a merged heading takes several rows, and what it spans may be named below."""
    last = row
    wide = [spot for spot in matrix.spots(row) if spot.columns > 1]
    tall = max((spot.rows for spot in matrix.spots(row) if role_of(_bare(spot)) and spot.rows <= 3), default=1)
    if wide or tall > 1:
        below = [spot for spot in matrix.spots(row + 1) if spot not in matrix.spots(row)]
        short = [spot for spot in below if len(spot.flat) <= HEADING_MAX and not _is_figure(spot)]
        spanned = all(any(head.column <= spot.column < head.column + head.columns for head in wide) for spot in below)
        if below and len(short) == len(below) and (spanned or tall > 1):
            last = row + 1
    return max(last, row + tall - 1 if tall > 1 and last > row else last)


def _columns(matrix: Matrix, first: int, last: int) -> list[Column]:
    """Each column's role. Two headings over one another are read together, the lower one first."""
    wanted = sorted({column for row in range(first, last + 1) for column in matrix.columns(row)})
    found: list[Column] = []
    for at in wanted:
        stack: list[Spot] = []
        for row in range(first, last + 1):
            spot = matrix.at.get((row, at))
            if spot is not None and spot not in stack:
                stack.append(spot)
        if stack:
            found.append(_column(at, stack))
    found = _taken(_parted(_sided(found)), matrix, last)
    signed = next((at for at, column in enumerate(found) if column.role in _SIGNED), len(found))
    before = found[:signed] if signed < len(found) else []
    if before and not {column.role for column in before} & _FIGURES:  # 指标, then 加分项 and 减分项: it names the row
        found[:signed] = [
            msgspec.structs.replace(column, role="category") if column.role == "title" else column for column in before
        ]
    steps = [column for column in found if column.role == "step"]
    if len(steps) > 1 and not {column.role for column in found} & TITLES:  # 荣誉 \\ 级别 over the titles
        first = next((at for at, column in enumerate(found) if column.role == "step"), 0)
        corner = next((at for at in range(first - 1, -1, -1) if found[at].role in {"", "level", "category"}), None)
        if corner is not None:
            found[corner] = msgspec.structs.replace(found[corner], role="title")
    if len(steps) == 1:  # one level makes no matrix
        at = found.index(steps[0])
        found[at] = msgspec.structs.replace(steps[0], role="points")
    return found


def _sided(columns: list[Column]) -> list[Column]:
    """加分 | 分 | 扣分 | 分: where nothing else names the deeds, 加分 beside points is what they are headed by."""
    roles = [column.role for column in columns]
    signed = [at for at, role in enumerate(roles) if role in {"plus", "minus"}]
    if not signed or set(roles) & (TITLES | {"standard", "category", "step", "full"}):
        return columns
    if any(roles[at + 1 : at + 2] != ["points"] for at in signed) or set(roles[: signed[0]]) - {"number"}:
        return columns
    return [
        msgspec.structs.replace(one, role=f"{one.role}-title") if at in signed else one
        for at, one in enumerate(columns)
    ]


def _taken(columns: list[Column], matrix: Matrix, last: int) -> list[Column]:
    """内容 | 分值 | 扣分情形, 未分类扣5分 below it: no titles of a table beside, but how full marks are lost."""
    end = columns[-1] if columns else None
    roles = [column.role for column in columns]
    if end is None or end.role != "minus-title" or "title" not in roles or not {"points", "full"} & set(roles):
        return columns
    spots = [spot for row in matrix.rows if row > last and (spot := matrix.at.get((row, end.at)))]
    told = [spot for spot in spots if re.search(rf"[扣减]{NUMBER}分", spot.flat)]
    if not told or len(told) * 10 < len(spots) * 6:
        return columns
    return [*columns[:-1], msgspec.structs.replace(end, role="minus")]


def _parted(columns: list[Column]) -> list[Column]:
    """The columns with titles of their own below 加分 and below 扣分, where these are no steps: 标准, 分值, 上限."""
    found = list(columns)
    for over in {column.over for column in columns if column.over.plain}:
        side = role_of(over.plain)
        own = [column for column in columns if column.over == over]
        roles = {column.own for column in own}
        if (
            side not in {"plus", "minus"}
            or not roles & (TITLES | {"standard"})
            or not roles & {"points", "plus", "minus"}
        ):
            continue
        for column in own:
            titled = column.own in TITLES or column.own == "standard"
            role = f"{side}-title" if titled else side if column.own in {"points", "plus", "minus"} else column.own
            found[columns.index(column)] = msgspec.structs.replace(column, role=role, label="")
    return found


def _column(at: int, stack: list[Spot]) -> Column:
    """What a column is called, from its heading and the one over it."""
    own = stack[-1]
    role, over = role_of(_bare(own)), role_of(_bare(stack[0])) if len(stack) > 1 else ""
    if (over in _FIGURES and role in {"", "level", "points", "title", "note"}) or (
        role in {"", "level"} and _is_step(own)
    ):
        role = "step"
    return Column(
        at=at,
        role=role,
        heading="".join(spot.flat for spot in stack),
        label=own.text.shown if role == "step" else "",
        over=stack[0].text if len(stack) > 1 else Line("", ""),
        own=role_of(_bare(own)),
    )


def _is_step(spot: Spot) -> bool:
    bare = re.sub(r"(?:\([^)]*\)|积?分值?|奖励|表彰)$", "", _bare(spot))
    again = re.fullmatch(
        r"(?:首|初|第[一二三四五\d]{1,2}|[一二三四五]|再|多)(?:次|回)(?:违反|违规|发现|发生)?(?:(?:及|或)?以上|起)?",
        bare,
    )
    return (
        bool(LEVEL_WORD.fullmatch(bare))
        or again is not None
        or bool(re.fullmatch(r"(?:国家|省|市|州|县|区|乡|镇|村|社区|街道|组)+级?", bare))
    )


def _groups(matrix: Matrix, row: int, columns: list[Column]) -> Iterable[Group]:
    """Cut the columns where a table begins again. The categories before the first title serve every group."""
    cuts: list[list[Column]] = [[]]
    for column in columns:
        if _begins_again(column.role, {one.role for one in cuts[-1]}):
            cuts.append([])
        cuts[-1].append(column)
    shared = _shared_columns(cuts)
    for at, cut in enumerate(cuts):
        own = cut if at == 0 else [*shared, *cut]
        if at and not {one.role for one in cut} & (FIGURES | {"step"}):  # 分值, 加分行为, 扣分行为
            own = [*(one for one in cuts[0] if one.role == "points"), *own]
        yield Group(columns=tuple(own), above=above(matrix, row, cut, len(cuts)))


def _begins_again(role: str, now: set[str]) -> bool:
    """Tell whether a column of this role begins another table beside the one that has these."""
    whole = bool(now & TITLES) and bool(now & (FIGURES | {"step"}))
    if role == "number":
        return "number" in now and bool(now & TITLES)
    if role.startswith("minus") and role in TITLES and "plus-title" in now:
        return True
    return (role in TITLES or role == "category") and (whole or (role in TITLES and _opposed(role, now)))


def _opposed(role: str, now: set[str]) -> bool:
    """Tell whether a table of minus rows begins beside one of plus rows."""
    return role.startswith("minus") and bool(now & TITLES) and "minus-title" not in now


def _shared_columns(cuts: list[list[Column]]) -> list[Column]:
    if len(cuts) < 2 or any({"category", "number"} & {one.role for one in cut} for cut in cuts[1:]):
        return []
    return [column for column in cuts[0] if column.role == "category"]


def above(matrix: Matrix, row: int, cut: Sequence[Column], count: int) -> Line:
    """What stands over this group alone."""
    if not cut:
        return Line("", "")
    left, right = cut[0].at, cut[-1].at
    if count > 1 and cut[0].over.plain and all(column.over == cut[0].over for column in cut):
        return cut[0].over
    for each in range(row - 1, max(row - 3, 0), -1):
        spots = matrix.spots(each)
        over = [spot for spot in spots if spot.column <= right and spot.column + spot.columns > left]
        if len(spots) >= 2 and len(spots) == count and len(over) == 1:
            return over[0].text
        if spots:
            break
    return Line("", "")


def turned_at(matrix: Matrix, row: int) -> tuple[int, int] | None:
    """Where headings stand one below the other (类别, 项目, 分值 …): the last row and the column of the headings."""
    if not matrix.columns(row):
        return None
    left = matrix.columns(row)[0]
    roles: list[str] = []
    at = row
    while (spot := matrix.at.get((at, left))) is not None:
        role = role_of(_bare(spot))
        if not role or role in roles or spot.columns > 1 or _is_figure(spot) or _LONG.search(spot.flat):
            break
        roles.append(role)
        at += spot.rows if spot.row == at else 1
    found = set(roles)
    alone = len(roles) == 2 and len(matrix.columns(row)) < 4  # a title and points in two columns may be a table
    if len(roles) < 2 or alone or not found & TITLES or not found & FIGURES:
        return None
    wide = {column for each in range(row, at) for column in matrix.columns(each) if column > left}
    record = (
        len(wide) == 1 and len(roles) > 2 and len(matrix.rows) <= len(roles) + _AROUND
    )  # one item alone, a label and its value a row
    return (at - 1, left) if len(wide) >= 2 or record else None
