"""What a few words say about points: how many, for what, how often, and up to what limit."""

import re
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Final

import msgspec
from msgspec.structs import replace

from .conditions import TURN, Sides, Streak, sides_in, streak_in
from .patterns import (
    AMOUNT,
    CHANGED,
    CLASSIFIERS,
    DOUBLED,
    FLOOR,
    FULL,
    HIGHEST,
    JUDGED,
    KINDS,
    LEADING,
    LIMITS,
    MARKED,
    MINUS,
    MONEY,
    NAKED,
    ONCE,
    OTHER_FIGURES,
    PRICE,
    QUOTA,
    RATE,
    RHYTHM,
    SHARED,
    SLASH,
    THRESHOLD,
    TIMES,
    TOKEN,
    WINDOW,
)
from .quotas import QUOTAS, TOWNS, Quota, quota_of
from .text import NUMBER, NUMERALS, Line, number

# ── what is found ──


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """The most in a window (day … year, life; `event`: in one deed), in points, in times, or in another unit."""

    window: str
    most: int
    unit: str  # 分, 次, 小时 …
    person: bool = False  # 每人每周最多18分: each person has a count
    winners: bool = False  # 限5户: so many households, or so many times


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a matrix: 省级 30."""

    title: str
    points: int


class Amount(msgspec.Struct, frozen=True, kw_only=True):
    """Points as written: 5, 5-10, −3; `label` is what stands before it, `per` and `step` what it counts by."""

    least: Fraction
    most: Fraction
    minus: bool | None  # None where no sign and no word tells
    label: Line
    per: frozenset[str] = frozenset()
    step: Fraction | None = None
    unit: str = ""
    start: int
    end: int
    stepped: bool = False  # `label` is a step's heading
    each: bool = False  # 每100元, not 满100元


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """All that was understood of a text, and what of it was not."""

    amounts: tuple[Amount, ...] = ()
    limits: tuple[Limit, ...] = ()
    per: frozenset[str] = frozenset()  # said apart from an amount
    step: Fraction | None = None
    unit: str = ""
    full: Fraction | None = None  # 满分
    floor: bool = False  # 扣完为止
    highest: bool = False  # 取最高分
    once: bool = False
    doubled: bool = False  # 首月双倍
    judged: bool = False  # 视情况
    up_to: Fraction | None = None  # 最高10分, with no other amount
    minus: bool | None = None  # the direction, where it is said apart from an amount: 每处扣
    quotas: tuple[Quota, ...] = ()
    quota: bool = False  # so many of a village or a group, in words that make no `quotas`
    changed: bool = False  # 党员减半, 各计分: nothing was made of it
    sides: Sides | None = None  # what the helped get besides
    turn: bool = False  # the first amount is of the first time, the second of later ones
    streak: Streak | None = None
    strange: str = ""  # what points are counted by, in words nobody knows: 3分/蔸
    left: str = ""  # the rest; understood places are \0

    @property
    def empty(self) -> bool:
        """Whether nothing about points was found."""
        return not (self.amounts or self.limits or self.per or self.once or self.full or self.step or self.quotas)


# ── reading ──

_WINNERS: Final = frozenset({"户", "人"})
_POINTS_OR_TIMES: Final = TIMES | {"分"}
_STRANGE: Final = re.compile(r"(?<=\0)/(?P<behind>[一-鿿]{1,4})|(?P<before>[每按][一-鿿]{1,3})(?=\0)")
"""A unit nobody knows beside points: 3分/蔸, 每畦3分."""
_SPEAKS: Final = re.compile(rf"[\d{NUMERALS}每各折限消清降升名取就扣双加翻视酌按根高复连蝉]")
"""A character without which nothing is said of points."""


class _Rest:
    """A text whose understood places are struck out, so that nothing is understood twice."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._hidden: tuple[int, str] = (0, "")

    def strike(self, start: int, end: int) -> None:
        """Take one place as understood."""
        self.text = self.text[:start] + "\0" * (end - start) + self.text[end:]

    def hide(self, words: str) -> None:
        """Keep words from being read as points, though they stay part of what is left."""
        start = self.text.find(words)
        if start >= 0:
            self._hidden = start, words
            self.text = self.text.replace(words, "\1" * len(words), 1)

    def shown(self) -> str:
        """What is left, with the words that were hidden."""
        start, words = self._hidden
        own = (words[at - start] if character == "\1" else character for at, character in enumerate(self.text))
        return "".join(own) if words else self.text

    def take(
        self, pattern: re.Pattern[str], test: Callable[[re.Match[str]], bool] | None = None
    ) -> list[re.Match[str]]:
        """Every place of the pattern that passes the test, struck out."""
        found = [
            match
            for match in pattern.finditer(self.text)
            if match.group() and "\0" not in match.group() and (test is None or test(match))
        ]
        for match in found:
            self.strike(*match.span())
        return found


