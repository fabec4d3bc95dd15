"""Seals, receipts and proofs, for programs that keep or check them."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import Controller
from litestar.params import PathParameter, QueryParameter
from msgspec import Meta

from dezhi.core.receipts import CONSISTENCY, RECEIPT
from dezhi.core.tokens import Scope
from dezhi.service.seals import Proof, Told
from dezhi.web.api.calls import read
from dezhi.web.api.entries import READERS
from dezhi.web.api.kinds import DAY, Answer, Cursor, EntryPath, Limit
from dezhi.web.api.paging import LIMIT, Page, cursor_of, read_cursor
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.visitors import need_entry

SEAL_PATTERN = r"^[1-9][0-9]{0,14}$"

SealPath = Annotated[str, PathParameter(pattern=SEAL_PATTERN, description="A seal's number.")]
BookPath = Annotated[str, PathParameter(pattern=SEAL_PATTERN, description="A book's number.")]
To = Annotated[str | None, QueryParameter(pattern=SEAL_PATTERN, description="The later seal; without it the newest.")]
By = Annotated[str | None, QueryParameter(pattern=SEAL_PATTERN, description="By this seal; without it by the newest.")]

Hash = Annotated[
    str,
    Meta(description="A SHA-256, in base64.", examples=["bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0="]),
]
Note = Annotated[
    str,
    Meta(
        description="The signed note (C2SP signed-note).",
        examples=[
            "dezhi/620902\n1\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\nday 2026-11-22\n\n— dezhi/620902 x08go…\n"
        ],
    ),
]
KeyLine = Annotated[
    str,
    Meta(description="The public key, as tools for signed notes take it.", examples=["dezhi/620902+c74f20a3+ARpc…"]),
]
Path = Annotated[list[Hash], Meta(description="A Merkle path, as RFC 9162 orders it.")]
Code = Annotated[
    str,
    Meta(description="The short code on the wall.", examples=["7KQM-2XWP-RB9D-HH4T-VN6C"]),
]


class BookOf(Answer, frozen=True, kw_only=True):
    """A book as it was sealed."""

    book: Annotated[int, Meta(description="The book's number.", ge=1, examples=[1])]
    size: Annotated[int, Meta(description="How many entries.", ge=0, examples=[4120])]
    root: Hash


class SealOf(Answer, frozen=True, kw_only=True):
    """A seal over every book of the installation."""

    number: Annotated[int, Meta(description="Its number.", ge=1, examples=[1])]
    on: Annotated[date, Meta(description="The village's day.", examples=[DAY])]
    at: Annotated[datetime, Meta(description="When it was made.", examples=["2026-11-22T02:30:00+08:00"])]
    code: Code
    note: Note
    key: KeyLine
    books: list[BookOf]


class SealedOf(Answer, frozen=True, kw_only=True):
    """How a book stood at a seal: its line in the seal's tree, and the path from there to the note."""

    head: Annotated[
        str,
        Meta(
            description="A checkpoint (C2SP tlog-checkpoint).",
            examples=["dezhi/620902/book/1\n4120\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\n"],
        ),
    ]
    index: Annotated[int, Meta(description="Its place, from 0.", ge=0, examples=[0])]
    path: Path
    note: Note
    key: KeyLine


class ReceiptOf(Answer, frozen=True, kw_only=True):
    """Proof that an entry is in a sealed book; the page `/verify` takes it as it is. No name is in it."""

    format: Annotated[str, Meta(description="What this is.", examples=[RECEIPT])]
    number: Annotated[str, Meta(description="The entry's number as printed.", examples=["1-202611-1"])]
    title: Annotated[str, Meta(description="What its item is called; not proved.", examples=["邻里帮扶"])]
    body: Annotated[str, Meta(description="The entry's bytes, in base64.", examples=["AgE="])]
    path: Path
    seal: SealedOf


class ConsistencyOf(Answer, frozen=True, kw_only=True):
    """Proof that a book only grew between two seals; the page `/verify` takes it as it is."""

    format: Annotated[str, Meta(description="What this is.", examples=[CONSISTENCY])]
    path: Path
    old: SealedOf
    new: SealedOf


class SealCalls(Controller):
    """Seals are everybody's."""

    path = "/seals"
    tags = ("Seals",)

    @read("", Scope.READ, "list_seals", "Every seal, newest first")
    async def listed(self, house: TheHouse, limit: Limit = LIMIT, cursor: Cursor = None) -> Page[SealOf]:
        after = read_cursor("seals", cursor, [int])
        found = await house.seals.listed(limit=limit + 1, **({"before": int(after[0])} if after else {}))
        following = cursor_of("seals", found[limit - 1].number) if len(found) > limit else None
        return Page(items=[_seal(one) for one in found[:limit]], next=following)

    @read("/{seal:str}", Scope.READ, "get_seal", "One seal")
    async def one(self, house: TheHouse, seal: SealPath) -> SealOf:
        return _seal(await house.seals.one(int(seal)))

    @read(
        "/{seal:str}/consistency/{book:str}",
        Scope.READ,
        "get_consistency",
        "Proof that a book only grew from this seal to a later one",
    )
    async def consistency(self, house: TheHouse, seal: SealPath, book: BookPath, to: To = None) -> ConsistencyOf:
        proof = await house.seals.consistency(int(book), int(seal), int(to) if to else None)
        return msgspec.convert(_plain(proof), ConsistencyOf)


class ReceiptCalls(Controller):
    """Receipts of entries that the caller may read."""

    path = "/entries/{entry:str}/receipt"
    tags = ("Seals",)

    @read("", Scope.READ, "get_receipt", "The receipt of an entry, by the newest seal or another")
    async def receipt(self, house: TheHouse, visitor: TheVisitor, entry: EntryPath, by: By = None) -> ReceiptOf:
        told = await need_entry(house, visitor, entry, *READERS)
        proof = await house.seals.receipt(told.ref, told.title, int(by) if by else None)
        return msgspec.convert(_plain(proof), ReceiptOf)


def _plain(proof: Proof) -> object:
    """A proof as its file has it: bytes as base64."""
    return msgspec.to_builtins(proof.file)


def _seal(told: Told) -> SealOf:
    books = [BookOf(book=one.book, size=one.size, root=msgspec.to_builtins(one.root)) for one in told.books]
    return SealOf(number=told.number, on=told.on, at=told.at, code=told.code, note=told.note, key=told.key, books=books)
