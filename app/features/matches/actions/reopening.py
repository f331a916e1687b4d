"""How does a closed match go on, and how is it decided that its people may be matched again?"""

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.glossary import Side
from app.domain.lifecycles import MatchStatus
from app.domain.matches import check_reopening, end_after_reopening
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.follow_ups.actions import plan_for_reopening
from app.features.matches import queries
from app.features.matches.actions.answers import take_place
from app.features.matches.actions.plans import plan_facts
from app.features.matches.actions.proposals import check_ready, refuse_guardian
from app.features.matches.schemas import RematchDecision, Reopening
from app.features.matches.tables import Match
from app.features.programs.queries import profile_of
from app.features.programs.tables import Program
from app.kit.columns import amend

NOT_ENDED = dict.fromkeys(
    ("closed_on", "closure_cause", "is_ended_early", "ended_by", "mentor_may_rematch", "mentee_may_rematch")
)


def reopen_match(scope: Scope[Match], body: Reopening) -> Match:
    """Let a closed match go on: the mentor's place is taken anew, and what lies ahead of its plan is planned again.

    Raises: `match.not_closed`, `match.reopen_too_late`, `match.end_not_ahead`, `match.enrolment_not_ready`,
    `match.guardian_is_mentor`, `match.no_place_left`, and at the flush `match.mentee_already_proposed`.
    """
    match = scope.row
    _check_closed(match)
    assert match.closed_on is not None  # noqa: S101  set when it was closed
    assert match.ends_on is not None  # noqa: S101  set when it was started
    profile = profile_of(scope.session.get_one(Program, match.program_id))
    check_reopening(match.closed_on, profile.number("reopenDays"), scope.today)
    ends_on = end_after_reopening(match.ends_on, body.ends_on, scope.today)
    check_ready(queries.enrolments_of(scope.session, match))
    refuse_guardian(scope.session, match.mentor_participant_id, match.mentee_participant_id)
    goes_on = {"status": MatchStatus.ACTIVE, "mentor_place": take_place(scope), "ends_on": ends_on, **NOT_ENDED}
    why = {"reopened_on": scope.today, "reopened_reason": body.reason_code}
    record(scope, ChangeKind.MATCH_REOPENED, match, amend(match, {**goes_on, **why}))
    plan_for_reopening(scope, plan_facts(scope), scope.today)
    return match


def decide_rematch(scope: Scope[Match], body: RematchDecision) -> Match:
    """Decide whether a person of a closed match may be matched again. Raises: `match.not_closed`."""
    match = scope.row
    _check_closed(match)
    column = "mentor_may_rematch" if body.side is Side.MENTOR else "mentee_may_rematch"
    if changed := amend(match, {column: body.may_rematch}):
        record(scope, ChangeKind.MATCH_REMATCH_DECIDED, match, changed)
    return match


def _check_closed(match: Match) -> None:
    if match.status is not MatchStatus.CLOSED:
        raise RuleViolation("match.not_closed", current=match.status.value)
