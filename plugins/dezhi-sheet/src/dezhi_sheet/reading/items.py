"""One item as it was understood: from a row of a table, or from words alone."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

import msgspec

from .grid import Spot
from .phrases.conditions import BEGINS_LATER, Sides, Streak
from .phrases.patterns import LEVEL_WORD, TIER
from .phrases.people import redacted
from .phrases.quotas import Quota
from .phrases.terms import Amount, Level, Limit, Terms, read_terms
from .phrases.text import Line, trimmed, unnumbered, unwrapped
from .turns import COUPLE, in_turn, ordinal, parties, won

_REMARK_LEAST: Final = 24
"""Characters nobody understood beside the points, from which they may change the rule."""
_SCRAPS: Final = re.compile(r"[\s\0,;:。、()/·+\-~…的分每]")
_PERIODS: Final = ("half", "quarter", "month", "week", "year", "day")
_TAIL: Final = re.compile(  # words that lead to points, and not the end of a word: 行为, 面积, 获奖
    r"(?:[的者]?,|(?<![认许])可以?|均|各|每人?户?次?|每年度?|每月|(?<![会设统])计|(?<![书登日笔])记|(?<!参)加|(?<![获等金银铜受中颁])奖励?|给予"
    r"|(?<![取心值])得|予以|酌情|分别|并|(?<!即)将|(?<![规原准守])则|按|视情|一律|一次性|扣除?|减|倒扣|(?<=[值数准分计])[为是]"
    r"|(?<![面体堆累])积|[:、;。\-~·…_.(\[【+=/])+$|的$"
)
_HEAD: Final = re.compile(
    r"^(?:[□☐☑☒✓✔◻▢○●\u2600-\u27bf\ufe0f\U0001f300-\U0001faff]+|凡是?(?=.*的?$)|对于?(?=.*的$)|对(?=在|于|不|乱|随|违|拒|主动|积极|参加|因)|[,:;、。)\]】+=/·…_~]+|的)"
)
_WORDS: Final = re.compile(r"[A-Za-z\u3400-\u9fff\uf900-\ufaff]")
_LEVEL_MAX: Final = 12
_EMPTY_BRACKETS: Final = re.compile(r"\([\s,;、/:每]*\)|\[[\s,;、/]*\]|【[\s,;、/]*】")


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where an item stands, and what its surroundings say of it."""

    spot: Spot
    categories: tuple[str, ...] = ()
    minus: bool | None = None  # by the column or the heading
    sure: int = 96
    doubts: tuple[str, ...] = ()
    hint: str = ""
    text: str = ""  # all of its row, where it stands in a table


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """An item as written: `least` and `most` without a sign.

    `per` is time, person, household, hour, quantity, once, or a period from day to year.
    """

    title: str
    categories: tuple[str, ...]
    minus: bool
    least: Fraction
    most: Fraction
    per: str
    spot: Spot
    step: Fraction = Fraction(1)
    unit: str = ""
    household: bool = False  # counted by household besides
    limits: tuple[Limit, ...] = ()
    quotas: tuple[Quota, ...] = ()
    levels: tuple[Level, ...] = ()
    full: Fraction | None = None
    highest: bool = False
    persons: bool = False  # by person as well as by period: 2分/人/天
    sides: Sides | None = None
    later: "Found | None" = None  # what every time after the first gives
    streak: Streak | None = None
    hint: str = ""
    text: str = ""
    sure: int = 96
    doubts: tuple[str, ...] = ()


class _Notes:
    """How sure an item is, and what to look at."""

    def __init__(self, place: Place) -> None:
        self.sure = place.sure
        self.doubts = list(place.doubts)

    def doubt(self, less: int, sentence: str) -> None:
        """Lower the confidence, and say why."""
        self.sure -= less
        self.doubts.append(sentence)


