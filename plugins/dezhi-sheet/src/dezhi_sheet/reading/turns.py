"""What the first time gives and the later ones, and limits that are so many winners: read of all that an item says."""

import re
from collections.abc import Sequence
from typing import Final

from .phrases.conditions import FIRST, LATER, ORDINAL
from .phrases.headings import GRADE
from .phrases.quotas import Quota
from .phrases.terms import Amount, Level, Limit, Terms

COUPLE: Final = re.compile(r"夫妻|夫妇|男女|婚|父母|婆媳|双胞胎")
"""Two who are one household."""
_PAIR: Final = 2
_PARTY: Final = re.compile(
    r"(?!.*[级星等优良好差])[^,;。]{0,4}(?:户|方|主家|邻居|老人|帮工|对方|本人|家属|子女|夫妻|双方)"
)
_WON: Final = re.compile(
    r"评[为选上定比优]|[获被当]评|当选|荣获|获得?[^,;。]{0,8}(?:称号|荣誉|奖)|[“\"「].{1,12}[”\"」]|之家|之星|标兵|模范|示范户|先进|最美|十[佳大]"
    r"|(?:文明|卫生|清洁|整洁|光荣|星级|平安|和睦|五好|致富)(?:家庭|庭院|农户|户)|好(?:媳妇|婆婆|公婆|儿女|邻居|村民|家风)|孝星|能手|红榜|优胜|名次"
)
"""What a household is found to be: of these, 5户 are five households."""
_DONE: Final = re.compile(r"[帮扶助]|结对|联系|走访|慰问|照[顾看料]|探[望访]|服务|包")
"""What a household does for others: of these, 5户 are five times."""


def in_turn(amounts: Sequence[Amount], terms: Sequence[Terms]) -> bool:
    """Tell whether the first of two amounts is what the first time gives, and the second what later ones do."""
    if len(amounts) != _PAIR:
        return False
    first, later = (re.sub(r"[\s\0,;:。、]", "", one.label.plain) for one in amounts)
    return any(one.turn for one in terms) or bool(FIRST.fullmatch(first) and LATER.fullmatch(later))


def ordinal(levels: Sequence[Level]) -> bool:
    """Tell whether levels are the first time, the second time …: nobody counts them for the clerk."""
    return bool(levels) and any(ORDINAL.fullmatch(level.title) for level in levels)


def parties(levels: Sequence[Level]) -> bool:
    """Tell whether levels are people each of whom gets something, rather than grades one of which is chosen."""
    return any(_PARTY.fullmatch(level.title) and not GRADE.fullmatch(level.title) for level in levels)


def won(title: str, limits: Sequence[Limit]) -> tuple[tuple[Limit, ...], tuple[Quota, ...], str]:
    """The limits that are none of one household's times, as quotas of winners; and one of which that is not plain."""
    kept: list[Limit] = []
    quotas: list[Quota] = []
    unclear = ""
    for limit in limits:
        if not limit.winners or limit.window == "event":
            kept.append(limit)
        elif _WON.search(title) and not _DONE.search(title):
            window = "" if limit.window == "life" else limit.window
            quotas.append(Quota(of="village", window=window, most=limit.most, vague=True))
        else:
            kept.append(limit)
            unclear = "" if _DONE.search(title) else str(limit.most)
    return tuple(kept), tuple(quotas), unclear
