"""Follow-ups and outcomes over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from app.domain.outcomes import Occasion
from app.domain.roles import Permission
from app.features.access.guards import anywhere, on
from app.features.access.scope import Scope
from app.features.enrolments.tables import Enrolment
from app.features.follow_ups import actions, queries
from app.features.follow_ups.schemas import (
    FollowUpQuery,
    FollowUpRead,
    OutcomeRead,
    OutcomeRecord,
    QuestionnaireRead,
    Submission,
    Waiver,
)
from app.features.follow_ups.tables import FollowUp, Outcome
from app.kit.pages import Page, PageQuery, answer_items, answer_page
from app.kit.wire import answer

router = APIRouter(tags=["follow-ups"])
AtOccasion = Annotated[Occasion, Path(description="The occasion of measurement. / Mättillfället.")]


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


@router.get(
    "/enrolments/{enrolmentId}/outcomes",
    operation_id="listOutcomes",
    summary="List the outcomes of an enrolment",
    response_model=Page[OutcomeRead],
)
def list_outcomes(
    scope: Annotated[Scope[Enrolment], on(Enrolment, Permission.OUTCOME_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """What was recorded from the entry to a year after the exit. / Resultat från start till ett år efter avslut."""
    keys = [Outcome.observed_on, Outcome.id]
    return answer_page(scope.exchange, OutcomeRead, queries.outcomes(scope.row), query, keys=keys)


@router.get(
    "/enrolments/{enrolmentId}/outcomes/{occasion}",
    operation_id="getOutcome",
    summary="Read the outcome at an occasion",
    response_model=OutcomeRead,
)
def get_outcome(
    scope: Annotated[Scope[Enrolment], on(Enrolment, Permission.OUTCOME_READ)], occasion: AtOccasion
) -> Response:
    """How the person supported themself then. / Personens försörjning vid mättillfället."""
    return answer(scope.exchange, OutcomeRead, queries.outcome_at(scope.session, scope.row, occasion))


@router.put(
    "/enrolments/{enrolmentId}/outcomes/{occasion}",
    operation_id="recordOutcome",
    summary="Record the outcome at an occasion",
    response_model=OutcomeRead,
    responses={201: {"model": OutcomeRead, "description": "Recorded for the first time."}},
)
def record_outcome(
    scope: Annotated[Scope[Enrolment], on(Enrolment, Permission.OUTCOME_RECORD, is_conditional=False)],
    occasion: AtOccasion,
    body: OutcomeRecord,
) -> Response:
    """Record, or replace, how the mentee supports themself. / Registrera eller ersätt adeptens försörjning."""
    row, is_new = actions.record_outcome(scope, occasion, body)
    location = scope.exchange.path if is_new else None
    return answer(scope.exchange, OutcomeRead, row, status=201 if is_new else 200, location=location)


def _flushed(scope: Scope[FollowUp], row: FollowUp) -> FollowUpRead:
    """The follow-up after its write, with its final version."""
    scope.session.flush()
    return FollowUpRead.on(row, scope.today)
