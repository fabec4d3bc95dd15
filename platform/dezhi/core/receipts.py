"""What leaves the installation as proof: a receipt for one entry, and that a book only grew from one seal to another.

Both are JSON files which the page `/verify` and any tool for C2SP notes and RFC 9162 proofs can check without asking
anybody. No name is in them: a body knows holders by numbers.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Final

import msgspec

from dezhi.core import notes
from dezhi.core.body import decode
from dezhi.core.notes import Head, Signed
from dezhi.core.proofs import is_consistent, is_included
from dezhi.core.tree import leaf_hash, root

RECEIPT: Final = "dezhi-receipt-1"
CONSISTENCY: Final = "dezhi-consistency-1"

IsSigned = Callable[[bytes, bytes, str], bool]
"""Whether a signature is one of an Ed25519 public key over a text: `(public, signature, text)`."""


class Fault(StrEnum):
    """Which part of a proof fails, in the order in which they are looked at."""

    NOTE = "note"
    """The note, its key or a head cannot be read."""
    SIGNATURE = "signature"
    """The note was not signed by the key beside it."""
    CODE = "code"
    """It is not the seal whose short code somebody noted."""
    BOOK = "book"
    """The book did not stand like this when the seal was made."""
    ENTRY = "entry"
    """The entry is not in the book that was sealed: it was altered since, or put in."""
    HISTORY = "history"
    """The later book does not begin with the earlier one: something before the earlier seal was altered."""


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """How a book stood at a seal: `head` is its line in the seal's tree, `index` its place there, `path` the proof."""

    head: str
    index: int
    path: tuple[bytes, ...]
    note: str
    key: str


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """That one entry is in a sealed book. `title` is only what its item was called here; the body proves the item."""

    number: str
    title: str
    body: bytes
    path: tuple[bytes, ...]
    seal: Sealed
    format: str = RECEIPT


class Consistency(msgspec.Struct, frozen=True, kw_only=True):
    """That a book at a later seal begins with what it was at an earlier one."""

    path: tuple[bytes, ...]
    old: Sealed
    new: Sealed
    format: str = CONSISTENCY


class _Unreadable(Exception):
    pass


def receipt_fault(receipt: Receipt, is_signed: IsSigned, code: str = "") -> Fault | None:
    """What is wrong with a receipt, checked against the seal whose short code was noted if there is one."""
    fault, book = _sealed_fault(receipt.seal, is_signed)
    if fault is not None or book is None:
        return fault
    if code and normal(code) != normal(code_of(receipt.seal)):
        return Fault.CODE
    try:
        body = decode(receipt.body)
    except ValueError:
        return Fault.ENTRY
    own = f"{body.book}-{body.period}-{body.seq}" == receipt.number and book.name.endswith(f"/book/{body.book}")
    proved = is_included(leaf_hash(receipt.body), body.seq - 1, book.size, receipt.path, book.root)
    return None if own and proved else Fault.ENTRY


def consistency_fault(proof: Consistency, is_signed: IsSigned, code: str = "") -> Fault | None:
    """What is wrong with a proof between two seals; `code` is one of theirs."""
    old_fault, old = _sealed_fault(proof.old, is_signed)
    new_fault, new = _sealed_fault(proof.new, is_signed)
    if old is None or new is None or old_fault or new_fault:
        return old_fault or new_fault
    if code and normal(code) not in {normal(code_of(proof.old)), normal(code_of(proof.new))}:
        return Fault.CODE
    return None if old.name == new.name and only_grew(old, new, proof.path) else Fault.HISTORY


def only_grew(old: Head, new: Head, path: tuple[bytes, ...]) -> bool:
    """Whether the path joins two heads of a book; a book without entries is the beginning of every other."""
    if old.size == 0:
        return old.root == root([]) and not path
    return is_consistent(old.size, new.size, old.root, new.root, path)


def code_of(sealed: Sealed) -> str:
    """The short code of the seal. Raises `ValueError` when there is no note in it."""
    return notes.short_code(notes.read_note(sealed.note).text, sealed.key)


def normal(code: str) -> str:
    """A short code as typed from a photo: without hyphens and spaces, in capitals."""
    return "".join(sign for sign in code.upper() if sign.isalnum())


def _sealed_fault(sealed: Sealed, is_signed: IsSigned) -> tuple[Fault | None, Head | None]:
    try:
        signed, public, county, book = _read(sealed)
    except _Unreadable:
        return Fault.NOTE, None
    if not is_signed(public, signed.signature, signed.text):
        return Fault.SIGNATURE, None
    if not is_included(leaf_hash(sealed.head.encode()), sealed.index, county.size, sealed.path, county.root):
        return Fault.BOOK, None
    return None, book


def _read(sealed: Sealed) -> tuple[Signed, bytes, Head, Head]:
    try:
        signed = notes.read_note(sealed.note)
        name, public = notes.read_verifier(sealed.key)
        county, book = notes.read_head(signed.text), notes.read_head(sealed.head)
    except ValueError as broken:
        raise _Unreadable from broken
    if signed.name != name or signed.key_id != notes.key_id(name, public) or county.name != name:
        raise _Unreadable
    return signed, public, county, book
