"""What cells say whose column tells what they are: of units, and of limits."""

import re
from typing import Final

from msgspec.structs import replace

from .patterns import COUNTED, SLASH, UNIT, WINDOWS
from .terms import Limit, Terms, limit_of, read_terms, window_of
from .text import NUMBER, Line, number

_SIGNED: Final = re.compile(r"(?:倒)?([加扣减奖罚])分?$")
_UNKNOWN: Final = re.compile(r"[一-鿿]{1,8}")


def read_unit(text: Line) -> Terms:
    """Understand a cell of a column of units: 人次, 户/月, 每100元, 每月1次, 一次性, 每处扣."""
    sign = _SIGNED.search(text.plain)
    bare = text.plain[: sign.start()] if sign else text.plain
    bare = re.sub(
        rf"(?:^|(?<=[,;、。(]))按(?=每?(?:[人户次月季年天日周半小场件起处]|(?:{UNIT})$))|(?<=[次月年度天日周户人时])(?:计分?|算|计算|记)(?=$|[,;、。)])",
        "",
        bare,
    )
    if (whole := read_terms(text)).limits and not re.search(r"[^\0\s,;。、()]", whole.left):
        return whole  # ≤18分/周 is a limit; 周 is not what is counted
    joined = re.sub(r"(?:^|(?<=[/·、,]))(?=(?:" + NUMBER + rf")?(?:{UNIT})(?:$|[/·、,(]))", "每", bare)
    joined = re.sub(r"(?<=[/·])(?=每)", ",", joined).replace("/,", ",").replace("·,", ",")
    terms = read_terms(Line(joined, joined))
    return replace(terms, minus=sign[1] in "扣减罚") if sign else terms


def read_cap(text: Line, window: str = "", unit: str = "") -> tuple[Limit, ...]:
    """Understand a cell of a column of limits; `window` and `unit` are what the column's heading says."""
    found: list[Limit] = []
    for part in re.split(r"[,;、。\n]", text.plain):
        terms = read_terms(Line(part, part))
        if terms.limits or terms.quotas or terms.quota:
            found.extend(terms.limits)
            continue
        figures = re.findall(NUMBER, re.sub(WINDOWS, "\0", part))
        if not figures or (value := number(figures[-1])) is None or not value:
            continue
        match = re.search(WINDOWS, part)
        said = window_of(match) if match else ""
        slash = re.search(r"/每?([天日周月季年半])", part)
        if slash:
            said = SLASH[slash[1]]
        counted = re.search(rf"{figures[-1]}{COUNTED}", part)
        named = counted["unit"] if counted else unit or "分"
        limit = limit_of(said or window or "life", int(value), named)
        found.append(replace(limit, person=re.search("每人(?!次)|人均", part) is not None))
    return tuple(found)


def window_in(text: str) -> str:
    """The window a heading names: 每月上限 → month; empty where it names none."""
    match = re.search(WINDOWS, text) or re.search(
        r"(?P<day>日)|(?P<week>周)|(?P<month>月)|(?P<quarter>季)|(?P<year>年)", text
    )
    return next((kind for kind, value in match.groupdict().items() if value), "") if match else ""


def unknown_unit(terms: Terms) -> Terms:
    """What a cell that should say what is counted says, with the words in it that nobody knows."""
    found = _UNKNOWN.search(terms.left)
    return replace(terms, strange=terms.strange or found.group()) if found else terms
