"""What is there to decide on? A pool by a policy: the possible pairs, what each weighs, and the places that are free."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from app.domain.errors import RuleViolation
from app.domain.matching.bitmaps import unpack
from app.domain.matching.columns import Booleans, Codes, Columns
from app.domain.matching.constraints import Constraint, constrain
from app.domain.matching.pairs import (
    HAS_COMPILER,
    WORTH_COMPILING,
    Block,
    Finder,
    Kept,
    Least,
    Pairs,
    find_pairs,
)
from app.domain.matching.policy import FULL_SCORE, Policy
from app.domain.matching.scoring import Integers, Scorer
from app.domain.matching.solver import UNMATCHED

SCORE_FLOOR = "scoreFloor"
FREE_PLACE = "freePlace"
Draw = NDArray[np.uint64]
Indexes = NDArray[np.integer]
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # odd: the two people of a pair are no sum that another pair has too
_DRAWN = 1 << 16  # pairs at a time, so that memory stays flat


@dataclass(frozen=True)
class Market:
    """One weight per pair holds the whole objective: `base * priority + score`, and `base` exceeds all scores together.

    `capacity` are the places free for the run after the pins have theirs. `floor` is the lowest score allowed.
    """

    columns: Columns
    policy: Policy
    constraints: tuple[Constraint, ...]
    scorer: Scorer
    pairs: Pairs
    capacity: Integers
    priority: Integers  # tier of waiting, 1 or more, by mentee
    base: int
    floor: int
    left_out: Booleans  # mentees whose pair is pinned
    kept: Codes  # keys of the pairs with a bonus, in order
    mentee_keys: Draw
    mentor_keys: Draw

    @property
    def mentees(self) -> int:
        return len(self.columns.mentees)

    @property
    def mentors(self) -> int:
        return len(self.columns.mentors)

    def key(self, rows: Codes, cols: Codes) -> Codes:
        """A pair as one number, in the order of the pairs."""
        return rows * np.int64(self.mentors) + cols

    def bonus(self, rows: Codes, cols: Codes) -> Integers:
        """What the pairs are worth more because they are proposed already."""
        if not len(self.kept):
            return np.zeros(len(rows), dtype=np.int64)
        return np.isin(self.key(rows, cols), self.kept) * np.int64(self.policy.keep_bonus)

    def worth(self, block: Block) -> Integers:
        """The score of each pair of the block, with its bonus."""
        return block.score + self.bonus(block.rows, block.cols) if len(self.kept) else block.score

    def weigh(self, block: Block) -> Integers:
        """The weight of each pair of the block."""
        return block.by_pair(self.base * self.priority) + self.worth(block)

    def least(self, u: Integers, v: Integers) -> Least:
        """Asks for every pair that weighs more than `u` of the mentee and `v` of the mentor together.

        Where some pairs have a bonus it asks for some more.
        """
        bonus = self.policy.keep_bonus if len(self.kept) else 0
        return Least(u - self.base * self.priority - bonus, v)

    def held(self, mates: Codes) -> Integers:
        """The weight of each mentee's own pair, computed from the two people; 0 without one."""
        held = np.zeros(self.mentees, dtype=np.int64)
        rows = np.flatnonzero(mates != UNMATCHED)
        cols = mates[rows]
        held[rows] = self.base * self.priority[rows] + self.scorer.score(rows, cols) + self.bonus(rows, cols)
        return held

    def draw(self, rows: Indexes, cols: Indexes) -> Draw:
        """64 mixed bits per pair, from the keyed hashes of its two people."""
        drawn = np.empty(len(rows), dtype=np.uint64)
        for start in range(0, len(rows), _DRAWN):
            part = slice(start, start + _DRAWN)
            drawn[part] = _mix(self.mentee_keys[rows[part]] ^ (self.mentor_keys[cols[part]] * _SPREAD))
        return drawn

    def failures(self, mentee: int) -> tuple[list[str], Booleans]:
        """By constraint and mentor, whether the constraint keeps this mentee from this mentor."""
        at = np.array([mentee])
        names = [one.name for one in self.constraints]
        passes = [unpack(one.allowed(at), self.mentors)[0] for one in self.constraints]
        if self.floor:
            names.append(SCORE_FLOOR)
            everyone = np.arange(self.mentors)
            passes.append(self.scorer.score(np.full(self.mentors, mentee), everyone) >= self.floor)
        return [*names, FREE_PLACE], ~np.stack([*passes, self.capacity > 0])


