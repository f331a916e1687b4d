"""Who may be paired with whom? One named table of mentors per constraint, so that each can be counted alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.domain.glossary import AgeGroup, CefrLevel, Gender, RuledOut, Side
from app.domain.matching.bitmaps import Overlap, clear, pack, pack_all, pack_rows, repeat
from app.domain.matching.columns import UNKNOWN, Booleans, Codes, Columns, People, Words, classes_of
from app.domain.matching.policy import BusinessOwnerRule, Conflict, PlaceRule, Policy, Restriction

SHARED_LANGUAGE_MIN = CefrLevel.A2  # "simple and routine tasks" (CEFR): the least that carries a conversation
_RULED_OUT_BY = {
    Conflict.OWN_CASE_WORKER: RuledOut.OWN_CASE_WORKER,
    Conflict.SAME_HOUSEHOLD: RuledOut.SAME_HOUSEHOLD,
}


class Constraint(Protocol):
    """`allowed(at)` has a row of mentors, one bit each, for every mentee index in `at`: new rows, the asker's own."""

    @property
    def name(self) -> str: ...

    def allowed(self, at: Codes) -> Words: ...


@dataclass(frozen=True, slots=True)
class ByClass:
    """Mentees of one class share one row: the work grows with the classes, not with the people."""

    name: str
    rows: Words
    of: Codes

    def allowed(self, at: Codes) -> Words:
        found: Words = self.rows[self.of[at]]
        return found


@dataclass(frozen=True, slots=True)
class ByHours:
    """Enough hours of the week in common. Nearly every week is its own, so the rows are made when they are asked for."""

    name: str
    overlap: Overlap

    def allowed(self, at: Codes) -> Words:
        return self.overlap.rows(at)


@dataclass(frozen=True, slots=True)
class Except:
    """Everybody but a few: `cols[start[i]:start[i + 1]]` are the mentors whom mentee `i` must not meet."""

    name: str
    everyone: Words
    start: Codes
    cols: Codes

    def allowed(self, at: Codes) -> Words:
        found = repeat(self.everyone, len(at))
        counts = self.start[at + 1] - self.start[at]
        rows = np.repeat(np.arange(len(at)), counts)
        nth = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        clear(found, rows, self.cols[np.repeat(self.start[at], counts) + nth])
        return found


def constrain(columns: Columns, policy: Policy) -> tuple[Constraint, ...]:
    """Every constraint in force."""
    return (
        *_about_readiness(columns, policy),
        *_about_language(columns, policy),
        *_about_meeting(columns, policy),
        *_about_gender(columns, policy.gender),
        *_about_age(columns, policy.age),
        *_about_business(columns, policy),
        *_about_employers(columns, policy),
        _same_holder(columns),
        *_about_these_two(columns, policy),
    )


def find_feasible(constraints: Sequence[Constraint], at: Codes) -> Words:
    """The mentors, one bit each, that all constraints allow each of the mentees `at`."""
    first, *others = constraints
    feasible = first.allowed(at)
    for constraint in others:
        feasible &= constraint.allowed(at)
    return feasible


def _mentors_only(name: str, passes: Booleans, columns: Columns) -> ByClass:
    return ByClass(name, pack(passes[None, :]), np.zeros(len(columns.mentees), dtype=np.int64))


def _mentees_only(name: str, passes: Booleans, columns: Columns) -> ByClass:
    both = np.array([[False], [True]]).repeat(len(columns.mentors), axis=1)
    return ByClass(name, pack(both), passes.astype(np.int64))


def _by_class(name: str, keys: NDArray[np.generic], row: Callable[[Codes], Booleans], columns: Columns) -> ByClass:
    """`row(mentees)` has the mentors that each of the mentees, one of each class, may meet."""
    first, of = classes_of(keys)
    return ByClass(name, pack_rows(first, row, len(columns.mentors)), of)


