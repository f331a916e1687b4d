"""What does an answer make, and who may give it?"""

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import update
from sqlmodel import Session, col

from app.domain.glossary import Concealing, LegalGround, ProtectionLevel, Sector
from app.domain.lifecycles import CohortStatus, EnrolmentStatus
from app.domain.roles import Role
from app.features.access.tables import Concealment, ResponsibilityAssignment
from app.features.enrolments.tables import Enrolment
from app.features.participants.tables import ContactDigest, Participant
from app.features.programs.tables import Cohort
from tests.features.referrals.scene import Scene, set_scene
from tests.world import World

KEPT_BACK = ("employer_partner_id", "external_system", "external_id", "user_id", "protection")


def test_accepting_makes_a_record_of_the_receivers_own_and_an_enrolment(scene: Scene) -> None:
    scene.consent(person := scene.person())
    body = scene.accepted(scene.sent(person))
    assert body["status"] == "accepted"
    assert body["answeredAt"] == "2026-03-02T09:00:00.000000Z"
    with Session(scene.world.engine) as session:
        made = session.get_one(Participant, UUID(body["receivedParticipantId"]))
        enrolment = session.get_one(Enrolment, UUID(body["enrolmentId"]))
    assert (made.partner_id, made.person_id) == (scene.receiver_id, person.person_id)
    assert made.id != person.id
    same = ("given_name", "family_name", "email", "phone", "born_on", "gender", "municipality_code", "languages",
            "occupation_code", "availability", "has_remote", "goals", "accepts_gender", "skills", "interests",
            "accepts_age_groups")  # fmt: skip
    assert all(getattr(made, name) == getattr(person, name) for name in same)
    assert [getattr(made, name) for name in KEPT_BACK] == [None] * len(KEPT_BACK)
    assert (made.is_business_owner, made.mentor_capacity) == (False, 1)
    assert (enrolment.status, enrolment.partner_id, enrolment.participant_id, enrolment.ground, enrolment.side) == (
        EnrolmentStatus.REFERRED, scene.receiver_id, made.id, LegalGround.CONTRACT, "mentee",
    )  # fmt: skip
    assert enrolment.applied_on == date(2026, 3, 2)
    assert scene.receiver.get(f"/participants/{made.id}").json()["givenName"] == person.given_name
    assert scene.receiver.get(f"/enrolments/{enrolment.id}").json()["status"] == "referred"


def test_the_records_contacts_are_digested_as_any_others(scene: Scene) -> None:
    received = UUID(scene.accepted(scene.sent())["receivedParticipantId"])
    assert scene.count(ContactDigest, col(ContactDigest.participant_id) == received) == 2


@pytest.mark.parametrize(
    ("sector", "ground"),
    [
        (Sector.MUNICIPALITY, "publicInterest"),
        (Sector.REGION, "publicInterest"),
        (Sector.PUBLIC_AGENCY, "publicInterest"),
        (Sector.COORDINATION_ASSOCIATION, "publicInterest"),
        (Sector.BUSINESS, "contract"),
    ],
)
def test_the_ground_follows_from_the_receivers_sector(world: World, sector: Sector, ground: str) -> None:
    scene = set_scene(world, sector)
    enrolment_id = UUID(scene.accepted(scene.sent())["enrolmentId"])
    assert scene.count(Enrolment, col(Enrolment.id) == enrolment_id, col(Enrolment.ground) == ground) == 1


def test_a_record_that_the_receiver_has_of_the_person_is_used(scene: Scene) -> None:
    scene.consent(person := scene.person())
    known = scene.person(partner_id=scene.receiver_id, person_id=person.person_id, phone="+46 8 111 11 11")
    path = scene.sent(person)
    assert scene.accepted(path)["receivedParticipantId"] == str(known.id)
    with Session(scene.world.engine) as session:
        assert session.get_one(Participant, known.id).phone == "+46 8 111 11 11"
    assert scene.count(Participant, col(Participant.person_id) == person.person_id) == 2


