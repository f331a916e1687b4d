"""What does each side read of a referral, before the answer and after it, and what does it never read?"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, select

from app.domain.follow_ups import FollowUpKind
from app.domain.glossary import Concealing, ExitReason, MeetingMode, ProtectionLevel, Side
from app.domain.lifecycles import EnrolmentStatus, MatchStatus
from app.domain.outcomes import IncomeSource, Occasion, Occupation
from app.domain.roles import Role
from app.features.access.tables import AccessRecord, Concealment, UserAccount
from app.features.enrolments.tables import Enrolment
from app.features.follow_ups.tables import FollowUp
from app.features.matches.tables import Match, Meeting
from app.features.outcomes.tables import Outcome
from tests.features.referrals.scene import Scene, id_of

NOTHING_YET = {
    "enrolmentStatus": "referred",
    "isMatched": False,
    "hasBeenMatched": False,
    "exitedOn": None,
    "exitReason": None,
    "occupationAtExit": None,
}


def listed(scene: Scene, query: str = "", who: str = "receiver") -> list[str]:
    """The ids in the partner's list."""
    client, partner_id = (getattr(scene, name) for name in (who, f"{who}_id"))
    response = client.get(f"/partners/{partner_id}/referrals{query}")
    assert response.status_code == 200, response.text
    return [one["id"] for one in response.json()["items"]]


def matched(scene: Scene, enrolment_id: str, status: MatchStatus, *, is_accepted: bool = True) -> UUID:
    """A match of the enrolment, as a later slice would store it."""
    mentor = scene.person(partner_id=scene.onlooker_id)
    enrolment = scene.world.add(
        Enrolment(
            program_id=scene.program_id, cohort_id=scene.cohort_id, participant_id=mentor.id,
            partner_id=scene.onlooker_id, side=Side.MENTOR, status=EnrolmentStatus.READY, applied_on=date(2026, 3, 2),
        )
    )  # fmt: skip
    with Session(scene.world.engine) as session:
        mentee = session.get_one(Enrolment, UUID(enrolment_id))
    match: Match = scene.world.add(
        Match(
            program_id=scene.program_id, cohort_id=scene.cohort_id, mentor_enrolment_id=enrolment.id,
            mentee_enrolment_id=mentee.id, mentor_participant_id=mentor.id,
            mentee_participant_id=mentee.participant_id, mentor_partner_id=scene.onlooker_id,
            mentee_partner_id=scene.receiver_id, status=status, answer_by=date(2026, 3, 9),
            accepted_at=scene.world.clock() if is_accepted else None,
        )
    )  # fmt: skip
    return match.id


def exited(scene: Scene, enrolment_id: str) -> None:
    """The enrolment has ended in work; entry and a later occasion say otherwise."""
    with Session(scene.world.engine, expire_on_commit=False) as session:
        enrolment = session.get_one(Enrolment, UUID(enrolment_id))
        recorder = session.exec(select(UserAccount)).first()
        assert recorder is not None
    scene.set(enrolment, status=EnrolmentStatus.EXITED, exited_on=date(2026, 3, 2), exit_reason=ExitReason.GOAL_REACHED)
    kept = {
        Occasion.ENTRY: Occupation.NONE,
        Occasion.EXIT: Occupation.WORK,
        Occasion.AFTER_ONE_MONTH: Occupation.STUDIES,
    }
    for occasion, occupation in kept.items():
        scene.world.add(
            Outcome(
                program_id=scene.program_id, enrolment_id=enrolment.id, participant_id=enrolment.participant_id,
                partner_id=scene.receiver_id, occasion=occasion, observed_on=date(2026, 3, 2),
                income_source=IncomeSource.WAGES, occupation=occupation, recorded_by_user_id=recorder.id,
            )
        )  # fmt: skip


def test_the_sender_reads_what_became_of_it_and_nothing_more(scene: Scene) -> None:
    path = scene.sent()
    assert scene.read(path, scene.sender)["outcome"] is None
    enrolment_id = scene.accepted(path)["enrolmentId"]
    read = scene.read(path, scene.sender)
    assert (read["outcome"], read["snapshot"], read["enrolmentId"], read["receivedParticipantId"]) == (
        NOTHING_YET, None, None, None,
    )  # fmt: skip
    match_id = matched(scene, enrolment_id, MatchStatus.ACTIVE)
    recorder = UUID(scene.receiver.get("/me").json()["id"])
    with Session(scene.world.engine) as session:
        people = session.get_one(Match, match_id)
    scene.world.add(
        Meeting(
            program_id=scene.program_id, match_id=match_id, mentor_participant_id=people.mentor_participant_id,
            mentee_participant_id=people.mentee_participant_id, held_on=date(2026, 2, 28), minutes=77,
            mode=MeetingMode.VIDEO, topics=["goals"], logged_by_user_id=recorder,
        ),
        FollowUp(
            program_id=scene.program_id, match_id=match_id, enrolment_id=UUID(enrolment_id),
            participant_id=people.mentee_participant_id, kind=FollowUpKind.EXIT, side=Side.MENTEE,
            due_on=date(2026, 3, 5), answers={"told": "hemligt svar"},
        ),
    )  # fmt: skip
    exited(scene, enrolment_id)
    response = scene.sender.get(path)
    assert response.json()["outcome"] == {
        "enrolmentStatus": "exited",
        "isMatched": True,
        "hasBeenMatched": True,
        "exitedOn": "2026-03-02",
        "exitReason": "goalReached",
        "occupationAtExit": "work",
    }
    assert not any(word in response.text for word in ("hemligt", "video", str(match_id), enrolment_id, "studies"))


