"""Meetings over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.matches import actions, queries
from app.features.matches.schemas import MeetingLog, MeetingRead
from app.features.matches.tables import Match, Meeting
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
