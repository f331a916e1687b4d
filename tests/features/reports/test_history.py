"""Does the scorecard over time say the same as each tertial's own, and name those who are good at what?"""

from uuid import UUID

import pytest

from app.domain.glossary import Category
from app.domain.reports import Tertial
from tests.features.reports.test_program import DUTIES, handler, mentor, pair
from tests.features.reports.test_router import Committee
from tests.world import World


@pytest.fixture
def committee(world: World) -> Committee:
    return Committee(world)


def shown(committee: Committee, name: str, category: Category, **factors: str) -> UUID:
    told = [{"factor": int(one[1:]), "evidence": said, "url": None} for one, said in factors.items()]
    return committee.world.program(committee.world.partner(), name=name, category=category, shown_factors=told)


def test_every_tertial_says_what_its_own_scorecard_says(committee: Committee) -> None:
    program = committee.program(*DUTIES)
    for _ in range(3):
        pair(committee, committee.enrol(program), mentor(committee, committee.partner))
    reader = handler(committee)
    told = reader.get(f"/programs/{program}/reports/scorecard-history?year=2025&tertial=3&tertials=4").json()
    assert [one["id"] for one in told["periods"]] == ["2024-T3", "2025-T1", "2025-T2", "2025-T3"]
    assert [one["factor"] for one in told["factors"]] == [1, 2, 3, 4, 5, 6, 7]
    for place, period in enumerate(told["periods"]):
        asked = f"?year={period['year']}&tertial={period['tertial']}"
        own = reader.get(f"/programs/{program}/reports/scorecard{asked}").json()
        for factor, beside in zip(told["factors"], own["factors"], strict=True):
            at_once = [one for one in beside["evidence"] if one["code"] != "targetsReached"]
            assert factor["points"][place] == {**factor["points"][place], "periodId": period["id"], "evidence": at_once}
            assert factor["isSet"] == beside["isSet"]


def test_a_point_judges_what_there_is_to_judge(committee: Committee) -> None:
    program = committee.program(*DUTIES)
    pair(committee, committee.enrol(program), mentor(committee, committee.partner))
    told = (
        handler(committee).get(f"/programs/{program}/reports/scorecard-history?year=2025&tertial=3&tertials=2").json()
    )
    points = {factor["factor"]: [one["isShown"] for one in factor["points"]] for factor in told["factors"]}
    assert points[4] == [None, False]  # nobody began in the one; in the other somebody without training
    assert points[1] == [None, None]  # a purpose is not of a period


def test_good_examples_stand_beside_each_factor(committee: Committee) -> None:
    program = committee.program(*DUTIES, category=Category.YOUTH)
    near = shown(committee, "Nära", Category.YOUTH, f3="Intervju med båda", f7="Uppföljning efter ett år")
    far = shown(committee, "Långt borta", Category.OTHER, f3="Enkät")
    committee.world.program(
        committee.world.partner(), name="Utkast", is_published=False, shown_factors=[{"factor": 3, "evidence": "x"}]
    )
    told = handler(committee).get(f"/programs/{program}/reports/scorecard-history").json()
    examples = {one["factor"]: one["examples"] for one in told["factors"]}
    assert [(one["programId"], one["isSameCategory"]) for one in examples[3]] == [(str(near), True), (str(far), False)]
    assert [one["evidence"] for one in examples[7]] == ["Uppföljning efter ett år"]
    assert (examples[1], len(told["periods"])) == ([], 6)
    beside = handler(committee).get(f"/programs/{near}/reports/scorecard-history")
    assert beside.status_code == 403  # its own figures are not ours to see


@pytest.mark.parametrize("query", ["tertials=0", "tertials=10", "year=2025", "year=2300&tertial=1"])
def test_what_no_history_takes(committee: Committee, query: str) -> None:
    refused = handler(committee).get(f"/programs/{committee.program(*DUTIES)}/reports/scorecard-history?{query}")
    assert refused.status_code == 422


def test_tertials_are_counted_over_the_turn_of_the_year() -> None:
    assert [str(one) for one in Tertial(2025, 1).before(5)] == ["2023-T3", "2024-T1", "2024-T2", "2024-T3", "2025-T1"]
    assert Tertial(2025, 2).before(1) == (Tertial(2025, 2),)
