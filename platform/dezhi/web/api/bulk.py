"""Many deeds in one request: a line of JSON for each, and a line of answer for each, in the same order (NDJSON)."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any, Final

import msgspec
from litestar import Controller, Response
from litestar.openapi import ResponseSpec
from litestar.params import QueryParameter
from litestar.response import Stream
from msgspec import Meta

from dezhi.core.errors import Problem
from dezhi.core.staff import Role
from dezhi.core.text import N_
from dezhi.core.tokens import Scope
from dezhi.service.actors import Actor, check_actor
from dezhi.service.bulk import SLICE
from dezhi.service.deeds import Asked, Recorded
from dezhi.service.house import House
from dezhi.web.api.auth import Call
from dezhi.web.api.awards import NewAward
from dezhi.web.api.bodies import invalid
from dezhi.web.api.calls import write
from dezhi.web.api.kinds import HOUSEHOLD, Answer, EntryId, HouseholdId, Key
from dezhi.web.api.writes import call_of
from dezhi.web.problems import REPLAYED, ProblemBody, problem_body
from dezhi.web.respond import log_fault

NDJSON: Final = "application/x-ndjson"
LINES_MAX: Final = 10_000
LINE_MAX: Final = 16_384
"""Bytes in one line: a deed of two hundred households, all named, is the longest that says something."""
KEY_MAX: Final = 64
DONE: Final = 201

LineKey = Annotated[
    str,
    Meta(
        pattern=r"^[!-~]{1,64}$",
        description="Names this one deed for ever; without, the key of the request and the line's number.",
        examples=["2026-11-0001"],
    ),
]
Atomic = Annotated[bool, QueryParameter(description="All or nothing: the first bad line refuses all.")]


class BulkLine(NewAward, frozen=True, kw_only=True):
    """A line that is sent: a deed to be recorded."""

    key: LineKey | None = None


class BulkResult(Answer, frozen=True, kw_only=True):
    """A line that is answered, in the place of the line that was sent: entries, or a problem."""

    line: Annotated[int, Meta(ge=1, description="Its number in the request, blank lines counted.", examples=[1])]
    status: Annotated[int, Meta(description="201, or the problem's status.", examples=[DONE])]
    key: Annotated[str | None, Meta(description="The key it was sent with.", examples=[None])]
    household: Annotated[HouseholdId | None, Meta(description="Whose deed it is.", examples=[HOUSEHOLD])]
    entries: list[EntryId]
    problem: ProblemBody | None = None


class _Line(msgspec.Struct, frozen=True):
    """One line as it came: what it asks for, or what is wrong with it."""

    number: int
    sent: BulkLine | None
    wrong: Problem | None

    def key(self, request: str) -> str:
        """The ledger's key of this deed: no other line and no other request has it."""
        return (self.sent.key if self.sent else None) or f"{request}:{self.number}"

    def asked(self) -> Asked:
        """The deed. Raises ValueError for a line that says none."""
        if self.sent is None:
            raise ValueError(self.number)
        return self.sent.asked()


_line = msgspec.json.Decoder(BulkLine)
_encoder = msgspec.json.Encoder()

_RESULTS = ResponseSpec(
    list[BulkResult], generate_examples=False, description="One line for each line sent.", media_type=NDJSON
)


class BulkCalls(Controller):
    """Recording what another system has collected."""

    path = "/bulk"
    tags = ("Awards",)

    @write("/", Scope.AWARD, "record_bulk", "Record many deeds, one a line", responses={DONE: _RESULTS})
    async def record(
        self,
        request: Call,
        key: Key,
        *,
        atomic: Atomic = False,
    ) -> Response[Any]:
        """Lines of JSON (NDJSON), at most 10,000 and 5 MB; the answer has a line for each, in the same order.

        Each line is done for itself, under a key of its own: a bad one costs the others nothing, and has its problem in
        its place. With `atomic=true` (at most 2,000 lines of one township) the first bad line refuses all of them, and
        the answer is its problem, with its number as `row`.
        """
        house, visitor = request.house, request.visitor
        actor = visitor.need_staff(Role.CLERK)
        check_actor(actor)
        body = await _body(request)
        lines = _read(body)
        call = call_of(request, key)._replace(what=f"POST {request.url.path} {atomic}\n".encode() + body)
        again = await house.answers.before(call) is not None
        if atomic:
            results = b"".join(await _whole(house, actor, lines, key))
            await house.answers.claim(call)
            return Response(results, media_type=NDJSON, status_code=DONE, headers=REPLAYED if again else None)
        await house.answers.claim(call)
        results_of = _each(request, house, actor, lines, key)
        return Stream(results_of, media_type=NDJSON, status_code=DONE, headers=REPLAYED if again else None)


