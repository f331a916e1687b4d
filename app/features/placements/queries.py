"""Which host workplaces and placements are there, which places are held, and who may be placed?"""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select
from sqlmodel import Session, col, func, not_, select

from app.domain.glossary import Side
from app.domain.lifecycles import EnrolmentStatus
from app.domain.placements import is_shorter
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.visible import concealed_from, visible
from app.features.enrolments.tables import Enrolment
from app.features.placements.schemas import PlacementQuery, PlacementRead
from app.features.placements.tables import HostWorkplace, Placement
from app.features.programs.tables import Cohort, Program


def workplaces(scope: Scope[Program]) -> Select[Any]:
    """The host workplaces of a program."""
    return select(HostWorkplace).where(HostWorkplace.program_id == scope.row.id, visible(HostWorkplace, scope.actor))


def cohort_of(session: Session, program_id: UUID, cohort_id: UUID) -> Cohort | None:
    return session.exec(select(Cohort).where(Cohort.id == cohort_id, Cohort.program_id == program_id)).first()


def placements(scope: Scope[Any], query: PlacementQuery) -> tuple[list[PlacementRead], int]:
    """One page of the placements in the caller's reach, by start, and how many there are."""
    wanted = [visible(Placement, scope.actor)]
    if query.program_id is not None:
        wanted.append(col(Placement.program_id) == query.program_id)
    if query.is_shorter_than_agreed is not None:
        wanted.append(_shorter() if query.is_shorter_than_agreed else not_(_shorter()))
    total = scope.session.exec(select(func.count()).select_from(Placement).where(*wanted)).one()
    ordered = select(Placement).where(*wanted).order_by(col(Placement.starts_on), col(Placement.id))
    found = scope.session.exec(ordered.limit(query.limit).offset((query.page - 1) * query.limit))
    return [told(one) for one in found], total


def told(placement: Placement) -> PlacementRead:
    """The placement, with whether it is shorter than agreed."""
    last_on = placement.ended_on or placement.ends_on
    flag = {"is_shorter_than_agreed": is_shorter(last_on, placement.agreed_until)}
    return PlacementRead.model_validate({**placement.model_dump(), **flag})


def _shorter() -> ColumnElement[bool]:
    """`app.domain.placements.is_shorter` as SQL."""
    return func.coalesce(Placement.ended_on, Placement.ends_on) < col(Placement.agreed_until)


@looks_beyond_reach
def held_places(session: Session, workplace_id: UUID) -> list[int]:
    """The places of the workplace that are held, whoever holds the people."""
    found = session.exec(
        select(Placement.place).where(Placement.workplace_id == workplace_id, col(Placement.place).is_not(None))
    )
    return [place for place in found if place is not None]


@looks_beyond_reach
def hold_ready(session: Session, enrolment_id: UUID, cohort_id: UUID, side: Side) -> Enrolment | None:
    """The enrolment of that side, when it is ready in the cohort; nobody may change it until the transaction ends."""
    wanted = select(Enrolment).where(
        Enrolment.id == enrolment_id,
        Enrolment.cohort_id == cohort_id,
        Enrolment.side == side,
        Enrolment.status == EnrolmentStatus.READY,
    )
    return session.exec(wanted.with_for_update(read=True)).first()


@looks_beyond_reach
def is_kept_from(scope: Scope[Any], enrolment: Enrolment) -> bool:
    """Is the person kept from the caller: protected, or without the consent that the program rests on?"""
    wanted = select(Enrolment.id).where(
        Enrolment.id == enrolment.id,
        col(Enrolment.participant_id).in_(concealed_from(scope.actor, enrolment.program_id)),
    )
    return scope.session.exec(wanted).first() is not None
