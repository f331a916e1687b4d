"""How are many pairs scored in one go? The inner loop of the engine, compiled where the extra `fast` is installed.

It gives exactly what `Scorer.score` gives; it only never makes an array of the pairs that are not asked for.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from app.domain.matching.columns import WORD, Codes, Words
from app.domain.matching.scoring import ByCommon, ByTable, Points, Scorer

Found = tuple[Codes, Codes, Codes]

ONE = np.uint64(1)


@dataclass(frozen=True)
class Scan:
    """The scorer's tables laid out one after the other. `at[i, t]` is where the row of mentee `i` begins in table `t`.

    A table is read by the class of the mentor, or by how many members of two sets are common; `words` says which words
    of the masks belong to which of the latter. `rest[t]` is the most that table `t` and those after it can add. What is
    known of one person lies together.
    """

    points: Points
    rest: Codes
    at: Codes
    of_mentor: Codes  # mentor x table
    widths: Codes
    words: Codes
    mentees: Words
    mentors: Words

    @classmethod
    def of(cls, scorer: Scorer, mentees: int, mentors: int) -> "Scan":
        tables = [one for one in scorer.tables.values() if isinstance(one, ByTable)]
        commons = [one for one in scorer.tables.values() if isinstance(one, ByCommon)]
        every: list[ByTable | ByCommon] = [*tables, *commons]
        flat = [one.table.ravel() for one in every]
        begin = np.cumsum([0, *(len(one) for one in flat)])
        starts = [begin[number] + one.of_mentee * one.table.shape[1] for number, one in enumerate(every)]
        most = [int(one.max(initial=0)) for one in flat]
        return cls(
            points=np.concatenate([np.zeros(0, dtype=np.int16), *flat]),
            rest=np.array([sum(most[number:]) for number in range(len(most) + 1)], dtype=np.int64),
            at=_by_person(starts, mentees),
            of_mentor=_by_person([one.of_mentor for one in tables], mentors),
            widths=np.array([one.table.shape[1] for one in commons], dtype=np.int64),
            words=np.cumsum([0, *(one.mentees.shape[1] for one in commons)]),
            mentees=_side_by_side([one.mentees for one in commons], mentees),
            mentors=_side_by_side([one.mentors for one in commons], mentors),
        )

    def find(self, feasible: Words, first: int, floor: int, by_mentee: Codes, by_mentor: Codes) -> Found:
        """Rows (counted from 0), mentors and scores of the feasible pairs that reach the floor and exceed the limits."""
        size = int(np.bitwise_count(feasible).sum(dtype=np.int64))
        rows, cols = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
        scores = np.empty(size, dtype=np.int64)
        found = scan(
            feasible, first, floor, by_mentee, by_mentor,
            self.points, self.rest, self.at, self.of_mentor, self.widths, self.words, self.mentees, self.mentors,
            rows, cols, scores,
        )  # fmt: skip
        return rows[:found], cols[:found], scores[:found]


def _by_person(columns: list[Codes], people: int) -> Codes:
    return np.ascontiguousarray(np.array(columns, dtype=np.int64).reshape(len(columns), people).T)


def _side_by_side(masks: list[Words], people: int) -> Words:
    return np.ascontiguousarray(np.concatenate([np.zeros((people, 0), dtype=np.uint64), *masks], axis=1))


@njit(nogil=True)
def count_bits(word: np.uint64) -> int:
    """As Kernighan counts; the compiler knows the loop and makes one instruction of it."""
    counted = 0
    while word != 0:
        word &= word - ONE
        counted += 1
    return counted


@njit(nogil=True, inline="always")  # a call with so many arrays costs more than the sum
def score_pair(  # noqa: PLR0913, PLR0917  what is compiled takes plain arrays
    mentee: int, mentor: int, limit: int, points: Points, rest: Codes, at: Codes, of_mentor: Codes, widths: Codes,
    words: Codes, mentees: Words, mentors: Words,
) -> np.int64:  # fmt: skip
    """The sum over all tables, or -1 as soon as it cannot exceed the limit."""
    score = np.int64(0)
    tables = of_mentor.shape[1]
    for table in range(at.shape[1]):
        if score + rest[table] <= limit:
            return np.int64(-1)
        if table < tables:
            score += points[at[mentee, table] + of_mentor[mentor, table]]
        else:
            common = 0
            for part in range(words[table - tables], words[table - tables + 1]):
                common += count_bits(mentees[mentee, part] & mentors[mentor, part])
            score += points[at[mentee, table] + min(common, widths[table - tables] - 1)]
    return score


@njit(nogil=True)
def scan(  # noqa: PLR0913, PLR0917  what is compiled takes plain arrays
    feasible: Words, first: int, floor: int, by_mentee: Codes, by_mentor: Codes,
    points: Points, rest: Codes, at: Codes, of_mentor: Codes, widths: Codes, words: Codes, mentees: Words,
    mentors: Words, rows: Codes, cols: Codes, scores: Codes,
) -> int:  # fmt: skip
    """Fill `rows`, `cols` and `scores`; how many pairs were found. Plain Python that the compiler takes as it is."""
    found = 0
    for row in range(feasible.shape[0]):
        mentee = first + row
        for word in range(feasible.shape[1]):
            bits = feasible[row, word]
            while bits != 0:
                mentor = word * WORD + count_bits((bits ^ (bits - ONE)) >> ONE)
                bits &= bits - ONE
                limit = max(by_mentee[mentee] + by_mentor[mentor], floor - 1)
                score = score_pair(mentee, mentor, limit, points, rest, at, of_mentor, widths, words, mentees, mentors)
                if score > limit:
                    rows[found], cols[found], scores[found] = row, mentor, score
                    found += 1
    return found
