"""What items, limits, amounts and households are called, so that no two pages say one thing in two ways."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from dezhi.core.amounts import duration, points, times
from dezhi.core.events import ASSET_OF, AssetId
from dezhi.core.names import called_after
from dezhi.core.programmes import Resolution
from dezhi.core.text import N_, Phrase, counted, phrase
from dezhi.host import Held
from dezhi.plugin import Ask, Asset, Cap, HolderKind, Item, Line, Subject, Window, spoken_amount
from dezhi.service.liabilities import Liability
from dezhi.web.languages import listed, translate as _
from dezhi.web.rendering import day, hours, moment, num, short_day

# Moral points are what people mean by 分; what is neither money nor time is told apart by its own word.
_BEFORE = {Asset.MORAL: "", Asset.HONOUR: N_("荣誉 "), Asset.SAFE: N_("平安 ")}
_EACH = {
    Window.DAY: N_("每天"),
    Window.WEEK: N_("每周"),
    Window.MONTH: N_("每月"),
    Window.QUARTER: N_("每季"),
    Window.YEAR: N_("每年"),
    Window.LIFE: N_("总共"),
}
SHARED = {Subject.GRID: N_("每组一共"), Subject.VILLAGE: N_("全村一共")}
_WHO = {HolderKind.HOUSEHOLD: N_("每户"), HolderKind.PERSON: N_("每人")}


def unit(label: str) -> str:
    """What a board's figures count, `分`; beside figures it is said as of many."""
    return _(Phrase(label, {}, 2))


def household(label: str) -> str:
    """A household's label, `李小明家`, in the reader's language; one that goes by its number stays as it is."""
    head = called_after(label)
    return _("%(head)s家") % {"head": head} if head else label


def quantity(asset: Asset, value: int) -> str:
    """So much without a sign: `5 分`, of hours (in minutes) `1 小时 30 分`, of counts `3 次`."""
    if asset is Asset.COUNT:
        return _(counted("%(shown)s 次", value, shown=num(value)))
    return hours(value) if asset is Asset.HOURS else _(counted("%(shown)s 分", value, shown=num(value)))


def signed(asset: Asset, value: int) -> str:
    """So much with its sign and, where it is not moral points, its word: `+5 分`, `−60 分`, `平安 +3 分`, `+2 小时`.

    What is only counted is no balance and has no sign: `记 1 次`.
    """
    if asset is Asset.COUNT:
        return _(N_("记 %(much)s") if value >= 0 else N_("撤回 %(much)s")) % {"much": quantity(asset, abs(value))}
    return f"{_(_BEFORE.get(asset, ''))}{'+' if value >= 0 else '−'}{quantity(asset, abs(value))}"


def earns(item: Item) -> str:
    """What an item gives, as on the rules page: `+5 分`, `+10 分、荣誉 +10 分`, `每小时记 1 小时`, `+2～8 分`."""
    if item.quiet:
        return _("只提醒")
    if item.worth:
        return _(item.worth)
    given = [line for line in item.lines if line.asset is not Asset.COUNT] or item.lines
    return listed(_line(item, line) for line in sorted(given, key=lambda line: line.asset is not item.asset))


def _line(item: Item, line: Line) -> str:
    if line.amount_min == line.amount_max:
        return signed(line.asset, line.amount_min)
    if line.asset is Asset.HOURS:
        if item.ask is Ask.MINUTES:
            return _("每小时记 1 小时")
        return _("+%(least)s～%(most)s") % {"least": hours(line.amount_min), "most": hours(line.amount_max)}
    range_ = {"least": num(line.amount_min), "most": quantity(line.asset, line.amount_max)}
    return _(_BEFORE.get(line.asset, "")) + _("+%(least)s～%(most)s") % range_


def limits(item: Item) -> str:
    """An item's caps: `每户每月最多 10 次`, `每人每天最多 4 小时`; empty where there are none."""
    return _("；").join(_cap(item, cap) for cap in item.caps)


def _cap(item: Item, cap: Cap) -> str:
    who = _WHO[item.holder_of(cap.asset or item.asset)] if cap.of is None else SHARED[cap.of]
    values = {"holder": _(who), "window": _(_EACH[cap.window])}
    if cap.asset is None or cap.amount_max is None:
        said = _(counted("%(holder)s%(window)s最多 %(n)s 次", cap.times_max or 0, **values))
    else:
        most = _(_BEFORE.get(cap.asset, "")) + quantity(cap.asset, cap.amount_max)
        said = _("%(holder)s%(window)s最多 %(most)s") % {**values, "most": most}
    return _("%(limit)s（和同类条目合起来）") % {"limit": said} if cap.share else said


