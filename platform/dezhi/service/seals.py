"""Seals of the books, receipts for single entries, and proofs that a book only grew. Why so: docs/adr/0071-seals.md.

A seal is made each night, and by `dezhi seal`. Before it is made, the books are held against the last one: who altered
something before it is found then, and no seal is put over it.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec

from dezhi.core import notes
from dezhi.core.calendar import Clock, day, from_micros, micros, to_date, today
from dezhi.core.errors import Problem
from dezhi.core.notes import Head
from dezhi.core.proofs import Span, consistency_spans, inclusion_spans
from dezhi.core.receipts import Consistency, Fault, Receipt, Sealed, consistency_fault, only_grew, receipt_fault
from dezhi.core.text import N_
from dezhi.service.journal import EntryRef, no_entry
from dezhi.store import keys, seals as store
from dezhi.store.database import Database
from dezhi.store.seals import Gap, Leaves, Seal, Standing

log = logging.getLogger("dezhi.seals")

KEY: Final = "seal"
"""The key's name among the keys beside the database."""
NOBODY: Final = "dezhi"
"""The name that seals have where the first book is of no region of the register."""
COUNTY_DIGITS: Final = 6
FRESH: Final = timedelta(seconds=60)

ReadKey = Callable[[bool], bytes]
"""Reads the Ed25519 seed when something is sealed, and not before: it may lie on a stick. Raises `Problem`.

It is made, where it can be, only if told so: a lost key must not quietly begin a second one.
"""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A seal with the books it is over. `new` says whether this call made it."""

    number: int
    on: date
    at: datetime
    code: str
    note: str
    key: str
    books: tuple[Standing, ...]
    new: bool = False

    @property
    def root(self) -> bytes:
        """The root that was signed."""
        return notes.read_head(notes.read_note(self.note).text).root


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """What is handed out, and what a check of it finds here and now: a book that was altered says so itself."""

    file: Receipt | Consistency
    seal: Told
    fault: Fault | None


def key_reader(database: Database, path: Path | None) -> ReadKey:
    """How the key is read: from the file the operator named, else from beside the database, where it may be made."""
    if path is not None:
        return lambda _make: _read_file(path)

    def beside(make: bool) -> bytes:  # noqa: FBT001 - as `ReadKey` has it
        if not make and KEY not in keys.read_all(database.data_dir):
            text = N_(
                "没有做封签：以前做封签的密钥 %(file)s 不见了。请从 dezhi backup-keys 存的文件里恢复；"
                "真的找不到了，就运行 dezhi seal --new-key 换一把，再把新的公钥告诉大家。"
            )
            raise Problem("seal-key", text, status=503, file=f"{keys.FOLDER}/{KEY}")
        return database.key(KEY)

    return beside


def _read_file(path: Path) -> bytes:
    try:
        seed = path.read_bytes()
    except OSError as missing:
        text = N_("没有做封签：密钥文件 %(file)s 读不到。它在另外的盘上，请先插上。")
        raise Problem("seal-key", text, status=503, file=str(path)) from missing
    if len(seed) != keys.KEY_BYTES:
        text = N_("没有做封签：%(file)s 不是封签的密钥，它应当正好 32 字节。")
        raise Problem("seal-key", text, status=503, file=str(path))
    return seed


def is_signed(public: bytes, signature: bytes, text: str) -> bool:
    """Whether a signature is that of an Ed25519 key over a text."""
    # late: it weighs 5 MB, and only proofs need it
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # late: as above

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


class Seals:
    """Makes seals and finds them, and proves with them."""

    def __init__(self, database: Database, clock: Clock, read_key: ReadKey) -> None:
        self._database = database
        self._clock = clock
        self._read_key = read_key
        self._shown: tuple[datetime, Told | None] | None = None

    async def seal(self, *, new_key: bool = False) -> Told | None:
        """Seal every book as it stands now; the last seal if nothing has moved since, None where there is no book.

        `new_key` makes a key where the one of the seals before is lost.

        Raises `Problem`: `seal-broken` when a book does not begin with what the last seal was over, or does not have
        the entries it counts; `seal-key` when the key cannot be read.
        """
        # In this order: a seal that another process makes meanwhile is over more than the books say here.
        last = await self.newest()
        books = await store.standings(self._database)
        if not books:
            return None
        for one in books:
            await self._hold_against(one, last)
        name = await self._name()
        public, sign = self._key(make=last is None or new_key)
        verifier = notes.verifier(name, public)
        if last is not None and (last.books, last.key) == (tuple(books), verifier):
            return last
        now = self._clock()
        text = notes.county_head(name, _heads(name, books), today(now)).text
        made = Seal(
            number=last.number + 1 if last else 1,
            day=day(today(now)),
            sealed_at=micros(now),
            note=notes.signed_note(text, name, public, sign(text)),
            verifier=verifier,
            code=notes.short_code(text, verifier),
        )
        new = await store.add(self._database, made, books)
        self._shown = None
        # Where another process was faster, its seal is over the same books or newer.
        kept = await self.newest()
        return None if kept is None else msgspec.structs.replace(kept, new=new)

    async def nightly(self) -> dict[str, Any]:
        """Seal, for the night: what is kept of it."""
        told = await self.seal()
        return {} if told is None else {"number": told.number, "code": told.code, "new": told.new}

    async def newest(self) -> Told | None:
        """The last seal; None where nothing was sealed yet."""
        found = await store.newest(self._database)
        return None if found is None else await self._tell(found)

    async def shown(self) -> Told | None:
        """The last seal for a page that everybody asks for: of the last minute."""
        now = self._clock()
        if self._shown is None or not self._shown[0] <= now < self._shown[0] + FRESH:
            self._shown = now, await self.newest()
        return self._shown[1]

    async def names(self) -> Mapping[int, str]:
        """What the places of the books are called."""
        return await store.names(self._database)

    async def one(self, number: int) -> Told:
        """The seal of a number. Raises `Problem` 404."""
        found = await store.seal(self._database, number)
        if found is None:
            raise Problem("no-seal", N_("没有这个封签。请核对它的号。"), status=404)
        return await self._tell(found)

    async def listed(self, *, before: int = 2**62, limit: int = 50) -> list[Told]:
        """Seals, newest first, before a number."""
        return [await self._tell(one) for one in await store.seals(self._database, before, limit)]

    async def receipt(self, ref: EntryRef, title: str, number: int | None = None) -> Proof:
        """The receipt of one entry, by the newest seal or that of a number.

        Raises `Problem`: `no_entry`, `no-seal`, `not-sealed` (409) when the seal is older than the entry.
        """
        seal = await self._seal(number)
        body = await store.body(self._database, ref.book, ref.seq)
        if body is None:
            raise no_entry()
        standing = next((one for one in seal.books if one.book == ref.book), None)
        if standing is None or ref.seq > standing.size:
            text = N_("这一笔还没有封签：封签每天夜里做一次，明天再来取凭据。")
            raise Problem("not-sealed", text, status=409)
        spans = inclusion_spans(ref.seq - 1, standing.size)
        receipt = Receipt(
            number=str(ref),
            title=title,
            body=body,
            path=await self._path(ref.book, spans),
            seal=_sealed(seal, ref.book),
        )
        return self._looked_at(receipt, seal, receipt_fault(receipt, is_signed))

    async def consistency(self, book: int, old: int, new: int | None = None) -> Proof:
        """That a book at one seal begins with what it was at an older one; `new` is by default the newest.

        Raises `Problem`: `no-seal`, `seal-order` when the older is not the older, `not-sealed` when one is not over
        the book.
        """
        then, now = await self.one(old), await self._seal(new)
        if then.number > now.number:
            raise Problem("seal-order", N_("请把先做的封签放在前面。"), status=422)
        was, is_ = (next((one for one in told.books if one.book == book), None) for told in (then, now))
        if was is None or is_ is None or was.size > is_.size:
            raise Problem("not-sealed", N_("这两个封签里没有这本账。"), status=409)
        spans = consistency_spans(was.size, is_.size)
        proof = Consistency(path=await self._path(book, spans), old=_sealed(then, book), new=_sealed(now, book))
        return self._looked_at(proof, now, consistency_fault(proof, is_signed))

    def _looked_at(self, file: Receipt | Consistency, seal: Told, fault: Fault | None) -> Proof:
        if fault is not None:
            log.error("a proof fails", extra={"fault": fault.value, "seal": seal.number})
        return Proof(file=file, seal=seal, fault=fault)

    async def _seal(self, number: int | None) -> Told:
        found = await self.newest() if number is None else await self.one(number)
        if found is None:
            raise Problem("no-seal", N_("还没有做过封签：每天夜里做一次，明天再来。"), status=404)
        return found

    async def _path(self, book: int, spans: Sequence[Span]) -> tuple[bytes, ...]:
        try:
            return await Leaves(self._database, book).path(spans)
        except Gap as gap:
            raise _broken(book) from gap

    async def _hold_against(self, book: Standing, last: Told | None) -> None:
        """Raise `Problem` unless a book's head is that of its entries, and begins with what was sealed last."""
        try:
            await store.extend(self._database, book.book, book.size)
            leaves = Leaves(self._database, book.book)
            if await leaves.span(Span(0, book.size)) != book.root:
                raise _broken(book.book)
            was = next((one for one in last.books if one.book == book.book), None) if last else None
            if was is None:
                return
            path = await leaves.path(consistency_spans(was.size, book.size))
        except (Gap, ValueError) as wrong:
            # Fewer entries than were sealed.
            raise _broken(book.book) from wrong
        if not only_grew(Head("", was.size, was.root), Head("", book.size, book.root), path):
            raise _broken(book.book)

    async def _name(self) -> str:
        code = await store.first_region(self._database)
        return f"{NOBODY}/{code[:COUNTY_DIGITS]}" if code else NOBODY

    def _key(self, *, make: bool) -> tuple[bytes, Callable[[str], bytes]]:
        """The public key, and what signs a text."""
        # late: as in is_signed
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        private = Ed25519PrivateKey.from_private_bytes(self._read_key(make))
        return private.public_key().public_bytes_raw(), lambda text: private.sign(text.encode())

    async def _tell(self, seal: Seal) -> Told:
        return Told(
            number=seal.number,
            on=to_date(seal.day),
            at=from_micros(seal.sealed_at),
            code=seal.code,
            note=seal.note,
            key=seal.verifier,
            books=tuple(await store.sealed(self._database, seal.number)),
        )


def _heads(name: str, books: Sequence[Standing]) -> list[Head]:
    return [notes.book_head(name, *one) for one in books]


def _sealed(seal: Told, book: int) -> Sealed:
    """How a book stood at a seal, with its path to what was signed."""
    heads = _heads(notes.read_note(seal.note).name, seal.books)
    index = next(at for at, one in enumerate(seal.books) if one.book == book)
    path = tuple(notes.county_path(heads, index))
    return Sealed(head=heads[index].text, index=index, path=path, note=seal.note, key=seal.key)


def _broken(book: int) -> Problem:
    text = N_(
        "账簿%(book)s和上次封签对不上：以前记的账被改过。没有做新的封签，请停止记账，运行 dezhi audit 查是哪一笔。"
    )
    return Problem("seal-broken", text, status=500, book=book)
