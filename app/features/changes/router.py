"""The feed of changes over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from app.domain.roles import Permission
from app.features.access.guards import anywhere, cursors
from app.features.access.scope import Scope
from app.features.changes import actions
from app.features.changes.schemas import ChangePage, ChangesQuery
from app.kit.pages import Cursors
from app.kit.patience import heed
from app.kit.wire import answer

router = APIRouter(tags=["changes"])
Prefer = Annotated[
    str | None,
    Header(
        alias="Prefer",
        max_length=200,
        description="`wait=N`: with nothing new, answer within N seconds (20 at most). / Vänta högst N sekunder.",
        examples=["wait=20"],
    ),
]


@router.get(
    "/changes",
    operation_id="listChanges",
    summary="Read the feed of changes",
    response_model=ChangePage,
    responses={200: {"headers": {"Preference-Applied": {}}}},
)
def list_changes(
    scope: Annotated[Scope[None], anywhere(Permission.CHANGE_READ)],
    query: Annotated[ChangesQuery, Query()],
    places: Annotated[Cursors, Depends(cursors)],
    request: Request,
    prefer: Prefer = None,  # noqa: ARG001  documented here, heeded by `Patience`
) -> Response:
    """What has changed within your reach, each change once; and what you were told of and may no longer know.

    Det som har ändrats inom din räckvidd, en gång var; och det du fått veta om men inte längre får se.
    """
    page = actions.read_changes(scope, places, query)
    heed(request.scope, is_nothing_yet=not page.items and not page.has_more)
    return answer(scope.exchange, ChangePage, page)