def _about_readiness(columns: Columns, policy: Policy) -> list[Constraint]:
    found: list[Constraint] = [
        _mentors_only("mentorReady", columns.mentors.is_ready, columns),
        _mentees_only("menteeReady", columns.mentees.is_ready, columns),
    ]
    if Side.MENTOR in policy.trained:
        found.append(_mentors_only("mentorTraining", columns.mentors.is_trained, columns))
    if Side.MENTEE in policy.trained:
        found.append(_mentees_only("menteeTraining", columns.mentees.is_trained, columns))
    return found


def _about_language(columns: Columns, policy: Policy) -> list[Constraint]:
    rule = policy.language
    found: list[Constraint] = []
    if rule.mentee_min is not None:
        found.append(_mentees_only("menteeLanguage", _knows(columns, Side.MENTEE, rule.code, rule.mentee_min), columns))
    if rule.mentor_min is not None:
        found.append(_mentors_only("mentorLanguage", _knows(columns, Side.MENTOR, rule.code, rule.mentor_min), columns))
    if rule.needs_shared:
        spoken, heard = _spoken(columns.mentees), _spoken(columns.mentors)

        def shared(mentees: Codes) -> Booleans:
            common = spoken[mentees][:, None, :] & heard[None, :, :]
            return np.asarray(common.any(axis=2))

        found.append(_by_class("sharedLanguage", spoken, shared, columns))
    return found


def _knows(columns: Columns, side: Side, code: str, least: CefrLevel) -> Booleans:
    people = columns.mentors if side is Side.MENTOR else columns.mentees
    if code not in columns.languages:
        return np.zeros(len(people), dtype=np.bool_)
    known: Booleans = people.levels[:, columns.languages.index(code)] >= least.rank
    return known


def _spoken(people: People) -> Words:
    return pack(np.asarray(people.levels >= SHARED_LANGUAGE_MIN.rank))


def _about_meeting(columns: Columns, policy: Policy) -> list[Constraint]:
    found: list[Constraint] = []
    if policy.min_overlap_hours:
        overlap = Overlap.of(columns.mentees.hours, columns.mentors.hours, policy.min_overlap_hours)
        found.append(ByHours("availability", overlap))
    if policy.place is not PlaceRule.ANY:
        found.append(_place(columns, may_be_remote=policy.place is PlaceRule.SAME_OR_REMOTE))
    return found


def _place(columns: Columns, *, may_be_remote: bool) -> ByClass:
    mentors, mentees = columns.mentors, columns.mentees

    def row(at: Codes) -> Booleans:
        near = _equal(mentees.municipality[at], mentors.municipality)
        if may_be_remote:
            near |= mentees.has_remote[at][:, None] & mentors.has_remote[None, :]
        return near

    return _by_class("place", np.stack([mentees.municipality, mentees.has_remote], axis=1), row, columns)


def _about_gender(columns: Columns, rule: Restriction) -> list[Constraint]:
    mentors, mentees = columns.mentors, columns.mentees
    found: list[Constraint] = []
    if rule.mentor_in is not None:
        found.append(_mentors_only("mentorGender", _among(mentors.gender, rule.mentor_in, Gender), columns))
    if rule.respects_preferences:

        def accepted(at: Codes) -> Booleans:
            own, wanted = mentees.gender[at][:, None], mentees.accepts_gender[at][:, None]
            theirs = (mentors.accepts_gender == UNKNOWN) | (mentors.accepts_gender == own)
            return np.asarray(theirs & ((wanted == UNKNOWN) | (wanted == mentors.gender)))

        keys = np.stack([mentees.gender, mentees.accepts_gender], axis=1)
        found.append(_by_class("genderPreference", keys, accepted, columns))
    return found


