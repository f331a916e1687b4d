"""Do a program's rules let in by what is known on the intake day, and does a refusal show the way on?"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.domain.glossary import Gender
from app.domain.lifecycles import CohortStatus
from app.features.participants.tables import Attestation, Participant
from tests.features.enrolments.scene import add_cohort, set_scene
from tests.world import START, World

FROM_SIXTEEN_TO_TWENTY_NINE = {"minAge": 16, "maxAge": 29}


@pytest.mark.parametrize(
    ("born_on", "failed"),
    [
        ("2010-03-03", "minAge"),  # 15, sixteen tomorrow
        ("2010-03-02", None),  # 16 today
        ("1996-03-03", None),  # 29, thirty tomorrow
        ("1996-03-02", "maxAge"),  # 30 today
    ],
)
def test_age_counts_on_the_day_of_enrolling(world: World, born_on: str, failed: str | None) -> None:
    scene = set_scene(world, {"eligibility": FROM_SIXTEEN_TO_TWENTY_NINE})
    response = scene.apply(person=scene.person(bornOn=born_on))
    if failed is None:
        assert response.status_code == 201, response.text
    else:
        assert (response.status_code, response.json()["code"]) == (409, "enrolment.not_eligible")
        assert [rule["rule"] for rule in response.json()["context"]["rules"]] == [failed]
    assert scene.apply("mentor", scene.person(bornOn="1960-01-01")).status_code == 201, "mentors are not measured"


def test_growing_older_during_the_program_changes_nothing(world: World) -> None:
    scene = set_scene(world, {"eligibility": FROM_SIXTEEN_TO_TWENTY_NINE}, mentee_intake_until=date(2026, 4, 1))
    almost_thirty = scene.person(bornOn="1996-03-03")
    path = scene.applied(person=almost_thirty)
    world.clock.advance(timedelta(days=1))
    try:
        late = scene.apply(person=scene.person(bornOn="1996-03-03"))
        assert late.json()["code"] == "enrolment.not_eligible", "the birthday was today"
        assert scene.screener.made(f"{path}/screening", {"decision": "ready"}, 200)["status"] == "ready"
        for to in ("paused", "ready"):
            assert scene.move(path, to).json()["status"] == to
        assert (
            scene.screener.post(f"{path}/exit", {"exitedOn": "2026-03-03", "reason": "plannedEnd"}).status_code == 200
        )
    finally:
        world.clock.advance(START - world.clock())


def test_a_refusal_names_each_rule_and_never_the_person(world: World) -> None:
    rules = {"municipalities": ["0182"], "languageMin": "B1", "fieldsOfWork": ["25", "351"]}
    scene = set_scene(world, {"eligibility": rules})
    unfit = {"municipalityCode": "0180", "languages": [{"code": "sv", "level": "A2"}], "occupationCode": "2611"}
    refused = scene.apply(person=scene.person(**unfit))
    assert (refused.status_code, refused.json()["code"]) == (409, "enrolment.not_eligible")
    assert refused.json()["context"]["rules"] == [
        {"rule": "municipalities", "demand": ["0182"]},
        {"rule": "languageMin", "demand": "B1"},
        {"rule": "fieldsOfWork", "demand": ["25", "351"]},
    ]
    for value in ("0180", "A2", "2611"):
        assert value not in refused.text.replace(refused.json()["traceId"], "").replace(refused.json()["instance"], "")
    for code, occupation in (("sv", "2512"), ("swe", "3511")):
        fit = {"languages": [{"code": code, "level": "B1"}], "occupationCode": occupation}
        assert scene.apply(person=scene.person(municipalityCode="0182", **fit)).status_code == 201


def test_fields_of_work_are_set_over_http(world: World) -> None:
    owner = set_scene(world).owner
    body = {
        "name": f"Påhittade ingenjörer {world.number()}",
        "summary": "Ett program för prov.",
        "kind": "mentoring",
        "category": "professionalPeers",
        "eligibility": {"fieldsOfWork": ["214", "25"]},
    }
    made = owner.made("/programs", body)
    assert made["eligibility"]["fieldsOfWork"] == ["214", "25"]
    bad = owner.patch(f"/programs/{made['id']}", {"eligibility": {"fieldsOfWork": ["25123"]}})
    assert [error["pointer"] for error in bad.json()["errors"]] == ["/eligibility/fieldsOfWork/0"]
    gone = owner.patch(f"/programs/{made['id']}", {"eligibility": {"fieldsOfWork": None}})
    assert gone.json()["eligibility"]["fieldsOfWork"] is None


@pytest.mark.parametrize(
    ("over", "counts"),
    [
        ({}, True),
        ({"attested_on": date(2026, 3, 2), "valid_until": date(2026, 3, 2)}, True),
        ({"valid_until": date(2026, 3, 1)}, False),
        ({"is_met": False}, False),
        ({"code": "other"}, False),
        ({"revoked_at": START}, False),
    ],
)
def test_an_attestation_counts_while_it_is_valid(world: World, over: dict[str, Any], counts: bool) -> None:  # noqa: FBT001  a case
    scene = set_scene(world, {"eligibility": {"attestations": ["activityCompensation"]}})
    person = scene.person()
    assert scene.apply(person=person).json()["context"]["rules"] == [
        {"rule": "attestations", "demand": ["activityCompensation"]}
    ]
    usual = {"code": "activityCompensation", "is_met": True, "attested_on": date(2026, 3, 1)}
    world.add(
        Attestation(
            participant_id=UUID(person["id"]),
            partner_id=scene.recruiter_id,
            attested_by_user_id=UUID(scene.recruiter.get("/me").json()["id"]),
            **{**usual, **over},
        )
    )
    assert (scene.apply(person=person).status_code == 201) is counts


def test_of_an_anonymous_person_the_year_must_fit_whatever_the_day(world: World) -> None:
    scene = set_scene(world, {"eligibility": FROM_SIXTEEN_TO_TWENTY_NINE})
    for year, is_let_in in ((2010, False), (2009, True), (1997, True), (1996, False)):
        nobody: Participant = world.add(
            Participant(partner_id=scene.recruiter_id, is_anonymous=True, birth_year=year, gender=Gender.FEMALE)
        )
        response = scene.apply(person={"id": str(nobody.id)}, ground="consent")
        assert (response.status_code == 201) is is_let_in, year


def test_a_refusal_names_the_open_programs_that_would_accept_the_person(world: World) -> None:
    rules = {"minAge": 30}
    scene = set_scene(world, {"eligibility": rules, "name": "Bara äldre"})
    young = {"eligibility": {"maxAge": 40}}
    fitting = set_scene(world, {"name": f"Ö-fitting {world.number()}", **young})
    add_cohort(world, fitting.program_id, starts_on=date(2026, 9, 1))
    first = set_scene(world, {"name": f"A-fitting {world.number()}", **young})
    others = [
        set_scene(world, {"eligibility": rules}),
        set_scene(world, {"is_published": False}),
        set_scene(world, mentee_intake_from=date(2026, 3, 3), mentee_intake_until=date(2026, 3, 9)),
        set_scene(world, mentee_intake_from=date(2026, 2, 1), mentee_intake_until=date(2026, 3, 1)),
        set_scene(world, status=CohortStatus.CLOSED),
    ]
    refused = scene.apply(person=scene.person(bornOn="2004-05-17"))
    assert refused.json()["code"] == "enrolment.not_eligible"
    named = {one["programId"]: one for one in refused.json()["context"]["openPrograms"]}
    for other in (scene, *others):
        assert str(other.program_id) not in named
    earliest = named[str(fitting.program_id)]
    assert earliest["cohortId"] == str(fitting.cohort_id), "each once, by its earliest cohort"
    assert earliest["name"].startswith("Ö-fitting")
    order = [one["programId"] for one in refused.json()["context"]["openPrograms"]]
    assert order.index(str(first.program_id)) < order.index(str(fitting.program_id))
    assert len(order) == len(set(order)) <= 20
