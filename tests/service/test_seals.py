"""Seals, receipts and proofs over real books; and what becomes of them when somebody rewrites the database."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from booking import asking, award
from dezhi.core import notes
from dezhi.core.body import decode
from dezhi.core.errors import Problem
from dezhi.core.receipts import Consistency, Fault, Receipt, consistency_fault, receipt_fault
from dezhi.service.journal import EntryRef
from dezhi.service.seals import Seals, Told, is_signed, key_reader
from dezhi.store import seals as store
from dezhi.store.books import open_book
from dezhi.store.database import Database
from dezhi.store.poster import Poster
from forging import Forger
from homes import Home
from township import Hands


class Office:
    """Two books with a poster before them, and their seals."""

    def __init__(self, home: Home, database: Database, books: tuple[int, int]) -> None:
        self.home = home
        self.database = database
        self.hands = Hands()
        self.books = books
        self.poster = Poster(database.engine, self.hands)
        self.seals = Seals(database, self.hands, key_reader(database, None))

    async def book(self, count: int, book: int | None = None) -> None:
        """Book some awards."""
        for _ in range(count):
            await self.poster.post(book or self.books[0], asking(award()))

    async def sealed(self) -> Told:
        told = await self.seals.seal()
        assert told is not None
        return told

    async def ref(self, seq: int, book: int | None = None) -> EntryRef:
        body = await store.body(self.database, book or self.books[0], seq)
        assert body is not None
        return EntryRef(book or self.books[0], decode(body).period, seq)


@pytest.fixture
async def office(home: Home) -> AsyncIterator[Office]:
    database = await home.connect()
    made = Office(home, database, (await open_book(database, 520), await open_book(database, 521)))
    yield made
    await made.poster.close()
    await database.close()


async def test_a_seal_is_over_every_book_and_signed(office: Office) -> None:
    await office.book(3)
    await office.book(2, office.books[1])
    told = await office.sealed()
    assert (told.number, told.new, [one.size for one in told.books]) == (1, True, [3, 2])
    signed = notes.read_note(told.note)
    name, public = notes.read_verifier(told.key)
    assert is_signed(public, signed.signature, signed.text)
    assert not is_signed(public, signed.signature, signed.text + "more\n")
    assert Ed25519PrivateKey.from_private_bytes(office.database.key("seal")).public_key().public_bytes_raw() == public
    head = notes.read_head(signed.text)
    assert (head.name, head.size, head.more) == (name, 2, ("day 2026-11-22",))
    assert told.code == notes.short_code(signed.text, told.key)


async def test_where_nothing_moved_the_last_seal_stands(office: Office) -> None:
    await office.book(1)
    first = await office.sealed()
    office.hands.pass_by(timedelta(days=3))
    again = await office.sealed()
    assert (again.number, again.new, again.code) == (first.number, False, first.code)
    await office.book(1)
    second = await office.sealed()
    assert (second.number, second.new, second.on.day) == (2, True, 25)
    assert [one.number for one in await office.seals.listed()] == [2, 1]
    assert [one.number for one in await office.seals.listed(before=2)] == [1]


async def test_an_installation_without_books_has_nothing_to_seal(home: Home) -> None:
    database = await home.connect()
    assert await Seals(database, Hands(), key_reader(database, None)).seal() is None
    assert not (home.data_dir / "keys" / "seal").exists()
    await database.close()


async def test_a_receipt_proves_each_entry_and_holds_no_name(office: Office) -> None:
    await office.book(5)
    await office.book(4, office.books[1])
    told = await office.sealed()
    for book, count in zip(office.books, (5, 4), strict=True):
        for seq in range(1, count + 1):
            proof = await office.seals.receipt(await office.ref(seq, book), "邻里帮扶")
            assert proof.fault is None
            file = msgspec.json.encode(proof.file)
            again = msgspec.json.decode(file, type=Receipt)
            assert receipt_fault(again, is_signed, told.code.lower().replace("-", " ")) is None
            assert set(json.loads(file)) == {"format", "number", "title", "body", "path", "seal"}
            assert "帮邻居收稻谷".encode() not in file
            assert "帮邻居收稻谷".encode() not in again.body


@pytest.mark.row("LE-09")
@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ("body", Fault.ENTRY),
        ("path", Fault.ENTRY),
        ("number", Fault.ENTRY),
        ("head", Fault.BOOK),
        ("index", Fault.BOOK),
        ("note", Fault.SIGNATURE),
        ("key", Fault.NOTE),
        ("code", Fault.CODE),
    ],
)
async def test_a_receipt_that_was_touched_says_which_part_fails(office: Office, part: str, fault: Fault) -> None:
    await office.book(5)
    await office.book(4, office.books[1])
    told = await office.sealed()
    receipt = (await office.seals.receipt(await office.ref(2), "邻里帮扶")).file
    assert isinstance(receipt, Receipt)
    replace = msgspec.structs.replace
    seal = receipt.seal
    touched = {
        "body": replace(receipt, body=receipt.body[:-1] + bytes([receipt.body[-1] ^ 1])),
        "path": replace(receipt, path=receipt.path[:-1]),
        "number": replace(receipt, number=receipt.number[:-1] + "3"),
        "head": replace(receipt, seal=replace(seal, head=seal.head.replace("\n5\n", "\n6\n"))),
        "index": replace(receipt, seal=replace(seal, index=1)),
        "note": replace(receipt, seal=replace(seal, note=seal.note.replace("-11-22", "-11-23"))),
        "key": replace(receipt, seal=replace(seal, key=seal.key.replace("+", "+0", 1))),
    }
    code = told.code[:-1] + ("2" if told.code[-1] != "2" else "3") if part == "code" else told.code
    assert receipt_fault(touched.get(part, receipt), is_signed, code) is fault


@pytest.mark.row("LE-09")
async def test_two_seals_are_joined_by_a_proof(office: Office) -> None:
    tolds = []
    for count in (0, 3, 1, 9):
        await office.book(count)
        await office.book(1, office.books[1])
        tolds.append(await office.sealed())
    for old in tolds:
        for new in tolds[old.number - 1 :]:
            proof = await office.seals.consistency(office.books[0], old.number, new.number)
            again = msgspec.json.decode(msgspec.json.encode(proof.file), type=Consistency)
            assert (proof.fault, consistency_fault(again, is_signed, old.code)) == (None, None)
            assert consistency_fault(again, is_signed, new.code) is None
    with pytest.raises(Problem) as wrong_way:
        await office.seals.consistency(office.books[0], 3, 2)
    assert wrong_way.value.code == "seal-order"


@pytest.mark.row("LE-09")
@pytest.mark.row("B-03")
async def test_one_changed_byte_breaks_its_receipt_and_no_other(office: Office) -> None:
    await office.book(6)
    told = await office.sealed()
    Forger(office.home).flip_body(office.books[0], 4)
    for seq in (1, 2, 3, 5, 6):
        assert (await office.seals.receipt(await office.ref(seq), "")).fault is None
    ref = EntryRef(office.books[0], 202611, 4)
    forged = await office.seals.receipt(ref, "")
    assert forged.fault is Fault.ENTRY
    assert isinstance(forged.file, Receipt)
    assert receipt_fault(forged.file, is_signed, told.code) is Fault.ENTRY


@pytest.mark.row("LE-09")
@pytest.mark.row("B-03")
async def test_a_rewritten_history_is_not_sealed_and_does_not_join_the_old_seal(office: Office) -> None:
    await office.book(6)
    await office.sealed()
    await office.book(4)
    Forger(office.home).rewrite(office.books[0], 2, amount=500)
    proof = await office.seals.receipt(await office.ref(3), "", 1)
    assert proof.fault is Fault.ENTRY, "its neighbours changed"
    with pytest.raises(Problem) as refused:
        await office.seals.seal()
    assert refused.value.code == "seal-broken"
    assert len(await office.seals.listed()) == 1


@pytest.mark.row("B-03")
async def test_whoever_has_the_key_and_forges_even_the_seals_fails_at_the_photo_of_the_wall(office: Office) -> None:
    await office.book(6)
    photo = (await office.sealed()).code
    forger = Forger(office.home)
    forger.rewrite(office.books[0], 2, amount=500)
    forger.forget_seals()
    forged = await office.sealed()
    proof = await office.seals.receipt(await office.ref(2), "")
    assert isinstance(proof.file, Receipt)
    assert receipt_fault(proof.file, is_signed, forged.code) is None, "in itself it is perfect"
    assert receipt_fault(proof.file, is_signed, photo) is Fault.CODE


async def test_a_head_that_is_not_of_its_entries_is_not_sealed(office: Office) -> None:
    await office.book(3)
    Forger(office.home).flip_head(office.books[0])
    with pytest.raises(Problem) as refused:
        await office.seals.seal()
    assert refused.value.code == "seal-broken"


async def test_an_entry_after_the_last_seal_has_no_receipt_yet(office: Office) -> None:
    await office.book(1)
    with pytest.raises(Problem) as none:
        await office.seals.receipt(await office.ref(1), "")
    assert none.value.code == "no-seal"
    await office.sealed()
    await office.book(1)
    with pytest.raises(Problem) as late:
        await office.seals.receipt(await office.ref(2), "")
    assert (late.value.code, late.value.status) == ("not-sealed", 409)


async def test_the_key_may_lie_on_another_disk(office: Office, tmp_path: Path) -> None:
    await office.book(1)
    file = tmp_path / "stick" / "seal.key"
    elsewhere = Seals(office.database, office.hands, key_reader(office.database, file))
    with pytest.raises(Problem) as away:
        await elsewhere.seal()
    assert away.value.code == "seal-key"
    file.parent.mkdir()
    file.write_bytes(bytes(31))
    with pytest.raises(Problem):
        await elsewhere.seal()
    file.write_bytes(bytes(32))
    told = await elsewhere.seal()
    assert told is not None
    public = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()
    assert notes.read_verifier(told.key) == ("dezhi", public)
    # Another key makes another seal, although no book moved.
    again = await office.seals.seal(new_key=True)
    assert again is not None
    assert again.number == 2


async def test_a_seal_made_elsewhere_in_the_same_moment_is_no_broken_book(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.book(3)
    await office.sealed()
    await office.book(1)
    other = Seals(office.database, office.hands, key_reader(office.database, None))
    standings = store.standings

    async def slowly(database: Database) -> list[store.Standing]:
        found = await standings(database)
        monkeypatch.undo()
        await office.book(2)
        await other.seal()
        return found

    monkeypatch.setattr(store, "standings", slowly)
    told = await office.sealed()
    assert [one.size for one in told.books][:1] == [6]
    assert len(await office.seals.listed()) == 2


async def test_a_lost_key_begins_no_new_one_by_itself(office: Office) -> None:
    await office.book(1)
    first = await office.sealed()
    (office.home.data_dir / "keys" / "seal").unlink()
    await office.book(1)
    with pytest.raises(Problem) as refused:
        await office.seals.seal()
    assert refused.value.code == "seal-key"
    assert not (office.home.data_dir / "keys" / "seal").exists()
    told = await office.seals.seal(new_key=True)
    assert told is not None
    assert told.number == 2
    assert told.key != first.key
