"""Which programmes, targets, links and cohorts are there, and which benchmark does a programme follow?"""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists
from sqlmodel import Session, col, select

from app.domain.benchmarks import BenchmarkOverride, Profile, profile
from app.features.access.scope import Scope
from app.features.access.tables import ResponsibilityAssignment
from app.features.access.visible import visible
from app.features.programs.schemas import ProgramQuery
from app.features.programs.tables import Cohort, Program, ProgramLink, ProgramTarget


def programs(scope: Scope[Any], query: ProgramQuery) -> Select[Any]:
    """The programmes in the caller's reach, narrowed by the query."""
    statement = select(Program).where(visible(Program, scope.actor))
    if query.category is not None:
        statement = statement.where(Program.category == query.category)
    if query.kind is not None:
        statement = statement.where(Program.kind == query.kind)
    if query.listing is not None:
        statement = statement.where(Program.listing == query.listing)
    return statement


def within_reach(scope: Scope[Any], program_id: UUID) -> Program | None:
    """The program, when the caller may see it."""
    return scope.session.exec(select(Program).where(Program.id == program_id, visible(Program, scope.actor))).first()


def has_been_agreed(session: Session, program_id: UUID) -> bool:
    """Has an agreement given anybody a duty in the program, today or before?"""
    held = ResponsibilityAssignment
    return bool(session.scalar(select(exists().where(col(held.program_id) == program_id))))


def targets(scope: Scope[Program]) -> Select[Any]:
    """The targets of one programme."""
    return select(ProgramTarget).where(ProgramTarget.program_id == scope.row.id)


def linked(scope: Scope[Program]) -> Select[Any]:
    """The programmes that this one cooperates with, as far as the caller may see them."""
    of_this = select(ProgramLink.linked_program_id).where(ProgramLink.program_id == scope.row.id)
    return select(Program).where(col(Program.id).in_(of_this), visible(Program, scope.actor))


def cohorts(scope: Scope[Program]) -> Select[Any]:
    """The cohorts of one programme."""
    return select(Cohort).where(Cohort.program_id == scope.row.id, visible(Cohort, scope.actor))


def profile_of(program: Program) -> Profile:
    """The benchmark profile that the program picked, with its own settings in place of the profile's."""
    return profile(program.profile_id).with_override(BenchmarkOverride.parse(program.profile_overrides))
