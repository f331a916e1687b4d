"""Outcomes and the household over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from app.domain.outcomes import Occasion
from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.enrolments.tables import Enrolment
from app.features.outcomes import actions, queries
from app.features.outcomes.schemas import (
    HouseholdRead,
    HouseholdReceipt,
    HouseholdRecord,
    OutcomeRead,
    OutcomeRecord,
    VerdictList,
)
from app.features.outcomes.tables import Outcome
from app.kit.pages import Page, PageQuery, answer_page
from app.kit.wire import answer

router = APIRouter(tags=["outcomes"])
AtOccasion = Annotated[Occasion, Path(description="The occasion of measurement. / Mättillfället.")]


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


@router.get(
    "/enrolments/{enrolmentId}/outcome-verdicts",
    operation_id="listOutcomeVerdicts",
    summary="What does the enrolment count as?",
    response_model=VerdictList,
)
def list_outcome_verdicts(
    scope: Annotated[Scope[Enrolment], on(Enrolment, Permission.OUTCOME_READ)],
) -> Response:
    """Whether it is a result by Kolada, SUS and ESF, each with its rule. / Resultat enligt Kolada, SUS och ESF."""
    return answer(scope.exchange, VerdictList, queries.verdicts_of(scope))


@router.put(
    "/enrolments/{enrolmentId}/household",
    operation_id="answerHousehold",
    summary="Say how many children live in the household",
    response_model=HouseholdReceipt,
    responses={201: {"model": HouseholdReceipt, "description": "Answered for the first time."}},
)
def answer_household(
    scope: Annotated[Scope[Enrolment], on(Enrolment, Permission.HOUSEHOLD_ANSWER, is_conditional=False)],
    body: HouseholdRecord,
) -> Response:
    """Voluntary, and only used in sums; null takes it back. / Frivilligt, används bara i summor; null tar tillbaka."""
    receipt, is_new = actions.answer_household(scope, body)
    location = scope.exchange.path if is_new else None
    return answer(scope.exchange, HouseholdReceipt, receipt, status=201 if is_new else 200, location=location)


@router.get(
    "/enrolments/{enrolmentId}/household",
    operation_id="getHousehold",
    summary="Read one's own answer on the household",
    response_model=HouseholdRead,
)
def get_household(scope: Annotated[Scope[Enrolment], on(Enrolment, Permission.HOUSEHOLD_READ)]) -> Response:
    """What you have answered yourself; nobody else reads it. / Vad du själv har svarat; ingen annan läser det."""
    return answer(scope.exchange, HouseholdRead, queries.own_household(scope))
