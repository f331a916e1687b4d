"""How good is a feasible pair? Integer points per criterion from look-up tables; the points sum exactly to the score."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

import numpy as np
from numpy.typing import NDArray

from app.domain.glossary import CefrLevel
from app.domain.matching.columns import UNKNOWN, Booleans, Codes, Columns, Words, classes_of
from app.domain.matching.policy import FULL_MARK, FULL_SCORE, Criterion, Policy

Integers = NDArray[np.int64]
Points = NDArray[np.int16]

ENOUGH_HOURS = 10  # a week: more shared hours than this add nothing to the mark
ENOUGH_INTERESTS = 3
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
class ByTable:
    """Points by class of mentee and class of mentor."""

    table: Points
    of_mentee: Codes
    of_mentor: Codes

    def look_up(self, rows: Codes, cols: Codes) -> Points:
        found: Points = self.table[self.of_mentee[rows], self.of_mentor[cols]]
        return found


@dataclass(frozen=True, slots=True)
class ByCommon:
    """Points by how many members of two sets are common; a row of the table for each class of mentee.

    For sets of which nearly every person has their own, so that a table of classes would be as large as the pool.
    """

    table: Points
    of_mentee: Codes
    mentees: Words
    mentors: Words

    def look_up(self, rows: Codes, cols: Codes) -> Points:
        common = np.zeros(len(rows), dtype=np.uint8)
        for word in range(self.mentees.shape[1]):
            common += np.bitwise_count(self.mentees[rows, word] & self.mentors[cols, word])
        found: Points = self.table[self.of_mentee[rows], np.minimum(common, self.table.shape[1] - 1)]
        return found


Table = ByTable | ByCommon


class Scorer:
    """Scores pairs of one pool by one policy."""

    def __init__(self, columns: Columns, policy: Policy) -> None:
        makers: dict[Criterion, Callable[[Columns], Table]] = {
            Criterion.OCCUPATION: partial(_occupation, policy.ssyk_marks),
            Criterion.SKILLS: _skills,
            Criterion.GOALS: _goals,
            Criterion.INTERESTS: _interests,
            Criterion.LANGUAGES: _languages,
            Criterion.AVAILABILITY: _availability,
            Criterion.PLACE: _place,
        }
        points = {one: points for one, points in share_points(policy.weights).items() if points}
        self.tables = {criterion: _worth(makers[criterion](columns), points[criterion]) for criterion in points}

    def contributions(self, rows: Codes, cols: Codes) -> dict[Criterion, Points]:
        """Points per criterion with a weight, for mentees `rows` beside mentors `cols`."""
        return {criterion: table.look_up(rows, cols) for criterion, table in self.tables.items()}

    def score(self, rows: Codes, cols: Codes) -> Integers:
        """0..10 000 per pair: the sum of its contributions."""
        scores = np.zeros(len(rows), dtype=np.int64)
        for start in range(0, len(rows), _CHUNK):
            part = slice(start, start + _CHUNK)
            for table in self.tables.values():
                scores[part] += table.look_up(rows[part], cols[part])
        return scores


def _worth(marks: Table, points: int) -> Table:
    """Marks 0..1000 become points, rounded down."""
    table = (marks.table.astype(np.int64) * points // FULL_MARK).astype(np.int16)
    if isinstance(marks, ByTable):
        return ByTable(table, marks.of_mentee, marks.of_mentor)
    return ByCommon(table, marks.of_mentee, marks.mentees, marks.mentors)


def _occupation(ssyk_marks: Sequence[int], columns: Columns) -> ByTable:
    mentees, of_mentee = classes_of(columns.mentees.digits)
    mentors, of_mentor = classes_of(columns.mentors.digits)
    ours, theirs = columns.mentees.digits[mentees], columns.mentors.digits[mentors]
    common = np.zeros((len(ours), len(theirs)), dtype=np.int8)
    still = np.ones_like(common, dtype=np.bool_)
    for digit in range(ours.shape[1]):
        still &= _same(ours[:, digit], theirs[:, digit])
        common += still
    return ByTable(np.array(ssyk_marks, dtype=np.int16)[common], of_mentee, of_mentor)


def _goals(columns: Columns) -> ByTable:
    """The share of the mentee's goals that the mentor can help with."""
    mentees, of_mentee = classes_of(columns.mentees.goals)
    mentors, of_mentor = classes_of(columns.mentors.goals)
    wanted = columns.mentees.goals[mentees]
    covered = np.bitwise_count(wanted[:, None] & columns.mentors.goals[mentors][None, :]).astype(np.int16)
    table = covered * FULL_MARK // np.maximum(np.bitwise_count(wanted).astype(np.int32), 1)[:, None]
    return ByTable(table.astype(np.int16), of_mentee, of_mentor)