def open_market(columns: Columns, policy: Policy, seed: int, most_kept: int | None = None) -> Market:
    """Everything that a run looks at, before anything is decided.

    Raises RuleViolation `matching.pin_breaks_constraint` with the pairs and the names of what they break.
    """
    constraints, scorer = constrain(columns, policy), Scorer(columns, policy)
    pinned = np.array(columns.pins, dtype=np.int64).reshape(-1, 2)
    capacity = columns.capacity if policy.most_mentees is None else np.minimum(columns.capacity, policy.most_mentees)
    capacity = capacity - np.bincount(pinned[:, 1], minlength=len(capacity))
    _check_pins(columns, constraints, pinned, capacity)
    left_out = np.zeros(len(columns.mentees), dtype=np.bool_)
    left_out[pinned[:, 0]] = True
    size = len(columns.mentees) * len(columns.mentors)
    is_compiled = HAS_COMPILER and size >= WORTH_COMPILING
    finder = Finder(constraints, scorer, len(columns.mentors), left_out, policy.score_floor, is_compiled)
    kept = np.array(columns.kept, dtype=np.int64).reshape(-1, 2)
    return Market(
        columns=columns,
        policy=policy,
        constraints=constraints,
        scorer=scorer,
        pairs=find_pairs(finder, most_kept),
        capacity=capacity,
        priority=1 + np.minimum(columns.waiting_days // policy.tier_days, policy.max_tier - 1),
        base=(FULL_SCORE + policy.keep_bonus) * len(columns.mentees) + 1,
        floor=policy.score_floor,
        left_out=left_out,
        kept=np.sort(kept[:, 0] * len(columns.mentors) + kept[:, 1]),
        mentee_keys=_keyed_hashes(columns.mentees.ids, seed),
        mentor_keys=_keyed_hashes(columns.mentors.ids, seed),
    )


def is_small(pairs: Pairs, most: int) -> bool:
    """Whether all pairs are in memory and no more than `most`."""
    return isinstance(pairs, Kept) and len(pairs.cols) <= most


def _check_pins(columns: Columns, constraints: Sequence[Constraint], pinned: Codes, capacity: Integers) -> None:
    broken = []
    for mentee, mentor in pinned.tolist():
        at = np.array([mentee])
        names = [one.name for one in constraints if not unpack(one.allowed(at), len(capacity))[0, mentor]]
        if capacity[mentor] < 0:
            names.append(FREE_PLACE)
        if names:
            people = {"mentor": str(columns.mentors.ids[mentor]), "mentee": str(columns.mentees.ids[mentee])}
            broken.append({**people, "constraints": names})
    if broken:
        raise RuleViolation("matching.pin_breaks_constraint", pairs=broken)


def _keyed_hashes(ids: Sequence[UUID], seed: int) -> Draw:
    key = np.frombuffer(blake2b(str(seed).encode(), digest_size=16).digest(), dtype="<u8").astype(np.uint64)
    halves = np.frombuffer(b"".join(one.bytes for one in ids), dtype=">u8").astype(np.uint64).reshape(-1, 2)
    return _mix(_mix(halves[:, 0] ^ key[0]) ^ halves[:, 1] ^ key[1])


def _mix(bits: Draw) -> Draw:
    """The finaliser of SplitMix64: every bit out depends on every bit in."""
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        bits = (bits ^ (bits >> np.uint64(shift))) * np.uint64(factor)
    mixed: Draw = bits ^ (bits >> np.uint64(31))
    return mixed
