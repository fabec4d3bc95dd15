"""What holds in every history of a book, whatever its rules are: nothing is made or lost, and nothing happens twice.

The histories are made as those of the model test are, from other seeds.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from random import Random

import msgspec
import pytest

from dezhi.core.body import Body, decode
from dezhi.core.events import UNREMEMBERED, Award, Command, Confirm, Event, Freeze, Hold, HoldState, Kind, Lot, Reverse
from dezhi.core.tree import append, leaf_hash, root
from histories import DAY, Step, Teller
from paper import Answer
from proof import Standing, Trial, compare_standing, kept, plain, stand, tell
from sheets import Purse

pytestmark = pytest.mark.row("LE-15")

SEEDS = range(20_000, 20_150)
FOREVER_OPEN = Lot(until=20991231, lapses=True)


def pairs(trial: Trial) -> list[tuple[Command, Answer]]:
    """What was asked and answered in a history."""
    return [
        pair
        for (_, batch), answers in zip(trial.steps, trial.answers, strict=True)
        for pair in zip(batch, answers, strict=True)
    ]


def test_nobody_has_less_than_nothing_unless_he_may_owe() -> None:
    for seed in SEEDS:
        trial = tell(seed)
        named = {number: purse for purse, number in trial.paper.numbers.items()}
        balances = Counter[int]()
        may_owe: set[int] = set()
        for body in trial.bodies:
            if body.overdraft and body.held_from:
                may_owe.add(body.held_from)
            for line in body.lines:
                assert line.amount > 0
                assert named[line.dr].asset == named[line.cr].asset == line.asset
                balances[line.dr] -= line.amount
                balances[line.cr] += line.amount
            assert not sum(balances.values())
            below = {account for account, balance in balances.items() if balance < 0 and named[account].guarded}
            assert below <= may_owe


def test_no_allowance_is_ever_passed() -> None:
    counted = 0
    for seed in SEEDS:
        trial = tell(seed)
        asked = {seq: command for command, answer in pairs(trial) for seq in answer.seqs}
        used = Counter[tuple[str, int, str]]()
        for body in trial.bodies:
            for use in body.caps:
                used[use[:3]] += use.add
                assert used[use[:3]] >= 0
                if use.add > 0:
                    awards = [event for event in asked[body.seq].events if isinstance(event, Award)]
                    limits = [cap.limit for event in awards for cap in event.caps if cap.rule == use.rule]
                    assert used[use[:3]] <= max(limits)
                    counted += 1
    assert counted > SEEDS.stop - SEEDS.start


def test_what_is_asked_again_is_answered_again_and_books_nothing() -> None:
    for seed in SEEDS:
        trial = tell(seed)
        told = [(command, answer) for command, answer in pairs(trial) if answer.code not in UNREMEMBERED]
        before = trial.bodies, kept(trial.book)
        answers = trial.book.post([command for command, _ in told], trial.steps[-1][0] + 400 * DAY, bytes(32))
        assert [plain(answer) for answer in answers] == [first._replace(replay=True) for _, first in told]
        assert (trial.bodies, kept(trial.book)) == before


def derived(bodies: Iterable[Body]) -> Standing:
    """What stands in a book, from its bodies alone."""
    names: dict[int, Purse] = {}
    owned, aside, overdrafts = Counter[int](), Counter[int](), Counter[int]()
    lots: dict[tuple[int, int, int], list[int]] = {}
    caps = Counter[tuple[str, int, str]]()
    placed: dict[str, Body] = {}
    holds: dict[str, tuple[int, int]] = {}
    states = {Kind.CAPTURE: HoldState.CAPTURED, Kind.VOID: HoldState.VOIDED, Kind.LAPSE: HoldState.LAPSED}
    closed = 0
    for body in bodies:
        names.update({opening.account: Purse(*opening[1:]) for opening in body.opened})
        for line in body.lines:
            owned[line.dr] -= line.amount
            owned[line.cr] += line.amount
        for move in body.cohorts:
            lot = lots.setdefault(move[:3], [0, 0])
            lot[0] += move.granted - move.used
            lot[1] += move.reserved
        for use in body.caps:
            caps[use[:3]] += use.add
        if body.held is not None and body.held_from is not None:
            placed[body.order], holds[body.order] = body, (HoldState.OPEN, 0)
            aside[body.held_from] += body.held
        elif body.kind in states:
            hold = placed[body.order]
            aside[hold.held_from or 0] -= hold.held or 0
            holds[body.order] = states[Kind(body.kind)], sum(line.amount for line in body.lines)
        if body.overdraft is not None and body.held_from is not None:
            overdrafts[body.held_from] = body.overdraft
        closed = body.closes or closed
    return Standing(
        purses=stand({each: (owned[n], aside[n], overdrafts[n]) for n, each in names.items()}),
        lots=stand({(names[n], until, bool(lapses)): tuple(lot) for (n, until, lapses), lot in lots.items()}),
        caps={key: used for key, used in caps.items() if used},
        holds=holds,
        reversals={body.reverses: body.seq for body in bodies if body.reverses is not None},
        confirmations={body.confirms: body.seq for body in bodies if body.confirms is not None},
        closed_through=closed,
    )


def test_the_bytes_of_events_tell_all_that_stands() -> None:
    for seed in SEEDS:
        book = tell(seed).book
        bodies = [decode(row.data) for row in book.txns]
        assert bodies == [row.body for row in book.txns]
        compare_standing(kept(book), derived(bodies))
        frontier: list[bytes] = []
        for size, row in enumerate(book.txns):
            assert row.leaf == leaf_hash(row.data)
            frontier = append(frontier, size, row.leaf)
        assert root(frontier) == root(book.head.frontier)


def cut(chance: Random, commands: Sequence[Command]) -> list[list[Command]]:
    """The commands in batches of any length, in their order."""
    batches: list[list[Command]] = [[]]
    for command in commands:
        if batches[-1] and chance.random() < 0.4:
            batches.append([])
        batches[-1].append(command)
    return batches


def lasting(event: Event, known: int) -> Event | None:
    """The event with no time that could run out between two batches; None if it names what may not be there yet."""
    match event:
        case Reverse() | Confirm() if event.seq > known:
            return None
        case Freeze() if event.about is not None and event.about > known:
            return None
        case Award() if event.lot is not None and event.lot.lapses:
            return msgspec.structs.replace(event, lot=FOREVER_OPEN, seen_at=None)
        case Award():
            return msgspec.structs.replace(event, seen_at=None)
        case Hold():
            return msgspec.structs.replace(event, expires_at=None, seen_at=None)
        case _:
            return event


def told_so_far(seed: int, more: int) -> tuple[list[Step], list[Command], int]:
    """A history, then `more` commands which were all made up on what stood then; and the time they come at."""
    trial = tell(seed, steps=6)
    teller = Teller(trial.paper)
    now, commands = trial.steps[-1][0] + DAY, []
    chance = Random(seed)  # noqa: S311
    while len(commands) < more:
        for number, command in enumerate(teller.step(chance, commands=more)[1]):
            events = [lasting(event, len(trial.paper.entries)) for event in command.events]
            if None not in events:
                key = f"more-{len(commands)}-{number}"
                commands.append(Command(source="staff-2", key=key, actor=1, events=tuple(filter(None, events))))
    return trial.steps, commands[:more], now


def follow(steps: Sequence[Step], now: int, batches: Iterable[Sequence[Command]]) -> Trial:
    """A book to which a history was told, and then these batches."""
    trial = Trial()
    for step in steps:
        trial.take(step)
    for batch in batches:
        trial.take((now, list(batch)))
    return trial


def timeless(body: Body) -> Body:
    return body._replace(posted_at=0, salt=b"", text_digest=b"")


def test_it_does_not_matter_how_commands_fall_into_batches() -> None:
    for seed in SEEDS[:60]:
        steps, commands, now = told_so_far(seed, more=20)
        whole = follow(steps, now, [commands])
        for chance in (Random(1), Random(2)):  # noqa: S311
            parts = follow(steps, now, cut(chance, commands))
            assert [timeless(body) for body in parts.bodies] == [timeless(body) for body in whole.bodies]
            assert kept(parts.book) == kept(whole.book)


def test_it_does_not_matter_in_which_order_awards_come() -> None:
    for seed in SEEDS[:60]:
        steps, commands, now = told_so_far(seed, more=60)
        awards = [
            Command(
                source="staff-2",
                key=f"award-{number}",
                actor=1,
                events=(msgspec.structs.replace(event, caps=(), ceiling=None),),
            )
            for number, event in enumerate(event for command in commands for event in command.events)
            if isinstance(event, Award)
        ]
        whole = follow(steps, now, [awards])
        chance = Random(seed)  # noqa: S311
        shuffled = chance.sample(awards, len(awards))
        assert kept(follow(steps, now, cut(chance, shuffled)).book) == kept(whole.book)
