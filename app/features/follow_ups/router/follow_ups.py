"""Follow-ups over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import anywhere, on
from app.features.access.scope import Scope
from app.features.follow_ups import actions, queries
from app.features.follow_ups.schemas import (
    Correction,
    FollowUpQuery,
    FollowUpRead,
    FollowUpVersionRead,
    QuestionnaireRead,
    ReminderRead,
    Rescheduling,
    Submission,
    Waiver,
)
from app.features.follow_ups.tables import FollowUp, FollowUpVersion
from app.kit.pages import Page, PageQuery, answer_items, answer_page
from app.kit.wire import answer

router = APIRouter(tags=["follow-ups"])


@router.get("/follow-ups", operation_id="listFollowUps", summary="List follow-ups", response_model=Page[FollowUpRead])
def list_follow_ups(
    scope: Annotated[Scope[None], anywhere(Permission.FOLLOW_UP_READ)], query: Annotated[FollowUpQuery, Query()]
) -> Response:
    """The follow-ups in your reach by due day. / Uppföljningarna inom din räckvidd, efter utsatt dag."""
    rows, total = queries.follow_ups(scope, query)
    seen = [FollowUpRead.on(row, scope.today) for row in rows]
    return answer_items(scope.exchange, FollowUpRead, seen, query, total)


@router.get(
    "/follow-ups/{followUpId}", operation_id="getFollowUp", summary="Read a follow-up", response_model=FollowUpRead
)
def get_follow_up(scope: Annotated[Scope[FollowUp], on(FollowUp, Permission.FOLLOW_UP_READ)]) -> Response:
    """One follow-up as it stands today. / En uppföljning i dagens läge."""
    return answer(scope.exchange, FollowUpRead, FollowUpRead.on(scope.row, scope.today))


@router.get(
    "/follow-ups/{followUpId}/questionnaire",
    operation_id="getFollowUpQuestionnaire",
    summary="Read the questions of a follow-up",
    response_model=QuestionnaireRead,
)
def get_follow_up_questionnaire(
    scope: Annotated[Scope[FollowUp], on(FollowUp, Permission.FOLLOW_UP_READ)],
) -> Response:
    """What the follow-up asks, in English and Swedish. / Uppföljningens frågor på engelska och svenska."""
    return answer(scope.exchange, QuestionnaireRead, queries.questions_of(scope))


@router.post(
    "/follow-ups/{followUpId}/submission",
    operation_id="submitFollowUp",
    summary="Answer a follow-up",
    response_model=FollowUpRead,
)
def submit_follow_up(
    scope: Annotated[Scope[FollowUp], on(FollowUp, Permission.FOLLOW_UP_SUBMIT)], body: Submission
) -> Response:
    """Answer a due or missed follow-up, once. / Besvara en uppföljning som ska göras eller har missats, en gång."""
    row = actions.submit_follow_up(scope, body)
    return answer(scope.exchange, FollowUpRead, _flushed(scope, row))


@router.post(
    "/follow-ups/{followUpId}/corrections",
    operation_id="correctFollowUp",
    summary="Correct an answer",
    response_model=FollowUpRead,
)
def correct_follow_up(
    scope: Annotated[Scope[FollowUp], on(FollowUp, Permission.FOLLOW_UP_SUBMIT)], body: Correction
) -> Response:
    """Replace the newest answer, and why; the old one stays readable. Whoever answered corrects: the person, or staff.

    Ersätt det senaste svaret, med skäl; det gamla går att läsa. Den som svarat rättar: personen själv eller personal.
    """
    row = actions.correct_follow_up(scope, body)
    return answer(scope.exchange, FollowUpRead, _flushed(scope, row))


@router.get(
    "/follow-ups/{followUpId}/versions",
    operation_id="listFollowUpVersions",
    summary="List corrected answers",
    response_model=Page[FollowUpVersionRead],
)
def list_follow_up_versions(
    scope: Annotated[Scope[FollowUp], on(FollowUp, Permission.FOLLOW_UP_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """The answers as they were before each correction. / Svaren som de var före varje rättelse."""
    keys = [FollowUpVersion.number]
    return answer_page(scope.exchange, FollowUpVersionRead, queries.versions(scope), query, keys=keys)


@router.get(
    "/follow-ups/{followUpId}/reminders",
    operation_id="listFollowUpReminders",
    summary="List reminders of a follow-up",
    response_model=Page[ReminderRead],
)
def list_follow_up_reminders(
    scope: Annotated[Scope[FollowUp], on(FollowUp, Permission.FOLLOW_UP_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """When somebody was reminded, on which rung of the ladder. / När någon påmindes, på vilket steg i trappan."""
    seen, total = queries.reminders_of(scope, query)
    return answer_items(scope.exchange, ReminderRead, seen, query, total)


@router.post(
    "/follow-ups/{followUpId}/rescheduling",
    operation_id="rescheduleFollowUp",
    summary="Move a follow-up to another day",
    response_model=FollowUpRead,
)
def reschedule_follow_up(
    scope: Annotated[Scope[FollowUp], on(FollowUp, Permission.FOLLOW_UP_RESCHEDULE)], body: Rescheduling
) -> Response:
    """Move a contact to a day near the planned one, which is kept. / Flytta en kontakt till en dag nära den planerade."""
    row = actions.reschedule_follow_up(scope, body)
    return answer(scope.exchange, FollowUpRead, _flushed(scope, row))


@router.post(
    "/follow-ups/{followUpId}/waiver",
    operation_id="waiveFollowUp",
    summary="Waive a follow-up",
    response_model=FollowUpRead,
)
def waive_follow_up(
    scope: Annotated[Scope[FollowUp], on(FollowUp, Permission.FOLLOW_UP_WAIVE)], body: Waiver
) -> Response:
    """Decide that a follow-up is not made, and why. / Besluta att en uppföljning inte görs, och varför."""
    row = actions.waive_follow_up(scope, body.reason_code)
    return answer(scope.exchange, FollowUpRead, _flushed(scope, row))


def _flushed(scope: Scope[FollowUp], row: FollowUp) -> FollowUpRead:
    """The follow-up after its write, with its final version."""
    scope.session.flush()
    return FollowUpRead.on(row, scope.today)
