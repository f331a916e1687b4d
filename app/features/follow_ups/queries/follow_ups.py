"""Which follow-ups are there, and in which state are they today?"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, Uuid, and_, column, exists, func, not_, or_, table
from sqlmodel import Session, col, select

from app.domain.follow_ups import WHILE_RUNNING, FollowUpKind, status_on
from app.domain.lifecycles import FollowUpStatus, MatchStatus
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.follow_ups.schemas import FollowUpQuery, ReminderRead
from app.features.follow_ups.tables import FollowUp, FollowUpVersion, Letter, Reminder
from app.kit.pages import PageQuery

# The table of a later slice is named, not imported: follow-ups lie below matches.
MATCH = table(
    "match",
    column("id", Uuid),
    column("cohort_id", Uuid),
    column("status"),
    column("started_on", Date),
    column("closed_on", Date),
)
GOING_ON = (MatchStatus.ACTIVE.value, MatchStatus.CLOSING.value)
WHILE_IT_RUNS = (*WHILE_RUNNING, FollowUpKind.ENTRY)
DUE_ON: Any = col(FollowUp.due_on)  # a day plus whole days is a day, in PostgreSQL too
OPEN = (FollowUpStatus.PLANNED, FollowUpStatus.DUE)


def follow_ups(scope: Scope[Any], query: FollowUpQuery) -> tuple[Sequence[FollowUp], int]:
    """One page of the follow-ups in the caller's reach by due day, and how many there are in all."""
    wanted = [visible(FollowUp, scope.actor)]
    if query.program_id is not None:
        wanted.append(col(FollowUp.program_id) == query.program_id)
    if query.match_id is not None:
        wanted.append(col(FollowUp.match_id) == query.match_id)
    if query.status is not None:
        wanted.append(has_status(query.status, scope.today))
    if query.is_overdue is not None:
        overdue = is_overdue(scope.today)
        wanted.append(overdue if query.is_overdue else not_(overdue))
    total = scope.session.exec(select(func.count()).select_from(FollowUp).where(*wanted)).one()
    ordered = select(FollowUp).where(*wanted).order_by(col(FollowUp.due_on), col(FollowUp.id))
    return scope.session.exec(ordered.limit(query.limit).offset((query.page - 1) * query.limit)).all(), total


def has_status(status: FollowUpStatus, today: date) -> ColumnElement[bool]:
    """The condition that a follow-up has this status on the day `today`: `domain.follow_ups.status_on` in SQL."""
    is_missed = DUE_ON + col(FollowUp.grace_days) < today
    is_near = DUE_ON - col(FollowUp.lead_days) <= today
    by_calendar = {
        FollowUpStatus.MISSED: is_missed,
        FollowUpStatus.DUE: and_(is_near, not_(is_missed)),
        FollowUpStatus.PLANNED: and_(not_(is_near), not_(is_missed)),
    }
    if status in by_calendar:
        return and_(col(FollowUp.status).in_(OPEN), by_calendar[status])
    return col(FollowUp.status) == status


def is_overdue(today: date) -> ColumnElement[bool]:
    """The condition that the day has passed and nobody has done or waived it."""
    return and_(col(FollowUp.status).in_(OPEN), col(FollowUp.due_on) < today)


def is_worth_making() -> ColumnElement[bool]:
    """The condition that somebody should still be asked: while the match runs, or about what followed its end.

    A match that rests is left in peace; whoever looks after it is told by its health when it has rested too long.
    """
    running = exists().where(MATCH.c.id == FollowUp.match_id, MATCH.c.status.in_(GOING_ON))
    ended = exists().where(MATCH.c.id == FollowUp.match_id, MATCH.c.status == MatchStatus.CLOSED.value)
    is_while = col(FollowUp.kind).in_(WHILE_IT_RUNS)
    return and_(col(FollowUp.status).in_(OPEN), or_(and_(is_while, running), and_(~is_while, ended)))


def lock_waivable(session: Session, match_id: UUID, today: date, *, even_missed: bool = False) -> Sequence[FollowUp]:
    """The follow-ups of a match that are planned or due today, locked; what was missed stays missed."""
    found = select(FollowUp).where(FollowUp.match_id == match_id, col(FollowUp.status).in_(OPEN))
    if not even_missed:
        found = found.where(not_(has_status(FollowUpStatus.MISSED, today)))
    return session.exec(found.order_by(col(FollowUp.id)).with_for_update(key_share=True)).all()


@looks_beyond_reach
def earliest_day(session: Session, match_id: UUID) -> date | None:
    """The first day on which a follow-up of the match can have been done."""
    # A match may be closed before its planned start: its exit interviews are still made.
    first = func.least(MATCH.c.started_on, MATCH.c.closed_on, type_=Date)
    return session.scalar(select(first).select_from(MATCH).where(MATCH.c.id == match_id))


def status_today(scope: Scope[FollowUp]) -> FollowUpStatus:
    """Where the follow-up stands on the day of the request."""
    row = scope.row
    return status_on(row.status, row.due_on, scope.today, row.grace_days, row.lead_days)


def versions(scope: Scope[FollowUp]) -> Select[Any]:
    """The answers of a follow-up as they were before each correction."""
    return select(FollowUpVersion).where(FollowUpVersion.follow_up_id == scope.row.id)


def reminders_of(scope: Scope[FollowUp], query: PageQuery) -> tuple[list[ReminderRead], int]:
    """One page of the reminders of a follow-up, the first one first, and how many there are in all."""
    mine = Reminder.follow_up_id == scope.row.id
    total = scope.session.exec(select(func.count()).select_from(Reminder).where(mine)).one()
    found = select(Reminder, Letter).join(Letter, col(Letter.id) == col(Reminder.letter_id)).where(mine)
    page = found.order_by(col(Reminder.id)).limit(query.limit).offset((query.page - 1) * query.limit)
    fields = set(ReminderRead.model_fields)
    told = [
        {**one.model_dump(include=fields), "letter_status": letter.status, "sent_at": letter.sent_at}
        for one, letter in scope.session.exec(page)
    ]
    return [ReminderRead.model_validate(one) for one in told], total
