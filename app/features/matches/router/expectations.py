"""What do people expect of a match, and where do the two differ, over HTTP?

The answers of one enrolment are served here, not by the slice that keeps them: changing them undoes what the people of
a match have noted, and only this slice knows the matches.
"""

from typing import Annotated

from fastapi import APIRouter, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.enrolments.tables import Enrolment
from app.features.matches import actions, queries
from app.features.matches.schemas import ExpectationReview, ExpectationsOfPairRead
from app.features.matches.tables import Match
from app.features.preparation.queries import expectations_of
from app.features.preparation.schemas import ExpectationsRead, ExpectationsRecord
from app.kit.wire import answer

router = APIRouter()


@router.get(
    "/enrolments/{enrolmentId}/expectations",
    operation_id="getExpectations",
    summary="Read what a person expects",
    response_model=ExpectationsRead,
)
def get_expectations(scope: Annotated[Scope[Enrolment], on(Enrolment, Permission.EXPECTATION_READ)]) -> Response:
    """The answers to the expectation questions. / Svaren på förväntningsfrågorna."""
    return answer(scope.exchange, ExpectationsRead, expectations_of(scope))


@router.put(
    "/enrolments/{enrolmentId}/expectations",
    operation_id="answerExpectations",
    summary="Answer the expectation questions",
    response_model=ExpectationsRead,
    responses={201: {"model": ExpectationsRead, "description": "Answered for the first time."}},
)
def answer_expectations(
    scope: Annotated[Scope[Enrolment], on(Enrolment, Permission.EXPECTATION_ANSWER, is_conditional=False)],
    body: ExpectationsRecord,
) -> Response:
    """Answer, or answer anew until a match has started. / Svara, eller svara på nytt tills en matchning har börjat."""
    row, is_new = actions.answer_expectations(scope, body)
    location = scope.exchange.path if is_new else None
    return answer(scope.exchange, ExpectationsRead, row, status=201 if is_new else 200, location=location)


@router.get(
    "/matches/{matchId}/expectations",
    operation_id="getMatchExpectations",
    summary="Compare what the two expect",
    response_model=ExpectationsOfPairRead,
)
def get_match_expectations(scope: Annotated[Scope[Match], on(Match, Permission.MATCH_READ)]) -> Response:
    """Question by question, from both acceptances until the end. / Fråga för fråga, från bådas ja till avslutet."""
    return answer(scope.exchange, ExpectationsOfPairRead, queries.expectations_of_pair(scope))


@router.post(
    "/matches/{matchId}/expectation-reviews",
    operation_id="reviewExpectations",
    summary="Note that a side has seen the differences",
    response_model=ExpectationsOfPairRead,
)
def review_expectations(
    scope: Annotated[Scope[Match], on(Match, Permission.MATCH_ANSWER)], body: ExpectationReview
) -> Response:
    """For your side; a changed answer asks again. / För din sida; ett ändrat svar gör att ni ser det på nytt."""
    actions.review_expectations(scope, body.side)
    return answer(scope.exchange, ExpectationsOfPairRead, queries.expectations_of_pair(scope))
