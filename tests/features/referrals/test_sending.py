"""Whom may a partner refer, to whom, when, and with whose consent?"""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import col

from app.domain.glossary import Concealing, ProtectionLevel, Sector
from app.domain.lifecycles import ClearanceStatus, CohortStatus
from app.domain.roles import Level, Role
from app.domain.roles import Responsibility as Duty
from app.features.access.tables import Concealment, ResponsibilityAssignment
from app.features.participants.tables import Participant
from app.features.partners.tables import Partner
from app.features.protection.tables import Clearance
from app.features.referrals.tables import Referral
from tests.features.enrolments.scene import add_cohort
from tests.features.referrals.scene import ANSWER_BY, Scene

COPIED = {
    "givenName", "familyName", "email", "phone", "bornOn", "gender", "municipalityCode", "district", "languages",
    "occupationCode",
    "goals", "availability", "hasRemote", "acceptsGender", "skills", "interests", "acceptsAgeGroups",
}  # fmt: skip


def test_a_referral_holds_a_copy_of_exactly_these_fields(scene: Scene) -> None:
    consent = scene.consent(person := scene.person())
    response = scene.send(person)
    body = response.json()
    assert response.status_code == 201
    assert response.headers["Location"].endswith(f"/referrals/{body['id']}")
    assert response.headers["Location"].startswith("/mentorskap/v1/referrals/")
    told = ("participantId", "consentId", "status", "answerBy", "snapshot", "outcome", "enrolmentId")
    assert [body[name] for name in told] == [
        str(person.id), str(consent.id), "sent", ANSWER_BY.isoformat(), None, None, None,
    ]  # fmt: skip
    received = scene.read(f"/referrals/{body['id']}")
    assert received["snapshot"].keys() == COPIED
    assert received["snapshot"] == {
        "givenName": person.given_name,
        "familyName": "Påhittsson",
        "email": person.email,
        "phone": "+46 8 465 004 12",
        "bornOn": "1990-02-28",
        "gender": "female",
        "municipalityCode": "0182",
        "district": None,
        "languages": [{"code": "sv", "level": "B1"}],
        "occupationCode": "2512",
        "goals": ["findWork"],
        "availability": [
            {"weekday": 1, "fromHour": 8, "untilHour": 10},
            {"weekday": 2, "fromHour": 9, "untilHour": 10},
        ],
        "hasRemote": False,
        "acceptsGender": "female",
        "skills": ["DHhX_uVf_y6X"],
        "interests": ["music"],
        "acceptsAgeGroups": ["from40To54"],
    }
    assert [received[name] for name in ("participantId", "consentId", "outcome")] == [None] * 3
    assert scene.kinds(f"/referrals/{body['id']}") == ["referral.sent"]


def test_the_copy_is_as_of_the_day_it_was_sent(scene: Scene) -> None:
    scene.consent(person := scene.person())
    path = scene.sent(person)
    scene.set(person, phone="+46 8 000 00 00")
    assert scene.read(path)["snapshot"]["phone"] == "+46 8 465 004 12"


def test_to_ones_own_partner_it_is_refused(scene: Scene) -> None:
    response = scene.send(toPartnerId=str(scene.sender_id))
    assert (response.status_code, response.json()["code"]) == (422, "referral.to_own_partner")
    assert response.json()["errors"][0]["pointer"] == "/toPartnerId"


def test_only_to_a_partner_that_recruits_this_side_today(scene: Scene) -> None:
    scene.consent(person := scene.person(), scene.onlooker_id)
    response = scene.send(person, toPartnerId=str(scene.onlooker_id))
    assert (response.status_code, response.json()["code"]) == (409, "referral.receiver_not_recruiting")
    (holder,) = response.json()["context"]["duties"]
    assert (holder["duty"], holder["partnerId"]) == ("recruitMentees", str(scene.receiver_id))
    assert scene.send(person, toPartnerId=str(scene.onlooker_id), side="mentor").status_code == 201


def test_a_partner_that_supports_the_recruiting_receives_too(scene: Scene) -> None:
    agreement_id = scene.world.agree(scene.world.program(scene.sender_id), {scene.sender_id: []})
    scene.world.add(
        ResponsibilityAssignment(
            program_id=scene.program_id,
            partner_id=scene.onlooker_id,
            duty=Duty.RECRUIT_MENTEES,
            level=Level.SUPPORTING,
            agreement_id=agreement_id,
            valid_from=date(2026, 1, 1),
        )
    )
    scene.consent(person := scene.person(), scene.onlooker_id)
    assert scene.send(person, toPartnerId=str(scene.onlooker_id)).status_code == 201


