"""The words of a seal: what is signed, as text that people and other programs can read, and its short code.

A head (`Head`) is a checkpoint of C2SP (c2sp.org/tlog-checkpoint): a name, how many leaves, the root. What is signed is
the head of a small tree whose leaves are the heads of all books, so that one short code on a wall stands for all of
them. The signature is a line of a signed note (c2sp.org/signed-note). See docs/adr/0071-seals.md.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from dezhi.core import tree
from dezhi.core.proofs import Span, inclusion_spans, reduced, subtrees

ED25519: Final = b"\x01"
"""The kind of key, in a verifier's key and its id."""

ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of short codes: no 0, 1, I, O, which look alike on a photo of a wall."""

GROUPS: Final = 5
GROUP: Final = 4
"""Twenty signs of five bits. To find another note with the same code takes 2**100 tries."""

_SIGNATURE: Final = re.compile(r"\A— (\S+) ([A-Za-z0-9+/]+=*)\Z")
_NUMBER: Final = re.compile(r"\A(?:0|[1-9][0-9]{0,18})\Z")
_KEY: Final = re.compile(r"\A([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)\Z")
_KEY_ID_BYTES: Final = 4


class Head(NamedTuple):
    """The head of a tree under a name. `more` are further lines, none of them empty."""

    name: str
    size: int
    root: bytes
    more: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The lines that are signed or hashed, the last one ended as well."""
        return "".join(f"{line}\n" for line in (self.name, self.size, _base64(self.root), *self.more))


class Signed(NamedTuple):
    """A note taken apart: what was signed, by the key of which name and id, and the signature."""

    text: str
    name: str
    key_id: bytes
    signature: bytes


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    """Raises `ValueError` for what is not base64 in its one form."""
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as broken:
        raise ValueError("not base64") from broken
    if _base64(data) != text:
        raise ValueError("base64 in another form")
    return data


def read_head(text: str) -> Head:
    """Read what `Head.text` wrote. Raises `ValueError`."""
    name, size, root, *more = text.removesuffix("\n").split("\n") if text.endswith("\n") else ["", "", ""]
    if not name or not _NUMBER.match(size) or not all(more) or len(_bytes(root)) != tree.HASH_BYTES:
        raise ValueError("not the head of a tree")
    return Head(name, int(size), _bytes(root), tuple(more))


def book_head(name: str, book: int, size: int, root: bytes) -> Head:
    """The head of one book, a leaf of the tree that is signed. `name` is the installation's."""
    return Head(f"{name}/book/{book}", size, root)


def county_head(name: str, heads: Sequence[Head], on: date) -> Head:
    """The head that is signed: of the tree over the books' heads, with the village's day."""
    leaves = [tree.leaf_hash(head.text.encode()) for head in heads]
    frontier: list[bytes] = []
    for size, leaf in enumerate(leaves):
        frontier = tree.append(frontier, size, leaf)
    return Head(name, len(heads), tree.root(frontier), (f"day {on.isoformat()}",))


def county_path(heads: Sequence[Head], index: int) -> list[bytes]:
    """The path from one book's head to the head that is signed. There are as many as a county has townships: few."""
    leaves = [tree.leaf_hash(head.text.encode()) for head in heads]
    return [_root(leaves, span) for span in inclusion_spans(index, len(leaves))]


def _root(leaves: Sequence[bytes], span: Span) -> bytes:
    """The hash of a span, from its complete subtrees."""
    roots = [reduced(leaves[one.at << one.level : (one.at + 1) << one.level]) for one in subtrees(span)]
    return tree.root(roots)


def key_id(name: str, public: bytes) -> bytes:
    """Four bytes that find the key of a signature among several."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:_KEY_ID_BYTES]


def verifier(name: str, public: bytes) -> str:
    """The public key as a line of text, as tools for signed notes take it."""
    return f"{name}+{key_id(name, public).hex()}+{_base64(ED25519 + public)}"


def read_verifier(text: str) -> tuple[str, bytes]:
    """The name and the Ed25519 public key of such a line. Raises `ValueError`."""
    found = _KEY.match(text)
    if found is None or (data := _bytes(found[3]))[:1] != ED25519:
        raise ValueError("not the public key of a note")
    name, public = found[1], data[1:]
    if found[2] != key_id(name, public).hex():
        raise ValueError("a public key with another key's id")
    return name, public


def signed_note(text: str, name: str, public: bytes, signature: bytes) -> str:
    """The whole note: the text, an empty line, and the signature's line."""
    return f"{text}\n— {name} {_base64(key_id(name, public) + signature)}\n"


def read_note(note: str) -> Signed:
    """Take a note with one signature apart; whether it is right is for who has the key. Raises `ValueError`."""
    text, gap, line = note.rpartition("\n\n")
    found = _SIGNATURE.match(line.removesuffix("\n"))
    if not gap or found is None or not line.endswith("\n"):
        raise ValueError("not a signed note")
    data = _bytes(found[2])
    return Signed(f"{text}\n", found[1], data[:_KEY_ID_BYTES], data[_KEY_ID_BYTES:])


def short_code(text: str, key: str) -> str:
    """The code of a note's text signed by a verifier's key: `7KQM-…`, five groups of four.

    Whoever has noted it knows which text was signed and whose key signed it. The signature itself is left out: it
    can be made anew from the same key and text.
    """
    return fingerprint(hashlib.sha256(f"dezhi seal 1\n{key}\n{text}".encode()).digest())


def fingerprint(digest: bytes) -> str:
    """The first hundred bits of a SHA-256 in the form of short codes."""
    number = int.from_bytes(digest)
    signs = [ALPHABET[number >> 256 - 5 * place & 31] for place in range(1, GROUPS * GROUP + 1)]
    return "-".join("".join(signs[at : at + GROUP]) for at in range(0, len(signs), GROUP))
