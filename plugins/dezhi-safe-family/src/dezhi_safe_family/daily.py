"""What a household does for safety all year, and the base every household starts the year with."""

from typing import Final

from dezhi.plugin import Asset, Cap, Category, Due, Item, Line, Window

from .settings import Choices

CATEGORY: Final = Category(code="daily", title="平时的平安事", symbol="查")
BASE: Final = "family-base"
_ROWS: Final = (
    ("home-check", "家里用电用气自查并改好", 3, Window.QUARTER, 1, "查", "K-01", "照着单子查一遍，有毛病的改好。", ""),
    ("smoke-alarm", "装上烟感、燃气报警器", 10, Window.LIFE, 1, "警", "K-02", "家里装好独立烟感或燃气报警器。", ""),
    ("drill", "参加消防、地震、防汛演练", 5, Window.YEAR, 4, "练", "K-03", "村里演练，家里有人到场。", ""),
    (
        "hazard-report",
        "公共隐患上报并查实",
        5,
        Window.MONTH,
        10,
        "路",
        "K-12",
        "路、桥、井、电线有险情，报到村里，查实就加分。",
        "只报东西，不报人。",
    ),
)


def items(choices: Choices) -> list[Item]:
    """Return the items of all year; together they stay below the village's limit for a year."""
    together = Cap(window=Window.YEAR, asset=Asset.SAFE, amount_max=choices.year_points_max, share="all-year")
    return [
        Item(
            code=code,
            title=title,
            category=CATEGORY.code,
            asset=Asset.SAFE,
            lines=(Line(asset=Asset.SAFE, amount_min=points, amount_max=points),),
            caps=(Cap(window=window, times_max=times), together),
            symbol=symbol,
            source=source,
            how=how,
            hint=hint,
        )
        for code, title, points, window, times, symbol, source, how, hint in _ROWS
    ]


def base(choices: Choices) -> list[Item]:
    """Return the base every household is given on New Year's Day, where the village chose one."""
    if not choices.base_points:
        return []
    return [
        Item(
            code=BASE,
            title="平安基础分",
            category=CATEGORY.code,
            asset=Asset.SAFE,
            lines=(Line(asset=Asset.SAFE, amount_min=choices.base_points, amount_max=choices.base_points),),
            caps=(Cap(window=Window.YEAR, times_max=1),),
            symbol="元",
            source="S-106",
            how="每年元旦家家都存，不用申请。",
        )
    ]


def due(choices: Choices, month: int, day: int) -> list[Due]:
    """Return what a day of the calendar makes due."""
    return [Due(item=BASE)] if choices.base_points and (month, day) == (1, 1) else []
