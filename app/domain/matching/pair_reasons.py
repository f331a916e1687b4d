"""Why this pair? Points, rank, and what became of the best alternative, for every proposed pair."""

from collections.abc import Iterator

import numpy as np

from app.domain.matching.bitmaps import unpack
from app.domain.matching.columns import Codes
from app.domain.matching.constraints import find_feasible
from app.domain.matching.market import Market
from app.domain.matching.proposal import Alternative, LossReason, Pair
from app.domain.matching.solver import UNMATCHED, Integers
from app.domain.matching.survey import Survey


def describe_pairs(market: Market, mates: Codes, highest: Integers, found: Survey) -> Iterator[Pair]:
    """The pairs of the matching and the pinned ones, in order of mentee."""
    rows, cols = _with_pins(market, mates)
    points = {one.value: values.tolist() for one, values in market.scorer.contributions(rows, cols).items()}
    scores = market.scorer.score(rows, cols)
    reasons = _why_lost(market, rows, cols, scores, highest, found)
    mentors, mentees, criteria = market.columns.mentors.ids, market.columns.mentees.ids, list(points)
    columns = (
        rows, cols, scores, market.left_out[rows], np.isin(market.key(rows, cols), market.kept), found.better[rows],
        found.feasible[rows], found.alternative[rows], found.alternative_score[rows],
    )  # fmt: skip
    every = zip(*(one.tolist() for one in columns), reasons, zip(*points.values(), strict=True), strict=True)
    for row, col, score, is_pinned, is_kept, better, feasible, other, other_score, reason, parts in every:
        place = _place_of_pin(market, row, score) if is_pinned else (better, feasible)
        yield Pair(
            mentor=mentors[col],
            mentee=mentees[row],
            score=score,
            contributions=dict(zip(criteria, parts, strict=True)),
            rank=1 + place[0],
            feasible_mentors=place[1],
            alternative=None if other == UNMATCHED else Alternative(mentors[other], other_score, reason),
            is_pinned=is_pinned,
            is_kept=is_kept,
        )


def _with_pins(market: Market, mates: Codes) -> tuple[Codes, Codes]:
    whole = mates.copy()
    for mentee, mentor in market.columns.pins:
        whole[mentee] = mentor
    rows = np.flatnonzero(whole != UNMATCHED)
    return rows, whole[rows]


def _place_of_pin(market: Market, row: int, score: int) -> tuple[int, int]:
    """How many possible mentors score higher than the pinned one, and how many there are."""
    at = np.array([row])
    cols = np.flatnonzero(unpack(find_feasible(market.constraints, at), market.mentors)[0])
    scores = market.scorer.score(np.full(len(cols), row), cols)
    scores = scores[scores >= market.floor]
    return int((scores > score).sum()), len(scores)


def _why_lost(
    market: Market, rows: Codes, cols: Codes, scores: Integers, highest: Integers, found: Survey
) -> list[LossReason]:
    """What became of each pair's alternative; where there is none, the entry says nothing."""
    other, other_score = np.maximum(found.alternative[rows], 0), found.alternative_score[rows]
    if not market.mentors:
        return []
    own = market.base * market.priority[rows] + scores + market.bonus(rows, cols)
    its = market.base * market.priority[rows] + other_score + market.bonus(rows, other)
    is_free = market.capacity[other] > 0
    # the pair's slack: what any matching that holds the alternative loses at least
    kept = own - np.where(market.capacity[cols] > 0, highest[cols], 0)
    lost = kept + np.where(is_free, highest[other], 0) - its
    words = np.select(
        [~is_free, other_score < scores, other_score == scores, lost >= market.base],
        [0, 1, 2, 3],
        default=4,
    )
    return [_REASONS[word] for word in words.tolist()]


_REASONS = (
    LossReason.NO_FREE_PLACE,
    LossReason.LOWER_SCORE,
    LossReason.EQUAL_SCORE,
    LossReason.HIGHER_PRIORITY_ELSEWHERE,
    LossReason.PLACE_NEEDED_ELSEWHERE,
)
