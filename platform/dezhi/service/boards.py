"""Boards of honour, collective goals, and the village's month in figures: all recounted from the entries.

A household is on a board only if it said so, and is gone with the next look after it left (HO-01). Nothing here sorts
upwards or lists what was taken back (HO-09), and nothing compares villages or staff (HO-10).
"""

import contextlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

import msgspec

from dezhi.core.calendar import Clock, day, to_date, today
from dezhi.core.events import ASSET_OF, ASSETS, AssetId
from dezhi.core.periods import period_span
from dezhi.core.ranking import Place as Placed, places, top, weigh
from dezhi.plugin import Asset, Board, BoardKind, HolderKind, Weight, Window
from dezhi.service.people import People
from dezhi.service.shared import Shared
from dezhi.service.sheets import Sheet, Sheets
from dezhi.store import boards as store, books
from dezhi.store.boards import Sum, Totals
from dezhi.store.database import Database

SHARED_SECONDS = 3_600
"""How long sums wait for another process. When the book moves they are never asked for again."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One household's place; `who` is masked."""

    place: int
    who: str
    score: int


class Honour(msgspec.Struct, frozen=True, kw_only=True):
    """An honour board: places of those who opted in, out of `households`."""

    board: Board
    places: tuple[Place, ...]
    tied: int  # this many more share the place after the last one and were left out together
    joined: int
    households: int


class Goal(msgspec.Struct, frozen=True, kw_only=True):
    """A collective goal: `reached` is the sum of what the village's entries count for, over `deeds` entries."""

    board: Board
    reached: int
    target: int
    entries: int


class GoodDeed(msgspec.Struct, frozen=True, kw_only=True):
    """A deed for the public: `who` is masked, and empty for a household that did not opt in.

    `amount` is what it earned of its item's main asset, minutes for hours.
    """

    on: date
    who: str
    of: HolderKind  # whose name `who` is
    title: str
    symbol: str
    village: int
    asset: Asset
    amount: int
    on_trial: bool


