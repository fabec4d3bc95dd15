"""What a good costs a household now, whether it can be had, and on which days."""

import calendar
from datetime import date, timedelta
from typing import Final

from dezhi.plugin import Fact, Facts, Measure, Quote, Refusal, Reward, Window

from .goods import Good, share
from .settings import ALWAYS, WEEKDAYS, WEEKLY, Choices

PERIODS: Final = {Window.MONTH: "本月", Window.QUARTER: "本季", Window.YEAR: "今年", Window.LIFE: "一共"}
_AHEAD: Final = 62  # days: no month is further away


def facts(choices: Choices) -> tuple[Fact, ...]:
    """Return what to look up: how often a household had each good that is limited or grows dearer."""
    return tuple(
        Fact(name=good.fact, measure=Measure.COUNT, reward=good.code, window=good.window)
        for good in choices.goods
        if good.limit or choices.step_after
    )


def quoted(choices: Choices, reward: Reward, found: Facts) -> Quote | Refusal:
    """Return the price for a household, or that it had its share already."""
    good = next((one for one in choices.goods if one.code == reward.code), None)
    had = found.get(good.fact, 0) if good else 0
    if good and good.limit and had >= good.limit:
        reason = f"{reward.title}{PERIODS[good.window]}一户最多换{good.limit}件，您家已经换了{had}件。"
        return Refusal(code="limit", reason=reason)
    if choices.step_after and good and had >= choices.step_after:
        price = share(reward.price, choices.step_percent)
        reason = f"{reward.title}标价{reward.price}分。您家{PERIODS[good.window]}已换{had}件，这一件{price}分。"
        return Quote(reward=reward.code, price=price, reason=reason)
    return Quote(reward=reward.code, price=reward.price, reason=f"{reward.title}标价{reward.price}分。")


def closed(choices: Choices, day: date) -> Refusal | None:
    """Refuse a day on which the store is closed, and name the next on which it is open (RE-03)."""
    if is_open(choices, day):
        return None
    ahead = next_open(choices, day)
    return Refusal(code="closed", reason=f"今天不是兑换日。下一个兑换日是{ahead.year}年{ahead.month}月{ahead.day}日。")


def is_open(choices: Choices, day: date) -> bool:
    """Whether something can be had on a day."""
    if choices.open_on == ALWAYS:
        return True
    if choices.open_on == WEEKLY:
        return WEEKDAYS[day.weekday()] == choices.weekday
    last = calendar.monthrange(day.year, day.month)[1]
    # A month without the first of these days is open on its last.
    return min(choices.month_from, last) <= day.day <= choices.month_to


def next_open(choices: Choices, day: date) -> date:
    """Return the first day after one on which the store is open."""
    return next(found for ahead in range(1, _AHEAD) if is_open(choices, found := day + timedelta(days=ahead)))


def spoken_days(choices: Choices) -> str:
    """Say when the store is open."""
    if choices.open_on == ALWAYS:
        return "天天可以换。"
    if choices.open_on == WEEKLY:
        return f"每周{choices.weekday}可以换。"
    return f"每月{choices.month_from}日到{choices.month_to}日可以换。"


def spoken_limit(good: Good) -> str:
    """Say how many a household may have."""
    return f"{PERIODS[good.window]}{good.limit}件" if good.limit else "不限"
