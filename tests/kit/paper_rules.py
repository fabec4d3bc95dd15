"""The rules of the ledger in their plainest form, from what it promises and not from how it does it (see `paper`)."""

from typing import Final

from dezhi.core import events
from dezhi.core.events import (
    FOREVER,
    SPENDABLE,
    TRANSFERABLE,
    AssetId,
    Award,
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
    Place,
    Reverse,
    Role,
    Transfer,
    Void,
)
from sheets import LOOSE, SYSTEM, Entry, Lot, Lots, Move, Purse, Sheets, Slip, purse

UNDOABLE: Final = (Kind.AWARD, Kind.OPENING, Kind.CAPTURE, Kind.EXPIRY)


class No(Exception):
    """The model's refusal, and what could be had where that helps."""

    def __init__(self, code: str, left: int | None = None) -> None:
        super().__init__(code)
        self.code, self.left = code, left


class Rules(Sheets):
    """What each event does to a paper book, or why it does nothing.

    `numbers` is told from outside: which account number the book gave to which purse.
    """

    def __init__(self) -> None:
        super().__init__()
        self.numbers: dict[Purse, int] = {}
        self.today = 0  # the day on which entries are made now
        self._at = 0
        self._known = 0  # how many entries a command can name: those of the batches before
        self._asked = Command(source="-", key="-", actor=0, events=())

    def _check_day(self, event: Event) -> None:
        if event.event_day > self.today:
            raise No("future")
        # What is put right is put right today, however long ago it happened.
        if event.event_day <= self.closed_through() and not isinstance(event, Reverse | Confirm):
            raise No("closed")

    def _write(self, kind: Kind, day_: int) -> Entry:
        open_day = day_ if day_ > self.closed_through() else self.today
        entry = Entry(kind=kind, day=open_day, at=self._at, source=self._asked.source, key=self._asked.key)
        self.entries.append(entry)
        return entry

    # ── points come ──

    def _award(self, event: Award) -> None:
        place = event.place
        if event.proposer_household == place.household:
            raise No("self_award")
        if event.proposer_person is not None and event.proposer_person == place.person:
            raise No("self_award")
        if event.approver_person is not None and event.approver_person in (event.proposer_person, place.person):
            raise No("approver")
        looked_at = event.seen_of or (event.holder,)
        if event.seen_at is not None and any(self._moved_since(event.programme, h, event.seen_at) for h in looked_at):
            raise No("stale")
        entry = self._write(Kind.OPENING if event.opening else Kind.AWARD, event.event_day)
        entry.programme, entry.place = event.programme, place
        for cap in event.caps:
            whose = event.holder.id if cap.subject is None else cap.subject
            left = max(0, cap.limit - self.used(cap.rule, whose, cap.period))
            if cap.add > left:
                raise No("cap", left)
            entry.uses.append((cap.rule, whose, cap.period, cap.add))
        for asset, amount in event.lines:
            issue = purse(event.programme, SYSTEM, asset, Role.ISSUE)
            if event.pending:
                entry.moves.append(Move(issue, purse(event.programme, event.holder, asset, Role.PENDING), amount))
            else:
                mine = purse(event.programme, event.holder, asset, Role.WALLET)
                self._into(entry, Move(issue, mine, amount), event.lot, event.ceiling)

    def _into(self, entry: Entry, move: Move, lot: events.Lot | None, ceiling: Ceiling | None) -> None:
        """Points come to a wallet, as many as it may have; the rest goes to the village's pool."""
        source, mine, amount = move
        kept = amount
        if ceiling and ceiling.asset == mine.asset:
            kept = min(amount, max(0, ceiling.limit - self.owned(mine)))
        if kept:
            entry.moves.append(Move(source, mine, kept))
            if lot and mine.asset in SPENDABLE:
                entry.slips.append(Slip(mine, Lot(lot.until, not lot.lapses), kept, 0))
        if ceiling and kept < amount:
            pool = Holder(HolderId.REGION, ceiling.pool)
            entry.moves.append(Move(source, purse(mine.programme, pool, AssetId(mine.asset), Role.POOL), amount - kept))

    def _moved_since(self, programme: int, holder: Holder, seen_at: int) -> bool:
        own = sum(1 for entry in self.entries if (entry.source, entry.key) == (self._asked.source, self._asked.key))
        return self.touched_after(seen_at, programme, holder, len(self.entries) - own)

    def _confirm(self, event: Confirm) -> None:
        target = self._named(event.seq)
        if target.kind not in (Kind.AWARD, Kind.OPENING) or not any(
            move.target.role == Role.PENDING for move in target.moves
        ):
            raise No("not_pending")
        if self.reversal(event.seq):
            raise No("reversed")
        if self.confirmation(event.seq):
            raise No("confirmed")
        entry = self._write(Kind.CONFIRMATION, event.event_day)
        entry.confirms, entry.programme, entry.place = event.seq, target.programme, target.place
        for _, waiting, amount in target.moves:
            if waiting.role == Role.PENDING:
                mine = waiting._replace(role=Role.WALLET)
                self._into(entry, Move(waiting, mine, amount), event.lot, event.ceiling)

    def _named(self, seq: int) -> Entry:
        if not 0 < seq <= self._known:
            raise No("no_entry")
        return self.entries[seq - 1]

    # ── points are put aside, and go ──

    def _pick(self, of: Lots, amount: int, first: Lot | None = None) -> Lots:
        """Which lots `amount` comes from: `first`, then the oldest, then what belongs to none and may be owed."""
        picked: Lots = {}
        for lot in sorted(of, key=lambda lot: (lot != first, lot)):
            if n := min(amount, of[lot]):
                picked[lot] = n
                amount -= n
        return picked | ({LOOSE: amount} if amount else {})

    def _over(self, lot: Lot) -> bool:
        """Whether a lot is gone, swept or not."""
        return not lot.stays and lot.until < self.today

    def spendable(self, of: Purse) -> int:
        """What can be spent now: free, and of no lot that is over."""
        over = sum(n for lot, n in self.free_lots(of).items() if self._over(lot))
        return self.free(of) - min(over, max(0, self.free(of)))

    def _hold(self, event: Hold) -> None:
        if event.asset not in SPENDABLE:
            raise No("not_spendable")
        if self.placed(event.order):
            raise No("order_used")
        if event.expires_at is not None and event.expires_at <= self._at:
            raise No("lapsed")
        if event.seen_at is not None and self._moved_since(event.programme, event.holder, event.seen_at):
            raise No("stale")
        mine = purse(event.programme, event.holder, event.asset, Role.WALLET)
        if self.frozen(mine):
            raise No("frozen")
        picked = self._put_aside(mine, event.amount)
        entry = self._write(Kind.HOLD, event.event_day)
        entry.order, entry.expires, entry.mine = event.order, event.expires_at, mine
        entry.programme, entry.place = event.programme, event.place
        entry.slips += [Slip(mine, lot, 0, n) for lot, n in picked.items()]

    def _put_aside(self, mine: Purse, amount: int) -> Lots:
        room = max(0, self.spendable(mine) + self.overdraft(mine))
        if amount > room:
            raise No("short", room)
        return self._pick({lot: n for lot, n in self.free_lots(mine).items() if not self._over(lot)}, amount)

    def _open(self, order: str) -> Entry:
        placed = self.placed(order)
        if placed is None:
            raise No("no_order")
        if self.resolved(order):
            raise No("resolved")
        return placed

    def _late(self, placed: Entry) -> bool:
        return placed.expires is not None and placed.expires <= self._at

    def _release(self, placed: Entry, kind: Kind, day_: int) -> Entry:
        """Settle an order: nothing is put aside for it any more."""
        entry = self._write(kind, day_)
        entry.order, entry.mine, entry.whole = placed.order, placed.mine, placed.whole
        entry.programme, entry.place = placed.programme, placed.place
        entry.slips += [Slip(slip.purse, slip.lot, 0, -slip.aside) for slip in placed.slips]
        return entry

    def _capture(self, event: Capture) -> None:
        placed = self._open(event.order)
        if placed.kind == Kind.FREEZE:
            raise No("frozen")
        if self._late(placed):
            raise No("lapsed")
        held = sum(slip.aside for slip in placed.slips)
        amount = held if event.amount is None else event.amount
        if amount > held:
            raise No("short", held)
        entry = self._release(placed, Kind.CAPTURE, event.event_day)
        mine = placed.slips[0].purse
        entry.moves.append(Move(mine, purse(mine.programme, SYSTEM, AssetId(mine.asset), Role.REDEEM), amount))
        for slip in placed.slips:
            n = min(amount, slip.aside)
            amount -= n
            if n:
                entry.slips.append(Slip(mine, slip.lot, -n, 0))

    def _void(self, event: Void) -> None:
        self._release(self._open(event.order), Kind.VOID, event.event_day)

    def _lapse(self, event: Lapse) -> None:
        placed = self._open(event.order)
        if not self._late(placed):
            raise No("not_due")
        self._release(placed, Kind.LAPSE, event.event_day)

    def _freeze(self, event: Freeze) -> None:
        if event.asset == AssetId.COUNT:
            raise No("not_spendable")  # there is nothing of it to spend
        if self.placed(event.order):
            raise No("order_used")
        if event.about is not None:
            self._named(event.about)
        mine = purse(event.programme, event.holder, event.asset, Role.WALLET)
        amount = max(0, self.spendable(mine)) if event.amount is None else event.amount
        picked = self._put_aside(mine, amount)
        entry = self._write(Kind.FREEZE, event.event_day)
        entry.order, entry.mine, entry.whole, entry.about = event.order, mine, event.amount is None, event.about
        entry.programme, entry.place = event.programme, event.place
        entry.slips += [Slip(mine, lot, 0, n) for lot, n in picked.items()]

    # ── points run out ──

    def _expire(self, event: Expire) -> None:
        mine = next((each for each, number in self.numbers.items() if number == event.account), None)
        if mine is None:
            raise No("no_account")
        if mine.role != Role.WALLET or mine.asset not in SPENDABLE:
            raise No("not_spendable")
        taken = self.due(mine, event.through, clearing=event.clearing)
        total = sum(taken.values())
        if event.expect is not None and event.expect != total:
            raise No("stale", total)
        if not total:
            raise No("nothing")
        self._run_out(mine, taken, event.event_day, event.place)

    def due(self, mine: Purse, through: int, *, clearing: bool) -> Lots:
        """What a sweep or a year's clearing through a day would take of a wallet."""
        room = max(0, self.free(mine))  # never what is put aside or owed
        lots = {
            lot: n for lot, n in self.free_lots(mine).items() if lot.until <= through and (clearing or self._over(lot))
        }
        if clearing and through == FOREVER:
            return self._pick(lots, room)
        return self._pick(lots, min(room, sum(lots.values())))

    def _run_out(self, mine: Purse, taken: Lots, day_: int, place: Place | None = None) -> None:
        entry = self._write(Kind.EXPIRY, day_)
        entry.programme, entry.place = mine.programme, place
        target = purse(mine.programme, SYSTEM, AssetId(mine.asset), Role.EXPIRED)
        entry.moves.append(Move(mine, target, sum(taken.values())))
        entry.slips += [Slip(mine, lot, -n, 0) for lot, n in taken.items()]

    # ── limits, corrections, closing ──

    def _limit(self, event: Limit) -> None:
        if event.asset not in SPENDABLE:
            raise No("not_spendable")
        entry = self._write(Kind.LIMIT, event.event_day)
        entry.mine = purse(event.programme, event.holder, event.asset, Role.WALLET)
        entry.programme, entry.place = event.programme, event.place
        entry.overdraft = event.overdraft

    def _reverse(self, event: Reverse) -> None:
        target = self._named(event.seq)
        if target.kind not in UNDOABLE:
            raise No("not_reversible")
        if self.reversal(event.seq):
            raise No("reversed")
        entry = self._write(Kind.REVERSAL, event.event_day)
        entry.reverses, entry.programme, entry.place = event.seq, target.programme, target.place
        entry.uses = [(rule, subject, period, -add) for rule, subject, period, add in target.uses]
        if target.kind in (Kind.CAPTURE, Kind.EXPIRY):
            entry.moves = [Move(move.target, move.source, move.amount) for move in target.moves]
            entry.slips = [Slip(slip.purse, slip.lot, -slip.owned, 0) for slip in target.slips if slip.owned]
            return
        # A confirmed award is taken from where its confirmation brought it.
        confirmed = self.confirmation(event.seq)
        came = self.entries[confirmed - 1] if confirmed else target
        for _, mine, amount in came.moves:
            issue = purse(mine.programme, SYSTEM, AssetId(mine.asset), Role.ISSUE)
            lot = next((slip.lot for slip in came.slips if slip.purse == mine), None)
            self._take_back(entry, event, Move(mine, issue, amount), lot)

    def _take_back(self, entry: Entry, event: Reverse, move: Move, lot: Lot | None) -> None:
        """Move back what came into a purse: what its holder still has is taken, the rest is lost or owed."""
        mine, issue, amount = move
        there = max(0, min(amount, self.free(mine)))
        if there < amount and event.if_spent == "refuse":
            raise No("spent", there)
        if there < amount and event.if_spent == "debt" and mine.role == Role.WALLET:
            if not self.overdraft(mine):
                raise No("no_debt", there)
            there, entry.owed = amount, True
        if there:
            picked = self._pick(self.free_lots(mine), there, lot)
            entry.moves.append(Move(mine, issue, there))
            entry.slips += [Slip(mine, each, -n, 0) for each, n in picked.items()]
        if there < amount:
            lost = purse(mine.programme, SYSTEM, AssetId(mine.asset), Role.WRITEOFF)
            entry.moves.append(Move(lost, issue, amount - there))

    def _transfer(self, event: Transfer) -> None:
        if event.asset not in TRANSFERABLE:
            raise No("not_transferable")
        mine = stock(event.programme, event.giver, event.asset)
        theirs = stock(event.programme, event.taker, event.asset)
        if self.frozen(mine):
            raise No("frozen")
        if self.free(mine) < event.amount:  # nothing that is owed can be given
            raise No("short", max(0, self.free(mine)))
        between = purse(event.programme, SYSTEM, event.asset, Role.TRANSIT)
        out = self._write(Kind.TRANSFER_OUT, event.event_day)
        out.programme, out.place = event.programme, event.giver_place
        out.moves.append(Move(mine, between, event.amount))
        into = self._write(Kind.TRANSFER_IN, event.event_day)
        into.programme, into.place = event.programme, event.taker_place
        into.about = len(self.entries) - 1
        into.moves.append(Move(between, theirs, event.amount))

    def _close(self, event: Close) -> None:
        if not self.closed_through() < event.through < self.today:
            raise No("not_due", self.closed_through())
        entry = self._write(Kind.CLOSE, event.event_day)
        entry.closes, entry.totals = event.through, self.totals()


def stock(programme: int, holder: Holder, asset: AssetId) -> Purse:
    """Where a holder keeps what is his: a village in its pool, everybody else in a wallet."""
    return purse(programme, holder, asset, Role.POOL if holder.kind == HolderId.REGION else Role.WALLET)
