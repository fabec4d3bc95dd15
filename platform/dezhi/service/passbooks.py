"""A household's passbook: what it has, what it earned, every line with the balance after it, and why."""

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from dezhi.core.calendar import Clock, day as day_number, to_date, today
from dezhi.core.clearings import Clearing, ClearingState
from dezhi.core.events import AssetId, HolderId, HoldState, Kind
from dezhi.core.people import Household
from dezhi.plugin import Asset, Category
from dezhi.service.journal import EntryRef, title_of
from dezhi.service.people import People
from dezhi.service.sheets import Sheet, Sheets
from dezhi.store import accounts, clearings, freezes, redemptions, scores
from dezhi.store.accounts import LeftBehind, LotLeft, PassbookLine
from dezhi.store.database import Database
from dezhi.store.redemptions import Order

LINES = 30


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line. `amount` is signed, `after` is that account's balance right after it; hours in minutes."""

    ref: EntryRef
    kind: Kind
    on: date
    text: str
    asset: AssetId
    amount: int
    after: int
    who: str  # the member it belongs to, where it is a person's
    on_trial: bool
    undone: bool
    reversal: bool
    cursor: tuple[int, int]
    quiet: bool = False  # a reminder, told to the household alone


class Passbook(msgspec.Struct, frozen=True, kw_only=True):
    """The open page of a household's passbook. `spendable` is what is not set aside."""

    home: Household
    sheet: Sheet | None
    spendable: int = 0
    held: int = 0
    frozen: int = 0
    pending: int = 0
    honour: int = 0
    safe: int = 0
    minutes: int = 0
    savings: tuple[tuple[Category, int], ...] = ()
    lines: tuple[Line, ...] = ()
    more: bool = False
    waiting: tuple[Order, ...] = ()
    left_behind: tuple[LeftBehind, ...] = ()
    lots: tuple[LotLeft, ...] = ()
    clearing: Clearing | None = None  # announced, and still to come
    today: date = date.min


class Balances(msgspec.Struct, frozen=True, kw_only=True):
    """What a household has today, of its own and of its members; `minutes` are hours. All 0 without a programme."""

    spendable: int = 0
    held: int = 0
    frozen: int = 0
    pending: int = 0
    honour: int = 0
    safe: int = 0
    minutes: int = 0


