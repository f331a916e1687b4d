"""Does exactly one acceptance win a mentor's last place, however many come at once?"""

import pytest
from sqlalchemy.exc import IntegrityError

from tests.features.matches.pairs import Place
from tests.features.matches.races import holders, is_fair, race, rivals, start_over
from tests.world import World


@pytest.mark.parametrize(("count", "rounds"), [(2, 15), (20, 3)])
def test_one_of_many_acceptances_wins(world: World, count: int, rounds: int) -> None:
    pairs = rivals(world, count)
    for _ in range(rounds):
        answers = race(pairs)
        assert is_fair(answers, world, pairs), answers
        start_over(world, pairs)
        assert holders(world, pairs) == 0


def test_the_database_itself_refuses_a_place_given_twice(world: World) -> None:
    pair = Place(world).active()
    with pytest.raises(IntegrityError, match="uq_match_mentor_place"):
        pair.place.active(mentor=pair.mentor, cohort=pair.place.new_cohort())
