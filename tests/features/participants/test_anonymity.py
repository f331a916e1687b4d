"""Is somebody who consents to nothing counted and matched without being known, and only by their own choice known?"""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, select

from app.domain.glossary import ConsentGiver, ConsentPurpose
from app.domain.roles import Role
from app.features.access.tables import UserAccount
from app.features.consents.tables import Consent, ConsentText
from app.features.participants.tables import Guardian
from app.kit.idempotency import IdempotencyRecord
from tests.features.enrolments.scene import PERSON, Scene, set_scene
from tests.features.participants.people import concealed, decisions, digests, handler_of, refused, stored_person
from tests.world import World

ANONYMOUS = {"gender": "female", "birthYear": 1990}
KNOWN = {
    "givenName": "Känd",
    "familyName": "Påhittsson",
    "bornOn": "1990-02-28",
    "email": "kand@example.org",
    "phone": "08-465 004 12",
    "municipalityCode": "0182",
    "district": "Påhittade berget",
}
IDENTITY = (
    "givenName",
    "familyName",
    "bornOn",
    "email",
    "phone",
    "municipalityCode",
    "district",
    "externalId",
    "employerPartnerId",
)


def anonymous(scene: Scene, **over: Any) -> dict[str, Any]:
    return scene.recruiter.made(f"/partners/{scene.recruiter_id}/anonymous-participants", {**ANONYMOUS, **over})


def test_an_anonymous_person_has_gender_year_and_what_a_match_needs(world: World) -> None:
    scene = set_scene(world)
    facts = {
        "languages": [{"code": "ar", "level": "native"}],
        "occupationCode": "2512",
        "availability": [{"weekday": 1, "fromHour": 9, "untilHour": 12}],
        "hasRemote": False,
        "skills": ["DHhX_uVf_y6X"],
        "goals": ["findWork"],
        "interests": ["gardening"],
        "acceptsGender": "female",
        "acceptsAgeGroups": ["from40To54"],
        "mentorCapacity": 2,
    }
    person = anonymous(scene, **facts)
    assert {name: person[name] for name in (*ANONYMOUS, *facts)} == {**ANONYMOUS, **facts}
    assert (person["isAnonymous"], [person[name] for name in IDENTITY]) == (True, [None] * len(IDENTITY))
    assert scene.recruiter.get(f"/participants/{person['id']}").json() == person
    assert concealed(world, person) == ["anonymous"]
    assert digests(world, person) == set()


@pytest.mark.parametrize(
    "name", ["givenName", "email", "municipalityCode", "district", "externalId", "employerPartnerId", "bornOn"]
)
def test_nothing_that_identifies_can_be_given(world: World, name: str) -> None:
    partner = world.partner()
    handler = world.client(Role.CASE_HANDLER, partner)
    response = handler.post(f"/partners/{partner}/anonymous-participants", {**ANONYMOUS, name: "x"})
    assert [(error["code"], error["pointer"]) for error in response.json()["errors"]] == [("field.unknown", f"/{name}")]


@pytest.mark.parametrize(("year", "code"), [(2027, "participant.born_on_invalid"), (1899, "field.invalid")])
def test_impossible_years_are_refused(world: World, year: int, code: str) -> None:
    partner = world.partner()
    handler = world.client(Role.CASE_HANDLER, partner)
    response = handler.post(f"/partners/{partner}/anonymous-participants", {**ANONYMOUS, "birthYear": year})
    assert [(error["code"], error["pointer"]) for error in response.json()["errors"]] == [(code, "/birthYear")]


def test_only_the_holders_staff_reach_the_record_of_one_who_is_enrolled(world: World) -> None:
    scene = set_scene(world)
    person, known = anonymous(scene), scene.person()
    enrolments = [scene.applied(person=one) for one in (person, known)]
    path = f"/participants/{person['id']}"
    assert scene.recruiter.get(path).status_code == 200
    assert (scene.screener.get(path).status_code, scene.screener.get(f"/participants/{known['id']}").status_code) == (
        404,
        200,
    )
    seen = scene.screener.get(f"/programs/{scene.program_id}/participants").json()["items"]
    assert [one["id"] for one in seen] == [known["id"]]
    assert [scene.screener.get(one).status_code for one in enrolments] == [200, 200], "ids only: duties go on"
    stranger = world.client(Role.CASE_HANDLER, world.partner())
    assert stranger.get(path).status_code == 404
    assert stranger.post(f"{path}/identification", KNOWN).status_code == 404
    taken_in = stranger.post(f"/partners/{scene.recruiter_id}/anonymous-participants", ANONYMOUS)
    assert refused(taken_in) == (403, "access.duty_not_held")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"givenName": "Känd"}, "/givenName"),
        ({"bornOn": "1990-02-28"}, "/bornOn"),
        ({"email": "a@example.org", "phone": None}, "/email"),
        ({"municipalityCode": "0182"}, "/municipalityCode"),
        ({"district": "Påhittade berget"}, "/district"),
        ({"isBusinessOwner": True}, "/isBusinessOwner"),
        ({"externalSystem": "crm", "externalId": "A-17"}, "/externalId"),
    ],
)
def test_identity_does_not_creep_into_an_anonymous_record(world: World, body: dict[str, Any], pointer: str) -> None:
    scene = set_scene(world)
    path = f"/participants/{anonymous(scene)['id']}"
    response = scene.recruiter.patch(path, body)
    assert refused(response) == (409, "participant.is_anonymous")
    assert response.json()["errors"][0]["pointer"] == pointer


