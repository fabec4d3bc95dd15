"""Rows one below the other that are the grades of one deed: 获一等奖 15, 获二等奖 10, 获三等奖 5."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from .items import Found

_GRADES: Final = re.compile(
    r"特等奖?|第?[一二三四五六1-6]等[奖功]?|第[一二三四五六1-6]名|[冠亚季]军|[金银铜][奖牌]|[一二三四五六七八九十1-9]星级?"
    r"|优秀|良好|优等|中等|较好|较差|一般|不?合格|不?达标|[优良差](?=$|[,、()的])"
)
_RANKS: Final = re.compile(r"(?:国家|全国|省部?|市|州|区?县|区|旗|乡?镇|乡|街道|村|社区|组|校|班)级")
_HONOUR: Final = re.compile(r"获|评|表彰|奖|荣誉|称号|先进|模范|优秀")
_SURE: Final = 88
"""The most confidence in a row that may be a grade of another's."""
_SAID: Final = 4


def tiered(found: Sequence[Found]) -> list[Found]:
    """The items, with a doubt on each that stands among the grades of one deed, and a hint for who records it."""
    told = list(found)
    start = 0
    for at in range(1, len(told) + 1):
        if at < len(told) and _goes_on(told[at - 1], told[at]):
            continue
        if at - start > 1:
            names = "、".join(_grade(one) for one in told[start:at][:_SAID]) + ("等" if at - start > _SAID else "")
            told[start:at] = [_linked(one, names) for one in told[start:at]]
        start = at
    return told


def _goes_on(one: Found, other: Found) -> bool:
    """Tell whether an item right below another is the same deed of another grade."""
    near = other.spot.column == one.spot.column and 0 <= other.spot.row - one.spot.row - one.spot.rows + 1 <= 1
    plain = not (one.levels or other.levels or one.minus or other.minus) and one.full is None and other.full is None
    same = (one.per, one.categories[-1:]) == (other.per, other.categories[-1:]) and one.most != other.most
    stem = _stem(one)
    return near and plain and same and bool(_grade(one)) and _grade(one) != _grade(other) and stem == _stem(other)


def _pattern(one: Found) -> re.Pattern[str]:
    return _GRADES if _GRADES.search(one.title) or not _HONOUR.search(one.title) else _RANKS


def _grade(one: Found) -> str:
    found = _pattern(one).search(one.title)
    return found.group() if found else ""


def _stem(one: Found) -> str:
    return re.sub(r"[\s,，、:：;；()（）\"“”的]", "", _pattern(one).sub("", one.title))


def _linked(one: Found, names: str) -> Found:
    doubt = f"这几行像是同一件事的几个档（{names}）：同一次只记最高的一档，请看要不要合成一条。"
    hint = f"同一次只记最高的一档；{one.hint}".rstrip("；")[:200]
    return msgspec.structs.replace(one, sure=min(one.sure, _SURE), doubts=(*one.doubts, doubt), hint=hint)
