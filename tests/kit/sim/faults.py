"""What goes wrong, and how often: drawn anew for each seed, counted by name."""

import random
from collections import Counter
from collections.abc import Callable
from typing import Final, Literal

import asyncpg

Commit = Literal["fine", "lost before", "lost after", "lost, carried out late"]

# The exceptions are the driver's own, so that the product's words for them are put to the test as well.
_LOST: Final[tuple[Callable[[], Exception], ...]] = (
    lambda: ConnectionResetError("connection reset by peer"),
    lambda: asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
    lambda: asyncpg.InterfaceError("connection is closed"),
    lambda: asyncpg.AdminShutdownError("terminating connection due to administrator command"),
    lambda: TimeoutError("no answer"),
)
_REFUSED: Final[dict[str, Callable[[], Exception]]] = {
    "lock time-out": lambda: asyncpg.LockNotAvailableError("canceling statement due to lock timeout"),
    "deadlock": lambda: asyncpg.DeadlockDetectedError("deadlock detected"),
    "serialization": lambda: asyncpg.SerializationError("could not serialize access"),
    "statement time-out": lambda: asyncpg.QueryCanceledError("canceling statement due to statement timeout"),
    "disk full": lambda: asyncpg.DiskFullError("could not extend file"),
    "error nobody predicted": lambda: asyncpg.CheckViolationError("planted by the simulator"),
}


class Faults:
    """The dice of one seed. `calm` ends all trouble, so that everybody can be answered at last."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        # Many quiet days, some wild ones: a fault every few hundred statements, up to one in ten.
        self._rate = 0.1 * chance.random() ** 2
        self._commit_rate = 0.3 * chance.random() ** 2
        self.calm = False
        self.counts: Counter[str] = Counter()

    def _strikes(self, rate: float) -> bool:
        return not self.calm and self._chance.random() < rate

    def count(self, name: str) -> None:
        """Note that something went wrong."""
        self.counts[name] += 1

    def delay(self) -> float:
        """Seconds that a statement takes: a millisecond or two, now and then a long moment."""
        if self._strikes(0.01):
            self.count("slow statement")
            return self._chance.uniform(0.1, 4.0)
        return self._chance.expovariate(700)

    def notice(self) -> float:
        """Seconds until a server finds out that a client is gone, and lets go of what he held."""
        return self._chance.choice((0.0, 0.0, self._chance.uniform(0, 3)))

    def lost(self) -> Exception:
        """What the driver raises when a connection breaks."""
        return planted(self._chance.choice(_LOST)())

    def statement(self) -> Exception | None:
        """What a statement fails with, if it does."""
        if not self._strikes(self._rate):
            return None
        if self._chance.random() < 0.5:
            self.count("connection lost at a statement")
            return self.lost()
        name = self._chance.choice([*_REFUSED])
        self.count(name)
        return planted(_REFUSED[name]())

    def commit(self) -> Commit:
        """What becomes of a COMMIT."""
        if not self._strikes(self._commit_rate):
            return "fine"
        kinds: tuple[Commit, ...] = ("lost before", "lost after", "lost, carried out late")
        kind = self._chance.choice(kinds)
        self.count(f"commit {kind}")
        return kind


def planted(failure: Exception) -> Exception:
    """Mark an error as the simulator's own: any other one is a finding."""
    failure.add_note("planted")
    return failure


def is_planted(failure: BaseException) -> bool:
    """Whether the simulator made this error."""
    return "planted" in getattr(failure, "__notes__", ())
