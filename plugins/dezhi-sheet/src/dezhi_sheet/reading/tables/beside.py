"""Tables of rules that stand beside lists of people or of prices, with or without an empty column between."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from ..grid import Matrix, Spot
from ..phrases.headings import FIGURES, GOODS_HEADING, SUBTOTAL, TITLES, role_of
from ..phrases.text import unnumbered, unwrapped

_OF_A_LOG: Final = re.compile(r".*(?:日期|时间|年月|月份|登记|签名|签字|时长|数量|件数|折合|实得|实际).*")
"""Headings of what somebody did, not of what it would give."""
_OF_RULES: Final = re.compile(r".*(?:分值|标准|[加扣减奖]分).*")
_SCORE: Final = re.compile(r".*(?:积分|得分|总分|余额|累计|分值).*")
"""What people have, beside their names."""
_OF_PEOPLE: Final = 3
"""Columns of people from which they are a table of their own."""
_AGAIN: Final = 0.8
"""The share of a column's texts that must differ for it to list rules; in a log the same deeds come again."""
_STARTS: Final = TITLES | {"number", "category"}


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """The first and last column of the rules, and what to look at where a log of deeds would look alike."""

    first: int
    last: int
    doubt: str = ""


def beside(spots: Sequence[Spot], roles: Sequence[str]) -> Part | None:
    """The columns of rules among the headings of a row; None where they are all of one table, or none is of rules."""
    if "roster" in roles:
        return _beside_people(spots, roles)
    return _beside_prices(spots, roles) if "reward" in roles else None


def _beside_people(spots: Sequence[Spot], roles: Sequence[str]) -> Part | None:
    first = roles.index("roster")
    if set(roles[:first]) & TITLES and set(roles[:first]) & FIGURES:
        return Part(first=spots[0].column, last=spots[first].column - 1)
    last = len(roles) - 1 - roles[::-1].index("roster")
    end = spots[-1].column + spots[-1].columns - 1
    for at in range(last + 1, len(spots)):
        gap = spots[at].column - (spots[at - 1].column + spots[at - 1].columns)
        rules = roles[at] == "standard" and at == len(spots) - 1
        if (roles[at] in _STARTS | {"points"} and gap > 0) or rules:
            return Part(first=spots[at].column, last=end)
    start = next((at for at in range(last + 1, len(spots)) if roles[at] in _STARTS), None)
    if start is None or not set(roles[start:]) & TITLES or not set(roles[start:]) & FIGURES:
        return None
    if any(_OF_A_LOG.fullmatch(spot.flat) for spot in spots) or not _are_rules(spots, roles, start):
        return None
    doubt = "左边是名单，这几栏先当作细则来读，请看是不是每户得分的记录。"
    return Part(first=spots[start].column, last=end, doubt=doubt)


def _are_rules(spots: Sequence[Spot], roles: Sequence[str], start: int) -> bool:
    """Tell whether columns right behind those of people are rules: a log of who did what has no limits or units."""
    people = roles[:start].count("roster")
    own = any(_SCORE.fullmatch(spot.flat) for spot in spots[:start])
    named = people > 1 and any(_OF_RULES.fullmatch(spot.flat) for spot in spots[start:])
    return own or named or people >= _OF_PEOPLE or bool(set(roles[start:]) & {"cap", "unit"})


def _beside_prices(spots: Sequence[Spot], roles: Sequence[str]) -> Part | None:
    """Rules before a list of goods with their prices, or behind it."""
    goods = next(
        (at for at, spot in enumerate(spots) if roles[at] == "reward" and GOODS_HEADING.fullmatch(spot.flat)), None
    )
    if goods is None:
        return None
    before = set(roles[:goods])
    if before & TITLES and before & FIGURES:
        return Part(first=spots[0].column, last=spots[goods].column - 1)
    start = next((at for at in range(goods + 1, len(spots)) if roles[at] in _STARTS), None)
    if start is None or start < goods + 2:
        return None
    after = set(roles[start:])
    if not after & TITLES or not after & FIGURES or "reward" in after:
        return None
    return Part(first=spots[start].column, last=spots[-1].column + spots[-1].columns - 1)


def is_log(matrix: Matrix, row: int) -> bool:
    """Tell whether the titles below headings come again, or are summed up, as in a log of who did what."""
    titles = [spot.column for spot in matrix.spots(row) if role_of(unwrapped(unnumbered(spot.text)).plain) in TITLES]
    spots = (
        [spot for each in matrix.rows if each > row and (spot := matrix.at.get((each, titles[0])))] if titles else []
    )
    texts = [spot.flat for spot in spots if spot.rows == 1]
    return len(set(texts)) < len(texts) * _AGAIN or any(
        SUBTOTAL.fullmatch(spot.flat) for each in matrix.rows if each > row for spot in matrix.spots(each)[:1]
    )
