"""What changes from one version of a programme to the next, in sentences a villager understands (B-14)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

import msgspec

from dezhi.core.amounts import duration, points, times
from dezhi.core.field_words import entries_of, field_word, leaf_word, leaves_of, titles_of
from dezhi.core.keeping import Keeping
from dezhi.core.programmes import Document, Enabled
from dezhi.core.text import N_, Phrase, Text, phrase
from dezhi.plugin import Asset, Cap, HolderKind, Item, Line, People, Question, Subject, Window


class Change(StrEnum):
    """Whether something is there now and was not, is otherwise, or is no longer."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that changes. `code` is the item's full code, the plugin's name, or empty for the whole programme.

    `field` is a stable word for what of it changes, empty where all of it comes or goes. `title`, `before`, `after` and
    `sentence` are texts to be said in the reader's language; `before` and `after` are empty where there is none.
    """

    kind: Change
    code: str
    title: Text
    field: str
    before: Text
    after: Text
    sentence: Text


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
_HOLDERS: Final[Mapping[HolderKind, str]] = {HolderKind.HOUSEHOLD: N_("记到户"), HolderKind.PERSON: N_("记到人")}
_KEPT: Final[Mapping[str, str]] = {
    "lapse": N_("道德积分什么时候到期"),
    "lapse_months": N_("自动过期：保留几个月"),
    "clearing_days": N_("年终清零：提前几天公告"),
    "pick_up_days": N_("兑换的东西几天内来取"),
    "overdraft": N_("最多可以先用几分"),
    "to_kin": N_("可以转给家里 60 岁以上的亲人"),
    "to_pool": N_("可以捐到村里的志愿时池"),
    "hours_limit": N_("每人最多存几小时"),
    "fen": N_("一分折合多少元"),
}
_LAPSES: Final[Mapping[str, str]] = {
    "never": N_("不过期"),
    "year": N_("年终清零"),
    "months": N_("满若干个月自动过期"),
}
_FIGURES: Final = re.compile(r"\d+")
NONE: Final = N_("无")
YES: Final = N_("是")
NO: Final = N_("否")


def differences(
    before_items: Mapping[str, Item],
    after_items: Mapping[str, Item],
    before: Document | None = None,
    after: Document | None = None,
) -> tuple[Difference, ...]:
    """Compare two versions: items by their full codes, then plugins, their settings and the rules of keeping.

    New items come first, then changed and gone ones, each group in the order of the sheet it stands in. An item that
    changed its title and kept its code was renamed. A document that is missing is not compared.
    """
    found = [*_items(before_items, after_items)]
    if before is not None and after is not None:
        found += _documents(before, after, {each.code for each in found})
    order = list(Change)
    return tuple(sorted(found, key=lambda each: order.index(each.kind)))


def _items(before: Mapping[str, Item], after: Mapping[str, Item]) -> Iterator[Difference]:
    for code, item in after.items():
        if code not in before:
            yield _whole(Change.NEW, code, item)
        else:
            yield from _changed(code, before[code], item)
    for code, item in before.items():
        if code not in after:
            yield _whole(Change.GONE, code, item)


def _whole(kind: Change, code: str, item: Item) -> Difference:
    """An item that comes or goes; a new one is told with all its limits."""
    title, worth = phrase(item.title), _worth(item)
    if kind is Change.GONE:
        sentence = phrase(N_("不再记：%(title)s（原来%(worth)s）"), title=title, worth=worth)
        return Difference(kind=kind, code=code, title=title, field="", before=worth, after="", sentence=sentence)
    text = N_("新增：%(title)s %(worth)s，%(caps)s") if item.caps else N_("新增：%(title)s %(worth)s")
    sentence = phrase(text, title=title, worth=worth, caps=_caps(item))
    return Difference(kind=kind, code=code, title=title, field="", before="", after=worth, sentence=sentence)


def _changed(code: str, old: Item, new: Item) -> Iterator[Difference]:
    """What of one item is otherwise; its symbol, source and heading are not the villagers' matter."""
    title = phrase(new.title)
    told: Sequence[tuple[str, bool, str, Text, Text]] = (
        ("title", old.title != new.title, N_("改名：%(before)s→%(after)s"), phrase(old.title), title),
        ("lines", old.lines != new.lines, N_("%(title)s：%(before)s→%(after)s"), _worth(old), _worth(new)),
        ("caps", _by_cap(old) != _by_cap(new), N_("%(title)s的上限：%(before)s→%(after)s"), _caps(old), _caps(new)),
        (
            "holder",
            old.holder != new.holder,
            N_("%(title)s：%(before)s→%(after)s"),
            phrase(_HOLDERS[old.holder]),
            phrase(_HOLDERS[new.holder]),
        ),
        (
            "how",
            _told_by_how(old, new),
            N_("%(title)s怎么记：“%(before)s”→“%(after)s”"),
            phrase(old.how),
            phrase(new.how),
        ),
        (
            "hint",
            old.hint != new.hint,
            N_("%(title)s看什么：“%(before)s”→“%(after)s”"),
            _or_none(old.hint),
            _or_none(new.hint),
        ),
        (
            "asked",
            _names(old) != _names(new),
            N_("%(title)s要填的：%(before)s→%(after)s"),
            _asked(old),
            _asked(new),
        ),
        (
            "quiet",
            old.quiet != new.quiet,
            N_("%(title)s只提醒本户、不公开：%(before)s→%(after)s"),
            _yes(old.quiet),
            _yes(new.quiet),
        ),
    )
    silent = _matter(old) != _matter(new)
    for field, differs, text, before, after in told:
        if differs:
            silent = False
            sentence = phrase(text, title=title, before=before, after=after)
            yield Difference(
                kind=Change.CHANGED, code=code, title=title, field=field, before=before, after=after, sentence=sentence
            )
    if silent:
        sentence = phrase(N_("%(title)s的记法有改动"), title=title)
        yield Difference(
            kind=Change.CHANGED, code=code, title=title, field="more", before="", after="", sentence=sentence
        )


