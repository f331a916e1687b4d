"""Plans over HTTP: drafted, decided, published and drafted anew."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import anywhere, on
from app.features.access.scope import Scope
from app.features.plans import actions, queries
from app.features.plans.schemas import (
    DecisionCreate,
    PlanCreate,
    PlanPatch,
    PlanQuery,
    PlanRead,
    PlanSummary,
    PlanVersionRead,
    PublicationCreate,
)
from app.features.plans.tables import Plan
from app.kit.pages import Page, PageQuery, answer_items
from app.kit.wire import answer

router = APIRouter(tags=["plans"])
Seen = Annotated[Scope[Plan], on(Plan, Permission.PLAN_READ)]
Changed = Annotated[Scope[Plan], on(Plan, Permission.PLAN_UPDATE)]
Decided = Annotated[Scope[Plan], on(Plan, Permission.PLAN_DECIDE)]


@router.get("/plans", operation_id="listPlans", summary="List plans", response_model=Page[PlanSummary])
def list_plans(
    scope: Annotated[Scope[None], anywhere(Permission.PLAN_READ)], query: Annotated[PlanQuery, Query()]
) -> Response:
    """Your own, those that name you, and published ones. / Egna planer, de där ni nämns och de publicerade."""
    found, total = queries.page(scope, query)
    return answer_items(scope.exchange, PlanSummary, found, query, total)


@router.post("/plans", operation_id="createPlan", summary="Draft a plan", status_code=201, response_model=PlanRead)
def create_plan(scope: Annotated[Scope[None], anywhere(Permission.PLAN_CREATE)], body: PlanCreate) -> Response:
    """A plan of your own organisation, as a draft. / En plan för den egna organisationen, som utkast."""
    made = actions.create_plan(scope, body)
    told = queries.told(scope, made)
    return answer(scope.exchange, PlanRead, told, status=201, location=f"{scope.exchange.path}/{made.id}")


@router.get("/plans/{planId}", operation_id="getPlan", summary="Read a plan", response_model=PlanRead)
def get_plan(scope: Seen) -> Response:
    """With goals, measures and decisions. / Med mål, åtgärder och beslut."""
    return answer(scope.exchange, PlanRead, queries.told(scope, scope.row))


@router.patch("/plans/{planId}", operation_id="updatePlan", summary="Change a draft of a plan", response_model=PlanRead)
def update_plan(scope: Changed, body: PlanPatch) -> Response:
    """What is decided is changed by a new version. / Det som är beslutat ändras genom en ny version."""
    return answer(scope.exchange, PlanRead, queries.told(scope, actions.update_plan(scope, body)))


@router.post(
    "/plans/{planId}/decisions", operation_id="createPlanDecision", summary="Record a decision", response_model=PlanRead
)
def create_plan_decision(scope: Decided, body: DecisionCreate) -> Response:
    """With its diary number. An adoption needs goals, and what the plan means for children, and keeps the version whole.

    Med diarienummer. Ett antagande kräver mål och konsekvenser för barn, och bevarar hela versionen.
    """
    return answer(scope.exchange, PlanRead, queries.told(scope, actions.record_decision(scope, body)))


@router.post(
    "/plans/{planId}/revisions",
    operation_id="createPlanRevision",
    summary="Draft the next version",
    response_model=PlanRead,
)
def create_plan_revision(scope: Changed) -> Response:
    """Until it is adopted, others go on reading the version before. / Tills den antas gäller den förra versionen."""
    return answer(scope.exchange, PlanRead, queries.told(scope, actions.revise_plan(scope)))


@router.post(
    "/plans/{planId}/publication", operation_id="publishPlan", summary="Publish a plan", response_model=PlanRead
)
def publish_plan(scope: Decided, body: PublicationCreate) -> Response:
    """All staff of all organisations may then read what was adopted. / All personal får då läsa det som antagits."""
    return answer(scope.exchange, PlanRead, queries.told(scope, actions.publish_plan(scope, body)))


@router.get(
    "/plans/{planId}/versions",
    operation_id="listPlanVersions",
    summary="List the adopted versions",
    response_model=Page[PlanVersionRead],
)
def list_plan_versions(scope: Seen, query: Annotated[PageQuery, Query()]) -> Response:
    """Each whole, as it was adopted. / Var och en i sin helhet, som den antogs."""
    found, total = queries.versions(scope, query)
    return answer_items(scope.exchange, PlanVersionRead, found, query, total)
