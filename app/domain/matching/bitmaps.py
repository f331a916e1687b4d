"""How are rows of mentors kept and combined? One bit a mentor, in 64-bit words; bits beyond the last mentor are 0."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.domain.matching.columns import WEEK_WORDS, WORD, Booleans, Codes, Words

_CELLS = 1 << 22  # of a table unpacked at a time, so that memory stays flat


def pack(rows: Booleans) -> Words:
    """Rows of booleans as rows of words, at least one word wide."""
    size = max(1, -(-rows.shape[1] // WORD)) * WORD
    padded = np.zeros((len(rows), size), dtype=np.bool_)
    padded[:, : rows.shape[1]] = rows
    packed: Words = np.packbits(padded, axis=1, bitorder="little").view(np.uint64)
    return packed


def pack_all(size: int) -> Words:
    """One row with every bit set."""
    row: Words = pack(np.ones((1, size), dtype=np.bool_))[0]
    return row


def pack_rows(of: Codes, row: Callable[[Codes], Booleans], size: int) -> Words:
    """`row(of)` packed, some rows at a time."""
    if not len(of):
        return np.zeros((0, max(1, -(-size // WORD))), dtype=np.uint64)
    step = max(1, _CELLS // max(1, size))
    return np.concatenate([pack(row(of[start : start + step])) for start in range(0, len(of), step)])


def unpack(rows: Words, size: int) -> Booleans:
    """The first `size` bits of each row."""
    bits = np.unpackbits(np.ascontiguousarray(rows).view(np.uint8), axis=1, count=size, bitorder="little")
    return bits.view(np.bool_)


def count(rows: Words) -> Codes:
    """How many bits are set in each row."""
    counted: Codes = np.bitwise_count(rows).sum(axis=1, dtype=np.int64)
    return counted


def repeat(row: Words, times: int) -> Words:
    return np.broadcast_to(row, (times, len(row))).copy()


def clear(rows: Words, at: Codes, bits: Codes) -> None:
    """Unset bit `bits[i]` of row `at[i]`."""
    where = (at, bits // WORD)
    np.bitwise_and.at(rows, where, ~np.left_shift(np.uint64(1), (bits % WORD).astype(np.uint64)))


@dataclass(frozen=True, slots=True)
class Overlap:
    """Which sets of hours have at least `least` in common? `free[h]` are the mentors who are free in hour `h`."""

    wanted: Booleans  # mentee x hour
    free: Words
    least: int

    @classmethod
    def of(cls, wanted: Words, offered: Words, least: int) -> "Overlap":
        hours = WEEK_WORDS * WORD
        return cls(unpack(wanted, hours), pack(np.ascontiguousarray(unpack(offered, hours).T)), least)

    def rows(self, at: Codes) -> Words:
        """One layer for each hour in common: a mentor moves up a layer with every hour.

        Everybody's first hour at once, then everybody's second, and so on; who wants most hours stands first.
        """
        wanted = self.wanted[at]
        many = wanted.sum(axis=1)
        order = np.argsort(-many, kind="stable")
        hours, ends = np.nonzero(wanted[order])[1], np.cumsum(many[order])
        layers = np.zeros((self.least, len(at), self.free.shape[1]), dtype=np.uint64)
        for nth in range(1, int(many.max(initial=0)) + 1):
            who = int((many >= nth).sum())
            free = self.free[hours[ends[:who] - nth]]
            for layer in range(self.least - 1, 0, -1):
                layers[layer, :who] |= layers[layer - 1, :who] & free
            layers[0, :who] |= free
        top: Words = np.empty_like(layers[-1])
        top[order] = layers[-1]
        return top
