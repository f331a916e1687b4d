"""Which pairs were possible at all? What somebody needs who checks the proof of a run without the engine."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from app.domain.matching.columns import columns_of
from app.domain.matching.market import open_market
from app.domain.matching.model import Pool, arrange
from app.domain.matching.policy import Policy


@dataclass(frozen=True, slots=True)
class PossibleMentor:
    id: UUID  # the enrolment
    score: int


@dataclass(frozen=True, slots=True)
class Possible:
    """One mentee and everyone who may be the mentor, free or full; nobody for a mentee whose pair is pinned."""

    mentee: UUID
    mentors: tuple[PossibleMentor, ...]


def possible_pairs(pool: Pool, policy: Policy, floor: int) -> Iterator[Possible]:
    """Every mentee in the order of the run, with the possible mentors; `floor` is the lowest score that was allowed."""
    pool = arrange(pool)
    market = open_market(columns_of(pool), replace(policy, score_floor=floor), seed=0)
    mentors, mentees = market.columns.mentors.ids, market.columns.mentees.ids
    for block in market.pairs.blocks():
        found = [
            PossibleMentor(mentors[col], score)
            for col, score in zip(block.cols.tolist(), block.score.tolist(), strict=True)
        ]
        ends = block.start.tolist()
        for at, first, stop in zip(block.mentees.tolist(), ends[:-1], ends[1:], strict=True):
            yield Possible(mentees[at], tuple(found[first:stop]))
