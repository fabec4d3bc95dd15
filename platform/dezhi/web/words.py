"""What items, limits and amounts are called on every page, so that no two pages say one thing in two ways."""

from collections.abc import Iterable, Mapping

from dezhi.core.events import ASSET_OF, AssetId
from dezhi.core.text import N_
from dezhi.plugin import (
    ASSET_TITLES,
    Ask,
    Asset,
    Cap,
    HolderKind,
    Item,
    Line,
    Window,
    spoken_amount,
    spoken_minutes,
)
from dezhi.web.rendering import hours, num

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
_WHO = {HolderKind.HOUSEHOLD: N_("每户"), HolderKind.PERSON: N_("每人")}


def quantity(asset: Asset, value: int) -> str:
    """So much without a sign: `5 分`, and of hours (in minutes) `1 小时 30 分`."""
    return hours(value) if asset is Asset.HOURS else N_("%(n)s 分") % {"n": num(value)}


def signed(asset: Asset, value: int) -> str:
    """So much with its sign and, where it is not moral points, its word: `+5 分`, `−60 分`, `平安 +3 分`, `+2 小时`."""
    return f"{_BEFORE.get(asset, '')}{'+' if value >= 0 else '−'}{quantity(asset, abs(value))}"


def earns(item: Item) -> str:
    """What an item gives, as on the rules page: `+5 分`, `+10 分、荣誉 +10 分`, `每小时记 1 小时`, `+2～8 分`."""
    return "、".join(_line(item, line) for line in sorted(item.lines, key=lambda line: line.asset is not item.asset))


def _line(item: Item, line: Line) -> str:
    if line.amount_min == line.amount_max:
        return signed(line.asset, line.amount_min)
    if line.asset is Asset.HOURS:
        return (
            N_("每小时记 1 小时") if item.ask is Ask.MINUTES else f"+{hours(line.amount_min)}～{hours(line.amount_max)}"
        )
    return f"{_BEFORE[line.asset]}+{num(line.amount_min)}～{quantity(line.asset, line.amount_max)}"


def limits(item: Item) -> str:
    """An item's caps: `每户每月最多 10 次`, `每人每天最多 4 小时`; empty where there are none."""
    return "；".join(_cap(item, cap) for cap in item.caps)


def _cap(item: Item, cap: Cap) -> str:
    who = _WHO[item.holder_of(cap.asset or item.asset)] + _EACH[cap.window]
    if cap.asset is None or cap.amount_max is None:
        return N_("%(who)s最多 %(n)s 次") % {"who": who, "n": cap.times_max}
    most = _BEFORE.get(cap.asset, "") + quantity(cap.asset, cap.amount_max)
    return N_("%(who)s最多 %(most)s") % {"who": who, "most": most}


def said(amounts: Mapping[AssetId, int] | Iterable[tuple[AssetId, int]]) -> str:
    """Amounts of one entry for a sentence: `道德积分加5分、志愿时记2小时`; what was taken back is `道德积分退回5分`."""
    pairs = amounts.items() if isinstance(amounts, Mapping) else amounts
    return "、".join(_said(ASSET_OF[asset], value) for asset, value in pairs)


def _said(asset: Asset, value: int) -> str:
    if value >= 0:
        return spoken_amount(asset, value)
    much = spoken_minutes(-value) if asset is Asset.HOURS else N_("%(n)s分") % {"n": -value}
    return N_("%(asset)s退回%(much)s") % {"asset": ASSET_TITLES[asset], "much": much}
