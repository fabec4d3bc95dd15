"""The price list: what can be had, for how much, and how often. Prices follow those found in villages."""

from typing import Final, Literal

import msgspec

from dezhi.plugin import Reward, RewardKind, Window

Kind = Literal["good", "service", "honour"]
Per = Literal["month", "quarter", "year", "life"]

WHOLE: Final = 100
GOODS_MAX: Final = 200
LIMIT_MAX: Final = 1_000


class Good(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of the price list; `limit` is how many one household may have in a period, 0 for any number."""

    code: str
    title: str
    price: int
    kind: Kind = "good"
    symbol: str = ""
    about: str = ""
    limit: int = 0
    per: Per = "year"
    source: str = ""

    def __post_init__(self) -> None:
        self.reward(WHOLE)
        if not 0 <= self.limit <= LIMIT_MAX:
            raise ValueError(f"{self.code}: limit must be 0 to {LIMIT_MAX}")

    @property
    def fact(self) -> str:
        """The name of the fact that counts what a household had of it."""
        return f"had_{self.code.replace('-', '_')}"

    @property
    def window(self) -> Window:
        """The period its limit counts in."""
        return Window(self.per)

    def reward(self, percent: int) -> Reward:
        """Return it at a price level; an honour costs nothing. Raises ValueError for what can be no reward."""
        kind = RewardKind(self.kind)
        return Reward(
            code=self.code,
            title=self.title,
            price=self.price if kind is RewardKind.HONOUR else share(self.price, percent),
            kind=kind,
            symbol=self.symbol,
            about=self.about,
            source=self.source,
        )


def share(points: int, percent: int) -> int:
    """Return a percentage of points, half a point rounded up; 0 of nothing, else at least 1."""
    return max(1, (points * percent + WHOLE // 2) // WHOLE) if points > 0 else points


EXAMPLE: Final = (
    Good(code="soap", title="香皂", price=10, symbol="皂", about="一块。", source="旌阳三合"),
    Good(code="toothpaste", title="牙膏", price=20, symbol="牙", about="一支。", source="旌阳三合"),
    Good(code="laundry", title="洗衣液", price=20, symbol="洗", about="一瓶。", source="徐塘、罗峪"),
    Good(code="salt", title="食盐", price=30, symbol="盐", about="两袋。", source="黄门"),
    Good(code="noodles", title="挂面", price=30, symbol="面", about="一把两斤。", source="罗峪"),
    Good(code="shampoo", title="洗发水", price=30, symbol="发", about="一瓶。", source="旌阳三合"),
    Good(code="tea-plants", title="茶苗", price=50, symbol="茶", about="五株。", source="罗峪"),
    Good(code="oil", title="菜油", price=60, symbol="油", about="一桶。", limit=2, source="旌阳三合"),
    Good(code="kettle", title="水壶", price=60, symbol="壶", about="一把。", limit=1, source="罗峪"),
    Good(code="backpack", title="背包", price=120, symbol="包", about="一个。", limit=1, source="罗峪"),
    Good(code="cooker", title="电压力锅", price=220, symbol="锅", about="一口。", limit=1, source="老贾，210 以上"),
    Good(code="barber", title="理发", price=20, kind="service", symbol="剪", about="理一次。", source="K 组合"),
)
