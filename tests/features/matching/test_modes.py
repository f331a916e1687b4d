"""Is asked-at-once answered by the rules of a run, is nothing stored, and is a pair without a run held to the policy?"""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col

from app.domain.glossary import Concealing
from app.domain.lifecycles import CohortStatus, EnrolmentStatus, MatchStatus
from app.domain.matching.policy import default_policy_document
from app.domain.roles import Role
from app.features.access.tables import AccessRecord
from app.features.changes.tables import Change
from app.features.enrolments.tables import Enrolment
from app.features.matches.tables import Match
from app.features.matching.actions import previews
from app.features.matching.tables import MatchRun
from tests.features.matching.scene import Scene, nowhere
from tests.features.matching.test_concealed import conceal
from tests.features.matching.test_pins import MUSICIAN, pin, two_trades
from tests.world import World

BEGINNER: dict[str, Any] = {"languages": [{"code": "sv", "level": "A1"}]}


@pytest.fixture
def scene(world: World) -> Scene:
    made = Scene(world)
    made.publish_policy()
    return made


def at(scene: Scene, what: str) -> str:
    return f"/programs/{scene.program}/{what}"


def preview(scene: Scene, **over: Any) -> dict[str, Any]:
    return scene.proposer.made(at(scene, "match-previews"), {"cohortId": str(scene.cohort), **over}, status=200)


def draft(**constraints: Any) -> dict[str, Any]:
    document = default_policy_document("sv-adult-labour")
    document["constraints"].update(constraints)
    return document


def assess(scene: Scene, mentor: Enrolment, mentee: Enrolment, **over: Any) -> dict[str, Any]:
    return scene.proposer.made(at(scene, "match-assessments"), {**pin(mentor.id, mentee.id), **over}, status=200)


def test_a_preview_says_what_a_run_would_and_stores_nothing(scene: Scene) -> None:
    two_trades(scene)
    left = scene.mentee(BEGINNER)
    before = scene.count(Change)
    seen = preview(scene, seed=7)
    assert (scene.count(Change), scene.count(MatchRun, col(MatchRun.program_id) == scene.program)) == (before, 0)
    path = scene.run(seed=7)
    run = scene.read(path)
    for name in ("people", "priority", "score", "isOptimal", "gap", "scoreFloor", "mentorCount", "menteeCount"):
        assert seen[name] == run[name], name
    own = ("mentorEnrolmentId", "menteeEnrolmentId", "score", "explanation", "rank")
    stored = sorted(str([one[name] for name in own]) for one in scene.items(f"{path}/pairs"))
    assert sorted(str([one[name] for name in own]) for one in seen["pairs"]) == stored
    assert [one["menteeEnrolmentId"] for one in seen["unmatched"]] == [str(left.id)]
    assert seen["unmatched"][0]["explanation"] == scene.items(f"{path}/unmatched")[0]["explanation"]


def test_a_preview_takes_a_document_that_nobody_has_published(scene: Scene) -> None:
    scene.mentor()
    scene.mentee(BEGINNER)
    document = draft()
    document["constraints"]["language"]["menteeMin"] = "A1"
    document["constraints"]["language"]["needsShared"] = False
    assert (preview(scene)["people"], preview(scene, document=document)["people"]) == (0, 1)
    document["weights"]["goals"] = -1
    refused = scene.proposer.post(at(scene, "match-previews"), {"cohortId": str(scene.cohort), "document": document})
    assert [(one["code"], one["pointer"]) for one in refused.json()["errors"]] == [
        ("matching_policy.invalid", "/document/weights/goals")
    ]
    policy = scene.items(scene.policies)[0]["id"]
    both = {"cohortId": str(scene.cohort), "document": draft(), "policyId": policy}
    assert scene.proposer.post(at(scene, "match-previews"), both).status_code == 422


def test_what_excludes_everyone_is_named(scene: Scene) -> None:
    scene.mentor({"languages": [{"code": "sv", "level": "A2"}]})
    scene.mentee()
    seen = preview(scene)
    assert (seen["people"], seen["contradiction"]) == (0, ["mentorLanguage"])
    assert scene.read(scene.run())["contradiction"] == ["mentorLanguage"]


