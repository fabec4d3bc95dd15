"""道德储蓄银行 of 营尔村: kindness, care for parents and honesty are saved up, and something comes back.

The village and its three savings are real; the points are an example put together from sheets of other villages.
"""

from collections.abc import Sequence

from dezhi.plugin import (
    Asset,
    Award,
    Board,
    Declaration,
    Deed,
    Fact,
    Facts,
    Intent,
    IntentKind,
    Item,
    Measure,
    Page,
    Programme,
    Quote,
    Refusal,
    Reward,
    Table,
    Total,
    Visit,
    Window,
    hook,
)

from . import pages
from .boards import both
from .english import ENGLISH
from .rewards import catalogue, priced
from .rows import CATEGORIES
from .settings import Choices
from .sheet import earned, sheet
from .tables import tables

NAME = "dezhi-yinger"

PLUGIN = Declaration(
    settings=Choices,
    categories=CATEGORIES,
    facts=(Fact(name="savings_this_quarter", measure=Measure.COUNT, asset=Asset.MORAL, window=Window.QUARTER),),
    notice="示例细则，非营尔村原文",
    english=ENGLISH,
)


@hook
def items(settings: Choices) -> list[Item]:
    """Offer the whole sheet."""
    return list(sheet(settings).values())


@hook
def score(settings: Choices, deed: Deed) -> list[Award]:
    """Give what the sheet says about the plugin's own items."""
    item = sheet(settings).get(deed.code) if deed.plugin == NAME else None
    return earned(item, deed) if item else []


@hook
def check(programme: Programme, settings: Choices, intent: Intent) -> Refusal | None:
    """Send deeds that come very late to the village's talk, where the township wants that."""
    if intent.kind is not IntentKind.AWARD or not settings.late_days or not intent.code.startswith(f"{NAME}/"):
        return None
    if (programme.today - intent.date).days <= settings.late_days:
        return None
    reason = f"这件事过了{settings.late_days}天才来记。请先在阳光议事日说一说，大家认可了再补。"
    return Refusal(code="late", reason=reason)


@hook
def rewards(settings: Choices) -> list[Reward]:
    """Offer 关爱回馈."""
    return catalogue(settings)


@hook
def quote(settings: Choices, reward: Reward, facts: Facts) -> Quote:
    """Say today's price for this household."""
    return priced(settings, reward, facts)


@hook
def boards(settings: Choices) -> list[Board]:
    """Propose the honour board and the village's wish."""
    return both(settings)


@hook
def reports(settings: Choices, totals: Sequence[Total]) -> list[Table]:
    """Make the tables of the year."""
    return tables(settings, totals)


@hook
def page(settings: Choices, visit: Visit) -> Page | None:
    """Explain the three savings, and what comes back."""
    return pages.page(settings, visit.path)
