"""Who would suit this one person best, and what would it be to pair these two? Asked outside a run, about few people."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np

from app.domain.errors import RuleViolation
from app.domain.matching.columns import Codes, columns_of
from app.domain.matching.market import Market, open_market
from app.domain.matching.model import Mentee, Mentor, Pool, arrange
from app.domain.matching.policy import Policy
from app.domain.matching.scoring import Integers

_SEED = 0  # equal scores fall by a draw, so that whoever joined first is not always first


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A possible pair with a free place. `contributions` sum to `score`.

    `rank` is the place of the one suggested among all who are possible for the one who asks, mentors without a free
    place too: 1 is the best, and equal scores have equal ranks.
    """

    mentor: UUID
    mentee: UUID
    score: int  # 0..10 000
    contributions: Mapping[str, int]  # criterion -> points
    rank: int
    free_places: int  # of the mentor, after the pinned pairs have theirs


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a pair would be. `rank` and `feasible_mentors` as in a proposal: a full mentor counts and has a rank."""

    score: int
    contributions: Mapping[str, int]
    broken: tuple[str, ...]  # the names of every condition in the way, `freePlace` last
    rank: int | None  # None: a condition other than the free place keeps the two apart
    feasible_mentors: int


def suggest_mentors(pool: Pool, policy: Policy, mentee_id: UUID, limit: int) -> tuple[Suggestion, ...]:
    """The best possible mentors with a free place, `limit` at most; nobody for a mentee whose pair is pinned.

    Raises RuleViolation `matching.mentee_unknown`.
    """
    pool = arrange(pool)
    mentee = _find_mentee(pool, mentee_id)
    waiting = () if mentee_id in {one for _, one in pool.pins} else (mentee,)
    market = _open(pool, policy, pool.mentors, waiting)
    rows, cols, scores = _possible(market)
    return _best(market, rows, cols, scores, limit)


def suggest_mentees(pool: Pool, policy: Policy, mentor_id: UUID, limit: int) -> tuple[Suggestion, ...]:
    """The best possible mentees, `limit` at most, without those whose pair is pinned; nobody without a free place.

    By score alone: how long people have waited is weighed by a run, which sees everybody. Raises RuleViolation
    `matching.mentor_unknown`.
    """
    pool = arrange(pool)
    mentor = _find_mentor(pool, mentor_id)
    pinned = {mentee for _, mentee in pool.pins}
    market = _open(pool, policy, (mentor,), [one for one in pool.mentees if one.id not in pinned])
    rows, cols, scores = _possible(market)
    return _best(market, rows, cols, scores, limit)


def assess(pool: Pool, policy: Policy, mentor_id: UUID, mentee_id: UUID) -> Assessment:
    """What these two would be as a pair, possible or not. A pinned pair holds its own place, so it has one.

    Raises RuleViolation `matching.mentor_unknown` or `matching.mentee_unknown`.
    """
    pool = arrange(pool)
    mentor, mentee = _find_mentor(pool, mentor_id), _find_mentee(pool, mentee_id)
    pool = replace(pool, pins=pool.pins - {(mentor_id, mentee_id)})
    market = _open(pool, policy, pool.mentors, (mentee,))
    names, fails = market.failures(0)
    at = pool.mentors.index(mentor)
    row, col = np.array([0]), np.array([at])
    score = int(market.scorer.score(row, col)[0])
    _, _, scores = _possible(market)
    return Assessment(
        score=score,
        contributions=_contributions(market, row, col)[0],
        broken=tuple(name for name, is_broken in zip(names, fails[:, at].tolist(), strict=True) if is_broken),
        rank=None if fails[:-1, at].any() else 1 + int((scores > score).sum()),
        feasible_mentors=len(scores),
    )


def _find_mentor(pool: Pool, wanted: UUID) -> Mentor:
    found = next((one for one in pool.mentors if one.id == wanted), None)
    if found is None:
        raise RuleViolation("matching.mentor_unknown", mentor=str(wanted))
    return found


def _find_mentee(pool: Pool, wanted: UUID) -> Mentee:
    found = next((one for one in pool.mentees if one.id == wanted), None)
    if found is None:
        raise RuleViolation("matching.mentee_unknown", mentee=str(wanted))
    return found


def _open(pool: Pool, policy: Policy, mentors: Sequence[Mentor], mentees: Sequence[Mentee]) -> Market:
    """The market of these alone, with the places that the pinned pairs of the whole pool leave free."""
    taken = Counter(mentor for mentor, _ in pool.pins)
    left = tuple(replace(one, capacity=_places_left(one, policy, taken[one.id])) for one in mentors)
    few = Pool(left, tuple(mentees), pool.blocked)
    return open_market(columns_of(few), policy, _SEED)


def _places_left(mentor: Mentor, policy: Policy, taken: int) -> int:
    most = mentor.capacity if policy.most_mentees is None else min(mentor.capacity, policy.most_mentees)
    return max(0, most - taken)


def _possible(market: Market) -> tuple[Codes, Codes, Integers]:
    """Mentees, mentors and scores of the possible pairs, the best first."""
    none = np.zeros(0, dtype=np.int64)
    blocks = [*market.pairs.blocks()]
    rows = np.concatenate([none, *(block.rows for block in blocks)])
    cols = np.concatenate([none, *(block.cols for block in blocks)])
    scores = np.concatenate([none, *(block.score for block in blocks)])
    order = np.lexsort((market.draw(rows, cols), -scores))
    return rows[order], cols[order], scores[order]


def _best(market: Market, rows: Codes, cols: Codes, scores: Integers, limit: int) -> tuple[Suggestion, ...]:
    ranks = 1 + np.searchsorted(-scores, -scores)
    at = np.flatnonzero(market.capacity[cols] > 0)[:limit]
    mentors, mentees = market.columns.mentors.ids, market.columns.mentees.ids
    points = _contributions(market, rows[at], cols[at])
    columns = (rows[at], cols[at], scores[at], ranks[at], market.capacity[cols[at]])
    return tuple(
        Suggestion(mentors[col], mentees[row], score, parts, rank, places)
        for parts, row, col, score, rank, places in zip(points, *(one.tolist() for one in columns), strict=True)
    )


def _contributions(market: Market, rows: Codes, cols: Codes) -> list[dict[str, int]]:
    points = {one.value: values.tolist() for one, values in market.scorer.contributions(rows, cols).items()}
    return [{criterion: values[at] for criterion, values in points.items()} for at in range(len(rows))]