def test_an_anonymous_record_is_corrected(world: World) -> None:
    scene = set_scene(world)
    path = f"/participants/{anonymous(scene)['id']}"
    changed = scene.recruiter.patch(path, {"birthYear": 1991, "gender": "male", "email": None, "hasRemote": False})
    assert changed.status_code == 200, changed.text
    assert (changed.json()["birthYear"], changed.json()["gender"], changed.json()["hasRemote"]) == (1991, "male", False)
    wrong = scene.recruiter.patch(path, {"birthYear": 2027})
    assert refused(wrong) == (422, "participant.born_on_invalid")
    known = scene.recruiter.patch(f"/participants/{scene.person()['id']}", {"birthYear": 1991})
    assert refused(known) == (409, "participant.not_anonymous")


def test_a_person_becomes_known_when_they_agree(world: World) -> None:
    scene = set_scene(world)
    person = anonymous(scene)
    scene.applied(person=person)
    path = f"/participants/{person['id']}"
    known = scene.recruiter.made(f"{path}/identification", KNOWN, 200)
    assert {name: known[name] for name in KNOWN} == KNOWN
    assert (known["isAnonymous"], known["birthYear"], known["personId"]) == (False, None, person["personId"])
    assert concealed(world, person) == []
    assert {kind for kind, _ in digests(world, person)} == {"email", "phone"}
    assert scene.screener.get(path).json()["givenName"] == "Känd"
    assert scene.kinds(path) == ["participant.created", "participant.updated"]
    assert refused(scene.recruiter.post(f"{path}/identification", KNOWN)) == (409, "participant.not_anonymous")


@pytest.mark.parametrize(
    ("over", "code", "pointer"),
    [
        ({"bornOn": "1991-02-28"}, "participant.birth_year_differs", "/bornOn"),
        ({"givenName": "Anna 19811228-9874"}, "text.personnummer_refused", "/givenName"),
        ({"externalId": "A-17"}, "participant.external_id_incomplete", "/externalId"),
        ({"employerPartnerId": "0199c0de-0000-7000-8000-000000000000"}, "partner.unknown", "/employerPartnerId"),
    ],
)
def test_a_wrong_identification_changes_nothing(world: World, over: dict[str, str], code: str, pointer: str) -> None:
    scene = set_scene(world)
    person = anonymous(scene)
    path = f"/participants/{person['id']}"
    response = scene.recruiter.post(f"{path}/identification", {**KNOWN, **over})
    assert [(error["code"], error["pointer"]) for error in response.json()["errors"]] == [(code, pointer)]
    assert scene.recruiter.get(path).json() == person
    assert concealed(world, person) == ["anonymous"]


def test_a_day_that_has_not_come_is_no_birthday(world: World) -> None:
    scene = set_scene(world)
    person = anonymous(scene, birthYear=2026)
    response = scene.recruiter.post(f"/participants/{person['id']}/identification", {**KNOWN, "bornOn": "2026-03-03"})
    assert refused(response) == (422, "participant.born_on_invalid")


def test_whoever_becomes_anonymous_stays_counted_and_nothing_tells_who_it_was(world: World) -> None:
    scene = set_scene(world)
    path_of = f"/partners/{scene.recruiter_id}/participants"
    key = {"Idempotency-Key": f"k{world.number()}"}
    body = {
        **PERSON,
        **{name: KNOWN[name] for name in ("email", "phone", "municipalityCode", "district")},
        "externalSystem": "crm",
        "externalId": "A-17",
        "employerPartnerId": str(scene.owner_id),
        "isBusinessOwner": True,
        "occupationCode": "2512",
    }
    person = scene.recruiter.made(path_of, body, headers=key)
    enrolment, path = scene.applied(person=person), f"/participants/{person['id']}"
    emptied = scene.recruiter.made(f"{path}/anonymisation", None, 200)

    assert [emptied[name] for name in IDENTITY] == [None] * len(IDENTITY)
    assert (emptied["isAnonymous"], emptied["birthYear"], emptied["gender"]) == (True, 1990, "undisclosed")
    assert (emptied["isBusinessOwner"], emptied["occupationCode"]) == (False, "2512")
    assert emptied["personId"] != person["personId"], "a shared id would tell who it is"
    assert digests(world, person) == set()
    assert concealed(world, person) == ["anonymous"]
    assert scene.screener.get(enrolment).status_code == 200
    assert scene.screener.get(path).status_code == 404

    again = scene.recruiter.post(path_of, body, headers=key)
    assert (again.status_code, again.content) == (204, b""), "the kept answer is empty, and not carried out anew"
    assert scene.recruiter.get("/participants").json()["meta"]["totalCount"] == 1
    with Session(world.engine) as session:
        kept = [bytes(one.body) for one in session.exec(select(IdempotencyRecord))]
    assert not any(b"kand@example.org" in one for one in kept)
    assert refused(scene.recruiter.post(f"{path}/anonymisation")) == (409, "participant.is_anonymous")


