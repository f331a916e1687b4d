"""Who may be paired with whom? One named, packed table of mentors per constraint, so that each can be counted alone."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from app.domain.glossary import CefrLevel, Gender, RuledOut, Side
from app.domain.matching.model import HOURS_A_WEEK, Mentee, Mentor, Pool
from app.domain.matching.policy import BusinessOwnerRule, Conflict, PlaceRule, Policy, Restriction
from app.domain.matching.where import municipality

Booleans = NDArray[np.bool_]
Packed = NDArray[np.uint8]
Key = TypeVar("Key", bound=Hashable)

SHARED_LANGUAGE_MIN = CefrLevel.A2  # "simple and routine tasks" (CEFR): the least that carries a conversation
_RULED_OUT_BY = {
    Conflict.OWN_CASE_WORKER: RuledOut.OWN_CASE_WORKER,
    Conflict.SAME_HOUSEHOLD: RuledOut.SAME_HOUSEHOLD,
}
_WORDS = 3  # 64-bit words that hold a week of hours


@dataclass(frozen=True, slots=True)
class Constraint:
    """`rows[of[i]]` are the mentors, one bit each, that this constraint alone allows mentee `i`."""

    name: str
    rows: Packed
    of: NDArray[np.intp]


def constrain(pool: Pool, policy: Policy) -> tuple[Constraint, ...]:
    """Every constraint in force, for a pool in canonical order."""
    return (
        *_about_readiness(pool, policy),
        *_about_language(pool, policy),
        *_about_meeting(pool, policy),
        *_about_gender(pool, policy.gender),
        *_about_age(pool, policy.age),
        *_about_business(pool, policy),
        *_about_conflicts(pool, policy),
        _same_holder(pool),
        *_about_these_two(pool, policy),
    )


def find_feasible(constraints: Sequence[Constraint]) -> Packed:
    """The mentors, one bit each, that all constraints allow each mentee."""
    first, *others = constraints
    feasible = first.rows[first.of]
    for constraint in others:
        feasible &= constraint.rows[constraint.of]
    return feasible


def find_edges(feasible: Packed, mentors: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The feasible pairs as (mentee, mentor) indexes, in order."""
    rows, cols = np.nonzero(np.unpackbits(feasible, axis=1, count=mentors))
    return rows, cols


def week_words(hours: Iterable[frozenset[int]]) -> NDArray[np.uint64]:
    """Sets of hours as three 64-bit words each."""
    sets = list(hours)
    bits = np.zeros((len(sets), _WORDS * 64), dtype=np.bool_)
    for row, one in enumerate(sets):
        bits[row, list(one)] = True
    return np.packbits(bits, axis=1, bitorder="little").view(np.uint64)


