"""积分超市: a price list the village makes itself, with limits, price steps and days of redemption.

It prices and refuses; stock, pick-up and money are the house's, and so is the list of what may never be a reward.
"""

from dezhi.plugin import (
    Declaration,
    Declared,
    Facts,
    Heading,
    Intent,
    IntentKind,
    Page,
    Paragraph,
    Programme,
    Quote,
    Refusal,
    Reward,
    RewardKind,
    Rows,
    Visit,
    hook,
)

from . import selling
from .english import ENGLISH
from .goods import WHOLE
from .settings import ALWAYS, Choices

NAME = "dezhi-store"

PLUGIN = Declaration(settings=Choices, english=ENGLISH)


@hook
def declares(settings: Choices) -> Declared:
    """Ask what a household had of what is limited."""
    return Declared(facts=selling.facts(settings))


@hook
def rewards(settings: Choices) -> list[Reward]:
    """Offer the price list at the village's price level."""
    return [good.reward(settings.price_percent) for good in settings.goods]


@hook
def quote(settings: Choices, reward: Reward, facts: Facts) -> Quote | Refusal:
    """Say the price for this household, or that it had its share."""
    return selling.quoted(settings, reward, facts)


@hook
def check(settings: Choices, intent: Intent) -> Refusal | None:
    """Keep to the days of redemption, for what this store offers."""
    if intent.kind is not IntentKind.REDEMPTION or not intent.code.startswith(f"{NAME}/"):
        return None
    return selling.closed(settings, intent.date)


@hook
def page(programme: Programme, settings: Choices, visit: Visit) -> Page | None:
    """Show the price list and the days."""
    if visit.path:
        return None
    goods = sorted(settings.goods, key=lambda good: good.price)
    rows = tuple(
        (good.title, good.about, f"{good.reward(settings.price_percent).price}分", selling.spoken_limit(good))
        for good in goods
        if RewardKind(good.kind) is not RewardKind.HONOUR
    )
    days = [Paragraph(text=selling.spoken_days(settings))]
    if settings.open_on != ALWAYS:
        ahead = selling.next_open(settings, programme.today)
        days.append(Paragraph(text=f"今天以后，下一个兑换日是{ahead.year}年{ahead.month}月{ahead.day}日。"))
    steps = []
    if settings.step_after and settings.step_percent > WHOLE:
        text = f"同一样换过{settings.step_after}件以后，再换按标价的百分之{settings.step_percent}算。"
        steps.append(Paragraph(text=text))
    return Page(
        title="积分超市",
        blocks=(
            Heading(text="哪几天可以换"),
            *days,
            Heading(text="价目"),
            Rows(columns=("什么", "规格", "要几分", "一户最多换"), rows=rows),
            *steps,
            Paragraph(text="分不能换钱，也不能转卖。换过的分不影响光荣榜，荣誉积分不花。"),
        ),
    )