def settle(
    title: Line,
    place: Place,
    terms: Sequence[Terms],
    amounts: Sequence[Amount],
    *,
    minus: bool | None = None,
    cut: bool = False,
) -> Found | None:
    """Put together what several cells say of one item; None where none says how many points.

    `minus`: the direction, where the column tells it. `cut`: the title is what stood before points.
    """
    notes = _Notes(place)
    words = clean_title(title, cut=cut)
    amounts = _stepped(amounts)
    terms = terms if minus or place.minus else _full_as_limit(terms, amounts)
    full = next((one.full for one in terms if one.full is not None), None)
    later = None
    if in_turn(amounts, terms) and not (minus or place.minus or any(one.minus for one in amounts)):
        bare = [msgspec.structs.replace(one, once=False, turn=False) for one in terms]
        later = settle(title, place, bare, amounts[1:], minus=minus, cut=cut)
        amounts = amounts[:1]
    span = _span(amounts, terms, full, notes)
    if span is None or not _is_title(words, cut=cut):
        return None
    levels = _levels_of(amounts, notes)
    if TIER.fullmatch(words):
        notes.doubt(30, "这像是一条的一个档（多少小时、多少元），不像一件事，请写清是做什么。")
    kinds = frozenset[str]().union(*(one.per for one in amounts), *(one.per for one in terms))
    per = _per(kinds, once=later is not None or any(one.once for one in terms))
    step, unit = _step(amounts, terms)
    limits = tuple(dict.fromkeys(limit for one in _up_to_as_limit(terms, span) for limit in one.limits))
    if per == "once" or any((limit.window, limit.unit, limit.most) == ("life", "次", 1) for limit in limits):
        per, limits = "once", tuple(limit for limit in limits if limit.unit != "次")
    if full is not None and amounts and per == "quantity" and step == 1:
        per, unit = "time", unit or "处"
    limits, winners, unclear = won(words, limits)
    if unclear:
        notes.doubt(12, f"“{unclear}户”先读成每户最多{unclear}次，请看是不是一共{unclear}户。")
    told = [*terms, Terms(doubled=(own := read_terms(title)).doubled, streak=own.streak, quotas=winners)]
    _doubt_terms(told, span, notes)
    sides = _sides(words, terms, notes)
    streak = next((one.streak for one in told if one.streak is not None), None)
    persons = _doubt_more(words, per, kinds, sides, later, notes)
    left = sum(len(_SCRAPS.sub("", one.left)) for one in terms[1:])
    return Found(
        title=words,
        categories=place.categories,
        minus=_sign(place, amounts, _told(minus, amounts, terms), notes) and not (full is not None and not amounts),
        least=span[0],
        most=span[1],
        per=per,
        spot=place.spot,
        step=step,
        unit=unit,
        household="household" in kinds,
        limits=limits,
        quotas=tuple(dict.fromkeys(quota for one in told for quota in one.quotas)),
        levels=levels,
        full=full,
        highest=any(one.highest for one in terms),
        persons=persons,
        sides=sides,
        later=later,
        streak=streak,
        hint=place.hint,
        text=place.text or redacted(place.spot.text.shown),
        sure=notes.sure - (6 if left > _REMARK_LEAST else 0),
        doubts=tuple(notes.doubts),
    )


def _is_title(words: str, *, cut: bool) -> bool:
    """Tell whether words may be an item's title: with a letter, and in a sentence not the name of a level alone."""
    if not _WORDS.search(words):
        return False
    return LEVEL_WORD.fullmatch(words) is None if cut else len(words) > 1


def _full_as_limit(terms: Sequence[Terms], amounts: Sequence[Amount]) -> list[Terms]:
    """每次2分，满分10分 is a limit of 10; full marks are what something is taken off."""
    full = next((one.full for one in terms if one.full is not None), None)
    if full is None or not amounts or any(one.minus for one in amounts) or any(one.minus for one in terms):
        return list(terms)
    bare = [msgspec.structs.replace(one, full=None) for one in terms]
    if len(amounts) == 1 and amounts[0].most < full:
        bare.append(Terms(limits=(Limit(window="life", most=int(full), unit="分"),)))
    return bare


def _up_to_as_limit(terms: Sequence[Terms], span: tuple[Fraction, Fraction]) -> list[Terms]:
    """每200元加1分, and beside it 最高50分: that much in all."""
    return [
        msgspec.structs.replace(one, limits=(*one.limits, Limit(window="life", most=int(one.up_to), unit="分")))
        if one.up_to is not None and one.up_to > span[1]
        else one
        for one in terms
    ]


def _stepped(amounts: Sequence[Amount]) -> Sequence[Amount]:
    """满50小时10分，满100小时20分: steps by how much there is, not points for each hour."""
    steps = {one.step for one in amounts}
    units = {one.unit for one in amounts}
    if (
        len(amounts) < 2
        or len(steps) < len(amounts)
        or len(units) > 1
        or any(one.each or not one.unit for one in amounts)
    ):
        return amounts
    found: list[Amount] = []
    for one in amounts:
        name = f"满{say(one.step or Fraction(1))}{one.unit}"
        found.append(
            msgspec.structs.replace(
                one, label=Line(name, name), per=frozenset({"time"}), step=None, unit="", stepped=True
            )
        )
    return found