class Boards:
    """Reads boards, goals, months and latest deeds."""

    def __init__(
        self, database: Database, sheets: Sheets, people: People, clock: Clock, shared: Shared | None = None
    ) -> None:
        """`shared` lets processes take over each other's sums."""
        self._database = database
        self._sheets = sheets
        self._people = people
        self._clock = clock
        self._shared = shared
        self._sums: dict[tuple[int, int, int, int], tuple[bytes, list[Sum]]] = {}

    async def honours(self, sheet: Sheet) -> list[Honour]:
        """The village's honour boards, computed now."""
        return [
            await self._honour(sheet, code, board)
            for code, board in sheet.boards.items()
            if board.kind is BoardKind.HONOUR
        ]

    async def goals(self, sheet: Sheet) -> list[Goal]:
        """The village's collective goals, computed now over all households, with no names."""
        found = []
        for code, board in sheet.boards.items():
            if board.kind is not BoardKind.GOAL:
                continue
            rows = await self._rows(sheet, board.window)
            found.append(
                Goal(
                    board=board,
                    reached=weigh(board.weights, _earned(sheet, code, rows)),
                    target=board.target or 0,
                    entries=_counted(sheet, code, board.weights, rows),
                )
            )
        return found

    async def totals(self, book: int, villages: Sequence[int], on: date, quiet: Collection[str] = ()) -> Totals:
        """The figures of the month of a day, up to that day; `quiet` items are none of the public's deeds."""
        since, _ = period_span(Window.MONTH, on)
        return await store.totals(self._database, book, villages, day(since), day(on), quiet)

    async def latest(
        self, book: int, villages: Sequence[int], limit: int, quiet: Collection[str] = ()
    ) -> list[GoodDeed]:
        """The newest deeds that stand. A name appears, masked, only for households that opted in; `quiet` as above."""
        found = await store.latest_deeds(self._database, book, villages, limit, quiet)
        homes = await self._people.households([deed.household for deed in found])
        joined = frozenset().union(*[await self._people.on_board(village) for village in {d.village for d in found}])
        earned = await store.earned_by_deeds(self._database, book, found)
        credited = {seq for seq, _ in earned}
        deeds = []
        for deed in found:
            sheet = await self._sheets.version(deed.version)
            item = sheet.items.get(deed.item) if sheet else None
            if (item is not None and item.quiet) or deed.seq not in credited:
                continue
            asset = item.asset if item else Asset.MORAL
            home = homes.get(deed.household)
            who, of = "", HolderKind.HOUSEHOLD
            if home is not None and deed.household in joined:
                member = next((one for one in home.members if one.person == deed.person), None)
                who = member.masked if member else home.masked_label
                of = HolderKind.PERSON if member else of
            deeds.append(
                GoodDeed(
                    on=to_date(deed.event_day),
                    who=who,
                    of=of,
                    title=item.title if item else "",
                    symbol=item.symbol if item else "",
                    village=deed.village,
                    asset=asset,
                    amount=earned.get((deed.seq, ASSETS[asset]), 0),
                    on_trial=sheet is None or sheet.on_trial,
                )
            )
        return deeds

    async def _honour(self, sheet: Sheet, code: str, board: Board) -> Honour:
        village = sheet.programme.village
        rows = await self._rows(sheet, board.window)
        joined = await self._people.on_board(village)
        of_holder: dict[int, list[Sum]] = defaultdict(list)
        for row in rows:
            holder = row.household if board.unit is HolderKind.HOUSEHOLD else row.person
            item = sheet.items.get(row.item)
            if holder is not None and row.household in joined and not (item and item.quiet):
                of_holder[holder].append(row)
        # Of two equals the one who got there first is listed first; they share the place all the same.
        by_arrival = sorted(of_holder.items(), key=lambda pair: max(row.reached for row in pair[1]))
        scores = [(holder, weigh(board.weights, _earned(sheet, code, own))) for holder, own in by_arrival]
        shown = top(places(scores, board.tie), board.size_max)
        return Honour(
            board=board,
            places=tuple(await self._labelled(board.unit, shown.places, of_holder)),
            tied=shown.tied,
            joined=len(joined),
            households=await self._people.count_below(village),
        )

    async def _labelled(
        self, unit: HolderKind, ranked: Sequence[Placed[int]], rows: Mapping[int, Sequence[Sum]]
    ) -> list[Place]:
        homes = await self._people.households([rows[one.key][0].household for one in ranked])
        found = []
        for one in ranked:
            home = homes.get(rows[one.key][0].household)
            member = next((m for m in home.members if m.person == one.key), None) if home else None
            who = member.masked if member and unit is HolderKind.PERSON else home.masked_label if home else "×"
            found.append(Place(place=one.place, who=who, score=one.score))
        return found

    async def _rows(self, sheet: Sheet, window: Window) -> list[Sum]:
        """The village's sums in a window. Kept until the book moves: its head is the key."""
        since, until = (day(one) for one in period_span(window, today(self._clock())))
        head = (await books.mark(self._database, sheet.book)).head
        key = (sheet.lineage, sheet.programme.village, since, until)
        kept = self._sums.get(key)
        if kept is None or kept[0] != head:
            if len(self._sums) > 256:  # noqa: PLR2004 - windows of some eighty villages
                self._sums.clear()
            kept = (head, await self._shared_sums(sheet.book, head, key))
            self._sums[key] = kept
        return kept[1]

    async def _shared_sums(self, book: int, head: bytes, key: tuple[int, int, int, int]) -> list[Sum]:
        """As another process recounted them from the same entries, if it did and the cache can be asked."""
        name = f"sums:{head.hex()}:{':'.join(map(str, key))}"
        if self._shared is not None and (found := await self._shared.get(name)) is not None:
            with contextlib.suppress(msgspec.MsgspecError):  # of another version of this program
                return msgspec.msgpack.decode(found, type=list[Sum])
        sums = await store.sums(self._database, book, *key)
        if self._shared is not None:
            await self._shared.put(name, msgspec.msgpack.encode(sums), SHARED_SECONDS)
        return sums


def _earned(sheet: Sheet, code: str, rows: Sequence[Sum]) -> dict[tuple[Asset, str], int]:
    """What rows of the board's own plugin come to, by asset and category."""
    plugin = code.partition("/")[0]
    earned: dict[tuple[Asset, str], int] = defaultdict(int)
    for row in rows:
        item = sheet.items.get(row.item)
        if item is not None and not item.quiet and row.item.startswith(f"{plugin}/"):
            earned[ASSET_OF[AssetId(row.asset)], item.category] += row.earned
    return earned


def _counted(sheet: Sheet, code: str, weights: Sequence[Weight], rows: Sequence[Sum]) -> int:
    """How many entries the goal is the sum of."""
    plugin = code.partition("/")[0]
    entries = 0
    for row in rows:
        item = sheet.items.get(row.item)
        if item is None or item.quiet or not row.earned or not row.item.startswith(f"{plugin}/"):
            continue
        asset = ASSET_OF[AssetId(row.asset)]
        if any(one.asset is asset and (not one.categories or item.category in one.categories) for one in weights):
            entries += row.entries
    return entries