def _skills(columns: Columns) -> ByCommon:
    """The share of the mentee's skills that the mentor has too."""
    counts, of_mentee = np.unique(columns.mentees.skill_count, return_inverse=True)
    most = int(counts.max(initial=0))
    common = np.minimum(np.arange(most + 1)[None, :], counts[:, None])
    table = common * FULL_MARK // np.maximum(counts, 1)[:, None]
    return ByCommon(table.astype(np.int16), of_mentee, columns.mentees.skills, columns.mentors.skills)


def _interests(columns: Columns) -> ByCommon:
    return _enough(ENOUGH_INTERESTS, columns.mentees.interests[:, None], columns.mentors.interests[:, None])


def _availability(columns: Columns) -> ByCommon:
    return _enough(ENOUGH_HOURS, columns.mentees.hours, columns.mentors.hours)


def _enough(enough: int, mentees: Words, mentors: Words) -> ByCommon:
    table = (np.arange(enough + 1) * FULL_MARK // enough)[None, :]
    return ByCommon(table.astype(np.int16), np.zeros(len(mentees), dtype=np.int64), mentees, mentors)


def _languages(columns: Columns) -> ByTable:
    """How well the two understand each other in the language they share best."""
    mentees, of_mentee = classes_of(columns.mentees.levels)
    mentors, of_mentor = classes_of(columns.mentors.levels)
    ours, theirs = columns.mentees.levels[mentees], columns.mentors.levels[mentors]
    best = np.zeros((len(mentees), len(mentors)), dtype=np.int8)
    for language in np.flatnonzero(ours.any(axis=0) & theirs.any(axis=0)).tolist():
        np.maximum(best, np.minimum.outer(ours[:, language], theirs[:, language]), out=best)
    marks = (np.arange(len(CefrLevel) + 1) * FULL_MARK // len(CefrLevel)).astype(np.int16)
    return ByTable(marks[best], of_mentee, of_mentor)


def _place(columns: Columns) -> ByTable:
    ours, theirs = columns.mentees, columns.mentors
    mentees, of_mentee = classes_of(np.stack([ours.place, ours.has_remote], axis=1))
    mentors, of_mentor = classes_of(np.stack([theirs.place, theirs.has_remote], axis=1))
    near = [
        (_same(ours.place[mentees], theirs.place[mentors]), _SAME_PLACE),
        (_same(ours.municipality[mentees], theirs.municipality[mentors]), _SAME_MUNICIPALITY),
        (_same(ours.county[mentees], theirs.county[mentors]), _SAME_COUNTY),
        (ours.has_remote[mentees][:, None] & theirs.has_remote[mentors][None, :], _BOTH_REMOTE),
    ]
    table = np.select([where for where, _ in near], [mark for _, mark in near], default=0)
    return ByTable(table.astype(np.int16), of_mentee, of_mentor)


def _same(ours: NDArray[np.integer], theirs: NDArray[np.integer]) -> Booleans:
    """Where both are known and equal."""
    same: Booleans = (ours[:, None] == theirs[None, :]) & (ours[:, None] != UNKNOWN)
    return same
