"""Who besides gets points, what the first time gives and the later ones, and what has to last: in a village's words."""

import re
from fractions import Fraction
from typing import Final

import msgspec

from .text import NUMBER, number

# ── what has to last: 连续三个月, 每连续两次, 蝉联 ──

_SOME: Final = rf"(?:{NUMBER}|多|数|几)"
STREAK: Final = re.compile(
    rf"每?(?:连续|接连|连着|一连|不间断)[^,;。:\d\n]{{0,12}}?(?P<n>{_SOME})个?(?:自然)?(?P<unit>月|周|星期|礼拜|季度?|年度?|学[期年]|天|日|[次回场期届轮])"
    rf"|每?(?:持续|坚持|保持)[^,;。:\d\n]{{0,4}}?(?P<n2>{_SOME})个?(?:自然)?(?P<unit2>月|周|星期|季度?|年度?|天)"
    r"|连续(?![剧性]|[^,;。\n]{0,6}小时)|接连|蝉联|[三四五六]连冠"
)
_MONTHS: Final = {"月": 1, "季": 3, "季度": 3, "年": 12, "年度": 12, "学期": 6, "学年": 12}
_DAYS: Final = {"周": 7, "星期": 7, "礼拜": 7, "天": 1, "日": 1}


class Streak(msgspec.Struct, frozen=True, kw_only=True):
    """Something that has to last, in the village's words, and how often in a year it can come to an end; 0: unknown."""

    words: str
    year_most: int = 0