def much(asset: Asset, value: int) -> str:
    """So much of an asset for a sentence: `5分`, `1小时30分`."""
    if asset is Asset.COUNT:
        return _(times(value))
    return _(duration(value) if asset is Asset.HOURS else points(value))


def said(amounts: Mapping[AssetId, int] | Iterable[tuple[AssetId, int]]) -> str:
    """Amounts of one entry for a sentence: `道德积分加5分、志愿时记2小时`; what was taken back is `道德积分退回5分`."""
    pairs = amounts.items() if isinstance(amounts, Mapping) else amounts
    return listed(said_of(ASSET_OF[asset], value) for asset, value in pairs)


def said_of(asset: Asset, value: int) -> str:
    """One amount with its asset: `道德积分加5分`, `志愿时记2小时`, `道德积分退回5分`."""
    n = abs(value)
    given = {
        Asset.MORAL: counted("道德积分加%(n)s分", n),
        Asset.HONOUR: counted("荣誉积分加%(n)s分", n),
        Asset.SAFE: counted("平安积分加%(n)s分", n),
        Asset.HOURS: phrase(N_("志愿时记%(much)s"), much=duration(n)),
        Asset.COUNT: counted("记%(n)s次", n),
    }
    taken_back = {
        Asset.MORAL: counted("道德积分退回%(n)s分", n),
        Asset.HONOUR: counted("荣誉积分退回%(n)s分", n),
        Asset.SAFE: counted("平安积分退回%(n)s分", n),
        Asset.HOURS: phrase(N_("志愿时退回%(much)s"), much=duration(n)),
        Asset.COUNT: counted("撤回%(n)s次", n),
    }
    return _((given if value >= 0 else taken_back)[asset])


def owed(found: Liability) -> str:
    """What was not spent yet, and what that comes to: `未兑换积分 1234 分，折合约 61.70 元`."""
    if not found.fen:
        return _(counted("未兑换积分 %(shown)s 分", found.points, shown=num(found.points)))
    values = {"shown": num(found.points), "yuan": found.yuan}
    return _(counted("未兑换积分 %(shown)s 分，折合约 %(yuan)s 元", found.points, **values))


def deed(on: date, who: str, what: str, amounts: str) -> str:
    """What is booked for a deed: `11月22日，陈桂芳家：邻里帮扶，道德积分加10分。`."""
    values = {"day": short_day(on), "who": who, "what": what, "amounts": amounts}
    return _("%(day)s，%(who)s：%(what)s，%(amounts)s。") % values


def plain_reason(title: str, amounts: Iterable[tuple[Asset, int]]) -> str:
    """The sentence a plugin books that has nothing more to tell than item and amounts, in the language of the book."""
    return f"{title}：{'、'.join(spoken_amount(asset, value) for asset, value in amounts)}"


def where(village: str, grid: str | None) -> str:
    """`营尔村 第一网格`."""
    return f"{village} {grid}" if grid else village


def resolution(adopted: Resolution | None) -> str:
    """The villagers' decision a version rests on: `营村议〔2026〕8号（2026年10月1日）`; empty where there is none."""
    if adopted is None:
        return ""
    return _("%(number)s（%(day)s）") % {"number": adopted.number, "day": day(adopted.decided_on)}


_HELD = {
    "plugin-died": N_("它把自己弄垮了"),
    "plugin-memory": N_("它用的内存太多"),
    "plugin-slow": N_("它想得太久"),
    "plugin-nonsense": N_("它的回答看不懂"),
}


def held(found: Held) -> str:
    """Why a plugin is in quarantine, and since when."""
    why = _(_HELD.get(found.reason, N_("它接连出错")))
    values = {"why": why, "hook": found.hook}
    if found.at is None:
        return _("%(why)s（问的是 %(hook)s），先不问它了。") % values
    values["at"] = moment(found.at)
    return _("%(at)s起：%(why)s（问的是 %(hook)s），先不问它了。") % values


def sentence(parts: Sequence[str]) -> str:
    """Parts of a sentence, the last one ended: `11月22日，陈桂芳家：扫路，道德积分加5分。`."""
    return _("，").join(parts) + _("。")
