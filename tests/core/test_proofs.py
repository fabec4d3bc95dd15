"""Proofs against published vectors, against somebody else's verifier, and against a tree drawn by RFC 6962's words."""

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st
from pymerkle import InclusionProof, InmemoryTree, InvalidProof
from tamperlog import merkle
from tamperlog.errors import ProofError

from dezhi.core import tree
from dezhi.core.proofs import Span, consistency_spans, inclusion_spans, is_consistent, is_included, subtrees

VECTORS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "fixtures/merkle/vectors.jsonl").read_text(encoding="utf-8").splitlines()
]
INCLUSION = [one for one in VECTORS if one["kind"] == "inclusion"]
CONSISTENCY = [one for one in VECTORS if one["kind"] == "consistency"]

# The leaves of the reference tree of RFC 6962's implementations.
REFERENCE = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]


def bytes_of(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def path_of(vector: dict[str, Any]) -> list[bytes]:
    return [bytes_of(one) for one in vector["proof"] or ()]


def root(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962 §2.1, word for word: MTH over the hashes of leaves."""
    if len(leaves) == 1:
        return leaves[0]
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    return tree.node_hash(root(leaves[:middle]), root(leaves[middle:]))


def hash_of(leaves: Sequence[bytes], span: Span) -> bytes:
    """The hash of a span, put together from the complete subtrees it is told as."""
    parts = [leaves[one.at << one.level : (one.at + 1) << one.level] for one in subtrees(span)]
    assert [leaf for part in parts for leaf in part] == list(leaves[span.first : span.end])
    return tree.root([root(part) for part in parts])


def hashes(size: int) -> list[bytes]:
    return [tree.leaf_hash(str(number).encode()) for number in range(size)]


def included(leaves: Sequence[bytes], index: int) -> list[bytes]:
    return [hash_of(leaves, span) for span in inclusion_spans(index, len(leaves))]


def consistent(leaves: Sequence[bytes], old: int) -> list[bytes]:
    return [hash_of(leaves, span) for span in consistency_spans(old, len(leaves))]


@pytest.mark.row("LE-09")
@pytest.mark.parametrize("vector", INCLUSION, ids=[one["file"] for one in INCLUSION])
def test_published_vectors_of_inclusion(vector: dict[str, Any]) -> None:
    leaf, at_root = bytes_of(vector["leafHash"]), bytes_of(vector["root"])
    found = is_included(leaf, vector["leafIdx"], vector["treeSize"], path_of(vector), at_root)
    assert found is not vector["wantErr"]


@pytest.mark.row("LE-09")
@pytest.mark.parametrize("vector", CONSISTENCY, ids=[one["file"] for one in CONSISTENCY])
def test_published_vectors_of_consistency(vector: dict[str, Any]) -> None:
    roots = bytes_of(vector["root1"]), bytes_of(vector["root2"])
    found = is_consistent(vector["size1"], vector["size2"], *roots, path_of(vector))
    assert found is not vector["wantErr"]


def test_our_paths_over_the_reference_leaves_are_the_published_ones() -> None:
    """The same paths come out of making them: of every sound vector over the reference tree."""
    leaves = [tree.leaf_hash(one) for one in REFERENCE]
    made = 0
    for vector in INCLUSION:
        if not vector["wantErr"] and vector["treeSize"] <= len(leaves) and "single" not in vector["file"]:
            assert included(leaves[: vector["treeSize"]], vector["leafIdx"]) == path_of(vector), vector["file"]
            made += 1
    for vector in CONSISTENCY:
        if not vector["wantErr"] and vector["size1"] > 0 and vector["size2"] <= len(leaves):
            assert consistent(leaves[: vector["size2"]], vector["size1"]) == path_of(vector), vector["file"]
            made += 1
    assert made >= 8


SIZES = [*range(1, 18), 31, 33, 64, 100]


@pytest.mark.row("LE-09")
@pytest.mark.parametrize("size", SIZES)
def test_another_s_verifier_takes_our_paths_and_makes_the_same(size: int) -> None:
    leaves, theirs = hashes(size), InmemoryTree(algorithm="sha256")
    for number in range(size):
        theirs.append_entry(str(number).encode())
    at_root = root(leaves)
    assert theirs.get_root() == at_root
    for index in range(size):
        made = theirs.prove_inclusion(index + 1)
        path = included(leaves, index)
        assert made.path[1:] == path
        assert is_included(leaves[index], index, size, path, at_root)
        ours = InclusionProof("sha256", True, size, index + 1, made.rule, [leaves[index], *path])
        ours.verify(leaves[index], at_root, index=index + 1, size=size)
        with pytest.raises(InvalidProof):
            ours.verify(tree.leaf_hash(b"another"), at_root, index=index + 1, size=size)
    for old in range(1, size):
        # Their paths of consistency are of a form of their own: both must join the same two roots.
        theirs.prove_consistency(old).verify(root(leaves[:old]), at_root, prior_size=old, later_size=size)
        assert is_consistent(old, size, root(leaves[:old]), at_root, consistent(leaves, old))


@pytest.mark.row("LE-09")
@pytest.mark.parametrize("size", SIZES)
def test_a_second_verifier_takes_our_paths_of_both_kinds(size: int) -> None:
    leaves = hashes(size)
    at_root, forged = root(leaves), tree.leaf_hash(b"another")
    for index in range(size):
        path = included(leaves, index)
        merkle.verify_inclusion(index, size, leaves[index], path, at_root)
        with pytest.raises(ProofError):
            merkle.verify_inclusion(index, size, forged, path, at_root)
    for old in range(1, size):
        path = consistent(leaves, old)
        merkle.verify_consistency(old, root(leaves[:old]), size, at_root, path)
        for roots in ((forged, at_root), (root(leaves[:old]), forged)):
            with pytest.raises(ProofError):
                merkle.verify_consistency(old, roots[0], size, roots[1], path)


@given(
    st.integers(1, 300).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1), st.integers(0, 255)))
)
def test_a_path_proves_its_own_leaf_and_no_other(drawn: tuple[int, int, int]) -> None:
    size, index, flip = drawn
    leaves = hashes(size)
    path, at_root = included(leaves, index), root(leaves)
    assert is_included(leaves[index], index, size, path, at_root)
    assert size == 1 or not is_included(leaves[index], (index + 1) % size, size, path, at_root)
    other = bytearray(leaves[index])
    other[flip // 8] ^= 1 << flip % 8
    assert not is_included(bytes(other), index, size, path, at_root)
    assert not is_included(leaves[index], index, size, [*path, at_root], at_root)
    assert not path or not is_included(leaves[index], index, size, path[:-1], at_root)


@given(
    st.integers(2, 300).flatmap(lambda size: st.tuples(st.just(size), st.integers(1, size - 1), st.integers(0, 299)))
)
def test_no_path_joins_a_rewritten_beginning(drawn: tuple[int, int, int]) -> None:
    size, old, changed = drawn
    leaves = hashes(size)
    rewritten = [*leaves]
    rewritten[changed % old] = tree.leaf_hash(b"rewritten")
    assert is_consistent(old, size, root(leaves[:old]), root(leaves), consistent(leaves, old))
    assert not is_consistent(old, size, root(leaves[:old]), root(rewritten), consistent(rewritten, old))


def test_what_cannot_be_proved_is_refused() -> None:
    with pytest.raises(ValueError):
        inclusion_spans(3, 3)
    with pytest.raises(ValueError):
        consistency_spans(4, 3)
