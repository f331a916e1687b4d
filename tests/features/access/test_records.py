"""Does every answer that shows somebody's data leave a record that names them?"""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from app.domain.follow_ups import FollowUpKind
from app.domain.glossary import Side
from app.domain.lifecycles import MatchStatus
from app.domain.matching.proposal import UnmatchedKind
from app.domain.roles import Role
from app.features.access.shown import people_shown
from app.features.access.tables import AccessRecord
from app.features.follow_ups.tables import FollowUp
from app.features.matches.tables import Match
from app.features.matching.tables import MatchRunUnmatched
from tests.features.enrolments.scene import Scene, set_scene
from tests.world import Client, World


@pytest.fixture(scope="module")
def scene(world: World) -> Scene:
    return set_scene(world)


def records(client: Client, world: World) -> list[AccessRecord]:
    """What the client has left, oldest first."""
    me = UUID(client.get("/me").json()["id"])
    with Session(world.engine) as session:
        found = select(AccessRecord).where(AccessRecord.user_id == me).order_by(col(AccessRecord.id))
        return list(session.exec(found))


def last(client: Client, world: World) -> tuple[str, str, set[str]]:
    record = records(client, world)[-1]
    return record.permission, record.decision, {str(one) for one in record.people}


def test_one_row_names_its_person(world: World, scene: Scene) -> None:
    person = scene.person()
    assert scene.recruiter.get(f"/participants/{person['id']}").status_code == 200
    assert last(scene.recruiter, world) == ("participant:read", "allowed", {person["id"]})


def test_a_list_names_the_people_of_its_page_and_no_others(world: World, scene: Scene) -> None:
    for _ in range(3):
        scene.person()
    page = scene.recruiter.get("/participants", params={"limit": 2, "page": 2}).json()
    assert page["meta"]["totalCount"] > 2
    assert last(scene.recruiter, world)[2] == {item["id"] for item in page["items"]}


def test_a_list_below_a_row_names_the_people_of_both(world: World, scene: Scene) -> None:
    person = scene.person()
    path = scene.applied(person=person)
    page = scene.screener.get(f"/cohorts/{scene.cohort_id}/enrolments?limit=200").json()
    assert last(scene.screener, world) == (
        "enrolment:read",
        "allowed",
        {item["participantId"] for item in page["items"]},
    )
    assert scene.screener.get(f"{path}/training-records").status_code == 200
    assert last(scene.screener, world)[2] == {person["id"]}


def test_a_write_that_answers_with_a_person_is_recorded_too(world: World, scene: Scene) -> None:
    person = scene.person()
    assert last(scene.recruiter, world) == ("participant:create", "allowed", {person["id"]})


def test_a_refusal_names_whom_it_was_about(world: World, scene: Scene) -> None:
    person = scene.person()
    path = scene.applied(person=person)
    assert scene.recruiter.post(f"{path}/screening", {"decision": "ready"}).status_code == 403
    assert last(scene.recruiter, world) == ("enrolment:screen", "refused", {person["id"]})


def test_what_answers_404_names_nobody(world: World, scene: Scene) -> None:
    person = scene.person()
    stranger = world.client(Role.CASE_HANDLER, world.partner())
    assert stranger.get(f"/participants/{person['id']}").status_code == 404
    assert last(stranger, world) == ("participant:read", "outOfReach", set())


def test_a_refused_rule_shows_nothing_and_leaves_no_record(world: World, scene: Scene) -> None:
    person = scene.person()
    before = len(records(scene.recruiter, world))
    assert scene.recruiter.patch(f"/participants/{person['id']}", {"bornOn": "2190-01-01"}).status_code == 422
    assert len(records(scene.recruiter, world)) == before + 1, "the read for the ETag only"


def test_own_data_is_recorded_when_read_and_not_when_named_in_passing(world: World, scene: Scene) -> None:
    client, person = scene.themself()
    assert client.get("/me").status_code == 200
    assert records(client, world) == []
    assert client.get(f"/participants/{person['id']}").status_code == 200
    assert last(client, world) == ("participant:read", "allowed", {person["id"]})


def test_things_without_people_leave_no_record(world: World, scene: Scene) -> None:
    assert scene.owner.get("/programs").status_code == 200
    assert scene.owner.get("/partners").status_code == 200
    assert records(scene.owner, world) == []


def test_an_account_is_about_the_person_who_logs_in_with_it(world: World, scene: Scene) -> None:
    person = scene.person(email=f"p{world.number()}@example.org")
    scene.recruiter.made(f"/participants/{person['id']}/login", {"side": "mentee"})
    administrator = world.client(Role.PARTNER_ADMINISTRATOR, scene.recruiter_id)
    assert administrator.get(f"/partners/{scene.recruiter_id}/users?limit=200").status_code == 200
    permission, decision, people = last(administrator, world)
    assert (permission, decision) == ("user:read", "allowed")
    assert person["id"] in people


def enrolled(scene: Scene, side: Side) -> dict[str, Any]:
    found: dict[str, Any] = scene.recruiter.get(scene.screened(side)).json()
    return found


def test_rows_about_two_name_both(world: World, scene: Scene) -> None:
    mentor, mentee = enrolled(scene, Side.MENTOR), enrolled(scene, Side.MENTEE)
    both = {UUID(mentor["participantId"]), UUID(mentee["participantId"])}
    pair: dict[str, Any] = {
        "program_id": scene.program_id,
        "mentor_participant_id": UUID(mentor["participantId"]),
        "mentee_participant_id": UUID(mentee["participantId"]),
    }
    match = Match(
        **pair,
        cohort_id=scene.cohort_id,
        mentor_enrolment_id=UUID(mentor["id"]),
        mentee_enrolment_id=UUID(mentee["id"]),
        mentor_partner_id=scene.recruiter_id,
        mentee_partner_id=scene.recruiter_id,
        status=MatchStatus.ACTIVE,
        answer_by=date(2026, 3, 9),
    )
    joint = FollowUp(**pair, match_id=match.id, kind=FollowUpKind.IN_DEPTH, due_on=date(2026, 3, 9))
    unmatched = MatchRunUnmatched(
        program_id=scene.program_id,
        run_id=match.id,
        mentee_enrolment_id=UUID(mentee["id"]),
        kind=UnmatchedKind.NO_FEASIBLE_MENTOR,
        feasible_mentors=0,
    )
    with Session(world.engine) as session:
        assert people_shown(session, match, ()) == both
        assert people_shown(session, joint, ()) == both, "wider than whom the follow-up is with"
        assert people_shown(session, None, [{"items": [unmatched]}]) == {UUID(mentee["participantId"])}
        assert people_shown(session, None, [{"prices": [{"enrolment_id": UUID(mentor["id"])}]}]) == {
            UUID(mentor["participantId"])
        }
        assert people_shown(session, None, ["text", 3, None, {"participant_ids": sorted(both)}]) == both
