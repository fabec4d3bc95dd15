"""The rules of the book, each on a real database. What a test leaves behind is recomputed by its fixture."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from booking import CHEN, TODAY, VILLAGE, WANG, asking, award, capture, hold, reverse, void
from dezhi.core.events import AssetId, Cap, Command, Event, Holder, HolderId, Place
from dezhi.store.books import remembered
from dezhi.store.ledger import Deed, InDeed, Redemption, Submission

TIMES = 100
ONCE_A_DAY = Cap(rule="neighbour-help/day", period=str(TODAY), add=1, limit=1)


def deed(**changes: Any) -> Deed:
    fields = {
        "batch": "",
        "village": VILLAGE,
        "household": CHEN,
        "person": None,
        "item": "dezhi-yinger/neighbour-help",
        "version": 1,
        "event_day": TODAY,
        "minutes": None,
        "points": None,
        "note": "",
        "recorded_by": 1,
    }
    return Deed(**{**fields, **changes})


# ── the same request again ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.row("AW-11")
async def test_the_same_request_a_hundred_times_is_one_entry(desk: Any) -> None:
    submission = asking(award(), key="tap")._replace(record=deed())
    one_by_one = [await desk.poster.post(desk.book, submission) for _ in range(TIMES // 4)]
    at_once = await asyncio.gather(*(desk.poster.post(desk.book, submission) for _ in range(TIMES // 4)))
    together = await desk.poster.post_many(desk.book, [submission] * (TIMES // 2))
    outcomes = [*one_by_one, *at_once, *together]
    assert {outcome.seqs for outcome in outcomes} == {(1,)}
    assert [outcome.replay for outcome in outcomes] == [False] + [True] * (TIMES - 1)
    assert [await desk.count(table) for table in ("txn", "posting", "request", "deed")] == [1, 1, 1, 1]
    assert await desk.balance(CHEN) == 5


@pytest.mark.row("AW-11")
async def test_twins_in_one_batch_are_one_entry(desk: Any) -> None:
    first, twin, other = await desk.poster.post_many(
        desk.book, [asking(award(), key="tap"), asking(award(), key="tap"), asking(award(amount=6), key="tap")]
    )
    assert (first.seqs, twin.seqs, twin.replay) == ((1,), (1,), True)
    assert other.code == "conflict"
    assert await desk.balance(CHEN) == 5


@pytest.mark.row("AW-11")
async def test_a_key_used_for_something_else_is_a_conflict(desk: Any) -> None:
    await desk.post(award(amount=5), key="tap")
    assert (await desk.post(award(amount=6), key="tap")).code == "conflict"
    assert (await desk.post(award(amount=6), key="tap", source="staff-2")).booked
    assert await desk.balance(CHEN) == 11


@pytest.mark.row("AW-11")
async def test_what_a_key_was_used_for_can_be_looked_up(desk: Any) -> None:
    assert await remembered(desk.database, desk.book, "staff-1", ["tap"]) == {}
    submission = asking(award(), key="tap")
    outcome = await desk.poster.post(desk.book, submission)
    found = await remembered(desk.database, desk.book, "staff-1", ["tap", "another"])
    assert found == {"tap": (submission.command.digest(), outcome)}


@pytest.mark.row("AW-11")
async def test_a_refusal_is_remembered(desk: Any) -> None:
    refused = await desk.post(hold("order-1", 5), key="redeem")
    assert (refused.code, refused.left) == ("short", 0)
    await desk.post(award(amount=50))
    again = await desk.post(hold("order-1", 5), key="redeem")
    assert (again.code, again.replay) == ("short", True)
    assert (await desk.post(hold("order-1", 5), key="redeem again")).booked


async def test_a_request_scored_otherwise_the_second_time_is_the_same_request(desk: Any) -> None:
    def scored(amount: int) -> Submission:
        events = (award(amount=amount),)
        return Submission(Command(source="s", key="tap", actor=1, events=events, asked=b"neighbour-help 1001"))

    first = await desk.poster.post(desk.book, scored(5))
    again = await desk.poster.post(desk.book, scored(3))
    assert (again.seqs, again.replay) == (first.seqs, True)
    assert await desk.balance(CHEN) == 5


@pytest.mark.parametrize("amount", [0, -1, 1_000_001, 10**30, 2.5, 5.0, True, "5", None])
@pytest.mark.row("LE-04")
async def test_an_amount_that_is_none_is_refused_and_its_key_stays_free(desk: Any, amount: Any) -> None:
    assert (await desk.post(award(amount=amount), key="tap")).code == "amount"
    assert (await desk.post(hold("order-1", amount), key="tap")).code == "amount"
    assert await desk.count("request") == 0
    assert (await desk.post(award(amount=5), key="tap")).booked


MALFORMED: list[Sequence[Event]] = [
    [],
    [award(programme=2**63)],
    [award(programme=-1)],
    [award(version=1.0)],
    [award(item="")],
    [award(item="a\x00b")],
    [award(reason="\ud800")],
    [award(reason="长" * 2001)],
    [award(household=2**64)],
    [award(household=0)],
    [award(event_day=20261301)],
    [award(event_day=10**30)],
    [award(place=Place(household=WANG, village=VILLAGE))],
    [award(holder=Holder(HolderId.SYSTEM, 0), place=Place(household=0, village=VILLAGE))],
    [award(holder=Holder(HolderId.PERSON, 7))],
    [award(lines=((9, 5),))],
    [award(caps=(ONCE_A_DAY, ONCE_A_DAY))],
    [award(caps=(Cap(rule="r", period="p", add=-1, limit=1),))],
    [reverse(1, if_spent="perhaps")],
    [award(), capture("")],
]


@pytest.mark.parametrize("events", MALFORMED, ids=range(len(MALFORMED)))
async def test_what_is_no_request_costs_nobody_else_an_entry(desk: Any, events: Sequence[Event]) -> None:
    good, bad, after = await desk.poster.post_many(
        desk.book, [asking(award()), asking(*events, key="bad"), asking(award())]
    )
    assert bad.code == "malformed"
    assert bad.detail
    assert (good.seqs, after.seqs) == ((1,), (2,))
    assert await desk.count("request") == 2


@pytest.mark.parametrize("lines", [(), ((AssetId.MORAL, 1),) * 9])
async def test_an_award_has_one_to_eight_lines(desk: Any, lines: Any) -> None:
    assert (await desk.post(award(lines=lines))).code == "amount"


# ── awards ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.row("LE-03")
async def test_the_five_assets_never_mix(desk: Any) -> None:
    each = ((AssetId.MORAL, 1), (AssetId.HONOUR, 20), (AssetId.HOURS, 300), (AssetId.SAFE, 4000), (AssetId.COUNT, 1))
    await desk.post(award(lines=each))
    assert [await desk.balance(CHEN, asset) for asset in AssetId] == [1, 20, 300, 4000, 1]
    # 300 minutes and 4000 credits buy nothing that costs two points, in whatever they are asked for.
    assert (await desk.post(hold("soap", 2))).code == "short"
    for asset in (AssetId.HONOUR, AssetId.HOURS, AssetId.SAFE, AssetId.COUNT):
        assert (await desk.post(hold("soap", 1, asset=asset))).code == "not_spendable"
    for row in await desk.database.rows("SELECT * FROM posting"):
        pair = await desk.database.rows(
            "SELECT asset FROM account WHERE account_id IN ({}, {})", row["dr_account"], row["cr_account"]
        )
        assert [account["asset"] for account in pair] == [row["asset"]] * 2


async def test_points_of_two_programmes_never_share_an_account(desk: Any) -> None:
    await desk.post(award(amount=5, programme=1), award(amount=7, programme=2))
    assert await desk.count("account WHERE holder_id = 1001") == 2
    assert (await desk.post(hold("soap", 6))).code == "short"
    assert (await desk.post(hold("soap", 6, programme=2))).booked


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"proposer_household": CHEN}, "self_award"),
        ({"proposer_person": 7, "place": Place(household=CHEN, village=VILLAGE, person=7)}, "self_award"),
        ({"proposer_person": 8, "approver_person": 8}, "approver"),
        ({"approver_person": 7, "place": Place(household=CHEN, village=VILLAGE, person=7)}, "approver"),
        ({"event_day": TODAY + 1}, "future"),
        ({"event_day": 20010101}, ""),
    ],
)
async def test_who_may_award_and_when(desk: Any, changes: dict[str, Any], code: str) -> None:
    assert (await desk.post(award(**changes))).code == code


async def test_a_closed_period_takes_nothing(desk: Any) -> None:
    await desk.database.rows("UPDATE book SET closed_through = 20261031")
    assert (await desk.post(award(event_day=20261031))).code == "closed"
    assert (await desk.post(award(event_day=20261101))).booked


async def test_a_limit_is_used_up_and_given_back(desk: Any) -> None:
    capped = award(caps=(ONCE_A_DAY,))
    first = await desk.post(capped)
    refused = await desk.post(capped)
    assert (refused.code, refused.left, refused.detail) == ("cap", 0, "neighbour-help/day")
    assert (await desk.post(award(WANG, caps=(ONCE_A_DAY,)))).booked, "each holder has a limit of his own"
    await desk.post(reverse(first.seqs[0]))
    assert (await desk.post(capped)).booked


async def test_an_award_is_stale_when_the_holder_has_moved(desk: Any) -> None:
    await desk.post(award())
    assert (await desk.post(award(WANG, seen_at=0))).booked
    assert (await desk.post(award(seen_at=0), key="tap")).code == "stale"
    other_asset = award(seen_at=0, lines=((AssetId.SAFE, 1),))
    assert (await desk.post(other_asset)).code == "stale", "a fact may count another asset"
    assert (await desk.post(award(seen_at=2), key="tap")).booked, "scored again under the same key"


async def test_two_awards_of_one_request_do_not_make_each_other_stale(desk: Any) -> None:
    assert (await desk.post(award(seen_at=0), award(seen_at=0))).seqs == (1, 2)


async def test_all_events_of_a_request_or_none(desk: Any) -> None:
    refused = await desk.post(award(WANG, 10), award(CHEN, 10), hold("soap", 11), award(programme=9))
    assert (refused.code, refused.left) == ("short", 10)
    assert await desk.count("txn") == await desk.count("account") == await desk.count("hold") == 0
    assert (await desk.post(award(CHEN, 10))).seqs == (1,), "and no number is lost"


async def test_pending_points_cannot_be_spent(desk: Any) -> None:
    await desk.post(award(amount=50, pending=True))
    assert (await desk.post(hold("soap", 1))).code == "short"
    assert await desk.balance(CHEN, role=2) == 50


# ── spending ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.row("LE-07")
async def test_fifty_parallel_redemptions_never_overdraw(desk: Any) -> None:
    await desk.post(award(amount=103))
    outcomes = await asyncio.gather(*(desk.post(hold(f"order-{number}", 10)) for number in range(50)))
    assert [outcome.code for outcome in outcomes].count("") == 10
    assert {(outcome.code, outcome.left) for outcome in outcomes if not outcome.booked} == {("short", 3)}
    account = await desk.account(CHEN)
    assert (account["balance"], account["held"]) == (103, 100)
    orders = [f"order-{number}" for number, outcome in enumerate(outcomes) if outcome.booked]
    handed = await asyncio.gather(*(desk.post(capture(order)) for order in orders * 2))
    assert [outcome.code for outcome in handed].count("") == 10
    assert await desk.balance(CHEN) == 3


async def test_a_hold_is_resolved_once(desk: Any) -> None:
    await desk.post(award(amount=20))
    assert (await desk.post(hold("soap", 5), capture("soap"))).seqs == (2, 3), "at the desk, in one visit"
    await desk.post(hold("rice", 5))
    await desk.post(void("rice"))
    for event in (capture("soap"), void("soap"), capture("rice"), void("rice")):
        assert (await desk.post(event)).code == "resolved"
    assert (await desk.post(hold("soap", 5))).code == "order_used"
    assert (await desk.post(capture("oil"))).code == "no_order"
    account = await desk.account(CHEN)
    assert (account["balance"], account["held"]) == (15, 0)


async def test_a_deed_and_an_order_are_kept_exactly_with_their_entries(desk: Any) -> None:
    order = Redemption("soap", "K7", VILLAGE, CHEN, 1, "dezhi-yinger/soap", "肥皂", 5, at_desk=True, placed_by=1)
    refused = await desk.poster.post(desk.book, asking(hold("soap", 5))._replace(record=order))
    assert (refused.code, await desk.count("redemption")) == ("short", 0)
    await desk.poster.post(desk.book, asking(award())._replace(record=deed(note="下雨天")))
    await desk.poster.post(desk.book, asking(hold("soap", 5))._replace(record=order))
    (kept,) = await desk.database.rows("SELECT * FROM redemption")
    assert (kept["order_ref"], kept["code"], kept["at_desk"], kept["placed_by"]) == ("soap", "K7", 1, 1)
    (kept,) = await desk.database.rows("SELECT * FROM deed")
    assert (kept["note"], kept["recorded_by"], kept["source"]) == ("下雨天", 1, "staff-1")


# ── reversal ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_reversal_is_the_linked_opposite_and_happens_once(desk: Any) -> None:
    lines = ((AssetId.MORAL, 5), (AssetId.HOURS, 90))
    booked = await desk.post(award(lines=lines, place=Place(household=CHEN, village=VILLAGE, grid=3, person=7)))
    both = await desk.poster.post_many(desk.book, [asking(reverse(1)), asking(reverse(1))])
    assert [outcome.code for outcome in both] == ["", "reversed"]
    assert (await desk.post(reverse(1))).code == "reversed"
    assert (await desk.post(reverse(2))).code == "not_reversible"
    assert (await desk.post(reverse(99))).code == "no_entry"
    assert [await desk.balance(CHEN, asset) for asset in (AssetId.MORAL, AssetId.HOURS)] == [0, 0]
    (row,) = await desk.database.rows("SELECT * FROM txn WHERE seq = 2")
    assert (row["reverses"], row["grid"], row["person"]) == (booked.seqs[0], 3, 7), "it counts where the award counted"


async def test_one_request_cannot_reverse_an_entry_twice(desk: Any) -> None:
    await desk.post(award())
    assert (await desk.post(reverse(1), reverse(1))).code == "reversed"
    assert await desk.balance(CHEN) == 5


async def test_spent_points_are_written_off(desk: Any) -> None:
    """What is left goes back line by line; held points are left alone."""
    await desk.post(award(lines=((AssetId.MORAL, 30), (AssetId.MORAL, 20), (AssetId.SAFE, 7))))
    await desk.post(hold("soap", 8), capture("soap"), hold("rice", 2))
    refused = await desk.post(reverse(1, if_spent="refuse"))
    assert (refused.code, refused.left) == ("spent", 10)
    await desk.post(reverse(1))
    account = await desk.account(CHEN)
    assert (account["balance"], account["held"]) == (2, 2)
    assert await desk.balance(0, role=5) == -10, "the loss is written off, not owed"
    assert await desk.balance(CHEN, AssetId.SAFE) == 0
    assert (await desk.post(capture("rice"))).booked


async def test_a_hand_over_can_be_reversed_and_the_points_return(desk: Any) -> None:
    await desk.post(award(amount=8))
    await desk.post(hold("soap", 8), capture("soap"))
    assert (await desk.post(reverse(3))).booked
    account = await desk.account(CHEN)
    assert (account["balance"], account["held"]) == (8, 0)
    assert (await desk.post(capture("soap"))).code == "resolved"


async def test_the_time_of_a_book_never_goes_back(desk: Any) -> None:
    for _ in range(3):
        await desk.post(award())
    times = [row["posted_at"] for row in await desk.database.rows("SELECT posted_at FROM txn ORDER BY seq")]
    assert times == sorted(set(times)), "although the clock stands still"


async def test_a_book_that_is_none_is_an_error_of_the_caller(desk: Any) -> None:
    with pytest.raises(LookupError):
        await desk.poster.post(999, asking(award()))
    await desk.post(award())
    with pytest.raises(LookupError):
        await desk.poster.post(999, asking(award()))


# ── deeds ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_answers_and_people_are_kept_with_a_deed_that_is_booked(desk: Any) -> None:
    people = (InDeed("helped", WANG, None, 521), InDeed("witness", 1003, 7, None))
    kept = deed(answers='{"millilitres":300}', people=people)
    assert (await desk.poster.post(desk.book, asking(award(), key="given")._replace(record=kept))).booked
    (row,) = await desk.database.rows("SELECT key, answers, recorded_at > 0 AS dated FROM deed")
    assert dict(row) == {"key": "given", "answers": '{"millilitres":300}', "dated": 1}
    rows = await desk.database.rows(
        "SELECT number, role, household, person, grid, event_day FROM deed_participant ORDER BY number"
    )
    assert [tuple(dict(row).values()) for row in rows] == [
        (0, "helped", WANG, None, 521, 20261122),
        (1, "witness", 1003, 7, None, 20261122),
    ]
