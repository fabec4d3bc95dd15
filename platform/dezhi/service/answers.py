"""Writes of programs outside the ledger: each key is one write, however often it is sent."""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import NamedTuple, TypeVar

import msgspec

from dezhi.core.calendar import Clock
from dezhi.core.events import Outcome
from dezhi.service.refusals import problem
from dezhi.store import tokens as store
from dezhi.store.database import Database
from dezhi.store.tokens import Answered

Answer = TypeVar("Answer", bound=msgspec.Struct)

KEPT_FOR = timedelta(days=90)
"""How long a key stands for its write. The ledger's own keys stand for ever."""


class Call(NamedTuple):
    """One write as a program sent it: by which token, under which key, and what (address and body)."""

    token: int
    key: str
    what: bytes


class Once(NamedTuple):
    """The JSON of an answer, and whether it is that of an earlier call."""

    body: bytes
    again: bool


def _whole(answer: Answer) -> Answer:
    return answer


class Answers:
    """Keeps what writes answered, in the transaction of the write itself: a crash leaves both or neither."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def before(self, call: Call) -> bytes | None:
        """What the same call answered before. Raises Problem `conflict` (409) for a key that stood for another."""
        found = await store.answered(self._database, call.token, call.key)
        if found is None:
            return None
        if found.digest != _digest(call):
            raise problem(Outcome(code="conflict"))
        return found.answer

    async def claim(self, call: Call) -> None:
        """Tie a key to a call whose parts the ledger remembers each for itself. Raises Problem `conflict` (409)."""
        async with self._database.engine.transaction():
            if await self.before(call) is None:
                await self._keep(call, b"")

    async def once(
        self, call: Call, write: Callable[[], Awaitable[Answer]], keep: Callable[[Answer], Answer] = _whole
    ) -> Once:
        """Write once; sent again, give the first answer.

        `keep` takes out of an answer what is kept nowhere: a PIN, a password, a token. Raises what `write` raises; then
        nothing was written and the key is free.
        """
        async with self._database.engine.transaction():
            before = await self.before(call)
            if before is not None:
                return Once(before, again=True)
            answer = await write()
            await self._keep(call, msgspec.json.encode(keep(answer)))
        return Once(msgspec.json.encode(answer), again=False)

    async def gone_on_with(self, call: Call, write: Callable[[], Awaitable[Answer]]) -> Once:
        """Write what books entries, which no transaction can hold, and keep the answer; sent again, give it.

        Where a call before was stopped half way, `write` goes on: it must bear being begun again. Raises what it does.
        """
        if before := await self.before(call):
            return Once(before, again=True)
        await self.claim(call)
        answer = msgspec.json.encode(await write())
        await store.settle_answer(self._database, call.token, call.key, answer)
        return Once(answer, again=False)

    async def _keep(self, call: Call, answer: bytes) -> None:
        now = self._clock()
        await store.forget_answers(self._database, call.token, now - KEPT_FOR)
        await store.keep_answer(self._database, call.token, call.key, Answered(_digest(call), answer), now)


def _digest(call: Call) -> str:
    return hashlib.sha256(call.what).hexdigest()