def _documents(before: Document, after: Document, told: set[str]) -> Iterator[Difference]:
    """What changes beside the items. `told` are the codes of items that already tell of their part of a document."""
    for name, plugin in after.plugins.items():
        old = before.plugins.get(name)
        if old is None:
            yield _plugin(Change.NEW, name, N_("开始用：%(title)s（%(after)s版）"), "", plugin.version)
            continue
        if old.version != plugin.version:
            text = N_("插件 %(title)s：%(before)s版→%(after)s版")
            yield _plugin(Change.CHANGED, name, text, old.version, plugin.version)
        yield from _settings(name, old, plugin, told)
    for name, plugin in before.plugins.items():
        if name not in after.plugins:
            yield _plugin(Change.GONE, name, N_("不再用：%(title)s（%(before)s版）"), plugin.version, "")
    if before.notice_days != after.notice_days:
        yield _of_programme("notice_days", N_("公示天数"), _days(before.notice_days), _days(after.notice_days))
    if before.privacy_notice != after.privacy_notice:
        old_notice, new_notice = _or_none(before.privacy_notice), _or_none(after.privacy_notice)
        sentence = phrase(N_("个人信息处理告知书有改动"))
        yield Difference(
            kind=Change.CHANGED,
            code="",
            title=N_("个人信息处理告知书"),
            field="privacy_notice",
            before=old_notice,
            after=new_notice,
            sentence=sentence,
        )
    for field, title in _KEPT.items():
        old_value, new_value = getattr(before.keeping, field), getattr(after.keeping, field)
        if old_value != new_value:
            yield _of_programme(field, title, _kept(field, before.keeping), _kept(field, after.keeping))


def _plugin(kind: Change, name: str, text: str, before: str, after: str) -> Difference:
    sentence = phrase(text, title=name, before=before, after=after)
    return Difference(kind=kind, code=name, title=name, field="version", before=before, after=after, sentence=sentence)


def _settings(name: str, old: Enabled, new: Enabled, told: set[str]) -> Iterator[Difference]:
    """One sentence a setting; of a document one for each of its entries that no item tells of."""
    titles = titles_of(old.settings, new.settings)
    for field in dict.fromkeys((*new.settings, *old.settings)):
        before, after = old.settings.get(field), new.settings.get(field)
        if before == after:
            continue
        if all(value is None or isinstance(value, str | int | float) for value in (before, after)):
            text = N_("%(plugin)s的设置“%(title)s”：%(before)s→%(after)s")
            yield _setting(name, field, field_word(field), text, _value(before), _value(after))
            continue
        was, now = entries_of(before), entries_of(after)
        if not was and not now:
            yield _setting(name, field, field_word(field), N_("%(plugin)s的设置“%(title)s”有改动"), "", "")
        for code in dict.fromkeys((*now, *was)):
            if was.get(code) != now.get(code) and f"{name}/{code}" not in told:
                yield _entry(name, field, was.get(code, {}), now.get(code, {}), titles)


def _setting(name: str, field: str, title: Text, text: str, before: Text, after: Text, what: Text = "") -> Difference:
    sentence = phrase(text, plugin=name, title=title, before=before, after=after, what=what)
    return Difference(
        kind=Change.CHANGED,
        code=name,
        title=title,
        field=f"settings.{field}",
        before=before,
        after=after,
        sentence=sentence,
    )


