"""What everybody may see without logging in: a village's or township's month, masked and by consent."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec

from dezhi.core import calendar
from dezhi.core.calendar import Clock
from dezhi.core.errors import Problem
from dezhi.core.regions import Level, Region
from dezhi.core.text import N_
from dezhi.plugin import Asset
from dezhi.service.boards import Boards, Goal, GoodDeed, Honour
from dezhi.service.people import People
from dezhi.service.places import Places
from dezhi.service.sheets import Sheet, Sheets
from dezhi.store import books
from dezhi.store.boards import Totals
from dezhi.store.database import Database

FRESH = timedelta(seconds=60)
"""How long a page may stand although neither the book nor the opt-ins moved: a household can be renamed or move."""

LATEST = 8
NOTABLE = 4
LOOKED_THROUGH = 60
"""Of so many of the newest deeds the most notable are told as 好人好事."""

NOTHING = Totals(deeds=0, minutes=0, safe=0, moral=0, handed_over=0)


class PublicPage(msgspec.Struct, frozen=True, kw_only=True):
    """What the page of a place shows. `sheets` are those in force in its villages, in code order.

    `next_seq` is where its book stood. `latest` names masked households that opted in; `notable` tells of deeds and
    never of names.
    """

    place: Region
    next_seq: int = 0
    sheets: tuple[Sheet, ...] = ()
    totals: Totals = NOTHING
    latest: tuple[GoodDeed, ...] = ()
    notable: tuple[GoodDeed, ...] = ()
    honours: tuple[Honour, ...] = ()
    goals: tuple[Goal, ...] = ()


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A page with what it was made from: while that is the same, so is the page."""

    made_from: tuple[date, bytes, frozenset[int], tuple[int, ...]]
    made_at: datetime
    page: PublicPage


class Public:
    """Finds the place a visitor means and makes its page."""

    def __init__(
        self,
        database: Database,
        places: Places,
        people: People,
        sheets: Sheets,
        boards: Boards,
        clock: Clock,
        home_code: str | None = None,
    ) -> None:
        """`home_code` is the village whose page stands at `/`; without one it is the only village or the township."""
        self._database = database
        self._places = places
        self._people = people
        self._sheets = sheets
        self._boards = boards
        self._clock = clock
        self._home_code = home_code
        self._kept: dict[int, _Kept] = {}
        self._making: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def front(self) -> Region | None:
        """The place whose page stands at `/`; None in an installation that nobody has set up."""
        villages = await self.villages()
        for village in villages:
            if village.code == self._home_code or len(villages) == 1:
                return village
        return next(iter(await self._places.townships()), None)

    async def villages(self) -> Sequence[Region]:
        """Every village of this installation, in code order and never by any figure."""
        return [v for township in await self._places.townships() for v in await self._places.villages(township.id)]

    async def village(self, code: str) -> Region:
        """The village of a code. Raises `Problem` 404."""
        found = await self._places.by_code(code)
        if found is None or found.level is not Level.VILLAGE:
            raise Problem("region-unknown", N_("没有找到这个村。可能是地址抄错了一个字。"), status=404)
        return found

    async def sheet(self, village: Region) -> Sheet | None:
        """The rules in force in a village today, if it has any."""
        return await self._sheets.find(village.id, self._today())

    async def page(self, place: Region) -> PublicPage:
        """The page of a village or township as it is now: a household that left the boards is on none (HO-01)."""
        villages = [place] if place.level is Level.VILLAGE else await self._places.villages(place.id)
        if not villages:
            return PublicPage(place=place)
        today, keys = self._today(), [village.id for village in villages]
        found = [await self._sheets.find(key, today) for key in keys]
        sheets = tuple(sheet for sheet in found if sheet is not None)
        book = await self._sheets.book(keys[0])
        async with self._making[place.id]:
            mark = await books.mark(self._database, book)
            made_from = (
                today,
                mark.head,
                await self._people.on_board(place.id),
                tuple(sheet.id for sheet in sheets),
            )
            kept, now = self._kept.get(place.id), self._clock()
            if kept is not None and kept.made_from == made_from and now - kept.made_at < FRESH:
                return kept.page
            page = await self._make(place, keys, sheets, book, mark.next_seq)
            self._kept[place.id] = _Kept(made_from=made_from, made_at=now, page=page)
            return page

    async def cursor(self, place: Region) -> tuple[int, int] | None:
        """The book of a village or township and its next number; None for a township without villages."""
        villages = [place] if place.level is Level.VILLAGE else await self._places.villages(place.id)
        if not villages:
            return None
        book = await self._sheets.book(villages[0].id)
        return book, (await books.mark(self._database, book)).next_seq

    async def _make(
        self, place: Region, villages: Sequence[int], sheets: tuple[Sheet, ...], book: int, next_seq: int
    ) -> PublicPage:
        quiet = {code for sheet in sheets for code, item in sheet.items.items() if item.quiet}
        deeds = await self._boards.latest(book, villages, LOOKED_THROUGH, quiet)
        # A township has no board of its own: villages are never put side by side by what they earned (HO-10).
        own = sheets[0] if sheets and place.level is Level.VILLAGE else None
        return PublicPage(
            place=place,
            next_seq=next_seq,
            sheets=sheets,
            totals=await self._boards.totals(book, villages, self._today(), quiet),
            latest=tuple(deeds[:LATEST]),
            notable=tuple(notable(deeds)),
            honours=tuple(await self._boards.honours(own)) if own else (),
            goals=tuple(await self._boards.goals(own)) if own else (),
        )

    def _today(self) -> date:
        return calendar.today(self._clock())


def notable(deeds: Sequence[GoodDeed]) -> list[GoodDeed]:
    """The deeds worth telling of: of each kind the newest, those that the village values most first."""
    kinds: dict[str, GoodDeed] = {}
    for deed in deeds:
        if deed.asset is Asset.MORAL and deed.title:
            kinds.setdefault(deed.title, deed)
    return sorted(kinds.values(), key=lambda deed: (deed.amount, deed.on), reverse=True)[:NOTABLE]
