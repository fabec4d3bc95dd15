"""志愿时: what was done for others, kept by the minute and by person, with stars and without a price.

Hours become points only where the village decided so, by kind of service and coefficient; they are never sold, never
taken back but by a correction, and nobody is ranked by them.
"""

from collections.abc import Sequence

from dezhi.plugin import (
    Asset,
    Award,
    Board,
    Declaration,
    Deed,
    Entry,
    Fact,
    Facts,
    Intent,
    IntentKind,
    Item,
    Measure,
    Notice,
    Page,
    Refusal,
    Subject,
    Table,
    Total,
    Visit,
    Window,
    hook,
)

from . import stars, telling
from .english import ENGLISH
from .services import HOUR, KINDS, earned, item_of, minutes_of, services
from .settings import Choices

NAME = "dezhi-volunteer"

PLUGIN = Declaration(
    settings=Choices,
    categories=(*KINDS, stars.CATEGORY),
    facts=(
        Fact(name="minutes", measure=Measure.SUM, asset=Asset.HOURS, of=Subject.PERSON),
        Fact(name="minutes_today", measure=Measure.SUM, asset=Asset.HOURS, window=Window.DAY, of=Subject.PERSON),
        *stars.FACTS,
    ),
    notice="志愿时只算真正服务的时间，路上不算。",
    english=ENGLISH,
)


@hook
def items(settings: Choices) -> list[Item]:
    """Offer the services, and the stars."""
    return [*(item_of(one, settings) for one in services(settings).values()), *stars.items()]


@hook
def score(settings: Choices, deed: Deed, facts: Facts) -> list[Award]:
    """Give the time served, and each star that it completes."""
    if deed.plugin != NAME:
        return []
    service = services(settings).get(deed.code)
    if service is None:
        return [award for award in stars.reached(facts.minutes, facts) if award.item == deed.code]
    return [*earned(settings, service, deed), *stars.reached(facts.minutes + minutes_of(service, deed), facts)]


@hook
def check(settings: Choices, intent: Intent, facts: Facts) -> Refusal | None:
    """Stop a day that is longer than anybody's, all services taken together."""
    if intent.kind is not IntentKind.AWARD or not intent.code.startswith(f"{NAME}/"):
        return None
    minutes = sum(line.amount for line in intent.lines if line.asset is Asset.HOURS)
    if not minutes or facts.minutes_today + minutes <= settings.day_hours_max * HOUR:
        return None
    reason = (
        f"这位志愿者这一天加起来有{telling.hours(facts.minutes_today + minutes)}小时，"
        f"超过{settings.day_hours_max}小时。请先核实是哪一笔记多了。"
    )
    return Refusal(code="long-day", reason=reason)


@hook
def boards(settings: Choices) -> list[Board]:
    """Propose the year's common bar; volunteers are not ranked."""
    return [telling.goal(settings)]


@hook
def reports(settings: Choices, totals: Sequence[Total]) -> list[Table]:
    """Make the tables of hours."""
    return telling.tables(settings, totals)


@hook
def notices(entry: Entry, facts: Facts) -> list[Notice]:
    """Tell the volunteer about stars."""
    return stars.told(entry, facts)


@hook
def page(settings: Choices, visit: Visit) -> Page | None:
    """Explain stars, and how time is counted."""
    return telling.page(settings, visit.path)
