"""The monthly review of accesses over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.audit import actions, queries
from app.features.audit.schemas import AccessReviewLine, AccessReviewRead, ReviewSignatureCreate, ReviewSignatureRead
from app.features.partners.tables import Partner
from app.kit.pages import Page, PageQuery, answer_items
from app.kit.wire import answer

router = APIRouter()
Reading = Annotated[Scope[Partner], on(Partner, Permission.ACCESS_REVIEW_READ)]
InPath = Annotated[
    str, Path(alias="month", max_length=7, pattern="^20[0-9]{2}-(0[1-9]|1[0-2])$", description="Year and month.", examples=["2026-03"])
]  # fmt: skip


@router.get(
    "/partners/{partnerId}/access-reviews",
    operation_id="listAccessReviews",
    summary="Which months are reviewed",
    response_model=Page[AccessReviewLine],
)
def list_access_reviews(scope: Reading, query: Annotated[PageQuery, Query()]) -> Response:
    """The months that are over, the newest first, signed or waiting. / Avslutade månader, signerade eller väntande."""
    lines = queries.review_lines(scope)
    first = (query.page - 1) * query.limit
    return answer_items(scope.exchange, AccessReviewLine, lines[first : first + query.limit], query, len(lines))


@router.get(
    "/partners/{partnerId}/access-reviews/{month}",
    operation_id="getAccessReview",
    summary="Review a month's accesses",
    response_model=AccessReviewRead,
)
def get_access_review(scope: Reading, month: InPath) -> Response:
    """What your own staff have seen: a sample drawn by the month's last seal, and ranked anomalies.

    Vad den egna personalen har sett: ett stickprov som månadens sista sigill har dragit, och rangordnade avvikelser.
    """
    return answer(scope.exchange, AccessReviewRead, queries.read_review(scope, month))


@router.post(
    "/partners/{partnerId}/access-reviews/{month}/signatures",
    operation_id="signAccessReview",
    summary="Sign a month's review",
    status_code=201,
    response_model=ReviewSignatureRead,
)
def sign_access_review(
    scope: Annotated[Scope[Partner], on(Partner, Permission.ACCESS_REVIEW_SIGN)],
    month: InPath,
    body: ReviewSignatureCreate,
) -> Response:
    """Once a month, by somebody responsible. / En gång per månad, av någon ansvarig."""
    made = actions.sign_review(scope, month, body.finding)
    location = scope.exchange.path.removesuffix("/signatures")
    return answer(
        scope.exchange, ReviewSignatureRead, ReviewSignatureRead.model_validate(made), status=201, location=location
    )
