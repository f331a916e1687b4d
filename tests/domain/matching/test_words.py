"""Are a single pair's points and obstacles said in the words of a run?"""

from app.domain.matching.suggestions import suggest_mentors
from app.domain.matching.words import explain_broken, explain_points
from tests.domain.matching.people import make_mentee, make_mentor, make_policy, make_pool


def test_points_and_obstacles_are_said_in_the_words_of_a_run() -> None:
    pool = make_pool([make_mentor(0)], [make_mentee(0)])
    (best,) = suggest_mentors(pool, make_policy(), pool.mentees[0].id, 1)
    assert explain_points(best, "en")[0].startswith("Score")
    assert explain_points(best, "sv")[0].startswith("Poäng")
    assert explain_broken(["place"], "sv") == ("Ett villkor hindrar: platsen.",)
    two = explain_broken(["place", "freePlace"], "en")
    assert two == ("Conditions stand in the way: the place; a free place with the mentor.",)