@pytest.mark.parametrize(
    ("status", "is_accepted", "now", "ever"),
    [
        (MatchStatus.PROPOSED, False, False, False),
        (MatchStatus.ACCEPTED_BY_MENTOR, False, False, False),
        (MatchStatus.ACCEPTED, True, True, True),
        (MatchStatus.ON_HOLD, True, True, True),
        (MatchStatus.CLOSED, True, False, True),
        (MatchStatus.VOID, True, False, False),
    ],
)
def test_matched_means_that_both_have_accepted(
    scene: Scene,
    status: MatchStatus,
    is_accepted: bool,  # noqa: FBT001  a case
    now: bool,  # noqa: FBT001  a case
    ever: bool,  # noqa: FBT001  a case
) -> None:
    path = scene.sent()
    matched(scene, scene.accepted(path)["enrolmentId"], status, is_accepted=is_accepted)
    outcome = scene.read(path, scene.sender)["outcome"]
    assert (outcome["isMatched"], outcome["hasBeenMatched"]) == (now, ever)


def test_when_the_consent_ends_so_does_what_the_sender_and_the_receiver_read(scene: Scene) -> None:
    consent = scene.consent(person := scene.person())
    path = scene.sent(person)
    body = scene.accepted(path)
    assert body["snapshot"]["givenName"] == person.given_name
    scene.end_consent(consent)
    read = scene.read(path, scene.sender)
    assert (read["status"], read["outcome"]) == ("accepted", None)
    assert (scene.read(path)["status"], scene.read(path)["snapshot"]) == ("accepted", None)
    # The receiver's own record rests on the receiver's own ground.
    assert scene.receiver.get(f"/participants/{body['receivedParticipantId']}").status_code == 200


def test_when_either_record_becomes_anonymous_neither_reads_more(scene: Scene) -> None:
    path = scene.sent()
    received = scene.stored_participant(scene.accepted(path)["receivedParticipantId"])
    scene.set(
        received, is_anonymous=True, birth_year=1990, given_name=None, family_name=None, email=None, phone=None,
        born_on=None,
    )  # fmt: skip
    assert scene.read(path, scene.sender)["outcome"] is None
    assert scene.read(path)["snapshot"] is None


def test_the_copy_is_read_for_thirty_days_after_a_yes(scene: Scene) -> None:
    path = scene.sent()
    scene.accepted(path)
    scene.pass_days(30)
    assert scene.read(path)["snapshot"] is not None
    scene.pass_days(1)
    assert scene.read(path)["snapshot"] is None


def test_neither_side_reads_the_others_record(scene: Scene) -> None:
    scene.consent(person := scene.person())
    path = scene.sent(person)
    assert scene.receiver.get(f"/participants/{person.id}").status_code == 404
    body = scene.accepted(path)
    theirs = [f"/participants/{body['receivedParticipantId']}", f"/enrolments/{body['enrolmentId']}"]
    assert [scene.sender.get(one).status_code for one in theirs] == [404, 404]
    assert scene.receiver.get(f"/participants/{person.id}").status_code == 404


def test_after_a_refusal_the_receiver_reads_nothing_of_the_person(scene: Scene) -> None:
    scene.consent(person := scene.person())
    path = scene.sent(person)
    scene.refuse(path)
    text = scene.receiver.get(path).text + scene.receiver.get(f"/partners/{scene.receiver_id}/referrals").text
    shown = (person.given_name, "Påhittsson", person.email, str(person.id), str(person.person_id), "1990-02-28")
    assert not any(str(one) in text for one in shown)
    assert scene.receiver.get(f"/participants/{person.id}").status_code == 404


def test_the_person_reads_their_own(scene: Scene) -> None:
    mentee, person = scene.themself()
    scene.consent(person)
    path = scene.sent(person)
    scene.sent()
    assert [one["id"] for one in mentee.get("/referrals").json()["items"]] == [str(id_of(path))]
    read = scene.read(path, mentee)
    assert (read["participantId"], read["snapshot"]["email"], read["outcome"]) == (str(person.id), person.email, None)
    body = scene.accepted(path)
    read = scene.read(path, mentee)
    assert (read["receivedParticipantId"], read["outcome"]) == (body["receivedParticipantId"], NOTHING_YET)
    other, _ = scene.themself()
    assert other.get(path).status_code == 404
    assert other.get("/referrals").json()["items"] == []


