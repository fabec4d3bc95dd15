"""关爱回馈: what savings bring back. Prices follow those found in villages; composed ones say so."""

from typing import Final

from dezhi.plugin import Facts, Quote, Reward, RewardKind

from .rows import COMPOSED
from .settings import Choices

THANKS_PERCENT: Final = 90
WHOLE: Final = 100

_GOOD, _SERVICE = RewardKind.GOOD, RewardKind.SERVICE
_PRICES: Final = (
    ("soap", "香皂", 10, "皂", _GOOD, "一块。", "旌阳三合"),
    ("toothpaste", "牙膏", 20, "牙", _GOOD, "一支。", "旌阳三合"),
    ("laundry", "洗衣液", 20, "洗", _GOOD, "一瓶。", "徐塘、罗峪"),
    ("noodles", "挂面", 30, "面", _GOOD, "一把两斤。", "罗峪"),
    ("salt", "食盐", 30, "盐", _GOOD, "两袋。", "黄门"),
    ("shampoo", "洗发水", 30, "发", _GOOD, "一瓶。", "旌阳三合"),
    ("oil", "菜油", 60, "油", _GOOD, "一桶。", "旌阳三合"),
    ("kettle", "水壶", 60, "壶", _GOOD, "一把。", "罗峪"),
    ("backpack", "背包", 120, "包", _GOOD, "一个。", "罗峪"),
    ("cooker", "电压力锅", 220, "锅", _GOOD, "一口，要提前三天说。", "老贾，210 以上"),
    ("barber", "上门理发", 10, "剪", _SERVICE, "志愿者上门，理一次。", COMPOSED),
    ("family-photo", "拍一张全家福", 40, "照", _SERVICE, "村里请人来拍，洗一张送到家。", COMPOSED),
    ("ploughing", "农机代耕半天", 80, "耕", _SERVICE, "先约好日子，一次半天。", COMPOSED),
)


def catalogue(choices: Choices) -> list[Reward]:
    """Return the rewards at the township's price level."""
    return [
        Reward(
            code=code,
            title=title,
            price=share(price, choices.price_percent),
            symbol=symbol,
            kind=kind,
            about=about,
            source=source,
        )
        for code, title, price, symbol, kind, about, source in _PRICES
    ]


def priced(choices: Choices, reward: Reward, facts: Facts) -> Quote:
    """Return what a household pays now: a tenth less once it has saved often enough, if the township says so."""
    if choices.thanks_times and facts.savings_this_quarter >= choices.thanks_times:
        price = share(reward.price, THANKS_PERCENT)
        reason = f"{reward.title}标价{reward.price}分。您家本季已存{facts.savings_this_quarter}次，打九折，{price}分。"
        return Quote(reward=reward.code, price=price, reason=reason)
    return Quote(reward=reward.code, price=reward.price, reason=f"{reward.title}标价{reward.price}分。")


def share(points: int, percent: int) -> int:
    """Return a percentage of points, half a point rounded up, at least 1."""
    return max(1, (points * percent + WHOLE // 2) // WHOLE)
