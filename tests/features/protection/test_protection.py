"""What does protecting a person put away, who may set and lift it, and does it hold from the very answer on?"""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, select

from app.domain.glossary import ProtectionLevel
from app.domain.lifecycles import ReferralStatus, RunStatus
from app.domain.roles import Role
from app.features.access.tables import AccessRecord, Concealment
from app.features.changes.tables import Change
from app.features.matching.tables import MatchRun
from app.features.participants.tables import Participant
from app.features.referrals.tables import Referral
from app.kit.idempotency import IdempotencyRecord
from tests.features.protection import rows
from tests.features.protection.scene import EVERY_SCOPE, Scene
from tests.features.protection.sweep import plain
from tests.world import World


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene(world)


def kinds_of(scene: Scene, row_id: UUID) -> list[str]:
    with Session(scene.world.engine) as session:
        found = select(Change.kind).where(Change.subject_id == row_id).order_by(col(Change.id))
        return [str(kind) for kind in session.exec(found)]


def test_the_setter_loses_sight_at_once_and_the_answer_says_nothing(scene: Scene) -> None:
    tag = scene.handler.get(scene.path).headers["ETag"]
    done = scene.handler.put(f"{scene.path}/protection", {"level": "protectedRegistration"}, headers={"If-Match": tag})
    assert (done.status_code, done.content) == (204, b"")
    gone, nobody = scene.handler.get(scene.path), scene.handler.get(f"/participants/{uuid4()}")
    assert (gone.status_code, plain(gone)) == (nobody.status_code, plain(nobody)) == (404, plain(nobody))
    assert scene.protect().status_code == 404
    assert scene.lift(scene.handler).status_code == 404
    stored = scene.stored(Participant, scene.person.id)
    assert (stored.protection, stored.municipality_code) == (ProtectionLevel.PROTECTED_REGISTRATION, None)
    assert kinds_of(scene, scene.person.id)[-1] == "protection.set"


def test_it_holds_while_nobody_is_cleared_and_opens_to_whoever_is(scene: Scene) -> None:
    scene.protect()
    assert scene.cleared.get(scene.path).status_code == 404
    scene.clear()
    found = scene.cleared.get(scene.path)
    assert (found.status_code, found.json()["protection"]) == (200, "protectedRegistration")


def test_a_confidentiality_mark_keeps_the_place_and_a_higher_level_does_not(scene: Scene) -> None:
    scene.clear()
    scene.protect(level="confidentialityMark")
    assert scene.cleared.get(scene.path).json()["municipalityCode"] == "0182"
    assert scene.cleared.get(scene.path).json()["district"] == "Påhittade berget"
    assert scene.protect(scene.cleared, "assumedIdentity").status_code == 204
    found = scene.cleared.get(scene.path)
    assert (found.json()["protection"], found.json()["municipalityCode"]) == ("assumedIdentity", None)
    assert found.json()["district"] is None
    for name, place in (("municipalityCode", "0182"), ("district", "Påhittade berget")):
        refused = scene.cleared.patch(scene.path, {name: place})
        assert (refused.status_code, refused.json()["code"]) == (422, "participant.place_not_kept")
    found = scene.cleared.get(scene.path)
    assert scene.protect(scene.cleared, "assumedIdentity").status_code == 204
    assert scene.cleared.get(scene.path).headers["ETag"] == found.headers["ETag"], "nothing changed"
    assert kinds_of(scene, scene.person.id).count("protection.set") == 2


def test_only_a_cleared_handler_lifts_it_and_everything_is_where_it_was(scene: Scene) -> None:
    scene.clear()
    assert (missing := scene.lift(scene.cleared)).status_code == 409
    assert missing.json()["code"] == "protection.not_set"
    scene.protect()
    assert scene.lift(scene.cleared).status_code == 204
    found = scene.handler.get(scene.path).json()
    assert (found["protection"], found["familyName"]) == (None, scene.person.family_name)
    assert kinds_of(scene, scene.person.id)[-1] == "protection.lifted"
    with Session(scene.world.engine) as session:
        assert session.exec(select(Concealment).where(Concealment.participant_id == scene.person.id)).all() == []


