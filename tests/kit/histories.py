"""Whole histories of a book, from a seed: the same seed tells the same history wherever it is told.

The teller looks at the paper book while it tells, so that most of what is asked makes sense: orders that are open are
fetched, amounts lie around what is there, entries that stand are reversed. The rest is what clerks get wrong.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random
from typing import Any, Final, TypeVar

from booking import NOW, VILLAGE
from dezhi.core.calendar import day, from_micros, micros, today
from dezhi.core.events import (
    FOREVER,
    AssetId,
    Award,
    Cap,
    Capture,
    Ceiling,
    Close,
    Command,
    Confirm,
    Event,
    Expire,
    Freeze,
    Hold,
    Holder,
    HolderId,
    Kind,
    Lapse,
    Limit,
    Lot,
    Place,
    Reverse,
    Role,
    Transfer,
    Void,
)
from paper import Paper
from paper_rules import UNDOABLE
from sheets import Purse, purse

HOUSEHOLDS: Final = (11, 12, 13)
HOME: Final = {71: 11, 72: 12, 73: 12}
"""Where each person lives."""

ITEM: Final = "dezhi-yinger/neighbour-help"
ODD_AMOUNTS: Final = (0, -3, 1_000_001, 10**30)
MINUTE: Final = 60_000_000
DAY: Final = 24 * 60 * MINUTE

Step = tuple[int, list[Command]]
"""A time in microseconds, and what is asked together at that time."""

T = TypeVar("T")


class Teller:
    """Makes up what is asked next of the book that `paper` keeps."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._chance = Random(0)  # noqa: S311 - every step brings its own
        self._now = micros(NOW)
        self._today = today(NOW)
        self._households: Sequence[int] = ()
        self._asked: list[Command] = []
        self._orders: list[str] = []
        self._keys = 0

    def step(self, chance: Random, commands: int = 5) -> Step:
        """Let some time go by, and ask for up to so many things together, as `chance` has it."""
        self._chance = chance
        # In a small hamlet everything happens to one household: debts, orders and lots meet in one wallet.
        self._households = self._households or self._pick((HOUSEHOLDS, 2), ((11,), 1))
        pause = self._pick((MINUTE, 12), (3 * 60 * MINUTE, 3), (DAY, 3), (9 * DAY, 1), (40 * DAY, 1), (-MINUTE, 1))
        self._now += pause + self._chance.randrange(3)
        self._today = today(from_micros(self._now))
        return self._now, [self._command() for _ in range(self._chance.randint(1, commands))]

    # ── chance ──

    def _odds(self, percent: float) -> bool:
        return self._chance.random() * 100 < percent

    def _pick(self, *weighted: tuple[T, int]) -> T:
        return self._chance.choices([one for one, _ in weighted], [weight for _, weight in weighted])[0]

    def _one(self, of: Sequence[T]) -> T:
        return of[self._chance.randrange(len(of))]

    # ── requests ──

    def _command(self) -> Command:
        if self._asked and self._odds(6):
            return self._one(self._asked)  # sent again
        if self._odds(5):
            events = self._visit()
        else:
            count = self._pick((1, 88), (2, 9), (3, 3))
            events = [maker() for maker in self._chance.choices(*self._weights(), k=count)]
        if self._asked and self._odds(2):
            key = self._one(self._asked).key  # the key of something else
        else:
            self._keys += 1
            key = f"key-{self._keys}"
        asked = Command(source="staff-1", key=key, actor=1, events=tuple(events))
        self._asked.append(asked)
        return asked

    def _weights(self) -> tuple[list[Callable[[], Event]], list[float]]:
        """What may be asked, and how often: seldom something for which there is nothing yet."""
        orders, freezes = self._paper.open_orders(), self._paper.open_orders(Kind.FREEZE)
        assets = {each.asset for each in self._paper.numbers if each.role == Role.WALLET}
        makers: dict[Callable[[], Event], tuple[int, object]] = {
            self._award: (30, True),
            self._confirm: (8, self._waiting()),
            self._hold: (16, AssetId.MORAL in assets),
            self._capture: (12, orders),
            self._void: (8, orders or freezes),
            self._lapse: (7, orders),
            self._freeze: (4, assets),
            self._expire: (7, AssetId.MORAL in assets),
            self._limit: (4, AssetId.MORAL in assets),
            self._reverse: (14, assets),
            self._transfer: (9, AssetId.HOURS in assets),
            self._close: (3, assets),
        }
        return list(makers), [weight if sensible else weight / 8 for weight, sensible in makers.values()]

    def _waiting(self) -> list[int]:
        """The pending awards that wait for their confirmation."""
        return [
            number
            for number, entry in enumerate(self._paper.entries, 1)
            if any(move.target.role == Role.PENDING for move in entry.moves)
            and not self._paper.reversal(number)
            and not self._paper.confirmation(number)
        ]

    def _visit(self) -> list[Event]:
        """At the desk: set aside and handed over in one request."""
        placed = self._hold()
        return [placed, Capture(order=placed.order, event_day=placed.event_day)]

    # ── days, holders, amounts ──

    def _day(self, offset: int = 0) -> int:
        return day(self._today + timedelta(days=offset))

    def _event_day(self) -> int:
        return self._day(self._pick((0, 84), (-1, 5), (-5, 5), (-60, 3), (1, 3)))

    def _holder(self) -> Holder:
        if self._odds(25):
            return Holder(HolderId.PERSON, self._one(list(HOME)))
        return Holder(HolderId.HOUSEHOLD, self._one(self._households))

    def _place(self, holder: Holder) -> Place:
        if holder.kind == HolderId.PERSON:
            return Place(household=HOME[holder.id], village=VILLAGE, person=holder.id)
        living = [person for person, household in HOME.items() if household == holder.id]
        person = self._one(living) if living and self._odds(50) else None
        return Place(household=holder.id, village=VILLAGE, person=person, grid=self._pick((None, 3), (5, 1)))

    def _programme(self) -> int:
        return self._pick((1, 12), (2, 1))

    def _amount(self, most: int = 30) -> int:
        if self._odds(3):
            return self._one(ODD_AMOUNTS)
        return 1_000_000 if self._odds(1) else self._chance.randint(1, most)

    def _around(self, there: int) -> int:
        """An amount that is there, just there, or just not there."""
        if self._odds(3):
            return self._one(ODD_AMOUNTS)
        there = min(max(there, 1), 1_000_000)
        return self._pick((self._chance.randint(1, there), 8), (there, 3), (there + 1, 1), (there + 12, 1))

    def _wallet(self, *assets: AssetId) -> tuple[Purse, Holder, Place]:
        """A wallet, mostly one that something is in."""
        known = [
            each for each in self._paper.numbers if each.role == Role.WALLET and (not assets or each.asset in assets)
        ]
        if known and not self._odds(5):
            mine = self._one(known)
            holder = Holder(HolderId(mine.kind), mine.holder)
        else:
            holder = self._holder()
            mine = purse(self._programme(), holder, self._one(assets or tuple(AssetId)), Role.WALLET)
        return mine, holder, self._place(holder)

    def _lot(self) -> Lot | None:
        sort = self._pick(("none", 1), ("year", 1), ("days", 1))
        if sort == "none":
            return None
        if sort == "year":
            return Lot(until=(self._today.year + self._one((-1, 0, 0, 1))) * 10_000 + 1231, lapses=False)
        return Lot(until=self._day(self._one((-1, 0, 1, 2, 9, 41))), lapses=True)

    def _ceiling(self, mine: Purse) -> Ceiling | None:
        if not self._odds(9):
            return None
        limit = max(0, self._paper.owned(mine) + self._chance.randint(-5, 15))
        return Ceiling(asset=AssetId(mine.asset), limit=limit, pool=VILLAGE)

    def _seen_at(self) -> int | None:
        latest = len(self._paper.entries)
        return self._pick((None, 16), (latest, 2), (max(0, latest - self._chance.randint(1, 8)), 1))

    # ── what comes in ──

    def _award(self) -> Award:
        holder = self._holder()
        usual = AssetId.HOURS if holder.kind == HolderId.PERSON else AssetId.MORAL
        assets = [usual if self._odds(85) else self._one(tuple(AssetId)) for _ in range(self._pick((1, 8), (2, 1)))]
        place, programme = self._place(holder), self._programme()
        limits = [
            Cap(
                rule=rule,
                period="2026",
                add=self._chance.randint(1, 2),
                limit=self._chance.randint(1, 6),
                # Half of these are one village's, whoever the points are for.
                subject=self._pick((None, 1), (VILLAGE, 1)),
            )
            for rule in ("a", "b")
            if self._odds(16)
        ]
        strangers = (None, None, 98, 99)
        return Award(
            programme=programme,
            version=1,
            item=ITEM,
            holder=holder,
            place=place,
            event_day=self._event_day(),
            lines=tuple((asset, self._amount()) for asset in assets) if not self._odds(0.5) else (),
            reason="帮邻居收稻谷",
            proposer_person=place.person if self._odds(2) else self._one(strangers),
            proposer_household=place.household if self._odds(2) else self._one(strangers),
            approver_person=self._pick((None, 12), (97, 4), (98, 1), (place.person, 1)),
            caps=tuple(limits),
            pending=self._odds(16),
            seen_at=self._seen_at(),
            seen_of=() if self._odds(70) else (self._holder(), holder),
            lot=self._lot(),
            ceiling=self._ceiling(purse(programme, holder, usual, Role.WALLET)),
            opening=self._odds(8),
        )

    def _confirm(self) -> Confirm:
        entries = self._paper.entries
        over = [entry.confirms or entry.reverses for entry in entries if entry.confirms or entry.reverses]
        seq = self._one(self._pick((self._waiting(), 8), (over, 2)) or [self._chance.randint(0, len(entries) + 2)])
        ceiling = None
        if 0 < seq <= len(entries) and entries[seq - 1].moves:
            ceiling = self._ceiling(entries[seq - 1].moves[0].target._replace(role=Role.WALLET))
        return Confirm(seq=seq, event_day=self._event_day(), lot=self._lot(), ceiling=ceiling)

    # ── what is put aside ──

    def _hold(self) -> Hold:
        mine, holder, place = self._wallet(*(() if self._odds(6) else (AssetId.MORAL,)))
        if self._orders and self._odds(4):
            order = self._one(self._orders)
        else:
            order = f"order-{len(self._orders) + 1}"
            self._orders.append(order)
        there, most = self._paper.spendable(mine), self._paper.overdraft(mine)
        amount = (
            self._around(there + most) if most and self._odds(80) else self._around(there // self._pick((1, 1), (3, 2)))
        )
        return Hold(
            order=order,
            programme=mine.programme,
            version=1,
            item="dezhi-yinger/soap",
            holder=holder,
            place=place,
            event_day=self._event_day(),
            asset=AssetId(mine.asset),
            amount=amount,
            reason="",
            seen_at=self._seen_at(),
            expires_at=self._pick((None, 4), (self._now + 2 * MINUTE, 3), (self._now + DAY, 2), (self._now - 1, 1)),
        )

    def _order(self, *, freeze: bool = False) -> str:
        """The name of an order: mostly an open one."""
        opened = self._paper.open_orders(Kind.FREEZE if freeze else Kind.HOLD)
        return self._one(self._pick((opened, 8), (self._orders, 1)) or ["order-0"])

    def _capture(self) -> Capture:
        order = self._order(freeze=self._odds(5))
        placed = self._paper.placed(order)
        held = sum(slip.aside for slip in placed.slips) if placed else 5
        part = self._around(held) if self._odds(35) else None
        return Capture(order=order, event_day=self._event_day(), amount=part)

    def _void(self) -> Void:
        return Void(order=self._order(freeze=self._odds(60)), event_day=self._event_day(), reason="")

    def _lapse(self) -> Lapse:
        return Lapse(order=self._order(freeze=self._odds(5)), event_day=self._event_day())

    def _freeze(self) -> Freeze:
        mine, holder, place = self._wallet()
        order = self._one(self._orders) if self._orders and self._odds(4) else f"order-{len(self._orders) + 1}"
        self._orders.append(order)
        return Freeze(
            order=order,
            programme=mine.programme,
            version=1,
            holder=holder,
            place=place,
            event_day=self._event_day(),
            asset=AssetId(mine.asset),
            amount=self._around(self._paper.free(mine)) if self._odds(60) else None,
            about=self._pick((None, 12), (max(1, len(self._paper.entries)), 12), (len(self._paper.entries) + 3, 1)),
            reason="举报待查",
        )

    # ── what runs out, limits, corrections ──

    def _expire(self) -> Expire:
        mine, _, place = self._wallet(*(() if self._odds(12) else (AssetId.MORAL,)))
        account = self._paper.numbers.get(mine, 0)
        if self._odds(6) and self._paper.numbers:
            account = self._one(list(self._paper.numbers.values())) + self._pick((0, 1), (40, 1))
        clearing = self._odds(60)
        through = self._pick((self._day(-1), 2), (self._day(), 2), (self._today.year * 10_000 + 1231, 3), (FOREVER, 2))
        total = sum(self._paper.due(mine, through, clearing=clearing).values())
        return Expire(
            account=account,
            through=through,
            event_day=self._event_day(),
            reason="年终清零",
            expect=self._pick((None, 3), (total, 5), (total + 1, 1)),
            clearing=clearing,
            place=place if self._odds(50) else None,
        )

    def _limit(self) -> Limit:
        mine, holder, place = self._wallet(*(() if self._odds(10) else (AssetId.MORAL,)))
        return Limit(
            programme=mine.programme,
            holder=holder,
            place=place,
            event_day=self._event_day(),
            asset=AssetId(mine.asset),
            overdraft=self._one((0, 5, 20, 40)),
            reason="村民代表会议通过",
        )

    def _reverse(self) -> Reverse:
        entries = self._paper.entries
        standing = [
            number
            for number, entry in enumerate(entries, 1)
            if entry.kind in UNDOABLE and not self._paper.reversal(number)
        ]
        rare = [number for number in standing if entries[number - 1].kind != Kind.AWARD]
        known: Any = range(1, len(entries) + 3)
        return Reverse(
            seq=self._one(self._pick((standing, 6), (rare, 4), (known, 2)) or list(known)),
            event_day=self._event_day(),
            reason="记错了",
            if_spent=self._pick(("clip", 3), ("refuse", 2), ("debt", 2)),
        )

    def _transfer(self) -> Transfer:
        mine, giver, giver_place = self._wallet(*(() if self._odds(6) else (AssetId.HOURS,)))
        village = Holder(HolderId.REGION, VILLAGE)
        if self._odds(15):
            mine = purse(mine.programme, village, AssetId(mine.asset), Role.POOL)
            giver, giver_place = village, Place(household=0, village=VILLAGE)
        taker = giver if self._odds(4) else self._pick((self._holder(), 3), (village, 1))
        return Transfer(
            programme=mine.programme,
            version=1,
            item="dezhi-yinger/hours",
            asset=AssetId(mine.asset),
            amount=self._around(self._paper.spendable(mine) // self._pick((1, 1), (3, 2))),
            giver=giver,
            giver_place=giver_place,
            taker=taker,
            taker_place=Place(household=0, village=VILLAGE) if taker == village else self._place(taker),
            event_day=self._event_day(),
            reason="换工",
        )

    def _close(self) -> Close:
        return Close(through=self._day(self._pick((-3, 4), (-1, 1), (-40, 2), (0, 1))), event_day=self._event_day())
