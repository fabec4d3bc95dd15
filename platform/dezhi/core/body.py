"""The canonical bytes of a ledger event: what is stored, hashed and, one day, shown to a verifier.

Format 1: one byte 1, then the fields in the order of `Body`, each a one-byte tag counted from 1, a four-byte big-endian
length and that many bytes. Whole numbers are eight bytes, signed; a missing number is empty; rows of numbers are their
numbers one after another. Nothing is recomputed from columns: the bytes that were hashed are kept. Free text enters
only as a salted digest, so it can be erased without touching a sum or a proof. Why so: docs/adr/0006-ledger-format.md.
"""

import hashlib
import struct
from typing import Any, Final, NamedTuple

FORMAT: Final = 1

_NUMBER_BYTES: Final = 8
_HEAD: Final = struct.Struct(">BI")


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


class Body(NamedTuple):
    """Everything an event fixes for ever. Days are 20261122, times microseconds since 1970, ids as in the ledger.

    `held_from` and `held` (an account and an amount) are only in a hold, which sets aside and moves nothing.
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


def text_digest(salt: bytes, text: str) -> bytes:
    """What stands for a free text in a body; empty for an empty text."""
    return hashlib.sha256(salt + text.encode()).digest() if text else b""


def _bytes(value: object) -> bytes:
    match value:
        case None:
            return b""
        case bytes():
            return value
        case str():
            return value.encode()
        case int():
            return value.to_bytes(_NUMBER_BYTES, "big", signed=True)
        case tuple():
            return b"".join(struct.pack(f">{len(row)}q", *row) for row in value)
        case _:
            raise TypeError(f"a body cannot hold {type(value).__name__}")


def encode(body: Body) -> bytes:
    """The canonical bytes. Equal bodies give equal bytes, different ones different bytes.

    Raises `OverflowError` or `struct.error` for a number of more than 64 bits, `TypeError` for a fraction.
    """
    parts = [bytes([FORMAT])]
    for tag, value in enumerate(body, start=1):
        data = _bytes(value)
        parts.append(_HEAD.pack(tag, len(data)) + data)
    return b"".join(parts)


_TEXTS: Final = {"source", "key", "item", "order"}
_RAW: Final = {"digest", "text_digest", "salt"}
_OPTIONAL: Final = {
    "proposer_person", "proposer_household", "approver_person", "household", "person", "grid", "village", "reverses",
    "held_from", "held",
}  # fmt: skip
_ROWS: Final[dict[str, type[Line] | type[Opening]]] = {"opened": Opening, "lines": Line}


def _value(name: str, data: bytes) -> object:
    if name in _TEXTS:
        return data.decode()
    if name in _RAW:
        return data
    if name in _ROWS:
        row = _ROWS[name]
        return tuple(row(*numbers) for numbers in struct.iter_unpack(f">{len(row._fields)}q", data))
    if not data and name in _OPTIONAL:
        return None
    if len(data) != _NUMBER_BYTES:
        raise ValueError(f"a body with no number at field {name}")
    return int.from_bytes(data, "big", signed=True)


def decode(data: bytes) -> Body:
    """The body that `encode` wrote.

    Raises `ValueError` when the bytes are not exactly what `encode` would have written: a body has one form.
    """
    if data[:1] != bytes([FORMAT]):
        raise ValueError("a body of an unknown format")
    at = 1
    values: list[Any] = []
    try:
        for tag, name in enumerate(Body._fields, start=1):
            found, length = _HEAD.unpack_from(data, at)
            if found != tag:
                raise ValueError(f"a body broken at field {name}")
            at += _HEAD.size
            values.append(_value(name, data[at : at + length]))
            at += length
    except struct.error as broken:
        raise ValueError("a body cut short") from broken
    body = Body(*values)
    if encode(body) != data:
        raise ValueError("a body that is not in its canonical form")
    return body