def test_the_login_is_closed_and_names_nobody(world: World) -> None:
    handler, person = handler_of(world, email="mig@example.org")
    path = f"/participants/{person['id']}"
    invited = handler.made(f"{path}/login", {"side": "mentee"})
    world.anonymous.post("/auth/passwords", {"invitationToken": invited["invitationToken"], "password": "en lång fras som räcker"})  # fmt: skip
    login = {"email": "mig@example.org", "password": "en lång fras som räcker"}
    tokens = world.anonymous.made("/auth/sessions", login)
    headers = {"Authorization": f"Bearer {tokens['accessToken']}"}
    assert world.anonymous.get("/me", headers=headers).status_code == 200

    handler.made(f"{path}/anonymisation", None, 200)
    assert refused(world.anonymous.get("/me", headers=headers)) == (401, "auth.token_stale")
    assert refused(world.anonymous.post("/auth/sessions", login)) == (401, "auth.login_failed")
    with Session(world.engine) as session:
        account = session.get_one(UserAccount, UUID(invited["id"]))
        assert (account.name, account.password_hash, account.is_locked) == ("-", None, True)
        assert "mig" not in str(account.email)
    assert stored_person(world, person).user_id is None
    assert refused(handler.post(f"{path}/login", {"side": "mentee"})) == (409, "participant.email_missing")
    handler.made(f"{path}/identification", {**KNOWN, "email": "mig@example.org"}, 200)
    handler.made(f"{path}/login", {"side": "mentee"})


def test_guardians_links_and_digests_go_with_the_person(world: World) -> None:
    handler, person = handler_of(world, bornOn="2010-05-17", email="ung@example.org")
    twin = handler.made(f"/partners/{person['partnerId']}/participants", {**PERSON, "email": "ung@example.org"})
    path = f"/participants/{person['id']}"
    for email, consented_on in (("a@example.org", "2026-03-02"), ("b@example.org", None)):
        body = {"givenName": "Vårda", "familyName": "Påhittsson", "email": email, "consentedOn": consented_on}
        handler.made(f"{path}/guardians", body)
    handler.made(f"{path}/duplicate-decisions", {"otherParticipantId": twin["id"], "isSamePerson": True}, 200)
    assert len(digests(world, person, guardians=True)) == 2

    handler.made(f"{path}/anonymisation", None, 200)
    assert handler.get(f"{path}/guardians").json()["items"] == []
    assert digests(world, person, guardians=True) == set()
    assert (decisions(world, person), decisions(world, twin)) == (0, 0)
    with Session(world.engine) as session:
        rows = session.exec(select(Guardian).where(Guardian.participant_id == UUID(person["id"]))).all()
    assert {(row.given_name, row.family_name, row.email, row.phone) for row in rows} == {("", "", None, None)}
    assert sorted(str(row.withdrawn_on) for row in rows) == ["2026-03-02", "None"]


def test_consents_in_force_are_withdrawn_first(world: World) -> None:
    handler, person = handler_of(world)
    partner_id, receiver = UUID(person["partnerId"]), world.partner()
    text = world.add(
        ConsentText(partner_id=partner_id, purpose=ConsentPurpose.REFERRAL, language="sv", number=1, body="Text")
    )
    user = world.add(
        UserAccount(name="Påhittad Person", role=Role.CASE_HANDLER, email=f"h{world.number()}@example.org")
    )
    world.add(
        Consent(
            participant_id=UUID(person["id"]),
            partner_id=partner_id,
            purpose=ConsentPurpose.REFERRAL,
            text_id=text.id,
            recipient_partner_id=receiver,
            giver=ConsentGiver.STAFF,
            given_at=world.clock(),
            recorded_by_user_id=user.id,
        )
    )
    path = f"/participants/{person['id']}"
    assert refused(handler.post(f"{path}/anonymisation")) == (409, "participant.has_consents")
    assert handler.get(path).json() == person


def test_the_person_and_strangers_do_not_decide_it(world: World) -> None:
    scene = set_scene(world)
    mentee, me = scene.themself()
    path = f"/participants/{me['id']}"
    assert refused(mentee.post(f"{path}/anonymisation")) == (403, "participant.kept_by_holder")
    stranger = world.client(Role.CASE_HANDLER, world.partner())
    assert stranger.post(f"{path}/anonymisation").status_code == 404
    scene.applied(person=me)
    assert refused(scene.screener.post(f"{path}/anonymisation")) == (403, "access.duty_not_held")
