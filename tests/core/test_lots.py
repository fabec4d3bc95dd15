"""Lots: oldest first, restored exactly, gone after their day; and clearing a year with preview and undo."""

import msgspec
import pytest

from booking import CHEN, TODAY, award, capture, command, confirm, hold, reverse, void
from dezhi.core.events import FOREVER, AssetId, Lot, Role
from dezhi.core.touches import lots_touched, touches
from ledgers import KEPT_APART, LAST_YEAR, THIS_YEAR, Ledger, expire

YEARS = [Lot(until=year * 10_000 + 1231, lapses=True) for year in (2026, 2027, 2028)]


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.mark.row("LE-05")
def test_a_spend_draws_the_oldest_lot_and_a_reversal_returns_it_with_its_date(ledger: Ledger) -> None:
    ledger.need(award(amount=10, lot=YEARS[1]))
    ledger.need(award(amount=10))
    ledger.need(award(amount=10, lot=YEARS[0]))
    ledger.need(hold("soap", 14))
    assert ledger.lots() == {(20261231, True): (10, 0, 10), (20271231, True): (10, 0, 4)}
    spent = ledger.need(capture("soap"))
    assert ledger.lots() == {(20261231, True): (10, 10, 0), (20271231, True): (10, 4, 0)}
    ledger.need(reverse(spent))
    assert ledger.lots() == {(20261231, True): (10, 0, 0), (20271231, True): (10, 0, 0)}
    assert ledger.account().free == 30


@pytest.mark.row("LE-05")
def test_a_void_returns_what_was_reserved_and_permanent_points_come_last(ledger: Ledger) -> None:
    ledger.need(award(amount=5, lot=THIS_YEAR), award(amount=5))
    ledger.need(hold("soap", 7))
    ledger.need(void("soap"))
    assert ledger.lots() == {(20261231, True): (5, 0, 0)}
    ledger.need(hold("rice", 9), capture("rice"))
    assert ledger.lots() == {(20261231, True): (5, 5, 0)}


@pytest.mark.row("AW-12")
def test_a_reversed_award_takes_its_own_lot_first(ledger: Ledger) -> None:
    ledger.need(award(amount=6, lot=YEARS[0]))
    newer = ledger.need(award(amount=6, lot=YEARS[2]))
    ledger.need(hold("soap", 8), capture("soap"))
    ledger.need(reverse(newer))
    assert ledger.lots() == {(20261231, True): (6, 6, 0), (20281231, True): (6, 6, 0)}
    assert ledger.account().balance == 0


@pytest.mark.row("LE-05")
def test_lapsed_points_are_gone_before_anybody_swept_them(ledger: Ledger) -> None:
    ledger.need(award(amount=10, lot=THIS_YEAR), award(amount=3))
    ledger.on(2026, 12, 31)
    ledger.need(hold("soap", 1))
    ledger.need(void("soap"))
    ledger.on(2027, 1, 1)
    refused = ledger.ask(hold("rice", 4, event_day=20270101))
    assert (refused.code, refused.left) == ("short", 3)
    swept = ledger.book.txns[-1].body
    assert (swept.source, swept.kind, swept.event_day, swept.household) == ("system", 8, 20270101, CHEN)
    assert ledger.account().balance == 3
    ledger.need(hold("oil", 3, event_day=20270101))


def test_points_of_a_request_that_have_lapsed_already_cannot_be_spent_in_it(ledger: Ledger) -> None:
    refused = ledger.ask(award(amount=10, lot=LAST_YEAR), hold("soap", 1))
    assert (refused.code, refused.left) == ("short", 0)


def test_what_lapses_while_it_is_held_can_be_captured_or_lapses_when_it_comes_back(ledger: Ledger) -> None:
    ledger.need(award(amount=10, lot=THIS_YEAR))
    ledger.need(hold("soap", 4), hold("rice", 6))
    ledger.on(2027, 1, 2)
    ledger.need(msgspec.structs.replace(capture("soap"), event_day=20270102))
    ledger.need(msgspec.structs.replace(void("rice"), event_day=20270102))
    wallet = ledger.account()
    assert wallet.balance == 6
    ledger.need(expire(wallet.id, 20270101, event_day=20270102))
    assert ledger.account().balance == 0
    assert ledger.ask(expire(wallet.id, 20270101, event_day=20270102)).code == "nothing"


@pytest.mark.row("LE-06")
def test_clearing_takes_what_the_preview_showed_and_is_undone_exactly(ledger: Ledger) -> None:
    both = ((AssetId.MORAL, 10), (AssetId.HONOUR, 7), (AssetId.HOURS, 90))
    ledger.need(award(lines=both, lot=KEPT_APART))
    ledger.need(award(amount=4), award(amount=5, lot=YEARS[1]))
    ledger.need(hold("soap", 3))
    wallet = ledger.account()
    refused = ledger.ask(expire(wallet.id, 20261231, clearing=True, expect=10))
    assert (refused.code, refused.left) == ("stale", 7)
    before = ledger.lots()
    cleared = ledger.need(expire(wallet.id, 20261231, clearing=True, expect=7))
    assert ledger.account().free == 9
    assert [ledger.account(asset=asset).balance for asset in (AssetId.HONOUR, AssetId.HOURS)] == [7, 90]
    assert ledger.lots()[20261231, False] == (10, 7, 3)
    ledger.need(reverse(cleared))
    assert (ledger.lots(), ledger.account().free) == (before, 16)
    assert ledger.ask(reverse(cleared)).code == "reversed"


@pytest.mark.row("LE-06")
def test_a_clearing_without_end_takes_permanent_points_and_never_honour_or_pending(ledger: Ledger) -> None:
    ledger.need(award(amount=5, lot=THIS_YEAR), award(amount=4), award(amount=9, pending=True))
    ledger.need(award(lines=((AssetId.HONOUR, 7),), lot=THIS_YEAR))
    assert ledger.lots().keys() == {(20261231, True)}, "honour has no lots"
    ledger.need(expire(ledger.account().id, FOREVER, clearing=True, expect=9))
    assert (ledger.account().balance, ledger.account(role=Role.PENDING).balance) == (0, 9)
    for asset, role in ((AssetId.HONOUR, Role.WALLET), (AssetId.MORAL, Role.PENDING)):
        account = ledger.account(asset=asset, role=role)
        assert ledger.ask(expire(account.id, FOREVER, clearing=True)).code == "not_spendable"
    assert ledger.ask(expire(999, FOREVER)).code == "no_account"


def test_a_lot_that_is_kept_apart_does_not_lapse(ledger: Ledger) -> None:
    ledger.need(award(amount=5, lot=KEPT_APART), award(amount=6, lot=THIS_YEAR))
    ledger.on(2027, 2, 1)
    ledger.need(hold("soap", 5, event_day=20270201))
    assert ledger.lots() == {(20261231, False): (5, 0, 5), (20261231, True): (6, 6, 0)}


def test_an_award_without_a_lot_reads_none(ledger: Ledger) -> None:
    ledger.need(award(amount=5, lot=THIS_YEAR))
    touch = touches([command(award())])
    assert lots_touched(touch, ledger.book.state(touch)) == (set(), set())
    assert ledger.book.state(touch).cohorts == {}


def test_pending_points_get_their_lot_when_they_are_confirmed(ledger: Ledger) -> None:
    waiting = ledger.need(award(amount=5, pending=True, lot=LAST_YEAR))
    assert ledger.lots() == {}
    ledger.need(confirm(waiting, lot=THIS_YEAR, event_day=TODAY))
    assert ledger.lots() == {(20261231, True): (5, 0, 0)}
