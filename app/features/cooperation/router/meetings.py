"""Joint meetings over HTTP, as data and for a calendar."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.cooperation.actions import meetings as actions
from app.features.cooperation.queries import meetings as queries
from app.features.cooperation.schemas import (
    AnswerCreate,
    JointMeetingCreate,
    JointMeetingPatch,
    JointMeetingQuery,
    JointMeetingRead,
    JointMeetingVersionRead,
)
from app.features.cooperation.tables import JointMeeting, JointMeetingVersion
from app.features.programs.tables import Program
from app.kit.calendars import MEDIA_TYPE as CALENDAR
from app.kit.pages import Page, PageQuery, answer_items, answer_page
from app.kit.problems import language_of
from app.kit.wire import answer

router = APIRouter()
OF_PROGRAM = "/programs/{programId}/joint-meetings"
MEETING = "/joint-meetings/{jointMeetingId}"
LARGEST = 100_000
AS_CALENDAR: dict[int | str, dict[str, Any]] = {
    200: {"content": {CALENDAR: {"schema": {"type": "string", "maxLength": LARGEST}}}}
}
Reading = Annotated[Scope[JointMeeting], on(JointMeeting, Permission.JOINT_MEETING_READ)]
Changing = Annotated[Scope[JointMeeting], on(JointMeeting, Permission.JOINT_MEETING_CHANGE)]


@router.get(
    OF_PROGRAM, operation_id="listJointMeetings", summary="List joint meetings", response_model=Page[JointMeetingRead]
)
def list_joint_meetings(
    scope: Annotated[Scope[Program], on(Program, Permission.JOINT_MEETING_READ)],
    query: Annotated[JointMeetingQuery, Query()],
) -> Response:
    """The joint meetings of a program, by their start. / Programmets samverkansmöten, efter starttid."""
    seen, total = queries.meetings(scope, query)
    return answer_items(scope.exchange, JointMeetingRead, seen, query, total)


@router.post(
    OF_PROGRAM,
    operation_id="planJointMeeting",
    summary="Call a joint meeting",
    status_code=201,
    response_model=JointMeetingRead,
)
def plan_joint_meeting(
    scope: Annotated[Scope[Program], on(Program, Permission.JOINT_MEETING_PLAN)], body: JointMeetingCreate
) -> Response:
    """Invites the partners that you name, or all in the channel. / Bjuder in de parter du anger, eller alla i kanalen."""
    meeting = actions.plan_meeting(scope, body)
    (read,) = queries.told(scope, [meeting])
    location = f"{scope.exchange.path.partition('/programs/')[0]}/joint-meetings/{meeting.id}"
    return answer(scope.exchange, JointMeetingRead, read, status=201, location=location)


@router.get(
    MEETING,
    operation_id="getJointMeeting",
    summary="Read a joint meeting",
    response_model=JointMeetingRead,
    responses=AS_CALENDAR,
)
def get_joint_meeting(scope: Reading, request: Request) -> Response:
    """As data, or with `Accept: text/calendar` for a calendar (iCalendar).

    Som data, eller med `Accept: text/calendar` till en kalender (iCalendar).
    """
    if CALENDAR in request.headers.get("accept", ""):
        told = {"Vary": "Accept", "Cache-Control": "no-store"}
        content = queries.as_calendar(scope.row, language_of(request, otherwise="sv"))
        return Response(content, media_type=CALENDAR, headers=told)
    return _told(scope, scope.row)


@router.patch(
    MEETING, operation_id="updateJointMeeting", summary="Change a joint meeting", response_model=JointMeetingRead
)
def update_joint_meeting(scope: Changing, body: JointMeetingPatch) -> Response:
    """By the partner that calls it; at another time everybody is asked anew. Minutes are told by their link.

    Av den part som kallar; vid ny tid tillfrågas alla på nytt. Protokollet anges som länk.
    """
    return _told(scope, actions.change_meeting(scope, body))


@router.post(
    MEETING + "/cancellation",
    operation_id="cancelJointMeeting",
    summary="Cancel a joint meeting",
    response_model=JointMeetingRead,
)
def cancel_joint_meeting(scope: Changing) -> Response:
    """By the partner that calls it; calendars are told. / Av den part som kallar; kalendrarna får veta det."""
    return _told(scope, actions.cancel_meeting(scope))


@router.post(
    MEETING + "/answers",
    operation_id="answerJointMeeting",
    summary="Answer an invitation",
    response_model=JointMeetingRead,
)
def answer_joint_meeting(
    scope: Annotated[Scope[JointMeeting], on(JointMeeting, Permission.JOINT_MEETING_ANSWER)], body: AnswerCreate
) -> Response:
    """Whether your organisation comes. / Om din organisation kommer."""
    return _told(scope, actions.answer_meeting(scope, body))


@router.get(
    MEETING + "/versions",
    operation_id="listJointMeetingVersions",
    summary="Read what was planned",
    response_model=Page[JointMeetingVersionRead],
)
def list_joint_meeting_versions(scope: Reading, query: Annotated[PageQuery, Query()]) -> Response:
    """What was planned before it was changed, newest first. / Vad som var planerat innan det ändrades, nyast först."""
    keys = [JointMeetingVersion.number.desc()]  # type: ignore[attr-defined]  # a column
    return answer_page(scope.exchange, JointMeetingVersionRead, queries.versions(scope), query, keys=keys)


def _told(scope: Scope[JointMeeting], meeting: JointMeeting) -> Response:
    (read,) = queries.told(scope, [meeting])
    return answer(scope.exchange, JointMeetingRead, read)
