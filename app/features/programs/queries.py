"""Which programmes, targets, links and cohorts are there, and which benchmark does a programme follow?"""

from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, false
from sqlmodel import Session, col, func, select

from app.domain.benchmarks import BenchmarkOverride, Profile, profile
from app.domain.catalogue import ASK_AGAIN_MONTHS, FRESH_MONTHS
from app.domain.days import add_months
from app.domain.roles import Role
from app.features.access.scope import Scope
from app.features.access.tables import ResponsibilityAssignment, UserAccount
from app.features.access.visible import visible
from app.features.programs.schemas import ProgramQuery
from app.features.programs.tables import AssuranceRequest, Cohort, Program, ProgramLink, ProgramTarget


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


def unassured(session: Session, today: date) -> dict[UUID, list[Program]]:
    """The published programmes whose owners are to be asked about their descriptions, by owner.

    Nobody has vouched for twelve months, and the owner was not asked in the last three.
    """
    asked = select(AssuranceRequest.program_id).where(AssuranceRequest.asked_on > add_months(today, -ASK_AGAIN_MONTHS))
    fresh = col(Program.assured_on) >= add_months(today, -FRESH_MONTHS)
    wanted = select(Program).where(col(Program.is_published), func.coalesce(fresh, false()).is_(False))
    owned: dict[UUID, list[Program]] = defaultdict(list)
    for program in session.exec(wanted.where(col(Program.id).not_in(asked)).order_by(col(Program.name))):
        owned[program.owner_partner_id].append(program)
    return owned


def coordinators(session: Session, partner_id: UUID) -> list[str]:
    """The addresses of a partner's coordinators who can log in."""
    wanted = select(UserAccount.email).where(
        UserAccount.partner_id == partner_id,
        UserAccount.role == Role.COORDINATOR,
        col(UserAccount.is_locked).is_(False),
        col(UserAccount.email).is_not(None),
    )
    return sorted(one for one in session.exec(wanted) if one)


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