def test_an_anonymous_record_is_not_taken_for_the_person(scene: Scene) -> None:
    scene.consent(person := scene.person())
    hidden = scene.person(
        partner_id=scene.receiver_id, person_id=person.person_id, is_anonymous=True, birth_year=1990,
        given_name=None, family_name=None, email=None, phone=None, born_on=None,
    )  # fmt: skip
    assert scene.accepted(scene.sent(person))["receivedParticipantId"] != str(hidden.id)


def test_somebody_whom_the_receiver_protects_is_not_taken_in_anew_by_the_uncleared(scene: Scene) -> None:
    scene.consent(person := scene.person())
    known = scene.person(
        partner_id=scene.receiver_id, person_id=person.person_id, protection=ProtectionLevel.CONFIDENTIALITY_MARK
    )
    scene.world.add(
        Concealment(participant_id=known.id, partner_id=scene.receiver_id, kind=Concealing.PROTECTED_IDENTITY)
    )
    path = scene.sent(person)
    response = scene.accept(path)
    assert (response.status_code, response.json()["code"], response.json()["context"]) == (
        409, "referral.not_possible", {},
    )  # fmt: skip
    assert scene.count(Participant, col(Participant.person_id) == person.person_id) == 2
    assert scene.read(path)["status"] == "sent"


def test_somebody_who_is_enrolled_there_already_is_not_enrolled_twice(scene: Scene) -> None:
    scene.consent(person := scene.person())
    first = scene.sent(person)
    scene.accepted(first)
    second = scene.sent(person)
    response = scene.accept(second)
    assert (response.status_code, response.json()["code"]) == (409, "enrolment.already_enrolled")
    assert scene.refuse(second, "duplicate").json()["declinedReason"] == "duplicate"


def test_a_refusal_says_why_and_the_copy_is_gone(scene: Scene) -> None:
    path = scene.sent()
    body = scene.refuse(path, "noPlace").json()
    assert [body[name] for name in ("status", "declinedReason", "snapshot", "receivedParticipantId", "enrolmentId")] == [
        "declined", "noPlace", None, None, None,
    ]  # fmt: skip
    assert scene.stored(path).snapshot is None
    assert scene.read(path, scene.sender)["declinedReason"] == "noPlace"
    assert scene.kinds(path) == ["referral.sent", "referral.declined"]


@pytest.mark.parametrize("body", [{}, {"reasonCode": "sick"}, {"reasonCode": "noPlace", "note": "x"}])
def test_a_refusal_takes_a_code_and_nothing_else(scene: Scene, body: dict[str, str]) -> None:
    assert scene.receiver.post(f"{scene.sent()}/refusal", body).status_code == 422


def test_the_sender_takes_it_back(scene: Scene) -> None:
    path = scene.sent()
    assert scene.withdraw(path).json()["status"] == "withdrawn"
    assert scene.stored(path).snapshot is None
    assert [scene.read(path)[name] for name in ("status", "snapshot")] == ["withdrawn", None]
    assert scene.kinds(path) == ["referral.sent", "referral.withdrawn"]


ACTS: dict[str, Callable[[Scene, str], httpx.Response]] = {
    "acceptance": lambda scene, path: scene.accept(path),
    "refusal": lambda scene, path: scene.refuse(path),
    "withdrawal": lambda scene, path: scene.withdraw(path),
}


@pytest.mark.parametrize("first", ACTS)
@pytest.mark.parametrize("second", ACTS)
def test_an_answer_is_final(scene: Scene, first: str, second: str) -> None:
    path = scene.sent()
    ended = ACTS[first](scene, path).json()["status"]
    response = ACTS[second](scene, path)
    assert (response.status_code, response.json()["code"]) == (409, "referral.transition_not_allowed")
    assert response.json()["context"] == {"current": ended, "allowed": []}