def _levels_of(amounts: Sequence[Amount], notes: _Notes) -> tuple[Level, ...]:
    """The steps, with a doubt where several amounts make none, or hardly."""
    labelled = len(amounts) == 1 and amounts[0].stepped
    levels = _levels(amounts) if len(amounts) > 1 or labelled else ()
    if len(amounts) > 1 and not levels:
        notes.doubt(25, "这里写了几个分数，没有写各是什么档，请补上档次或只留一个。")
    elif any(len(level.title) > _LEVEL_MAX or re.search("[;；。]", level.title) for level in levels):
        notes.doubt(20, "这里的几个档是从一段话里读的，请看是不是几条不同的条目。")
    elif ordinal(levels):
        notes.doubt(20, "几个档是第几次给多少分，没有人替记的人数是第几次，请看要不要分成几条。")
    elif parties(levels):
        notes.doubt(12, "几个档像是几个人各得多少分，不是选一档：请看要不要写成“还有谁”。")
    elif levels:
        notes.sure -= 4
    return levels


def _doubt_terms(terms: Sequence[Terms], span: tuple[Fraction, Fraction], notes: _Notes) -> None:
    """Say what was read of the terms but not made a rule of."""
    if any(one.doubled for one in terms):
        notes.doubt(18, "这里写了加倍，没有读进去：请在细则的“活动期”里写明哪几天、几倍。")
    if any(quota.vague and quota.window for one in terms for quota in one.quotas):
        notes.doubt(8, "原表写着评几户，没有写是每个组还是全村，先按全村读，请核对。")
    for quota in (quota for one in terms for quota in one.quotas if not quota.window):
        notes.doubt(20, f"原表写着名额{quota.most}户，没有写多长时间，先按一年读，请核对。")
    strange = next((one.strange for one in terms if one.strange), "")
    if strange:
        notes.doubt(20, f"计分的单位“{strange}”没有读懂，请核对按什么计分。")
    if any(one.quota for one in terms):
        notes.doubt(20, "这里写了名额，没有读进去：请在上限里自己写上“每网格最多几户”或“每村最多几户”。")
    if any(one.changed for one in terms):
        notes.doubt(18, "这里还写了加减分的别的办法（减半、各计分等），没有读进去，请核对。")
    if any(value.denominator != 1 for value in span):
        notes.doubt(25, "分数不是整数，请改成整数。")


def _sides(title: str, terms: Sequence[Terms], notes: _Notes) -> Sides | None:
    """What the helped get besides; both of a couple are one household, and nobody is helped."""
    sides = next((one.sides for one in terms if one.sides is not None), None)
    if sides is None or not sides.both or not COUPLE.search(title):
        return sides
    notes.doubt(20, "原表写着双方各多少分，看不出是不是两户，先按一户读，请核对。")
    return None


def _doubt_more(
    title: str, per: str, kinds: frozenset[str], sides: Sides | None, later: Found | None, notes: _Notes
) -> bool:
    """Say what was made a rule of though it is told in another way; whether each person counts in each period."""
    if later is not None:
        notes.doubt(14, "第一次和以后给的分不一样，读成了两条，第一次的那条一户只记一次，请核对。")
    if BEGINS_LATER.match(title):
        notes.doubt(25, "这像是上一条的后半句（第一次以后给多少），请看是不是同一件事。")
    if sides is not None and sides.both:
        notes.doubt(8, "原表写着双方一样多：记在一户，另一户填在“还有谁”里，请核对。")
    persons = per in _PERIODS and "person" in kinds
    if persons:
        notes.doubt(10, "原表既按人又按时间：读成一段时间一次、几个人就算几份，请核对。")
    return persons


def _span(
    amounts: Sequence[Amount], terms: Sequence[Terms], full: Fraction | None, notes: _Notes
) -> tuple[Fraction, Fraction] | None:
    """The least and the most of points."""
    if amounts:
        return min(one.least for one in amounts), max(one.most for one in amounts)
    up_to = next((one.up_to for one in terms if one.up_to is not None), None)
    if up_to is not None:
        notes.doubt(12, f"只写了最高{say(up_to)}分，没有写最低多少，先按1至{say(up_to)}分读，请核对。")
        return Fraction(1), up_to
    if full is not None:
        notes.doubt(12, f"只写了满分{say(full)}分，没有写怎么扣，请核对。")
        return Fraction(0), full
    return None


def _told(minus: bool | None, amounts: Sequence[Amount], terms: Sequence[Terms]) -> bool | None:  # noqa: FBT001 - None: not told
    """The direction the column tells, or a cell beside an amount without a sign of its own."""
    if any(one.full is not None for one in terms) and any(one.minus for one in amounts):
        return True
    if minus is not None or any(one.minus is not None for one in amounts):
        return minus
    return next((one.minus for one in terms if one.minus is not None), None)


