"""What an item gives, limits and asks, in the words of a comparison."""

from collections.abc import Mapping, Sequence
from typing import Final

from dezhi.core.amounts import duration, points, times
from dezhi.core.text import N_, Phrase, Text, phrase
from dezhi.plugin import Asset, Cap, Item, Line, People, Question, Subject, Window

_WINDOWS: Final[Mapping[Window, str]] = {
    Window.DAY: N_("每天最多%(most)s"),
    Window.WEEK: N_("每周最多%(most)s"),
    Window.MONTH: N_("每月最多%(most)s"),
    Window.QUARTER: N_("每季最多%(most)s"),
    Window.YEAR: N_("每年最多%(most)s"),
    Window.LIFE: N_("总共最多%(most)s"),
}
_SHARED: Final[Mapping[Subject, str]] = {
    Subject.GRID: N_("全网格合计%(cap)s"),
    Subject.VILLAGE: N_("全村合计%(cap)s"),
}
_ASSETS: Final[Mapping[Asset, str]] = {
    Asset.MORAL: N_("%(amount)s"),
    Asset.HONOUR: N_("荣誉%(amount)s"),
    Asset.HOURS: N_("志愿时%(amount)s"),
    Asset.SAFE: N_("平安%(amount)s"),
    Asset.COUNT: N_("只记次数"),
}
NONE: Final = N_("无")


def joined(parts: Sequence[Text], none: str = NONE) -> Text:
    """Say several things one after the other."""
    if not parts:
        return phrase(none)
    said = parts[0]
    for part in parts[1:]:
        said = phrase(N_("%(first)s、%(then)s"), first=said, then=part)
    return said


def worth_words(item: Item) -> Text:
    """How much an item gives: its own words, or its amounts."""
    given = [line for line in item.lines if line.asset is not Asset.COUNT] or item.lines
    if item.worth:
        return phrase(item.worth)
    return phrase(N_("只提醒")) if item.quiet else joined([_line(line) for line in given])


def _line(line: Line) -> Text:
    least, most = _amount(line.asset, line.amount_min), _amount(line.asset, line.amount_max)
    amount = most if line.amount_min == line.amount_max else phrase(N_("%(least)s到%(most)s"), least=least, most=most)
    return phrase(_ASSETS[line.asset], amount=amount)


def _amount(asset: Asset, number: int) -> Phrase:
    if asset is Asset.HOURS:
        return duration(number)
    return times(number) if asset is Asset.COUNT else points(number)


def caps_words(item: Item) -> Text:
    """An item's limits."""
    return joined([_cap(cap) for cap in item.caps], N_("不设上限"))


def _cap(cap: Cap) -> Text:
    most = times(cap.times_max or 0) if cap.asset is None else _amount(cap.asset, cap.amount_max or 0)
    said = phrase(_WINDOWS[cap.window], most=most)
    return phrase(_SHARED[cap.of], cap=said) if cap.of else said


def asked_words(item: Item) -> Text:
    """What the clerk is asked."""
    asked: list[Question | People] = [*item.questions, *item.people]
    own = {"minutes": [phrase(N_("时长"))], "points": [phrase(N_("分数"))]}.get(item.ask.value, [])
    return joined([*own, *(phrase(each.title) for each in asked)])


def or_none(text: str) -> Text:
    """A text, or that there is none."""
    return phrase(text) if text else phrase(NONE)
