"""The RFC 6962 Merkle tree of a book, kept as its frontier: the roots of the full subtrees, largest first.

A frontier of a tree with `size` leaves holds one hash per set bit of `size` (at most 63), so a leaf is added with a
few hashes and without reading any older leaf. Source: RFC 6962 §2.1.
"""

import hashlib
from collections.abc import Sequence

HASH_BYTES = 32


def leaf_hash(body: bytes) -> bytes:
    """The hash of a leaf: SHA-256(0x00 ‖ body)."""
    return hashlib.sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def append(frontier: Sequence[bytes], size: int, leaf: bytes) -> list[bytes]:
    """The frontier after adding one leaf to a tree of `size` leaves."""
    grown = list(frontier)
    node = leaf
    while size & 1:
        node = node_hash(grown.pop(), node)
        size >>= 1
    grown.append(node)
    return grown


def root(frontier: Sequence[bytes]) -> bytes:
    """The tree's root hash; for an empty tree SHA-256 of nothing."""
    if not frontier:
        return hashlib.sha256(b"").digest()
    node = frontier[-1]
    for left in reversed(frontier[:-1]):
        node = node_hash(left, node)
    return node


def pack(frontier: Sequence[bytes]) -> bytes:
    """The frontier as one run of bytes, as the book keeps it."""
    return b"".join(frontier)


def unpack(data: bytes) -> list[bytes]:
    """The frontier that `pack` wrote. Raises `ValueError` when the bytes are no whole number of hashes."""
    if len(data) % HASH_BYTES:
        raise ValueError("a frontier cut short")
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]
