"""Programmes and cohorts over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import anywhere, on
from app.features.access.scope import Scope
from app.features.programs import actions, queries
from app.features.programs.schemas import (
    CohortCreate,
    CohortRead,
    LinkCreate,
    ProgramCreate,
    ProgramPatch,
    ProgramQuery,
    ProgramRead,
    TargetCreate,
    TargetRead,
    TransitionCreate,
)
from app.features.programs.tables import Cohort, Program, ProgramTarget
from app.kit.pages import Page, PageQuery, answer_page
from app.kit.wire import answer

router = APIRouter(tags=["programs"])
Seen = Annotated[Scope[Program], on(Program, Permission.PROGRAM_READ)]
Changed = Annotated[Scope[Program], on(Program, Permission.PROGRAM_UPDATE)]
ChangedCohort = Annotated[Scope[Cohort], on(Cohort, Permission.COHORT_UPDATE)]


@router.get("/programs", operation_id="listPrograms", summary="List programmes", response_model=Page[ProgramRead])
def list_programs(
    scope: Annotated[Scope[None], anywhere(Permission.PROGRAM_READ)], query: Annotated[ProgramQuery, Query()]
) -> Response:
    """Published programmes and those of your own organisation. / Publicerade program och den egna organisationens."""
    return answer_page(
        scope.exchange, ProgramRead, queries.programs(scope, query), query, keys=[Program.name, Program.id]
    )


@router.post(
    "/programs", operation_id="createProgram", summary="Start a programme", status_code=201, response_model=ProgramRead
)
def create_program(scope: Annotated[Scope[None], anywhere(Permission.PROGRAM_CREATE)], body: ProgramCreate) -> Response:
    """Start a programme owned by your own organisation. / Starta ett program som den egna organisationen äger."""
    program = actions.create_program(scope, body)
    return answer(scope.exchange, ProgramRead, program, status=201, location=f"{scope.exchange.path}/{program.id}")


@router.get("/programs/{programId}", operation_id="getProgram", summary="Read a programme", response_model=ProgramRead)
def get_program(scope: Seen) -> Response:
    """One programme. / Ett mentorskapsprogram."""
    return answer(scope.exchange, ProgramRead, scope.row)


@router.patch(
    "/programs/{programId}", operation_id="updateProgram", summary="Change a programme", response_model=ProgramRead
)
def update_program(scope: Changed, body: ProgramPatch) -> Response:
    """Change or publish a programme. / Ändra eller publicera ett program."""
    return answer(scope.exchange, ProgramRead, actions.update_program(scope, body))


@router.get(
    "/programs/{programId}/targets",
    operation_id="listTargets",
    summary="List targets",
    response_model=Page[TargetRead],
)
def list_targets(scope: Seen, query: Annotated[PageQuery, Query()]) -> Response:
    """What the purpose is measured by. / Målen som syftet mäts mot."""
    keys = [ProgramTarget.due_on, ProgramTarget.id]
    return answer_page(scope.exchange, TargetRead, queries.targets(scope), query, keys=keys)


@router.post(
    "/programs/{programId}/targets",
    operation_id="addTarget",
    summary="Add a target",
    status_code=201,
    response_model=TargetRead,
)
def add_target(scope: Changed, body: TargetCreate) -> Response:
    """Give the purpose a measurable target. / Ge syftet ett mätbart mål."""
    return answer(scope.exchange, TargetRead, actions.add_target(scope, body), status=201, location=scope.exchange.path)


@router.get(
    "/programs/{programId}/links",
    operation_id="listLinkedPrograms",
    summary="List linked programmes",
    response_model=Page[ProgramRead],
)
def list_linked_programs(scope: Seen, query: Annotated[PageQuery, Query()]) -> Response:
    """The programmes this one cooperates with. / Programmen som detta samverkar med."""
    return answer_page(scope.exchange, ProgramRead, queries.linked(scope), query, keys=[Program.name, Program.id])


@router.post(
    "/programs/{programId}/links",
    operation_id="linkProgram",
    summary="Link a programme",
    status_code=201,
    response_model=ProgramRead,
)
def link_program(scope: Changed, body: LinkCreate) -> Response:
    """Say that this programme cooperates with another; answers that other. / Koppla till ett annat program."""
    other = actions.link_program(scope, body)
    location = f"{scope.exchange.path.rsplit('/', 2)[0]}/{other.id}"
    return answer(scope.exchange, ProgramRead, other, status=201, location=location)


@router.get(
    "/programs/{programId}/cohorts",
    operation_id="listCohorts",
    summary="List cohorts",
    response_model=Page[CohortRead],
)
def list_cohorts(scope: Seen, query: Annotated[PageQuery, Query()]) -> Response:
    """The runs of a programme, earliest first. / Programmets omgångar, tidigast först."""
    keys = [Cohort.starts_on, Cohort.id]
    return answer_page(scope.exchange, CohortRead, queries.cohorts(scope), query, keys=keys)


@router.post(
    "/programs/{programId}/cohorts",
    operation_id="createCohort",
    summary="Plan a cohort",
    status_code=201,
    response_model=CohortRead,
)
def create_cohort(
    scope: Annotated[Scope[Program], on(Program, Permission.COHORT_CREATE)], body: CohortCreate
) -> Response:
    """Plan a run of the programme, as a draft. / Planera en omgång, som utkast."""
    cohort = actions.create_cohort(scope, body)
    location = f"{scope.exchange.path.rsplit('/', 3)[0]}/cohorts/{cohort.id}"
    return answer(scope.exchange, CohortRead, cohort, status=201, location=location)


@router.get("/cohorts/{cohortId}", operation_id="getCohort", summary="Read a cohort", response_model=CohortRead)
def get_cohort(scope: Annotated[Scope[Cohort], on(Cohort, Permission.COHORT_READ)]) -> Response:
    """One run of a programme. / En omgång."""
    return answer(scope.exchange, CohortRead, scope.row)


@router.post(
    "/cohorts/{cohortId}/transitions", operation_id="moveCohort", summary="Move a cohort on", response_model=CohortRead
)
def move_cohort(scope: ChangedCohort, body: TransitionCreate) -> Response:
    """Close, start, complete, evaluate or cancel a cohort. / Stäng, starta, slutför, utvärdera eller ställ in."""
    return answer(scope.exchange, CohortRead, actions.move_cohort(scope, body))
