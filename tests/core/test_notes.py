"""The text of seals: Go's own example of a signed note, and every way in which a text can be none."""

from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from dezhi.core import notes
from dezhi.core.notes import Head
from dezhi.core.proofs import is_included
from dezhi.core.tree import leaf_hash

# From the documentation of golang.org/x/mod/sumdb/note.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_NOTE = (
    f"{GO_TEXT}\n— PeterNeumann"
    " x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
NAME = "dezhi/620902"
SEED = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = SEED.public_key().public_bytes_raw()


def heads(count: int) -> list[Head]:
    return [notes.book_head(NAME, book, book * 10, leaf_hash(str(book).encode())) for book in range(1, count + 1)]


def test_go_s_note_is_read_and_its_signature_is_right() -> None:
    signed = notes.read_note(GO_NOTE)
    name, public = notes.read_verifier(GO_KEY)
    assert (signed.text, signed.name, signed.key_id.hex()) == (GO_TEXT, name, "c74f20a3")
    Ed25519PublicKey.from_public_bytes(public).verify(signed.signature, signed.text.encode())
    assert notes.signed_note(signed.text, name, public, signed.signature) == GO_NOTE
    assert notes.verifier(name, public) == GO_KEY


def test_a_head_is_the_checkpoint_of_the_specification() -> None:
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    head = notes.read_head(text)
    assert (head.name, head.size, len(head.root)) == ("example.com/behind-the-sofa", 20852163, 32)
    assert head.text == text


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_the_head_of_a_county_holds_every_book(count: int) -> None:
    found = heads(count)
    head = notes.county_head(NAME, found, date(2026, 11, 22))
    assert notes.read_head(head.text) == head
    assert head.more == ("day 2026-11-22",)
    for index, one in enumerate(found):
        path = notes.county_path(found, index)
        assert is_included(leaf_hash(one.text.encode()), index, count, path, head.root)


@pytest.mark.row("B-03")
def test_a_short_code_changes_with_everything_that_is_sealed() -> None:
    key = notes.verifier(NAME, PUBLIC)

    def code(of: list[Head], on: date = date(2026, 11, 22), by: str = key) -> str:
        return notes.short_code(notes.county_head(NAME, of, on).text, by)

    same = heads(2)
    codes = [
        code(same),
        code(same[:1]),
        code([same[0], same[1]._replace(size=21)]),
        code([same[0], same[1]._replace(root=leaf_hash(b"rewritten"))]),
        code(same, date(2026, 11, 23)),
        code(same, by=notes.verifier(NAME, bytes(32))),
    ]
    assert len(set(codes)) == len(codes)
    assert all(len(one) == 24 and set(one) <= {*notes.ALPHABET, "-"} for one in codes)
    assert len(set(notes.ALPHABET)) == 32


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name\n1\n",
        f"name\n01\n{'A' * 43}=\n",
        f"name\n1\n{'A' * 43}=",
        f"\n1\n{'A' * 43}=\n",
        f"name\n1\n{'A' * 42}B=\n",
        f"name\n1\n{'A' * 40}\n",
        f"name\n1\n{'A' * 43}=\n\nmore\n",
        f"name\n-1\n{'A' * 43}=\n",
    ],
)
def test_what_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        notes.read_head(text)


@pytest.mark.parametrize(
    "note", ["", GO_TEXT, GO_NOTE[:-1], GO_NOTE.replace("— ", "- "), GO_NOTE.replace("x08go", "x08g!")]
)
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(ValueError):
        notes.read_note(note)


@pytest.mark.parametrize(
    "key", ["", GO_KEY.replace("c74f20a3", "c74f20a4"), GO_KEY.replace("+A", "+B"), GO_KEY.replace("+", " ")]
)
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError):
        notes.read_verifier(key)