class Passbooks:
    """Reads passbooks."""

    def __init__(self, database: Database, sheets: Sheets, people: People, clock: Clock) -> None:
        self._database = database
        self._sheets = sheets
        self._people = people
        self._clock = clock

    async def open(self, household: int, *, before: tuple[int, int] | None = None, lines: int = LINES) -> Passbook:
        """A household's passbook today; `before` is the cursor of the last line of the page before.

        Raises `Problem` for a household that lives nowhere today.
        """
        now = today(self._clock())
        home = await self._people.household(household, now)
        book = await self._sheets.book(home.village)
        sheet = await self._sheets.find(home.village, now)
        found = await accounts.passbook(self._database, book, household, before=before, limit=lines + 1)
        shown = await self._lines(book, found[:lines])
        orders = await redemptions.of_household(self._database, book, household)
        waiting = tuple(order for order in orders if order.state is HoldState.OPEN)
        if sheet is None:
            return Passbook(home=home, sheet=None, lines=shown, more=len(found) > lines, waiting=waiting)
        figures = await self._figures(sheet, home)
        return Passbook(
            home=home,
            sheet=sheet,
            spendable=figures.spendable,
            held=figures.held,
            frozen=figures.frozen,
            pending=figures.pending,
            honour=figures.honour,
            safe=figures.safe,
            minutes=figures.minutes,
            savings=await self._savings(sheet, household),
            lines=shown,
            more=len(found) > lines,
            waiting=waiting,
            lots=tuple(await accounts.lots(self._database, book, sheet.lineage, household)),
            clearing=await self._announced(sheet),
            today=now,
            left_behind=tuple(await accounts.left_behind(self._database, book, sheet.lineage, household)),
        )

    async def _announced(self, sheet: Sheet) -> Clearing | None:
        found = await clearings.of_village(self._database, sheet.programme.village)
        return next((one for one in found if one.state is ClearingState.ANNOUNCED), None)

    async def spendable(self, sheet: Sheet, household: int) -> int:
        """The moral points a household can spend now."""
        return (await self.spendables(sheet, [household])).get(household, 0)

    async def spendables(self, sheet: Sheet, households: Sequence[int]) -> Mapping[int, int]:
        """The same for several households of one village; a household without an account is left out."""
        on = day_number(today(self._clock()))
        return await accounts.wallets(self._database, sheet.book, sheet.lineage, AssetId.MORAL, households, on)

    async def balances(self, home: Household) -> Balances:
        """What a household has, without its lines."""
        sheet = await self._sheets.of(home)
        return Balances() if sheet is None else await self._figures(sheet, home)

    async def _figures(self, sheet: Sheet, home: Household) -> Balances:
        holders = [home.id, *(member.person for member in home.members)]
        total = dict.fromkeys(("spendable", "held", "frozen", "pending", "honour", "safe", "minutes"), 0)
        on = day_number(today(self._clock()))
        for figure in await accounts.figures(self._database, sheet.book, sheet.lineage, holders, on):
            match AssetId(figure.asset):
                case AssetId.HOURS:
                    total["minutes"] += figure.balance
                case AssetId.MORAL if figure.holder_kind == HolderId.HOUSEHOLD:
                    free = figure.balance - figure.held - figure.ended
                    total["spendable"] += 0 if figure.frozen else free
                    aside = await self._frozen(sheet, home) if figure.held else 0
                    total["frozen"] += aside + (free if figure.frozen else 0)
                    total["held"] += figure.held - aside
                    total["pending"] += figure.pending
                case AssetId.MORAL:
                    # Moral points of a person are that person's to spend; the household's page does not add them up.
                    pass
                case AssetId.HONOUR:
                    total["honour"] += figure.balance
                case AssetId.SAFE:
                    total["safe"] += figure.balance
        return Balances(**total)

    async def _frozen(self, sheet: Sheet, home: Household) -> int:
        """What is set aside because it is frozen, and not for an order."""
        found = await freezes.of_holders(self._database, sheet.book, [home.id])
        return sum(one.amount for one in found if one.asset == AssetId.MORAL)

    async def _savings(self, sheet: Sheet, household: int) -> tuple[tuple[Category, int], ...]:
        """What was earned in moral points under each category, in the plugin's own order, spent or not."""
        earned = await scores.earned_by_item(self._database, sheet.book, sheet.lineage, household)
        by_category: dict[tuple[str, str], int] = {}
        for (code, asset), amount in earned.items():
            item = sheet.items.get(code)
            if item is not None and asset == AssetId.MORAL:
                key = (code.partition("/")[0], item.category)
                by_category[key] = by_category.get(key, 0) + amount
        moral = {
            (code.partition("/")[0], item.category) for code, item in sheet.items.items() if item.asset is Asset.MORAL
        }
        return tuple(
            (category, by_category.get((plugin, category.code), 0))
            for plugin, categories in sheet.categories.items()
            for category in categories
            if (plugin, category.code) in moral
        )

    async def _lines(self, book: int, found: Sequence[PassbookLine]) -> tuple[Line, ...]:
        names = await self._people.names([line.person for line in found if line.person is not None])
        lines = []
        for line in found:
            sheet = await self._sheets.version(line.version)
            lines.append(
                Line(
                    ref=EntryRef(book, accounts.period(line.posted_at), line.seq),
                    kind=Kind(line.kind),
                    on=to_date(line.event_day),
                    text=title_of(line.kind, line.item, sheet),
                    asset=AssetId(line.asset),
                    amount=line.amount,
                    after=line.after,
                    who=names.get(line.person, "") if line.person is not None else "",
                    on_trial=sheet is None or sheet.on_trial,
                    undone=line.reversed_by is not None,
                    reversal=line.reverses is not None,
                    cursor=(line.seq, line.line),
                    quiet=_is_quiet(sheet, line.item),
                )
            )
        return tuple(lines)


def _is_quiet(sheet: Sheet | None, code: str) -> bool:
    item = None if sheet is None else sheet.items.get(code)
    return item is not None and item.quiet
