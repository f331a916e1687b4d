"""The mutual agreement of a pair over HTTP: its text, its signatures, its page."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.matches import actions, queries
from app.features.matches.schemas import (
    MatchAgreementRead,
    MatchAgreementTextCreate,
    MatchAgreementTextQuery,
    MatchAgreementTextRead,
    SignatureCreate,
)
from app.features.matches.tables import Match, MatchAgreementText
from app.features.programs.tables import Program
from app.kit.pages import Page, answer_page
from app.kit.pdf import MEDIA_TYPE as PDF
from app.kit.problems import language_of
from app.kit.wire import answer

router = APIRouter()
LARGEST = 4_000_000
AS_PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {PDF: {"schema": {"type": "string", "format": "binary", "maxLength": LARGEST}}}}
}


@router.get(
    "/programs/{programId}/match-agreement-texts",
    operation_id="listMatchAgreementTexts",
    summary="List the texts that pairs sign",
    response_model=Page[MatchAgreementTextRead],
)
def list_match_agreement_texts(
    # Whoever sees the program reads what its pairs agree on: matchText:read would ask for owner or party here.
    scope: Annotated[Scope[Program], on(Program, Permission.PROGRAM_READ)],
    query: Annotated[MatchAgreementTextQuery, Query()],
) -> Response:
    """Every version and translation, oldest first. / Alla versioner och översättningar, äldsta först."""
    found = queries.agreement_texts(scope, query)
    return answer_page(scope.exchange, MatchAgreementTextRead, found, query, keys=[MatchAgreementText.id])


@router.post(
    "/programs/{programId}/match-agreement-texts",
    operation_id="publishMatchAgreementText",
    summary="Publish a text that pairs sign",
    status_code=201,
    response_model=MatchAgreementTextRead,
)
def publish_match_agreement_text(
    scope: Annotated[Scope[Program], on(Program, Permission.MATCH_TEXT_WRITE)], body: MatchAgreementTextCreate
) -> Response:
    """With such a text no match starts before both have signed. / Med en sådan text börjar ingen matchning osignerad."""
    text = actions.publish_agreement_text(scope, body)
    location = f"{scope.exchange.path.partition('/programs/')[0]}/match-agreement-texts/{text.id}"
    return answer(scope.exchange, MatchAgreementTextRead, text, status=201, location=location)


@router.get(
    "/match-agreement-texts/{matchAgreementTextId}",
    operation_id="getMatchAgreementText",
    summary="Read a text that pairs sign",
    response_model=MatchAgreementTextRead,
)
def get_match_agreement_text(
    scope: Annotated[Scope[MatchAgreementText], on(MatchAgreementText, Permission.MATCH_TEXT_READ)],
) -> Response:
    """One version in one language. / En version på ett språk."""
    return answer(scope.exchange, MatchAgreementTextRead, scope.row)


@router.post(
    "/matches/{matchId}/signatures",
    operation_id="signMatchAgreement",
    summary="Sign the mutual agreement",
    response_model=MatchAgreementRead,
)
def sign_match_agreement(
    scope: Annotated[Scope[Match], on(Match, Permission.MATCH_SIGN)], body: SignatureCreate, request: Request
) -> Response:
    """By your own login, or noted by staff. / Med egen inloggning, eller antecknat av personal."""
    actions.sign_agreement(scope, body)
    told = queries.agreement_of_pair(scope, language_of(request, otherwise="sv"))
    return answer(scope.exchange, MatchAgreementRead, told)


@router.get(
    "/matches/{matchId}/agreement",
    operation_id="getMatchAgreement",
    summary="Read the mutual agreement of a pair",
    response_model=MatchAgreementRead,
    responses=AS_PDF,
)
def get_match_agreement(scope: Annotated[Scope[Match], on(Match, Permission.MATCH_READ)], request: Request) -> Response:
    """As data, or with `Accept: application/pdf` as PDF/UA; in Swedish unless `Accept-Language` asks for English.

    Som data, eller med `Accept: application/pdf` som PDF/UA; på svenska om inte `Accept-Language` ber om engelska.
    """
    language = language_of(request, otherwise="sv")
    told = {"Content-Language": language, "Vary": "Accept, Accept-Language", "Cache-Control": "no-store"}
    if PDF in request.headers.get("accept", ""):
        return Response(queries.agreement_pdf(scope, language), media_type=PDF, headers=told)
    return answer(scope.exchange, MatchAgreementRead, queries.agreement_of_pair(scope, language), headers=told)
