"""How a plan goes, and what is said of it, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.plans import actions, queries
from app.features.plans.schemas import CommentCreate, NoteRead, PlanProgress
from app.features.plans.tables import Plan, PlanNote
from app.kit.pages import Page, PageQuery, answer_page
from app.kit.wire import answer

router = APIRouter(tags=["plans"])
Seen = Annotated[Scope[Plan], on(Plan, Permission.PLAN_READ)]


@router.get(
    "/plans/{planId}/progress",
    operation_id="getPlanProgress",
    summary="How does the plan go?",
    response_model=PlanProgress,
)
def get_plan_progress(scope: Seen) -> Response:
    """Goals and measures over time, and linked gaps then and now. / Mål och åtgärder över tid, luckor då och nu."""
    return answer(scope.exchange, PlanProgress, queries.progress(scope))


@router.get(
    "/plans/{planId}/comments", operation_id="listPlanComments", summary="List comments", response_model=Page[NoteRead]
)
def list_plan_comments(scope: Seen, query: Annotated[PageQuery, Query()]) -> Response:
    """Of the plan, its goals and measures, oldest first. / Om planen, dess mål och åtgärder, äldst först."""
    keys = [PlanNote.said_at, PlanNote.id]
    return answer_page(scope.exchange, NoteRead, queries.comments(scope), query, keys=keys)


@router.post(
    "/plans/{planId}/comments",
    operation_id="createPlanComment",
    summary="Comment on a plan",
    status_code=201,
    response_model=NoteRead,
)
def create_plan_comment(
    scope: Annotated[Scope[Plan], on(Plan, Permission.PLAN_REPORT)], body: CommentCreate
) -> Response:
    """The owner and those whom the plan names. / Ägaren och de som nämns i planen."""
    made = actions.comment_plan(scope, body)
    return answer(scope.exchange, NoteRead, made, status=201, location=scope.exchange.path)
