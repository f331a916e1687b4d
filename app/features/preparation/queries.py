"""Which information is there, and is somebody prepared for a match?"""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.domain.glossary import Side
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.enrolments.tables import Enrolment
from app.features.preparation.schemas import InformationPackQuery, PreparationItem, PreparationRead
from app.features.preparation.tables import Acknowledgement, InformationPack
from app.features.programs.queries import profile_of
from app.features.programs.tables import Program
from app.features.training.queries import training_minutes


def information_packs(scope: Scope[Program], query: InformationPackQuery) -> Select[Any]:
    """Every version of a program's information packs, narrowed by the query."""
    statement: Select[Any] = select(InformationPack).where(
        col(InformationPack.program_id) == scope.row.id, visible(InformationPack, scope.actor)
    )
    if query.side is not None:
        statement = statement.where(col(InformationPack.side) == query.side)
    if query.language is not None:
        statement = statement.where(col(InformationPack.language) == query.language)
    return statement


def last_number(session: Session, program_id: UUID, side: Side, language: str) -> int:
    """The number of the newest version for a side in a language; 0 when there is none."""
    newest = select(func.coalesce(func.max(InformationPack.number), 0)).where(
        InformationPack.program_id == program_id,
        InformationPack.side == side,
        InformationPack.language == language,
    )
    return session.exec(newest).one()


def pack_for(session: Session, enrolment: Enrolment, pack_id: UUID) -> InformationPack | None:
    """The pack with this id, when it speaks to the enrolment's side in its program."""
    wanted = select(InformationPack).where(
        InformationPack.id == pack_id,
        InformationPack.program_id == enrolment.program_id,
        InformationPack.side == enrolment.side,
    )
    return session.exec(wanted).first()


def acknowledgements(scope: Scope[Enrolment]) -> Select[Any]:
    """What was acknowledged in one enrolment."""
    return select(Acknowledgement).where(Acknowledgement.enrolment_id == scope.row.id)


@looks_beyond_reach
def preparation(session: Session, enrolment: Enrolment) -> PreparationRead:
    """How far the person of an enrolment is prepared, by the program's benchmark profile."""
    profile = profile_of(session.get_one(Program, enrolment.program_id))
    minutes = training_minutes(session, enrolment.id)
    needed = profile.training_minutes(enrolment.side)
    has_information = _has_latest_information(session, enrolment)
    missing = []
    if minutes < needed:
        missing.append(PreparationItem.TRAINING)
    if profile.is_information_required and not has_information:
        missing.append(PreparationItem.INFORMATION)
    return PreparationRead(
        is_prepared=not missing,
        training_minutes=minutes,
        training_minutes_needed=needed,
        has_latest_information=has_information,
        missing=missing,
    )


def missing_preparation(session: Session, enrolment: Enrolment) -> list[str]:
    """What is missing before a match may start: `training`, `information`, or nothing."""
    return [item.value for item in preparation(session, enrolment).missing]


def _has_latest_information(session: Session, enrolment: Enrolment) -> bool:
    """Has the person taken note of a version that is still good enough, in any one language?

    A version is good enough until a later one of its side and language asks for a new acknowledgement.
    """
    later = aliased(InformationPack)
    is_outdated = exists().where(
        col(later.program_id) == col(InformationPack.program_id),
        col(later.side) == col(InformationPack.side),
        col(later.language) == col(InformationPack.language),
        col(later.number) > col(InformationPack.number),
        col(later.needs_new_acknowledgement),
    )
    good = (
        select(Acknowledgement.id)
        .join(InformationPack, col(InformationPack.id) == col(Acknowledgement.pack_id))
        .where(Acknowledgement.enrolment_id == enrolment.id, ~is_outdated)
        .limit(1)
    )
    return session.exec(good).first() is not None
