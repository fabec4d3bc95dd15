"""What a village may decide about its store."""

from typing import Annotated, Final, Literal

from msgspec import Meta

from dezhi.plugin import Settings

from .goods import EXAMPLE, GOODS_MAX, Good

ALWAYS: Final = "天天可以换"
MONTHLY: Final = "每月的几天"
WEEKLY: Final = "每周的一天"
WEEKDAYS: Final = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


class Choices(Settings, frozen=True):
    """The settings: the price list is a document, every other field a question on the township's form."""

    goods: Annotated[
        tuple[Good, ...],
        Meta(title="价目表", description="每一行是一样东西：名称、价、一户最多换几件、出处。", max_length=GOODS_MAX),
    ] = EXAMPLE
    price_percent: Annotated[
        int,
        Meta(
            title="价格调整（百分之几）",
            description="100 就是价目表上的价。货源紧可以调高，多了可以调低。",
            ge=10,
            le=1_000,
        ),
    ] = 100
    open_on: Annotated[
        Literal["天天可以换", "每月的几天", "每周的一天"],
        Meta(title="哪几天可以换", description="不在兑换日，换不了，页面上写明下一个兑换日。"),
    ] = ALWAYS
    month_from: Annotated[int, Meta(title="每月从几号起", description="选了“每月的几天”才用得上。", ge=1, le=31)] = 8
    month_to: Annotated[
        int, Meta(title="每月到几号止", description="含这一天；月份没有这一天，就到月底。", ge=1, le=31)
    ] = 10
    weekday: Annotated[
        Literal["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"],
        Meta(title="每周哪一天", description="选了“每周的一天”才用得上。"),
    ] = "星期六"
    step_after: Annotated[
        int,
        Meta(
            title="同一样换过几件以后涨价",
            description="按价目表上那一样的周期算（没有限量的按年）。填 0 就是不涨。",
            ge=0,
            le=50,
        ),
    ] = 0
    step_percent: Annotated[
        int, Meta(title="涨到百分之几", description="100 就是不涨，150 就是一件半的价。", ge=100, le=500)
    ] = 150

    def __post_init__(self) -> None:
        codes = [good.code for good in self.goods]
        if len(set(codes)) != len(codes):
            raise ValueError("goods: 两行用了同一个代码")
        if self.month_from > self.month_to:
            raise ValueError("month_from: 每月的起始日不能晚于截止日")
