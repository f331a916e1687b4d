"""Where nobody fits anybody, are the fewest conditions named that together keep everybody from everybody?"""

import random
from itertools import combinations
from typing import Any

import pytest

from app.domain.matching.engine import propose
from tests.domain.matching.people import make_mentee, make_mentor, make_policy, make_pool, person_id

# In the order in which the engine names them, with what a mentor lacks who breaks them beside a mentee of the capital.
NAMES = ("mentorReady", "mentorLanguage", "sharedLanguage", "availability", "place", "sameEmployer")
LACKS: list[tuple[dict[str, Any], set[str]]] = [
    ({"is_ready": False}, {"mentorReady"}),
    ({"languages": {}}, {"mentorLanguage", "sharedLanguage"}),
    ({"availability": frozenset({100})}, {"availability"}),
    ({"place": "1480"}, {"place"}),
    ({"employer": person_id(900)}, {"sameEmployer"}),
]


@pytest.mark.parametrize("seed", range(30))
def test_the_first_of_the_smallest_sets_is_named(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  invented people
    lacking = [chance.sample(LACKS, chance.randint(1, 2)) for _ in range(chance.randint(1, 4))]
    places = ["0182", *(chance.choice(["0182", "0182", "1480"]) for _ in range(chance.randrange(3)))]
    mentors, mentees, broken = [], [], []
    for number, place in enumerate(places):
        mentees.append(make_mentee(number, place=place, employer=person_id(900)))
    for number, some in enumerate(lacking):
        changes: dict[str, Any] = {}
        for change, _ in some:
            changes |= change
        mentors.append(make_mentor(number, **changes))
        names = set[str]().union(*(broke for _, broke in some))
        near = changes.get("place", "0182")
        broken += [names - {"place"} | ({"place"} if place != near else set()) for place in places]
    covering = (
        chosen
        for size in range(1, len(NAMES) + 1)
        for chosen in combinations(NAMES, size)
        if all(one & set(chosen) for one in broken)
    )
    expected = next(covering) if all(broken) else ()
    assert propose(make_pool(mentors, mentees), make_policy(), seed=1).contradiction == expected
