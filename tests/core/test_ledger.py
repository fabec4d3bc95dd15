"""The rules beside lots, each on a book in memory: notices, holds, freezes, debts, ceilings, transfers, closing."""

import hashlib

import msgspec
import pytest

from booking import CHEN, NOW, TODAY, VILLAGE, WANG, award, capture, command, confirm, hold, reverse, void
from dezhi.core.calendar import micros
from dezhi.core.events import (
    AssetId,
    Cap,
    Capture,
    Ceiling,
    Close,
    Command,
    Event,
    Holder,
    HolderId,
    Kind,
    Lapse,
    Place,
    Role,
)
from dezhi.core.memory import MemoryBook
from ledgers import THIS_YEAR, Ledger, freeze, limit, transfer

HOUR = 3_600_000_000
MINUTES = ((AssetId.HOURS, 600),)
POOL = Holder(HolderId.REGION, VILLAGE)
POOL_PLACE = Place(household=0, village=VILLAGE)
OLD_DIGEST = "c8ca0a86c7a622dda62699e24330b664ef9d3b0934b9a97426f156df1ba95d51"
ONCE = Cap(rule="day", period="2026", add=1, limit=1)


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


# ── notices ──


@pytest.mark.row("AW-12")
def test_pending_counts_for_limits_and_never_for_spending(ledger: Ledger) -> None:
    waiting = ledger.need(award(amount=9, pending=True, caps=(ONCE,)))
    assert ledger.ask(award(amount=9, caps=(ONCE,))).code == "cap"
    assert ledger.ask(hold("soap", 1)).code == "short"
    booked = ledger.need(confirm(waiting))
    assert ledger.book.body(booked).kind == Kind.CONFIRMATION
    assert (ledger.account().free, ledger.account(role=Role.PENDING).balance) == (9, 0)
    assert ledger.ask(confirm(waiting)).code == "confirmed"
    assert ledger.ask(confirm(booked)).code == ledger.ask(reverse(booked)).code.replace("reversible", "pending")
    ledger.need(reverse(waiting))
    assert (ledger.account().free, ledger.book.caps) == (0, {("day", CHEN, "2026"): 0})
    ledger.need(award(amount=9, caps=(ONCE,)))


def test_an_upheld_objection_reverses_what_is_pending(ledger: Ledger) -> None:
    waiting = ledger.need(award(amount=9, pending=True))
    ledger.need(reverse(waiting))
    assert ledger.account(role=Role.PENDING).balance == 0
    assert ledger.ask(confirm(waiting)).code == "reversed"
    assert ledger.ask(confirm(ledger.need(award()))).code == "not_pending"
    assert ledger.ask(confirm(99)).code == "no_entry"


def test_confirmed_and_reversed_in_one_batch_takes_it_from_the_wallet(ledger: Ledger) -> None:
    waiting = ledger.need(award(amount=9, pending=True))
    found = ledger.book.post([command(confirm(waiting)), command(reverse(waiting))], micros(NOW), bytes(32))
    assert [outcome.code for outcome in found] == ["", ""]
    ledger.check()
    assert (ledger.account().balance, ledger.account(role=Role.PENDING).balance) == (0, 0)


def test_an_opening_balance_is_dated_and_keeps_the_rule_of_two(ledger: Ledger) -> None:
    opened = ledger.need(award(amount=30, opening=True, event_day=20251231))
    assert ledger.book.body(opened).kind == Kind.OPENING
    assert ledger.ask(award(opening=True, proposer_household=CHEN)).code == "self_award"
    ledger.need(reverse(opened))
    assert ledger.account().balance == 0


# ── holds ──


@pytest.mark.row("LE-07")
def test_a_hold_past_its_time_cannot_be_captured_and_goes_back_by_itself(ledger: Ledger) -> None:
    ledger.need(award(amount=10, lot=THIS_YEAR))
    until = micros(NOW) + HOUR
    ledger.need(hold("soap", 8, expires_at=until))
    assert ledger.ask(hold("rice", 5)).code == "short"
    assert ledger.ask(Lapse(order="soap", event_day=TODAY)).code == "not_due"
    assert ledger.ask(hold("late", 1, expires_at=micros(NOW))).code == "lapsed"
    ledger.wait(hours=1)
    assert ledger.ask(capture("soap")).code == "lapsed"
    ledger.need(hold("oil", 10))
    lapsed = ledger.book.txns[-2].body
    assert (lapsed.kind, lapsed.source, lapsed.order) == (Kind.LAPSE, "system", "soap")
    assert ledger.ask(Lapse(order="soap", event_day=TODAY)).code == "resolved"