@pytest.mark.parametrize("act", ACTS)
def test_after_the_last_day_nothing_can_be_done(scene: Scene, act: str) -> None:
    path = scene.sent(answerBy="2026-03-04")
    scene.pass_days(2)
    assert scene.read(path)["status"] == "sent"
    scene.pass_days(1)
    response = ACTS[act](scene, path)
    assert (response.status_code, response.json()["context"]["current"]) == (409, "expired")
    assert [scene.read(path)[name] for name in ("status", "snapshot")] == ["expired", None]


@pytest.mark.parametrize("act", ACTS)
def test_a_withdrawn_consent_ends_it_at_once(scene: Scene, act: str) -> None:
    consent = scene.consent(person := scene.person())
    path = scene.sent(person)
    scene.end_consent(consent)
    assert [scene.read(path)[name] for name in ("status", "snapshot")] == ["withdrawn", None]
    response = ACTS[act](scene, path)
    assert (response.status_code, response.json()["context"]["current"]) == (409, "withdrawn")


def test_who_becomes_anonymous_is_no_longer_referred(scene: Scene) -> None:
    scene.consent(person := scene.person())
    path = scene.sent(person)
    scene.set(
        person, is_anonymous=True, birth_year=1990, given_name=None, family_name=None, email=None, phone=None,
        born_on=None,
    )  # fmt: skip
    assert [scene.read(path)[name] for name in ("status", "snapshot")] == ["withdrawn", None]
    assert scene.accept(path).json()["context"]["current"] == "withdrawn"


def test_a_receiver_that_no_longer_recruits_cannot_accept(scene: Scene) -> None:
    path = scene.sent()
    with Session(scene.world.engine) as session:
        held = col(ResponsibilityAssignment.partner_id) == scene.receiver_id
        session.exec(update(ResponsibilityAssignment).where(held).values(ended_at=scene.world.clock()))
        session.commit()
    response = scene.accept(path)
    assert (response.status_code, response.json()["code"]) == (409, "referral.receiver_not_recruiting")
    assert scene.refuse(path).status_code == 200


def test_a_cohort_that_is_over_takes_nobody(scene: Scene) -> None:
    path = scene.sent()
    with Session(scene.world.engine) as session:
        session.exec(update(Cohort).where(col(Cohort.id) == scene.cohort_id).values(status=CohortStatus.CANCELLED))
        session.commit()
    assert scene.accept(path).json()["code"] == "referral.cohort_over"


def test_each_side_has_its_own_acts(scene: Scene) -> None:
    path = scene.sent()
    wrong = [
        scene.sender.post(f"{path}/acceptance"),
        scene.sender.post(f"{path}/refusal", {"reasonCode": "noPlace"}),
        scene.receiver.post(f"{path}/withdrawal"),
    ]
    assert [(one.status_code, one.json()["code"]) for one in wrong] == [
        (403, "referral.receiver_only"), (403, "referral.receiver_only"), (403, "referral.sender_only"),
    ]  # fmt: skip


def test_the_person_reads_and_does_not_answer(scene: Scene) -> None:
    mentee, person = scene.themself()
    scene.consent(person)
    path = scene.sent(person)
    for act in ("acceptance", "withdrawal"):
        assert mentee.post(f"{path}/{act}").status_code == 403


def test_a_third_partner_finds_nothing(scene: Scene) -> None:
    path = scene.sent()
    clients = [scene.onlooker, scene.world.client(Role.CASE_HANDLER, scene.world.partner())]
    for client in clients:
        answers = [
            client.get(path),
            client.post(f"{path}/acceptance"),
            client.post(f"{path}/refusal", {"reasonCode": "noPlace"}),
            client.post(f"{path}/withdrawal"),
        ]
        random = client.get(f"/referrals/{uuid4()}").json()
        assert [one.status_code for one in answers] == [404] * 4
        assert {**answers[0].json(), "instance": "", "traceId": ""} == {**random, "instance": "", "traceId": ""}
        assert client.get("/referrals").json()["meta"]["totalCount"] == 0