def test_who_may_set_it(scene: Scene) -> None:
    body, world = {"level": "confidentialityMark"}, scene.world
    path, any_version = f"{scene.path}/protection", {"If-Match": "*"}
    assert scene.handler.put(path, body).json()["code"] == "request.if_match_required"
    assert scene.handler.put(path, body, headers={"If-Match": '"9"'}).json()["code"] == "resource.changed_meanwhile"
    assert scene.handler.put(path, {"level": "secret"}, headers=any_version).status_code == 422
    by_duty = world.client(Role.CASE_HANDLER, scene.duties).put(path, body, headers=any_version)
    assert (by_duty.status_code, by_duty.json()["code"]) == (403, "access.duty_not_held")
    assert scene.themself.put(path, body, headers=any_version).json()["code"] == "access.role_not_permitted"
    stranger = world.client(Role.CASE_HANDLER, world.partner())
    assert stranger.put(path, body, headers=any_version).status_code == 404
    service = world.client(Role.SERVICE, scene.holder, EVERY_SCOPE)
    assert service.put(path, body, headers=any_version).status_code == 204


def test_the_access_is_recorded(scene: Scene) -> None:
    scene.protect()
    with Session(scene.world.engine) as session:
        found = select(AccessRecord).where(AccessRecord.permission == "protection:set")
        assert [scene.person.id in one.people for one in session.exec(found)].count(True) == 1


def test_unanswered_referrals_are_taken_back_with_their_copies(scene: Scene) -> None:
    receiver = scene.world.client(Role.CASE_HANDLER, scene.duties)
    assert receiver.get(f"/referrals/{scene.referral.id}").status_code == 200
    scene.protect()
    stored = scene.stored(Referral, scene.referral.id)
    assert (stored.status, stored.snapshot, stored.version) == (ReferralStatus.WITHDRAWN, None, 2)
    assert kinds_of(scene, scene.referral.id)[-1] == "referral.withdrawn"
    assert receiver.get(f"/referrals/{scene.referral.id}").status_code == 404
    assert receiver.post(f"/referrals/{scene.referral.id}/acceptance").status_code == 404


def test_runs_that_saw_the_person_need_clearance_and_open_ones_stop(scene: Scene) -> None:
    approved, running, queued = (
        rows.add_run(scene, status) for status in (RunStatus.APPROVED, RunStatus.RUNNING, RunStatus.QUEUED)
    )
    service = scene.world.client(Role.SERVICE, scene.duties, EVERY_SCOPE)
    path = f"/programs/{scene.program}/match-runs"
    assert service.get(path).json()["meta"]["totalCount"] == 4
    scene.protect()
    stored = {run.id: scene.stored(MatchRun, run.id) for run in (scene.run, approved, running, queued)}
    assert [run.status.value for run in stored.values()] == ["discarded", "approved", "cancelled", "queued"]
    assert [run.clearance_needed for run in stored.values()] == [[scene.holder], [scene.holder], [], []]
    assert kinds_of(scene, scene.run.id)[-1] == "matchRun.discarded"
    assert kinds_of(scene, running.id) == ["matchRun.cancelled"]
    assert kinds_of(scene, approved.id) == []
    assert [one["id"] for one in service.get(path).json()["items"]] == [str(queued.id), str(running.id)]
    assert service.get(f"/match-runs/{approved.id}").status_code == 404
    assert service.get(f"/match-runs/{approved.id}/pairs").status_code == 404


def test_a_run_that_never_saw_the_person_stays_as_it_is(scene: Scene) -> None:
    other = Scene(scene.world)
    scene.protect()
    stored = scene.stored(MatchRun, other.run.id)
    assert (stored.status, stored.clearance_needed) == (RunStatus.COMPLETED, [])


def test_a_person_without_enrolments_login_or_runs_is_protected_too(scene: Scene) -> None:
    given = {"givenName": "Påhitt", "familyName": "Ensam", "bornOn": "1990-02-28", "gender": "undisclosed"}
    made = scene.handler.made(f"/partners/{scene.holder}/participants", given)
    path, any_version = f"/participants/{made['id']}", {"If-Match": "*"}
    body = {"level": "confidentialityMark"}
    assert scene.handler.put(f"{path}/protection", body, headers=any_version).status_code == 204
    assert scene.handler.get(path).status_code == 404


