"""Holds a book against the paper book, history by history, and says where they part in as few words as possible."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from random import Random
from statistics import median
from typing import Any, NamedTuple, TypeVar

from msgspec.structs import replace

from booking import VILLAGE
from dezhi.core.body import Body
from dezhi.core.events import HoldState, Kind, Outcome, Role
from dezhi.core.memory import MemoryBook
from histories import Step, Teller
from paper import Answer, Paper
from sheets import LOOSE, Entry, Purse

STEPS = 17

T = TypeVar("T")


class Disagreement(AssertionError):
    """The machine and the paper book part."""


class Standing(NamedTuple):
    """Everything that a book says stands, by names that any book knows."""

    purses: Mapping[Purse, tuple[int, ...]]
    """Balance, what of it is put aside, and how far below nothing its holder may go."""
    lots: Mapping[tuple[Purse, int, bool], tuple[int, ...]]
    """What is left of each lot, and what is put aside of it."""
    caps: Mapping[tuple[str, int, str], int]
    holds: Mapping[str, tuple[int, int]]
    """The state of every order and freeze, and what of it was spent."""
    reversals: Mapping[int, int]
    confirmations: Mapping[int, int]
    closed_through: int


def stand(amounts: Mapping[T, tuple[int, ...]]) -> dict[T, tuple[int, ...]]:
    """Only what is not nothing: a purse that was opened and stayed empty is no difference."""
    return {name: numbers for name, numbers in amounts.items() if any(numbers)}


def written(paper: Paper) -> Standing:
    """What stands in a paper book."""
    purses = paper.purses()
    lots = {
        (each, lot.until, not lot.stays): (n, paper.asides(each).get(lot, 0))
        for each in purses
        for lot, n in paper.lots(each).items()
    }
    uses = {use[:3] for entry in paper.entries for use in entry.uses}
    placed = {entry.order: entry for entry in paper.entries if entry.kind in (Kind.HOLD, Kind.FREEZE)}
    return Standing(
        purses=stand({each: (paper.owned(each), paper.aside(each), paper.overdraft(each)) for each in purses}),
        lots=stand(lots),
        caps={use: used for use in uses if (used := paper.used(*use))},
        holds={order: _settled(paper.resolved(order)) for order in placed},
        reversals={entry.reverses: number for number, entry in enumerate(paper.entries, 1) if entry.reverses},
        confirmations={entry.confirms: number for number, entry in enumerate(paper.entries, 1) if entry.confirms},
        closed_through=paper.closed_through(),
    )


def _settled(entry: Entry | None) -> tuple[int, int]:
    if entry is None:
        return HoldState.OPEN, 0
    states = {Kind.CAPTURE: HoldState.CAPTURED, Kind.VOID: HoldState.VOIDED, Kind.LAPSE: HoldState.LAPSED}
    return states[entry.kind], sum(move.amount for move in entry.moves)


def kept(book: MemoryBook) -> Standing:
    """What stands in a book in memory."""
    names = {account.id: Purse(*account.key) for account in book.by_id.values()}
    return Standing(
        purses=stand({names[each.id]: (each.balance, each.held, each.overdraft) for each in book.by_id.values()}),
        lots=stand(
            {
                (names[cohort.account], cohort.until, bool(cohort.lapses)): (
                    cohort.granted - cohort.used,
                    cohort.reserved,
                )
                for cohort in book.cohorts.values()
            }
        ),
        caps={key: used for key, used in book.caps.items() if used},
        holds={held.order: (held.state, held.captured) for held in book.holds.values()},
        reversals=book.reversals,
        confirmations=book.confirmations,
        closed_through=book.head.closed_through,
    )


def stored(rows: Callable[[str], Iterable[Mapping[str, Any]]]) -> Standing:
    """What stands in the tables of a book; `rows` reads one of them."""
    accounts = list(rows("account"))
    names = purses_of(accounts)

    def amounts(row: Mapping[str, Any]) -> tuple[int, ...]:
        return row["credits"] - row["debits"], row["held"], row["overdraft"]

    def lot(row: Mapping[str, Any]) -> tuple[Purse, int, bool]:
        return names[row["account_id"]], row["until"], bool(row["lapses"])

    return Standing(
        purses=stand({names[row["account_id"]]: amounts(row) for row in accounts}),
        lots=stand({lot(row): (row["granted"] - row["used"], row["reserved"]) for row in rows("cohort")}),
        caps={
            (str(row["rule"]), row["subject"], str(row["period_key"])): row["used"]
            for row in rows("cap_counter")
            if row["used"]
        },
        holds={str(row["order_ref"]): (row["state"], row["captured"]) for row in rows("hold")},
        reversals={row["target_seq"]: row["seq"] for row in rows("reversal")},
        confirmations={row["target_seq"]: row["seq"] for row in rows("confirmation")},
        closed_through=next(row["closed_through"] for row in rows("book")),
    )


def purses_of(accounts: Iterable[Mapping[str, Any]]) -> dict[int, Purse]:
    """The purses of the table `account` by their numbers."""
    names = ("programme", "holder_kind", "holder_id", "asset", "role")
    return {row["account_id"]: Purse(*[row[name] for name in names]) for row in accounts}


Facts = dict[str, Any]


def facts_of_entry(entry: Entry) -> Facts:
    """One entry of the paper book in the words of `facts_of_body`."""
    lots = Counter[tuple[Any, ...]]()
    for slip in entry.slips:
        if slip.lot != LOOSE:
            lots[(slip.purse, slip.lot.until, not slip.lot.stays, "owned")] += slip.owned
            lots[(slip.purse, slip.lot.until, not slip.lot.stays, "aside")] += slip.aside
    place = entry.place
    return {
        "kind": entry.kind,
        "day": entry.day,
        "at": entry.at,
        "source": entry.source,
        "programme": entry.programme,
        "place": place and (place.household, place.village, place.grid, place.person),
        "lines": sorted(entry.moves),
        "lots": {name: n for name, n in lots.items() if n},
        "caps": sorted(entry.uses),
        "order": entry.order,
        "held": sum(s.aside for s in entry.slips) if entry.kind in (Kind.HOLD, Kind.FREEZE) else None,
        "expires": entry.expires,
        "reverses": entry.reverses or None,
        "confirms": entry.confirms or None,
        "about": entry.about,
        "overdraft": entry.overdraft,
        "closes": entry.closes or None,
        "totals": entry.totals,
        "frozen": (1 if entry.kind == Kind.FREEZE else -1) if entry.whole else None,
    }


def facts_of_body(body: Body, names: Mapping[int, Purse]) -> Facts:
    """What the bytes of an event fix, with purses in place of account numbers."""
    lots: dict[tuple[Any, ...], int] = {}
    for move in body.cohorts:
        lot = names[move.account], move.until, bool(move.lapses)
        lots[(*lot, "owned")] = lots.get((*lot, "owned"), 0) + move.granted - move.used
        lots[(*lot, "aside")] = lots.get((*lot, "aside"), 0) + move.reserved
    return {
        "kind": body.kind,
        "day": body.event_day,
        "at": body.posted_at,
        "source": body.source,
        "programme": body.programme,
        "place": None if body.village is None else (body.household or 0, body.village, body.grid, body.person),
        "lines": sorted((names[line.dr], names[line.cr], line.amount) for line in body.lines),
        "lots": {name: n for name, n in lots.items() if n},
        "caps": sorted(body.caps),
        "order": body.order,
        "held": body.held if body.kind in (Kind.HOLD, Kind.FREEZE) else None,
        "expires": body.expires_at,
        "reverses": body.reverses,
        "confirms": body.confirms,
        "about": body.about,
        "overdraft": body.overdraft,
        "closes": body.closes,
        "totals": tuple(tuple(total) for total in body.totals),
        "frozen": body.frozen,
    }


def compare(what: str, book: object, paper: object) -> None:
    """Raise `Disagreement` unless both say the same."""
    if book != paper:
        raise Disagreement(f"{what}:\n  the book says  {book}\n  paper says     {paper}")


class Trial:
    """A book in memory beside its paper, step by step."""

    def __init__(self) -> None:
        self.paper, self.book = Paper(), MemoryBook(region=VILLAGE)
        self.steps: list[Step] = []
        self.answers: list[list[Answer]] = []

    @property
    def bodies(self) -> list[Body]:
        """What the book's events fixed."""
        return [row.body for row in self.book.txns]

    def take(self, step: Step) -> None:
        """Ask both the same. Raises `Disagreement`."""
        now, commands = step
        self.steps.append(step)
        before = len(self.book.txns)
        outcomes = self.book.post(commands, now, bytes(32))
        answers = self.paper.batch(now, commands)
        self.answers.append(answers)
        for command, outcome, answer in zip(commands, outcomes, answers, strict=True):
            compare(f"the answer to {command.key}", plain(outcome), answer)
        compare("how many entries there are", len(self.book.txns), len(self.paper.entries))
        new = [row.body for row in self.book.txns[before:]]
        for body in new:
            self.paper.numbers.update({Purse(*opening[1:]): opening.account for opening in body.opened})
        names = {number: each for each, number in self.paper.numbers.items()}
        for body, entry in zip(new, self.paper.entries[before:], strict=True):
            compare_facts(body, names, entry)

    def close(self) -> None:
        """Compare all that stands in the end."""
        compare_standing(kept(self.book), written(self.paper))


