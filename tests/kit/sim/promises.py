"""What callers were told, and whether it was true."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec

from booking import check_book
from dezhi.core.body import Body, decode
from dezhi.core.book import place_of
from dezhi.core.errors import Problem
from dezhi.core.events import UNREMEMBERED, Command, Event, Expire, Kind, Lapse, Outcome, Transfer
from dezhi.core.ledger import SYSTEM_SOURCE
from dezhi.store.ledger import Submission
from dezhi.store.trouble import Unknown
from paper import Paper
from proof import compare, compare_facts, compare_standing, purses_of, stored, written
from sim.server import Found, Server


class Asked(NamedTuple):
    """One request as a caller makes it; sent again it is the same one."""

    book: int
    submission: Submission

    @property
    def name(self) -> tuple[int, str]:
        """The book and the key."""
        return self.book, self.submission.command.key

    @property
    def digest(self) -> bytes:
        """What is asked, in 32 bytes."""
        return self.submission.command.digest()


def plain(outcome: Outcome) -> bytes:
    """An answer byte for byte, but for the mark of a replay."""
    return msgspec.json.encode(msgspec.structs.replace(outcome, replay=False))


class Promises:
    """Every answer of one seed. Raises `Found` for one that contradicts another, or the database."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.asked: dict[tuple[int, str, bytes], Asked] = {}
        self.answers: dict[tuple[int, str, bytes], bytes] = {}
        self._flying: Counter[tuple[int, str]] = Counter()
        self._clouded: set[tuple[int, str]] = set()
        self.counts: Counter[str] = Counter()

    def sends(self, asked: Asked) -> bool:
        """A request leaves. Returns whether it was answered before, so that its next answer must be a replay."""
        self._flying[asked.name] += 1
        self.asked[(*asked.name, asked.digest)] = asked
        return (*asked.name, asked.digest) in self.answers

    def answered(self, asked: Asked, outcome: Outcome, *, again: bool) -> None:
        """It came back with an answer."""
        self._flying[asked.name] -= 1
        self.counts[f"answered {outcome.code or 'booked'}"] += 1
        self.counts["replays"] += outcome.replay
        if outcome.code in UNREMEMBERED:
            return
        name = (*asked.name, asked.digest)
        before = self.answers.setdefault(name, plain(outcome))
        if before != plain(outcome):
            raise Found(f"{asked.name} was answered {before!r} and then {plain(outcome)!r}")
        if again and not outcome.replay:
            raise Found(f"{asked.name} was answered a second time as if it were the first")
        self._check_stored(asked, outcome)

    def failed(self, asked: Asked, problem: Problem) -> None:
        """It came back with trouble. What is told as not done must not be there, unless another sending did it."""
        self._flying[asked.name] -= 1
        self.counts[f"told {type(problem).__name__} {problem.code}"] += 1
        if isinstance(problem, Unknown):
            self._clouded.add(asked.name)
            return
        others = self._flying[asked.name] or asked.name in self._clouded or (*asked.name, asked.digest) in self.answers
        if not others and self._stored(asked):
            raise Found(f"{asked.name} was told as not done ({problem.text}) and is stored")

    def cut(self, asked: Asked) -> None:
        """Nothing came back: the caller left, or the process died."""
        self._flying[asked.name] -= 1
        self._clouded.add(asked.name)
        self.counts["cut off"] += 1

    def _stored(self, asked: Asked) -> list[dict[str, Any]]:
        sql = f"SELECT * FROM request WHERE book_id = {asked.book} AND key = '{asked.name[1]}'"
        return [row for row in self._server.rows(sql) if row["digest"] == asked.digest]

    def _check_stored(self, asked: Asked, outcome: Outcome) -> None:
        """Acknowledged means stored, at this very moment."""
        rows = self._stored(asked)
        if [row["result"] for row in rows] != [plain(outcome)]:
            raise Found(f"{asked.name} was acknowledged, but stored is {rows}")

    def check(self, books: list[int]) -> str:
        """At the end, when everybody has his answer: the books hold that, once, and nothing else. Returns a digest."""
        told = hashlib.sha256()
        for book in books:
            check_book(self._server.db, book)
            self._recount(book)
            for table in ("txn", "request", "account", "cohort", "hold", "deed"):
                rows = self._server.rows(f"SELECT * FROM {table} WHERE book_id = {book}")
                told.update(repr(sorted(repr(sorted(row.items())) for row in rows)).encode())
        return told.hexdigest()

    def _recount(self, book: int) -> None:
        rows = self._server.rows(f"SELECT * FROM request WHERE book_id = {book}")
        requests = [row for row in rows if row["source"] != SYSTEM_SOURCE]
        answered = {name[1:]: answer for name, answer in self.answers.items() if name[0] == book}
        if {(row["key"], row["digest"]): row["result"] for row in requests} != answered:
            raise Found("what is stored is not what was answered")
        booked = [row for row in requests if not row["code"]]
        asked = {row["key"]: self.asked[(book, row["key"], row["digest"])].submission for row in booked}
        many = Counter({key: sum(map(entries, one.command.events)) for key, one in asked.items()})
        txns = self._server.rows(f"SELECT source, key, body FROM txn WHERE book_id = {book} ORDER BY seq")
        if Counter(row["key"] for row in txns if row["source"] != SYSTEM_SOURCE) != many:
            raise Found("not every request is stored once")
        deeds = self._server.rows(f"SELECT key FROM deed WHERE book_id = {book}")
        if sorted(row["key"] for row in deeds) != sorted(key for key, one in asked.items() if one.record is not None):
            raise Found("deeds are not kept exactly with their awards")
        self._recount_on_paper(book, [decode(row["body"]) for row in txns], asked)

    def _recount_on_paper(self, book: int, bodies: Sequence[Body], asked: Mapping[str, Submission]) -> None:
        """Ask a paper book, which knows no batches and tables, the same in the same order; it must say the same."""

        def rows(table: str) -> list[dict[str, Any]]:
            return self._server.rows(f"SELECT * FROM {table} WHERE book_id = {book}")

        paper, names = Paper(), purses_of(rows("account"))
        paper.numbers = {purse: number for number, purse in names.items()}
        for at, some in groupby(bodies, key=attrgetter("posted_at")):
            numbers: dict[str, tuple[int, ...]] = {}
            commands: list[Command] = []
            for body in some:
                if body.key not in numbers:
                    commands.append(system_command(body) if body.source == SYSTEM_SOURCE else asked[body.key].command)
                numbers[body.key] = (*numbers.get(body.key, ()), body.seq)
            told = [(answer.code, answer.seqs) for answer in paper.batch(at, commands)]
            compare(f"booked at {at}: {commands}", [("", seqs) for seqs in numbers.values()], told)
        for body, entry in zip(bodies, paper.entries, strict=True):
            compare_facts(body, names, entry)
        compare_standing(stored(rows), written(paper))


def entries(event: Event) -> int:
    """How many entries an event makes."""
    return 2 if isinstance(event, Transfer) else 1


def system_command(body: Body) -> Command:
    """What the ledger booked of itself, because its time had come."""
    event: Event
    if body.kind == Kind.LAPSE:
        event = Lapse(order=body.order, event_day=body.event_day)
    elif body.kind == Kind.EXPIRY:
        account, day = body.lines[0].dr, body.event_day
        event = Expire(account=account, through=day, event_day=day, reason="", place=place_of(body))
    else:
        raise Found(f"the system booked an entry of kind {body.kind}")
    return Command(source=SYSTEM_SOURCE, key=body.key, actor=0, events=(event,))