def _entry(
    name: str, field: str, was: Mapping[str, Any], now: Mapping[str, Any], titles: Mapping[str, str]
) -> Difference:
    """An entry of a document, such as a campaign, with what of it is otherwise: `最后一天 2026-10-31`."""
    title, what = str((now or was).get("title") or (now or was)["code"]), field_word(field)
    old, new = dict(leaves_of(was)), dict(leaves_of(now))
    aside = () if was and now else (("title",),)
    before, after = (
        _joined(
            [leaf_word(at, value, titles) for at, value in one.items() if other.get(at) != value and at not in aside]
        )
        for one, other in ((old, new), (new, old))
    )
    if not was:
        told = new.keys() - aside
        text = N_("新增%(what)s“%(title)s”：%(after)s") if told else N_("新增%(what)s“%(title)s”")
        return _setting(name, field, title, text, "", after if told else "", what)
    if not now:
        told = old.keys() - aside
        text = N_("不再有%(what)s“%(title)s”（原来%(before)s）") if told else N_("不再有%(what)s“%(title)s”")
        return _setting(name, field, title, text, before if told else "", "", what)
    text = N_("%(what)s“%(title)s”：%(before)s→%(after)s") if old != new else N_("%(what)s“%(title)s”有改动")
    return _setting(name, field, title, text, before, after, what)


def _of_programme(field: str, title: str, before: Text, after: Text) -> Difference:
    sentence = phrase(N_("%(title)s：%(before)s→%(after)s"), title=phrase(title), before=before, after=after)
    return Difference(
        kind=Change.CHANGED, code="", title=title, field=field, before=before, after=after, sentence=sentence
    )


def _joined(parts: Sequence[Text], none: str = NONE) -> Text:
    """Say several things one after the other."""
    if not parts:
        return phrase(none)
    said = parts[0]
    for part in parts[1:]:
        said = phrase(N_("%(first)s、%(then)s"), first=said, then=part)
    return said


def _worth(item: Item) -> Text:
    given = [line for line in item.lines if line.asset is not Asset.COUNT] or item.lines
    return phrase(N_("只提醒")) if item.quiet else _joined([_line(line) for line in given])


def _line(line: Line) -> Text:
    least, most = _amount(line.asset, line.amount_min), _amount(line.asset, line.amount_max)
    amount = most if line.amount_min == line.amount_max else phrase(N_("%(least)s到%(most)s"), least=least, most=most)
    return phrase(_ASSETS[line.asset], amount=amount)


def _amount(asset: Asset, number: int) -> Phrase:
    if asset is Asset.HOURS:
        return duration(number)
    return times(number) if asset is Asset.COUNT else points(number)


def _told_by_how(old: Item, new: Item) -> bool:
    """Whether the sentence that says how to earn it has to be told: new words, or figures that nothing else tells."""
    if _FIGURES.sub("", old.how) != _FIGURES.sub("", new.how):
        return True
    gone, come = (set(_FIGURES.findall(one.how)) for one in (old, new))
    return bool((gone - come) - _figures(old) or (come - gone) - _figures(new))


def _figures(item: Item) -> set[str]:
    """The figures of an item's points and limits, which `how` often repeats."""
    limits = [number for cap in item.caps for number in (cap.times_max, cap.amount_max) if number is not None]
    ends = [end for line in item.lines for end in (line.amount_min, line.amount_max)]
    return {str(number) for number in (*limits, *ends)}


def _names(item: Item) -> tuple[object, ...]:
    """What an item asks for, by what people read of it."""
    questions, people = [each.title for each in item.questions], [each.title for each in item.people]
    return (item.ask, *questions, *people)


def _matter(item: Item) -> Item:
    """An item without what is not the villagers' matter."""
    return msgspec.structs.replace(item, symbol="", source="", category="c")


def _by_cap(item: Item) -> frozenset[Cap]:
    return frozenset(item.caps)


def _caps(item: Item) -> Text:
    return _joined([_cap(cap) for cap in item.caps], N_("不设上限"))


def _cap(cap: Cap) -> Text:
    most = times(cap.times_max or 0) if cap.asset is None else _amount(cap.asset, cap.amount_max or 0)
    said = phrase(_WINDOWS[cap.window], most=most)
    return phrase(_SHARED[cap.of], cap=said) if cap.of else said


def _asked(item: Item) -> Text:
    asked: list[Question | People] = [*item.questions, *item.people]
    own = {"minutes": [phrase(N_("时长"))], "points": [phrase(N_("分数"))]}.get(item.ask.value, [])
    return _joined([*own, *(phrase(each.title) for each in asked)])


def _or_none(text: str) -> Text:
    return phrase(text) if text else phrase(NONE)


def _yes(value: object) -> Phrase:
    return phrase(YES if value else NO)


def _days(number: int) -> Phrase:
    return phrase(N_("%(days)s天"), days=number)


def _kept(field: str, keeping: Keeping) -> Text:
    value: Any = getattr(keeping, field)
    if field == "lapse":
        return phrase(_LAPSES[value])
    if isinstance(value, bool):
        return _yes(value)
    if field == "hours_limit":
        return duration(value)
    return f"{value / 100:.2f}" if field == "fen" else str(value)


def _value(value: object) -> Text:
    if value is None:
        return phrase(NONE)
    return _yes(value) if isinstance(value, bool) else str(value)