@pytest.mark.parametrize("which", ["none", "other receiver", "withdrawn", "other person", "another one named"])
def test_without_a_consent_in_force_that_names_the_receiver_it_is_refused(scene: Scene, which: str) -> None:
    person, named = scene.person(), None
    if which == "other receiver":
        scene.consent(person, scene.onlooker_id)
    elif which == "withdrawn":
        scene.end_consent(scene.consent(person))
    elif which == "other person":
        named = str(scene.consent(scene.person()).id)
    elif which == "another one named":
        scene.consent(person)
        named = str(uuid4())
    response = scene.send(person, consentId=named)
    assert (response.status_code, response.json()["code"]) == (409, "referral.consent_missing")


def test_the_consent_may_be_named(scene: Scene) -> None:
    consent = scene.consent(person := scene.person())
    assert scene.send(person, consentId=str(consent.id)).json()["consentId"] == str(consent.id)


@pytest.mark.parametrize("day", ["2026-03-02", "2026-05-02", "2025-01-01"])
def test_the_day_for_the_answer_lies_ahead_and_not_too_far(scene: Scene, day: str) -> None:
    response = scene.send(answerBy=day)
    assert (response.status_code, response.json()["code"]) == (422, "referral.answer_by_outside")
    assert response.json()["context"] == {"earliest": "2026-03-03", "latest": "2026-05-01"}


def test_anonymous_people_cannot_be_referred(scene: Scene) -> None:
    person = scene.person(
        is_anonymous=True, birth_year=1990, given_name=None, family_name=None, email=None, phone=None, born_on=None
    )
    scene.consent(person)
    response = scene.send(person)
    assert (response.status_code, response.json()["code"], response.json()["context"]) == (
        409, "referral.not_possible", {},
    )  # fmt: skip


def test_protected_people_cannot_be_referred_and_are_absent_to_the_uncleared(scene: Scene) -> None:
    person = scene.person(protection=ProtectionLevel.CONFIDENTIALITY_MARK)
    scene.consent(person)
    protect(scene, person)
    response = scene.send(person)
    assert (response.status_code, response.json()["code"]) == (422, "participant.unknown")
    clear(scene)
    response = scene.send(person)
    assert (response.status_code, response.json()["code"]) == (409, "referral.not_possible")


def test_people_of_others_and_of_nobody_are_equally_unknown(scene: Scene) -> None:
    foreign = scene.person(partner_id=scene.receiver_id)
    scene.consent(foreign)
    answers = [scene.send(foreign), scene.send(foreign, participantId=str(uuid4()))]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [(422, "participant.unknown")] * 2


def test_unknown_and_inactive_receivers(scene: Scene) -> None:
    retired = scene.world.partner()
    with_row = scene.world.add(Partner(name="Nedlagda", sector=Sector.BUSINESS, is_active=False))
    answers = [scene.send(toPartnerId=str(one)) for one in (uuid4(), with_row.id, retired)]
    assert [one.json()["code"] for one in answers] == [
        "partner.unknown", "partner.unknown", "referral.receiver_not_recruiting",
    ]  # fmt: skip


def test_cohorts_out_of_reach_and_cohorts_that_are_over(scene: Scene) -> None:
    hidden = add_cohort(scene.world, scene.world.program(scene.receiver_id, is_published=False))
    unknown = [scene.send(cohortId=str(one)) for one in (hidden, uuid4())]
    assert [(one.status_code, one.json()["code"]) for one in unknown] == [(422, "referral.cohort_unknown")] * 2
    cancelled = add_cohort(scene.world, scene.program_id, status=CohortStatus.CANCELLED)
    last_day = add_cohort(scene.world, scene.program_id, mentee_intake_until=date(2026, 3, 2))
    assert scene.send(cohortId=str(last_day)).status_code == 201
    scene.pass_days(1)
    over = [scene.send(cohortId=str(one)) for one in (cancelled, last_day)]
    assert [(one.status_code, one.json()["code"]) for one in over] == [(409, "referral.cohort_over")] * 2


def test_a_draft_takes_referrals(scene: Scene) -> None:
    cohort_id = add_cohort(
        scene.world, scene.program_id, status=CohortStatus.DRAFT, mentee_intake_until=date(2026, 6, 1)
    )
    assert scene.send(cohortId=str(cohort_id)).status_code == 201