def streak_in(text: str) -> Streak | None:
    """What has to last, if a text says so."""
    found = STREAK.search(text)
    if found is None:
        return None
    unit, value = found["unit"] or found["unit2"] or "", number(found["n"] or found["n2"] or "")
    most = 0
    if value and unit in _MONTHS:
        most = int(12 // (value * _MONTHS[unit]))
    elif value and unit in _DAYS:
        most = int(365 // (value * _DAYS[unit]))
    return Streak(words=found.group(), year_most=most)


# ── the first time and the later ones: 首次20分，以后每次5分 ──

_TURNED: Final = r"(?:次|回|年度?|个?月|季度?|胎|篇|件|例|条|场|名|个|棵|学期|届|期)"
_FIRST: Final = rf"(?:第(?:一|1)个?|首|初|头一?){_TURNED}"
_LATER: Final = (
    rf"(?:(?:从|自)?(?:第(?:二|两|2)个?|次|下一?){_TURNED}(?:起|开始|以后|之后|及以[后上]|以[后上]){{1,2}}|以后|之后|此后|往后|其后|后续|今后|后面"
    rf"|再(?:次|来)|其余|续(?=[每加奖])|再(?=每)){_TURNED}?(?:的|再|又)?"
)
_POINTED: Final = rf"{NUMBER}(?:积?分|(?=[,;、。/]|$))"
TURN: Final = re.compile(
    rf"(?P<first>{_FIRST})(?:的|为|得?满)?(?P<between>[^,;。\n\d]{{0,8}}{_POINTED}[^,;。\n\d]{{0,4}}[,;、。/\n]?)"
    rf"(?P<later>{_LATER})(?=[^,;。\n]{{0,12}}?{_POINTED})"
)
FIRST: Final = re.compile(rf"{_FIRST}.{{0,4}}|首")
LATER: Final = re.compile(rf"{_LATER}.{{0,4}}")
ORDINAL: Final = re.compile(rf"(?:第?[一二三四五六1-6]|首|初|再|多){_TURNED}(?:起|(?:及?以[上后]))?")
BEGINS_LATER: Final = re.compile(r"(?:以后|之后|此后|往后|其后|后续|今后|再次|其余)(?:每|的|各|再|又|$|年|次)")
"""A title that goes on with what stood in the row above."""

# ── who is helped, and gets points besides: 帮忙户3分，受助户1分; 双方各2分 ──

_PARTY: Final = r"(?:农户|家庭|户|家|方|者|人员|人|对象|老人|邻居)?(?:一方|的)?"
_GIVER: Final = (
    rf"(?:(?:帮忙|帮工|帮助|帮扶|施助|施援|施救|援助|救助|出力|助人|服务|照料|照看|提供帮助|主动帮助|借出|出借|付出|互助)(?=[户方者人的一])"
    rf"|伸出援手的?|帮人){_PARTY}|(?:^|(?<=[,;、。:(的\n]))[^,;。:、\d\n\0每]{{1,5}}(?:户|方|者|一方)"
)
_HELPED: Final = (
    r"(?:受助|受援|受益|受惠|受帮[扶助]?|被帮[扶助忙]?|被助|求助|求援|用工|请工|被照[料看]|被服务|享受服务|受照[料看]"
    rf"|接受(?:帮助|帮扶|服务|援助)|得到帮助|需要帮助|得力的?(?=[者户方人])|得力(?=的)){_PARTY}"
)
_GIVE: Final = r"(?:每[户人方家]|各|均|也|都|同时|同样|可以?|再|另|则|加|计|记|得|奖励|奖|给予?|积|为|获得?|[:,+]){0,5}"
_SAID: Final = rf"{_HELPED}(?P<give>{_GIVE})(?P<n>{NUMBER})(?:积?分|(?=[,;、。)\n]|$))"
_TURNED_ROUND: Final = rf"(?P<n2>{NUMBER})积?分[(/]?(?:给|归)?{_HELPED}\)?"
HELPED: Final = re.compile(f"{_SAID}|{_TURNED_ROUND}")
GIVER: Final = re.compile(
    rf"{_GIVER}(?={_GIVE}{NUMBER}(?:积?分|[,;、。\n]))|(?<=分)[(/](?:给|归)?{_GIVER}\)?(?![\u4e00-\u9fff])"
)
_BOTH: Final = (
    r"(?<![妻女媳母姻男])(?:(?:甲乙|互助|结对|帮扶|换工|当事|邻里)?双方(?:农户|家庭|户|当事人)?|(?:两|双)(?:家|户|方)人?|各方)"
    r"(?:都|各|均|分别|每[户方人家]|各自|一起|可以?|同时){1,3}"
)
PAIR: Final = re.compile(
    rf"(?P<giver>(?P<verb>[\u4e00-\u9fff]{{1,4}}?)人?(?=[户方者人的一]){_PARTY})(?:每次)?{_GIVE}{NUMBER}(?:积?分)?[,;、。/\n]{{0,2}}"
    rf"(?P<helped>被(?P=verb)的?[\u4e00-\u9fff]{{0,6}}?{_GIVE}(?P<n>{NUMBER})(?:积?分|(?=[,;、。)\n]|$)))"
)
"""Whatever is done, and to whom: 帮助人5分，被帮助的老人2分."""
BOTH: Final = re.compile(
    rf"(?P<words>{_BOTH}(?=(?:加|计|记|得|奖励|奖|给予?|积|获得?|[:+]){{0,3}}(?P<n>{NUMBER})积?分))"
)


class Sides(msgspec.Struct, frozen=True, kw_only=True):
    """Who besides gets points: `count` of them `points` each, `both` where they are all alike; the places told by."""

    points: Fraction
    count: int = 1
    both: bool = False
    spans: tuple[tuple[int, int], ...] = ()


def sides_in(text: str) -> Sides | None:
    """What those who were helped get, where the text says points of others too, or nothing else than this."""
    both = BOTH.search(text)
    if both is not None and (same := number(both["n"])):
        end = text.index("分", both.end("n")) + 1
        rest = text[: both.start()] + "\n" + text[end:]
        if re.search(rf"{NUMBER}分", rest):
            return Sides(points=same, count=2, spans=((both.start(), end),))
        return Sides(points=same, both=True, spans=(both.span("words"),))
    pair = PAIR.search(text)
    if pair is not None and (value := number(pair["n"])):
        return Sides(points=value, spans=(pair.span("helped"), pair.span("giver")))
    found = HELPED.search(text)
    value = number(found["n"] or found["n2"]) if found is not None else None
    if found is None or not value:
        return None
    rest = text[: found.start()] + "\n" + text[found.end() :]
    alone = found.start() == 0 and bool(found["give"])
    if not alone and not re.search(rf"{NUMBER}(?:积?分|[,;、。\n])", rest):
        return None
    givers = [match.span() for match in GIVER.finditer(text)]
    return Sides(points=value, spans=(found.span(), *givers))
