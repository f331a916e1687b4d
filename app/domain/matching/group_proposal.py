"""What does a run with groups hand back? The same as any run, with the groups, and a bound for every aim."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from uuid import UUID

import numpy as np

from app.domain.matching.certificate import UNBOUNDED, count_mates
from app.domain.matching.columns import Booleans, Codes
from app.domain.matching.group_proof import AIMS, CLOSED, OPEN, Part, bound, candidates_of, is_whole, values_of
from app.domain.matching.group_sizes import GROUP_SIZE, Limits, are_groups, is_contradictory, limits_of
from app.domain.matching.groups import Groups, Proof, find_groups
from app.domain.matching.market import Market
from app.domain.matching.pair_reasons import describe_pairs
from app.domain.matching.policy import GroupSize
from app.domain.matching.proposal import Aim, Blocking, Duals, Group, Leaf, Proposal, Stage, Unmatched
from app.domain.matching.solver import UNMATCHED
from app.domain.matching.survey import survey
from app.domain.matching.unmatched_reasons import describe_unmatched, find_contradiction


def propose_groups(market: Market, size: GroupSize, seed: int, report: Callable[[int, int], None]) -> Proposal:
    """The best groups. The lowest score is the policy's own: it is not raised.

    Places have no prices of their own, for one more place may be worth nothing before a second one opens a group: nobody
    is told how long they would have to wait.
    """
    stages = len(AIMS) + 2
    limits = limits_of(market, size)
    found = find_groups(market, limits)
    report(stages - 1, stages)
    proposal = _compose(market, limits, found, seed)
    report(stages, stages)
    return proposal


def are_proven(market: Market, size: GroupSize, mates: Codes, proposal: Proposal) -> bool:
    """Whether the proposal's groups are of allowed sizes and its prices prove that none are better."""
    limits = limits_of(market, size)
    if not are_groups(market, mates, limits) or proposal.groups != _name_groups(market, limits, mates):
        return False
    if [one.aim for one in proposal.stages] != list(AIMS):
        return False
    candidates, values = candidates_of(market, limits), values_of(market, mates)
    for aim, stage in enumerate(proposal.stages):
        parts = [_read(market, leaf, aim) for leaf in stage.leaves]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts) or not is_whole([part.decided for part in known]):
            return False
        highest = max(bound(candidates, limits, values, part) for part in known)
        if not highest == stage.bound == stage.value == values[aim]:
            return False
    return True


def _read(market: Market, leaf: Leaf, aim: int) -> Part | None:
    """None when a price or multiplier is missing or negative."""
    ids = market.columns.mentors.ids
    decided = [OPEN * (one in leaf.opened) or CLOSED * (one in leaf.closed) for one in ids]
    try:
        prices = np.array([leaf.prices[one] for one in market.columns.mentees.ids], dtype=np.int64)
    except (KeyError, OverflowError):
        return None
    if len(leaf.multipliers) != aim or any(one < 0 for one in (*leaf.multipliers, *prices.tolist())):
        return None
    return Part(np.array(decided, dtype=np.int64), prices, leaf.multipliers)


def _compose(market: Market, limits: Limits, found: Groups, seed: int) -> Proposal:
    mates = found.mates
    matched = np.flatnonzero(mates != UNMATCHED)
    own = np.zeros(market.mentees, dtype=np.int64)
    own[matched] = market.scorer.score(matched, mates[matched])
    nothing, never = np.zeros(market.mentors, dtype=np.int64), np.full(market.mentors, UNBOUNDED)
    looked = survey(market, mates, own, never)
    pairs = tuple(describe_pairs(market, mates, nothing, looked))
    alone = np.flatnonzero((mates == UNMATCHED) & ~market.left_out)
    size = limits.pinned + count_mates(mates, market.mentors)
    weight, most = _weigh(market, found)
    return Proposal(
        pairs=pairs,
        unmatched=tuple(_say_unopened(market, describe_unmatched(market, alone, looked), alone, size > 0)),
        unused_mentors=_name(market, np.flatnonzero((market.capacity > 0) & (size == 0))),
        people=len(pairs),
        priority=int(market.priority[matched].sum() + market.priority[market.left_out].sum()),
        score=sum(pair.score for pair in pairs),
        weight=weight,
        bound=most,
        score_floor=market.floor,
        contradiction=find_contradiction(market) or ((GROUP_SIZE,) if is_contradictory(market, limits) else ()),
        is_optimal=found.proven == len(AIMS) and are_groups(market, mates, limits),
        duals=Duals(
            base=market.base,
            mentees=dict.fromkeys(market.columns.mentees.ids, 0),
            mentors=dict.fromkeys(market.columns.mentors.ids, 0),
        ),
        greedy=None,
        seed=seed,
        pool_digest="",
        policy_digest="",
        engine_version="",
        groups=_name_groups(market, limits, mates),
        stages=tuple(_name_stage(market, aim, proof) for aim, proof in zip(AIMS, found.proofs, strict=True)),
    )


def _weigh(market: Market, found: Groups) -> tuple[int, int]:
    """The three aims as one weight, and a bound of it: as if whatever is not proven could be all there is."""
    priority = market.base  # exceeds all scores together
    person = priority * (int(market.priority.sum()) + 1)
    units = (person, priority, 1)
    weight = sum(unit * proof.value for unit, proof in zip(units, found.proofs, strict=True))
    if found.proven == len(AIMS):
        return weight, weight
    most = sum(unit * proof.bound for unit, proof in zip(units[: found.proven + 1], found.proofs, strict=False))
    return weight, most + units[found.proven] - 1


def _say_unopened(
    market: Market, unmatched: Iterable[Unmatched], mentees: Codes, is_open: Booleans
) -> Iterator[Unmatched]:
    """With the mentors who fit and have free places, but lead no group: they are not free places."""
    has_no_group = (market.capacity > 0) & ~is_open
    passing = market.mentors - int(has_no_group.sum())
    fitting = np.zeros(market.mentees, dtype=np.int64)
    for block in market.pairs.blocks():
        fitting += np.bincount(block.rows[has_no_group[block.cols]], minlength=market.mentees)
    for unopened, left in zip(fitting[mentees].tolist(), unmatched, strict=True):
        more = (Blocking(GROUP_SIZE, passing, unopened),) if unopened else ()
        yield replace(left, blocking=(*left.blocking, *more))


def _name_groups(market: Market, limits: Limits, mates: Codes) -> tuple[Group, ...]:
    """In order of mentor, those too that only pinned mentees are in."""
    size = limits.pinned + count_mates(mates, market.mentors)
    at = np.flatnonzero(size)
    return tuple(Group(mentor, members) for mentor, members in zip(_name(market, at), size[at].tolist(), strict=True))


def _name_stage(market: Market, aim: Aim, proof: Proof) -> Stage:
    mentees = market.columns.mentees.ids
    leaves = (
        Leaf(
            opened=frozenset(_name(market, np.flatnonzero(part.decided == OPEN))),
            closed=frozenset(_name(market, np.flatnonzero(part.decided == CLOSED))),
            prices=dict(zip(mentees, part.prices.tolist(), strict=True)),
            multipliers=part.multipliers,
        )
        for part in proof.parts
    )
    return Stage(aim, proof.value, proof.bound, tuple(leaves))


def _name(market: Market, at: Codes) -> tuple[UUID, ...]:
    return tuple(market.columns.mentors.ids[index] for index in at.tolist())
