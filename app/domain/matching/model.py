"""What does the matching engine take in: people, their free places, and who must not meet?"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from app.domain.errors import RuleViolation
from app.domain.glossary import AgeGroup, CefrLevel, Gender, Goal, Interest, RuledOut

HOURS_A_WEEK = 168


@dataclass(frozen=True, slots=True)
class _Person:
    """What a mentor and a mentee have in common. Construction raises ValueError for values no form can give."""

    id: UUID  # the enrolment
    person: UUID
    holder: UUID  # the partner that holds the person
    is_anonymous: bool  # has consented to nothing: known to the holder alone, and paired there only
    languages: Mapping[str, CefrLevel]  # by ISO 639 code
    occupation: str | None  # SSYK 2012, one to four digits
    skills: frozenset[str]  # JobTech concept ids
    interests: frozenset[Interest]
    place: str | None  # SCB municipality code, or a district code (DeSO and RegSO begin with the municipality)
    has_remote: bool
    availability: frozenset[int]  # hours of the week, 0 = Monday 00-01
    goals: frozenset[Goal]
    gender: Gender
    accepts_gender: Gender | None  # None accepts everyone
    age_group: AgeGroup | None  # None is not known: a rule about age does not let it pass
    accepts_age_groups: frozenset[AgeGroup]  # empty accepts everyone
    employer: UUID | None
    is_ready: bool
    is_trained: bool  # the training that the program asks for before a start is done

    def __post_init__(self) -> None:
        if not all(0 <= hour < HOURS_A_WEEK for hour in self.availability):
            raise ValueError("availability: an hour of the week is 0..167")
        if self.occupation is not None and not _is_ssyk(self.occupation):
            raise ValueError("occupation: an SSYK 2012 code has one to four digits")


@dataclass(frozen=True, slots=True)
class Mentor(_Person):
    capacity: int  # free places now
    is_business_owner: bool

    def __post_init__(self) -> None:
        _Person.__post_init__(self)
        if self.capacity < 0:
            raise ValueError("capacity: free places are never negative")


@dataclass(frozen=True, slots=True)
class Mentee(_Person):
    waiting_days: int
    needs_business_owner: bool

    def __post_init__(self) -> None:
        _Person.__post_init__(self)
        if self.waiting_days < 0:
            raise ValueError("waiting_days: nobody has waited less than no time")


PersonPair = tuple[UUID, UUID]  # (mentor, mentee), by person
EnrolmentPair = tuple[UUID, UUID]  # (mentor, mentee), by enrolment


@dataclass(frozen=True, slots=True)
class Pool:
    """Everyone a run may pair.

    `blocked` says who must not meet, and why. `pins` are pairs that people have decided on: they are in every result.
    `kept` are proposals that nobody has answered yet: they may move, but the policy's keep bonus holds them back.
    """

    mentors: tuple[Mentor, ...]
    mentees: tuple[Mentee, ...]
    blocked: Mapping[PersonPair, RuledOut] = field(default_factory=dict)
    pins: frozenset[EnrolmentPair] = frozenset()
    kept: frozenset[EnrolmentPair] = frozenset()


def arrange(pool: Pool) -> Pool:
    """The same pool in canonical order (by the bytes of the enrolment id), so that input order decides nothing.

    Raises RuleViolation `matching.person_twice` or `matching.enrolment_twice`.
    """
    for side in (pool.mentors, pool.mentees):
        if len({one.person for one in side}) < len(side):
            raise RuleViolation("matching.person_twice")
    if len({one.id for one in (*pool.mentors, *pool.mentees)}) < len(pool.mentors) + len(pool.mentees):
        raise RuleViolation("matching.enrolment_twice")
    return replace(
        pool,
        mentors=tuple(sorted(pool.mentors, key=lambda one: one.id.bytes)),
        mentees=tuple(sorted(pool.mentees, key=lambda one: one.id.bytes)),
    )


def _is_ssyk(code: str) -> bool:
    return 1 <= len(code) <= 4 and code.isascii() and code.isdigit()  # noqa: PLR2004  SSYK 2012 has four levels
