"""The canonical bytes of a ledger event: what is stored, hashed and, one day, shown to a verifier.

Format 1: a sequence of fields, each a one-byte tag, a four-byte big-endian length and that many bytes. Whole numbers are
eight bytes, signed; a missing number is empty. Nothing is recomputed from columns: the bytes that were hashed are kept
(`ledger.md` D7). Free text enters only as a salted digest, so it can be erased without touching a sum or a proof.
"""

import hashlib
import struct
from typing import NamedTuple

FORMAT = 1


class Line(NamedTuple):
    """One balanced movement inside an event: `amount` (> 0) leaves `dr` and reaches `cr`. Both are account numbers."""

    dr: int
    cr: int
    asset: int
    amount: int


class Body(NamedTuple):
    """Everything an event fixes for ever. Days are 20261122, times microseconds since 1970, ids as in the ledger."""

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
    text_digest: bytes
    salt: bytes
    lines: tuple[Line, ...]


def text_digest(salt: bytes, text: str) -> bytes:
    """What stands for a free text in a body; empty for an empty text."""
    return hashlib.sha256(salt + text.encode()).digest() if text else b""


def _bytes(value: object) -> bytes:
    if value is None:
        return b""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, int):
        return value.to_bytes(8, "big", signed=True)
    raise TypeError(f"a body cannot hold {type(value).__name__}")


def encode(body: Body) -> bytes:
    """The canonical bytes. Equal bodies give equal bytes, different ones different bytes."""
    parts = [bytes([FORMAT])]
    for tag, value in enumerate(body[:-1], start=1):
        data = _bytes(value)
        parts.append(struct.pack(">BI", tag, len(data)) + data)
    lines = b"".join(struct.pack(">qqqq", *line) for line in body.lines)
    parts.append(struct.pack(">BI", len(body), len(lines)) + lines)
    return b"".join(parts)


_TEXTS = {"source", "key", "item", "order"}
_RAW = {"digest", "text_digest", "salt"}


def decode(data: bytes) -> Body:
    """The body that `encode` wrote. Raises `ValueError` when the bytes are not of this format."""
    if not data or data[0] != FORMAT:
        raise ValueError("a body of an unknown format")
    at, values = 1, []
    for tag, name in enumerate(Body._fields, start=1):
        found, length = struct.unpack_from(">BI", data, at)
        field = data[at + 5 : at + 5 + length]
        at += 5 + length
        if found != tag or len(field) != length:
            raise ValueError(f"a body broken at field {name}")
        if name == "lines":
            values.append(tuple(Line(*numbers) for numbers in struct.iter_unpack(">qqqq", field)))
        elif name in _TEXTS:
            values.append(field.decode())
        elif name in _RAW:
            values.append(field)
        else:
            values.append(int.from_bytes(field, "big", signed=True) if field else None)
    if at != len(data):
        raise ValueError("a body with bytes left over")
    return Body(*values)