async def _body(request: Call) -> bytes:
    """The whole body: a client that reads no answer before it has sent everything must not be waited for."""
    kind, _ = request.content_type
    if kind != NDJSON:
        text = N_("请求体要写成一行一个 JSON（Content-Type: application/x-ndjson）。")
        raise Problem("media-type", text, status=415)
    return await request.body()


def _read(body: bytes) -> list[_Line]:
    """The lines that are not blank. Raises `Problem` 400 where there are none, 413 for too many, with the line."""
    lines = []
    for number, text in enumerate(body.splitlines(), start=1):
        if number > LINES_MAX:
            words = N_("一次最多%(max)s行，什么都没有记。请分几次发。")
            raise Problem("lines-max", words, status=413, row=number, max=LINES_MAX)
        if text.strip():
            lines.append(_read_line(number, text))
    if not lines:
        raise Problem("malformed", N_("请求体里一行也没有，什么都没有做。"), status=400)
    return lines


def _read_line(number: int, text: bytes) -> _Line:
    if len(text) > LINE_MAX:
        words = N_("这一行太长，没有记：最多%(max)s个字节。")
        return _Line(number, None, Problem("line-max", words, status=413, max=LINE_MAX))
    try:
        return _Line(number, _line.decode(text), None)
    except msgspec.ValidationError as wrong:
        return _Line(number, None, invalid(str(wrong)))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _Line(number, None, Problem("malformed", N_("这一行不是完整的 JSON，没有记。"), status=400))


async def _each(request: Call, house: House, actor: Actor, lines: Sequence[_Line], key: str) -> AsyncIterator[bytes]:
    """Book slice after slice, and tell what became of each line."""
    for at in range(0, len(lines), SLICE):
        some = lines[at : at + SLICE]
        sound = [one for one in some if one.sent is not None]
        try:
            done = await house.bulk.record_each([one.asked() for one in sound], actor, [one.key(key) for one in sound])
            told = dict(zip((one.number for one in sound), done, strict=True))
        except Problem as trouble:
            # The answer has begun: what stopped this slice is told of each of its lines, which may be sent again.
            told = {one.number: _stopped(one, trouble) for one in sound}
        except Exception as fault:  # noqa: BLE001 - as above; it is logged
            log_fault(request, fault)
            words = N_("这一行没有记上：德治出了毛病，不是您的错。可以用同一个编号再发。")
            told = {one.number: _stopped(one, Problem("fault", words, status=500)) for one in sound}
        yield b"".join([_told(one, told.get(one.number), house) for one in some])


async def _whole(house: House, actor: Actor, lines: Sequence[_Line], key: str) -> list[bytes]:
    """Book all of them. Raises the first bad line's `Problem`, with its number; then nothing was booked."""
    for one in lines:
        if one.wrong is not None:
            raise _at(one, one.wrong)
    done = await house.bulk.record_whole([one.asked() for one in lines], actor, [one.key(key) for one in lines])
    for one, became in zip(lines, done, strict=True):
        if became.problem is not None:
            raise _at(one, became.problem)
    return [_told(one, became, house) for one, became in zip(lines, done, strict=True)]


def _at(line: _Line, problem: Problem) -> Problem:
    """The problem, as that of a line."""
    return Problem(problem.code, problem.text, problem.status, problem.field, line.number, **problem.values)


def _stopped(line: _Line, trouble: Problem) -> Recorded:
    return Recorded(household=line.asked().household, scored=None, problem=trouble)


def _told(line: _Line, done: Recorded | None, house: House) -> bytes:
    problem = line.wrong if done is None else done.problem
    if problem is not None:
        house.watch.refusal(problem.code)
        told = problem_body(problem.status, problem.code, problem.phrase, field=problem.field, row=line.number)
    result = BulkResult(
        line=line.number,
        status=problem.status if problem else DONE,
        key=line.sent.key if line.sent else None,
        household=line.sent.household if line.sent else None,
        entries=[f"{done.book}-{seq}" for seq in done.seqs] if done else [],
        problem=told if problem is not None else None,
    )
    return _encoder.encode(result) + b"\n"
