"""Which training counts for an enrolment: what was completed in it, and the same courses completed elsewhere?"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.domain.glossary import AttendanceStatus, Side
from app.domain.training import Attended, Completed, TrainingState, state_of
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.tables import Concealment
from app.features.enrolments.tables import Enrolment
from app.features.participants.tables import Participant
from app.features.programs.queries import profile_of
from app.features.programs.tables import Program
from app.features.training.queries.courses import taught_courses
from app.features.training.tables import Attendance, CourseVersion, ProgramCourse, TrainingRecord, TrainingSession
from app.kit.clock import today


def training_records(scope: Scope[Enrolment]) -> Select[Any]:
    """The training recorded in one enrolment, revoked records too."""
    return select(TrainingRecord).where(TrainingRecord.enrolment_id == scope.row.id)


def training_state(session: Session, enrolment: Enrolment, needed_minutes: int) -> TrainingState:
    """How much training counts for an enrolment, which required courses are missing, and whether that is enough."""
    return state_of(
        completions(session, enrolment), required_courses(session, enrolment.program_id, enrolment.side), needed_minutes
    )


def missing_courses(session: Session, enrolment: Enrolment) -> tuple[UUID, ...]:
    """The courses that the curriculum requires of the enrolment's side and that the person has not completed."""
    return training_state(session, enrolment, 0).missing_courses


def required_courses(session: Session, program_id: UUID, side: Side) -> list[UUID]:
    """What the curriculum requires of one side of a program."""
    return list(session.exec(taught_courses(program_id, side).where(col(ProgramCourse.is_required))))


def completions(session: Session, enrolment: Enrolment) -> list[Completed]:
    """What counts for one enrolment, see `completions_of`."""
    return completions_of(session, [enrolment])[enrolment.id]


@looks_beyond_reach
def completions_of(session: Session, enrolments: Sequence[Enrolment]) -> dict[UUID, list[Completed]]:
    """What was completed in each of these enrolments of one side of one program, and what else counts there.

    That is the courses in this side's curriculum which the person completed in other enrolments, on all records that
    were confirmed to be of the same person. Of a record that another partner holds nothing gets here while it is
    concealed: protected, or its consent withdrawn in that program.
    """
    done: dict[UUID, list[Completed]] = {one.id: [] for one in enrolments}
    first = enrolments[0]
    for enrolment_id, *facts in session.execute(_completed(first.program_id, first.side, col(Enrolment.id).in_(done))):
        done[enrolment_id].append(Completed(*facts))
    return done


@looks_beyond_reach
def trained_among(
    session: Session, program: Program, side: Side, cohort_id: UUID, enrolment_ids: Collection[UUID]
) -> frozenset[UUID]:
    """Those of a cohort's enrolments on one side whose training is enough to start; two statements, however many."""
    needed, required = profile_of(program).training_minutes(side), required_courses(session, program.id, side)
    if not needed and not required:
        return frozenset(enrolment_ids)
    done: dict[UUID, list[Completed]] = defaultdict(list)
    among = _completed(program.id, side, col(Enrolment.cohort_id) == cohort_id, col(Enrolment.side) == side)
    for enrolment_id, *facts in session.execute(among):
        done[enrolment_id].append(Completed(*facts))
    return frozenset(one for one in enrolment_ids if state_of(done.get(one, ()), required, needed).is_enough)


def _completed(program_id: UUID, side: Side, *which: ColumnElement[bool]) -> Any:
    """(enrolment, course, minutes, day) of what counts in the enrolments `which`, all in one program on one side."""
    person = aliased(Participant)
    is_concealed = exists().where(
        col(Concealment.participant_id) == col(TrainingRecord.participant_id),
        or_(col(Concealment.program_id).is_(None), col(Concealment.program_id) == col(TrainingRecord.program_id)),
        col(TrainingRecord.partner_id) != col(Enrolment.partner_id),
    )
    is_elsewhere = and_(col(CourseVersion.course_id).in_(taught_courses(program_id, side)), ~is_concealed)
    return (
        select_columns(
            col(Enrolment.id),
            col(CourseVersion.course_id),
            col(TrainingRecord.minutes),
            col(TrainingRecord.completed_on),
        )
        .select_from(Enrolment)
        .join(person, col(person.id) == col(Enrolment.participant_id))
        .join(Participant, col(Participant.person_id) == col(person.person_id))
        .join(TrainingRecord, col(TrainingRecord.participant_id) == col(Participant.id))
        .outerjoin(CourseVersion, col(CourseVersion.id) == col(TrainingRecord.course_version_id))
        .where(
            *which,
            col(TrainingRecord.revoked_at).is_(None),
            or_(col(TrainingRecord.enrolment_id) == col(Enrolment.id), is_elsewhere),
        )
    )


def attended(session: Session, enrolment_id: UUID, version_id: UUID) -> list[Attended]:
    """The sessions of one version of a course that the person attended in one enrolment."""
    wanted = (
        select(TrainingSession.id, TrainingSession.starts_at, Attendance.minutes)
        .join(Attendance, col(Attendance.session_id) == col(TrainingSession.id))
        .where(
            Attendance.enrolment_id == enrolment_id,
            Attendance.status == AttendanceStatus.ATTENDED,
            TrainingSession.course_version_id == version_id,
        )
    )
    return [Attended(one, at, today(at), minutes) for one, at, minutes in session.exec(wanted)]


def record_of_version(session: Session, enrolment_id: UUID, version_id: UUID) -> TrainingRecord | None:
    """The record that attendance gave for one version of a course in one enrolment, revoked or not."""
    wanted = select(TrainingRecord).where(
        TrainingRecord.enrolment_id == enrolment_id,
        TrainingRecord.course_version_id == version_id,
        col(TrainingRecord.session_id).is_not(None),
    )
    return session.exec(wanted).first()
