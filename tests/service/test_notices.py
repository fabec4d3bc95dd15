"""A public notice: awards wait in pending, go to the wallets when its days are over, and only once."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from dezhi.app import furnish
from dezhi.core.errors import Problem
from dezhi.core.keeping import Keeping, Lapse
from dezhi.core.programmes import Enabled
from dezhi.host import Directory
from dezhi.service import notices
from dezhi.service.notices import Closed
from homes import Home
from township import Hands
from villages import YINGER, Village, build_village

DAYS = 5


@pytest.fixture
def clock() -> Hands:
    """The village's clock."""
    return Hands()


@pytest.fixture
async def village(home: Home, clock: Hands) -> AsyncIterator[Village]:
    """Set 营尔村 up with a programme whose awards are shown for five days."""
    house = await furnish(home.settings(), clock, Directory(["dezhi_yinger"]))
    village = await build_village(house)
    await adopt(village)
    yield village
    await house.close()


async def adopt(village: Village, **keeping: Any) -> None:
    """A new version with the notice, and `keeping` besides."""
    await village.house.programmes.adopt(
        village.yinger.id,
        {YINGER: Enabled(version="0.1.0")},
        title="道德储蓄银行",
        effective_from=village.today,
        staff=None,
        notice_days=DAYS,
        keeping=Keeping(**keeping),
    )


async def points(village: Village) -> tuple[int, int]:
    """What 李小明家 can spend, and what is still pending."""
    balances = await village.house.passbooks.balances(await village.house.people.household(village.family.id))
    return balances.spendable, balances.pending


@pytest.mark.row("LE-01")
async def test_an_award_waits_until_its_notice_is_over(village: Village, clock: Hands) -> None:
    first = await village.award(village.family, "neighbour-help")
    clock.pass_by(timedelta(days=1))
    await village.award(village.family, "neighbour-help")
    assert await points(village) == (0, 20)
    passbook = await village.house.passbooks.open(village.family.id)
    assert (passbook.spendable, passbook.pending) == (0, 20)
    assert not passbook.lines[0].on_trial

    close = village.house.notices.close_due
    clock.pass_by(timedelta(days=DAYS - 1))
    assert await close() == Closed(), "the notice has a day to run, counted from the day after the award"
    clock.pass_by(timedelta(days=1))
    assert await close() == Closed(confirmed=1)
    assert await points(village) == (10, 10)
    clock.pass_by(timedelta(days=1))
    assert await close() == Closed(confirmed=1)
    assert await points(village) == (20, 0)
    assert await close() == Closed()

    sheet = await village.sheet()
    entry = await village.house.journal.at(sheet.book, first.seqs[0])
    await village.house.journal.reverse(entry.ref, "记错了", village.actor, "back")
    assert await points(village) == (10, 0)


async def test_what_was_taken_back_meanwhile_is_not_confirmed(village: Village, clock: Hands) -> None:
    first = await village.award(village.family, "neighbour-help")
    entry = await village.house.journal.at((await village.sheet()).book, first.seqs[0])
    await village.house.journal.reverse(entry.ref, "有人提出异议", village.actor, "back")
    clock.pass_by(timedelta(days=DAYS + 1))
    assert await village.house.notices.close_due() == Closed()
    assert await points(village) == (0, 0)


async def test_a_run_that_was_cut_off_is_begun_again(
    village: Village, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "PAGE", 2)
    homes = [await village.open_family(f"{number:03}") for number in range(101, 106)]
    for home in homes:
        await village.award(home, "neighbour-help")
    clock.pass_by(timedelta(days=DAYS + 1))
    poster, pages = village.house.poster, 0
    post_many = poster.post_many

    async def cut(*args: Any) -> Any:
        nonlocal pages
        pages += 1
        answer = await post_many(*args)
        if pages == 2:
            raise Problem("storage", "the server went away after it had kept them", status=503)
        return answer

    with monkeypatch.context() as cutting:
        cutting.setattr(poster, "post_many", cut)
        with pytest.raises(Problem, match="went away"):
            await village.house.notices.close_due()
    assert await village.house.notices.close_due() == Closed(confirmed=1)
    for home in homes:
        now = await village.house.people.household(home.id)
        assert (await village.house.passbooks.balances(now)).spendable == 10


async def test_two_that_close_at_once_book_once(village: Village, clock: Hands) -> None:
    award = await village.award(village.family, "neighbour-help")
    clock.pass_by(timedelta(days=DAYS + 1))
    book = (await village.sheet()).book
    version = (await village.sheet()).programme
    for _ in range(2):
        page = [notices.Pending(award.seqs[0], 20261122, version.id)]
        submission = village.house.notices._confirming(page[0], version)
        (outcome,) = await village.house.poster.post_many(book, [submission])
        assert outcome.booked
    assert outcome.replay
    assert await points(village) == (10, 0)


async def test_points_that_lapse_get_their_lot_when_they_are_confirmed(village: Village, clock: Hands) -> None:
    await adopt(village, lapse=Lapse.YEAR)
    await village.award(village.family, "neighbour-help")
    clock.pass_by(timedelta(days=60))  # over the new year, in which the old one may have been cleared
    assert await village.house.notices.close_due() == Closed(confirmed=1)
    book = (await village.sheet()).book
    (lot,) = await village.house.database.rows("SELECT until, lapses, granted FROM cohort WHERE book_id = {}", book)
    assert lot == {"until": 20271231, "lapses": 0, "granted": 10}


async def test_the_night_closes_notices_before_it_seals(village: Village, clock: Hands) -> None:
    await village.award(village.family, "neighbour-help")
    clock.pass_by(timedelta(days=DAYS + 1))
    jobs = [job.name for job in village.house.nightly._jobs]
    assert jobs.index("notices") < jobs.index("seal")
    await village.house.nightly.turn()
    run = await village.house.nightly.last("notices")
    assert run is not None
    assert run.result == '{"confirmed":1,"refused":0}'
    assert await points(village) == (10, 0)
