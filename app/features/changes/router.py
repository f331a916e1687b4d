"""The feed of changes over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import anywhere, cursors
from app.features.access.scope import Scope
from app.features.changes import queries
from app.features.changes.schemas import ChangePage, ChangesQuery
from app.kit.pages import Cursors
from app.kit.wire import answer

router = APIRouter(tags=["changes"])


@router.get("/changes", operation_id="listChanges", summary="Read the feed of changes", response_model=ChangePage)
def list_changes(
    scope: Annotated[Scope[None], anywhere(Permission.CHANGE_READ)],
    query: Annotated[ChangesQuery, Query()],
    places: Annotated[Cursors, Depends(cursors)],
) -> Response:
    """What has changed within your reach, each change once. / Det som har ändrats inom din räckvidd, en gång var."""
    return answer(scope.exchange, ChangePage, queries.changes(scope, places, query))