def compare_facts(body: Body, names: Mapping[int, Purse], entry: Entry) -> None:
    """Raise `Disagreement` unless an event fixed what its entry says. `names` are the purses by account number."""
    told, noted = facts_of_body(body, names), facts_of_entry(entry)
    for name in noted:
        compare(f"entry {body.seq}, {name}", told[name], noted[name])


def compare_standing(book: Standing, paper: Standing) -> None:
    """Raise `Disagreement` unless the same stands in both."""
    for name in Standing._fields:
        compare(name, getattr(book, name), getattr(paper, name))


def plain(outcome: Outcome) -> Answer:
    """An outcome in the words of the paper book."""
    return Answer(outcome.code, outcome.seqs, outcome.left, outcome.replay)


def tell(seed: int, steps: int = STEPS, *, shrink: bool = True) -> Trial:
    """Tell the history of a seed to the machine and to the paper book.

    Raises `Disagreement`, with the shortest way to it unless nobody wants to `shrink` it.
    """
    trial = Trial()
    teller, chance = Teller(trial.paper), Random(seed)  # noqa: S311 - a history that comes out the same every time
    try:
        for _ in range(steps):
            trial.take(teller.step(chance))
        trial.close()
    except Exception as parted:
        way = f"\n{reproducer(trial.steps)}" if shrink else ""
        raise Disagreement(f"history {seed}{way}") from parted
    return trial


