"""Who should meet whom in this pool, by this policy, and is that proven?"""

from collections.abc import Callable
from hashlib import blake2b
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from app.domain.matching.certificate import (
    Certificate,
    find_certificate,
    find_highest_prices,
    is_proven,
)
from app.domain.matching.constraints import Constraint, constrain, find_edges, find_feasible
from app.domain.matching.fingerprint import digest_pool
from app.domain.matching.model import Pool, arrange
from app.domain.matching.policy import FULL_SCORE, Policy, digest
from app.domain.matching.proposal import Duals, Greedy, Proposal
from app.domain.matching.reasons import Solved, describe_pairs, describe_unmatched
from app.domain.matching.scoring import Scorer
from app.domain.matching.solver import Graph, Integers, break_ties, draw_pairs, solve, take_greedily

ENGINE_VERSION = "2"  # raised whenever the same input may give another proposal
STAGES = 5

Progress = Callable[[int, int], None]


def propose(pool: Pool, policy: Policy, seed: int, progress: Progress | None = None) -> Proposal:
    """The best matching: most people, then longest waiting, then highest total score; ties fall by `seed`.

    `progress` is called with (stages done, stages in all) and may raise to cancel. The same pool, in any order, with
    the same policy and seed gives the same proposal. Raises RuleViolation `matching.person_twice`,
    `matching.enrolment_twice` or `matching.weights_too_large`.
    """
    report = progress or (lambda _done, _all: None)
    pool = arrange(pool)
    market = _Market(pool, policy, seed)
    report(1, STAGES)
    chosen = solve(market.graph)
    report(2, STAGES)
    certificate = find_certificate(market.graph, chosen)
    if is_proven(market.graph, chosen, certificate):
        chosen = break_ties(market.graph, certificate.mentee_price, certificate.mentor_price, market.draw)
    report(3, STAGES)
    is_optimal = is_proven(market.graph, chosen, certificate)
    solved = market.solved(chosen, certificate)
    report(4, STAGES)
    proposal = _compose(solved, seed, is_optimal=is_optimal)
    report(STAGES, STAGES)
    return proposal


def verify(pool: Pool, policy: Policy, proposal: Proposal) -> bool:
    """Whether the proposal's pairs are allowed, scored rightly, and proven optimal by its duals.

    Everything is computed anew from the pool and the policy; no solver runs.
    """
    pool = arrange(pool)
    if (proposal.pool_digest, proposal.policy_digest) != (digest_pool(pool), digest(policy)):
        return False
    market = _Market(pool, policy, proposal.seed)
    if proposal.duals.base != market.base:
        return False
    chosen = market.find_pairs([(pair.mentee, pair.mentor, pair.score) for pair in proposal.pairs])
    prices = _read_prices(pool, proposal.duals)
    return chosen is not None and prices is not None and is_proven(market.graph, chosen, prices)


class _Market:
    """A pool by a policy as arrays: the feasible pairs, their scores and their weights."""

    def __init__(self, pool: Pool, policy: Policy, seed: int) -> None:
        self.pool, self.policy = pool, policy
        self.constraints: tuple[Constraint, ...] = constrain(pool, policy)
        self.scorer = Scorer(pool, policy)
        rows, cols = find_edges(find_feasible(self.constraints), len(pool.mentors))
        score = self.scorer.score(rows, cols)
        kept = np.flatnonzero(score >= policy.score_floor)
        rows, cols, self.score = rows[kept], cols[kept], score[kept]
        self.base = FULL_SCORE * len(pool.mentees) + 1  # more than all scores together: priority comes first
        tiers = [1 + min(mentee.waiting_days // policy.tier_days, policy.max_tier - 1) for mentee in pool.mentees]
        self.priority: Integers = np.array(tiers, dtype=np.int64)
        capacity = np.array([mentor.capacity for mentor in pool.mentors], dtype=np.int64)
        self.graph = Graph(len(tiers), capacity, rows, cols, self.base * self.priority[rows] + self.score)
        self.draw = draw_pairs(
            self.graph,
            _keyed_hashes([mentee.id for mentee in pool.mentees], seed),
            _keyed_hashes([mentor.id for mentor in pool.mentors], seed),
        )

    def solved(self, chosen: Integers, certificate: Certificate) -> Solved:
        return Solved(
            pool=self.pool,
            policy=self.policy,
            constraints=self.constraints,
            scorer=self.scorer,
            graph=self.graph,
            score=self.score,
            draw=self.draw,
            priority=self.priority,
            base=self.base,
            chosen=chosen,
            certificate=certificate,
            highest_prices=find_highest_prices(self.graph, chosen),
        )

    def find_pairs(self, pairs: list[tuple[UUID, UUID, int]]) -> Integers | None:
        """Indexes of (mentee, mentor, score) among the feasible pairs; None when one is not there."""
        mentees, mentors = self.pool.mentees, self.pool.mentors
        triples = zip(self.graph.rows.tolist(), self.graph.cols.tolist(), self.score.tolist(), strict=True)
        where = {(mentees[row].id, mentors[col].id, score): at for at, (row, col, score) in enumerate(triples)}
        if not all(pair in where for pair in pairs):
            return None
        return np.array([where[pair] for pair in pairs], dtype=np.int64)


def _keyed_hashes(ids: list[UUID], seed: int) -> NDArray[np.uint64]:
    key = blake2b(str(seed).encode(), digest_size=32).digest()
    joined = b"".join(blake2b(one.bytes, digest_size=8, key=key).digest() for one in ids)
    return np.frombuffer(joined, dtype="<u8").astype(np.uint64)


def _read_prices(pool: Pool, duals: Duals) -> Certificate | None:
    try:
        mentees = [duals.mentees[mentee.id] for mentee in pool.mentees]
        mentors = [duals.mentors[mentor.id] for mentor in pool.mentors]
        return Certificate(np.array(mentees, dtype=np.int64), np.array(mentors, dtype=np.int64))
    except (KeyError, OverflowError):
        return None


def _compose(solved: Solved, seed: int, *, is_optimal: bool) -> Proposal:
    graph, pool, chosen = solved.graph, solved.pool, solved.chosen
    greedy = take_greedily(graph, solved.draw)
    idle = graph.capacity > 0
    idle[graph.cols[chosen]] = False
    return Proposal(
        pairs=tuple(describe_pairs(solved)),
        unmatched=tuple(describe_unmatched(solved)),
        unused_mentors=tuple(pool.mentors[index].id for index in np.flatnonzero(idle).tolist()),
        people=len(chosen),
        priority=int(solved.priority[graph.rows[chosen]].sum()),
        score=int(solved.score[chosen].sum()),
        weight=int(graph.weight[chosen].sum()),
        bound=solved.certificate.bound(graph),
        is_optimal=is_optimal,
        duals=_name_prices(solved),
        greedy=Greedy(len(greedy), int(solved.score[greedy].sum())),
        seed=seed,
        pool_digest=digest_pool(pool),
        policy_digest=digest(solved.policy),
        engine_version=ENGINE_VERSION,
    )


def _name_prices(solved: Solved) -> Duals:
    mentee_prices, mentor_prices = solved.certificate.mentee_price.tolist(), solved.certificate.mentor_price.tolist()
    return Duals(
        base=solved.base,
        mentees={one.id: price for one, price in zip(solved.pool.mentees, mentee_prices, strict=True)},
        mentors={one.id: price for one, price in zip(solved.pool.mentors, mentor_prices, strict=True)},
    )
