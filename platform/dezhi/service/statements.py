"""Statements: what a household and its people had, what moved, and what they had then, for any two days (LE-08).

Two clocks, told apart: a statement goes by the days of the deeds, and can be asked for as the book knew it at any
moment. A deed recorded late stands on its own day; a statement of before it was recorded does not know it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec

from dezhi.core.calendar import day as day_number, micros, to_date
from dezhi.core.errors import Problem
from dezhi.core.events import AssetId, Holder, HolderId, Kind, Role
from dezhi.core.people import Household
from dezhi.core.periods import FIRST_DAY
from dezhi.core.text import N_
from dezhi.service.journal import EntryRef, title_of
from dezhi.service.passbooks import Line
from dezhi.service.people import People
from dezhi.service.sheets import Sheets
from dezhi.store import statements as store
from dezhi.store.accounts import period
from dezhi.store.database import Database
from dezhi.store.statements import HeldAccount, Move, Pooled

ONE_DAY = timedelta(days=1)
YEARS_MAX = 5
"""The longest span of one statement; what a household books in it fits on some sheets of paper."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One account of a statement. `closing` is `opening` and every line together; hours are minutes.

    `who` is the member it belongs to, empty for the household's own. `pending` was under public notice at the end and
    is in neither figure.
    """

    account: int
    programme: int
    holder: HolderId
    owner: int
    who: str
    asset: AssetId
    opening: int
    lines: tuple[Line, ...]
    closing: int
    pending: int = 0
    pooled: tuple[Line, ...] = ()  # what was above the limit and went to the village's pool

    @property
    def gained(self) -> int:
        """What came in."""
        return sum(line.amount for line in self.lines if line.amount > 0)

    @property
    def lost(self) -> int:
        """What went out, as a positive number."""
        return -sum(line.amount for line in self.lines if line.amount < 0)


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """A household's statement of the days `since` to `until`, as known when the book's newest entry was `seq`."""

    home: Household
    since: date
    until: date
    book: int
    seq: int
    parts: tuple[Part, ...]

    def total(self, asset: AssetId) -> int:
        """What the household and its people had of an asset at the end."""
        return sum(part.closing for part in self.parts if part.asset is asset)


class Statements:
    """Reads statements and past balances."""

    def __init__(self, database: Database, sheets: Sheets, people: People) -> None:
        self._database = database
        self._sheets = sheets
        self._people = people

    async def balance(
        self,
        book: int,
        programme: int,
        holder: Holder,
        asset: AssetId,
        *,
        on: date | None = None,
        known: datetime | None = None,
        role: Role = Role.WALLET,
    ) -> int:
        """What a holder had: at the end of a day of deeds, as known at a moment, or both; 0 without an account.

        Without `on` it is what the book showed at that moment, held amounts included; without either, what it shows.
        """
        found = await store.accounts_of(self._database, book, [holder.id], [role])
        mine = [
            one.account
            for one in found
            if (one.programme, one.holder_kind, one.asset) == (programme, holder.kind, asset)
        ]
        if not mine:
            return 0
        seq = await self._newest(book, known)
        if on is None:
            return (await store.balances_at(self._database, book, mine, seq))[mine[0]]
        return (await store.balances_on(self._database, book, mine, day_number(on), seq))[mine[0]]

    async def of_household(
        self, home: Household, since: date, until: date, *, known: datetime | None = None, programme: int | None = None
    ) -> Statement:
        """A household's statement with its present members' accounts, of all programmes or of one.

        It is of what is known now, or was at a moment. Raises `Problem` for a span that ends before it begins, or is
        too long.
        """
        since = max(since, FIRST_DAY)
        _check_span(since, until)
        book = await self._sheets.book(home.village)
        holders = [home.id, *(member.person for member in home.members)]
        found = [
            one
            for one in await store.accounts_of(self._database, book, holders)
            if programme is None or one.programme == programme
        ]
        seq = await self._newest(book, known)
        numbers = [one.account for one in found]
        before = await store.balances_on(self._database, book, numbers, day_number(since - ONE_DAY), seq)
        after = await store.balances_on(self._database, book, numbers, day_number(until), seq)
        wallets = [one for one in found if one.role == Role.WALLET]
        moves: dict[int, list[Move]] = {one.account: [] for one in wallets}
        for move in await store.moves(self._database, book, list(moves), day_number(since), day_number(until), seq):
            moves[move.account].append(move)
        pending = {
            (one.programme, one.holder, one.asset): after[one.account] for one in found if one.role == Role.PENDING
        }
        names = {member.person: member.name for member in home.members}
        over = await store.pooled(self._database, book, home.id, day_number(since), day_number(until), seq)
        parts = [
            await self._part(book, one, before[one.account], moves[one.account], names, pending) for one in wallets
        ]
        parts = [await self._with_pooled(book, part, over) for part in parts]
        return Statement(home=home, since=since, until=until, book=book, seq=seq, parts=tuple(parts))

    async def _part(
        self,
        book: int,
        account: HeldAccount,
        opening: int,
        moves: Sequence[Move],
        names: Mapping[int, str],
        pending: Mapping[tuple[int, int, int], int],
    ) -> Part:
        lines, after = [], opening
        for move in moves:
            after += move.amount
            # On a person's own account the heading says whose every line is.
            who = "" if account.holder in names else names.get(move.person or 0, "")
            lines.append(await self._line(book, AssetId(account.asset), move, after, who))
        return Part(
            account=account.account,
            programme=account.programme,
            holder=HolderId(account.holder_kind),
            owner=account.holder,
            who=names.get(account.holder, ""),
            asset=AssetId(account.asset),
            opening=opening,
            lines=tuple(lines),
            closing=after,
            pending=pending.get((account.programme, account.holder, account.asset), 0),
        )

    async def _with_pooled(self, book: int, part: Part, over: Sequence[Pooled]) -> Part:
        mine = [one for one in over if (one.person, one.asset) == (part.owner, part.asset)]
        lines = []
        for one in mine:
            sheet = await self._sheets.version(one.version)
            lines.append(
                Line(
                    ref=EntryRef(book, period(one.posted_at), one.seq),
                    kind=Kind.AWARD,
                    on=to_date(one.event_day),
                    text=sheet.title(one.item) if sheet else one.item,
                    asset=part.asset,
                    amount=one.amount,
                    after=part.closing,
                    who="",
                    on_trial=False,
                    undone=False,
                    reversal=False,
                    cursor=(one.seq, 0),
                )
            )
        return msgspec.structs.replace(part, pooled=tuple(lines))

    async def _line(self, book: int, asset: AssetId, move: Move, after: int, who: str) -> Line:
        sheet = await self._sheets.version(move.version)
        return Line(
            ref=EntryRef(book, period(move.posted_at), move.seq),
            kind=Kind(move.kind),
            on=to_date(move.event_day),
            text=title_of(move.kind, move.item, sheet),
            asset=asset,
            amount=move.amount,
            after=after,
            who=who,
            on_trial=sheet is None or sheet.on_trial,
            undone=move.reversed_by is not None,
            reversal=move.reverses is not None,
            cursor=(move.seq, move.line),
        )

    async def _newest(self, book: int, known: datetime | None) -> int:
        at = store.EVERYTHING if known is None else micros(known)
        return await store.last_known(self._database, book, at)


def _check_span(since: date, until: date) -> None:
    if since > until:
        raise Problem("span", N_("起止日期反了：开始的一天要在结束的一天以前。"), field="since")
    if until.year - since.year > YEARS_MAX:
        raise Problem("span-long", N_("一张对账单最长%(years)s年，请分几张看。"), field="since", years=YEARS_MAX)