# ── the shortest way to a disagreement ──


def parts(steps: Iterable[Step]) -> str:
    """What goes wrong when a book is asked this, or an empty string."""
    trial = Trial()
    try:
        for step in steps:
            trial.take(step)
        trial.close()
    except Exception as wrong:  # noqa: BLE001 - the machine may fail in any way
        return f"{type(wrong).__name__}: {wrong}"
    return ""


def shortest(steps: Sequence[Step]) -> list[Step]:
    """The same history without everything that can be left out of it while it still goes wrong."""
    kept = list(steps)
    while fewer := next((fewer for fewer in _without_one(kept) if parts(fewer)), None):
        kept = fewer
    return kept


def _without_one(steps: list[Step]) -> Iterator[list[Step]]:
    """The history without one of its batches, commands or events, the last first."""
    for at in reversed(range(len(steps))):
        yield steps[:at] + steps[at + 1 :]
    for at in reversed(range(len(steps))):
        now, commands = steps[at]
        for one in reversed(range(len(commands))):
            before, asked, after = commands[:one], commands[one], commands[one + 1 :]
            events = asked.events
            shorter = [events[:each] + events[each + 1 :] for each in range(len(events))] if len(events) > 1 else []
            for less in ([], *([replace(asked, events=rest)] for rest in shorter)):
                yield [*steps[:at], (now, [*before, *less, *after]), *steps[at + 1 :]]


def reproducer(steps: Sequence[Step]) -> str:
    """The shortest history that goes wrong like this one, to be pasted into a test."""
    found = shortest(steps)
    lines = [f"    ({now}, [{', '.join(map(repr, commands))}])," for now, commands in found]
    shown = "\n".join([parts(found) or "it went right the second time", "steps = [", *lines, "]"])
    return re.sub(r"<(\w+\.\w+): \d+>", r"\1", shown)


# ── how much was covered ──


class Coverage:
    """How many histories were told, how long they were and what happened in them."""

    def __init__(self) -> None:
        self.lengths: list[int] = []
        self.outcomes = Counter[tuple[str, str]]()
        self.entries = Counter[str]()

    def add(self, trial: Trial) -> None:
        """Count one history."""
        paper = trial.paper
        self.lengths.append(len(paper.entries))
        self.outcomes.update({(kind.__name__, code): n for (kind, code), n in paper.counts.items()})
        self.entries.update(_special(paper, entry) for entry in paper.entries)

    @property
    def median(self) -> float:
        """Half of the histories have so many entries or more."""
        return median(self.lengths)

    def table(self) -> str:
        """The counts, one kind of event a line."""
        kinds: dict[str, list[str]] = {}
        for (kind, code), n in sorted(self.outcomes.items()):
            kinds.setdefault(kind, []).append(f"{code} {n:,}")
        lines = [f"{len(self.lengths):,} histories, {self.median:.0f} entries in the median one"]
        lines += [f"{kind:9}{', '.join(codes)}" for kind, codes in kinds.items()]
        lines += ["entries  " + ", ".join(f"{name} {n:,}" for name, n in sorted(self.entries.items()))]
        return "\n".join(lines)


def _special(paper: Paper, entry: Entry) -> str:
    """What an entry was an example of."""
    name = entry.kind.name.lower()
    if entry.kind == Kind.REVERSAL:
        target = paper.entries[entry.reverses - 1]
        name += f" of {'confirmed' if paper.confirmation(entry.reverses) else target.kind.name.lower()}"
        if any(move.source.role == Role.WRITEOFF for move in entry.moves):
            name += ", part lost"
    elif entry.kind in (Kind.LAPSE, Kind.EXPIRY):
        name += ", swept" if entry.source == "system" else ", asked"
    elif any(move.target.role == Role.POOL for move in entry.moves):
        name += " into a pool"
    return f"{name}, owed" if entry.owed else name
