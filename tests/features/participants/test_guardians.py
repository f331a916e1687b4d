"""Do minors have guardians who can be reached, who consent, and who are not their mentors?"""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session

from app.domain.roles import Role
from app.features.participants.queries import has_guardian_consent, is_guardian_of
from tests.features.enrolments.scene import PERSON, Scene, set_scene
from tests.features.participants.people import digests, handler_of, refused
from tests.world import Client, World

YOUNG = {"bornOn": "2008-03-03"}  # 18 tomorrow
GUARDIAN = {"givenName": "Vårda", "familyName": "Påhittsson", "email": "Varda@Example.org", "phone": "08-465 004 12"}


def minor(world: World) -> tuple[Client, dict[str, Any], str]:
    handler, person = handler_of(world, **YOUNG)
    return handler, person, f"/participants/{person['id']}/guardians"


def test_a_guardian_is_noted_read_and_corrected(world: World) -> None:
    handler, person, path = minor(world)
    response = handler.post(path, GUARDIAN)
    assert response.status_code == 201, response.text
    made = response.json()
    assert (made["participantId"], made["consentedOn"], made["withdrawnOn"]) == (person["id"], None, None)
    assert handler.get(response.headers["location"]).json() == made
    assert handler.get(path).json()["items"] == [made]
    before = digests(world, person, guardians=True)
    assert ({kind for kind, _ in before}, digests(world, person)) == ({"email", "phone"}, set())

    own = f"/guardians/{made['id']}"
    assert handler.patch(own, {"email": "varda@example.org", "givenName": "Vård"}).json()["givenName"] == "Vård"
    assert digests(world, person, guardians=True) == before, "another spelling is the same address"
    assert handler.patch(own, {"email": None}).json()["email"] is None
    assert {kind for kind, _ in digests(world, person, guardians=True)} == {"phone"}
    version = handler.get(own).json()["version"]
    assert handler.patch(own, {"email": None}).json()["version"] == version
    assert refused(handler.patch(own, {"phone": None})) == (422, "guardian.contact_missing")
    assert handler.patch(own, {"familyName": None}).json()["errors"][0]["pointer"] == "/familyName"
    assert handler.get(own).json()["phone"] == "08-465 004 12"


def test_only_minors_have_guardians(world: World) -> None:
    handler, person = handler_of(world, bornOn="2008-03-02")
    path = f"/participants/{person['id']}/guardians"
    assert refused(handler.post(path, GUARDIAN)) == (409, "guardian.not_a_minor")
    body = {"gender": "female", "birthYear": 2010}
    anonymous = handler.made(f"/partners/{person['partnerId']}/anonymous-participants", body)
    refusal = handler.post(f"/participants/{anonymous['id']}/guardians", GUARDIAN)
    assert refused(refusal) == (409, "participant.is_anonymous")


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"email": None, "phone": None}, "guardian.contact_missing"),
        ({"consentedOn": "2026-03-03"}, "guardian.day_invalid"),
        ({"familyName": "19811228-9874"}, "text.personnummer_refused"),
    ],
)
def test_impossible_guardians(world: World, over: dict[str, Any], code: str) -> None:
    handler, person, path = minor(world)
    response = handler.post(path, {**GUARDIAN, **over})
    assert refused(response) == (422, code)
    assert "9874" not in response.text
    assert handler.get(path).json()["items"] == []
    assert digests(world, person, guardians=True) == set()


def test_there_are_at_most_four(world: World) -> None:
    handler, _, path = minor(world)
    for _ in range(4):
        handler.made(path, GUARDIAN)
    refusal = handler.post(path, GUARDIAN)
    assert (refused(refusal), refusal.json()["context"]) == ((409, "guardian.too_many"), {"most": 4})


def test_consent_is_given_withdrawn_and_given_again(world: World) -> None:
    handler, _, path = minor(world)
    own = f"/guardians/{handler.made(path, GUARDIAN)['id']}"
    assert refused(handler.post(f"{own}/withdrawal")) == (409, "guardian.no_consent")
    given = handler.made(f"{own}/consent", {"consentedOn": "2026-02-28"}, 200)
    assert (given["consentedOn"], given["withdrawnOn"]) == ("2026-02-28", None)
    assert refused(handler.post(f"{own}/consent", {})) == (409, "guardian.consent_in_force")
    withdrawn = handler.made(f"{own}/withdrawal", None, 200)
    assert (withdrawn["consentedOn"], withdrawn["withdrawnOn"]) == ("2026-02-28", "2026-03-02")
    assert refused(handler.post(f"{own}/withdrawal")) == (409, "guardian.no_consent")
    for day in ("2026-03-01", "2026-03-03"):
        assert refused(handler.post(f"{own}/consent", {"consentedOn": day})) == (422, "guardian.day_invalid")
    again = handler.made(f"{own}/consent", {}, 200)
    assert (again["consentedOn"], again["withdrawnOn"]) == ("2026-03-02", None)


