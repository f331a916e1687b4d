"""What does the engine compute on? The pool as columns: numbers and bit masks, one row a person, in canonical order."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from app.domain.errors import RuleViolation
from app.domain.glossary import AgeGroup, Gender, Goal, Interest, RuledOut
from app.domain.matching.model import EnrolmentPair, Mentee, Mentor, PersonPair, Pool
from app.domain.matching.where import county, municipality

Booleans = NDArray[np.bool_]
Codes = NDArray[np.int64]
Words = NDArray[np.uint64]
Person = Mentor | Mentee
Key = TypeVar("Key", bound=Hashable)

UNKNOWN = -1
WORD = 64
WEEK_WORDS = 3  # 64-bit words that hold a week of hours
DIGITS = 4  # of an SSYK 2012 code


@dataclass(frozen=True, slots=True)
class People:
    """One side of a pool. Codes are shared by both sides; UNKNOWN equals nothing. Masks are 64-bit words."""

    ids: tuple[UUID, ...]
    person: Codes
    holder: Codes
    is_anonymous: Booleans
    levels: NDArray[np.int8]  # person x language: rank of the CEFR level, 0 for none
    digits: NDArray[np.int8]  # person x 4: SSYK digits, UNKNOWN where there is none
    skills: Words  # person x words, over the skills that somebody on the other side has too
    skill_count: Codes  # all of the person's skills
    interests: Words
    goals: Words
    place: Codes
    municipality: Codes
    county: Codes
    has_remote: Booleans
    hours: Words  # person x 3
    gender: Codes
    accepts_gender: Codes
    age_group: Codes
    accepts_age_groups: Words  # 0 accepts everyone
    employer: Codes
    is_ready: Booleans
    is_trained: Booleans

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Columns:
    """A pool as arrays. `languages` names the columns of `levels`; `blocked` is by index and reason."""

    mentors: People
    mentees: People
    languages: tuple[str, ...]
    capacity: Codes
    is_business_owner: Booleans
    waiting_days: Codes
    needs_business_owner: Booleans
    blocked: dict[RuledOut, tuple[Codes, Codes]] = field(default_factory=dict)  # (mentees, mentors)
    pins: tuple[tuple[int, int], ...] = ()  # (mentee, mentor)
    kept: tuple[tuple[int, int], ...] = ()


def columns_of(pool: Pool) -> Columns:
    """The columns of a pool in canonical order (see `model.arrange`).

    Raises RuleViolation `matching.pin_unknown` or `matching.pin_twice`.
    """
    coder = _Coder(pool)
    return Columns(
        mentors=coder.people(pool.mentors),
        mentees=coder.people(pool.mentees),
        languages=coder.languages,
        capacity=_numbers(one.capacity for one in pool.mentors),
        is_business_owner=_flags(one.is_business_owner for one in pool.mentors),
        waiting_days=_numbers(one.waiting_days for one in pool.mentees),
        needs_business_owner=_flags(one.needs_business_owner for one in pool.mentees),
        blocked=_blocked(pool, pool.blocked.items()),
        pins=_pins(pool),
        kept=_places(pool, pool.kept),
    )


def classes_of(keys: NDArray[np.generic]) -> tuple[Codes, Codes]:
    """Rows that are equal share a class: a row of each class, and the class of each row."""
    if keys.ndim == 1:
        _, first, of = np.unique(keys, return_index=True, return_inverse=True)
        return first, of
    whole = np.ascontiguousarray(keys).view(np.dtype((np.void, keys.dtype.itemsize * keys.shape[1]))).ravel()
    _, first, of = np.unique(whole, return_index=True, return_inverse=True)
    return first, of.reshape(len(keys))


def week_of(hours: Iterable[frozenset[int]]) -> Words:
    """Sets of hours as three 64-bit words each."""
    return masks([[*one] for one in hours], WEEK_WORDS * WORD)


def masks(members: Sequence[Sequence[int]], size: int) -> Words:
    """Sets of numbers 0..size-1 as rows of 64-bit words; at least one word."""
    words = max(1, -(-size // WORD))
    bits = np.zeros((len(members), words * WORD), dtype=np.bool_)
    rows = np.repeat(np.arange(len(members)), [len(one) for one in members])
    bits[rows, [number for one in members for number in one]] = True
    return np.packbits(bits, axis=1, bitorder="little").view(np.uint64)


class _Coder:
    """Gives equal values of the two sides equal codes."""

    def __init__(self, pool: Pool) -> None:
        self._codes: dict[Hashable, int] = {}
        self.languages = tuple(sorted({code for one in (*pool.mentors, *pool.mentees) for code in one.languages}))
        offered = {skill for one in pool.mentors for skill in one.skills}
        wanted = {skill for one in pool.mentees for skill in one.skills}
        self._skills = {skill: at for at, skill in enumerate(sorted(offered & wanted))}

    def people(self, side: Sequence[Person]) -> People:
        language_at = {code: at for at, code in enumerate(self.languages)}
        levels = np.zeros((len(side), max(1, len(self.languages))), dtype=np.int8)
        for row, one in enumerate(side):
            for code, level in one.languages.items():
                levels[row, language_at[code]] = level.rank
        skills = [[self._skills[one] for one in person.skills if one in self._skills] for person in side]
        return People(
            ids=tuple(one.id for one in side),
            person=self._of(one.person for one in side),
            holder=self._of(one.holder for one in side),
            is_anonymous=_flags(one.is_anonymous for one in side),
            levels=levels,
            digits=_digits(one.occupation for one in side),
            skills=masks(skills, len(self._skills)),
            skill_count=_numbers(len(one.skills) for one in side),
            interests=_members(Interest, (one.interests for one in side)),
            goals=_members(Goal, (one.goals for one in side)),
            place=self._of(one.place for one in side),
            municipality=self._of(municipality(one.place) for one in side),
            county=self._of(county(one.place) for one in side),
            has_remote=_flags(one.has_remote for one in side),
            hours=week_of(one.availability for one in side),
            gender=_choices(Gender, (one.gender for one in side)),
            accepts_gender=_choices(Gender, (one.accepts_gender for one in side)),
            age_group=_choices(AgeGroup, (one.age_group for one in side)),
            accepts_age_groups=_members(AgeGroup, (one.accepts_age_groups for one in side)),
            employer=self._of(one.employer for one in side),
            is_ready=_flags(one.is_ready for one in side),
            is_trained=_flags(one.is_trained for one in side),
        )

    def _of(self, values: Iterable[Hashable]) -> Codes:
        codes = self._codes
        return _numbers(UNKNOWN if one is None else codes.setdefault(one, len(codes)) for one in values)


def _places(pool: Pool, pairs: Iterable[EnrolmentPair]) -> tuple[tuple[int, int], ...]:
    """The pairs whose people are both in the pool, as (mentee, mentor) indexes, in order."""
    mentor_at = {one.id: at for at, one in enumerate(pool.mentors)}
    mentee_at = {one.id: at for at, one in enumerate(pool.mentees)}
    found = ((mentee_at.get(mentee, UNKNOWN), mentor_at.get(mentor, UNKNOWN)) for mentor, mentee in pairs)
    return tuple(sorted(pair for pair in found if UNKNOWN not in pair))


def _pins(pool: Pool) -> tuple[tuple[int, int], ...]:
    found = _places(pool, pool.pins)
    if len(found) < len(pool.pins):
        raise RuleViolation("matching.pin_unknown")
    if len({mentee for mentee, _ in found}) < len(found):
        raise RuleViolation("matching.pin_twice")
    return found


def _blocked(pool: Pool, pairs: Iterable[tuple[PersonPair, RuledOut]]) -> dict[RuledOut, tuple[Codes, Codes]]:
    mentor_at = {one.person: at for at, one in enumerate(pool.mentors)}
    mentee_at = {one.person: at for at, one in enumerate(pool.mentees)}
    found: dict[RuledOut, list[tuple[int, int]]] = {}
    for (mentor, mentee), why in pairs:
        if mentor in mentor_at and mentee in mentee_at:
            found.setdefault(why, []).append((mentee_at[mentee], mentor_at[mentor]))
    return {why: (_numbers(row for row, _ in these), _numbers(col for _, col in these)) for why, these in found.items()}


def _members(words: type[Key], sets: Iterable[frozenset[Key]]) -> Words:
    at = {word: index for index, word in enumerate(words)}  # type: ignore[var-annotated,arg-type]
    return masks([[at[one] for one in members] for members in sets], WORD)[:, 0]


def _choices(words: type[Key], values: Iterable[Key | None]) -> Codes:
    at: dict[Key | None, int] = {word: index for index, word in enumerate(words)}  # type: ignore[var-annotated,arg-type]
    return _numbers(UNKNOWN if one is None else at[one] for one in values)


def _digits(codes: Iterable[str | None]) -> NDArray[np.int8]:
    padded = [[*map(int, code or ""), *[UNKNOWN] * (DIGITS - len(code or ""))] for code in codes]
    return np.array(padded, dtype=np.int8).reshape(len(padded), DIGITS)


def _numbers(values: Iterable[int]) -> Codes:
    return np.fromiter(values, dtype=np.int64)


def _flags(values: Iterable[bool]) -> Booleans:
    return np.fromiter(values, dtype=np.bool_)
