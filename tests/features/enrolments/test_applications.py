"""May people apply for themselves, measured like everybody else?"""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest

from app.domain.roles import Responsibility as Duty
from app.domain.roles import Role
from app.features.access.tables import UserAccount
from tests.features.consents.asking import given, text_of
from tests.features.enrolments.scene import Scene, add_cohort, set_scene
from tests.world import Client, World


def apply_oneself(scene: Scene, client: Client, **body: Any) -> Any:
    return client.post(f"/cohorts/{scene.cohort_id}/applications", body)


def outsider(scene: Scene, role: Role = Role.MENTEE) -> tuple[Scene, Client, dict[str, Any]]:
    """Somebody with a login, held by a partner that has no duty in the scene's program."""
    elsewhere = set_scene(scene.world)
    client, person = elsewhere.themself(role)
    return elsewhere, client, person


@pytest.mark.parametrize("role", [Role.MENTOR, Role.MENTEE])
def test_a_person_applies_on_the_side_of_their_role(world: World, role: Role) -> None:
    scene = set_scene(world)
    client, me = scene.themself(role)
    made = apply_oneself(scene, client)
    assert made.status_code == 201, made.text
    body = made.json()
    assert made.headers["location"].endswith(f"/enrolments/{body['id']}")
    assert (body["participantId"], body["side"], body["status"]) == (me["id"], role.value, "applied")
    assert (body["appliedOn"], body["ground"], body["needsBusinessOwner"]) == ("2026-03-02", "contract", False)
    assert body["partnerId"] == str(scene.recruiter_id)
    assert scene.kinds(f"/enrolments/{body['id']}") == ["enrolment.created"]
    assert client.get(f"/enrolments/{body['id']}").status_code == 200
    again = apply_oneself(scene, client)
    assert (again.status_code, again.json()["code"]) == (409, "enrolment.already_enrolled")


def test_applying_is_measured_like_enrolling(world: World) -> None:
    other = set_scene(world, {"name": f"Öppet för alla {world.number()}"})
    scene = set_scene(world, {"eligibility": {"minAge": 40}}, mentor_intake_from=date(2026, 3, 3))
    mentee, _ = scene.themself()
    mentor, _ = scene.themself(Role.MENTOR)
    refused = apply_oneself(scene, mentee)
    assert (refused.status_code, refused.json()["code"]) == (409, "enrolment.not_eligible")
    named = [one["programId"] for one in refused.json()["context"]["openPrograms"]]
    assert str(other.program_id) in named
    assert apply_oneself(scene, mentor).json()["code"] == "enrolment.outside_window"
    wish = apply_oneself(set_scene(world), mentor, needsBusinessOwner=True)
    assert (wish.status_code, wish.json()["code"]) == (422, "enrolment.need_is_for_mentees")
    draft = set_scene(world, status="draft")
    assert apply_oneself(draft, mentee).json()["code"] == "enrolment.cohort_not_open"
    assert apply_oneself(other, mentee, side="mentor").json()["errors"][0]["code"] == "field.unknown"


def test_a_wish_for_a_business_owner_is_kept(world: World) -> None:
    scene = set_scene(world)
    mentee, _ = scene.themself()
    assert apply_oneself(scene, mentee, needsBusinessOwner=True).json()["needsBusinessOwner"] is True


def test_who_is_held_elsewhere_applies_on_their_own_consent(world: World) -> None:
    scene = set_scene(world)
    elsewhere, client, me = outsider(scene)
    text = text_of(elsewhere)
    refused = apply_oneself(scene, client)
    assert (refused.status_code, refused.json()["code"]) == (409, "enrolment.consent_missing")
    consent = given(elsewhere, me, client=client, text=text, programId=str(scene.program_id))
    made = apply_oneself(scene, client)
    assert (made.status_code, made.json()["ground"]) == (201, "consent")
    path = f"/enrolments/{made.json()['id']}"
    assert scene.screener.get(path).status_code == 200
    client.made(f"{consent}/withdrawal", status=200)
    assert scene.screener.get(path).status_code == 404


def test_recruiting_the_other_side_is_no_ground(world: World) -> None:
    owner, holder = world.partner(), world.partner()
    program = world.program(owner)
    world.agree(program, {holder: [Duty.RECRUIT_MENTORS]})
    scene = set_scene(world)
    scene.recruiter_id, scene.program_id, scene.cohort_id = holder, program, add_cohort(world, program)
    mentee, _ = scene.themself()
    mentor, _ = scene.themself(Role.MENTOR)
    assert apply_oneself(scene, mentee).json()["code"] == "enrolment.consent_missing"
    assert apply_oneself(scene, mentor).json()["ground"] == "contract"


def test_who_may_not_apply(world: World) -> None:
    scene, hidden = set_scene(world), set_scene(world, {"is_published": False})
    mentee, _ = scene.themself()
    assert apply_oneself(hidden, mentee).status_code == 404
    for staff in (scene.recruiter, scene.owner):
        assert apply_oneself(scene, staff).json()["code"] == "access.role_not_permitted"
    user: UserAccount = world.add(
        UserAccount(name="Påhittad", role=Role.MENTEE, email=f"x{world.number()}@example.org")
    )
    nobody = apply_oneself(scene, world.client_for(user))
    assert (nobody.status_code, nobody.json()["code"]) == (409, "enrolment.no_record")


def test_applying_twice_at_once_enrols_once(world: World) -> None:
    scene = set_scene(world)
    client, _ = scene.themself()
    with ThreadPoolExecutor(4) as pool:
        answers = [one.status_code for one in pool.map(lambda _: apply_oneself(scene, client), range(4))]
    assert sorted(answers) == [201, 409, 409, 409]


def test_two_programs_at_once_and_a_later_cohort_of_the_first(world: World) -> None:
    scene, trainee = set_scene(world), set_scene(world, {"kind": "trainee"})
    client, me = scene.themself()
    text = text_of(scene)
    first = apply_oneself(scene, client).json()
    given(scene, me, client=client, text=text, programId=str(trainee.program_id))
    second = apply_oneself(trainee, client)
    assert second.status_code == 201, second.text
    later = add_cohort(world, scene.program_id)
    repeated = client.post(f"/cohorts/{later}/applications", {})
    assert repeated.status_code == 201, "also while the first goes on"
    scene.move(f"/enrolments/{first['id']}", "withdrawn")
    anew = apply_oneself(scene, client)
    assert anew.status_code == 201
    listed = client.get("/enrolments").json()["items"]
    made = [first, second.json(), repeated.json(), anew.json()]
    assert [one["id"] for one in listed] == [one["id"] for one in made]
    assert {one["participantId"] for one in listed} == {me["id"]}