def test_a_sweep_ends_a_hold_and_a_void_may_still_come_first(ledger: Ledger) -> None:
    ledger.need(award(amount=10))
    ledger.need(hold("soap", 4, expires_at=micros(NOW) + HOUR), hold("rice", 4, expires_at=micros(NOW) + HOUR))
    ledger.wait(hours=2)
    ledger.need(Lapse(order="soap", event_day=TODAY))
    ledger.need(void("rice"))
    assert ledger.account().free == 10


@pytest.mark.row("LE-07")
def test_a_part_is_captured_and_the_rest_goes_back(ledger: Ledger) -> None:
    ledger.need(award(amount=6, lot=THIS_YEAR), award(amount=6))
    ledger.need(hold("soap", 10))
    refused = ledger.ask(Capture(order="soap", event_day=TODAY, amount=11))
    assert (refused.code, refused.left) == ("short", 10)
    spent = ledger.need(Capture(order="soap", event_day=TODAY, amount=4))
    assert (ledger.account().free, ledger.lots()) == (8, {(20261231, True): (6, 4, 0)})
    assert ledger.book.holds["soap"].captured == 4
    ledger.need(reverse(spent))
    assert (ledger.account().free, ledger.lots()) == (12, {(20261231, True): (6, 0, 0)})


# ── freezes ──


@pytest.mark.row("LE-14")
def test_a_frozen_wallet_spends_nothing_until_it_is_released(ledger: Ledger) -> None:
    about = ledger.need(award(amount=10, lot=THIS_YEAR))
    ledger.need(hold("soap", 2))
    frozen = ledger.need(freeze(about=about))
    assert (ledger.book.body(frozen).about, ledger.book.txns[-1].text) == (about, "有人提出异议")
    ledger.need(award(amount=5))
    assert ledger.ask(hold("rice", 1)).code == "frozen"
    assert ledger.ask(capture("freeze")).code == "frozen"
    ledger.need(capture("soap"))
    ledger.need(msgspec.structs.replace(void("freeze"), reason="查清了"))
    assert (ledger.book.txns[-1].body.frozen, ledger.book.txns[-1].text) == (-1, "查清了")
    ledger.need(hold("rice", 13))


@pytest.mark.row("LE-14")
def test_part_of_a_wallet_or_an_empty_one_is_frozen(ledger: Ledger) -> None:
    ledger.need(freeze("empty"))
    ledger.need(award(amount=10))
    assert ledger.ask(hold("rice", 1)).code == "frozen"
    ledger.need(void("empty"))
    ledger.need(freeze("part", amount=7))
    refused = ledger.ask(hold("rice", 4))
    assert (refused.code, refused.left) == ("short", 3)
    ledger.need(hold("rice", 3))
    assert ledger.ask(freeze("more", amount=1)).code == "short"
    assert ledger.ask(freeze("part", amount=1)).code == "order_used"
    assert ledger.ask(freeze("why", amount=None, about=999)).code == "no_entry"


# ── debts ──


@pytest.mark.row("LE-10")
def test_a_wallet_goes_below_zero_only_as_far_as_it_may(ledger: Ledger) -> None:
    assert ledger.ask(hold("soap", 1)).code == "short", "0 unless somebody said otherwise"
    ledger.need(limit(20))
    assert ledger.ask(hold("soap", 21)).code == "short"
    ledger.need(hold("soap", 20), capture("soap"))
    assert ledger.account().balance == -20
    ledger.need(award(amount=30, lot=THIS_YEAR))
    assert ledger.lots() == {(20261231, True): (30, 20, 0)}, "a debt is paid first"
    ledger.need(hold("rice", 25))
    ledger.need(limit(0))
    assert (ledger.account().free, ledger.account().debt_limit) == (-15, 15)
    assert ledger.ask(hold("oil", 1)).code == "short"
    ledger.need(award(amount=10))
    assert ledger.account().debt_limit == 5
    ledger.need(void("rice"))
    assert (ledger.account().free, ledger.account().debt_limit) == (20, 0)


@pytest.mark.row("LE-10")
@pytest.mark.row("AW-12")
def test_a_reversal_may_leave_a_debt_where_debts_are_allowed(ledger: Ledger) -> None:
    first = ledger.need(award(amount=30, lot=THIS_YEAR))
    ledger.need(hold("soap", 30), capture("soap"))
    assert ledger.ask(reverse(first, if_spent="debt")).code == "no_debt"
    assert ledger.ask(reverse(first, if_spent="refuse")).code == "spent"
    ledger.need(limit(5))
    ledger.need(reverse(first, if_spent="debt"))
    assert (ledger.account().balance, ledger.account().debt_limit) == (-30, 30)
    ledger.need(award(amount=28, lot=THIS_YEAR))
    assert (ledger.account().balance, ledger.account().debt_limit) == (-2, 5)
    assert ledger.lots() == {(20261231, True): (58, 58, 0)}
    ledger.need(hold("rice", 3))
    assert ledger.ask(hold("oil", 1)).code == "short"