@lru_cache(maxsize=4_096)
def read_terms(text: Line, *, naked: bool = False) -> Terms:
    """Understand a text; `naked` where a figure alone is points, as in a column of points."""
    if not _SPEAKS.search(text.plain):
        return Terms(left=text.plain)
    rest = _Rest(text.plain)
    rest.take(OTHER_FIGURES)
    streak = streak_in(rest.text)
    sides = sides_in(rest.text)
    for span in sides.spans if sides is not None else ():
        rest.strike(*span)
    turn = _turn(rest)
    if streak is not None:
        rest.hide(streak.words)
    quota = bool(rest.take(TOWNS))
    quotas = tuple(one for pattern in QUOTAS for match in rest.take(pattern) if (one := quota_of(match)))
    quota = bool(rest.take(QUOTA)) or quota
    changed = CHANGED.search(rest.text) is not None
    rest.take(MONEY)
    rest.take(PRICE)
    highest = bool(rest.take(HIGHEST))
    floor = bool(rest.take(FLOOR))
    full = next((value for match in rest.take(FULL) if (value := number(match["n"] or match["n2"])) is not None), None)
    rest.take(THRESHOLD)
    limits, up_to = _limits(rest)
    rhythm, more = _rhythm(rest)
    once = bool(rest.take(ONCE))
    doubled = bool(rest.take(DOUBLED))
    judged = bool(rest.take(JUDGED))
    amounts = _shared(rest, text) or _amounts(rest, text, naked=naked)
    per, step, unit = _loose(rest)
    if up_to is not None and (amounts or full is not None):
        limits, up_to = [*limits, Limit(window="life", most=int(up_to), unit="分")], None
    return Terms(
        amounts=amounts, limits=(*limits, *more), per=per | rhythm, step=step, unit=unit, full=full, floor=floor,
        highest=highest, once=once, doubled=doubled, judged=judged, up_to=up_to, quotas=quotas, quota=quota,
        changed=changed, sides=sides, turn=turn and len(amounts) == _TURNS, streak=streak,
        strange=_strange(rest.text) if amounts else "", left=rest.shown(),
    )  # fmt: skip


def _turn(rest: _Rest) -> bool:
    """Take the words for the first time and for later ones, so that neither makes the item once or names a step."""
    found = TURN.search(rest.text)
    if found is None:
        return False
    rest.strike(*found.span("first"))
    rest.strike(*found.span("later"))
    return True


_TURNS: Final = 2
"""Amounts there are where the first time gives another than later ones."""


def _strange(left: str) -> str:
    found = _STRANGE.search(left)
    return (found["behind"] or found["before"]) if found else ""


def window_of(match: re.Match[str]) -> str:
    """The window a match of `WINDOWS` or of a limit names; empty where it names none."""
    groups = match.groupdict()
    slash = groups.get("slash")
    if slash:
        return SLASH[slash[0]]
    return next((kind for kind in WINDOW if groups.get(kind) or groups.get(f"{kind}2")), "")


def _limits(rest: _Rest) -> tuple[list[Limit], Fraction | None]:
    found: list[Limit] = []
    up_to: Fraction | None = None
    for pattern in LIMITS:
        for match in rest.take(pattern):
            value = number(match["n"])
            if value is None or not value:
                continue
            unit = match["unit"] or "分"
            window = window_of(match)
            if not window and unit == "分":
                up_to = value
                continue
            limit = limit_of(window or ("life" if unit in _POINTS_OR_TIMES else "event"), int(value), unit)
            found.append(replace(limit, person=_is_person(match), winners=unit in _WINNERS))
    return found, up_to


def _is_person(match: re.Match[str]) -> bool:
    """Tell whether a limit is said of each person."""
    return any(re.search("人", match.groupdict().get(name) or "") for name in ("who", "who2", "who3"))


def limit_of(window: str, most: int, unit: str) -> Limit:
    """A limit, in times where its unit counts times."""
    return Limit(window=window, most=most, unit="次" if unit in TIMES else unit)


def _rhythm(rest: _Rest) -> tuple[frozenset[str], list[Limit]]:
    """每月1次: at most so often, and counted by the time."""
    found: list[Limit] = []
    for match in (*rest.take(RHYTHM), *rest.take(RATE)):
        value, window = number(match["n"]), window_of(match)
        if value and window not in {"", "event"}:
            found.append(Limit(window=window, most=int(value), unit="次", person=_is_person(match)))
    return (frozenset({"time"}) if found else frozenset()), found


def kind_of(unit: str) -> str:
    """What a classifier counts: one of the periods, hour, person, household, time, or a thing."""
    if unit.startswith(("人次", "人/次")):
        return "person"
    if unit.startswith(("户次", "户/次")):
        return "household"
    return next((kind for kind in KINDS if re.fullmatch(CLASSIFIERS[kind], unit)), "thing")


