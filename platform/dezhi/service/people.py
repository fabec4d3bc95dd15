"""Find households, tell how they were on a day, and keep the register (HH-03, HH-04)."""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from dezhi.core import calendar
from dezhi.core.calendar import Clock
from dezhi.core.cards import HolderKind, read_scan
from dezhi.core.errors import Problem
from dezhi.core.names import clean_name, spell
from dezhi.core.people import HEAD, Found, Household, NewMember, check_address, check_number, relation_word
from dezhi.core.regions import Level, Region
from dezhi.core.text import N_
from dezhi.store import cards as card_store, people as store, places as place_store
from dezhi.store.database import Database
from dezhi.store.ids import new_id

FOUND_MAX = 20
TEXT_MAX = 60


def no_household() -> Problem:
    """What to raise for a household that is none, or lived nowhere on the day in question."""
    return Problem("household-unknown", N_("没有找到这一户，可能当天不在册。"), status=404)


class People:
    """The register of households and persons."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def today(self) -> date:
        """Return the villages' date now."""
        return calendar.today(self._clock())

    # ── asking ──

    async def search(self, scope: int, text: str, limit: int = FOUND_MAX) -> Sequence[Found]:
        """Find households below a region by number, name, pinyin (zhangsan), initials (zs), card number or QR.

        Whole hits come first. Raises Problem `card-dead` for a revoked card; a card of somewhere else finds nothing.
        """
        plain = "".join(unicodedata.normalize("NFKC", text).lower().split())[:TEXT_MAX]
        # A NUL would end the pattern early and find everybody.
        folded = "".join(letter for letter in plain if letter.isprintable())
        if not folded:
            return ()
        scan = read_scan(text)
        card = await card_store.by_scan(self._database, scan) if scan else None
        if card is not None:
            if not card.is_active:
                raise Problem("card-dead", N_("这张卡已经停用，账上的积分还在。请报姓名查找，或补办新卡。"), status=410)
            return await self._of_holder(scope, card.holder_kind, card.holder)
        return await store.search(self._database, scope, folded, limit)

    async def _of_holder(self, scope: int, kind: HolderKind, holder: int) -> Sequence[Found]:
        today = self.today()
        key = holder if kind is HolderKind.HOUSEHOLD else await store.household_of(self._database, holder, today)
        home = (await store.households(self._database, [key], today)).get(key) if key else None
        if home is None or not await self.lives_below(home, scope):
            return ()
        person = next((m for m in home.members if m.person == holder), None)
        return (
            Found(
                household=home.id,
                number=home.number,
                village=home.village,
                village_name=home.village_name,
                grid=home.grid,
                grid_name=home.grid_name,
                label=home.label,
                masked_label=home.masked_label,
                person=person.person if person else None,
                person_name=person.name if person else None,
            ),
        )

    async def lives_below(self, home: Household, scope: int) -> bool:
        """Whether the household's grid or village is the region or lies below it."""
        above = [one.id for one in await place_store.path(self._database, home.grid or home.village)]
        return scope in above

    async def household(self, key: int, on: date | None = None) -> Household:
        """Return a household as it was on a day (default: today): number, village, grid and members with relations.

        Raises Problem `household-unknown` when it lived nowhere that day.
        """
        found = await store.household(self._database, key, on or self.today())
        if found is None:
            raise no_household()
        return found

    async def households(self, keys: Sequence[int], on: date | None = None) -> Mapping[int, Household]:
        """Return several households as they were on a day, by id; those not registered then are left out."""
        on = on or self.today()
        if len(keys) == 1:
            # One is asked for by everybody at once.
            one = await store.household(self._database, keys[0], on)
            return {} if one is None else {one.id: one}
        return await store.households(self._database, keys, on)

    async def households_on(self, asked: Collection[tuple[int, date]]) -> Mapping[tuple[int, date], Household]:
        """Return households as each was on a day of its own, by id and day; those not registered then are left out."""
        days = {on for _, on in asked}
        if len(days) == 1:
            (on,) = days
            return {(key, on): home for key, home in (await self.households([key for key, _ in asked], on)).items()}
        return await store.households_on(self._database, asked) if asked else {}

    async def list_below(self, scope: int, on: date | None = None) -> Sequence[Household]:
        """Return every household below a region on a day, by village and number."""
        on = on or self.today()
        keys = await store.of_village(self._database, scope, on)
        found = await store.households(self._database, keys, on)
        return [found[key] for key in keys if key in found]

    async def ids_below(self, scope: int, on: date | None = None) -> Sequence[int]:
        """Return the households living below a region on a day (default: today), in order of village and number."""
        return await store.of_village(self._database, scope, on or self.today())

    async def count_below(self, scope: int) -> int:
        """Return how many households live below a region today."""
        return len(await self.ids_below(scope))

    async def household_of(self, person: int, on: date | None = None) -> int:
        """Return the household a person belonged to on a day: past awards stay with that one.

        Raises Problem `person-unknown` when the person belonged to none.
        """
        found = await store.household_of(self._database, person, on or self.today())
        if found is None:
            raise Problem("person-unknown", N_("这个人当天不在任何一户的册上。"), status=404)
        return found

    async def names(self, persons: Sequence[int]) -> Mapping[int, str]:
        """Return the full names of persons by id; mask them before anybody but staff sees them."""
        return await store.names(self._database, persons)

    # ── registering ──

    async def open_household(
        self,
        village: int,
        grid: int | None,
        number: str,
        members: Sequence[NewMember],
        *,
        address: str = "",
        on: date | None = None,
    ) -> Household:
        """Register a household with its members from a day on (default: today).

        Raises Problem `household-number` (missing, long or taken), `relation-unknown`, `head-twice`, `place-unknown`
        or one of the `name-…` problems.
        """
        on = self._not_future(on)
        if sum(relation_word(member.relation) == HEAD for member in members) > 1:
            raise Problem("head-twice", N_("一户只能有一个户主。"), field="relation")
        home = store.NewHousehold(new_id(), village, grid, check_number(number), check_address(address))
        persons = [self._new_person(member, home.id) for member in members]
        async with self._database.engine.transaction():
            await self._check_place(village, grid, on)
            await self._check_free(village, home.number)
            await store.add(self._database, [home], persons, on)
        return await self.household(home.id)

    async def add_member(self, household: int, member: NewMember, on: date | None = None) -> int:
        """Register a person who joins a household (a birth, a bride) and return the id.

        Raises Problem `head-twice` when the household has a head already.
        """
        on = self._not_future(on)
        person = self._new_person(member, household)
        async with self._database.engine.transaction():
            home = await self.household(household, on)
            if person.is_head and home.head:
                raise Problem("head-twice", N_("一户只能有一个户主。"), field="relation")
            await store.add(self._database, [], [person], on)
        return person.id

    async def transfer(self, person: int, household: int, relation: str, on: date | None = None) -> None:
        """Let a person change households from a day on; what they earned before stays with the household they leave."""
        on, word = self._not_future(on), relation_word(relation)
        async with self._database.engine.transaction():
            home = await self.household(household, on)
            if word == HEAD and home.head:
                raise Problem("head-twice", N_("一户只能有一个户主。"), field="relation")
            await self._check_later(person, on)
            await store.end_membership(self._database, person, on)
            await store.add_membership(self._database, person, household, word, on, is_head=word == HEAD)

    async def leave(self, person: int, on: date | None = None) -> None:
        """Let a person leave the register from a day on (a move away, a death)."""
        on = self._not_future(on)
        async with self._database.engine.transaction():
            await self._check_later(person, on)
            await store.end_membership(self._database, person, on)

    async def change_head(self, household: int, person: int, old_head_is: str, on: date | None = None) -> Household:
        """Make another member the head; `old_head_is` tells the old head's relation to the new one.

        The household and its account stay what they are (HH-03). Raises Problem `head-unknown` for somebody who is no
        member.
        """
        on, word = self._not_future(on), relation_word(old_head_is)
        if word == HEAD:
            raise Problem("head-twice", N_("一户只能有一个户主。"), field="relation")
        async with self._database.engine.transaction():
            home = await self.household(household, on)
            if person not in [member.person for member in home.members]:
                raise Problem("head-unknown", N_("新户主要先是这一户的成员。"), field="person")
            if home.head and home.head.person != person:
                await self._check_later(home.head.person, on)
                await store.end_membership(self._database, home.head.person, on)
                await store.add_membership(self._database, home.head.person, household, word, on, is_head=False)
            if home.head is None or home.head.person != person:
                await self._check_later(person, on)
                await store.end_membership(self._database, person, on)
                await store.add_membership(self._database, person, household, HEAD, on, is_head=True)
        return await self.household(household, on)

    async def move(
        self,
        household: int,
        village: int,
        grid: int | None,
        *,
        number: str | None = None,
        address: str | None = None,
        on: date | None = None,
    ) -> Household:
        """Move a household to another grid or village from a day on; number and address stay unless others are given.

        Raises Problem `household-number` when the number is taken there, `move-order` when the household moved later
        than that day already.
        """
        on = self._not_future(on)
        async with self._database.engine.transaction():
            old = await self.household(household)
            await self._check_place(village, grid, on)
            since = await store.resident_since(self._database, household)
            if since is None or on < since:
                raise Problem("move-order", N_("这一户在那天之后已经搬过家，或者那天还没有登记。"), field="on")
            home = store.NewHousehold(
                household,
                village,
                grid,
                check_number(old.number if number is None else number),
                check_address(old.address if address is None else address),
            )
            if (village, home.number) != (old.village, old.number):
                await self._check_free(village, home.number)
            await store.move(self._database, home, on)
        return await self.household(household)

    # ── public boards ──

    async def choose_board(self, household: int, by: str, *, opted_in: bool) -> None:
        """Keep whether a household wants to be on public boards; `by` names who said so, e.g. `card:…`, `staff:…`."""
        await self.household(household)
        await store.choose_board(self._database, household, self._clock(), by, opted_in=opted_in)

    async def on_board(self, scope: int) -> frozenset[int]:
        """Return the households below a region that opted in. Nobody is in without having said so."""
        return await store.opted_in(self._database, scope)

    # ── checks ──

    def _not_future(self, on: date | None) -> date:
        today = self.today()
        if on is not None and on > today:
            raise Problem("date-future", N_("日期不能晚于今天。"), field="on")
        return on or today

    def _new_person(self, member: NewMember, household: int) -> store.NewPerson:
        name, word = clean_name(member.name), relation_word(member.relation)
        return store.NewPerson(new_id(), name, *spell(name), member.birth_date, household, word, word == HEAD)

    async def _check_later(self, person: int, on: date) -> None:
        since = await store.member_since(self._database, person)
        if since is None:
            raise Problem("person-unknown", N_("这个人当天不在任何一户的册上。"), status=404)
        if on < since:
            raise Problem("date-order", N_("这个人的登记在那天之后已经改过，日期不能更早。"), field="on")

    async def _check_place(self, village: int, grid: int | None, on: date) -> Region:
        place = await place_store.region(self._database, village)
        if place is None or place.level is not Level.VILLAGE or not place.in_force(on):
            raise Problem("place-unknown", N_("没有这个村，或者当天已经并走。"), field="village")
        if grid is not None and village not in [one.id for one in await place_store.path(self._database, grid)]:
            raise Problem("place-unknown", N_("这个网格不在这个村。"), field="grid")
        return place

    async def _check_free(self, village: int, number: str) -> None:
        if number in await store.numbers(self._database, village):
            raise Problem(
                "household-number", N_("户号“%(number)s”在这个村已经有了。"), status=409, field="number", number=number
            )
