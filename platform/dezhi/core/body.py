"""The canonical bytes of a ledger event: what is stored, hashed and, one day, shown to a verifier.

One byte that names the format, then the fields of `Body`, each a one-byte tag counted from 1 in their order, a
four-byte big-endian length and that many bytes. Whole numbers are eight bytes, signed; rows of numbers are their
numbers one after another. Format 1 knew the first 28 fields and wrote every one, a missing number as an empty one.
Format 2 leaves out what is missing or empty. A row of `caps` is the lengths of its two texts in two bytes each, its
subject and its sum, then the texts.

Nothing is recomputed from columns: the bytes that were hashed are kept. Free text enters only as a salted digest, so it
can be erased without touching a sum or a proof. Why so: docs/adr/0006-ledger-format.md and 0070-lots-and-holds.md.
"""

import hashlib
import struct
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, Final, NamedTuple

FORMAT: Final = 2

_NUMBER_BYTES: Final = 8
_HEAD: Final = struct.Struct(">BI")
_NUMBER: Final = struct.Struct(">BIq")


class Line(NamedTuple):
    """One balanced movement inside an event: `amount` (> 0) leaves `dr` and reaches `cr`. Both are account numbers."""

    dr: int
    cr: int
    asset: int
    amount: int


class Opening(NamedTuple):
    """An account that this event was the first to use, so that the bodies alone tell whose every account is."""

    account: int
    programme: int
    holder_kind: int
    holder_id: int
    asset: int
    role: int


class CapMove(NamedTuple):
    """What this event used of an allowance (`add` > 0), or gave back."""

    rule: str
    subject: int
    period: str
    add: int


class CohortMove(NamedTuple):
    """What this event changed in the lot of an account that ends with day `until`: signed differences."""

    account: int
    until: int
    lapses: int
    granted: int
    used: int
    reserved: int


class Total(NamedTuple):
    """A line of a trial balance: what ever came to and left all accounts of an asset and role."""

    asset: int
    role: int
    credits: int
    debits: int


class Body(NamedTuple):
    """Everything an event fixes for ever. Days are 20261122, times microseconds since 1970, ids as in the ledger.

    `held_from` is the account that a hold, a freeze or a limit is about; `held` is what a hold or freeze sets aside,
    which moves nothing. `about` is the entry behind a freeze, or the first half of a transfer in its second.
    `frozen` is 1 where a whole account is frozen, -1 where that ends. `region` is the book's; it stands last in every
    body of format 2, so that no piece of a body is one.
    """

    book: int
    period: int
    seq: int
    kind: int
    event_day: int
    posted_at: int
    source: str
    key: str
    digest: bytes
    programme: int
    version: int
    item: str
    actor: int
    proposer_person: int | None
    proposer_household: int | None
    approver_person: int | None
    household: int | None
    person: int | None
    grid: int | None
    village: int | None
    reverses: int | None
    order: str
    held_from: int | None
    held: int | None
    text_digest: bytes
    salt: bytes
    opened: tuple[Opening, ...]
    lines: tuple[Line, ...]
    caps: tuple[CapMove, ...] = ()
    cohorts: tuple[CohortMove, ...] = ()
    expires_at: int | None = None
    overdraft: int | None = None
    confirms: int | None = None
    about: int | None = None
    frozen: int | None = None
    closes: int | None = None
    totals: tuple[Total, ...] = ()
    region: int | None = None


def text_digest(salt: bytes, text: str) -> bytes:
    """What stands for a free text in a body; empty for an empty text."""
    return hashlib.sha256(salt + text.encode()).digest() if text else b""


_ROW: Final = {width: struct.Struct(f">{width}q") for width in (4, 6)}
_CAP: Final = struct.Struct(">HHqq")


def _of_rows(rows: Sequence[tuple[int, ...]]) -> bytes:
    pack = _ROW[len(rows[0])].pack
    return pack(*rows[0]) if len(rows) == 1 else b"".join([pack(*row) for row in rows])


def _of_caps(caps: Sequence[CapMove]) -> bytes:
    parts = []
    for cap in caps:
        rule, period = cap.rule.encode(), cap.period.encode()
        parts += [_CAP.pack(len(rule), len(period), cap.subject, cap.add), rule, period]
    return b"".join(parts)


# Runs of fields that every event has are packed at once: encoding is a tenth of what an award costs.
_START: Final = struct.Struct(">B" + "BIq" * 6)
_VERSION: Final = struct.Struct(">" + "BIq" * 2)


