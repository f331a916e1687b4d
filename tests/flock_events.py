"""What has happened in the matches of a flock: meetings, an incident, a placement."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.domain.cooperation import PostKind
from app.domain.glossary import MeetingMode, MeetingTopic
from app.domain.imports import ImportFormat, ImportKind
from app.domain.incidents import IncidentCategory, Severity
from app.domain.lifecycles import DataRequestStatus
from app.domain.meetings import MeetingCorrectionReason
from app.domain.rights import DataRequestKind
from app.domain.sync import BatchMode, SyncOutcome
from app.features.access.tables import UserAccount
from app.features.cooperation.tables import (
    ChannelPost,
    ChannelPostVersion,
    JointMeeting,
    JointMeetingInvitation,
    JointMeetingVersion,
)
from app.features.imports.tables import Import, ImportChunk, ImportRow
from app.features.incidents.tables import Incident
from app.features.matches.tables import Match, Meeting, MeetingRevision, PlannedMeeting
from app.features.participants.tables import Participant
from app.features.placements.tables import HostWorkplace, Placement
from app.features.plans.tables import Plan, PlanGoal, PlanMeasure
from app.features.rights.tables import DataExport, DataRequest
from app.features.webhooks.tables import WebhookProgress, WebhookSubscription

if TYPE_CHECKING:
    from tests.flock import Nest


def happen(nest: "Nest", match: Match, day: date, pair: dict[str, Any]) -> None:
    """A meeting that was held and corrected, one that is planned, an incident, a placement and a plan."""
    at, user = nest.world.clock(), nest.flock.first(UserAccount).id
    length: dict[str, Any] = {"minutes": 60, "mode": MeetingMode.IN_PERSON}
    held: dict[str, Any] = {**length, "held_on": day, "topics": [MeetingTopic.GOALS], "logged_by_user_id": user}
    meeting = nest.add(Meeting, **pair, **held, match_id=match.id, revision=2)
    corrected: dict[str, Any] = {"replaced_at": at, "reason": MeetingCorrectionReason.OTHER}
    nest.add(MeetingRevision, **pair, **held, **corrected, meeting_id=meeting.id, number=1)
    host(nest, match, day, pair)
    plan(nest, day)
    ask(nest, day, match.mentee_participant_id)
    told: dict[str, Any] = {
        "category": IncidentCategory.OTHER,
        "severity": Severity.LOW,
        "facts": nest.say("handelse"),
    }
    nest.add(Incident, **pair, **told, match_id=match.id, occurred_on=day, reported_by_user_id=user)
    nest.add(PlannedMeeting, **pair, **length, match_id=match.id, starts_at=at, planned_by_user_id=user)


def ask(nest: "Nest", day: date, participant_id: UUID) -> None:
    """The person has asked for an export, and it waits to be fetched."""
    asked = nest.add(
        DataRequest,
        partner_id=nest.flock.partner,
        participant_id=participant_id,
        kind=DataRequestKind.ACCESS,
        status=DataRequestStatus.EXECUTED,
        received_on=day,
        due_on=day + timedelta(days=30),
        requested_by_user_id=nest.flock.first(UserAccount).id,
        decision_reference=nest.say("beslut"),
        trace_id="0" * 32,
    )
    export: dict[str, Any] = {"data_request_id": asked.id, "participant_id": participant_id}
    nest.add(DataExport, **export, content={"q": nest.say("utdrag")}, expires_at=nest.world.clock())


def host(nest: "Nest", match: Match, day: date, pair: dict[str, Any]) -> None:
    """The mentee is placed at a workplace of the partner, with the mentor as supervisor."""
    where: dict[str, Any] = {"program_id": pair["program_id"], "cohort_id": match.cohort_id}
    workplace = nest.add(HostWorkplace, **where, partner_id=nest.flock.partner, name="Verket", places=1)
    nest.add(
        Placement,
        **where,
        workplace_id=workplace.id,
        host_partner_id=nest.flock.partner,
        enrolment_id=match.mentee_enrolment_id,
        participant_id=match.mentee_participant_id,
        partner_id=match.mentee_partner_id,
        supervisor_enrolment_id=match.mentor_enrolment_id,
        supervisor_participant_id=match.mentor_participant_id,
        place=1,
        starts_on=day,
        ends_on=day.replace(year=day.year + 1),
        agreed_until=day,
    )


def converse(nest: "Nest") -> None:
    """A post that was edited and a joint meeting that was moved, between colleagues of the partner."""
    at, user, partner = nest.world.clock(), nest.flock.first(UserAccount).id, nest.flock.partner
    where: dict[str, Any] = {"program_id": nest.flock.program}
    said: dict[str, Any] = {"body": nest.say("inlagg"), "links": []}
    post = nest.add(
        ChannelPost, **where, **said, number=1, kind=PostKind.POST, partner_id=partner, author_user_id=user, revision=2
    )
    nest.add(ChannelPostVersion, **where, **said, post_id=post.id, number=1, replaced_at=at)
    plan: dict[str, Any] = {"title": nest.say("mote"), "starts_at": at, "ends_at": at + timedelta(hours=1)}
    meeting = nest.add(JointMeeting, **where, **plan, partner_id=partner, planned_by_user_id=user, revision=2)
    of: dict[str, Any] = {**where, "joint_meeting_id": meeting.id}
    nest.add(JointMeetingVersion, **of, **plan, number=1, replaced_at=at, replaced_by_user_id=user)
    nest.add(JointMeetingInvitation, **of, partner_id=partner)
    listen(nest, user)


def listen(nest: "Nest", account_id: UUID) -> None:
    """A system of the partner listens."""
    partner, at = nest.flock.partner, nest.world.clock()
    where: dict[str, Any] = {"partner_id": partner, "url": f"https://register.example/{nest.say('krok')}"}
    webhook = nest.add(WebhookSubscription, **where, service_account_id=account_id, name=nest.say("krok"))
    progress: dict[str, Any] = {"place": [0, 0, 0, "", "", None], "next_at": at, "seen_on": at.date()}
    nest.world.add(WebhookProgress(subscription_id=webhook.id, partner_id=partner, **progress))


def plan(nest: "Nest", day: date) -> None:
    """A plan of the partner with a goal and a measure of its own; nobody's personal data."""
    owner = nest.flock.partner
    days: dict[str, Any] = {"starts_on": day, "ends_on": day.replace(year=day.year + 1)}
    made = nest.add(Plan, partner_id=owner, title="Plan", purpose="Ja.", **days)
    part = {"plan_id": made.id, "partner_id": owner}
    goal = nest.add(PlanGoal, **part, text="Fler")
    act: dict[str, Any] = {"responsible_partner_id": owner, "starts_on": day, "due_on": day}
    nest.add(PlanMeasure, **part, **act, goal_id=goal.id, text="Sök upp")


def sent(nest: "Nest", person: Participant) -> None:
    """A file of another system's: its rows as they were sent, and what became of two of them."""
    owner = {"partner_id": nest.flock.partner}
    asked: dict[str, Any] = {"kind": ImportKind.PARTICIPANTS, "format": ImportFormat.CSV, "mode": BatchMode.ROW_BY_ROW}
    file = nest.add(
        Import, **owner, **asked, external_system="x", requested_by_user_id=person.user_id, trace_id="0" * 32
    )
    of: dict[str, Any] = {**owner, "import_id": file.id}
    nest.add(ImportChunk, **of, number=0, data=nest.say("fil").encode())
    nest.add(ImportRow, **of, line=2, outcome=SyncOutcome.CHANGED, participant_id=person.id)
    refused = {"outcome": SyncOutcome.REFUSED, "external_id": nest.say("rad"), "problem_code": "field.missing"}
    nest.add(ImportRow, **of, line=3, **refused)
