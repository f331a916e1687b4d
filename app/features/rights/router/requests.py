"""Who asks what about their data, and what waits for an answer?"""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from sqlmodel import col

from app.domain.roles import Permission
from app.features.access.guards import anywhere, on, outbox
from app.features.access.scope import Scope
from app.features.participants.tables import Participant
from app.features.partners.tables import Partner
from app.features.rights import actions, queries
from app.features.rights.schemas import DataRequestCreate, DataRequestQuery, DataRequestRead, MyDataRequestCreate
from app.features.rights.tables import DataRequest
from app.kit.jobs import Outbox
from app.kit.pages import Page, answer_items
from app.kit.problems import Problem
from app.kit.wire import answer

router = APIRouter()
Jobs = Annotated[Outbox, Depends(outbox)]
Asked = Annotated[DataRequestQuery, Query()]


@router.post(
    "/me/data-requests",
    operation_id="makeMyDataRequest",
    summary="Ask about my data",
    status_code=201,
    response_model=DataRequestRead,
)
def make_my_data_request(
    scope: Annotated[Scope[None], anywhere(Permission.DATA_REQUEST_MAKE)], body: MyDataRequestCreate, jobs: Jobs
) -> Response:
    """About one of your own records; an export is put together at once, the rest is answered within 30 days.

    Om en av dina egna poster; ett utdrag tas fram genast, annat besvaras inom 30 dagar.
    """
    person = queries.own_record(scope, body.participant_id)
    if person is None:
        raise Problem("resource.not_found")
    return _made(scope.about(person), jobs, DataRequestCreate(kind=body.kind))


@router.get(
    "/me/data-requests",
    operation_id="listMyDataRequests",
    summary="What I have asked about my data",
    response_model=Page[DataRequestRead],
)
def list_my_data_requests(
    scope: Annotated[Scope[None], anywhere(Permission.DATA_REQUEST_READ)], query: Asked
) -> Response:
    """The latest first. / De senaste först."""
    return _page(scope, queries.requests_of_mine(scope, query), query)


@router.post(
    "/participants/{participantId}/data-requests",
    operation_id="makeDataRequest",
    summary="Write down what a person asks about their data",
    status_code=201,
    response_model=DataRequestRead,
)
def make_data_request(
    scope: Annotated[Scope[Participant], on(Participant, Permission.DATA_REQUEST_MAKE)],
    body: DataRequestCreate,
    jobs: Jobs,
) -> Response:
    """By the holder's staff for the person, or by the person. / Av personal för personen, eller av personen själv."""
    return _made(scope, jobs, body)


@router.get(
    "/participants/{participantId}/data-requests",
    operation_id="listDataRequestsOfParticipant",
    summary="What a person has asked about their data",
    response_model=Page[DataRequestRead],
)
def list_data_requests_of_participant(
    scope: Annotated[Scope[Participant], on(Participant, Permission.DATA_REQUEST_READ)], query: Asked
) -> Response:
    """About one record, the latest first. / Om en post, de senaste först."""
    return _page(scope, queries.requests_of(scope, query), query)


@router.get(
    "/partners/{partnerId}/data-requests",
    operation_id="listDataRequests",
    summary="The register of requests about data",
    response_model=Page[DataRequestRead],
)
def list_data_requests(
    scope: Annotated[Scope[Partner], on(Partner, Permission.DATA_REQUEST_READ)], query: Asked
) -> Response:
    """What people have asked your organisation, the latest first; `overdue` shows what is late.

    Vad deltagare har begärt av er, de senaste först; `overdue` visar vad som är försenat.
    """
    return _page(scope, queries.requests_at(scope, query), query)


def _made(scope: Scope[Participant], jobs: Outbox, body: DataRequestCreate) -> Response:
    made = actions.make_request(scope, jobs, body)
    scope.session.flush()
    base = scope.exchange.path.partition("/me/")[0].partition("/participants/")[0]
    told = DataRequestRead.on(made, scope.today)
    return answer(scope.exchange, DataRequestRead, told, status=201, location=f"{base}/data-requests/{made.id}")


def _page(
    scope: Scope[None] | Scope[Participant] | Scope[Partner], wanted: queries.Asked, query: DataRequestQuery
) -> Response:
    rows, total = queries.page_of(scope.session, wanted.order_by(col(DataRequest.id).desc()), query)
    seen = [DataRequestRead.on(row, scope.today) for row in rows]
    return answer_items(scope.exchange, DataRequestRead, seen, query, total)
