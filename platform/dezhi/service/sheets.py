"""A programme's version ready for use: its items as they were adopted, its plugins ready to be asked, its book."""

import logging
from collections import OrderedDict
from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from dezhi.core import openings
from dezhi.core.errors import Problem
from dezhi.core.offers import by_full_code
from dezhi.core.people import Household
from dezhi.core.programmes import Kept, Programme
from dezhi.core.redlines import blocks, lint_offer
from dezhi.core.regions import Level
from dezhi.core.text import N_
from dezhi.host import Answer, Roster, Rosters
from dezhi.plugin import Board, Category, Item, Programme as Context, Reward, RewardKind
from dezhi.service.quarantines import Quarantines
from dezhi.store import books, places, programmes as store
from dezhi.store.accounts import REWARD_PREFIX
from dezhi.store.database import Database

log = logging.getLogger("dezhi.sheets")

SHEETS_MAX = 512


class Sheet(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One version. Items, rewards and boards are under full codes, `plugin/code`."""

    programme: Programme
    book: int
    roster: Roster
    items: Mapping[str, Item]
    rewards: Mapping[str, Reward]
    boards: Mapping[str, Board]

    @property
    def id(self) -> int:
        """The version's id, which entries carry."""
        return self.programme.id

    @property
    def lineage(self) -> int:
        """The programme's id through all of its versions, under which accounts are kept."""
        return self.programme.lineage

    @property
    def on_trial(self) -> bool:
        """Whether entries are booked without a public notice, which every one of them then says."""
        return self.programme.document.notice_days == 0

    @property
    def categories(self) -> Mapping[str, tuple[Category, ...]]:
        """The headings by plugin, as they were when the version was adopted."""
        return {**self.roster.categories, **self.programme.kept.categories}

    @property
    def notices(self) -> Mapping[str, str]:
        """What stands above each plugin's rules, as it was then."""
        return {**self.roster.notices, **self.programme.kept.notices}

    def context(self, today: date) -> Context:
        """What plugins are told of the programme."""
        return Context(
            id=self.programme.lineage, version=self.programme.version, village=self.programme.village, today=today
        )

    def title(self, code: str) -> str:
        """What an entry's item or reward was called in this version; its code when even that is gone."""
        if code.startswith(REWARD_PREFIX):
            bare = code.removeprefix(REWARD_PREFIX)
            reward = self.rewards.get(bare) or self.programme.kept.rewards.get(bare)
            return reward.title if reward else code.removeprefix(REWARD_PREFIX)
        item = self.items.get(code) or openings.ITEMS.get(code)
        return item.title if item else code

    def category(self, code: str) -> Category | None:
        """The heading an item stands under."""
        item = self.items.get(code)
        if item is None:
            return None
        declared = self.categories.get(code.partition("/")[0], ())
        return next((category for category in declared if category.code == item.category), None)

    def spendable(self) -> list[tuple[str, Reward]]:
        """What can be had for points, cheapest first; honours are given, never bought."""
        found = [(code, reward) for code, reward in self.rewards.items() if reward.kind is not RewardKind.HONOUR]
        return sorted(found, key=lambda pair: (pair[1].price, pair[0]))


def no_programme() -> Problem:
    """What to raise where a village has no programme on the day in question."""
    return Problem("no-programme", N_("这个村那天还没有积分方案。请乡镇先为村里启用方案，再来记分。"), status=409)


def is_suspended() -> Problem:
    """What to raise where a village's programme is suspended on the day in question."""
    text = N_("没有记上：这个村的方案那天是暂停的，不记分。已经有的分照样能查、能兑换。")
    return Problem("programme-suspended", text, status=409)


class Sheets:
    """Finds the version that rules a day, and keeps versions that were used lately: they never change."""

    def __init__(self, database: Database, rosters: Rosters, quarantines: Quarantines) -> None:
        self._database = database
        self._rosters = rosters
        self._quarantines = quarantines
        self._generation = rosters.directory.generation
        self._kept: OrderedDict[int, Sheet] = OrderedDict()
        self._books: dict[int, int] = {}

    async def in_force(self, village: int, on: date) -> Sheet:
        """The version that rules deeds of a day in a village. Raises `Problem` `no-programme`."""
        found = await self.find(village, on)
        if found is None:
            raise no_programme()
        return found

    async def find(self, village: int, on: date) -> Sheet | None:
        """As `in_force`, but None where there is nothing yet."""
        await self._fresh()
        programme = await store.in_force(self._database, village, on)
        return None if programme is None else await self._sheet(programme)

    async def of(self, home: Household) -> Sheet | None:
        """The version that ruled a household's village on the day it was looked up for."""
        return None if home.version is None else await self.version(home.version)

    async def version(self, key: int) -> Sheet | None:
        """One version by its id, also an old one."""
        await self._fresh()
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        programme = await store.by_id(self._database, key)
        return None if programme is None else await self._sheet(programme)

    async def book(self, village: int) -> int:
        """The book of a village: its township's. Opened on first use. Raises `Problem` for an unknown village."""
        if village not in self._books:
            path = await places.path(self._database, village)
            township = next((region for region in path if region.level is Level.TOWNSHIP), None)
            if township is None:
                raise Problem("region-unknown", N_("没有找到这个村镇或网格。"), status=404)
            self._books[village] = await books.open_book(self._database, township.id)
        return self._books[village]

    async def _fresh(self) -> None:
        """Learn what has changed about the plugins, and make anew what was made from them before."""
        await self._quarantines.fresh()
        if self._generation != self._rosters.directory.generation:
            self._generation = self._rosters.directory.generation
            self._kept.clear()

    async def _sheet(self, programme: Programme) -> Sheet:
        kept = self._kept.get(programme.id)
        if kept is None:
            kept = await self._make(programme)
            self._kept[programme.id] = kept
            if len(self._kept) > SHEETS_MAX:
                self._kept.popitem(last=False)
        self._kept.move_to_end(programme.id)
        return kept

    async def _make(self, programme: Programme) -> Sheet:
        roster = self._rosters.of(programme.id, programme.document.plugins)
        context = Context(
            id=programme.lineage,
            version=programme.version,
            village=programme.village,
            today=programme.effective_from,
        )

        async def asked(hook: str) -> Mapping[str, Any]:
            answers = await roster.each(hook, programme=context)
            return by_full_code([(one.name, one.value) for one in answers if isinstance(one, Answer)])[0]

        return Sheet(
            programme=programme,
            book=await self.book(programme.village),
            roster=roster,
            items={entry["code"]: msgspec.convert(entry["item"], Item) for entry in programme.items},
            rewards=programme.kept.rewards if roster.asleep else _as_adopted(programme, await asked("rewards")),
            boards=_decent(await asked("boards")),
        )


def _as_adopted(programme: Programme, offered: Mapping[str, Reward]) -> Mapping[str, Reward]:
    """The rewards the village adopted, of plugins that can be asked: a plugin that changes its mind changes nothing.

    Of versions adopted before rewards were kept it is what is offered now.
    """
    if programme.kept == Kept():
        return offered
    return {code: kept for code, kept in programme.kept.rewards.items() if code in offered}


def _decent(boards: Mapping[str, Board]) -> Mapping[str, Board]:
    """The boards that cross no red line: they were judged when the version was adopted, but are not kept with it."""
    wrong = {finding.at for finding in blocks(lint_offer({}, {}, boards, {}))}
    for code in wrong:
        log.warning("board left out", extra={"plugin": code.partition("/")[0], "code": "red-line"})
    return {code: board for code, board in boards.items() if code not in wrong}
