"""How does an accepted match get prepared, start and rest?"""

from datetime import date

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.lifecycles import MATCH, MatchStatus
from app.domain.matches import check_review, check_start, end_of
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.follow_ups.actions import plan_for_match
from app.features.matches import queries
from app.features.matches.actions.plans import plan_facts
from app.features.matches.actions.proposals import check_ready, refuse_guardian
from app.features.matches.tables import Match
from app.features.programs.queries import profile_of
from app.features.programs.tables import Cohort, Program
from app.kit.columns import amend


def prepare_match(scope: Scope[Match]) -> Match:
    """Note that both have done what they must before the start.

    Raises: `match.transition_not_allowed`, `match.enrolment_not_ready`, `match.guardian_is_mentor`,
    `match.not_prepared` with what is missing on each side.
    """
    match = scope.row
    MATCH.check(match.status, MatchStatus.PREPARED)
    _check_preparation(scope, scope.today)
    changed = amend(match, {"status": MatchStatus.PREPARED, "prepared_at": scope.now})
    record(scope, ChangeKind.MATCH_PREPARED, match, changed)
    return match


def _check_preparation(scope: Scope[Match], on: date) -> None:
    match = scope.row
    pair = queries.enrolments_of(scope.session, match)
    check_ready(pair)
    refuse_guardian(scope.session, match.mentor_participant_id, match.mentee_participant_id)
    missing = queries.missing_preparation(scope.session, match, pair, on)
    if any(missing.values()):
        raise RuleViolation("match.not_prepared", missing=missing)


def activate_match(scope: Scope[Match], starts_on: date) -> Match:
    """Start the match and plan its follow-ups, together or not at all.

    What was found when it was prepared is looked at once more: an answer may have changed and a consent been withdrawn
    since. Whether the mentee is under 18 is asked of the first day of the match.
    Raises: `match.not_prepared`, `match.start_outside_window`, `match.enrolment_not_ready`, `match.guardian_is_mentor`,
    `match.ends_before_start`.
    """
    match = scope.row
    if match.status is not MatchStatus.PREPARED:
        raise RuleViolation("match.not_prepared", current=match.status.value)
    check_start(starts_on, scope.today)
    _check_preparation(scope, starts_on)
    profile = profile_of(scope.session.get_one(Program, match.program_id))
    cohort = scope.session.get_one(Cohort, match.cohort_id)
    ends_on = end_of(starts_on, profile.number("minimumWeeks"), cohort.ends_on)
    changed = amend(match, {"status": MatchStatus.ACTIVE, "started_on": starts_on, "ends_on": ends_on})
    record(scope, ChangeKind.MATCH_ACTIVATED, match, changed)
    plan_for_match(scope, plan_facts(scope))
    return match


def hold_match(scope: Scope[Match], review_on: date) -> Match:
    """Let an active match rest until a day to look again.

    Raises: `match.transition_not_allowed`, `match.review_not_ahead`.
    """
    MATCH.check(scope.row.status, MatchStatus.ON_HOLD)
    check_review(review_on, scope.today)
    return _move(scope, MatchStatus.ON_HOLD, review_on)


def resume_match(scope: Scope[Match]) -> Match:
    """Let a resting match go on. Raises: `match.not_on_hold`."""
    if scope.row.status is not MatchStatus.ON_HOLD:
        raise RuleViolation("match.not_on_hold", current=scope.row.status.value)
    return _move(scope, MatchStatus.ACTIVE, None)


def _move(scope: Scope[Match], to: MatchStatus, review_on: date | None) -> Match:
    changed = amend(scope.row, {"status": to, "review_on": review_on})
    record(scope, ChangeKind.MATCH_MOVED, scope.row, changed)
    return scope.row
