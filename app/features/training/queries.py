"""Which training has somebody completed, and how much is it?"""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, func
from sqlmodel import Session, select

from app.features.access.scope import Scope
from app.features.enrolments.tables import Enrolment
from app.features.training.tables import TrainingRecord


def training_records(scope: Scope[Enrolment]) -> Select[Any]:
    """The training completed in one enrolment."""
    return select(TrainingRecord).where(TrainingRecord.enrolment_id == scope.row.id)


def training_minutes(session: Session, enrolment_id: UUID) -> int:
    """The training completed in one enrolment, in minutes."""
    total = select(func.coalesce(func.sum(TrainingRecord.minutes), 0)).where(
        TrainingRecord.enrolment_id == enrolment_id
    )
    return session.exec(total).one()
