"""What changes from one version of a programme to the next, in sentences a villager understands (B-14)."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

import msgspec

from dezhi.core.amounts import duration
from dezhi.core.field_words import Place, entries_of, field_word, leaf_word, leaves_of, titles_of
from dezhi.core.item_words import NONE, asked_words, caps_words, joined, or_none, worth_words
from dezhi.core.keeping import Keeping
from dezhi.core.programmes import Document, Enabled
from dezhi.core.text import N_, Phrase, Text, phrase
from dezhi.plugin import Cap, HolderKind, Item


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
_TOLD_BY: Final[Mapping[str, frozenset[str]]] = {
    "title": frozenset({"title"}),
    "lines": frozenset({"points", "least", "most", "asset", "per", "every", "unit", "beside", "on"}),
    "caps": frozenset({"caps", "window"}),
    "holder": frozenset({"holder"}),
    "how": frozenset({"how", "rhyme"}),
    "hint": frozenset({"hint"}),
}
"""Which fields of a sheet's entry are told already by what an item tells, by the item's field."""
_UNTOLD: Final = frozenset({"share", "fill"})
"""Fields of a limit that its words leave out."""
_FIGURES: Final = re.compile(r"\d+")
_REPEATS: Final = re.compile(r"(?:每(?:人次|户次|[次天周月季年])|最多|\d+[分次]|[，；。])*")
"""A sentence on how to earn an item that only says again what the item gives and its limits."""
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
    found = [*_items(before_items, after_items, _entries(before, after) if before and after else {})]
    if before is not None and after is not None:
        told: dict[str, set[str]] = {}
        for each in found:
            told.setdefault(each.code, set()).update(_TOLD_BY.get(each.field, {each.field}))
        found += _documents(before, after, told)
    order = list(Change)
    return tuple(sorted(found, key=lambda each: order.index(each.kind)))


Entry = tuple[Mapping[str, Any], Mapping[str, Any]]
"""What a sheet says of an item, before and after."""


def _entries(before: Document, after: Document) -> Mapping[str, Entry]:
    """The entries that both documents have, by the full codes of the items they become."""
    old, new = ({**_nested(one), **_listed(one)} for one in (before, after))
    return {code: (entry, new[code]) for code, entry in old.items() if code in new}


def _listed(document: Document) -> dict[str, Mapping[str, Any]]:
    return {
        f"{name}/{code}": entry
        for name, plugin in document.plugins.items()
        for listed in plugin.settings.values()
        for code, entry in entries_of(listed).items()
    }


def _nested(document: Document) -> dict[str, Mapping[str, Any]]:
    """Entries within entries, such as the reminders of a base."""
    return {
        f"{full.partition('/')[0]}/{code}": entry
        for full, one in _listed(document).items()
        for listed in one.values()
        for code, entry in entries_of(listed).items()
    }


def _items(before: Mapping[str, Item], after: Mapping[str, Item], entries: Mapping[str, Entry]) -> Iterator[Difference]:
    for code, item in after.items():
        if code not in before:
            yield _whole(Change.NEW, code, item)
        else:
            yield from _changed(code, before[code], item, entries.get(code))
    for code, item in before.items():
        if code not in after:
            yield _whole(Change.GONE, code, item)


def _whole(kind: Change, code: str, item: Item) -> Difference:
    """An item that comes or goes; a new one is told with its limits, and with how to earn it as on the rules page."""
    title, worth = phrase(item.title), worth_words(item)
    if kind is Change.GONE:
        sentence = phrase(N_("不再记：%(title)s（原来%(worth)s）"), title=title, worth=worth)
        return Difference(kind=kind, code=code, title=title, field="", before=worth, after="", sentence=sentence)
    text = N_("新增：%(title)s %(worth)s，%(caps)s") if item.caps else N_("新增：%(title)s %(worth)s")
    sentence = phrase(text, title=title, worth=worth, caps=caps_words(item))
    if not (_REPEATS.fullmatch(item.how) and set(_FIGURES.findall(item.how)) <= _figures(item)):
        sentence = phrase(N_("%(new)s。怎么记：%(how)s"), new=sentence, how=phrase(item.how))
    return Difference(kind=kind, code=code, title=title, field="", before="", after=worth, sentence=sentence)


def _changed(code: str, old: Item, new: Item, entry: Entry | None) -> Iterator[Difference]:
    """What of one item is otherwise; its symbol, source and heading are not the villagers' matter.

    Of an item with an entry in the sheet, what follows from the entry's other fields is told of these, in its place.
    """
    title = phrase(new.title)
    written = entry is None or any(entry[0].get(field) != entry[1].get(field) for field in _TOLD_BY["how"])
    asked = entry is None and _names(old) != _names(new)
    limited = _by_cap(old) != _by_cap(new) and caps_words(old) != caps_words(new)
    was, now = worth_words(old), worth_words(new)
    told: Sequence[tuple[str, bool, str, Text, Text]] = (
        ("title", old.title != new.title, N_("改名：%(before)s→%(after)s"), phrase(old.title), title),
        ("lines", was != now, N_("%(title)s：%(before)s→%(after)s"), was, now),
        ("caps", limited, N_("%(title)s的上限：%(before)s→%(after)s"), caps_words(old), caps_words(new)),
        (
            "holder",
            old.holder != new.holder,
            N_("%(title)s：%(before)s→%(after)s"),
            phrase(_HOLDERS[old.holder]),
            phrase(_HOLDERS[new.holder]),
        ),
        (
            "how",
            written and _told_by_how(old, new),
            N_("%(title)s怎么记：“%(before)s”→“%(after)s”"),
            phrase(old.how),
            phrase(new.how),
        ),
        (
            "hint",
            old.hint != new.hint,
            N_("%(title)s看什么：“%(before)s”→“%(after)s”"),
            or_none(old.hint),
            or_none(new.hint),
        ),
        ("asked", asked, N_("%(title)s要填的：%(before)s→%(after)s"), asked_words(old), asked_words(new)),
        (
            "quiet",
            old.quiet != new.quiet,
            N_("%(title)s只提醒本户、不公开：%(before)s→%(after)s"),
            _yes(old.quiet),
            _yes(new.quiet),
        ),
    )
    silent = entry is None and _matter(old) != _matter(new)
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


def _documents(before: Document, after: Document, told: Mapping[str, set[str]]) -> Iterator[Difference]:
    """What changes beside the items. `told` are the fields of entries that items already tell of, by the items' codes.

    An empty field is all of them.
    """
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
        old_notice, new_notice = or_none(before.privacy_notice), or_none(after.privacy_notice)
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


def _settings(name: str, old: Enabled, new: Enabled, told: Mapping[str, set[str]]) -> Iterator[Difference]:
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
            aside = told.get(f"{name}/{code}", set())
            if was.get(code) != now.get(code) and "" not in aside:
                yield from _entry(name, field, (was.get(code, {}), now.get(code, {})), titles, aside)


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
    name: str, field: str, entry: Entry, titles: Mapping[str, str], told: Collection[str]
) -> Iterator[Difference]:
    """An entry of a document, such as a campaign, with what of it is otherwise: `最后一天 2026-10-31`.

    `told` are fields that are told elsewhere.
    """
    was, now = entry
    title, what = str((now or was).get("title") or (now or was)["code"]), field_word(field)
    old, new = ({at: value for at, value in leaves_of(one) if _untold(at, told)} for one in entry)
    if told and old == new:
        return
    aside = () if was and now else (("title",),)
    before, after = (
        joined(
            [leaf_word(at, value, titles) for at, value in one.items() if other.get(at) != value and at not in aside]
        )
        for one, other in ((old, new), (new, old))
    )
    if not was:
        listed = new.keys() - aside
        text = N_("新增%(what)s“%(title)s”：%(after)s") if listed else N_("新增%(what)s“%(title)s”")
        yield _setting(name, field, title, text, "", after if listed else "", what)
    elif not now:
        listed = old.keys() - aside
        text = N_("不再有%(what)s“%(title)s”（原来%(before)s）") if listed else N_("不再有%(what)s“%(title)s”")
        yield _setting(name, field, title, text, before if listed else "", "", what)
    else:
        text = N_("%(what)s“%(title)s”：%(before)s→%(after)s") if old != new else N_("%(what)s“%(title)s”有改动")
        yield _setting(name, field, title, text, before, after, what)


def _untold(at: Place, told: Collection[str]) -> bool:
    return not at or at[0] not in told or (at[-1] in _UNTOLD and len(at) > 1)


def _of_programme(field: str, title: str, before: Text, after: Text) -> Difference:
    sentence = phrase(N_("%(title)s：%(before)s→%(after)s"), title=phrase(title), before=before, after=after)
    return Difference(
        kind=Change.CHANGED, code="", title=title, field=field, before=before, after=after, sentence=sentence
    )


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