def encode(body: Body) -> bytes:  # noqa: C901, PLR0912 - the fields in their order, each left out when empty
    """The canonical bytes, in format 2. Equal bodies give equal bytes, different ones different bytes.

    Raises `struct.error` for a number of more than 64 bits, a fraction, or a region that is missing.
    """
    (
        book, period, seq, kind, event_day, posted_at, source, key, digest, programme, version, item, actor,
        proposer_person, proposer_household, approver_person, household, person, grid, village, reverses, order,
        held_from, held, text, salt, opened, lines, caps, cohorts, expires_at, overdraft, confirms, about, frozen,
        closes, totals, region,
    ) = body  # fmt: skip
    number, head = _NUMBER.pack, _HEAD.pack
    parts = [_START.pack(2, 1, 8, book, 2, 8, period, 3, 8, seq, 4, 8, kind, 5, 8, event_day, 6, 8, posted_at)]
    for tag, data in (7, source.encode()), (8, key.encode()), (9, digest):
        if data:
            parts += head(tag, len(data)), data
    parts.append(_VERSION.pack(10, 8, programme, 11, 8, version))
    if item:
        data = item.encode()
        parts += head(12, len(data)), data
    parts.append(number(13, 8, actor))
    for tag, value in (
        (14, proposer_person), (15, proposer_household), (16, approver_person), (17, household), (18, person),
        (19, grid), (20, village), (21, reverses),
    ):  # fmt: skip
        if value is not None:
            parts.append(number(tag, 8, value))
    if order:
        data = order.encode()
        parts += head(22, len(data)), data
    if held_from is not None:
        parts.append(number(23, 8, held_from))
    if held is not None:
        parts.append(number(24, 8, held))
    for tag, data in (25, text), (26, salt):
        if data:
            parts += head(tag, len(data)), data
    for tag, rows in (27, opened), (28, lines):
        if rows:
            data = _of_rows(rows)
            parts += head(tag, len(data)), data
    if caps:
        data = _of_caps(caps)
        parts += head(29, len(data)), data
    if cohorts:
        data = _of_rows(cohorts)
        parts += head(30, len(data)), data
    for tag, value in (31, expires_at), (32, overdraft), (33, confirms), (34, about), (35, frozen), (36, closes):
        if value is not None:
            parts.append(number(tag, 8, value))
    if totals:
        data = _of_rows(totals)
        parts += head(37, len(data)), data
    parts.append(number(38, 8, region))
    return b"".join(parts)


def _encode_1(body: Body) -> bytes:
    """The bytes that format 1 had for a body."""
    parts = [b"\x01"]
    for tag, value in enumerate(body[:_FIELDS_1], start=1):
        match value:
            case None:
                data = b""
            case bytes():
                data = value
            case str():
                data = value.encode()
            case int():
                data = value.to_bytes(_NUMBER_BYTES, "big", signed=True)
            case _:
                data = _of_rows(value) if value else b""
        parts.append(_HEAD.pack(tag, len(data)) + data)
    return b"".join(parts)


def _number(data: bytes) -> int:
    if len(data) != _NUMBER_BYTES:
        raise ValueError("a body with no number where one belongs")
    return int.from_bytes(data, "big", signed=True)


def _text(data: bytes) -> str:
    return data.decode()


def _raw(data: bytes) -> bytes:
    return data


def _rows(row: type[Any]) -> Callable[[bytes], tuple[Any, ...]]:
    shape = _ROW[len(row._fields)]

    def read(data: bytes) -> tuple[Any, ...]:
        return tuple([row(*numbers) for numbers in shape.iter_unpack(data)])

    return read


def _caps(data: bytes) -> tuple[CapMove, ...]:
    found, at = [], 0
    while at < len(data):
        rule, period, subject, add = _CAP.unpack_from(data, at)
        middle = at + _CAP.size + rule
        end = middle + period
        found.append(CapMove(data[middle - rule : middle].decode(), subject, data[middle:end].decode(), add))
        at = end
    return tuple(found)


_READ: Final[dict[str, Callable[[bytes], Any]]] = {
    **dict.fromkeys(("source", "key", "item", "order"), _text),
    **dict.fromkeys(("digest", "text_digest", "salt"), _raw),
    "opened": _rows(Opening),
    "lines": _rows(Line),
    "caps": _caps,
    "cohorts": _rows(CohortMove),
    "totals": _rows(Total),
}
_FIELDS: Final = tuple([(name, _READ.get(name, _number)) for name in Body._fields])
_FIELDS_1: Final = 28
_NEEDED: Final = itemgetter(*[
    Body._fields.index(name)
    for name in ("book", "period", "seq", "kind", "event_day", "posted_at", "programme", "version", "actor")
])  # fmt: skip
_REGION: Final = Body._fields.index("region")
_EMPTY: Final = [
    None if read is _number else "" if read is _text else b"" if read is _raw else () for _, read in _FIELDS
]


def decode(data: bytes) -> Body:
    """The body that `encode` wrote, or that format 1 had written.

    Raises `ValueError` when the bytes are not exactly what would have been written: a body has one form.
    """
    encoded = {b"\x01": _encode_1, b"\x02": encode}.get(data[:1])
    if encoded is None:
        raise ValueError("a body of an unknown format")
    values: list[Any] = _EMPTY.copy()
    at = 1
    try:
        while at < len(data):
            tag, length = _HEAD.unpack_from(data, at)
            at += _HEAD.size
            if length:
                values[tag - 1] = _FIELDS[tag - 1][1](data[at : at + length])
            at += length
        if None in _NEEDED(values) or (encoded is encode and values[_REGION] is None):
            raise ValueError("a body without a number that every one has")
        body = Body._make(values)
        written = encoded(body)
    except (struct.error, IndexError) as broken:
        raise ValueError("a body cut short or broken") from broken
    # Whatever was read twice, in another order, past the end or left out comes out otherwise.
    if written != data:
        raise ValueError("a body that is not in its canonical form")
    return body
