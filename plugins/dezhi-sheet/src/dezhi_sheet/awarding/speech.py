"""The clauses of an explanation. Each is a whole text with its English, so that sentences put together translate too.

A sentence is `title：clause；clause；clause`, and pages find the English of each part (see `Declaration.english`).
"""

from typing import Final

from dezhi.plugin import Asset, Window, spoken_minutes

WINDOWS: Final = {
    Window.DAY: "当天",
    Window.WEEK: "本周",
    Window.MONTH: "本月",
    Window.QUARTER: "本季",
    Window.YEAR: "今年",
    Window.LIFE: "总共",
}
EVERY: Final = {
    Window.DAY: "每天",
    Window.WEEK: "每周",
    Window.MONTH: "每月",
    Window.QUARTER: "每季",
    Window.YEAR: "每年",
    Window.LIFE: "一共",
}
_GIVEN: Final = {
    Asset.MORAL: "记{n}分",
    Asset.HONOUR: "记荣誉积分{n}分",
    Asset.SAFE: "记平安积分{n}分",
    Asset.HOURS: "记志愿时{time}",
    Asset.COUNT: "记{n}次，不加分",
}


def sentence(title: str, clauses: list[str]) -> str:
    """Join the title and what was said of it."""
    return f"{title}：{'；'.join(clauses)}" if clauses else title


def given(asset: Asset, amount: int) -> str:
    """Say what is given: 记3分, 记志愿时1小时30分."""
    return _GIVEN[asset].format(n=amount, time=spoken_minutes(amount))


def quantity(asset: Asset, amount: int) -> str:
    """Say an amount alone: 3分, 1小时30分."""
    return spoken_minutes(amount) if asset is Asset.HOURS else f"{amount}分"