def test_nobody_consents_for_the_person_once_they_are_of_age(world: World) -> None:
    handler, _, path = minor(world)
    own = f"/guardians/{handler.made(path, GUARDIAN)['id']}"
    world.clock.advance(timedelta(days=1))
    try:
        assert refused(handler.post(f"{own}/consent", {})) == (409, "guardian.not_a_minor")
    finally:
        world.clock.advance(timedelta(days=-1))


def test_an_emptied_guardian_is_not_filled_again(world: World) -> None:
    handler, person, path = minor(world)
    own = f"/guardians/{handler.made(path, GUARDIAN)['id']}"
    handler.made(f"/participants/{person['id']}/anonymisation", None, 200)
    assert refused(handler.patch(own, {"email": "a@example.org"})) == (409, "participant.is_anonymous")
    assert refused(handler.post(f"{own}/consent", {})) == (409, "participant.is_anonymous")


def matched(world: World, **mentor: Any) -> tuple[Scene, dict[str, Any]]:
    """A minor in an open match with a mentor who has these contacts."""
    scene = set_scene(world)
    young = scene.person(**YOUNG)
    scene.match(scene.screened("mentor", scene.person(**mentor)), scene.screened("mentee", young), 1)
    return scene, young


@pytest.mark.parametrize("contact", [{"email": "varda@example.org"}, {"phone": "+46 8 465 004 12"}])
def test_the_mentor_is_not_taken_for_a_guardian(world: World, contact: dict[str, str]) -> None:
    scene, young = matched(world, **contact)
    path = f"/participants/{young['id']}/guardians"
    assert refused(scene.recruiter.post(path, GUARDIAN)) == (409, "guardian.is_mentor")
    assert scene.recruiter.get(path).json()["items"] == []
    other = scene.recruiter.made(path, {**GUARDIAN, "email": "b@example.org", "phone": None})
    refusal = scene.recruiter.patch(
        f"/guardians/{other['id']}", {"email": "varda@example.org", "phone": "08 465 00412"}
    )
    assert refused(refusal) == (409, "guardian.is_mentor")


def test_what_the_gates_before_a_match_ask(world: World) -> None:
    handler, person, path = minor(world)
    mentor, nobody = (
        handler.made(f"/partners/{person['partnerId']}/participants", {**PERSON, "email": email})
        for email in ("VARDA@example.org", "nagon@example.org")
    )
    young = UUID(person["id"])

    def asked() -> tuple[bool, bool, bool]:
        with Session(world.engine) as session:
            of = (is_guardian_of(session, UUID(one["id"]), young) for one in (mentor, nobody))
            return (has_guardian_consent(session, young), *of)  # type: ignore[return-value]  # two of them

    assert asked() == (False, False, False)
    own = f"/guardians/{handler.made(path, GUARDIAN)['id']}"
    assert asked() == (False, True, False)
    handler.made(f"{own}/consent", {}, 200)
    assert asked() == (True, True, False)
    handler.made(f"{own}/withdrawal", None, 200)
    assert asked() == (False, True, False)


def test_somebody_elses_mentor_may_be_a_guardian(world: World) -> None:
    scene, _ = matched(world, email="varda@example.org")
    another = scene.person(**YOUNG)
    scene.recruiter.made(f"/participants/{another['id']}/guardians", GUARDIAN)


def test_the_holder_writes_those_who_screen_and_the_person_read(world: World) -> None:
    scene = set_scene(world)
    young = scene.person(**YOUNG)
    path = f"/participants/{young['id']}/guardians"
    made = scene.recruiter.made(path, GUARDIAN)
    own = f"/guardians/{made['id']}"
    assert (scene.screener.get(path).status_code, scene.screener.get(own).status_code) == (404, 404)
    scene.applied(person=young)
    assert scene.screener.get(path).json()["items"] == [made]
    assert refused(scene.screener.post(path, GUARDIAN)) == (403, "access.duty_not_held")
    assert refused(scene.screener.post(f"{own}/consent", {})) == (403, "access.duty_not_held")

    stranger = world.client(Role.CASE_HANDLER, world.partner())
    assert [stranger.get(one).status_code for one in (path, own)] == [404, 404]
    assert stranger.post(f"{own}/withdrawal").status_code == 404
    assert stranger.patch(own, {"phone": None}, headers={"If-Match": "*"}).status_code == 404
    mentee, me = scene.themself()
    assert mentee.get(f"/participants/{me['id']}/guardians").json()["items"] == []
    assert mentee.get(own).status_code == 404
    assert refused(mentee.post(f"/participants/{me['id']}/guardians", GUARDIAN)) == (403, "access.role_not_permitted")