def test_lists_tell_directions_apart(scene: Scene) -> None:
    paths = [scene.sent() for _ in range(3)]
    newest_first = [str(id_of(path)) for path in reversed(paths)]
    assert listed(scene) == listed(scene, "?direction=received") == newest_first
    assert listed(scene, "?direction=sent") == []
    assert listed(scene, who="sender") == listed(scene, "?direction=sent", "sender") == newest_first
    assert listed(scene, "?direction=received", "sender") == []
    assert listed(scene, "?limit=1&page=2") == newest_first[1:2]
    page = scene.receiver.get(f"/partners/{scene.receiver_id}/referrals?limit=1&page=2").json()
    assert page["meta"] == {"page": 2, "limit": 1, "count": 1, "totalCount": 3}
    assert not {"snapshot", "outcome", "consentId"} & page["items"][0].keys()


def test_lists_are_narrowed_by_how_things_stand_today(scene: Scene) -> None:
    late, consent = scene.sent(answerBy="2026-03-03"), scene.consent(person := scene.person())
    paths = {
        "expired": late,
        "withdrawn": scene.sent(person),
        "declined": scene.sent(),
        "accepted": scene.sent(),
        "sent": scene.sent(),
    }
    scene.end_consent(consent)
    scene.refuse(paths["declined"])
    scene.accepted(paths["accepted"])
    scene.pass_days(2)
    for status, path in paths.items():
        assert listed(scene, f"?status={status}") == [str(id_of(path))]
        assert scene.read(path)["status"] == status
    items = scene.receiver.get("/referrals").json()["items"]
    assert {one["status"]: one["id"] for one in items} == {name: str(id_of(path)) for name, path in paths.items()}


@pytest.mark.parametrize("query", ["?direction=both", "?status=lost", "?givenName=x", "?limit=0"])
def test_bad_queries_are_refused(scene: Scene, query: str) -> None:
    assert scene.receiver.get(f"/partners/{scene.receiver_id}/referrals{query}").status_code == 422


def test_the_lists_of_other_partners_are_refused(scene: Scene) -> None:
    scene.sent()
    for client in (scene.onlooker, scene.sender):
        assert client.get(f"/partners/{scene.receiver_id}/referrals").status_code == 403
    assert scene.receiver.get(f"/partners/{uuid4()}/referrals").status_code == 404
    for role in (Role.COORDINATOR, Role.PARTNER_ADMINISTRATOR, Role.EVALUATOR, Role.PRIVACY_OFFICER):
        client = scene.world.client(role, scene.receiver_id)
        assert client.get(f"/partners/{scene.receiver_id}/referrals").status_code == 403
        assert client.get("/referrals").status_code == 403


def test_who_becomes_protected_is_absent_at_once(scene: Scene) -> None:
    scene.consent(person := scene.person())
    path = scene.sent(person)
    scene.set(person, protection=ProtectionLevel.CONFIDENTIALITY_MARK)
    scene.world.add(
        Concealment(participant_id=person.id, partner_id=scene.sender_id, kind=Concealing.PROTECTED_IDENTITY)
    )
    for client, who in ((scene.receiver, "receiver"), (scene.sender, "sender")):
        assert client.get(path).status_code == 404
        assert str(id_of(path)) not in listed(scene, who=who)
    assert scene.accept(path).status_code == 404


def test_reading_leaves_a_record_that_names_the_person(scene: Scene) -> None:
    scene.consent(person := scene.person())
    path = scene.sent(person)
    etag = scene.receiver.get(path).headers["ETag"]
    assert scene.receiver.get(path, headers={"If-None-Match": etag}).status_code == 304
    with Session(scene.world.engine) as session:
        found = session.exec(select(AccessRecord).where(col(AccessRecord.subject_id) == id_of(path))).all()
    assert {(one.permission, one.decision, one.partner_id) for one in found} == {
        ("referral:read", "allowed", scene.receiver_id)
    }
    assert all(person.id in one.people for one in found)


def test_the_feed_tells_both_sides_and_nobody_else(scene: Scene) -> None:
    path = scene.sent()
    scene.accepted(path)
    told = [told_of(scene, client, path) for client in (scene.sender, scene.receiver, scene.onlooker)]
    assert told == [["referral.sent", "referral.accepted"]] * 2 + [[]]


def told_of(scene: Scene, client: Any, path: str) -> list[str]:
    items: list[dict[str, Any]] = []
    cursor, more = "", True
    while more:
        page = client.get(f"/changes?limit=1000{cursor}").json()
        items, cursor, more = items + page["items"], f"&cursor={page['nextCursor']}", page["hasMore"]
    return [one["kind"] for one in items if one["subjectId"] == str(id_of(path))]


def test_a_late_reader_at_midnight_counts_by_the_swedish_day(scene: Scene) -> None:
    path = scene.sent(answerBy="2026-03-03")
    scene.world.clock.advance(timedelta(days=1, hours=13, minutes=59))  # 3 March, 23:59 in Stockholm
    assert scene.read(path)["status"] == "sent"
    scene.world.clock.advance(timedelta(minutes=2))
    assert scene.read(path)["status"] == "expired"
