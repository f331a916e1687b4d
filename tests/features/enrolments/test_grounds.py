"""On which legal ground does somebody take part, and is a consent asked for where it is the ground?"""

from typing import Any
from uuid import UUID

import pytest

from app.domain.glossary import Concealing, Gender, Sector
from app.domain.roles import Responsibility as Duty
from app.domain.roles import Role
from app.features.access.tables import Concealment
from app.features.participants.tables import Participant
from tests.features.consents.asking import given, text_of
from tests.features.enrolments.scene import PERSON, add_cohort, set_scene
from tests.world import World


@pytest.mark.parametrize(
    ("sector", "usual"),
    [(Sector.MUNICIPALITY, "publicInterest"), (Sector.CIVIL_SOCIETY, "contract"), (Sector.BUSINESS, "contract")],
)
def test_the_ground_follows_the_holders_sector(world: World, sector: Sector, usual: str) -> None:
    owner, holder = world.partner(), world.partner("Påhittad part", sector)
    program = world.program(owner)
    world.agree(program, {holder: [Duty.RECRUIT_MENTEES, Duty.RECRUIT_MENTORS]})
    handler = world.client(Role.CASE_HANDLER, holder)
    path = f"/cohorts/{add_cohort(world, program)}/enrolments"

    def enrol(**over: Any) -> Any:
        person = handler.made(f"/partners/{holder}/participants", PERSON)
        return handler.post(path, {"participantId": person["id"], "side": "mentee", **over})

    assert enrol().json()["ground"] == usual
    assert enrol(ground="contract").json()["ground"] == "contract"
    claimed = enrol(ground="publicInterest")
    if usual == "publicInterest":
        assert claimed.json()["ground"] == "publicInterest"
    else:
        assert (claimed.status_code, claimed.json()["code"]) == (422, "enrolment.ground_invalid")
        assert claimed.json()["errors"][0]["pointer"] == "/ground"


def test_the_ground_of_consent_needs_one_in_force_for_this_program(world: World) -> None:
    scene, other = set_scene(world), set_scene(world)
    person, text = scene.person(), text_of(scene)
    refused = scene.apply(person=person, ground="consent")
    assert (refused.status_code, refused.json()["code"]) == (409, "enrolment.consent_missing")
    assert refused.json()["context"] == {"purpose": "shareInProgram", "programId": str(scene.program_id)}
    given(scene, person, text=text, programId=str(other.program_id))
    given(scene, person, purpose="showInProposal", text=text_of(scene, "showInProposal"))
    assert scene.apply(person=person, ground="consent").json()["code"] == "enrolment.consent_missing"
    consent = given(scene, person, text=text)
    scene.recruiter.made(f"{consent}/withdrawal", status=200)
    assert scene.apply(person=person, ground="consent").json()["code"] == "enrolment.consent_missing"
    given(scene, person, text=text)
    assert scene.apply(person=person, ground="consent").json()["ground"] == "consent"


def test_nobody_asks_an_anonymous_person_for_consent(world: World) -> None:
    scene = set_scene(world)
    nobody: Participant = world.add(
        Participant(partner_id=scene.recruiter_id, is_anonymous=True, birth_year=1990, gender=Gender.FEMALE)
    )
    world.add(Concealment(participant_id=nobody.id, partner_id=scene.recruiter_id, kind=Concealing.ANONYMOUS))
    made = scene.apply(person={"id": str(nobody.id)}, ground="consent")
    assert made.status_code == 201
    path, record = f"/enrolments/{made.json()['id']}", f"/participants/{nobody.id}"
    assert scene.screener.get(path).status_code == 200, "the enrolment names nobody"
    assert scene.screener.get(record).status_code == 404
    listed = scene.screener.get(f"/programs/{scene.program_id}/participants")
    assert listed.json()["meta"]["totalCount"] == 0


def test_staff_cannot_enrol_somebody_protected_whom_they_may_not_know_of(world: World) -> None:
    scene = set_scene(world)
    person = scene.person()
    hidden = {"participant_id": UUID(person["id"]), "partner_id": scene.recruiter_id}
    world.add(Concealment.model_validate({**hidden, "kind": Concealing.PROTECTED_IDENTITY}))
    refused = scene.apply(person=person)
    assert (refused.status_code, refused.json()["code"]) == (422, "participant.unknown")