def test_without_mentors_everybody_is_told_so(scene: Scene) -> None:
    scene.mentee()
    seen = preview(scene)
    assert (seen["mentorCount"], seen["people"], len(seen["unmatched"]), seen["isOptimal"]) == (0, 0, 1, True)


def test_a_person_on_both_sides_is_never_their_own_mentor(scene: Scene) -> None:
    mentor = scene.mentor()
    scene.mentee(participant_id=mentor.participant_id)
    assert preview(scene)["pairs"] == []
    other = scene.mentee()
    assert [one["menteeEnrolmentId"] for one in preview(scene)["pairs"]] == [str(other.id)]


def test_large_cohorts_are_pointed_to_runs(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    two_trades(scene)
    monkeypatch.setattr(previews, "SYNCHRONOUS_LIMIT", 1)
    refused = scene.proposer.post(at(scene, "match-previews"), {"cohortId": str(scene.cohort)})
    assert (refused.status_code, refused.json()["code"]) == (422, "matching.pool_too_large_to_preview")
    assert refused.json()["context"]["limit"] == 1


def test_two_policies_are_compared_on_the_same_people(scene: Scene) -> None:
    musician, cook, plays, cooks = two_trades(scene)
    beginner = scene.mentee(BEGINNER, applied_on=scene.today - timedelta(days=300))
    open_to_all = draft()
    open_to_all["constraints"]["language"]["menteeMin"] = None
    open_to_all["constraints"]["language"]["needsShared"] = False
    body = {"cohortId": str(scene.cohort), "first": {}, "second": {"document": open_to_all}}
    found = scene.proposer.made(at(scene, "policy-comparisons"), body, status=200)
    assert (found["first"]["people"], found["second"]["people"]) == (2, 2)
    assert found["second"]["priority"] > found["first"]["priority"]
    assert [one["menteeEnrolmentId"] for one in found["gained"]] == [str(beginner.id)]
    (lost,) = found["lost"]
    assert lost["menteeEnrolmentId"] in {str(plays.id), str(cooks.id)}
    assert (lost["secondMentorEnrolmentId"], lost["secondScore"]) == (None, None)
    assert lost["firstMentorEnrolmentId"] in {str(musician.id), str(cook.id)}
    assert found["unchangedCount"] + len(found["gained"] + found["lost"] + found["moved"]) == 3
    same = scene.proposer.made(at(scene, "policy-comparisons"), {**body, "second": {}}, status=200)
    assert (same["gained"], same["lost"], same["moved"], same["unchangedCount"]) == ([], [], [], 3)
    assert same["first"] == same["second"]
    missing = scene.proposer.post(at(scene, "policy-comparisons"), {**body, "second": {"policyId": nowhere()}})
    assert missing.json()["errors"][0]["pointer"] == "/second/policyId"


def test_one_pair_is_weighed_as_in_a_run(scene: Scene) -> None:
    musician, cook, plays, _ = two_trades(scene)
    path = scene.run()
    stored = next(one for one in scene.items(f"{path}/pairs") if one["menteeEnrolmentId"] == str(plays.id))
    good, worse = assess(scene, musician, plays), assess(scene, cook, plays)
    assert (good["isPossible"], good["broken"], good["score"]) == (True, [], stored["score"])
    assert good["contributions"] == stored["contributions"]
    assert ([good["rank"], worse["rank"]], good["feasibleMentors"]) == ([1, 2], 2)
    assert worse["score"] < good["score"]
    assert good["explanation"]["sv"][0].startswith("Poäng")


def test_what_stands_in_the_way_of_a_pair_is_named(scene: Scene) -> None:
    mentor, beginner = scene.mentor(), scene.mentee(BEGINNER)
    found = assess(scene, mentor, beginner)
    assert (found["isPossible"], found["rank"], found["score"] > 0) == (False, None, True)
    assert set(found["broken"]) == {"menteeLanguage", "sharedLanguage"}
    assert "adeptens språknivå" in found["explanation"]["sv"][-1]
    assert "the mentee's language level" in found["explanation"]["en"][-1]
    full = scene.mentor()
    scene.match(full, scene.mentee(), MatchStatus.ACTIVE, mentor_place=1)
    (only,) = assess(scene, full, scene.mentee())["broken"]
    assert only == "freePlace"


def propose(scene: Scene, mentor: Any, mentee: Any, **over: Any) -> Any:
    return scene.approver.post(at(scene, "matches"), {**pin(mentor, mentee), **over})


def test_a_pair_without_a_run_becomes_a_proposal_with_its_points(scene: Scene) -> None:
    musician, _, plays, _ = two_trades(scene)
    expected = assess(scene, musician, plays)
    made = propose(scene, musician.id, plays.id)
    assert made.status_code == 201, made.text
    match = scene.approver.get(made.headers["location"]).json()
    assert (match["status"], match["runId"], match["score"]) == ("proposed", None, expected["score"])
    assert match["contributions"] == expected["contributions"]
    assert match["answerBy"] == (scene.today + timedelta(days=14)).isoformat()
    again = propose(scene, musician.id, plays.id)
    assert (again.status_code, again.json()["code"]) == (409, "matching.not_in_pool")


def test_a_pair_that_breaks_a_condition_is_refused_unless_the_policy_allows_it(scene: Scene) -> None:
    mentor, beginner = scene.mentor(), scene.mentee(BEGINNER)
    refused = propose(scene, mentor.id, beginner.id)
    assert (refused.status_code, refused.json()["code"]) == (409, "matching.pair_breaks_constraint")
    assert set(refused.json()["context"]["constraints"]) == {"menteeLanguage", "sharedLanguage"}
    language = {"code": "sv", "menteeMin": None, "mentorMin": "B2", "needsShared": False}
    scene.publish_policy(language=language)
    assert propose(scene, mentor.id, beginner.id).status_code == 201


def test_pairs_that_cannot_be_proposed(scene: Scene) -> None:
    mentor, mentee = scene.mentor(), scene.mentee()
    away = scene.mentee(status=EnrolmentStatus.PAUSED)
    elsewhere = scene.mentee(cohort_id=scene.new_cohort())
    hidden = scene.mentee()
    conceal(scene, hidden, Concealing.WITHDRAWN_CONSENT)
    hidden_to_both = scene.mentee(partner_id=scene.business)
    conceal(scene, hidden_to_both, Concealing.PROTECTED_IDENTITY)
    done = scene.new_cohort(CohortStatus.COMPLETED)
    late = scene.mentor(cohort_id=done), scene.mentee(cohort_id=done)
    for one, other, status, code in (
        (mentor.id, away.id, 409, "matching.not_in_pool"),
        (mentor.id, elsewhere.id, 409, "match.not_same_cohort"),
        (mentor.id, hidden_to_both.id, 422, "matching.enrolment_unknown"),
        (mentor.id, nowhere(), 422, "matching.enrolment_unknown"),
        (late[0].id, late[1].id, 409, "matching.cohort_not_open"),
    ):
        refused = propose(scene, one, other)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    late_answer = propose(scene, mentor.id, mentee.id, answerBy="2026-03-01")
    assert late_answer.json()["code"] == "matching.answer_by_outside_window"
    assert scene.count(Match, col(Match.program_id) == scene.program) == 0


def test_whoever_is_kept_from_the_caller_is_in_no_answer(scene: Scene) -> None:
    mentor, mentee, hidden = scene.mentor(), scene.mentee(), scene.mentee()
    conceal(scene, hidden, Concealing.PROTECTED_IDENTITY)
    seen = preview(scene)
    assert (seen["menteeCount"], str(hidden.id) in str(seen)) == (1, False)
    body = {"cohortId": str(scene.cohort), "first": {}, "second": {}}
    found = scene.proposer.made(at(scene, "policy-comparisons"), body, status=200)
    assert found["first"]["menteeCount"] == 1
    unknown = scene.proposer.post(at(scene, "match-assessments"), pin(mentor.id, nowhere())).json()
    refused = scene.proposer.post(at(scene, "match-assessments"), pin(mentor.id, hidden.id)).json()
    assert {**unknown, "traceId": ""} == {**refused, "traceId": ""}
    assert mentee.id != hidden.id


def test_whose_data_was_shown_is_recorded(scene: Scene) -> None:
    mentor, mentee = scene.mentor(), scene.mentee()
    assess(scene, mentor, mentee)
    preview(scene)
    people = [mentor.participant_id, mentee.participant_id]
    seen = scene.count(
        AccessRecord, col(AccessRecord.people).contains(people), col(AccessRecord.user_id) == scene.starter.id
    )
    assert seen == 2


def test_who_may_ask(world: World, scene: Scene) -> None:
    mentor, mentee = scene.mentor(), scene.mentee()
    cohort = {"cohortId": str(scene.cohort)}
    asked = {
        "match-previews": cohort,
        "policy-comparisons": {**cohort, "first": {}, "second": {}},
        "match-assessments": pin(mentor.id, mentee.id),
    }
    stranger = world.client(Role.COORDINATOR, world.partner())
    for what, body in asked.items():
        assert scene.approver.post(at(scene, what), body).json()["code"] == "access.duty_not_held"
        assert stranger.post(at(scene, what), body).status_code == 404
    assert scene.proposer.post(at(scene, "matches"), pin(mentor.id, mentee.id)).json()["code"] == "access.duty_not_held"


def suggested(scene: Scene, what: str, of: Enrolment, **more: Any) -> Any:
    side = "mentee" if what == "mentor-suggestions" else "mentor"
    return scene.proposer.post(at(scene, what), {f"{side}EnrolmentId": str(of.id), **more})


def test_the_best_for_one_person_are_suggested_with_a_runs_points(scene: Scene) -> None:
    musician, cook, plays, cooks = two_trades(scene)
    full = scene.mentor(MUSICIAN)
    scene.match(full, scene.mentee(MUSICIAN), MatchStatus.ACTIVE, mentor_place=1)
    found = suggested(scene, "mentor-suggestions", plays).json()
    assert [one["enrolmentId"] for one in found["suggestions"]] == [str(musician.id), str(cook.id)]
    best = found["suggestions"][0]
    weighed = assess(scene, musician, plays)
    assert (best["score"], best["contributions"]) == (weighed["score"], weighed["contributions"])
    assert (best["freePlaces"], best["explanation"]["en"][0][:5]) == (1, "Score")
    assert len(suggested(scene, "mentor-suggestions", plays, limit=1).json()["suggestions"]) == 1
    found = suggested(scene, "mentee-suggestions", cook).json()
    assert [one["enrolmentId"] for one in found["suggestions"]] == [str(cooks.id), str(plays.id)]
    assert suggested(scene, "mentee-suggestions", full).json()["suggestions"] == []


def test_who_is_suggested_to_whom_and_told_to_whom(world: World, scene: Scene) -> None:
    mentor, mentee, hidden = scene.mentor(), scene.mentee(), scene.mentor()
    conceal(scene, hidden, Concealing.PROTECTED_IDENTITY)
    found = suggested(scene, "mentor-suggestions", mentee).json()
    assert [one["enrolmentId"] for one in found["suggestions"]] == [str(mentor.id)]
    for one, status, code in (
        (hidden, 422, "matching.enrolment_unknown"),
        (mentee, 422, "matching.enrolment_unknown"),
        (scene.mentor(status=EnrolmentStatus.PAUSED), 409, "matching.not_in_pool"),
    ):
        refused = suggested(scene, "mentee-suggestions", one)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    people = [mentor.participant_id, mentee.participant_id]
    seen = (col(AccessRecord.people).contains(people), col(AccessRecord.user_id) == scene.starter.id)
    assert scene.count(AccessRecord, *seen) == 1
    path = at(scene, "mentor-suggestions")
    asked = {"menteeEnrolmentId": str(mentee.id)}
    assert scene.approver.post(path, asked).json()["code"] == "access.duty_not_held"
    stranger = world.client(Role.COORDINATOR, world.partner())
    assert stranger.post(path, asked).status_code == 404
