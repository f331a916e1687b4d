"""How are meetings planned, logged by one side, confirmed by the other, and corrected?"""

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.matches import HAS_MEETINGS, UNDER_WAY, check_meeting_day
from app.domain.meetings import check_corrector, check_planned, check_revision
from app.domain.roles import Permission
from app.domain.sync import ExternalKey, SyncOutcome
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.matches.queries import match_of, meeting_by_key, side_of
from app.features.matches.schemas import MeetingCorrection, MeetingLog, MeetingPlan, MeetingSync
from app.features.matches.tables import Match, Meeting, MeetingRevision, PlannedMeeting
from app.kit.clock import today
from app.kit.columns import amend
from app.kit.conditional import check_given

PAIR = ("program_id", "mentor_participant_id", "mentee_participant_id")
KEPT = (
    *PAIR,
    "held_on",
    "minutes",
    "mode",
    "topics",
    "logged_side",
    "logged_by_user_id",
    "confirmed_side",
    "confirmed_at",
)


def sync_meeting(
    scope: Scope[Match], key: ExternalKey, body: MeetingSync, if_match: str | None = None
) -> tuple[Meeting, SyncOutcome]:
    """Log the meeting that another system knows by this key, or correct it when it is told otherwise now.

    Raises: 403 for missing scopes, 412 for another version; see `log_meeting` and `correct_meeting`.
    """
    scope.demand_permission(Permission.MEETING_READ)
    meeting = meeting_by_key(scope, key)
    check_given(if_match, meeting)
    told = body.model_dump(exclude={"reason_code"})
    if meeting is None:
        return log_meeting(scope, MeetingLog(**told), key), SyncOutcome.CREATED
    if all(getattr(meeting, name) == value for name, value in told.items()):
        return meeting, SyncOutcome.UNCHANGED
    correction = MeetingCorrection(**told, replaces_revision=meeting.revision, reason_code=body.reason_code)
    return correct_meeting(scope.about(meeting), correction), SyncOutcome.CHANGED


def log_meeting(scope: Scope[Match], body: MeetingLog, key: ExternalKey | None = None) -> Meeting:
    """Log a meeting that has been held; `key` is another system's.

    Raises: `meeting.match_not_started`, `meeting.in_future`, `meeting.before_start`, `meeting.after_closure`.
    """
    match = scope.row
    if match.status not in HAS_MEETINGS or match.started_on is None:
        raise RuleViolation("meeting.match_not_started", current=match.status.value)
    check_meeting_day(body.held_on, match.started_on, match.closed_on, scope.today)
    meeting = Meeting.model_validate(
        {
            **body.model_dump(),
            **{name: getattr(match, name) for name in PAIR},
            "match_id": match.id,
            "logged_side": side_of(scope.actor, match),
            "logged_by_user_id": scope.actor.user_id,
            "external_system": key and key.system,
            "external_id": key and key.id,
        }
    )
    scope.session.add(meeting)
    record(scope, ChangeKind.MEETING_LOGGED, meeting)
    return meeting


def correct_meeting(scope: Scope[Meeting], body: MeetingCorrection) -> Meeting:
    """Tell a meeting otherwise; what it said is kept, and the other side confirms anew.

    Raises: `meeting.logged_by_other`, `meeting.revision_not_latest`, and for the day as when it is logged.
    """
    meeting, side = scope.row, side_of(scope.actor, scope.row)
    check_corrector(side, meeting.logged_side)
    check_revision(body.replaces_revision, meeting.revision)
    match = match_of(scope)
    assert match.started_on is not None  # noqa: S101  only a started match has meetings
    check_meeting_day(body.held_on, match.started_on, match.closed_on, scope.today)
    kept = MeetingRevision.model_validate(
        {
            **{name: getattr(meeting, name) for name in KEPT},
            "meeting_id": meeting.id,
            "number": meeting.revision,
            "replaced_at": scope.now,
            "reason": body.reason_code,
        }
    )
    scope.session.add(kept)
    told = {**body.model_dump(exclude={"replaces_revision", "reason_code"}), "revision": meeting.revision + 1}
    anew = {"logged_side": side, "logged_by_user_id": scope.actor.user_id, "confirmed_side": None, "confirmed_at": None}
    record(scope, ChangeKind.MEETING_CORRECTED, meeting, amend(meeting, {**told, **anew}))
    return meeting


def plan_meeting(scope: Scope[Match], body: MeetingPlan) -> PlannedMeeting:
    """Note a meeting to come. Raises: `meeting.match_not_under_way`, `meeting.planned_in_past`, `meeting.planned_outside`."""
    match = scope.row
    if match.status not in UNDER_WAY or match.started_on is None:
        raise RuleViolation("meeting.match_not_under_way", current=match.status.value)
    check_planned(body.starts_at, scope.now, (today(body.starts_at), match.started_on, match.closing_on))
    planned = PlannedMeeting.model_validate(
        {
            **body.model_dump(),
            **{name: getattr(match, name) for name in PAIR},
            "match_id": match.id,
            "planned_side": side_of(scope.actor, match),
            "planned_by_user_id": scope.actor.user_id,
        }
    )
    scope.session.add(planned)
    record(scope, ChangeKind.MEETING_PLANNED, planned)
    return planned


def cancel_meeting(scope: Scope[PlannedMeeting]) -> PlannedMeeting:
    """Call off a planned meeting; either side or staff. Raises: `meeting.already_cancelled`."""
    planned = scope.row
    if planned.cancelled_at is not None:
        raise RuleViolation("meeting.already_cancelled")
    record(scope, ChangeKind.MEETING_CANCELLED, planned, amend(planned, {"cancelled_at": scope.now}))
    return planned


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
