"""Is a withdrawal felt at the next request, by those and only those whom it is about?"""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlmodel import Session

from app.domain.glossary import Concealing, ConsentPurpose
from app.features.consents.queries import consenting
from tests.features.consents.asking import concealed, given, refused, text_of
from tests.features.enrolments.scene import set_scene
from tests.world import World


def test_a_withdrawal_is_felt_by_the_others_at_once_and_not_by_the_holder(world: World) -> None:
    scene = set_scene(world)
    mentee, me = scene.themself()
    consent = given(scene, me, client=mentee)
    path = scene.applied(person=me, ground="consent")
    record = f"/participants/{me['id']}"
    cohort = f"/cohorts/{scene.cohort_id}/enrolments"
    assert scene.screener.get(path).status_code == scene.screener.get(record).status_code == 200
    assert scene.screener.get(cohort).json()["meta"]["totalCount"] == 1

    done = mentee.made(f"{consent}/withdrawal", status=200)
    assert done["withdrawnAt"] == "2026-03-02T09:00:00.000000Z"
    assert done["withdrawnByUserId"] == mentee.get("/me").json()["id"]
    assert scene.kinds(consent) == ["consent.given", "consent.withdrawn"]
    assert concealed(scene, me) == [(Concealing.WITHDRAWN_CONSENT, scene.program_id)]
    for hidden in (path, record, consent):
        assert scene.screener.get(hidden).status_code == 404, hidden
        assert scene.recruiter.get(hidden).status_code == mentee.get(hidden).status_code == 200, hidden
    assert scene.screener.post(f"{path}/screening", {"decision": "ready"}).status_code == 404
    assert scene.screener.get(cohort).json()["meta"]["totalCount"] == 0
    assert scene.screener.get(f"/programs/{scene.program_id}/participants").json()["items"] == []
    again = mentee.post(f"{consent}/withdrawal")
    assert refused(again) == (409, "consent.already_withdrawn", None)

    assert given(scene, me, client=mentee) != consent
    assert concealed(scene, me) == []
    assert scene.screener.get(path).status_code == 200
    assert scene.screener.get(cohort).json()["meta"]["totalCount"] == 1


@pytest.mark.parametrize("ground", ["contract", None])
def test_with_another_ground_a_withdrawal_closes_nothing(world: World, ground: str | None) -> None:
    scene = set_scene(world)
    person = scene.person()
    consent, path = given(scene, person), scene.applied(person=person, ground=ground)
    scene.recruiter.made(f"{consent}/withdrawal", status=200)
    assert concealed(scene, person) == []
    assert scene.screener.get(path).status_code == 200


def test_a_withdrawal_closes_one_program_and_no_other_purpose(world: World) -> None:
    scene, other = set_scene(world), set_scene(world)
    person = scene.person()
    given(scene, person)
    path = scene.applied(person=person, ground="consent")
    shown = given(scene, person, purpose="showInProposal", text=text_of(scene, "showInProposal"))
    elsewhere = given(scene, person, programId=str(other.program_id))
    for consent in (shown, elsewhere):
        scene.recruiter.made(f"{consent}/withdrawal", status=200)
    assert concealed(scene, person) == []
    assert scene.screener.get(path).status_code == 200


def test_enrolling_and_withdrawing_at_once_leaves_nobody_in_sight_without_consent(world: World) -> None:
    """Whichever comes first: the enrolment is refused, or the withdrawal sees it and conceals it."""
    scene = set_scene(world)
    text, outcomes = text_of(scene), set()
    for _ in range(12):
        person = scene.person()
        consent = given(scene, person, text=text)
        with ThreadPoolExecutor(2) as pool:
            enrolling = pool.submit(scene.apply, "mentee", person, ground="consent")
            withdrawing = pool.submit(scene.recruiter.post, f"{consent}/withdrawal")
            made, withdrawn = enrolling.result(), withdrawing.result()
        assert withdrawn.status_code == 200, withdrawn.text
        outcomes.add(made.status_code)
        if made.status_code == 201:
            assert concealed(scene, person) == [(Concealing.WITHDRAWN_CONSENT, scene.program_id)]
            assert scene.screener.get(f"/enrolments/{made.json()['id']}").status_code == 404
        else:
            assert (made.status_code, made.json()["code"]) == (409, "enrolment.consent_missing")
            assert concealed(scene, person) == []
    assert outcomes <= {201, 409}


def test_those_who_consent_are_told_apart_by_program_and_purpose(world: World) -> None:
    scene, other = set_scene(world), set_scene(world)
    text, shown = text_of(scene), text_of(scene, "showInProposal")
    sharing, showing, elsewhere, gone, silent = people = [scene.person() for _ in range(5)]
    given(scene, sharing, text=text)
    given(scene, showing, purpose="showInProposal", text=shown)
    given(scene, elsewhere, text=text, programId=str(other.program_id))
    scene.recruiter.made(f"{given(scene, gone, text=text)}/withdrawal", status=200)
    ids = [UUID(person["id"]) for person in people]
    purposes = (ConsentPurpose.SHARE_IN_PROGRAM, ConsentPurpose.SHOW_IN_PROPOSAL)
    with Session(world.engine) as session:
        found = [consenting(session, ids, purpose, scene.program_id) for purpose in purposes]
        assert consenting(session, ids[1:], purposes[0], scene.program_id) == frozenset()
    assert found == [{UUID(sharing["id"])}, {UUID(showing["id"])}]
    assert UUID(silent["id"]) not in found[0] | found[1]
