"""What goes to a chamber and comes back: frames on a pipe, a hook's arguments and its answer as msgpack."""

import os
import struct
from collections.abc import Mapping
from typing import Any, Final, get_type_hints

import msgspec

import dezhi.plugin
from dezhi.host.forms import Field
from dezhi.plugin import Award, Category, Fact, Facts, Past, PastDeed, hooks

FRAME_MAX: Final = 64_000_000  # bytes; the largest question is a workbook
CHUNK: Final = 65_536

_HEAD: Final = struct.Struct(">I")


class Load(msgspec.Struct, frozen=True, kw_only=True, tag="load"):
    """Read the plugin in `folder` (its package), and tell what it says of itself."""

    key: str
    folder: str
    package: str
    manifest: bytes


class Question(msgspec.Struct, frozen=True, kw_only=True, tag="ask"):
    """Ask one hook. `arguments` are in the order the function takes them; settings are JSON objects."""

    key: str
    hook: str
    arguments: tuple[msgspec.Raw, ...]


class Told(msgspec.Struct, frozen=True, kw_only=True, tag="told"):
    """What a plugin says of itself: its Declaration with the settings as a form, and which arguments its hooks take."""

    fields: tuple[Field, ...]
    categories: tuple[Category, ...]
    facts: tuple[Fact, ...]
    past: tuple[Past, ...]
    notice: str
    needs_resolution: bool
    english: Mapping[str, str]
    takes: Mapping[str, tuple[str, ...]]
    ageing: tuple[str, ...]


class Said(msgspec.Struct, frozen=True, kw_only=True, tag="said"):
    """A sound answer: `many` tells a list from a single thing; each part is the name of its type and its fields."""

    many: bool
    parts: tuple[tuple[str, Any], ...]


class Refused(msgspec.Struct, frozen=True, kw_only=True, tag="refused"):
    """A Problem of ours."""

    code: str
    text: str
    field: str | None
    values: Mapping[str, str | int]


class Raised(msgspec.Struct, frozen=True, kw_only=True, tag="raised"):
    """The plugin raised: the error's type, and where."""

    kind: str
    why: str
    detail: str


class Ready(msgspec.Struct, frozen=True, kw_only=True, tag="ready"):
    """The chamber can be asked."""


Asking = Load | Question
Reply = Told | Said | Refused | Raised | Ready

_reply: Final[msgspec.msgpack.Decoder[Reply]] = msgspec.msgpack.Decoder(Reply)
_asking: Final[msgspec.msgpack.Decoder[Asking]] = msgspec.msgpack.Decoder(Asking)


class _Facts(msgspec.Struct, frozen=True):
    """Facts as they travel."""

    values: dict[str, int]
    past: dict[str, tuple[PastDeed, ...]]


def framed(message: msgspec.Struct) -> bytes:
    """Return a message with its length before it."""
    body = msgspec.msgpack.encode(message, enc_hook=_plain)
    return _HEAD.pack(len(body)) + body


def length(head: bytes) -> int:
    """Return how many bytes follow a head of `HEAD_BYTES`."""
    size: int = _HEAD.unpack(head)[0]
    return size


HEAD_BYTES: Final = _HEAD.size


def reply_of(body: bytes) -> Reply:
    """Decode what came from a chamber; raises `msgspec.MsgspecError`."""
    return _reply.decode(body)


def asking_of(body: bytes) -> Asking:
    """Decode what came to a chamber."""
    return _asking.decode(body)


def read_exactly(pipe: int, size: int) -> bytes | None:
    """Read from a blocking pipe; None when the other side is gone."""
    parts = []
    while size:
        part = os.read(pipe, min(size, CHUNK))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


# ── arguments ──


def raw(value: object) -> msgspec.Raw:
    """Encode one argument of a hook."""
    if isinstance(value, Facts):
        value = _Facts(dict(value), value._past)  # noqa: SLF001 - a plugin knows what it declared; only we need a list
    return msgspec.Raw(msgspec.msgpack.encode(value))


def argument(hook: str, word: str, encoded: msgspec.Raw) -> object:
    """Decode one argument of a hook but its settings."""
    decoder = _decoders.get((hook, word))
    if decoder is None:
        kind: Any = get_type_hints(getattr(hooks, hook))[word]
        decoder = msgspec.msgpack.Decoder(_Facts if kind is Facts else kind)
        _decoders[hook, word] = decoder
    value = decoder.decode(encoded)
    return Facts(value.values, value.past) if isinstance(value, _Facts) else value


_decoders: Final[dict[tuple[str, str], msgspec.msgpack.Decoder[Any]]] = {}


# ── answers ──


def said(value: object) -> Said:
    """Put a hook's checked answer into words for the pipe."""
    if isinstance(value, tuple):
        return Said(many=True, parts=tuple(_part(each) for each in value))
    return Said(many=False, parts=() if value is None else (_part(value),))


def meant(answer: Said) -> object:
    """Return the answer as the plugin gave it; what is no part of the contract stays plain data, to be refused."""
    parts = tuple(_whole(kind, fields) for kind, fields in answer.parts)
    return parts if answer.many else parts[0] if parts else None


def _part(value: object) -> tuple[str, Any]:
    if isinstance(value, msgspec.Struct) and getattr(dezhi.plugin, type(value).__name__, None) is type(value):
        return type(value).__name__, msgspec.to_builtins(value, enc_hook=repr)
    return "", repr(value)[:200]


def _whole(kind: str, fields: Any) -> object:
    found = getattr(dezhi.plugin, kind, None) if kind else None
    if not (isinstance(found, type) and issubclass(found, msgspec.Struct)):
        return fields
    try:
        return msgspec.convert(fields, found)
    except msgspec.ValidationError:
        # The core says of an award what is wrong with it, and it looks at each field as if it could be anything.
        return Award(**fields) if found is Award else fields


def _plain(value: object) -> object:
    return repr(value)[:200]
