"""Which enrolments does a tertial look at, and what is recorded of how they ended? A fixed number of statements."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, bindparam, case, func, or_, select
from sqlalchemy import Uuid as UuidType
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, col

from app.domain.access import Actor
from app.domain.changes import ChangeKind
from app.domain.glossary import Concealing, Side
from app.domain.lifecycles import EnrolmentStatus
from app.domain.outcomes import OutcomeFact
from app.domain.reports import Tertial, TertialFacts
from app.features.access.rows import looks_beyond_reach
from app.features.access.tables import Concealment
from app.features.changes.tables import Change
from app.features.enrolments.tables import Enrolment
from app.features.outcomes.tables import Outcome
from app.features.participants.tables import Participant
from app.features.programs.tables import Program
from app.features.reports.schemas import CoveredProgram
from app.kit.clock import today

Status = EnrolmentStatus
ADMITTED = (Status.READY, Status.PAUSED, Status.EXITED)
E_ = Enrolment


@looks_beyond_reach
def records(
    session: Session, program_ids: Iterable[UUID], tertial: Tertial
) -> tuple[list[CoveredProgram], list[TertialFacts]]:
    """The programs, and their mentees' enrolments that may touch the period.

    People with protected identity are in no figure, whoever reads it: two readers' figures cannot be compared. Others
    count, also those who are anonymous or have withdrawn a consent; records confirmed to be of one person are one.

    An effort begins on the day the person was found ready; for enrolments brought in without that day, on the day of
    application. Whoever stands in the queue, or left before being found ready, never began. It ends on the day of the
    exit, or on the day the person withdrew, as the log of changes tells it.
    """
    wanted = sorted(program_ids)
    found = session.execute(_enrolments(wanted, tertial)).all()
    outcomes = _outcomes(session, wanted, tertial)
    programs = {row.program_id: (row.name, row.category) for row in found}
    covered = [CoveredProgram(id=one, name=name, category=category) for one, (name, category) in programs.items()]
    return covered, [_facts(row, tuple(outcomes[row.id])) for row in found if row.id is not None]


def with_secrets(session: Session, actor: Actor, program_ids: Iterable[UUID]) -> frozenset[UUID]:
    """The programs where somebody's record is kept from the actor, because a consent has been withdrawn."""
    found = select(col(Concealment.program_id)).where(
        col(Concealment.kind) == Concealing.WITHDRAWN_CONSENT,
        col(Concealment.partner_id).is_distinct_from(actor.partner_id),
        _within(col(Concealment.program_id), sorted(program_ids)),
    )
    return frozenset(one for one in session.scalars(found) if one is not None)


def _enrolments(program_ids: list[UUID], tertial: Tertial) -> Any:
    # Withdrawing is the last move there is: its instant in the log is the end, a stored row has no day for it.
    moved = select(func.max(Change.at)).where(
        col(Change.subject) == Enrolment.__tablename__,
        col(Change.subject_id) == col(E_.id),
        col(Change.kind) == ChangeKind.ENROLMENT_MOVED,
    )
    left_at = func.coalesce(moved.scalar_subquery(), E_.updated_at)
    return (
        select(
            col(Program.id).label("program_id"),
            col(Program.name),
            col(Program.category),
            col(E_.id),
            col(Participant.person_id),
            col(E_.status),
            col(E_.applied_on),
            col(E_.ready_at),
            col(E_.exited_on),
            case((col(E_.status) == Status.WITHDRAWN, left_at)).label("left_at"),
        )
        .select_from(Program)
        .outerjoin(Enrolment, and_(col(E_.program_id) == col(Program.id), _may_count(tertial)))
        .outerjoin(Participant, col(Participant.id) == col(E_.participant_id))
        .where(_within(col(Program.id), program_ids))
        .order_by(col(Program.name), col(Program.id))
    )


def _may_count(tertial: Tertial) -> ColumnElement[bool]:
    first_on, last_on = tertial.period()
    protected = select(col(Concealment.participant_id)).where(col(Concealment.kind) == Concealing.PROTECTED_IDENTITY)
    return and_(
        col(E_.side) == Side.MENTEE,
        col(E_.participant_id).not_in(protected),
        col(E_.applied_on) <= last_on,
        or_(col(E_.exited_on).is_(None), col(E_.exited_on) >= first_on),
        or_(
            col(E_.status).in_([*ADMITTED, Status.REGISTERED_IN_ERROR]),
            and_(col(E_.status) == Status.WITHDRAWN, col(E_.ready_at).is_not(None)),
        ),
    )


def _outcomes(session: Session, program_ids: list[UUID], tertial: Tertial) -> dict[UUID, list[OutcomeFact]]:
    """What is recorded of the enrolments that may have ended in the period; the others' is not asked for."""
    first_on, last_on = tertial.period()
    has_ended = or_(col(E_.exited_on).between(first_on, last_on), col(E_.status) == Status.WITHDRAWN)
    statement = (
        select(
            col(Outcome.enrolment_id),
            col(Outcome.occasion),
            col(Outcome.observed_on),
            col(Outcome.income_source),
            col(Outcome.occupation),
            col(Outcome.extent_percent),
            col(Outcome.began_on),
            col(Outcome.ended_on),
            col(Outcome.has_study_aid),
        )
        .join(Enrolment, col(E_.id) == col(Outcome.enrolment_id))
        .where(_within(col(E_.program_id), program_ids), _may_count(tertial), has_ended)
    )
    found: dict[UUID, list[OutcomeFact]] = defaultdict(list)
    for enrolment_id, *facts in session.execute(statement):
        found[enrolment_id].append(OutcomeFact(*facts))
    return found


def _facts(row: Any, outcomes: tuple[OutcomeFact, ...]) -> TertialFacts:
    return TertialFacts(
        id=str(row.id),
        person=str(row.person_id),
        program=str(row.program_id),
        category=row.category,
        side=Side.MENTEE,
        began_on=_began_on(row),
        ended_on=row.exited_on or (today(row.left_at) if row.left_at else None),
        is_registered_in_error=row.status is Status.REGISTERED_IN_ERROR,
        outcomes=outcomes,
    )


def _began_on(row: Any) -> date | None:
    if row.ready_at is not None:
        return today(row.ready_at)
    began_on: date | None = row.applied_on if row.status in ADMITTED else None
    return began_on


def _within(column: Any, ids: list[UUID]) -> ColumnElement[bool]:
    """`= any(array)` keeps one statement text whatever the number of programs."""
    return column == any_(bindparam(None, ids, type_=ARRAY(UuidType), unique=True))  # type: ignore[no-any-return]
