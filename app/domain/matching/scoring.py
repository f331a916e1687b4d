"""How good is a feasible pair? Integer points per criterion from look-up tables; the points sum exactly to the score."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from app.domain.glossary import CefrLevel
from app.domain.matching.constraints import week_words
from app.domain.matching.model import Mentee, Mentor, Pool
from app.domain.matching.policy import FULL_MARK, FULL_SCORE, Criterion, Policy
from app.domain.matching.where import county, municipality

Integers = NDArray[np.int64]
Indexes = NDArray[np.intp]
Key = TypeVar("Key", bound=Hashable)

ENOUGH_INTERESTS = 3
ENOUGH_HOURS = 10  # a week: more shared hours than this add nothing to the mark
_SAME_PLACE, _SAME_MUNICIPALITY, _SAME_COUNTY, _BOTH_REMOTE = FULL_MARK, 800, 400, 300
_CHUNK = 1 << 18  # pairs scored at a time, so that memory stays flat


def share_points(weights: Mapping[Criterion, int | float]) -> dict[Criterion, int]:
    """The weights as whole points that sum to exactly 10 000 (largest remainder; exact, no rounding drift)."""
    exact = {criterion: Fraction(weights[criterion]) for criterion in Criterion}
    total = sum(exact.values())
    shares = {criterion: weight * FULL_SCORE / total for criterion, weight in exact.items()}
    points = {criterion: int(share) for criterion, share in shares.items()}
    by_remainder = sorted(Criterion, key=lambda one: points[one] - shares[one])
    for criterion in by_remainder[: FULL_SCORE - sum(points.values())]:
        points[criterion] += 1
    return points


@dataclass(frozen=True, slots=True)
class _Marks:
    """Marks 0..1000 by class of mentee and class of mentor."""

    table: NDArray[np.int16]
    of_mentee: Indexes
    of_mentor: Indexes

    def look_up(self, rows: Indexes, cols: Indexes) -> Integers:
        return self.table[self.of_mentee[rows], self.of_mentor[cols]].astype(np.int64)


class _Hours:
    """Marks for shared hours are counted per pair: nearly every week is its own class."""

    def __init__(self, pool: Pool) -> None:
        self._mentees = week_words(mentee.availability for mentee in pool.mentees)
        self._mentors = week_words(mentor.availability for mentor in pool.mentors)

    def look_up(self, rows: Indexes, cols: Indexes) -> Integers:
        shared = np.bitwise_count(self._mentees[rows] & self._mentors[cols]).sum(axis=1, dtype=np.int64)
        marks: Integers = np.minimum(shared, ENOUGH_HOURS) * FULL_MARK // ENOUGH_HOURS
        return marks


class Scorer:
    """Scores pairs of one pool, in canonical order, by one policy."""

    def __init__(self, pool: Pool, policy: Policy) -> None:
        self._points = {one: points for one, points in share_points(policy.weights).items() if points}
        self._marks: dict[Criterion, _Marks | _Hours] = {
            Criterion.OCCUPATION: _occupation(pool, policy.ssyk_marks),
            Criterion.SKILLS: _skills(pool),
            Criterion.GOALS: _goals(pool),
            Criterion.INTERESTS: _interests(pool),
            Criterion.LANGUAGES: _languages(pool),
            Criterion.AVAILABILITY: _Hours(pool),
            Criterion.PLACE: _place(pool),
        }

    def contributions(self, rows: Indexes, cols: Indexes) -> dict[Criterion, Integers]:
        """Points per criterion with a weight, for mentees `rows` beside mentors `cols`."""
        return {
            criterion: points * self._marks[criterion].look_up(rows, cols) // FULL_MARK
            for criterion, points in self._points.items()
        }

    def score(self, rows: Indexes, cols: Indexes) -> Integers:
        """0..10 000 per pair: the sum of its contributions."""
        scores = np.zeros(len(rows), dtype=np.int64)
        for start in range(0, len(rows), _CHUNK):
            part = slice(start, start + _CHUNK)
            for points in self.contributions(rows[part], cols[part]).values():
                scores[part] += points
        return scores


def _classes(values: Sequence[Key]) -> tuple[list[Key], Indexes]:
    found: dict[Key, int] = {}
    of = np.array([found.setdefault(value, len(found)) for value in values], dtype=np.intp)
    return list(found), of


def _occupation(pool: Pool, marks: Sequence[int]) -> _Marks:
    mentees, of_mentee = _classes([one.occupation for one in pool.mentees])
    mentors, of_mentor = _classes([one.occupation for one in pool.mentors])
    equal = _digits(mentees, -1)[:, None, :] == _digits(mentors, -2)[None, :, :]
    common = np.cumprod(equal, axis=2).sum(axis=2)
    return _Marks(np.array(marks, dtype=np.int16)[common], of_mentee, of_mentor)


def _digits(codes: Sequence[str | None], absent: int) -> NDArray[np.int8]:
    """Four digits a code; what is absent differs from everything on the other side."""
    padded = [[*map(int, code or ""), *[absent] * (4 - len(code or ""))] for code in codes]
    return np.array(padded, dtype=np.int8).reshape(len(codes), 4)


def _goals(pool: Pool) -> _Marks:
    """The share of the mentee's goals that the mentor can help with."""
    return _covered([one.goals for one in pool.mentees], [one.goals for one in pool.mentors])


