"""Is exactly what a run could choose from told to whoever checks its proof?"""

from dataclasses import replace

from app.domain.matching.engine import propose
from app.domain.matching.possible import possible_pairs
from tests.domain.matching.people import make_mentee, make_mentor, make_policy, make_pool


def test_every_possible_pair_with_its_score_and_no_other() -> None:
    mentors = [make_mentor(0), make_mentor(1, capacity=0), make_mentor(2, languages={})]
    pool = make_pool(mentors, [make_mentee(0), make_mentee(1, occupation="5120")])
    found = {one.mentee: one.mentors for one in possible_pairs(pool, make_policy(), 0)}
    assert list(found) == [one.id for one in pool.mentees]
    assert [[one.id for one in some] for some in found.values()] == [[mentors[0].id, mentors[1].id]] * 2
    (pair,) = propose(pool, make_policy(), 1).pairs
    assert pair.score in {one.score for one in found[pair.mentee]}
    high = max(one.score for one in found[pool.mentees[0].id])
    assert [len(one.mentors) for one in possible_pairs(pool, make_policy(), high)] == [2, 0]
    pinned = replace(pool, pins=frozenset({(mentors[0].id, pool.mentees[0].id)}))
    assert [len(one.mentors) for one in possible_pairs(pinned, make_policy(), 0)] == [0, 2]