def _sign(place: Place, amounts: Sequence[Amount], minus: bool | None, notes: _Notes) -> bool:  # noqa: FBT001 - None: not told
    """Whether the item takes points: by its column, by its own words, then by where it stands."""
    if minus is not None:
        return minus
    signs = {one.minus for one in amounts}
    if True in signs:
        return True
    if place.minus and False in signs:
        notes.doubt(30, "这一条在扣分的栏里，写的却是加分，请看清是加还是减。")
        return False
    return bool(place.minus) and False not in signs


def say(value: Fraction) -> str:
    """A number as people write it."""
    return str(int(value)) if value.denominator == 1 else f"{float(value):g}"


def _per(kinds: frozenset[str], *, once: bool) -> str:
    """What is counted, where several words say it: the most particular."""
    if once:
        return "once"
    found = next((kind for kind in ("thing", "hour", *_PERIODS, "household", "person") if kind in kinds), "time")
    return "quantity" if found == "thing" else found


def _step(amounts: Sequence[Amount], terms: Sequence[Terms]) -> tuple[Fraction, str]:
    pairs = [(one.step, one.unit) for one in amounts] + [(one.step, one.unit) for one in terms]
    return next(((step or Fraction(1), unit) for step, unit in pairs if unit), (Fraction(1), ""))


def _levels(amounts: Sequence[Amount]) -> tuple[Level, ...]:
    """The steps of a matrix, where each has a name of its own."""
    titles = [clean_title(one.label, cut=True) for one in amounts]
    titles = [re.sub(r"^(?:其中|获得?|受到|评为|被评为)", "", title) or title for title in titles]
    if not all(titles) or len(set(titles)) != len(titles):
        return ()
    return tuple(Level(title=title, points=int(amount.most)) for title, amount in zip(titles, amounts, strict=True))


def clean_title(text: Line, *, cut: bool = False) -> str:
    """What a person would call the item: without list number, points words, dots and empty brackets.

    `cut`: the points were taken off its end, so that words leading to them (每次加 …) are no part of it.
    """
    cut = cut or "\0" in text.plain
    flat = unwrapped(unnumbered(text))
    pieces = [part for part in _unstruck(flat) if part.plain]
    if not pieces:
        return ""
    joined = Line("".join(part.shown for part in pieces), "".join(part.plain for part in pieces))
    for _ in range(4):
        before = joined
        joined = trimmed(joined, also="【】=+/")
        found = _EMPTY_BRACKETS.search(joined.plain)
        if found:
            joined = Line(
                joined.shown[: found.start()] + joined.shown[found.end() :],
                joined.plain[: found.start()] + joined.plain[found.end() :],
            )
        if cut and (tail := _TAIL.search(joined.plain)) is not None and tail.start() > 1:
            joined = joined.part(0, tail.start())
        if cut:
            joined = _condition(joined)
        if cut and (colon := joined.plain.find(":")) > 0 and len(joined.plain) - colon > 2:
            joined = joined.part(colon + 1)
        if (head := _HEAD.match(joined.plain)) is not None:
            joined = joined.part(head.end())
        joined = _balanced(joined)
        if joined == before:
            break
    return joined.shown.strip()


def _condition(text: Line) -> Line:
    """Of a sentence, what somebody must do: 损坏公共设施的，除照价赔偿外 → 损坏公共设施的."""
    stop = text.plain.rfind("。", 0, len(text.plain) - 1)
    if stop >= 0:
        text = text.part(stop + 1)
    comma = text.plain.find("的,")
    if comma > 0 and not re.search(r"的$|的,", text.plain[comma + 2 :]):
        text = text.part(0, comma + 1)
    tail = re.search(r"的(?:家庭|农户|村民|居民|群众|住户|户|个人|人员|人)?,?$", text.plain)
    return text.part(0, tail.start()) if tail and tail.start() > 1 else text


def _unstruck(text: Line) -> list[Line]:
    return [text.part(found.start(), found.end()) for found in re.finditer(r"[^\0]+", text.plain)]


def _balanced(text: Line) -> Line:
    """Drop a bracket whose partner went with the points."""
    if text.plain.count("(") == text.plain.count(")") + 1 and (at := text.plain.rfind("(")) >= 0:
        inside = text.plain[at + 1 :]
        if len(inside) <= 2:
            return text.part(0, at)
    if text.plain.count(")") == text.plain.count("(") + 1 and text.plain.endswith(")"):
        return text.part(0, len(text.plain) - 1)
    return text
