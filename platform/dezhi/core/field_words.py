"""What the fields of a sheet, and the choices in them, are called wherever people are told of them (B-14)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from dezhi.core.text import N_, Text, phrase

FIELDS: Final[Mapping[str, str]] = {
    "notice": N_("细则前面的话"),
    "board": N_("光荣榜"),
    "board_size": N_("光荣榜排到第几名"),
    "categories": N_("类别"),
    "items": N_("条目"),
    "bases": N_("基础分"),
    "campaigns": N_("活动期"),
    "milestones": N_("累计等级"),
    "on": N_("哪一天记"),
    "reminders": N_("提醒"),
    "title": N_("名称"),
    "category": N_("类别"),
    "points": N_("给多少"),
    "least": N_("最少"),
    "most": N_("最多"),
    "asset": N_("积分种类"),
    "beside": N_("另外给"),
    "holder": N_("记给谁"),
    "per": N_("按什么算"),
    "every": N_("每多少"),
    "unit": N_("单位"),
    "quantity_most": N_("一次最多填"),
    "caps": N_("上限"),
    "event_most": N_("一次最多给"),
    "levels": N_("分级"),
    "highest": N_("只取最高"),
    "inspection": N_("检查"),
    "sections": N_("评分项"),
    "preconditions": N_("前提"),
    "judges": N_("评委"),
    "blend": N_("自评和互评"),
    "tiers": N_("分档"),
    "coefficients": N_("系数"),
    "people": N_("还有谁"),
    "group": N_("一起得"),
    "vote": N_("村民表决"),
    "analogy": N_("比照别条"),
    "event": N_("同一件事"),
    "before": N_("先于"),
    "how": N_("怎么记"),
    "rhyme": N_("顺口溜"),
    "symbol": N_("图案"),
    "hint": N_("给记分员的提示"),
    "window": N_("多长时间里"),
    "times": N_("次数"),
    "minutes": N_("分钟数"),
    "of": N_("按谁合计"),
    "share": N_("合着算的一组"),
    "fill": N_("只记到满"),
    "full": N_("满分"),
    "defects": N_("不合格的"),
    "off": N_("一处减"),
    "weight": N_("占百分之"),
    "count_least": N_("最少几位"),
    "count_most": N_("最多几位"),
    "trim": N_("去掉几个最高最低"),
    "own": N_("自评占百分之"),
    "mutual": N_("互评占百分之"),
    "stars": N_("几颗星"),
    "percent": N_("百分之"),
    "role": N_("是谁"),
    "split": N_("平分"),
    "minus": N_("每次减"),
    "warnings": N_("先提醒几次"),
    "first": N_("第一天"),
    "last": N_("最后一天"),
    "rows": N_("管哪些条目"),
    "counts": N_("累计什么"),
}
WINDOWS: Final[Mapping[str, str]] = {
    "day": N_("每天"),
    "week": N_("每周"),
    "month": N_("每月"),
    "quarter": N_("每季"),
    "year": N_("每年"),
    "life": N_("总共"),
}
PERS: Final[Mapping[str, str]] = {
    "time": N_("每次"),
    "person": N_("每人次"),
    "household": N_("每户次"),
    "hour": N_("每小时"),
    "quantity": N_("按数量"),
}
_POINTS: Final[Mapping[str, str]] = {
    "moral": N_("道德积分"),
    "honour": N_("荣誉积分"),
    "hours": N_("志愿时"),
    "safe": N_("平安积分"),
    "count": N_("次数"),
}
_HOLDERS: Final[Mapping[str, str]] = {
    "household": N_("这一户"),
    "person": N_("个人"),
    "grid": N_("网格"),
    "village": N_("整个村"),
}
_CHOICES: Final[Mapping[str, Mapping[str, str]]] = {
    "asset": _POINTS,
    "counts": _POINTS,
    "holder": _HOLDERS,
    "of": _HOLDERS,
    "window": WINDOWS,
    "per": PERS,
    "role": {
        "doer": N_("一起做的人"),
        "helped": N_("受帮助的人"),
        "witness": N_("见证人"),
        "group": N_("整组"),
    },
}
_CODED: Final = frozenset({"category", "rows", "before"})
"""Fields that name other entries by their codes."""
ASIDE: Final = frozenset({"code", "symbol", "source"})
"""Fields that are not the villagers' matter."""


def field_word(name: str) -> Text:
    """What a field is called; one of another plugin keeps its own name."""
    return phrase(FIELDS[name]) if name in FIELDS else name


def value_word(name: str, value: object, titles: Mapping[str, str]) -> Text:
    """What stands in a field, in words; `titles` are those of the sheet's entries by code."""
    if isinstance(value, bool):
        return phrase(N_("是") if value else N_("否"))
    text = str(value)
    if word := _CHOICES.get(name, {}).get(text):
        return phrase(word)
    return titles.get(text, text) if name in _CODED else text


Place = tuple[str, ...]
"""Where a value stands in an entry: names of fields, titles of the entries in them, or their number."""


def leaf_word(at: Place, value: object, titles: Mapping[str, str]) -> Text:
    """A value behind the words that say where it stands: `检查 不合格的 不干净 一处减 5`."""
    field = next((step for step in reversed(at) if not step.isdigit()), "")
    said = value_word(field, value, titles)
    for step in reversed(at):
        said = phrase(N_("%(where)s %(value)s"), where=field_word(step), value=said)
    return said


def leaves_of(value: object, at: Place = ()) -> Iterator[tuple[Place, object]]:
    """Every single value of an entry with its place."""
    parts: Iterator[tuple[str, object]]
    if isinstance(value, Mapping):
        parts = ((key, one) for key, one in value.items() if key not in ASIDE)
    elif isinstance(value, list | tuple):
        coded = entries_of(value) or _titled(value)
        # The title stands in the place, so it is no value besides.
        parts = (
            (str(one.get("title") or code), {name: each for name, each in one.items() if name != "title"})
            for code, one in coded.items()
        )
        if not coded:
            # The number tells two apart; a single one needs none.
            parts = ((str(number) if len(value) > 1 else "", one) for number, one in enumerate(value, 1))
    else:
        yield at, value
        return
    for key, one in parts:
        yield from leaves_of(one, (*at, key) if key else at)


def _titled(listed: Sequence[object]) -> dict[str, Mapping[str, Any]]:
    """Entries without codes by their titles, where each has one of its own."""
    found = {str(one["title"]): one for one in listed if isinstance(one, Mapping) and one.get("title")}
    return found if len(found) == len(listed) else {}


def titles_of(*settings: Mapping[str, Any]) -> dict[str, str]:
    """The titles of everything a sheet lists, by code."""
    return {
        code: str(one["title"])
        for each in settings
        for listed in each.values()
        for code, one in entries_of(listed).items()
        if one.get("title")
    }


def entries_of(document: object) -> dict[str, Mapping[str, Any]]:
    """The entries of a document by their codes; nothing where it is no list of coded entries."""
    if not isinstance(document, list | tuple):
        return {}
    found = {str(one["code"]): one for one in document if isinstance(one, Mapping) and one.get("code")}
    return found if len(found) == len(document) else {}
