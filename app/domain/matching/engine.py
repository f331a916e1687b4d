"""Who should meet whom in this pool, by this policy, and is that proven?"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from app.domain.matching.certificate import Certificate, count_mates, find_highest_prices, is_proven
from app.domain.matching.columns import Columns, columns_of
from app.domain.matching.fingerprint import digest_pool
from app.domain.matching.floor import raise_floor
from app.domain.matching.greedy import take_greedily
from app.domain.matching.group_proposal import are_proven, propose_groups
from app.domain.matching.market import Market, open_market
from app.domain.matching.model import Pool, arrange
from app.domain.matching.optimum import Optimum, find_optimum, find_true_highest_prices
from app.domain.matching.pair_reasons import describe_pairs
from app.domain.matching.policy import Policy, digest
from app.domain.matching.proposal import Duals, Proposal
from app.domain.matching.solver import UNMATCHED, Integers
from app.domain.matching.survey import survey
from app.domain.matching.unmatched_reasons import describe_unmatched, find_contradiction

ENGINE_VERSION = "4"  # raised whenever the same input may give another proposal
STAGES = 5

Progress = Callable[[int, int], None]


def propose(pool: Pool, policy: Policy, seed: int, progress: Progress | None = None) -> Proposal:
    """The best matching: most people, then longest waiting, then highest total score; ties fall by `seed`.

    `progress` is called with (stages done, stages in all) and may raise to cancel. The same pool, in any order, with
    the same policy and seed gives the same proposal. Raises RuleViolation `matching.person_twice`,
    `matching.enrolment_twice`, `matching.pin_unknown`, `matching.pin_twice`, `matching.pin_breaks_constraint`,
    `matching.weights_too_large` or `matching.groups_too_large`.
    """
    pool = arrange(pool)
    proposal = propose_columns(columns_of(pool), policy, seed, progress)
    return replace(proposal, pool_digest=digest_pool(pool), policy_digest=digest(policy))


def propose_columns(
    columns: Columns, policy: Policy, seed: int, progress: Progress | None = None, rounds: int | None = None
) -> Proposal:
    """The same of a pool in columns, without the digests.

    With `rounds` no more rounds of pricing are made than that: a large pool may then be left with a gap, which is true.
    """
    report = progress or (lambda _done, _all: None)
    market = open_market(columns, policy, seed)
    report(1, STAGES)
    if policy.group:
        return replace(propose_groups(market, policy.group, seed, report), engine_version=ENGINE_VERSION)
    found = find_optimum(market, rounds)
    report(2, STAGES)
    market, found = raise_floor(market, found) if policy.raises_floor else (market, found)
    report(3, STAGES)
    is_optimal = is_proven(market, found.mates, found.certificate)
    report(4, STAGES)
    proposal = _compose(market, found, seed, is_optimal=is_optimal)
    report(STAGES, STAGES)
    return proposal


def verify(pool: Pool, policy: Policy, proposal: Proposal) -> bool:
    """Whether the proposal's pairs are allowed, scored rightly, and proven optimal by its duals.

    Everything is computed anew from the pool and the policy; no solver runs.
    """
    pool = arrange(pool)
    if (proposal.pool_digest, proposal.policy_digest) != (digest_pool(pool), digest(policy)):
        return False
    if not 0 <= proposal.score_floor - policy.score_floor <= policy.raises_floor * proposal.score_floor:
        return False
    columns = columns_of(pool)
    market = open_market(columns, replace(policy, score_floor=proposal.score_floor), proposal.seed)
    mates, prices = _read_mates(market, proposal), _read_prices(pool, proposal.duals)
    if mates is None or prices is None or proposal.duals.base != market.base:
        return False
    if policy.group:
        return are_proven(market, policy.group, mates, proposal)
    return is_proven(market, mates, prices)


def _read_mates(market: Market, proposal: Proposal) -> Integers | None:
    """The proposed mates; None when a pair is not of the pool, is scored wrongly, or a pin is missing."""
    mentor_at = {one: at for at, one in enumerate(market.columns.mentors.ids)}
    mentee_at = {one: at for at, one in enumerate(market.columns.mentees.ids)}
    pairs = [(mentee_at.get(pair.mentee), mentor_at.get(pair.mentor)) for pair in proposal.pairs]
    if any(None in pair for pair in pairs):
        return None
    rows, cols = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    if len(np.unique(rows)) < len(rows):
        return None
    if market.scorer.score(rows, cols).tolist() != [pair.score for pair in proposal.pairs]:
        return None
    if not set(market.columns.pins) <= set(pairs):
        return None
    mates = np.full(market.mentees, UNMATCHED, dtype=np.int64)
    mates[rows] = cols
    mates[market.left_out] = UNMATCHED
    return mates


def _read_prices(pool: Pool, duals: Duals) -> Certificate | None:
    try:
        mentees = [duals.mentees[mentee.id] for mentee in pool.mentees]
        mentors = [duals.mentors[mentor.id] for mentor in pool.mentors]
        return Certificate(np.array(mentees, dtype=np.int64), np.array(mentors, dtype=np.int64))
    except (KeyError, OverflowError):
        return None


def _compose(market: Market, found: Optimum, seed: int, *, is_optimal: bool) -> Proposal:
    mates = found.mates
    # Of a matching that can be improved the highest prices have no floor: then the candidates' must do.
    highest = find_true_highest_prices(market, found) if is_optimal else find_highest_prices(found.graph, mates)
    held = market.held(mates)
    matched = np.flatnonzero(mates != UNMATCHED)
    own = np.zeros(market.mentees, dtype=np.int64)
    own[matched] = market.scorer.score(matched, mates[matched])
    looked = survey(market, mates, own, highest)
    pairs = tuple(describe_pairs(market, mates, highest, looked))
    alone = np.flatnonzero((mates == UNMATCHED) & ~market.left_out)
    idle = (market.capacity > 0) & (count_mates(mates, market.mentors) == 0)
    idle[[mentor for _, mentor in market.columns.pins]] = False
    mentors = market.columns.mentors.ids
    return Proposal(
        pairs=pairs,
        unmatched=tuple(describe_unmatched(market, alone, looked)),
        unused_mentors=tuple(mentors[index] for index in np.flatnonzero(idle).tolist()),
        people=len(pairs),
        priority=int(market.priority[matched].sum() + market.priority[market.left_out].sum()),
        score=sum(pair.score for pair in pairs),
        weight=int(held.sum()),
        bound=found.certificate.bound(market.capacity),
        is_optimal=is_optimal,
        score_floor=market.floor,
        contradiction=find_contradiction(market),
        duals=_name_prices(market, found.certificate),
        greedy=take_greedily(market),
        seed=seed,
        pool_digest="",
        policy_digest="",
        engine_version=ENGINE_VERSION,
    )


def _name_prices(market: Market, certificate: Certificate) -> Duals:
    columns = market.columns
    return Duals(
        base=market.base,
        mentees=dict(zip(columns.mentees.ids, certificate.mentee_price.tolist(), strict=True)),
        mentors=dict(zip(columns.mentors.ids, certificate.mentor_price.tolist(), strict=True)),
    )