def _about_age(columns: Columns, rule: Restriction) -> list[Constraint]:
    mentors, mentees = columns.mentors, columns.mentees
    found: list[Constraint] = []
    if rule.mentor_in is not None:
        found.append(_mentors_only("mentorAge", _among(mentors.age_group, rule.mentor_in, AgeGroup), columns))
    if rule.respects_preferences:

        def accepted(at: Codes) -> Booleans:
            theirs = _age_accepted(mentors.accepts_age_groups[None, :], mentees.age_group[at][:, None])
            return theirs & _age_accepted(mentees.accepts_age_groups[at][:, None], mentors.age_group[None, :])

        keys = np.stack([mentees.age_group, mentees.accepts_age_groups.astype(np.int64)], axis=1)
        found.append(_by_class("agePreference", keys, accepted, columns))
    return found


def _age_accepted(wanted: Words, age_group: Codes) -> Booleans:
    """An empty wish accepts everybody, also whose age is not known."""
    own = np.where(age_group == UNKNOWN, 0, np.left_shift(1, np.maximum(age_group, 0))).astype(np.uint64)
    return np.asarray((wanted == 0) | ((wanted & own) != 0))


def _among(codes: Codes, allowed: frozenset[str], words: type[StrEnum]) -> Booleans:
    wanted = [at for at, word in enumerate(words) if word.value in allowed]
    return np.isin(codes, wanted)


def _about_business(columns: Columns, policy: Policy) -> list[Constraint]:
    if policy.business_owner is BusinessOwnerRule.IGNORE:
        return []
    rows = np.stack([np.ones(len(columns.mentors), dtype=np.bool_), columns.is_business_owner])
    return [ByClass("businessOwner", pack(rows), columns.needs_business_owner.astype(np.int64))]


def _about_employers(columns: Columns, policy: Policy) -> list[Constraint]:
    if Conflict.SAME_EMPLOYER not in policy.conflicts:
        return []
    theirs = columns.mentors.employer
    ours = np.where(np.isin(columns.mentees.employer, theirs), columns.mentees.employer, UNKNOWN)
    return [_by_class(Conflict.SAME_EMPLOYER.value, ours, lambda at: ~_equal(ours[at], theirs), columns)]


def _same_holder(columns: Columns) -> Constraint:
    """Whoever is anonymous is known to one partner, and meets only others whom that partner holds."""
    mentors, mentees = columns.mentors, columns.mentees

    def row(at: Codes) -> Booleans:
        both_named = ~mentees.is_anonymous[at][:, None] & ~mentors.is_anonymous[None, :]
        return np.asarray(both_named | (mentees.holder[at][:, None] == mentors.holder[None, :]))

    return _by_class("sameHolder", np.stack([mentees.holder, mentees.is_anonymous], axis=1), row, columns)


def _about_these_two(columns: Columns, policy: Policy) -> list[Constraint]:
    by_person = {person: at for at, person in enumerate(columns.mentors.person.tolist())}
    same = [(row, by_person[one]) for row, one in enumerate(columns.mentees.person.tolist()) if one in by_person]
    found: list[Constraint] = [_except("samePerson", columns, np.array(same, dtype=np.int64).reshape(-1, 2))]
    for conflict, why in _RULED_OUT_BY.items():
        if conflict in policy.conflicts:
            found.append(_except(conflict.value, columns, _pairs(columns, why)))
    blocked = [_pairs(columns, why) for why in (RuledOut.DECLINED, RuledOut.BY_STAFF)]
    return [*found, _except("blockedPair", columns, np.concatenate(blocked))]


def _pairs(columns: Columns, why: RuledOut) -> Codes:
    nobody = np.zeros(0, dtype=np.int64)
    return np.stack(columns.blocked.get(why, (nobody, nobody)), axis=1)


def _except(name: str, columns: Columns, pairs: Codes) -> Except:
    pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
    start = np.concatenate([[0], np.cumsum(np.bincount(pairs[:, 0], minlength=len(columns.mentees)))])
    return Except(name, pack_all(len(columns.mentors)), start, pairs[:, 1])


def _equal(ours: Codes, theirs: Codes) -> Booleans:
    """Where both are known and the same."""
    same: Booleans = (ours[:, None] == theirs[None, :]) & (ours[:, None] != UNKNOWN)
    return same
