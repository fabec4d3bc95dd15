"""Proofs about a book's tree: that an entry is in it, and that a later tree only added to an earlier one.

Leaves are counted from 0. A path is a list of hashes as RFC 9162 §2.1.3 and §2.1.4 order them. Which hashes a proof
needs is told as spans of leaves, and a span as complete subtrees, so that whoever keeps the leaves can look few of them
up. Proved against the vectors of transparency-dev/merkle and against a verifier of others (tests/core/test_proofs.py).
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dezhi.core.tree import HASH_BYTES, node_hash


class Span(NamedTuple):
    """The leaves from `first` up to, and without, `end`."""

    first: int
    end: int


class Subtree(NamedTuple):
    """The complete subtree over 2**level leaves which begins at leaf `at` * 2**level."""

    level: int
    at: int


def _split(width: int) -> int:
    """The largest power of two below `width`, which is at least 2: where a tree of that many leaves is divided."""
    return 1 << (width - 1).bit_length() - 1


def inclusion_spans(index: int, size: int) -> list[Span]:
    """What the path from leaf `index` to the root of a tree of `size` leaves is made of, the nearest first.

    Raises `ValueError` for a leaf that is not in the tree.
    """
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    spans = []
    first, end = 0, size
    while end - first > 1:
        middle = first + _split(end - first)
        if index < middle:
            spans.append(Span(middle, end))
            end = middle
        else:
            spans.append(Span(first, middle))
            first = middle
    return spans[::-1]


def consistency_spans(old: int, new: int) -> list[Span]:
    """What proves that the tree of `new` leaves begins with the tree of its first `old`; nothing if there is nothing.

    Raises `ValueError` unless 0 <= old <= new.
    """
    if not 0 <= old <= new:
        raise ValueError("a tree does not shrink")
    if old in {0, new}:
        return []
    spans = []
    first, end, whole = 0, new, True
    while old != end:
        middle = first + _split(end - first)
        if old <= middle:
            spans.append(Span(middle, end))
            end = middle
        else:
            spans.append(Span(first, middle))
            first, whole = middle, False
    # The verifier has the old root already; any other common subtree it must be told.
    if not whole:
        spans.append(Span(first, end))
    return spans[::-1]


def subtrees(span: Span) -> Iterator[Subtree]:
    """The complete subtrees that make up a span of a proof, largest first: `tree.root` makes its hash of theirs."""
    first = span.first
    while first < span.end:
        level = (span.end - first).bit_length() - 1
        yield Subtree(level, first >> level)
        first += 1 << level


def reduced(hashes: Sequence[bytes]) -> bytes:
    """The hash of a complete subtree over those of its leaves, or of its own complete subtrees of one size."""
    level = list(hashes)
    while len(level) > 1:
        level = [node_hash(*pair) for pair in zip(level[::2], level[1::2], strict=True)]
    return level[0]


def inclusion_root(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a path leads to from the hash of leaf `index`; None when it is no path of such a tree.

    RFC 9162 §2.1.3.2.
    """
    if not 0 <= index < size or not _are_hashes(leaf, *path):
        return None
    at, last, found = index, size - 1, leaf
    for one in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            found = node_hash(one, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, one)
        at, last = at >> 1, last >> 1
    return found if last == 0 else None


def _are_hashes(*given: bytes) -> bool:
    return all(len(one) == HASH_BYTES for one in given)


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether a path proves that the leaf of this hash is number `index` of the tree of `size` leaves and this root."""
    return inclusion_root(leaf, index, size, path) == root


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether a path proves that the tree of `new` leaves begins with that of `old`: nothing before was altered.

    RFC 9162 §2.1.4.2. Of a tree without leaves there is nothing to prove, so that is refused.
    """
    if not 1 <= old <= new or not _are_hashes(*path):
        return False
    if old == new:
        return old_root == new_root and not path
    hashes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not hashes:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    was = now = hashes[0]
    for one in hashes[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            was, now = node_hash(one, was), node_hash(one, now)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            now = node_hash(now, one)
        at, last = at >> 1, last >> 1
    return last == 0 and (was, now) == (old_root, new_root)