# ── the village's pool, and giving ──


@pytest.mark.row("LE-12")
def test_what_passes_the_ceiling_goes_to_the_pool(ledger: Ledger) -> None:
    ceiling = Ceiling(asset=AssetId.HOURS, limit=90_000, pool=VILLAGE)
    ledger.need(award(lines=((AssetId.HOURS, 89_990),), ceiling=ceiling))
    over = ledger.need(award(lines=((AssetId.HOURS, 8), (AssetId.HOURS, 3), (AssetId.MORAL, 2)), ceiling=ceiling))
    assert ledger.account(asset=AssetId.HOURS).balance == 90_000
    assert ledger.account(VILLAGE, AssetId.HOURS, Role.POOL).balance == 1
    ledger.need(reverse(over))
    assert ledger.account(asset=AssetId.HOURS).balance == 89_990
    assert ledger.account(VILLAGE, AssetId.HOURS, Role.POOL).balance == 0
    waiting = ledger.need(award(lines=((AssetId.HOURS, 30),), ceiling=ceiling, pending=True))
    assert ledger.account(asset=AssetId.HOURS, role=Role.PENDING).balance == 30
    ledger.need(confirm(waiting, ceiling=ceiling))
    assert ledger.account(VILLAGE, AssetId.HOURS, Role.POOL).balance == 20
    ledger.need(reverse(waiting))
    assert ledger.account(asset=AssetId.HOURS).balance == 89_990


@pytest.mark.row("LE-11")
def test_minutes_are_given_to_another_household_or_the_pool_and_both_sides_are_told(ledger: Ledger) -> None:
    wang = Holder(HolderId.HOUSEHOLD, WANG), Place(household=WANG, village=VILLAGE)
    ledger.need(award(lines=MINUTES))
    given = ledger.ask(transfer(200, *wang))
    out, back = (ledger.book.body(seq) for seq in given.seqs)
    assert (out.kind, out.household, back.kind, back.household, back.about) == (11, CHEN, 12, WANG, out.seq)
    ledger.need(transfer(300, POOL, POOL_PLACE))
    assert ledger.account(asset=AssetId.HOURS).balance == 100
    assert ledger.account(WANG, AssetId.HOURS).balance == 200
    pool = ledger.account(VILLAGE, AssetId.HOURS, Role.POOL)
    assert (pool.balance, ledger.book.txns[-1].body.household) == (300, None)
    assert ledger.ask(transfer(101, *wang)).code == "short"
    assert ledger.ask(transfer(1, *wang, asset=AssetId.MORAL)).code == "not_transferable"
    assert ledger.ask(transfer(1, Holder(HolderId.HOUSEHOLD, CHEN), wang[1])).code == "malformed"
    assert ledger.ask(reverse(given.seqs[0])).code == "not_reversible"
    ledger.need(transfer(300, *wang, giver=POOL, giver_place=POOL_PLACE))
    ledger.need(freeze(asset=AssetId.HOURS))
    assert ledger.ask(transfer(1, *wang)).code == "frozen"


# ── closing ──


def test_a_closed_period_takes_nothing_and_is_corrected_on_todays_day(ledger: Ledger) -> None:
    old = ledger.need(award(amount=5, event_day=20261031))
    waiting = ledger.need(award(amount=7, event_day=20261031, pending=True))
    closed = ledger.book.body(ledger.need(award(WANG), Close(through=20261031, event_day=TODAY)) + 1)
    assert closed.closes == 20261031
    assert {(total.asset, total.role): (total.credits, total.debits) for total in closed.totals} == {
        (1, 1): (10, 0), (1, 2): (7, 0), (1, 3): (0, 17),
    }  # fmt: skip
    assert ledger.ask(award(event_day=20261031)).code == "closed"
    for through in (20261031, 20260101, TODAY):
        assert ledger.ask(Close(through=through, event_day=TODAY)).code == "not_due"
    assert ledger.book.body(ledger.need(reverse(old, event_day=20261031))).event_day == TODAY
    assert ledger.book.body(ledger.need(confirm(waiting, event_day=20261031))).event_day == TODAY
    ledger.need(Close(through=20261121, event_day=TODAY))


# ── what is asked ──


def test_a_request_of_an_older_release_has_the_digest_it_had() -> None:
    """The digests were computed by release 0.1.0."""
    old = Command(
        source="s", key="k", actor=1, events=(award(caps=(ONCE,), seen_at=4), hold("o"), capture("o"), void("o"))
    )
    assert old.digest().hex() == OLD_DIGEST
    assert (
        msgspec.structs.replace(old, events=(award(lot=THIS_YEAR),)).digest()
        != msgspec.structs.replace(old, events=(award(),)).digest()
    )