def test_stored_answers_that_name_the_person_are_emptied_and_their_keys_stay_taken(scene: Scene) -> None:
    """A retry that was carried out anew would make a second, open record of the protected person."""
    given = {"givenName": "Påhitt", "familyName": "Dubbel", "bornOn": "1990-02-28", "gender": "undisclosed"}
    people, key = f"/partners/{scene.holder}/participants", {"Idempotency-Key": str(uuid4())}
    made = scene.handler.made(people, given, headers=key)
    other, kept = {**given, "familyName": "Oberörd"}, {"Idempotency-Key": str(uuid4())}
    untouched = scene.handler.made(people, other, headers=kept)
    person, any_version = f"/participants/{made['id']}", {"If-Match": "*"}
    scene.handler.put(f"{person}/protection", {"level": "confidentialityMark"}, headers=any_version)

    again = scene.handler.post(people, given, headers=key)
    assert (again.status_code, again.content) == (204, b"")
    assert "Location" not in again.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    listed = scene.handler.get("/participants?limit=200").json()["items"]
    assert "Dubbel" not in {one["familyName"] for one in listed}
    assert scene.handler.made(people, other, headers=kept) == untouched


@pytest.mark.parametrize("where", ["body", "headers"])
@pytest.mark.parametrize("named", ["enrolment", "match", "referral", "user_id"])
def test_an_answer_that_names_a_row_about_the_person_is_emptied(scene: Scene, where: str, named: str) -> None:
    row_id = scene.person.user_id if named == "user_id" else getattr(scene, named).id
    told: dict[str, Any] = {"body": f'{{"id":"{row_id}"}}'.encode(), "headers": {"Location": f"/{row_id}"}}
    given: dict[str, Any] = {
        "status": 201,
        "headers": {},
        "body": b"{}",
        "fingerprint": "f",
        "created_at": scene.world.clock(),
    }
    key = str(scene.world.number())
    scene.world.add(IdempotencyRecord(principal_id=scene.cleared_user.id, key=key, **{**given, where: told[where]}))
    scene.protect()
    with Session(scene.world.engine) as session:
        kept = session.get_one(IdempotencyRecord, (scene.cleared_user.id, key))
    assert (kept.status, kept.headers, kept.body) == (204, {}, b"")


def test_the_person_cannot_be_enrolled_by_somebody_who_may_not_know_of_them(scene: Scene) -> None:
    owner = scene.world.client(Role.CASE_HANDLER, scene.duties)
    scene.protect()
    body = {"participantId": str(scene.person.id), "side": "mentee"}
    for client in (owner, scene.handler):
        unknown = client.post(f"/cohorts/{scene.cohort}/enrolments", {**body, "participantId": str(uuid4())})
        answer = client.post(f"/cohorts/{scene.cohort}/enrolments", body)
        assert plain(answer) == plain(unknown)
        assert answer.status_code in {403, 422}


def test_a_login_made_later_is_hidden_with_the_person(scene: Scene) -> None:
    given = {"givenName": "Påhitt", "familyName": "Sen", "bornOn": "1990-02-28", "gender": "undisclosed"}
    given["email"] = f"sen{scene.world.number()}@example.org"
    person = scene.handler.made(f"/partners/{scene.holder}/participants", given)
    path = f"/participants/{person['id']}"
    scene.handler.put(f"{path}/protection", {"level": "confidentialityMark"}, headers={"If-Match": "*"})
    scene.clear()
    user = scene.cleared.made(f"{path}/login", {"side": "mentee"})
    administrator = scene.world.client(Role.PARTNER_ADMINISTRATOR, scene.holder)
    assert administrator.get(f"/users/{user['id']}").status_code == 404
    listed = administrator.get(f"/partners/{scene.holder}/users?limit=200").text
    assert user["id"] not in listed
    assert given["email"] not in listed


def test_the_pair_still_see_their_match_and_themselves_but_no_contact(scene: Scene) -> None:
    match = f"/matches/{scene.match.id}"
    assert scene.mentor_themself.get(f"{match}/contact").json()["familyName"] == scene.person.family_name
    scene.protect()
    for client in (scene.themself, scene.mentor_themself):
        assert client.get(match).status_code == 200
        assert client.get(f"{match}/meetings").json()["meta"]["totalCount"] == 1
    assert scene.themself.get(scene.path).json()["familyName"] == scene.person.family_name
    assert scene.mentor_themself.get(scene.path).status_code == 404
    assert scene.mentor_themself.get(f"{match}/contact").status_code == 404
    assert scene.themself.get(f"{match}/contact").status_code == 200, "the mentor is not protected"
    follow_ups = scene.mentor_themself.get("/follow-ups?limit=200").json()["items"]
    assert [one["side"] for one in follow_ups] == ["mentor"]
