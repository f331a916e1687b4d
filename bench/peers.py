"""How do others solve the same pairs? mentor-match (UK Civil Service) and networkx, and scoring in plain Python."""

import warnings
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from app.domain.matching.market import Market
from app.domain.matching.model import Mentee, Mentor
from app.domain.matching.policy import Criterion, Policy
from app.domain.matching.scoring import ENOUGH_HOURS, ENOUGH_INTERESTS, share_points
from app.domain.matching.solver import Graph
from app.domain.matching.where import county, municipality


def solve_by_mentor_match(graph: Graph) -> int:
    """The weight that mentor-match 7 reaches, each mentor with one place; what is not possible is disqualified there."""
    from matching import process  # noqa: PLC0415  a peer, installed for the bench alone
    from matching.mentee import Mentee as TheirMentee  # noqa: PLC0415
    from matching.mentor import Mentor as TheirMentor  # noqa: PLC0415
    from matching.rules import rule  # noqa: PLC0415

    weights = dict(zip(zip(graph.rows.tolist(), graph.cols.tolist(), strict=True), graph.weight.tolist(), strict=True))

    class Weight(rule.Rule):  # type: ignore[misc]
        def apply(self, match_object: Any) -> int:
            weight: int = weights[match_object.mentee.grade, match_object.mentor.grade]
            return weight

    possible = rule.Disqualify(lambda match: (match.mentee.grade, match.mentor.grade) not in weights)
    mentors = [TheirMentor(grade=number) for number in range(graph.mentors)]
    mentees = [TheirMentee(grade=number) for number in range(graph.mentees)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        process.process_data(mentors, mentees, [[Weight(), possible]])  # it asks the last rule first
    pairs = [(mentee.grade, mentor.grade) for mentee in mentees for mentor in mentee.mentors]
    return sum(weights[pair] for pair in pairs)


def solve_by_scipy(graph: Graph) -> int:
    """The weight that SciPy's solver reaches on the whole graph: a column per place, and one per mentee for none."""
    first = np.concatenate([[0], np.cumsum(graph.capacity)])
    copies = graph.capacity[graph.cols]
    nth = np.arange(int(copies.sum())) - np.repeat(np.cumsum(copies) - copies, copies)
    slots, nobody, top = int(first[-1]), np.arange(graph.mentees), int(graph.weight.max())
    costs = np.concatenate([top + 1 - np.repeat(graph.weight, copies), np.full(graph.mentees, top + 1)])
    rows = np.concatenate([np.repeat(graph.rows, copies), nobody])
    cols = np.concatenate([np.repeat(first[graph.cols], copies) + nth, slots + nobody])
    matrix = csr_array((costs.astype(np.float64), (rows, cols)), shape=(graph.mentees, slots + graph.mentees))
    taken = min_weight_full_bipartite_matching(matrix)
    return (top + 1) * graph.mentees - int(matrix[taken].sum())


def solve_by_networkx(graph: Graph) -> int:
    """The weight that `max_weight_matching` reaches, each mentor with one place."""
    import networkx as nx  # noqa: PLC0415  a peer, installed for the bench alone

    peer = nx.Graph()
    edges = zip(graph.rows.tolist(), (graph.mentees + graph.cols).tolist(), graph.weight.tolist(), strict=True)
    peer.add_weighted_edges_from(edges)
    return int(sum(peer[one][other]["weight"] for one, other in nx.max_weight_matching(peer)))


def score_in_plain_python(policy: Policy, mentors: list[Mentor], mentees: list[Mentee]) -> list[int]:
    """The scores of all pairs as a straightforward program computes them: the same points, one pair at a time."""
    points = share_points(policy.weights)
    return [_score(policy, points, mentor, mentee) for mentee in mentees for mentor in mentors]


def _score(policy: Policy, points: dict[Criterion, int], mentor: Mentor, mentee: Mentee) -> int:
    marks = {
        Criterion.OCCUPATION: policy.ssyk_marks[_common_digits(mentor.occupation, mentee.occupation)],
        Criterion.SKILLS: len(mentor.skills & mentee.skills) * 1000 // max(1, len(mentee.skills)),
        Criterion.GOALS: len(mentor.goals & mentee.goals) * 1000 // max(1, len(mentee.goals)),
        Criterion.INTERESTS: min(len(mentor.interests & mentee.interests), ENOUGH_INTERESTS) * 1000 // ENOUGH_INTERESTS,
        Criterion.LANGUAGES: max(
            (min(level.rank, mentor.languages[code].rank) for code, level in mentee.languages.items() if code in mentor.languages),
            default=0,
        ) * 1000 // 7,
        Criterion.AVAILABILITY: min(len(mentor.availability & mentee.availability), ENOUGH_HOURS) * 1000 // ENOUGH_HOURS,
        Criterion.PLACE: _nearness(mentor, mentee),
    }  # fmt: skip
    return sum(points[criterion] * mark // 1000 for criterion, mark in marks.items())


def _common_digits(one: str | None, other: str | None) -> int:
    common = 0
    for left, right in zip(one or "", other or "", strict=False):
        if left != right:
            break
        common += 1
    return common


def _nearness(mentor: Mentor, mentee: Mentee) -> int:
    if mentor.place is not None and mentor.place == mentee.place:
        return 1000
    if mentor.place is not None and municipality(mentor.place) == municipality(mentee.place):
        return 800
    if county(mentor.place) is not None and county(mentor.place) == county(mentee.place):
        return 400
    return 300 if mentor.has_remote and mentee.has_remote else 0


def score_with_columns(market: Market, mentees: int) -> list[int]:
    """The same pairs by the engine's scorer."""
    rows = np.repeat(np.arange(mentees), market.mentors)
    cols = np.tile(np.arange(market.mentors), mentees)
    found: list[int] = market.scorer.score(rows, cols).tolist()
    return found