def _amounts(rest: _Rest, text: Line, *, naked: bool) -> tuple[Amount, ...]:
    found: list[Amount] = []
    matches = rest.take(AMOUNT, lambda match: _sensible(match, text.plain)) or _marked(rest)
    if naked and not matches:
        matches = _naked(rest)
    last = 0
    for match in matches:
        amount = _amount(match, text, last)
        if amount is not None:
            found.append(amount)
            last = match.end()
    return tuple(found)


def _marked(rest: _Rest) -> list[re.Match[str]]:
    """Figures with a sign and no 分: before words where there is one, else behind them."""
    leading = LEADING.match(rest.text)
    alone = leading is not None and not MARKED.search(rest.text, leading.end())
    return rest.take(LEADING) if alone else rest.take(MARKED)


def _naked(rest: _Rest) -> list[re.Match[str]]:
    """Figures that are points by where they stand, but for those that say by how much is counted (每100元)."""
    whole = rest.text
    counted = [match.span() for match in rest.take(TOKEN)]
    matches = rest.take(NAKED, lambda match: match["a"][0].isdigit() or len(match.group()) == len(whole))
    shown = list(rest.text)
    for start, end in counted:
        shown[start:end] = whole[start:end]
    rest.text = "".join(shown)
    return matches


def _sensible(match: re.Match[str], text: str) -> bool:
    """十分重要 is no ten points: Chinese numerals count where a word before or a mark behind says so."""
    if match["a"][0].isdigit() or match["minus"] or match["plus"] or match["mark"] or match["pre"]:
        return True
    before, after = text[: match.start()][-1:], text[match.end() :][:1]
    return (not before or before in ",;。、:(…级奖\n\0") or (not after or after in "/,;。、)(每\n\0")


def _amount(match: re.Match[str], text: Line, last: int) -> Amount | None:
    groups = match.groupdict()
    least = number(groups["a"])
    most = number(groups["b"]) if groups["b"] else least
    if least is None or most is None:
        return None
    minus: bool | None = None
    if groups.get("minus") or groups["mark"] == "-":
        minus = True
    elif groups.get("plus") or groups["mark"] == "+":
        minus = False
    per, step, unit = _counted(
        [(groups.get("n"), groups.get("u")), (groups.get("n2"), groups.get("u2")), (groups.get("n3"), groups.get("u3"))]
        + [(None, groups.get(name)) for name in ("w", "u4", "u5")]
        + [(found["n"], found["u"]) for found in TOKEN.finditer(re.sub(r"[/·]|,?每", "每", groups.get("post") or ""))]
    )
    return Amount(
        least=min(least, most), most=max(least, most), minus=minus, label=text.part(last, match.start()),
        per=per, step=step, unit=unit, start=match.start(), end=match.end(),
        each=bool(groups.get("u")),
    )  # fmt: skip


def _counted(pairs: list[tuple[str | None, str | None]]) -> tuple[frozenset[str], Fraction | None, str]:
    per: set[str] = set()
    step: Fraction | None = None
    thing = ""
    for figure, unit in pairs:
        if not unit:
            continue
        kind = kind_of(unit)
        if kind == "time" and figure and number(figure) not in {None, Fraction(1)}:
            kind = "thing"
        per.add(kind)
        if kind in {"thing", "hour"} or figure:
            step = number(figure) if figure else Fraction(1)
            thing = unit
    return frozenset(per), step, thing


def _loose(rest: _Rest) -> tuple[frozenset[str], Fraction | None, str]:
    """每人次, 每100元 … which stand apart from the figure."""
    return _counted([(match["n"], match["u"]) for match in rest.take(TOKEN)])


def _shared(rest: _Rest, text: Line) -> tuple[Amount, ...]:
    """国家、省、市级表彰分别加50、30、20分: as many figures as words before."""
    for pattern in SHARED:
        match = pattern.search(rest.text)
        if match is None or "\0" in match.group():
            continue
        figures = [number(figure) for figure in re.findall(NUMBER, match["figures"])]
        start = match.start("labels")
        labels = [
            text.part(start + found.start(), start + found.end())
            for found in re.finditer(r"[^、/和及与]+", match["labels"])
        ]
        if len(labels) != len(figures) or len(figures) == 1 or None in figures:
            continue
        rest.strike(*match.span())
        minus = bool(re.search(MINUS, match.group()[len(match["labels"]) :])) or None
        start, end = match.span()
        return tuple(
            Amount(least=figure, most=figure, minus=minus, label=label, start=start, end=end)
            for label, figure in zip(labels, figures, strict=True)
            if figure is not None
        )
    return ()
