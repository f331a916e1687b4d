"""Why this pair, and why not this person? Facts for every pair and every mentee without one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.matching.certificate import UNBOUNDED, Certificate
from app.domain.matching.constraints import Constraint
from app.domain.matching.model import Pool
from app.domain.matching.policy import Policy
from app.domain.matching.proposal import (
    Alternative,
    Blocking,
    LossReason,
    Pair,
    PriorityLacking,
    SmallestChange,
    Unmatched,
    UnmatchedKind,
)
from app.domain.matching.scoring import Scorer
from app.domain.matching.solver import UNMATCHED, Graph, Integers

SCORE_FLOOR = "scoreFloor"
FREE_PLACE = "freePlace"
# Never suggested as the change: facts, a person's own wish or missing consent, and what people have already declined.
_NOT_OURS_TO_CHANGE = {"samePerson", "blockedPair", "genderPreference", "agePreference", "sameHolder", FREE_PLACE}


@dataclass(frozen=True, slots=True)
class Solved:
    """A solved pool in canonical order. `score` and the draw belong to the graph's pairs."""

    pool: Pool
    policy: Policy
    constraints: Sequence[Constraint]
    scorer: Scorer
    graph: Graph
    score: Integers
    draw: NDArray[np.uint64]
    priority: Integers  # by mentee
    base: int
    chosen: Integers
    certificate: Certificate
    highest_prices: Integers

    def pairs_of(self, mentee: int) -> slice:
        """Where the graph holds the feasible pairs of one mentee."""
        first, last = np.searchsorted(self.graph.rows, [mentee, mentee + 1])
        return slice(int(first), int(last))


def describe_pairs(solved: Solved) -> Iterator[Pair]:
    graph, pool = solved.graph, solved.pool
    rows, cols = graph.rows[solved.chosen], graph.cols[solved.chosen]
    points = {one.value: values.tolist() for one, values in solved.scorer.contributions(rows, cols).items()}
    for at, index in enumerate(solved.chosen.tolist()):
        mine = solved.pairs_of(int(rows[at]))
        score = int(solved.score[index])
        yield Pair(
            mentor=pool.mentors[cols[at]].id,
            mentee=pool.mentees[rows[at]].id,
            score=score,
            contributions={criterion: values[at] for criterion, values in points.items()},
            rank=1 + int((solved.score[mine] > score).sum()),
            feasible_mentors=mine.stop - mine.start,
            alternative=_best_alternative(solved, mine, index),
        )


def _best_alternative(solved: Solved, mine: slice, index: int) -> Alternative | None:
    others = np.arange(mine.start, mine.stop)
    others = others[others != index]
    if not len(others):
        return None
    best = int(others[np.lexsort((solved.draw[others], solved.score[others]))[-1]])
    mentor = solved.pool.mentors[solved.graph.cols[best]]
    return Alternative(mentor.id, int(solved.score[best]), _why_lost(solved, best, index))


def _why_lost(solved: Solved, best: int, index: int) -> LossReason:
    graph, price = solved.graph, solved.highest_prices
    if not graph.capacity[graph.cols[best]]:
        return LossReason.NO_FREE_PLACE
    if solved.score[best] < solved.score[index]:
        return LossReason.LOWER_SCORE
    if solved.score[best] == solved.score[index]:
        return LossReason.EQUAL_SCORE
    # the pair's slack: what any matching that holds the alternative loses at least
    kept = graph.weight[index] - price[graph.cols[index]]
    if kept + price[graph.cols[best]] - graph.weight[best] >= solved.base:
        return LossReason.HIGHER_PRIORITY_ELSEWHERE
    return LossReason.PLACE_NEEDED_ELSEWHERE


def describe_unmatched(solved: Solved) -> Iterator[Unmatched]:
    mates = solved.graph.mates(solved.chosen)
    for mentee in np.flatnonzero(mates == UNMATCHED).tolist():
        mine = solved.pairs_of(mentee)
        count = mine.stop - mine.start
        names, fails = _failures(solved, mentee)
        yield Unmatched(
            mentee=solved.pool.mentees[mentee].id,
            kind=UnmatchedKind.PLACES_RAN_OUT if count else UnmatchedKind.NO_FEASIBLE_MENTOR,
            feasible_mentors=count,
            blocking=tuple(_blocking(names, fails)),
            smallest_change=None if count else _smallest_change(names, fails),
            priority_lacking=_priority_lacking(solved, mentee, mine) if count else None,
        )


def _failures(solved: Solved, mentee: int) -> tuple[list[str], NDArray[np.bool_]]:
    """By constraint and mentor, whether the constraint keeps this mentee from this mentor."""
    graph = solved.graph
    packed = np.stack([one.rows[one.of[mentee]] for one in solved.constraints])
    passes = [np.unpackbits(packed, axis=1, count=graph.mentors).astype(np.bool_)]
    names = [one.name for one in solved.constraints]
    if solved.policy.score_floor:
        everyone = np.arange(graph.mentors)
        scores = solved.scorer.score(np.full(graph.mentors, mentee), everyone)
        passes.append((scores >= solved.policy.score_floor)[None, :])
        names.append(SCORE_FLOOR)
    passes.append((graph.capacity > 0)[None, :])
    return [*names, FREE_PLACE], ~np.concatenate(passes)


def _blocking(names: Sequence[str], fails: NDArray[np.bool_]) -> Iterator[Blocking]:
    failed_alone = fails & (fails.sum(axis=0) == 1)
    for name, failed, alone in zip(names, fails.sum(axis=1).tolist(), failed_alone.sum(axis=1).tolist(), strict=True):
        if failed:
            yield Blocking(name, fails.shape[1] - failed, alone)


def _smallest_change(names: Sequence[str], fails: NDArray[np.bool_]) -> SmallestChange | None:
    """The fewest constraints that open a mentor; among as few, those that open most; then the order of `names`."""
    bits = np.left_shift(1, np.arange(len(names), dtype=np.int64))
    fixed = int(bits[[name in _NOT_OURS_TO_CHANGE for name in names]].sum())
    masks, counts = np.unique(bits @ fails, return_counts=True)
    masks, counts = masks[masks & fixed == 0], counts[masks & fixed == 0]
    if not len(masks):
        return None
    sizes = np.bitwise_count(masks)
    fewest = np.flatnonzero(sizes == sizes.min())  # no smaller set opens anyone, so each opens its own mentors only
    best = fewest[np.lexsort((masks[fewest], -counts[fewest]))[0]]
    changed = tuple(name for name, bit in zip(names, bits.tolist(), strict=True) if bit & int(masks[best]))
    return SmallestChange(changed, int(counts[best]))


def _priority_lacking(solved: Solved, mentee: int, mine: slice) -> PriorityLacking | None:
    """The fewest further tiers after which this mentee certainly has a place, all else unchanged."""
    price = solved.highest_prices[solved.graph.cols[mine]]
    bounded = price < UNBOUNDED
    if not bounded.any():
        return None
    needed = int(((price[bounded] - solved.score[mine][bounded]) // solved.base).min()) + 1
    policy = solved.policy
    return PriorityLacking(
        tiers=needed - int(solved.priority[mentee]),
        days=(needed - 1) * policy.tier_days - solved.pool.mentees[mentee].waiting_days,
        is_reachable=needed <= policy.max_tier,
    )
