"""A village's whole scoring sheet as a file: every row, limit and precedence is data, and nothing is programmed.

`parts`, `outline` and `model` are what a sheet is written in. `checking` tells whether it can be adopted, `offering`
what people see of it, `awarding` what a deed gives. `reading` makes drafts of rows from a village's own workbook.
"""

from datetime import date

from dezhi.plugin import Award, Board, Category, Declaration, Declared, Deed, Due, Facts, Item, hook

from .awarding.awards import awarded
from .awarding.periods import due
from .awarding.wanted import facts as wanted_facts
from .english import ENGLISH
from .model import Sheet
from .offering.items import boards_of, offered
from .reading.drafts import read_sheet as read_sheet

NAME = "dezhi-sheet"

PLUGIN = Declaration(settings=Sheet, needs_resolution=True, rows="items", english=ENGLISH)


@hook
def declares(settings: Sheet) -> Declared:
    """Show the sheet's headings, and ask for what its rules must know of the past."""
    headings = tuple(Category(code=one.code, title=one.title, symbol=one.symbol) for one in settings.categories)
    return Declared(categories=headings, facts=wanted_facts(settings), notice=settings.notice)


@hook
def items(settings: Sheet) -> list[Item]:
    """Offer every row."""
    return offered(settings)


@hook
def score(settings: Sheet, deed: Deed, facts: Facts) -> list[Award]:
    """Give what the row of the deed says."""
    return awarded(settings, deed, facts) if deed.plugin == NAME else []


@hook
def boards(settings: Sheet) -> list[Board]:
    """Propose the honour board, where the village wants one."""
    return boards_of(settings)


@hook
def schedule(settings: Sheet, day: date) -> list[Due]:
    """Make the bases due on their days, or on the last day of their windows."""
    return [Due(item=base.code) for base in settings.bases if due(base, day)]
