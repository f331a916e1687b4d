"""Are consents given by whom they must be, and to whom they can be?"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from app.domain.glossary import Gender
from app.domain.roles import Role
from app.features.participants.tables import Guardian, Participant
from tests.features.consents.asking import concealed, give, given, minor, refused, text_of
from tests.features.enrolments.scene import set_scene
from tests.world import START, World


def test_staff_note_what_they_heard(world: World) -> None:
    scene = set_scene(world)
    person, text = scene.person(), text_of(scene)
    path = given(scene, person, text=text)
    read = scene.recruiter.get(path).json()
    assert (read["giver"], read["textId"], read["programId"]) == ("staff", text, str(scene.program_id))
    assert (read["givenAt"], read["withdrawnAt"]) == ("2026-03-02T09:00:00.000000Z", None)
    assert read["recordedByUserId"] == scene.recruiter.get("/me").json()["id"]
    assert scene.kinds(path) == ["consent.given"]
    assert refused(give(scene, person, text=text)) == (409, "consent.already_given", None)
    listed = scene.recruiter.get(f"/participants/{person['id']}/consents").json()
    assert [item["id"] for item in listed["items"]] == [read["id"]]


def test_a_person_consents_by_their_own_login_only(world: World) -> None:
    scene = set_scene(world)
    mentee, me = scene.themself()
    path = given(scene, me, client=mentee)
    assert mentee.get(path).json()["giver"] == "self"
    assert refused(give(scene, me, purpose="showInProposal", text=text_of(scene, "showInProposal"), giver="self")) == (
        422,
        "consent.giver_invalid",
        "/giver",
    )
    as_staff = give(scene, me, client=mentee, giver="staff")
    assert refused(as_staff) == (422, "consent.giver_invalid", "/giver")
    other = scene.person()
    assert give(scene, other, client=mentee).status_code == 404
    assert mentee.get(f"/participants/{other['id']}/consents").status_code == 404
    assert [item["id"] for item in mentee.get(f"/participants/{me['id']}/consents").json()["items"]] == [
        path.rsplit("/", 1)[1]
    ]


def test_a_minors_consent_is_a_guardians(world: World) -> None:
    scene = set_scene(world)
    person, guardian = minor(scene)
    _, stranger = minor(scene)
    claims: list[tuple[dict[str, Any], str]] = [
        ({}, "/giver"),
        ({"giver": "staff"}, "/giver"),
        ({"giver": "guardian"}, "/guardianId"),
        ({"giver": "guardian", "guardianId": stranger}, "/guardianId"),
        ({"giver": "guardian", "guardianId": str(uuid4())}, "/guardianId"),
    ]
    for over, pointer in claims:
        assert refused(give(scene, person, **over)) == (422, "consent.guardian_needed", pointer), over
    path = given(scene, person, giver="guardian", guardianId=guardian)
    assert scene.recruiter.get(path).json()["guardianId"] == guardian
    adult = scene.person(bornOn="2008-03-02")
    assert refused(give(scene, adult, giver="guardian", guardianId=guardian)) == (
        422,
        "consent.giver_invalid",
        "/giver",
    )
    assert refused(give(scene, adult, guardianId=guardian)) == (422, "consent.giver_invalid", "/guardianId")


def test_an_anonymous_person_consents_to_nothing(world: World) -> None:
    scene = set_scene(world)
    nobody: Participant = world.add(
        Participant(partner_id=scene.recruiter_id, is_anonymous=True, birth_year=1990, gender=Gender.FEMALE)
    )
    assert refused(give(scene, {"id": str(nobody.id)})) == (409, "consent.anonymous", None)


@pytest.mark.parametrize(
    ("over", "pointer"),
    [
        ({"programId": None}, "/programId"),
        ({"purpose": "showInProposal", "recipientPartnerId": str(uuid4())}, "/recipientPartnerId"),
        ({"purpose": "referral"}, "/recipientPartnerId"),
        ({"purpose": "referral", "recipientPartnerId": str(uuid4())}, "/programId"),
    ],
)
def test_a_recipient_is_one_of_two_kinds(world: World, over: dict[str, Any], pointer: str) -> None:
    scene = set_scene(world)
    assert refused(give(scene, scene.person(), **over)) == (422, "consent.recipient_invalid", pointer)


def test_a_referral_goes_to_another_partner_that_exists(world: World) -> None:
    scene = set_scene(world)
    person, text = scene.person(), text_of(scene, "referral")
    over: dict[str, Any] = {"purpose": "referral", "text": text, "programId": None}
    own = give(scene, person, recipientPartnerId=str(scene.recruiter_id), **over)
    assert refused(own) == (422, "consent.to_own_partner", "/recipientPartnerId")
    unknown = give(scene, person, recipientPartnerId=str(uuid4()), **over)
    assert refused(unknown) == (422, "partner.unknown", "/recipientPartnerId")
    path = given(scene, person, recipientPartnerId=str(scene.screener_id), **over)
    assert scene.recruiter.get(path).json()["recipientPartnerId"] == str(scene.screener_id)
    assert give(scene, person, recipientPartnerId=str(scene.owner_id), **over).status_code == 201
    assert scene.recruiter.made(f"{path}/withdrawal", status=200)["withdrawnAt"] is not None
    assert concealed(scene, person) == []


def test_only_a_program_that_the_person_can_know_of(world: World) -> None:
    scene = set_scene(world)
    hidden = set_scene(world, {"is_published": False})
    mentee, me = scene.themself()
    text = text_of(scene)
    for program in (str(hidden.program_id), str(uuid4())):
        unknown = (422, "consent.program_unknown", "/programId")
        assert refused(give(scene, me, text=text, programId=program)) == unknown
        assert refused(give(scene, me, client=mentee, text=text, programId=program)) == unknown
    own_text = text_of(hidden)
    assert give(hidden, hidden.person(), text=own_text).status_code == 201, "staff that see the program ask for it"

    member, them = hidden.themself()
    assert refused(give(hidden, them, client=member, text=own_text))[1] == "consent.program_unknown"
    hidden.applied(person=them)
    assert give(hidden, them, client=member, text=own_text).status_code == 201


def test_staff_may_note_a_consent_for_a_program_that_only_the_person_knows(world: World) -> None:
    elsewhere, hidden = set_scene(world), set_scene(world, {"is_published": False})
    person, text = elsewhere.person(), text_of(elsewhere)
    for_hidden: dict[str, Any] = {"text": text, "programId": str(hidden.program_id)}
    assert refused(give(elsewhere, person, **for_hidden))[1] == "consent.program_unknown"
    replace(hidden, recruiter_id=elsewhere.recruiter_id).referred(person=person)
    assert elsewhere.recruiter.get(f"/programs/{hidden.program_id}").status_code == 404
    assert give(elsewhere, person, **for_hidden).status_code == 201


def test_who_may_not_ask(world: World) -> None:
    scene = set_scene(world)
    person = scene.person()
    path = given(scene, person)
    stranger = world.client(Role.CASE_HANDLER, world.partner())
    assert give(scene, person, client=stranger).status_code == 404
    assert stranger.get(path).status_code == stranger.post(f"{path}/withdrawal").status_code == 404
    assert stranger.get(f"/participants/{person['id']}/consent-texts").status_code == 404
    scene.applied(person=person)
    assert scene.screener.get(path).status_code == 200
    assert scene.screener.get(f"/participants/{person['id']}/consents").json()["meta"]["totalCount"] == 1
    for act in (give(scene, person, client=scene.screener), scene.screener.post(f"{path}/withdrawal")):
        assert (act.status_code, act.json()["code"]) == (403, "access.duty_not_held")
    coordinator = world.client(Role.COORDINATOR, scene.recruiter_id)
    assert give(scene, person, client=coordinator).json()["code"] == "access.role_not_permitted"


def test_of_two_consents_at_once_one_is_kept(world: World) -> None:
    scene = set_scene(world)
    person, text = scene.person(), text_of(scene)
    with ThreadPoolExecutor(4) as pool:
        answers = [one.status_code for one in pool.map(lambda _: give(scene, person, text=text), range(4))]
    assert sorted(answers) == [201, 409, 409, 409]


def test_who_comes_of_age_answers_for_themself(world: World) -> None:
    scene = set_scene(world)
    person, _ = minor(scene)
    assert refused(give(scene, person))[1] == "consent.guardian_needed"
    world.clock.advance(timedelta(days=1))
    try:
        assert give(scene, person).status_code == 201
    finally:
        world.clock.advance(START - world.clock())


def test_a_minors_own_login_withdraws_but_does_not_give(world: World) -> None:
    scene = set_scene(world)
    login, me = scene.themself()
    with Session(world.engine) as session:
        session.info["is_unrecorded"] = True
        session.get_one(Participant, UUID(me["id"])).born_on = date(2009, 1, 1)
        session.commit()
    author = UUID(scene.recruiter.get("/me").json()["id"])
    guardian: Guardian = world.add(
        Guardian(
            participant_id=UUID(me["id"]), partner_id=scene.recruiter_id, given_name="Påhittad",
            family_name="Förälder", recorded_by_user_id=author,
        )
    )  # fmt: skip
    by_guardian: dict[str, Any] = {"giver": "guardian", "guardianId": str(guardian.id)}
    assert refused(give(scene, me, client=login, **by_guardian)) == (422, "consent.guardian_needed", "/giver")
    path = given(scene, me, **by_guardian)
    assert login.made(f"{path}/withdrawal", status=200)["withdrawnAt"] is not None
