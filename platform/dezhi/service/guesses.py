"""What a clerk probably means, so that the thumb need not search: which items, and who of a household."""

from datetime import date

from dezhi.core.people import Household
from dezhi.service.actors import Actor
from dezhi.service.sheets import Sheet
from dezhi.store import journal
from dezhi.store.database import Database

BUTTONS = 6
"""Big buttons on a clerk's page: as many as the thumb finds without searching."""

ADULT = 18
"""Years from which somebody is grown up (Civil Code, article 17)."""


class Guesses:
    """Guesses from what was recorded before."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def buttons(self, sheet: Sheet, actor: Actor) -> list[str]:
        """The items for a clerk's big buttons: used lately, then the village's commonest, then the sheet's first."""
        lately = await journal.lately_used(self._database, sheet.book, actor.staff, BUTTONS)
        common = await journal.commonest(self._database, sheet.book, sheet.programme.village, BUTTONS)
        everyday = {code for code, item in sheet.items.items() if not item.automatic}
        wanted = [code for code in dict.fromkeys([*lately, *common, *sheet.items]) if code in everyday]
        return wanted[:BUTTONS]

    async def likely_doer(self, sheet: Sheet, home: Household) -> int | None:
        """Who of a household did it, as far as one can guess: the only adult, who did something last, the head."""
        grown = [one for one in home.members if one.birth_date is None or _years(one.birth_date, home.on) >= ADULT]
        if len(grown) == 1:
            return grown[0].person
        last = await journal.last_doer(self._database, sheet.book, home.id)
        if any(one.person == last for one in home.members):
            return last
        shown = home.head or next(iter(home.members), None)
        return shown.person if shown else None


def _years(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
