"""How are meetings logged by one side and confirmed by the other?"""

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.matches import HAS_MEETINGS, check_meeting_day
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.matches.queries import side_of
from app.features.matches.schemas import MeetingLog
from app.features.matches.tables import Match, Meeting
from app.kit.columns import amend


def log_meeting(scope: Scope[Match], body: MeetingLog) -> Meeting:
    """Log a meeting that has been held.

    Raises: `meeting.match_not_started`, `meeting.in_future`, `meeting.before_start`, `meeting.after_closure`.
    """
    match = scope.row
    if match.status not in HAS_MEETINGS or match.started_on is None:
        raise RuleViolation("meeting.match_not_started", current=match.status.value)
    check_meeting_day(body.held_on, match.started_on, match.closed_on, scope.today)
    meeting = Meeting.model_validate(
        {
            **body.model_dump(),
            "program_id": match.program_id,
            "match_id": match.id,
            "mentor_participant_id": match.mentor_participant_id,
            "mentee_participant_id": match.mentee_participant_id,
            "logged_side": side_of(scope.actor, match),
            "logged_by_user_id": scope.actor.user_id,
        }
    )
    scope.session.add(meeting)
    record(scope, ChangeKind.MEETING_LOGGED, meeting)
    return meeting


def confirm_meeting(scope: Scope[Meeting]) -> Meeting:
    """Confirm a meeting that the other side, or another member of staff, has logged.

    Raises: `meeting.already_confirmed`, `meeting.logged_by_you`.
    """
    meeting, side = scope.row, side_of(scope.actor, scope.row)
    is_own_side = side is not None and side is meeting.logged_side
    if is_own_side or meeting.logged_by_user_id == scope.actor.user_id:
        raise RuleViolation("meeting.logged_by_you")
    if meeting.confirmed_at is not None:
        raise RuleViolation("meeting.already_confirmed")
    changed = amend(meeting, {"confirmed_side": side, "confirmed_at": scope.now})
    record(scope, ChangeKind.MEETING_CONFIRMED, meeting, changed)
    return meeting