MALFORMED: list[Event] = [
    award(lot=msgspec.structs.replace(THIS_YEAR, until=20261301)),
    freeze(holder=POOL),
    limit(-1),
    limit(10**7),
    transfer(1, POOL, Place(household=0, village=VILLAGE + 1)),
    Close(through=5, event_day=TODAY),
]


@pytest.mark.parametrize("event", MALFORMED, ids=range(len(MALFORMED)))
def test_what_contradicts_itself_is_no_request(ledger: Ledger, event: Event) -> None:
    assert ledger.ask(event).code == "malformed"


@pytest.mark.parametrize("amount", [0, -1, 1_000_001, 2.5, True])
def test_an_amount_that_is_none(ledger: Ledger, amount: int) -> None:
    for event in (
        transfer(amount, POOL, POOL_PLACE),
        freeze(amount=amount),
        Capture(order="o", event_day=TODAY, amount=amount),
    ):
        assert ledger.ask(event).code == "amount"


def test_the_same_requests_give_the_same_bytes() -> None:
    """Whoever replays a book gets its leaves again: nothing in the rules is left to chance."""
    heads = []
    for _ in range(2):
        book = MemoryBook()
        events = (award(amount=9, lot=THIS_YEAR), hold("soap", 4), capture("soap"), limit(3))
        for number, event in enumerate(events):
            book.post([command(event, key=str(number))], micros(NOW), hashlib.sha256(b"%d" % number).digest())
        heads.append(book.head)
    assert heads[0] == heads[1]


# ── counts, shared allowances, and facts of others ──


@pytest.mark.row("RU-11")
@pytest.mark.row("LE-03")
def test_a_count_is_booked_and_undone_and_never_spent_frozen_or_given(ledger: Ledger) -> None:
    seq = ledger.need(award(lines=((AssetId.COUNT, 1),)))
    ledger.need(award(lines=((AssetId.COUNT, 1), (AssetId.MORAL, 2))))
    assert ledger.account(asset=AssetId.COUNT).balance == 2
    assert ledger.ask(hold("soap", 1, asset=AssetId.COUNT)).code == "not_spendable"
    assert ledger.ask(freeze(asset=AssetId.COUNT)).code == "not_spendable"
    assert ledger.ask(limit(5, asset=AssetId.COUNT)).code == "not_spendable"
    assert ledger.ask(transfer(1, POOL, POOL_PLACE, asset=AssetId.COUNT)).code == "not_transferable"
    ledger.need(reverse(seq))
    assert (ledger.account(asset=AssetId.COUNT).balance, ledger.account().balance) == (1, 2)


@pytest.mark.row("RU-13")
def test_a_village_shares_one_allowance_and_gets_it_back(ledger: Ledger) -> None:
    quota = Cap(rule="best", period="2026", add=1, limit=1, subject=VILLAGE)
    first = ledger.need(award(CHEN, caps=(quota, ONCE)))
    refused = ledger.ask(award(WANG, caps=(quota, ONCE)))
    assert (refused.code, refused.left, refused.detail) == ("cap", 0, "best")
    assert ledger.book.caps == {("best", VILLAGE, "2026"): 1, ("day", CHEN, "2026"): 1}
    ledger.need(reverse(first))
    ledger.need(award(WANG, caps=(quota, ONCE)))


@pytest.mark.row("RU-12")
def test_awards_to_several_in_one_command_are_booked_all_or_none(ledger: Ledger) -> None:
    ledger.need(award(WANG, caps=(ONCE,)))
    assert ledger.ask(award(CHEN, caps=(ONCE,)), award(WANG, caps=(ONCE,))).code == "cap"
    assert (ledger.account(CHEN).balance, ledger.account(WANG).balance) == (0, 5)


def test_an_award_to_another_is_stale_when_those_moved_whose_facts_were_seen(ledger: Ledger) -> None:
    seen = ledger.need(award(CHEN))
    doer = Holder(HolderId.HOUSEHOLD, CHEN)
    ledger.need(award(WANG))
    ledger.need(award(WANG, seen_at=seen, seen_of=(doer,)))
    ledger.need(award(CHEN))
    assert ledger.ask(award(WANG, seen_at=seen, seen_of=(doer,))).code == "stale"
    # When somebody looked, and at whom, is no part of what he asks.
    one, other = (command(award(WANG, **changes), key="k") for changes in ({}, {"seen_at": 9, "seen_of": (doer,)}))
    assert one.digest() == other.digest()
