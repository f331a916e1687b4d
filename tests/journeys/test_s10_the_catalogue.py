"""S10: what the survey found is in the catalogue, a new programme begins after a good example, and says what it lacks."""

from typing import Any

import pytest

from tests.journeys import steps
from tests.journeys.steps import Cast
from tests.world import World

FOUND = [
    ("Påhittade Yrkesvägen", "professionalPeers", "mentoring"),
    ("Påhittade Företagsstarten", "professionalPeers", "introductionMeeting"),
    ("Påhittade Kvinna till kvinna", "womenWithImmigrantBackground", "mentoring"),
    ("Påhittade Dörröppnarna", "womenWithImmigrantBackground", "mentoring"),
    ("Påhittade Ungdomsmentorerna", "youth", "mentoring"),
    ("Påhittade Teknikresan", "youth", "internship"),
]
SURVEY = "kartläggning 2014"


@pytest.fixture(scope="module")
def cast(working_world: World) -> Cast:
    return Cast.of(working_world)


@pytest.fixture(scope="module")
def listed(cast: Cast) -> dict[str, str]:
    """The programmes that the survey found, described by the municipality; one of them is a good example."""
    made = {}
    for name, category, kind in FOUND:
        body = {
            "name": name,
            "summary": "Beskrivet i kartläggningen.",
            "kind": kind,
            "category": category,
            "listing": "listed",
            "source": SURVEY,
            "organizer": f"Föreningen {name}",
            "assuredOn": str(cast.today),
            "isPublished": True,
            "isExample": name == FOUND[2][0],
            "purpose": "Fler når egen försörjning.",
            "eligibility": {"minAge": 18},
            "shownFactors": [{"factor": 3, "evidence": "Båda intervjuas före matchningen."}],
        }
        made[name] = cast.owner.made("/programs", body)["id"]
    example = made[FOUND[2][0]]
    policy = cast.owner.get(f"/programs/{example}/default-matching-policy").json()["document"]
    cast.owner.made(f"/programs/{example}/matching-policies", {"document": policy})
    return made


def catalogue(cast: Cast, query: str) -> list[dict[str, Any]]:
    answered = cast.world.anonymous.get(f"/catalogue/programs?limit=100&{query}")
    assert answered.status_code == 200, answered.text
    items: list[dict[str, Any]] = answered.json()["items"]
    return items


def test_anybody_finds_what_the_survey_found(cast: Cast, listed: dict[str, str]) -> None:
    found = [one for one in catalogue(cast, "listing=listed") if one["source"] == SURVEY]
    assert {one["id"] for one in found} == set(listed.values())
    assert {one["category"] for one in found} == {"professionalPeers", "womenWithImmigrantBackground", "youth"}
    assert all(one["assuredOn"] == str(cast.today) and one["shownFactors"] and not one["isStale"] for one in found)
    assert [one["name"] for one in catalogue(cast, "q=dörröppnare")] == ["Påhittade Dörröppnarna"]


@pytest.fixture(scope="module")
def new(cast: Cast, listed: dict[str, str]) -> str:
    """The association begins after the municipality's good example."""
    association = cast.coordinators["association"]
    answered = association.post(f"/programs/{listed[FOUND[2][0]]}/copies", {"name": "Påhittade Syskonprogrammet"})
    assert (answered.status_code, answered.json()["leftOut"]) == (201, [])
    program: dict[str, Any] = answered.json()["program"]
    assert (program["exampleProgramId"], program["purpose"]) == (listed[FOUND[2][0]], "Fler når egen försörjning.")
    assert program["ownerPartnerId"] == str(cast.partners["association"])
    return str(program["id"])


def test_a_new_programme_says_what_it_lacks_and_whom_it_waits_for(cast: Cast, new: str) -> None:
    told = cast.coordinators["association"].get(f"/programs/{new}/readiness").json()
    items = {one["code"]: one for one in told["items"]}
    assert items["matching"]["isMet"], "the example's policy came along"
    assert items["training"]["isMet"], "so did its profile"
    assert items["purpose"]["missing"] == ["target"]
    assert {one["missing"] for one in told["toDo"]} >= {
        "target",
        "recruitMentors",
        "secondSectorOrReason",
        "menteeInformation",
    }
    assert {one["partner"]["id"] for one in told["toDo"]} == {str(cast.partners["association"])}, (
        "nobody else is in it yet"
    )
    assert told["toDo"][0]["text"]["sv"] == "Sätt ett mätbart mål: resultat, antal, dag."


def test_two_partners_are_never_accountable_for_one_duty(cast: Cast, new: str) -> None:
    parties = [str(cast.partners[key]) for key in ("association", "business")]
    duties = [{"duty": "proposeMatches", "partnerId": one, "level": "accountable"} for one in parties]
    draft = {"title": "Avtal", "terms": "…", "validFrom": str(cast.today), "parties": parties, "duties": duties}
    refused = cast.coordinators["association"].post(f"/programs/{new}/agreements", draft)
    assert (refused.status_code, refused.json()["code"]) == (422, "agreement.two_accountable")


def test_the_committee_gets_its_report_in_one_call(cast: Cast) -> None:
    program = steps.start_program(cast)
    steps.sign_agreement(cast, program)
    report = cast.owner.get("/reports/tertial").json()
    assert {"inEffort", "ended", "endedToSelfSufficiency"} <= {one["id"] for one in report["figures"]}
    assert all(one["population"]["sv"] and one["ruleId"] for one in report["figures"])
