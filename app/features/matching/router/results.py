"""What did a run find: pairs, people left over, and the proof?"""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlmodel import col

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.matching import queries
from app.features.matching.schemas import CertificateRead, MatchRunPairRead, MatchRunUnmatchedRead, PossiblePairsRead
from app.features.matching.tables import MatchRun, MatchRunUnmatched
from app.kit.pages import Page, PageQuery, answer_items, answer_page
from app.kit.wire import answer

router = APIRouter()


@router.get(
    "/match-runs/{matchRunId}/pairs",
    operation_id="listMatchRunPairs",
    summary="List the suggested pairs",
    response_model=Page[MatchRunPairRead],
)
def list_match_run_pairs(
    scope: Annotated[Scope[MatchRun], on(MatchRun, Permission.MATCH_RUN_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """The best score first, each with its reasons. / Högst poäng först, vart och ett med skäl."""
    pairs, total = queries.pairs_of(scope, query)
    return answer_items(scope.exchange, MatchRunPairRead, pairs, query, total)


@router.get(
    "/match-runs/{matchRunId}/unmatched",
    operation_id="listMatchRunUnmatched",
    summary="List those without a mentor",
    response_model=Page[MatchRunUnmatchedRead],
)
def list_match_run_unmatched(
    scope: Annotated[Scope[MatchRun], on(MatchRun, Permission.MATCH_RUN_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """What stands in the way of each, and what would help. / Vad som hindrar var och en, och vad som skulle hjälpa."""
    keys = [col(MatchRunUnmatched.id)]
    return answer_page(scope.exchange, MatchRunUnmatchedRead, queries.unmatched_of(scope), query, keys=keys)


@router.get(
    "/match-runs/{matchRunId}/certificate",
    operation_id="getMatchRunCertificate",
    summary="Read the proof of a run",
    response_model=CertificateRead,
)
def get_match_run_certificate(scope: Annotated[Scope[MatchRun], on(MatchRun, Permission.MATCH_RUN_READ)]) -> Response:
    """Prices that prove that no matching is better. / Priser som bevisar att ingen matchning är bättre."""
    return answer(scope.exchange, CertificateRead, queries.certificate_of(scope))


@router.get(
    "/match-runs/{matchRunId}/possible-pairs",
    operation_id="listPossiblePairs",
    summary="List what was possible",
    response_model=Page[PossiblePairsRead],
)
def list_possible_pairs(
    scope: Annotated[Scope[MatchRun], on(MatchRun, Permission.MATCH_RUN_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """Every mentee with all possible mentors, to check the proof. / Varje adept med alla möjliga mentorer."""
    found, total = queries.possible_of(scope, query)
    return answer_items(scope.exchange, PossiblePairsRead, found, query, total)
