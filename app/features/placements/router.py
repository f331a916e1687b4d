"""Host workplaces and placements over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import anywhere, on
from app.features.access.scope import Scope
from app.features.placements import actions, queries
from app.features.placements.schemas import (
    PlacementClosure,
    PlacementCreate,
    PlacementQuery,
    PlacementRead,
    WorkplaceCreate,
    WorkplacePatch,
    WorkplaceRead,
)
from app.features.placements.tables import HostWorkplace, Placement
from app.features.programs.tables import Program
from app.kit.pages import Page, PageQuery, answer_items, answer_page
from app.kit.wire import answer

router = APIRouter(tags=["placements"])


@router.get(
    "/programs/{programId}/host-workplaces",
    operation_id="listHostWorkplaces",
    summary="List host workplaces",
    response_model=Page[WorkplaceRead],
)
def list_host_workplaces(
    scope: Annotated[Scope[Program], on(Program, Permission.PROGRAM_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """Who takes people in, and how many. / Vilka som tar emot, och hur många."""
    keys = [HostWorkplace.name, HostWorkplace.id]
    return answer_page(scope.exchange, WorkplaceRead, queries.workplaces(scope), query, keys=keys)


@router.post(
    "/programs/{programId}/host-workplaces",
    operation_id="createHostWorkplace",
    summary="Offer a host workplace",
    status_code=201,
    response_model=WorkplaceRead,
)
def create_host_workplace(
    scope: Annotated[Scope[Program], on(Program, Permission.WORKPLACE_WRITE)], body: WorkplaceCreate
) -> Response:
    """Places at a workplace of your own organisation. / Platser på en arbetsplats i den egna organisationen."""
    made = actions.offer_workplace(scope, body)
    location = f"{scope.exchange.path.partition('/programs/')[0]}/host-workplaces/{made.id}"
    return answer(scope.exchange, WorkplaceRead, made, status=201, location=location)


@router.get(
    "/host-workplaces/{hostWorkplaceId}",
    operation_id="getHostWorkplace",
    summary="Read a host workplace",
    response_model=WorkplaceRead,
)
def get_host_workplace(
    scope: Annotated[Scope[HostWorkplace], on(HostWorkplace, Permission.WORKPLACE_READ)],
) -> Response:
    """One workplace. / En arbetsplats."""
    return answer(scope.exchange, WorkplaceRead, scope.row)


@router.patch(
    "/host-workplaces/{hostWorkplaceId}",
    operation_id="updateHostWorkplace",
    summary="Change the number of places",
    response_model=WorkplaceRead,
)
def update_host_workplace(
    scope: Annotated[Scope[HostWorkplace], on(HostWorkplace, Permission.WORKPLACE_WRITE)], body: WorkplacePatch
) -> Response:
    """Not below the places that are held. / Inte under de platser som är upptagna."""
    return answer(scope.exchange, WorkplaceRead, actions.update_workplace(scope, body))


@router.post(
    "/host-workplaces/{hostWorkplaceId}/placements",
    operation_id="createPlacement",
    summary="Place a person",
    status_code=201,
    response_model=PlacementRead,
)
def create_placement(
    scope: Annotated[Scope[HostWorkplace], on(HostWorkplace, Permission.PLACEMENT_WRITE)], body: PlacementCreate
) -> Response:
    """Its last day is the profile's unless another is agreed. / Sista dagen följer riktvärdet om inget annat avtalas."""
    made = actions.agree_placement(scope, body)
    scope.session.flush()
    location = f"{scope.exchange.path.partition('/host-workplaces/')[0]}/placements/{made.id}"
    return answer(scope.exchange, PlacementRead, queries.told(made), status=201, location=location)


@router.get("/placements", operation_id="listPlacements", summary="List placements", response_model=Page[PlacementRead])
def list_placements(
    scope: Annotated[Scope[None], anywhere(Permission.PLACEMENT_READ)], query: Annotated[PlacementQuery, Query()]
) -> Response:
    """The placements in your reach; those shorter than agreed can be asked for. / Praktikplatserna inom din räckvidd."""
    seen, total = queries.placements(scope, query)
    return answer_items(scope.exchange, PlacementRead, seen, query, total)


@router.get(
    "/placements/{placementId}", operation_id="getPlacement", summary="Read a placement", response_model=PlacementRead
)
def get_placement(scope: Annotated[Scope[Placement], on(Placement, Permission.PLACEMENT_READ)]) -> Response:
    """One placement. / En praktikplats."""
    return answer(scope.exchange, PlacementRead, queries.told(scope.row))


@router.post(
    "/placements/{placementId}/closure",
    operation_id="closePlacement",
    summary="End a placement",
    response_model=PlacementRead,
)
def close_placement(
    scope: Annotated[Scope[Placement], on(Placement, Permission.PLACEMENT_WRITE)], body: PlacementClosure
) -> Response:
    """The place becomes free. / Platsen blir ledig."""
    ended = actions.end_placement(scope, body)
    scope.session.flush()
    return answer(scope.exchange, PlacementRead, queries.told(ended))
