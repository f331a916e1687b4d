"""What else has happened in the matches of the canaries: corrections, reminders, plans, placements and incidents."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.domain.changes import ChangeKind
from app.domain.cooperation import PostKind
from app.domain.follow_ups import AnswerCorrectionReason
from app.domain.glossary import MeetingMode, Side
from app.domain.incidents import IncidentCategory, Severity
from app.domain.lifecycles import DataRequestStatus
from app.domain.meetings import MeetingCorrectionReason
from app.domain.reminders import LetterKind, Rung
from app.domain.rights import DataRequestKind
from app.features.cooperation.tables import ChannelPost, JointMeeting, JointMeetingInvitation
from app.features.follow_ups.tables import FollowUp, FollowUpVersion, Letter, Reminder
from app.features.incidents.tables import Incident
from app.features.matches.tables import Match, Meeting, MeetingRevision, PlannedMeeting
from app.features.participants.tables import Participant
from app.features.placements.tables import HostWorkplace, Placement
from app.features.rights.tables import DataExport, DataRequest
from app.features.webhooks.tables import WebhookProgress, WebhookSubscription

if TYPE_CHECKING:
    from tests.canary_world import CanaryWorld


def add_more_of(to: "CanaryWorld", match: Match, meeting: Meeting, pair: dict[str, Any]) -> None:
    """The meeting was corrected, another one is planned, and the mentee is placed with the mentor as supervisor."""
    at, user = to.world.clock(), meeting.logged_by_user_id
    length: dict[str, Any] = {"minutes": 60, "mode": MeetingMode.VIDEO}
    before: dict[str, Any] = {"held_on": meeting.held_on, "logged_by_user_id": user, "replaced_at": at}
    to.keep(
        MeetingRevision(
            **pair, **length, **before, meeting_id=meeting.id, number=1, topics=[], reason=MeetingCorrectionReason.OTHER
        )
    )
    to.keep(PlannedMeeting(**pair, **length, match_id=match.id, starts_at=at, planned_by_user_id=user))
    where: dict[str, Any] = {"program_id": match.program_id, "cohort_id": match.cohort_id}
    host = match.mentor_partner_id
    workplace = to.keep(HostWorkplace(**where, partner_id=host, name=f"Verket {match.id}", places=1))
    to.keep(
        Placement(
            **where,
            workplace_id=workplace.id,
            host_partner_id=host,
            enrolment_id=match.mentee_enrolment_id,
            participant_id=match.mentee_participant_id,
            partner_id=match.mentee_partner_id,
            supervisor_enrolment_id=match.mentor_enrolment_id,
            supervisor_participant_id=match.mentor_participant_id,
            place=1,
            starts_on=meeting.held_on,
            ends_on=meeting.held_on + timedelta(days=120),
            agreed_until=meeting.held_on + timedelta(days=120),
        )
    )


def add_request(to: "CanaryWorld", row: Participant, canaries: dict[str, str], user_id: UUID) -> None:
    """The person has asked for an export; it lies there with their name in it, as the job would have made it."""
    at = to.world.clock()
    held: dict[str, Any] = {"partner_id": row.partner_id, "participant_id": row.id}
    days: dict[str, Any] = {"received_on": at.date(), "due_on": at.date() + timedelta(days=30)}
    asked = to.keep(
        DataRequest(
            **held,
            **days,
            kind=DataRequestKind.ACCESS,
            status=DataRequestStatus.EXECUTED,
            requested_by_user_id=user_id,
            trace_id="t",
        ),
        ChangeKind.DATA_REQUEST_RECEIVED,
    )
    name = next((canary for canary, what in canaries.items() if what == "given"), None)
    groups = [
        {
            "kind": "participant",
            "purpose": {"sv": "Posten.", "en": "The record."},
            "items": [{"givenName": name}],
            "isComplete": True,
        }
    ]
    content: dict[str, Any] = {
        "format": "mentorskap-export",
        "asOf": at.isoformat(),
        "partnerId": str(row.partner_id),
        "partnerName": "Parten",
        "participantId": str(row.id),
        "account": None,
        "groups": groups,
        **{one: [] for one in ("recipients", "accesses", "organisations", "programs")},
        "hasAllAccesses": True,
    }
    to.world.add(
        DataExport(data_request_id=asked.id, participant_id=row.id, content=content, expires_at=at + timedelta(days=7))
    )


def add_history(to: "CanaryWorld", contact: FollowUp, user_id: UUID) -> None:
    """The contact was reminded of, and answered once before it was corrected."""
    about = ("program_id", "participant_id", "mentor_participant_id", "mentee_participant_id")
    whom: dict[str, Any] = {**{name: getattr(contact, name) for name in about}, "follow_up_id": contact.id}
    now = to.world.clock()
    letter = Letter(user_id=user_id, program_id=contact.program_id, kind=LetterKind.SUPPORTING, next_at=now)
    to.world.add(letter)
    to.keep(
        Reminder(**whom, due_on=contact.due_on, rung=Rung.SUPPORTING, user_id=user_id, letter_id=letter.id),
        ChangeKind.FOLLOW_UP_REMINDED,
    )
    to.keep(
        FollowUpVersion(
            **whom,
            number=1,
            done_on=contact.due_on,
            submitted_at=now,
            submitted_by_user_id=user_id,
            questionnaire_version=1,
            answers={},
            correction_reason=AnswerCorrectionReason.OTHER,
            corrected_at=now,
            corrected_by_user_id=user_id,
        )
    )


def add_incident(to: "CanaryWorld", match: Match, pair: dict[str, Any], reported_by: UUID, facts: str) -> None:
    """Something was reported about the mentor."""
    incident = Incident(
        **pair,
        match_id=match.id,
        reported_by_user_id=reported_by,
        reported_side=Side.MENTEE,
        concerns_side=Side.MENTOR,
        category=IncidentCategory.OTHER,
        severity=next(iter(Severity)),
        occurred_on=to.world.clock().date(),
        facts=facts,
    )
    to.keep(incident, ChangeKind.INCIDENT_REPORTED)


def add_talk(to: "CanaryWorld", program: UUID, partner: UUID, user: UUID) -> None:
    """Colleagues of the program have said something and are going to meet; a system of theirs listens."""
    at = to.world.clock()
    where: dict[str, Any] = {"program_id": program, "partner_id": partner}
    times: dict[str, Any] = {"starts_at": at + timedelta(days=7), "ends_at": at + timedelta(days=7, hours=1)}
    meeting = to.keep(
        JointMeeting(**where, **times, planned_by_user_id=user, title="Styrgrupp", place="Här"),
        ChangeKind.JOINT_MEETING_PLANNED,
    )
    to.keep(JointMeetingInvitation(**where, joint_meeting_id=meeting.id), ChangeKind.JOINT_MEETING_ANSWERED)
    webhook = to.keep(
        WebhookSubscription(
            partner_id=partner, service_account_id=user, name="Register", url="https://register.example/krok"
        ),
        ChangeKind.WEBHOOK_SUBSCRIPTION_CREATED,
    )
    progress: dict[str, Any] = {"place": [0, 0, 0, "", "", None], "next_at": at, "seen_on": at.date()}
    to.world.add(WebhookProgress(subscription_id=webhook.id, partner_id=partner, **progress))
    to.keep(
        ChannelPost(**where, number=1, kind=PostKind.DECISION, author_user_id=user, body="Vi möts."),
        ChangeKind.CHANNEL_POST_PUBLISHED,
    )
