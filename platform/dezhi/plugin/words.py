"""Small helpers for the sentences a plugin writes, so that every plugin says amounts the same way."""

from dezhi.plugin.items import Item
from dezhi.plugin.model import Award, Deed
from dezhi.plugin.vocabulary import Ask, Asset

ASSET_TITLES = {
    Asset.MORAL: "道德积分",
    Asset.HONOUR: "荣誉积分",
    Asset.HOURS: "志愿时",
    Asset.SAFE: "平安积分",
    Asset.COUNT: "次数",
}


def spoken_minutes(minutes: int) -> str:
    """Whole minutes the way people say them: 90 → `1小时30分`, 30 → `30分钟`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}分钟"
    return f"{hours}小时{rest}分" if rest else f"{hours}小时"


def spoken_amount(asset: Asset, amount: int) -> str:
    """An amount with the name of its asset: `道德积分加5分`, `志愿时记2小时`, `记1次`."""
    if asset is Asset.HOURS:
        return f"{ASSET_TITLES[asset]}记{spoken_minutes(amount)}"
    if asset is Asset.COUNT:
        return f"记{amount}次"
    return f"{ASSET_TITLES[asset]}加{amount}分"


def awards(item: Item, amounts: dict[Asset, int]) -> list[Award]:
    """Awards of `amounts` under `item`, each with the one sentence that names the item and all amounts."""
    told = "、".join(spoken_amount(asset, amount) for asset, amount in amounts.items())
    return [
        Award(item=item.code, asset=asset, amount=amount, reason=f"{item.title}：{told}")
        for asset, amount in amounts.items()
    ]


def awards_as_declared(item: Item, deed: Deed) -> list[Award]:
    """What the item's own declaration already decides: fixed lines, and ranges the clerk was asked about.

    A fixed line (least equal to most) gives that amount, hours give the minutes asked for, the main asset gives the
    points asked for. A range that nobody was asked about is the plugin's to compute and is left out here.
    """
    amounts: dict[Asset, int] = {}
    for line in item.lines:
        if line.amount_min == line.amount_max:
            amounts[line.asset] = line.amount_min
        elif line.asset is Asset.HOURS and item.ask is Ask.MINUTES and deed.minutes is not None:
            amounts[line.asset] = deed.minutes
        elif line.asset is item.asset and item.ask is Ask.POINTS and deed.points is not None:
            amounts[line.asset] = deed.points
    return awards(item, amounts)
