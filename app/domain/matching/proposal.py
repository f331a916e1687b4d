"""What does the matching engine hand back: pairs, the people left over, the reasons, and the proof?"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID


class LossReason(StrEnum):
    """Why a pair's best alternative was not proposed instead."""

    LOWER_SCORE = "lowerScore"
    EQUAL_SCORE = "equalScore"  # no total is better with it
    NO_FREE_PLACE = "noFreePlace"  # fits, but every place is held already
    HIGHER_PRIORITY_ELSEWHERE = "higherPriorityElsewhere"  # proven: fewer people, or people who waited less, with it
    PLACE_NEEDED_ELSEWHERE = "placeNeededElsewhere"  # scores higher, but no whole that holds it is better


class UnmatchedKind(StrEnum):
    NO_FEASIBLE_MENTOR = "noFeasibleMentor"
    PLACES_RAN_OUT = "placesRanOut"


@dataclass(frozen=True, slots=True)
class Alternative:
    """The mentor with the best score for this mentee, apart from the proposed one."""

    mentor: UUID
    score: int
    reason: LossReason


@dataclass(frozen=True, slots=True)
class Pair:
    """One proposed pair. `contributions` sum to `score`; rank 1 is the mentee's best feasible mentor, free or full."""

    mentor: UUID
    mentee: UUID
    score: int  # 0..10 000
    contributions: Mapping[str, int]  # criterion -> points
    rank: int
    feasible_mentors: int
    alternative: Alternative | None
    is_pinned: bool = False  # decided on before the run
    is_kept: bool = False  # proposed before the run, and still


class Blocking(NamedTuple):
    """How one constraint narrows one mentee's choice among all mentors of the pool."""

    constraint: str
    passing: int  # mentors who pass this constraint, whatever the others say
    sole_blocker: int  # mentors whom only this constraint keeps away


@dataclass(frozen=True, slots=True)
class SmallestChange:
    """The fewest constraints which, set aside together, open a mentor; `opens` counts those mentors."""

    constraints: tuple[str, ...]
    opens: int


@dataclass(frozen=True, slots=True)
class PriorityLacking:
    """How far a mentee is from a place when nothing else changes."""

    tiers: int
    days: int  # of further waiting
    is_reachable: bool  # False: the policy's highest tier is lower than what is needed


@dataclass(frozen=True, slots=True)
class Unmatched:
    """One mentee without a proposal. `smallest_change` only without a feasible mentor, `priority_lacking` only with."""

    mentee: UUID
    kind: UnmatchedKind
    feasible_mentors: int
    blocking: tuple[Blocking, ...]
    smallest_change: SmallestChange | None  # None: nothing the policy can give way on opens a mentor
    priority_lacking: PriorityLacking | None  # None: the feasible mentors have no free place at all


@dataclass(frozen=True, slots=True)
class Duals:
    """Integer prices that prove the optimum. A mentor's price is the gain of one more place there."""

    base: int  # weight = base * priority + score
    mentees: Mapping[UUID, int]
    mentors: Mapping[UUID, int]


@dataclass(frozen=True, slots=True)
class Greedy:
    """What taking the best pair first would have reached; shown for comparison, never used. Pins are counted in."""

    people: int
    score: int


class Aim(StrEnum):
    """What a run with groups pursues, in this order."""

    PEOPLE = "people"
    PRIORITY = "priority"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Group:
    """A group that opens: how many mentees are in it, pinned ones too."""

    mentor: UUID
    size: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part of all choices of groups, with prices that bound it; see `group_proof`.

    Both `prices` of mentees and `multipliers` of the aims before are 2^20 to the unit.
    """

    opened: frozenset[UUID]  # mentors
    closed: frozenset[UUID]
    prices: Mapping[UUID, int]
    multipliers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """One aim of a run with groups, bounded among the results that do no worse by the aims before it.

    Whatever groups open, one of the `leaves` covers it; the bound is the highest of theirs.
    """

    aim: Aim
    value: int  # without pins; the score with the keep bonus
    bound: int
    leaves: tuple[Leaf, ...]

    @property
    def is_proven(self) -> bool:
        return self.value == self.bound


@dataclass(frozen=True, slots=True)
class Proposal:
    """The result of one run. It proposes; people decide (GDPR art. 22)."""

    pairs: tuple[Pair, ...]
    unmatched: tuple[Unmatched, ...]
    unused_mentors: tuple[UUID, ...]  # mentors with a free place and no proposal
    people: int
    priority: int
    score: int
    weight: int
    bound: int  # no feasible matching weighs more
    score_floor: int  # the lowest score that was allowed
    contradiction: tuple[str, ...]  # when nobody fits anybody: the fewest constraints that exclude everyone together
    is_optimal: bool  # the certificate was checked, independently of the solver
    duals: Duals
    greedy: Greedy | None  # None: the pool is too large to look at every pair for a comparison, or there are groups
    seed: int
    pool_digest: str  # SHA-256, hexadecimal
    policy_digest: str
    engine_version: str
    # with group mentoring only; `weight` then counts a person more than all priority, and no place has a price of its own
    groups: tuple[Group, ...] = ()
    stages: tuple[Stage, ...] = ()

    @property
    def gap(self) -> int:
        """How much more the best matching might weigh; 0 when this one is proven to be the best."""
        return self.bound - self.weight
