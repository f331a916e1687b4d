"""What is late in the programs that the caller's partner answers for, and what waits for the caller in person?"""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from app.domain.follow_ups import lateness
from app.domain.lifecycles import FollowUpStatus
from app.domain.reminders import kind_texts
from app.domain.roles import Permission
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.follow_ups.queries.follow_ups import MATCH, has_status, is_overdue, is_worth_making
from app.features.follow_ups.schemas import FollowUpRead, OverdueQuery, OverdueRead, WaitingRead
from app.features.follow_ups.tables import FollowUp, Reminder
from app.kit.pages import PageQuery

WHOLE = MATCH.alias("whole")
"""The match that a follow-up is about, beside the one that `is_worth_making` looks at."""


def overdue(scope: Scope[Any], query: OverdueQuery) -> tuple[list[OverdueRead], int]:
    """One page of what is late and still worth making, the latest first, and how many there are in all."""
    found = _late(scope, query)
    total = scope.session.scalar(select_columns(func.count()).select_from(found.subquery())) or 0
    page = found.order_by(col(FollowUp.due_on), col(FollowUp.id))
    rows = scope.session.execute(page.limit(query.limit).offset((query.page - 1) * query.limit)).all()
    told = _last_reminders(scope, [row.FollowUp for row in rows])
    return [_read(scope, row.FollowUp, row.cohort_id, told.get(row.FollowUp.id)) for row in rows], total


def is_late(scope: Scope[Any]) -> list[ColumnElement[bool]]:
    """The conditions that a follow-up is late, worth making, and the business of the caller's partner."""
    return [visible(FollowUp, scope.actor, Permission.OVERDUE_READ), is_overdue(scope.today), is_worth_making()]


def _late(scope: Scope[Any], query: OverdueQuery) -> Select[Any]:
    wanted = is_late(scope)
    named = {name: getattr(query, name) for name in ("program_id", "kind")}
    wanted += [getattr(FollowUp, name) == value for name, value in named.items() if value is not None]
    if query.cohort_id is not None:
        wanted.append(WHOLE.c.cohort_id == query.cohort_id)
    if query.min_days_late is not None:
        wanted.append(col(FollowUp.due_on) <= scope.today - timedelta(days=query.min_days_late))
    if query.max_days_late is not None:
        wanted.append(col(FollowUp.due_on) >= scope.today - timedelta(days=query.max_days_late))
    return select_columns(FollowUp, WHOLE.c.cohort_id).join(WHOLE, WHOLE.c.id == FollowUp.match_id).where(*wanted)


def _last_reminders(scope: Scope[Any], rows: list[FollowUp]) -> dict[Any, Reminder]:
    found = select(Reminder).where(col(Reminder.follow_up_id).in_([row.id for row in rows]))
    return {one.follow_up_id: one for one in scope.session.exec(found.order_by(col(Reminder.id)))}


def _read(scope: Scope[Any], row: FollowUp, cohort_id: Any, told: Reminder | None) -> OverdueRead:
    seen = FollowUpRead.on(row, scope.today)
    own = {
        "cohort_id": cohort_id,
        "days_late": lateness(row.due_on, scope.today),
        "last_rung": told.rung if told else None,
        "last_reminded_at": told.created_at if told else None,
    }
    return OverdueRead.model_validate({**seen.model_dump(include=set(OverdueRead.model_fields)), **own})


def waiting_for_me(scope: Scope[Any], query: PageQuery) -> tuple[list[WaitingRead], int]:
    """One page of what the caller themself is asked now, the longest waiting first, and how much there is in all."""
    mine = [
        col(FollowUp.participant_id).in_(sorted(scope.actor.persons)),
        visible(FollowUp, scope.actor),
        has_status(FollowUpStatus.DUE, scope.today) | has_status(FollowUpStatus.MISSED, scope.today),
        is_worth_making(),
    ]
    total = scope.session.exec(select(func.count()).select_from(FollowUp).where(*mine)).one()
    ordered = select(FollowUp).where(*mine).order_by(col(FollowUp.due_on), col(FollowUp.id))
    rows = scope.session.exec(ordered.limit(query.limit).offset((query.page - 1) * query.limit))
    return [_waiting(scope, row) for row in rows], total


def _waiting(scope: Scope[Any], row: FollowUp) -> WaitingRead:
    words = kind_texts(row.kind)
    own = {"days_late": lateness(row.due_on, scope.today), "en": words["en"], "sv": words["sv"]}
    return WaitingRead.model_validate({**row.model_dump(include=set(WaitingRead.model_fields)), **own})
