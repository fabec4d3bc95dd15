"""What the cells of one row say: entries of a list, points, and what a remark or a heading adds."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from ..phrases.cells import read_unit, unknown_unit
from ..phrases.terms import Amount, Terms, read_terms
from ..phrases.text import Line, lines, listed, unwrapped
from .heads import Column

_AT_LEAST: Final = re.compile(r"(?P<figure>[+\-加扣]?\d{1,3})分?(?:及?以上|起)")
_NAKED_MAX: Final = 60
"""Characters up to which a figure in a column of points is points by itself; more are words."""
_PER_SOMETHING: Final = re.compile(r"[/每][一-鿿]{1,3}")
_EACH: Final = re.compile(r"[每按][一-鿿]{1,3}(?:计分?|算|记)?|[每按][一-鿿]{1,4}(?:计分?|算|记)")
_COUNTS: Final = re.compile(r"\0计?(?:分|算)?$")
_BEHIND: Final = re.compile(r"(?<=\0)[一-鿿]{1,3}$")
"""What stands right behind the points of a cell: 3分/户头."""
_SCRAPS: Final = re.compile(r"[\s\0,;。、()]")
DATE: Final = re.compile(r"\d{4}-(\d{2})-(\d{2})")


def spelled_out(texts: Sequence[Line], columns: Sequence[Column]) -> list[Line]:
    """The texts with the figures that words stand for: a weight of 0.12 is 12, and 好得满分，一般不得分 beside 10."""
    found: list[Line] = []
    for text, column in zip(texts, columns, strict=True):
        weight = re.fullmatch(r"0?\.(\d{1,2})", text.plain) if column.role == "full" else None
        shown = str(int(weight[1].ljust(2, "0"))) if weight else ""
        share = re.fullmatch(r"(\d{1,2})%", text.plain) if column.role == "full" and len(columns) > 1 else None
        shown = share[1] if share else shown
        found.append(Line(shown, shown) if shown else text)
    full = next((one.plain for one in found if re.fullmatch(r"\d{1,3}分?", one.plain)), "")
    if not full or not any("满分" in one.plain for one in found):
        return found
    figure = full.rstrip("分")
    spelled = (
        re.sub(r"不[得计给加]分|零分", "得0分", re.sub(r"[得计给]?满分(?![\d值为:])", f"得{figure}分", one.plain))
        for one in found
    )
    return [Line(words, words) for words in spelled]


def points_in(text: Line) -> Terms:
    """What a cell of a column of points says; a figure alone is points there."""
    at_least = _AT_LEAST.fullmatch(text.plain)
    if at_least is not None:  # 10分以上: how many at most is for somebody to say
        return msgspec.structs.replace(read_terms(text.part(0, at_least.end("figure")), naked=True), changed=True)
    terms = read_terms(text, naked=len(text.plain) < _NAKED_MAX)
    behind = _BEHIND.search(terms.left) if terms.amounts else None
    return msgspec.structs.replace(terms, strange=terms.strange or behind.group()) if behind else terms


def undated(text: Line) -> Line:
    """5-10 as somebody typed it, where a spreadsheet program made a date of it."""
    found = DATE.fullmatch(text.plain)
    typed = f"{int(found[1])}-{int(found[2])}" if found else ""
    return Line(typed, typed) if found else text


def is_figure(text: Line) -> bool:
    """Tell whether a cell of points has no words."""
    return not re.sub(r"[\s+\-\d.~分至到/]", "", text.plain)


def entries_of(text: Line) -> list[Line]:
    """The entries of a cell: of its list, or of its lines."""
    entries = listed(text)
    if len(entries) > 1:
        return [unwrapped(entry) for entry in entries]
    parts = lines(text)
    if len(parts) > 1 and all(read_terms(part, naked=True).amounts for part in parts):
        return parts
    return [unwrapped(text)]


def noted(text: Line) -> Terms:
    """What a remark adds: all of it if it speaks of points and nothing else, else its limits alone."""
    if re.fullmatch(r"\d{1,2}月份?(?:\d{1,2}日)?", text.plain):
        return Terms()  # when, not how often
    unit, terms = read_unit(text), read_terms(text)
    if not _SCRAPS.sub("", _COUNTS.sub("", unit.left)) and not unit.empty:
        return msgspec.structs.replace(unit, changed=unit.changed or bool(unit.amounts))  # 10分/年: a limit, perhaps
    if not _SCRAPS.sub("", terms.left) and not terms.amounts:
        return terms
    if _EACH.fullmatch(text.plain) and (unit.empty or text.plain[-1] in "计分算记"):
        return Terms(strange=text.plain)
    once = terms.once and len(text.plain) < 12
    return Terms(
        limits=terms.limits,
        highest=terms.highest,
        once=once,
        floor=terms.floor,
        quotas=terms.quotas,
        quota=terms.quota,
        up_to=terms.up_to,
        streak=None if terms.amounts else terms.streak,
        sides=terms.sides,
        changed=terms.changed or bool(terms.amounts),
    )


def heading_terms(heading: str) -> Terms:
    """What a heading says of every figure below it: 分值（分/人次）, 每次加分."""
    inside = "".join(re.findall(r"\(([^)]*)\)", heading)) or heading
    inside = re.sub(r"^(?:单位:?)?分?(?=/|每)", "", inside)
    unit = read_unit(Line(inside, inside))
    both = re.search("[加奖增].{0,2}[减扣罚]", heading) is not None  # 加减分 tells no direction
    minus = None if both else unit.minus
    strange = unit if unit.per or not _PER_SOMETHING.fullmatch(inside) else unknown_unit(unit)
    return msgspec.structs.replace(strange, amounts=(), limits=(), full=None, up_to=None, left="", minus=minus)


def title_terms(title: Line) -> tuple[Line, Terms]:
    """The title without a bracket that speaks of points, and what that bracket says."""
    for found in re.finditer(r"\(([^()]*)\)", title.plain):
        terms = read_terms(title.part(found.start(1), found.end(1)))
        if not terms.empty and not _SCRAPS.sub("", terms.left):
            shown = title.shown[: found.start()] + title.shown[found.end() :]
            plain = title.plain[: found.start()] + title.plain[found.end() :]
            return Line(shown, plain), msgspec.structs.replace(terms, amounts=(), left="")
    return title, Terms()


def spells(title: Line, amounts: Sequence[Amount]) -> bool:
    """Tell whether a title says step by step what the range beside it comes to: 优5分、良3分、合格1分 beside 1-5分."""
    if len(amounts) != 1 or amounts[0].least == amounts[0].most:
        return False
    steps = read_terms(title).amounts
    least, most = (pick(one.most for one in steps) if steps else None for pick in (min, max))
    return len(steps) > 1 and (least, most) == (amounts[0].least, amounts[0].most)


def reconciled(read: list[Terms], naked: Sequence[bool]) -> tuple[list[Terms], list[Amount]]:
    """The amounts of several cells of points. Beside words a bare figure is full marks: the words say what is given."""
    figure = next((one for one, bare in zip(read, naked, strict=True) if bare and one.amounts), None)
    words = next((one for one, bare in zip(read, naked, strict=True) if not bare and one.amounts), None)
    if figure is None or words is None:
        first = next((one.amounts for one in read if one.amounts), ())
        return read, list(first)
    rest = [one for one in read if one is not figure]
    if any(amount.minus for amount in words.amounts) and not figure.amounts[0].minus:
        full = words.full or figure.amounts[0].most
        rest = [msgspec.structs.replace(one, full=full) if one is words else one for one in rest]
    return rest, list(words.amounts)
