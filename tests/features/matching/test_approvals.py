"""Does approval make matches of what still holds, all or none, by the accountable partner only, and once?"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col

from app.domain.changes import ChangeKind
from app.domain.lifecycles import EnrolmentStatus, MatchStatus
from app.domain.roles import Role
from app.features.enrolments.tables import Enrolment
from app.features.matches.tables import Match
from app.features.participants.tables import Participant
from tests.features.matching.scene import Scene, nowhere
from tests.world import World


@pytest.fixture
def scene(world: World) -> Scene:
    made = Scene(world)
    made.publish_policy()
    return made


def small(scene: Scene) -> str:
    """The path of a finished run that suggests two pairs."""
    for _ in range(2):
        scene.mentor()
        scene.mentee()
    return scene.run()


def proposed(scene: Scene) -> int:
    return scene.count(Match, col(Match.program_id) == scene.program, col(Match.status) == MatchStatus.PROPOSED)


def change(scene: Scene, table: Any, row_id: Any, **values: Any) -> None:
    with Session(scene.world.engine) as session:
        session.info["is_unrecorded"] = True
        row = session.get_one(table, row_id)
        for name, value in values.items():
            setattr(row, name, value)
        session.commit()


def test_every_pair_becomes_a_match(scene: Scene) -> None:
    path = small(scene)
    approved = scene.approver.post(f"{path}/approval", {})
    assert (approved.status_code, approved.json()["status"]) == (200, "approved")
    assert approved.json()["approvedByUserId"] != approved.json()["requestedByUserId"]
    pairs = scene.items(f"{path}/pairs")
    for pair in pairs:
        match = scene.proposer.get(f"/matches/{pair['matchId']}").json()
        assert (match["status"], match["score"]) == ("proposed", pair["score"])
        assert (match["mentorEnrolmentId"], match["menteeEnrolmentId"]) == (
            pair["mentorEnrolmentId"],
            pair["menteeEnrolmentId"],
        )
        assert match["answerBy"] == (scene.today + timedelta(days=14)).isoformat()
    assert len(pairs) == proposed(scene) == 2
    assert scene.changes(path, ChangeKind.MATCH_RUN_APPROVED) == 1


def test_excluded_pairs_become_nothing(scene: Scene) -> None:
    path = small(scene)
    first, second = scene.items(f"{path}/pairs")
    answer_by = (scene.today + timedelta(days=3)).isoformat()
    body = {"excludedPairIds": [first["id"], first["id"]], "answerBy": answer_by}
    assert scene.approver.post(f"{path}/approval", body).status_code == 200
    left = {one["id"]: one["matchId"] for one in scene.items(f"{path}/pairs")}
    assert left[first["id"]] is None
    assert scene.proposer.get(f"/matches/{left[second['id']]}").json()["answerBy"] == answer_by


def test_a_run_is_decided_once(scene: Scene) -> None:
    path = small(scene)
    scene.approver.made(f"{path}/approval", {}, status=200)
    for decision, body in (("approval", {}), ("rejection", {"reasonCode": "other"})):
        refused = scene.approver.post(f"{path}/{decision}", body)
        assert (refused.status_code, refused.json()["code"]) == (409, "match_run.transition_not_allowed")
    assert proposed(scene) == 2


def test_two_approvals_at_once_make_the_matches_once(scene: Scene) -> None:
    path = small(scene)
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda _: scene.approver.post(f"{path}/approval", {}).status_code, range(2)))
    assert sorted(answers) == [200, 409]
    assert proposed(scene) == 2


def test_two_runs_over_the_same_people_make_their_matches_once(scene: Scene) -> None:
    first, second = small(scene), scene.run()
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda path: scene.approver.post(f"{path}/approval", {}), [first, second]))
    lost = max(answers, key=lambda answer: answer.status_code)
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert lost.json()["code"] == "matching.pair_no_longer_holds"
    assert set(lost.json()["context"]["reasons"].values()) == {"menteeHasMatch"}
    assert proposed(scene) == 2


def withdraw(scene: Scene, mentor: Enrolment, mentee: Enrolment) -> None:
    change(scene, Enrolment, mentee.id, status=EnrolmentStatus.WITHDRAWN)


def pause(scene: Scene, mentor: Enrolment, mentee: Enrolment) -> None:
    change(scene, Enrolment, mentor.id, status=EnrolmentStatus.PAUSED)


def fill(scene: Scene, mentor: Enrolment, mentee: Enrolment) -> None:
    scene.match(mentor, scene.mentee(), MatchStatus.ACTIVE, mentor_place=1)


def decline(scene: Scene, mentor: Enrolment, mentee: Enrolment) -> None:
    scene.match(mentor, mentee, MatchStatus.DECLINED)


def promise(scene: Scene, mentor: Enrolment, mentee: Enrolment) -> None:
    scene.match(scene.mentor(), mentee, MatchStatus.PROPOSED)


@pytest.mark.parametrize(
    ("overtake", "reason"),
    [
        (withdraw, "menteeNotReady"),
        (pause, "mentorNotReady"),
        (fill, "noPlaceLeft"),
        (decline, "pairDeclined"),
        (promise, "menteeHasMatch"),
    ],
)
def test_what_no_longer_holds_stops_the_whole(
    scene: Scene, overtake: Callable[[Scene, Enrolment, Enrolment], None], reason: str
) -> None:
    path = small(scene)
    pair = scene.items(f"{path}/pairs")[0]
    with Session(scene.world.engine) as session:
        mentor = session.get_one(Enrolment, pair["mentorEnrolmentId"])
        mentee = session.get_one(Enrolment, pair["menteeEnrolmentId"])
    overtake(scene, mentor, mentee)
    before = proposed(scene)

    refused = scene.approver.post(f"{path}/approval", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "matching.pair_no_longer_holds")
    assert refused.json()["context"] == {"pairIds": [pair["id"]], "reasons": {pair["id"]: reason}}
    assert proposed(scene) == before
    assert scene.read(path)["status"] == "completed"
    assert [one["matchId"] for one in scene.items(f"{path}/pairs")] == [None, None]

    rest = scene.approver.post(f"{path}/approval", {"excludedPairIds": [pair["id"]]})
    assert (rest.status_code, proposed(scene)) == (200, before + 1)


def test_a_mentor_is_not_given_more_than_the_places_left(scene: Scene) -> None:
    mentor = scene.mentor({"mentor_capacity": 2})
    scene.mentee()
    scene.mentee()
    path = scene.run()
    assert len(scene.pairs(path)) == 2
    change(scene, Participant, mentor.participant_id, mentor_capacity=1)
    refused = scene.approver.post(f"{path}/approval", {})
    assert list(refused.json()["context"]["reasons"].values()) == ["noPlaceLeft"]
    assert proposed(scene) == 0


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"excludedPairIds": [nowhere()]}, "matching.pair_unknown", "/excludedPairIds/0"),
        ({"answerBy": "2026-03-01"}, "matching.answer_by_outside_window", "/answerBy"),
        ({"answerBy": "2027-03-04"}, "matching.answer_by_outside_window", "/answerBy"),
    ],
)
def test_bad_decisions_are_pointed_at(scene: Scene, body: dict[str, Any], code: str, pointer: str) -> None:
    path = small(scene)
    refused = scene.approver.post(f"{path}/approval", body)
    assert refused.status_code == 422
    assert [(error["code"], error["pointer"]) for error in refused.json()["errors"]] == [(code, pointer)]
    assert proposed(scene) == 0


def test_a_pair_of_another_run_cannot_be_excluded(scene: Scene) -> None:
    first, second = small(scene), scene.run()
    foreign = scene.items(f"{second}/pairs")[0]["id"]
    refused = scene.approver.post(f"{first}/approval", {"excludedPairIds": [foreign]})
    assert refused.json()["code"] == "matching.pair_unknown"


def test_a_run_is_rejected_with_a_reason(scene: Scene) -> None:
    path = small(scene)
    rejected = scene.approver.post(f"{path}/rejection", {"reasonCode": "poolChanged"})
    assert (rejected.status_code, rejected.json()["status"]) == (200, "discarded")
    assert rejected.json()["rejectionReason"] == "poolChanged"
    assert scene.changes(path, ChangeKind.MATCH_RUN_DISCARDED) == 1
    assert scene.approver.post(f"{path}/approval", {}).status_code == 409
    assert proposed(scene) == 0


def test_a_run_that_is_not_finished_cannot_be_decided(scene: Scene) -> None:
    path = scene.request()
    for decision, body in (("approval", {}), ("rejection", {"reasonCode": "other"})):
        refused = scene.approver.post(f"{path}/{decision}", body)
        assert (refused.status_code, refused.json()["code"]) == (409, "match_run.transition_not_allowed")


def test_only_the_accountable_partner_decides(world: World, scene: Scene) -> None:
    path = small(scene)
    supporter = world.client(Role.COORDINATOR, scene.business)
    assert supporter.get(path).status_code == 200
    for client in (supporter, scene.proposer):
        refused = client.post(f"{path}/approval", {})
        assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
        holder = refused.json()["context"]["duties"][0]
        assert (holder["duty"], holder["partnerId"]) == ("approveMatches", str(scene.association))
        assert client.post(f"{path}/rejection", {"reasonCode": "other"}).status_code == 403
    stranger = world.client(Role.COORDINATOR, world.partner())
    assert stranger.post(f"{path}/approval", {}).status_code == 404
    administrator = world.client(Role.PARTNER_ADMINISTRATOR, scene.association)
    assert administrator.post(f"{path}/approval", {}).json()["code"] == "access.role_not_permitted"
    assert proposed(scene) == 0
