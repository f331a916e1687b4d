"""How far have people come in training before their first match started, and how far with what goes on after it?"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Uuid, column, func, table
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.domain.benchmarks import Profile
from app.domain.glossary import Side
from app.domain.lifecycles import OPEN_ENROLMENTS, MatchStatus
from app.domain.roles import Permission
from app.domain.training import Completed, Period, progress, state_of
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.enrolments.tables import Enrolment
from app.features.programs.queries import profile_of
from app.features.programs.tables import Program
from app.features.training.queries.completions import completions_of, required_courses
from app.features.training.schemas import TrainingProgressQuery, TrainingProgressRead

MANY = 1000
"""How many enrolments are looked up at a time."""
# The table of a later slice is named, not imported: training lies below matches.
MATCH = table(
    "match",
    column("mentor_enrolment_id", Uuid),
    column("mentee_enrolment_id", Uuid),
    column("started_on", Date),
    column("closed_on", Date),
    column("status"),
)


def training_progress(scope: Scope[Enrolment]) -> TrainingProgressRead:
    """Training before the first start of a match and after it, against the program's benchmark profile."""
    return _progress_of(scope.session, [scope.row], scope.today)[0]


def progress_in(scope: Scope[Program], query: TrainingProgressQuery) -> tuple[list[TrainingProgressRead], int]:
    """One page of how far those who take part have come, by enrolment, oldest first, and how many there are."""
    found = [
        one
        for side in ([query.side] if query.side else Side)
        for many in scope.session.scalars(_taking_part(scope, side)).partitions(MANY)
        for one in _progress_of(scope.session, many, scope.today)
        if query.is_behind in {None, one.is_behind}
    ]
    found.sort(key=lambda one: one.enrolment_id)
    first = (query.page - 1) * query.limit
    return found[first : first + query.limit], len(found)


def _taking_part(scope: Scope[Program], side: Side) -> Any:
    return select(Enrolment).where(
        Enrolment.program_id == scope.row.id,
        Enrolment.side == side,
        col(Enrolment.status).in_(OPEN_ENROLMENTS),
        visible(Enrolment, scope.actor, Permission.TRAINING_READ),
    )


def _progress_of(session: Session, enrolments: Sequence[Enrolment], on: date) -> list[TrainingProgressRead]:
    """The progress of enrolments on one side of one program: as many queries for a thousand as for one."""
    profile = profile_of(session.get_one(Program, enrolments[0].program_id))
    required = required_courses(session, enrolments[0].program_id, enrolments[0].side)
    done, periods = completions_of(session, enrolments), _periods(session, enrolments, on)
    return [_line(one, profile, required, done[one.id], periods.get(one.id)) for one in enrolments]


def _line(
    enrolment: Enrolment, profile: Profile, required: list[UUID], done: list[Completed], period: Period | None
) -> TrainingProgressRead:
    needed, yearly = profile.training_minutes(enrolment.side), profile.ongoing_training_minutes(enrolment.side)
    found = progress(done, period, needed, yearly)
    missing = state_of(done, required, 0).missing_courses
    return TrainingProgressRead(
        enrolment_id=enrolment.id,
        side=enrolment.side,
        started_on=period.first_on if period else None,
        minutes_before=found.minutes_before,
        minutes_before_needed=found.needed_before,
        minutes_before_behind=found.behind_before,
        minutes_after=found.minutes_after,
        minutes_after_needed=found.needed_after,
        minutes_after_behind=found.behind_after,
        missing_course_ids=list(missing),
        is_behind=bool(found.behind_before or found.behind_after or missing),
    )


@looks_beyond_reach
def _periods(session: Session, enrolments: Sequence[Enrolment], on: date) -> dict[UUID, Period]:
    """From the first start of an enrolment's matches to that day, or to the last end when all have ended."""
    own = MATCH.c.mentor_enrolment_id if enrolments[0].side is Side.MENTOR else MATCH.c.mentee_enrolment_id
    last = func.max(func.coalesce(MATCH.c.closed_on, on))
    started = (
        select_columns(own, func.min(MATCH.c.started_on), last)
        .where(
            own.in_([one.id for one in enrolments]),
            MATCH.c.started_on <= on,
            MATCH.c.status != MatchStatus.VOID.value,
        )
        .group_by(own)
    )
    return {one: Period(first_on, last_on) for one, first_on, last_on in session.execute(started)}
