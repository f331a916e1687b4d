"""How does a follow-up get another day, or is decided not to be made?"""

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.follow_ups import Move, WaiverReason, check_move
from app.domain.lifecycles import FOLLOW_UP, FollowUpStatus
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.follow_ups.actions.plans import waive
from app.features.follow_ups.queries import earliest_day, status_today
from app.features.follow_ups.schemas import Rescheduling
from app.features.follow_ups.tables import FollowUp
from app.features.programs.queries import profile_of
from app.features.programs.tables import Program
from app.kit.columns import amend


def waive_follow_up(scope: Scope[FollowUp], reason: WaiverReason) -> FollowUp:
    """Decide that a planned or due follow-up is not made. Raises: `follow_up.transition_not_allowed`."""
    FOLLOW_UP.check(status_today(scope), FollowUpStatus.WAIVED)
    waive(scope, scope.row, reason)
    return scope.row


def reschedule_follow_up(scope: Scope[FollowUp], body: Rescheduling) -> FollowUp:
    """Move a contact to a day near the one that was planned; the planned day is kept.

    Raises: `follow_up.day_fixed`, `follow_up.too_late_to_move`, `follow_up.day_outside_window`,
    `follow_up.match_not_started`.
    """
    row = scope.row
    begins = earliest_day(scope.session, row.match_id)
    if begins is None:
        raise RuleViolation("follow_up.match_not_started")
    planned_on = row.moved_from or row.due_on
    most_days = profile_of(scope.session.get_one(Program, row.program_id)).number("moveDays")
    check_move(Move(row.kind, status_today(scope), planned_on, begins, most_days), body.due_on, scope.today)
    moved_from = planned_on if body.due_on != planned_on else None
    if changed := amend(row, {"due_on": body.due_on, "moved_from": moved_from}):
        record(scope, ChangeKind.FOLLOW_UP_RESCHEDULED, row, changed)
    return row
