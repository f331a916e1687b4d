"""Meetings over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.matches import actions, queries
from app.features.matches.schemas import (
    MeetingCorrection,
    MeetingLog,
    MeetingPlan,
    MeetingRead,
    MeetingRevisionRead,
    MeetingSync,
    PlannedMeetingRead,
)
from app.features.matches.tables import Match, Meeting, MeetingRevision, PlannedMeeting
from app.kit.external import IfMatch, Key, address_of, answer_synced, synced
from app.kit.pages import Page, PageQuery, answer_page
from app.kit.wire import answer

router = APIRouter()


@router.get(
    "/matches/{matchId}/meetings",
    operation_id="listMeetings",
    summary="List the meetings of a match",
    response_model=Page[MeetingRead],
)
def list_meetings(
    scope: Annotated[Scope[Match], on(Match, Permission.MEETING_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """The meetings by day. / Träffarna efter dag."""
    return answer_page(scope.exchange, MeetingRead, queries.meetings(scope), query, keys=[Meeting.held_on, Meeting.id])


@router.post(
    "/matches/{matchId}/meetings",
    operation_id="logMeeting",
    summary="Log a meeting",
    status_code=201,
    response_model=MeetingRead,
)
def log_meeting(scope: Annotated[Scope[Match], on(Match, Permission.MEETING_LOG)], body: MeetingLog) -> Response:
    """Log a meeting that has been held. / Registrera en träff som har hållits."""
    meeting = actions.log_meeting(scope, body)
    base, _, _ = scope.exchange.path.rpartition("/matches/")
    return answer(scope.exchange, MeetingRead, meeting, status=201, location=f"{base}/meetings/{meeting.id}")


@router.put(
    "/matches/{matchId}/meetings/by-external-id/{system}/{externalId}",
    operation_id="syncMeeting",
    summary="Keep a meeting right by your own key",
    response_model=MeetingRead,
    responses=synced(MeetingRead),
)
def sync_meeting(
    scope: Annotated[Scope[Match], on(Match, Permission.MEETING_LOG, is_conditional=False)],
    key: Key,
    body: MeetingSync,
    if_match: IfMatch = None,
) -> Response:
    """Log a meeting under a key of your own system; told otherwise later it is corrected, and what it said is kept.

    Registrera en träff under en nyckel i ert eget system; ändras den senare rättas den, och historiken sparas.
    """
    meeting, outcome = actions.sync_meeting(scope, key, body, if_match)
    address = address_of(scope.exchange, "matches", "meetings", meeting.id)
    return answer_synced(scope.exchange, MeetingRead, meeting, outcome, address)


@router.get("/meetings/{meetingId}", operation_id="getMeeting", summary="Read a meeting", response_model=MeetingRead)
def get_meeting(scope: Annotated[Scope[Meeting], on(Meeting, Permission.MEETING_READ)]) -> Response:
    """One meeting. / En träff."""
    return answer(scope.exchange, MeetingRead, scope.row)


@router.post(
    "/meetings/{meetingId}/confirmation",
    operation_id="confirmMeeting",
    summary="Confirm a meeting",
    response_model=MeetingRead,
)
def confirm_meeting(scope: Annotated[Scope[Meeting], on(Meeting, Permission.MEETING_CONFIRM)]) -> Response:
    """The other side, or other staff, confirms. / Den andra sidan, eller annan personal, bekräftar."""
    return answer(scope.exchange, MeetingRead, actions.confirm_meeting(scope))


@router.post(
    "/meetings/{meetingId}/corrections",
    operation_id="correctMeeting",
    summary="Correct a meeting",
    response_model=MeetingRead,
)
def correct_meeting(
    scope: Annotated[Scope[Meeting], on(Meeting, Permission.MEETING_LOG)], body: MeetingCorrection
) -> Response:
    """The side that logged it, or staff; what it said is kept. / Sidan som registrerade, eller personal; historiken sparas."""
    return answer(scope.exchange, MeetingRead, actions.correct_meeting(scope, body))


@router.get(
    "/meetings/{meetingId}/revisions",
    operation_id="listMeetingRevisions",
    summary="List what a meeting said before",
    response_model=Page[MeetingRevisionRead],
)
def list_meeting_revisions(
    scope: Annotated[Scope[Meeting], on(Meeting, Permission.MEETING_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """Each version that was corrected, oldest first. / Varje version som har rättats, äldsta först."""
    found, keys = queries.revisions(scope), [MeetingRevision.number]
    return answer_page(scope.exchange, MeetingRevisionRead, found, query, keys=keys)


@router.get(
    "/matches/{matchId}/planned-meetings",
    operation_id="listPlannedMeetings",
    summary="List the planned meetings of a match",
    response_model=Page[PlannedMeetingRead],
)
def list_planned_meetings(
    scope: Annotated[Scope[Match], on(Match, Permission.MEETING_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """By time, cancelled ones too. / Efter tid, även inställda."""
    found, keys = queries.planned_meetings(scope), [PlannedMeeting.starts_at, PlannedMeeting.id]
    return answer_page(scope.exchange, PlannedMeetingRead, found, query, keys=keys)


@router.post(
    "/matches/{matchId}/planned-meetings",
    operation_id="planMeeting",
    summary="Plan a meeting",
    status_code=201,
    response_model=PlannedMeetingRead,
)
def plan_meeting(scope: Annotated[Scope[Match], on(Match, Permission.MEETING_LOG)], body: MeetingPlan) -> Response:
    """Either side or staff, while the match is under way. / Endera sidan eller personal, medan matchningen pågår."""
    planned = actions.plan_meeting(scope, body)
    location = f"{scope.exchange.path.partition('/matches/')[0]}/planned-meetings/{planned.id}"
    return answer(scope.exchange, PlannedMeetingRead, planned, status=201, location=location)


@router.get(
    "/planned-meetings/{plannedMeetingId}",
    operation_id="getPlannedMeeting",
    summary="Read a planned meeting",
    response_model=PlannedMeetingRead,
)
def get_planned_meeting(
    scope: Annotated[Scope[PlannedMeeting], on(PlannedMeeting, Permission.MEETING_READ)],
) -> Response:
    """One meeting to come. / En kommande träff."""
    return answer(scope.exchange, PlannedMeetingRead, scope.row)


@router.post(
    "/planned-meetings/{plannedMeetingId}/cancellation",
    operation_id="cancelMeeting",
    summary="Cancel a planned meeting",
    response_model=PlannedMeetingRead,
)
def cancel_meeting(scope: Annotated[Scope[PlannedMeeting], on(PlannedMeeting, Permission.MEETING_LOG)]) -> Response:
    """It stays listed as cancelled. / Den står kvar som inställd."""
    return answer(scope.exchange, PlannedMeetingRead, actions.cancel_meeting(scope))