def _skills(pool: Pool) -> _Marks:
    """The share of the mentee's skills that the mentor has too."""
    return _covered([one.skills for one in pool.mentees], [one.skills for one in pool.mentors])


def _interests(pool: Pool) -> _Marks:
    """Common interests; more than three add nothing."""
    mentees, of_mentee, mentors, of_mentor = _sets(
        [one.interests for one in pool.mentees], [one.interests for one in pool.mentors]
    )
    common = np.minimum(mentees @ mentors.T, ENOUGH_INTERESTS)
    return _Marks((common * FULL_MARK // ENOUGH_INTERESTS).astype(np.int16), of_mentee, of_mentor)


def _covered(wanted: Sequence[frozenset[str]], offered: Sequence[frozenset[str]]) -> _Marks:
    mentees, of_mentee, mentors, of_mentor = _sets(wanted, offered)
    table = mentees @ mentors.T * FULL_MARK // np.maximum(mentees.sum(axis=1, keepdims=True), 1)
    return _Marks(table.astype(np.int16), of_mentee, of_mentor)


def _sets(
    ours: Sequence[frozenset[str]], theirs: Sequence[frozenset[str]]
) -> tuple[Integers, Indexes, Integers, Indexes]:
    """Sets by class as rows of 0 and 1, one column for each member that the mentees name, and who is of which class."""
    mentees, of_mentee = _classes(ours)
    mentors, of_mentor = _classes(theirs)
    members = sorted(frozenset[str]().union(*mentees))
    return _membership(mentees, members), of_mentee, _membership(mentors, members), of_mentor


def _membership(sets: Sequence[frozenset[str]], members: Sequence[str]) -> Integers:
    return np.array([[one in found for one in members] for found in sets], dtype=np.int64).reshape(
        len(sets), len(members)
    )


def _languages(pool: Pool) -> _Marks:
    """How well the two understand each other in the language they share best."""
    mentees, of_mentee = _classes([_levels(one) for one in pool.mentees])
    mentors, of_mentor = _classes([_levels(one) for one in pool.mentors])
    best = np.zeros((len(mentees), len(mentors)), dtype=np.int16)
    for code in sorted({code for levels in mentees for code, _ in levels}):
        one = np.array([dict(levels).get(code, 0) for levels in mentees], dtype=np.int16)
        other = np.array([dict(levels).get(code, 0) for levels in mentors], dtype=np.int16)
        np.maximum(best, np.minimum.outer(one, other), out=best)
    return _Marks(best * np.int16(FULL_MARK) // np.int16(len(CefrLevel)), of_mentee, of_mentor)


def _levels(person: Mentor | Mentee) -> frozenset[tuple[str, int]]:
    return frozenset((code, level.rank) for code, level in person.languages.items())


def _place(pool: Pool) -> _Marks:
    mentees, of_mentee = _classes([(one.place, one.has_remote) for one in pool.mentees])
    mentors, of_mentor = _classes([(one.place, one.has_remote) for one in pool.mentors])
    places, others = [place for place, _ in mentees], [place for place, _ in mentors]
    remote = np.logical_and.outer([bool(has) for _, has in mentees], [bool(has) for _, has in mentors])
    nearness = [
        (_same(places, others), _SAME_PLACE),
        (_same([*map(municipality, places)], [*map(municipality, others)]), _SAME_MUNICIPALITY),
        (_same([*map(county, places)], [*map(county, others)]), _SAME_COUNTY),
        (remote, _BOTH_REMOTE),
    ]
    table = np.select([near for near, _ in nearness], [mark for _, mark in nearness], default=0)
    return _Marks(table.astype(np.int16), of_mentee, of_mentor)


def _same(ours: Sequence[str | None], theirs: Sequence[str | None]) -> NDArray[np.bool_]:
    """Where both are known and equal."""
    codes: dict[str | None, int] = {None: -1}
    left = np.array([codes.setdefault(one, len(codes)) for one in ours], dtype=np.int64)
    right = np.array([codes.setdefault(one, len(codes)) for one in theirs], dtype=np.int64)
    same: NDArray[np.bool_] = (left[:, None] == right[None, :]) & (left[:, None] >= 0)
    return same
