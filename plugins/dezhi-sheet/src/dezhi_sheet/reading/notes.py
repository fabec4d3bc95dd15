"""Rules in words around a table that no row holds: each is told, so that none is lost without a word."""

import re
from collections.abc import Container, Iterator
from typing import Final

from .around import WHOLE, Around
from .grid import Matrix, Spot, address
from .phrases.headings import BASE_SAID
from .phrases.people import redacted
from .remarks import sentences_of

_RULE: Final = re.compile(
    r"最高|重复|总[额分和数]|累[计积加]|封顶|上限|[超高低多少]于|不[得能可]?超|达到|不足|清零|归零|结转|有效|无效|作废|取消|减半|折半|[加双翻]倍|翻番"
    r"|基础分|起始分|初始分|一票否决|扣完|扣[减除分]|减分|加分|计分|记分|积分|追[回究]|连续|名额|以户为单位|按户|按人|同一|多项|兼得|叠加|兑换|兑付|\d分|降[级低为]"
)
_LEAST: Final = 8
"""Characters from which a sentence may be a rule."""
_SHOWN: Final = 60
TEXT_MOST: Final = 4_000
_RULES_MAX: Final = 40
_BESIDE: Final = 2
"""Cells of a row in which a rule stands alone, or beside 备注."""
_SENTENCE: Final = re.compile(r"[,;。:、]|^(?:注|备注|说明)|[的得应须不可按以为]")
_OFFICE: Final = re.compile(
    r"(?:编制|填报|制表|审核|审批|监督)(?:单位|人|日期|电话)?[:：].*|.*\d{4}年\d{1,2}月(?:\d{1,2}日)?"
)


def tell_rules(around: Around, matrix: Matrix, used: Container[str]) -> None:
    """Tell of every rule in words that stands in no item's row; `used` are sentences that became limits of items."""
    told: list[str] = []
    for spot in _free(around, matrix):
        place, sentences = address(spot), sentences_of(spot, most=TEXT_MOST)
        rules = [one for one in sentences if _is_rule(one) and one not in used and not BASE_SAID.search(one)]
        told.extend(f"{place}：“{redacted(one[:_SHOWN])}{'…' if len(one) > _SHOWN else ''}”" for one in rules)
        if len(rules) == len(sentences):
            around.remarks[:] = [one for one in around.remarks if one.partition("：")[0] != place]
    if told:
        shown = "；".join(told[:_RULES_MAX])
        more = f"，一共{len(told)}条" if len(told) > _RULES_MAX else ""
        around.say(f"这些规定没有读进去，请看要不要写进细则{more}：{shown}{'……' if more else '。'}")


def _free(around: Around, matrix: Matrix) -> Iterator[Spot]:
    """The cells in no item's row that were passed over, or stand below all items, alone or beside 备注."""
    rows = {row for one in around.found for row in range(one.spot.row, one.spot.row + one.spot.rows)}
    last = max(rows, default=0)
    why = {place: rest for place, _, rest in (one.partition("：") for one in around.remarks)}
    for spot in {id(spot): spot for spot in matrix.at.values()}.values():
        place = address(spot)
        free = spot.row > last or place in why
        if spot.row in rows or not free or len(matrix.spots(spot.row)) > _BESIDE:
            continue
        if why.get(place, "").endswith("）") and not why[place].endswith(WHOLE):
            continue  # goods with their prices, a row without a title: it is told what it is
        yield spot


def _is_rule(sentence: str) -> bool:
    return (
        len(sentence) >= _LEAST
        and _RULE.search(sentence) is not None
        and _SENTENCE.search(sentence) is not None
        and _OFFICE.fullmatch(sentence) is None
    )
