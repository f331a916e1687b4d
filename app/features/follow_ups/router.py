"""Follow-ups over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import anywhere, on
from app.features.access.scope import Scope
from app.features.follow_ups import actions, queries
from app.features.follow_ups.schemas import (
    FollowUpQuery,
    FollowUpRead,
    QuestionnaireRead,
    Submission,
    Waiver,
)
from app.features.follow_ups.tables import FollowUp
from app.kit.pages import Page, answer_items
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
    return answer(scope.exchange, QuestionnaireRead, queries.questionnaire_of(scope.row))


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