def _by_class(name: str, keys: Sequence[Key], row: Callable[[Key], Booleans], mentors: int) -> Constraint:
    """Mentees with the same key share one row: the work grows with the classes, not with the people."""
    classes: dict[Key, int] = {}
    of = np.array([classes.setdefault(key, len(classes)) for key in keys], dtype=np.intp)
    rows = np.empty((len(classes), (mentors + 7) // 8), dtype=np.uint8)
    for key, index in classes.items():
        rows[index] = np.packbits(row(key))
    return Constraint(name, rows, of)


def _mentors_only(name: str, passes: Iterable[bool], pool: Pool) -> Constraint:
    row = np.fromiter(passes, dtype=np.bool_, count=len(pool.mentors))
    return _by_class(name, [None] * len(pool.mentees), lambda _: row, len(pool.mentors))


def _mentees_only(name: str, passes: Iterable[bool], pool: Pool) -> Constraint:
    size = len(pool.mentors)
    return _by_class(name, list(passes), lambda may: np.full(size, may, dtype=np.bool_), size)


def _about_readiness(pool: Pool, policy: Policy) -> list[Constraint]:
    found = [
        _mentors_only("mentorReady", (mentor.is_ready for mentor in pool.mentors), pool),
        _mentees_only("menteeReady", (mentee.is_ready for mentee in pool.mentees), pool),
    ]
    if Side.MENTOR in policy.trained:
        found.append(_mentors_only("mentorTraining", (mentor.is_trained for mentor in pool.mentors), pool))
    if Side.MENTEE in policy.trained:
        found.append(_mentees_only("menteeTraining", (mentee.is_trained for mentee in pool.mentees), pool))
    return found


def _about_language(pool: Pool, policy: Policy) -> list[Constraint]:
    rule = policy.language
    found = []
    if rule.mentee_min is not None:
        least = rule.mentee_min
        found.append(_mentees_only("menteeLanguage", (_knows(one, rule.code, least) for one in pool.mentees), pool))
    if rule.mentor_min is not None:
        least = rule.mentor_min
        found.append(_mentors_only("mentorLanguage", (_knows(one, rule.code, least) for one in pool.mentors), pool))
    if rule.needs_shared:
        found.append(_shared_language(pool))
    return found


def _knows(person: Mentor | Mentee, code: str, least: CefrLevel) -> bool:
    level = person.languages.get(code)
    return level is not None and level.rank >= least.rank


def _spoken(person: Mentor | Mentee) -> frozenset[str]:
    return frozenset(code for code in person.languages if _knows(person, code, SHARED_LANGUAGE_MIN))


def _shared_language(pool: Pool) -> Constraint:
    spoken = [_spoken(mentor) for mentor in pool.mentors]
    none = np.zeros(len(spoken), dtype=np.bool_)
    speakers = {code: np.array([code in codes for codes in spoken]) for code in frozenset[str]().union(*spoken)}

    def row(codes: frozenset[str]) -> Booleans:
        heard = none.copy()
        for code in codes & speakers.keys():
            heard |= speakers[code]
        return heard

    return _by_class("sharedLanguage", [_spoken(mentee) for mentee in pool.mentees], row, len(spoken))


def _about_meeting(pool: Pool, policy: Policy) -> list[Constraint]:
    found = []
    if policy.min_overlap_hours:
        found.append(_availability(pool, policy.min_overlap_hours))
    if policy.place is not PlaceRule.ANY:
        found.append(_place(pool, may_be_remote=policy.place is PlaceRule.SAME_OR_REMOTE))
    return found


def _availability(pool: Pool, least: int) -> Constraint:
    week = week_words(mentor.availability for mentor in pool.mentors)

    def row(hours: frozenset[int]) -> Booleans:
        shared: Booleans = np.bitwise_count(week & week_words([hours])).sum(axis=1) >= min(least, HOURS_A_WEEK)
        return shared

    return _by_class("availability", [mentee.availability for mentee in pool.mentees], row, len(pool.mentors))


def _place(pool: Pool, *, may_be_remote: bool) -> Constraint:
    places = np.array([municipality(mentor.place) for mentor in pool.mentors], dtype=object)
    remote = np.array([mentor.has_remote and may_be_remote for mentor in pool.mentors], dtype=np.bool_)

    def row(key: tuple[str | None, bool]) -> Booleans:
        place, has_remote = key
        same = np.zeros(len(places), dtype=np.bool_) if place is None else (places == place).astype(np.bool_)
        return same | remote if has_remote else same

    keys = [(municipality(mentee.place), mentee.has_remote) for mentee in pool.mentees]
    return _by_class("place", keys, row, len(places))


def _about_gender(pool: Pool, rule: Restriction) -> list[Constraint]:
    found = []
    if rule.mentor_in is not None:
        allowed = rule.mentor_in
        found.append(_mentors_only("mentorGender", (mentor.gender.value in allowed for mentor in pool.mentors), pool))
    if rule.respects_preferences:
        mentors = [(one.gender.value, _one(one.accepts_gender)) for one in pool.mentors]
        mentees = [(one.gender.value, _one(one.accepts_gender)) for one in pool.mentees]
        found.append(_both_accept("genderPreference", mentors, mentees))
    return found


def _about_age(pool: Pool, rule: Restriction) -> list[Constraint]:
    found = []
    if rule.mentor_in is not None:
        allowed = rule.mentor_in
        found.append(_mentors_only("mentorAge", (mentor.age_group in allowed for mentor in pool.mentors), pool))
    if rule.respects_preferences:
        mentors = [(one.age_group, frozenset(one.accepts_age_groups)) for one in pool.mentors]
        mentees = [(one.age_group, frozenset(one.accepts_age_groups)) for one in pool.mentees]
        found.append(_both_accept("agePreference", mentors, mentees))
    return found


def _one(wanted: Gender | None) -> frozenset[str]:
    return frozenset() if wanted is None else frozenset({wanted.value})


def _both_accept(
    name: str,
    mentors: Sequence[tuple[str | None, frozenset[str]]],
    mentees: Sequence[tuple[str | None, frozenset[str]]],
) -> Constraint:
    """Each side is what the other accepts; an empty wish accepts everybody, also whom nothing is known of."""
    classes, of = np.unique(np.array([repr(one) for one in mentors], dtype=object), return_inverse=True)
    first = {repr(one): one for one in mentors}
    known = [first[one] for one in classes]

    def row(key: tuple[str | None, frozenset[str]]) -> Booleans:
        own, wanted = key
        passes = [(not accepts or own in accepts) and (not wanted or is_ in wanted) for is_, accepts in known]
        return np.array(passes, dtype=np.bool_)[of]

    return _by_class(name, list(mentees), row, len(mentors))


def _about_business(pool: Pool, policy: Policy) -> list[Constraint]:
    if policy.business_owner is BusinessOwnerRule.IGNORE:
        return []
    owners = np.array([mentor.is_business_owner for mentor in pool.mentors], dtype=np.bool_)
    needs = [mentee.needs_business_owner for mentee in pool.mentees]
    return [_by_class("businessOwner", needs, lambda needed: owners if needed else owners | True, len(owners))]


def _about_conflicts(pool: Pool, policy: Policy) -> list[Constraint]:
    if Conflict.SAME_EMPLOYER not in policy.conflicts:
        return []
    employers = [one.employer for one in pool.mentors], [one.employer for one in pool.mentees]
    return [_differing(Conflict.SAME_EMPLOYER.value, *employers)]


def _same_holder(pool: Pool) -> Constraint:
    """Whoever is anonymous is known to one partner, and meets only others whom that partner holds."""
    holders = np.array([mentor.holder.hex for mentor in pool.mentors], dtype=object)
    named = np.array([not mentor.is_anonymous for mentor in pool.mentors], dtype=np.bool_)

    def row(key: tuple[str, bool]) -> Booleans:
        holder, is_anonymous = key
        same: Booleans = (holders == holder).astype(np.bool_)
        return same if is_anonymous else same | named

    return _by_class("sameHolder", [(one.holder.hex, one.is_anonymous) for one in pool.mentees], row, len(named))


def _about_these_two(pool: Pool, policy: Policy) -> list[Constraint]:
    found = [_differing("samePerson", [one.person for one in pool.mentors], [one.person for one in pool.mentees])]
    for conflict, why in _RULED_OUT_BY.items():
        if conflict in policy.conflicts:
            found.append(_ruled_out(conflict.value, pool, frozenset({why})))
    found.append(_ruled_out("blockedPair", pool, frozenset({RuledOut.DECLINED, RuledOut.BY_STAFF})))
    return found


def _ruled_out(name: str, pool: Pool, reasons: frozenset[RuledOut]) -> Constraint:
    where = {mentor.person: index for index, mentor in enumerate(pool.mentors)}
    barred: dict[object, set[int]] = {}
    for (mentor, mentee), why in pool.blocked.items():
        if mentor in where and why in reasons:
            barred.setdefault(mentee, set()).add(where[mentor])
    keys = [frozenset(barred.get(mentee.person, ())) for mentee in pool.mentees]
    return _by_class(name, keys, lambda key: _all_but(key, len(where)), len(where))


def _differing(name: str, mentors: Sequence[Hashable], mentees: Sequence[Hashable]) -> Constraint:
    """Passes unless both sides have the same known value."""
    holders: dict[Hashable, list[int]] = {}
    for index, value in enumerate(mentors):
        holders.setdefault(value, []).append(index)
    holders.pop(None, None)
    keys = [value if value in holders else None for value in mentees]
    return _by_class(name, keys, lambda key: _all_but(holders.get(key, ()), len(mentors)), len(mentors))


def _all_but(indexes: Iterable[int], size: int) -> Booleans:
    row = np.ones(size, dtype=np.bool_)
    row[list(indexes)] = False
    return row
