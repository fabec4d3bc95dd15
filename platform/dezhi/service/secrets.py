"""Passwords and PINs: hashed with argon2id, checked against a guard that outlives a restart (SE-03).

Hashing runs on two threads of its own, so that a queue of log-ins neither stops the event loop nor takes more memory
than two hashes at a time.
"""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from dezhi.core.calendar import Clock
from dezhi.core.cards import PIN_LENGTH, pin_is_weak
from dezhi.core.errors import Problem
from dezhi.core.text import N_
from dezhi.store import staff as store
from dezhi.store.database import Database

_Answer = TypeVar("_Answer")

# OWASP's parameters for a log-in on a small machine: 19 MiB twice, about 30 ms.
PASSWORDS = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# A million PINs are few for any hash: what guards them is the key outside the database. A village's 500 cards are
# issued in one go, so each may take only some milliseconds.
PINS = PasswordHasher(time_cost=2, memory_cost=8_192, parallelism=1)

_FORGET_AFTER = timedelta(days=30)

# No 0/O, 1/l/I: a temporary password is read aloud or copied from a slip.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class Secrets:
    """Hashes and checks what people know. `pepper` is the installation's key for PINs, kept outside the database."""

    def __init__(self, database: Database, clock: Clock, pepper: bytes) -> None:
        self._database = database
        self._clock = clock
        self._pepper = pepper
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="dezhi-hash")
        # An unknown log-in name costs the same time as a known one.
        self._nobody = PASSWORDS.hash(secrets.token_hex(16))

    def close(self) -> None:
        """End the hashing threads."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    async def _run(self, work: Callable[[], _Answer]) -> _Answer:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    # ── passwords ──

    async def hash_password(self, password: str) -> str:
        """Return what is kept of a password."""
        return await self._run(lambda: PASSWORDS.hash(password))

    async def password_is(self, password: str, hashed: str | None) -> bool:
        """Whether this is the password; None (nobody) takes as long and is never right."""
        right = await self._run(lambda: _verify(PASSWORDS, hashed or self._nobody, password))
        return right and hashed is not None

    # ── PINs ──

    def _seasoned(self, card: int, pin: str) -> str:
        """Bind a PIN to its card and to the key: neither a dump of the table nor a swap of two rows opens anything."""
        return hmac.new(self._pepper, f"{card}:{pin}".encode(), hashlib.sha256).hexdigest()

    async def hash_pin(self, card: int, pin: str) -> str:
        """Return what is kept of a card's PIN."""
        return await self._run(lambda: PINS.hash(self._seasoned(card, pin)))

    async def pin_is(self, card: int, pin: str, hashed: str) -> bool:
        """Whether this is the card's PIN."""
        return await self._run(lambda: _verify(PINS, hashed, self._seasoned(card, pin)))

    # ── guessing ──

    async def start_try(self, subject: str) -> None:
        """Count a try before it is made. Raises Problem `locked` (429) while the subject has to wait.

        The try counts as wrong until `right` is called: fifty at once are fifty, and the sixth waits.
        """
        now = self._clock()
        locked_until = await store.count_try(self._database, subject, now)
        if locked_until is not None:
            minutes = -(-(locked_until - now) // timedelta(minutes=1))
            raise Problem(
                "locked",
                N_("输错太多次，请过%(minutes)s分钟再试，或者到村里服务台。账上的积分没有动。"),
                status=429,
                minutes=minutes,
            )

    async def right(self, subject: str) -> None:
        """Forget the tries of a subject that knew its secret, or was reset at the desk."""
        await store.forget_tries(self._database, subject)
        # Invented names would fill the table; whoever gets in sweeps them out.
        await store.forget_old_tries(self._database, self._clock() - _FORGET_AFTER)


def _verify(hasher: PasswordHasher, hashed: str, secret: str) -> bool:
    try:
        return hasher.verify(hashed, secret)
    except (VerifyMismatchError, InvalidHashError):
        return False


def mark_of(hashed: str) -> str:
    """Return a short mark of a kept secret, which changes with it and tells nothing about it."""
    return hashlib.sha256(hashed.encode()).hexdigest()[:16]


def draw_pin() -> str:
    """Return a random PIN that is not among the first anybody would try."""
    while True:
        pin = f"{secrets.randbelow(10**PIN_LENGTH):0{PIN_LENGTH}}"
        if not pin_is_weak(pin):
            return pin


def draw_password() -> str:
    """Return a temporary password in three groups of four: 59 bits, easy to copy."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