def test_a_twin_that_waits_is_refused(scene: Scene) -> None:
    scene.consent(person := scene.person())
    scene.sent(person)
    response = scene.send(person)
    assert (response.status_code, response.json()["code"]) == (409, "referral.already_sent")
    assert scene.count(Referral, col(Referral.participant_id) == person.id) == 1


def test_after_a_no_or_in_time_it_may_be_sent_again(scene: Scene) -> None:
    scene.consent(person := scene.person())
    refused = scene.sent(person)
    assert scene.refuse(refused).status_code == 200
    expired = scene.sent(person, answerBy="2026-03-03")
    scene.pass_days(2)
    again = scene.sent(person)
    assert [scene.read(path)["status"] for path in (refused, expired, again)] == ["declined", "expired", "sent"]
    assert scene.kinds(expired) == ["referral.sent", "referral.expired"]
    assert scene.stored(expired).snapshot is None


def test_after_a_new_consent_it_may_be_sent_again(scene: Scene) -> None:
    consent = scene.consent(person := scene.person())
    path = scene.sent(person)
    scene.end_consent(consent)
    assert scene.send(person).json()["code"] == "referral.consent_missing"
    scene.consent(person)
    scene.sent(person)
    assert (scene.read(path)["status"], scene.kinds(path)[-1]) == ("withdrawn", "referral.withdrawn")


@pytest.mark.parametrize(
    ("over", "pointer"),
    [
        ({"side": "both"}, "/side"),
        ({"answerBy": "soon"}, "/answerBy"),
        ({"participantId": "19900228-1234"}, "/participantId"),
        ({"note": "mår bättre"}, "/note"),
    ],
)
def test_bad_bodies_are_refused_without_an_echo(scene: Scene, over: dict[str, Any], pointer: str) -> None:
    response = scene.send(**over)
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, pointer)
    assert not any(str(value) in response.text for value in over.values() if value != "both")


def test_nobody_refers_in_the_name_of_another_partner(scene: Scene) -> None:
    scene.consent(person := scene.person())
    body = {
        "participantId": str(person.id),
        "toPartnerId": str(scene.receiver_id),
        "cohortId": str(scene.cohort_id),
        "side": "mentee",
        "answerBy": ANSWER_BY.isoformat(),
    }
    for client in (scene.onlooker, scene.receiver):
        assert client.post(f"/partners/{scene.sender_id}/referrals", body).status_code == 403
    assert scene.onlooker.post(f"/partners/{scene.onlooker_id}/referrals", body).json()["code"] == "participant.unknown"
    coordinator = scene.world.client(Role.COORDINATOR, scene.sender_id)
    assert coordinator.post(f"/partners/{scene.sender_id}/referrals", body).status_code == 403
    service = scene.world.client(Role.SERVICE, scene.sender_id, ["referral:send", "cohort:read", "partner:read"])
    assert service.post(f"/partners/{scene.sender_id}/referrals", body).status_code == 201


def test_the_same_request_twice_makes_one(scene: Scene) -> None:
    scene.consent(person := scene.person())
    key = {"Idempotency-Key": f"k{scene.world.number()}"}
    body = {
        "participantId": str(person.id), "toPartnerId": str(scene.receiver_id), "cohortId": str(scene.cohort_id),
        "side": "mentee", "answerBy": ANSWER_BY.isoformat(),
    }  # fmt: skip
    made = [scene.sender.post(f"/partners/{scene.sender_id}/referrals", body, headers=key) for _ in range(2)]
    assert [one.status_code for one in made] == [201, 201]
    assert made[0].json() == made[1].json()


def protect(scene: Scene, person: Participant) -> None:
    scene.world.add(
        Concealment(participant_id=person.id, partner_id=person.partner_id, kind=Concealing.PROTECTED_IDENTITY)
    )


def clear(scene: Scene) -> None:
    """Give the sender's own handler clearance for the sender's protected people."""
    me = scene.sender.get("/me").json()["id"]
    other = scene.world.client(Role.COORDINATOR, scene.sender_id).get("/me").json()["id"]
    scene.world.add(
        Clearance(
            partner_id=scene.sender_id,
            user_id=UUID(me),
            status=ClearanceStatus.APPROVED,
            valid_until=date(2026, 6, 1),
            proposed_by_user_id=UUID(other),
            answered_by_user_id=UUID(other),
        )
    )
