"""How is one hash made of many entries, so that each can be shown to be among them? Merkle trees as in RFC 6962 §2.1."""

import hashlib
from collections.abc import Iterable, Sequence

EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(entries: Iterable[bytes]) -> bytes:
    """The hash of the whole tree, with as many hashes in memory as the tree is high."""
    stack: list[tuple[int, bytes]] = []  # heights fall from left to right, as in a binary number
    for entry in entries:
        height, found = 0, leaf_hash(entry)
        while stack and stack[-1][0] == height:
            found = node_hash(stack.pop()[1], found)
            height += 1
        stack.append((height, found))
    if not stack:
        return EMPTY
    found = stack.pop()[1]
    while stack:
        found = node_hash(stack.pop()[1], found)
    return found


def path_of(entries: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes beside the way from an entry to the root, from below (RFC 6962 §2.1.1)."""
    if len(entries) == 1:
        return []
    split = _split(len(entries))
    if index < split:
        return [*path_of(entries[:split], index), root_of(entries[split:])]
    return [*path_of(entries[split:], index - split), root_of(entries[:split])]


def root_by_path(entry: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root of a tree of `size` entries in which this one stands at `index` and has this path.

    Raises: ValueError when no tree of that size has such a path.
    """
    if not 0 <= index < size:
        raise ValueError("not a place in a tree of this size")
    if size == 1:
        if path:
            raise ValueError("the path is too long")
        return leaf_hash(entry)
    if not path:
        raise ValueError("the path is too short")
    split = _split(size)
    if index < split:
        return node_hash(root_by_path(entry, index, split, path[:-1]), path[-1])
    return node_hash(path[-1], root_by_path(entry, index - split, size - split, path[:-1]))


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
