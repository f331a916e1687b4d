"""How is a request answered, fetched, approved and proved?"""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import on, outbox
from app.features.access.scope import Scope
from app.features.participants.tables import Participant
from app.features.partners.tables import Partner
from app.features.rights import actions, queries
from app.features.rights.schemas import (
    DataExportRead,
    DataRequestDecision,
    DataRequestExtension,
    DataRequestRead,
    ErasureRead,
)
from app.features.rights.tables import DataRequest, Erasure
from app.kit.jobs import Outbox
from app.kit.pages import Page, PageQuery, answer_page
from app.kit.problems import Problem
from app.kit.wire import answer

router = APIRouter()
Jobs = Annotated[Outbox, Depends(outbox)]
Assessing = Annotated[Scope[DataRequest], on(DataRequest, Permission.DATA_REQUEST_ASSESS)]
Deciding = Annotated[Scope[DataRequest], on(DataRequest, Permission.DATA_REQUEST_DECIDE)]
ONE = "/data-requests/{dataRequestId}"


@router.get(ONE, operation_id="getDataRequest", summary="Read a request", response_model=DataRequestRead)
def get_data_request(scope: Annotated[Scope[DataRequest], on(DataRequest, Permission.DATA_REQUEST_READ)]) -> Response:
    """How far it is. / Hur långt den har kommit."""
    return _answer(scope)


@router.post(
    f"{ONE}/extension", operation_id="extendDataRequest", summary="Extend the time", response_model=DataRequestRead
)
def extend_data_request(scope: Assessing, body: DataRequestExtension) -> Response:
    """60 days more, once; tell the person why. / 60 dagar till, en gång; tala om varför för personen."""
    actions.extend_request(scope, body)
    return _answer(scope)


@router.post(
    f"{ONE}/assessment", operation_id="assessDataRequest", summary="Assess a request", response_model=DataRequestRead
)
def assess_data_request(scope: Assessing) -> Response:
    """It is known who asks and for what. / Det är klarlagt vem som frågar och om vad."""
    actions.assess_request(scope)
    return _answer(scope)


@router.post(
    f"{ONE}/decision", operation_id="decideDataRequest", summary="Decide on a request", response_model=DataRequestRead
)
def decide_data_request(scope: Deciding, body: DataRequestDecision, jobs: Jobs) -> Response:
    """Granted: an export is made, a restriction holds at once, an erasure waits for a second person.

    Bifall: ett utdrag tas fram, en begränsning gäller genast, en radering väntar på ännu en person.
    """
    actions.decide_request(scope, jobs, body)
    return _answer(scope)


@router.post(
    f"{ONE}/approval", operation_id="approveErasure", summary="Approve an erasure", response_model=DataRequestRead
)
def approve_erasure(
    scope: Annotated[Scope[DataRequest], on(DataRequest, Permission.ERASURE_APPROVE)], jobs: Jobs
) -> Response:
    """By somebody else than decided; a job erases, and nothing brings it back. / Av någon annan än den som beslutade."""
    actions.approve_erasure(scope, jobs)
    return _answer(scope)


@router.post(
    f"{ONE}/execution",
    operation_id="executeRectification",
    summary="Note that data has been corrected",
    response_model=DataRequestRead,
)
def execute_rectification(scope: Assessing) -> Response:
    """Of a granted rectification, when the record has been changed. / När posten har rättats."""
    actions.execute_rectification(scope)
    return _answer(scope)


@router.get(f"{ONE}/export", operation_id="getDataExport", summary="Fetch an export", response_model=DataExportRead)
def get_data_export(scope: Annotated[Scope[DataRequest], on(DataRequest, Permission.DATA_EXPORT_READ)]) -> Response:
    """What was put together, for seven days; by the person, or by staff for the person.

    Det som har tagits fram, i sju dagar; av personen, eller av personal för personen.
    """
    made = queries.export_made(scope.session, scope.row)
    if made is None or made.expires_at <= scope.now:
        raise Problem("export.not_ready")
    headers = {"Content-Disposition": f'attachment; filename="utdrag-{scope.row.id}.json"'}
    return answer(scope.exchange, DataExportRead, made.content, headers=headers)


@router.delete(
    "/participants/{participantId}/processing-restriction",
    operation_id="liftProcessingRestriction",
    summary="Lift the restriction of processing",
    status_code=204,
)
def lift_processing_restriction(
    scope: Annotated[Scope[Participant], on(Participant, Permission.RESTRICTION_LIFT)],
) -> Response:
    """Tell the person first; If-Match is the person's. / Meddela personen först; If-Match är personens."""
    actions.lift_restriction(scope)
    return Response(status_code=204)


@router.get(
    "/partners/{partnerId}/erasures",
    operation_id="listErasures",
    summary="The protocols of erasures",
    response_model=Page[ErasureRead],
)
def list_erasures(
    scope: Annotated[Scope[Partner], on(Partner, Permission.ERASURE_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """By whose decision and how much, never who; oldest first. / Efter vems beslut och hur mycket, aldrig vem."""
    return answer_page(scope.exchange, ErasureRead, queries.erasures_at(scope), query, keys=[Erasure.id])


def _answer(scope: Scope[DataRequest]) -> Response:
    """The request after its write, with its final version."""
    scope.session.flush()
    return answer(scope.exchange, DataRequestRead, DataRequestRead.on(scope.row, scope.today))
