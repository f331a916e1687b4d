"""What is stored about me and who has seen it, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import anywhere, on
from app.features.access.scope import Scope
from app.features.partners.tables import Partner
from app.features.privacy import queries
from app.features.privacy.schemas import (
    AccessQuery,
    AccessRead,
    MyAccessRead,
    MyDataRead,
    OverviewRead,
    UserAccessQuery,
)
from app.kit.pages import Page, PageQuery, answer_items
from app.kit.wire import answer

router = APIRouter(tags=["privacy"])
MyData = Annotated[Scope[None], anywhere(Permission.DATA_READ)]


@router.get("/me/overview", operation_id="getMyOverview", summary="Where my things are", response_model=OverviewRead)
def get_my_overview(scope: MyData) -> Response:
    """My records, enrolments and matches, with addresses. / Mina poster, inskrivningar och matchningar, med adresser."""
    return answer(scope.exchange, OverviewRead, queries.overview(scope))


@router.get("/me/data", operation_id="getMyData", summary="What is stored about me", response_model=MyDataRead)
def get_my_data(scope: MyData) -> Response:
    """Everything that is stored about me, by kind, with what it is for; nothing that is somebody else's.

    Allt som finns lagrat om mig, efter slag och med ändamål; inget som är någon annans.
    """
    return answer(scope.exchange, MyDataRead, queries.my_data(scope))


@router.get(
    "/me/accesses",
    operation_id="listMyAccesses",
    summary="Who has seen my data",
    response_model=Page[MyAccessRead],
)
def list_my_accesses(
    scope: Annotated[Scope[None], anywhere(Permission.ACCESS_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """Which organisations and roles have seen data about me or were refused it, newest first.

    Vilka organisationer och roller som har sett uppgifter om mig, eller nekats det, nyast först.
    """
    rows, total = queries.accesses_to_me(scope, query)
    return answer_items(scope.exchange, MyAccessRead, rows, query, total)


@router.get(
    "/partners/{partnerId}/accesses",
    operation_id="listAccesses",
    summary="Read the access log",
    response_model=Page[AccessRead],
)
def list_accesses(
    scope: Annotated[Scope[Partner], on(Partner, Permission.ACCESS_READ)], query: Annotated[AccessQuery, Query()]
) -> Response:
    """Accesses to the people whom your organisation holds, newest first; who and when, never what.

    Åtkomster till deltagare hos den egna organisationen, nyast först; vem och när, aldrig vad.
    """
    rows, total = queries.accesses_at(scope, query)
    return answer_items(scope.exchange, AccessRead, rows, query, total)


@router.get(
    "/users/{userId}/accesses",
    operation_id="listUserAccesses",
    summary="What a user has seen",
    response_model=Page[AccessRead],
)
def list_user_accesses(
    scope: Annotated[Scope[None], anywhere(Permission.USER_ACCESS_READ)],
    query: Annotated[UserAccessQuery, Query()],
    user_id: Annotated[UUID, Path(alias="userId", description="Id of the UserAccount.")],
) -> Response:
    """What a user of your own organisation has seen or tried, newest first; needs a purpose.

    Vad en användare hos den egna organisationen har sett eller försökt se, nyast först; kräver ändamål.
    """
    rows, total = queries.accesses_by(scope, user_id, query)
    return answer_items(scope.exchange, AccessRead, rows, query, total)
