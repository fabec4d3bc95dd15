"""三线联户 after the 321 model of 紫阳: three lines of people whose visits make a closed loop.

Visits are a duty and a kindness: they are counted and never paid, and the counts are told by month and place, never by
name.
"""

from collections.abc import Sequence

from dezhi.plugin import (
    Asset,
    Award,
    Declaration,
    Deed,
    Entry,
    Fact,
    Facts,
    Item,
    Measure,
    Notice,
    Page,
    Subject,
    Table,
    Total,
    Visit,
    Window,
    hook,
)

from . import telling, visits
from .english import ENGLISH
from .settings import Choices

NAME = "dezhi-sanxian"

PLUGIN = Declaration(
    settings=Choices,
    categories=(visits.VISITS, visits.LOOP),
    facts=(
        Fact(
            name="homes_this_month",
            measure=Measure.SUM,
            asset=Asset.COUNT,
            items=(visits.CENTRE, visits.ROUND),
            window=Window.MONTH,
            of=Subject.PERSON,
        ),
    ),
    notice="走访只记次数，不加分，不排名。",
    english=ENGLISH,
)


@hook
def items(settings: Choices) -> list[Item]:
    """Offer the visits of the three lines, the round, and the loop."""
    return visits.items(settings)


@hook
def score(settings: Choices, deed: Deed) -> list[Award]:
    """Count the households visited, or the matter."""
    return visits.earned(settings, deed) if deed.plugin == NAME else []


@hook
def reports(totals: Sequence[Total]) -> list[Table]:
    """Make the tables of the months."""
    return telling.tables(totals)


@hook
def notices(settings: Choices, entry: Entry, facts: Facts) -> list[Notice]:
    """Tell a centre household how far its month has come."""
    return telling.told(settings, entry, facts)


@hook
def page(settings: Choices, visit: Visit) -> Page | None:
    """Explain the three lines, and what a centre household does."""
    return telling.page(settings, visit.path)
