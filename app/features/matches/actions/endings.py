"""How does a match end: called off before its start, in steps, at once, or as something that should never have been?"""

from datetime import date

from app.domain.changes import ChangeKind
from app.domain.lifecycles import MATCH, MatchStatus
from app.domain.matches import EndedBy, VoidReason, WithdrawalReason, check_closing_ahead, check_closing_day
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.follow_ups.actions import plan_after_exit, plan_exit_interviews, waive_open
from app.features.matches import queries
from app.features.matches.actions.plans import plan_facts
from app.features.matches.schemas import Closing, Closure
from app.features.matches.tables import Match
from app.kit.columns import amend


def withdraw_match(scope: Scope[Match], reason: WithdrawalReason) -> Match:
    """Take back a match before its start, whoever has accepted it; the place becomes free.

    Raises: `match.transition_not_allowed`.
    """
    match = scope.row
    MATCH.check(match.status, MatchStatus.WITHDRAWN)
    ended = {"status": MatchStatus.WITHDRAWN, "mentor_place": None, "withdrawn_reason": reason}
    record(scope, ChangeKind.MATCH_WITHDRAWN, match, amend(match, {**ended, "ended_by": EndedBy.STAFF}))
    return match


def start_closing(scope: Scope[Match], body: Closing) -> Match:
    """Say that a match is about to end: the interviews with both sides are planned, and the two may still meet.

    Raises: `match.transition_not_allowed`, `match.closing_outside_window`.
    """
    match = scope.row
    MATCH.check(match.status, MatchStatus.CLOSING)
    check_closing_ahead(body.closing_on, _started(match), scope.today)
    changed = amend(
        match,
        {
            "status": MatchStatus.CLOSING,
            "review_on": None,
            "closing_on": body.closing_on,
            "closure_cause": body.cause,
            "ended_by": EndedBy.of(queries.side_of(scope.actor, match)),
        },
    )
    record(scope, ChangeKind.MATCH_CLOSING_STARTED, match, changed)
    plan_exit_interviews(scope, plan_facts(scope), body.closing_on)
    return match


def close_match(scope: Scope[Match], body: Closure) -> Match:
    """End the match: the place becomes free, open follow-ups are waived and those of the exit planned.

    In one act, or as the last step of a closing, which keeps its initiator. Of the other's data the two see nothing
    from this transaction on.
    Raises: `match.transition_not_allowed`, `match.closed_in_future`, `match.closed_before_start`.
    """
    match = scope.row
    was_closing = match.status is MatchStatus.CLOSING
    MATCH.check(match.status, MatchStatus.CLOSED if was_closing else MatchStatus.CLOSING)
    assert match.ends_on is not None  # noqa: S101  set together with the start
    check_closing_day(body.closed_on, _started(match), scope.today)
    ended_by = match.ended_by if was_closing else EndedBy.of(queries.side_of(scope.actor, match))
    changed = amend(
        match,
        {
            "status": MatchStatus.CLOSED,
            "mentor_place": None,
            "review_on": None,
            "closing_on": None,
            "closed_on": body.closed_on,
            "closure_cause": body.cause,
            "is_ended_early": body.closed_on < match.ends_on,
            "ended_by": ended_by,
        },
    )
    record(scope, ChangeKind.MATCH_CLOSED, match, changed)
    waive_open(scope, match.id, has_interviews=was_closing)
    if not was_closing:
        plan_exit_interviews(scope, plan_facts(scope), body.closed_on)
    plan_after_exit(scope, plan_facts(scope), body.closed_on)
    return match


def void_match(scope: Scope[Match], reason: VoidReason) -> Match:
    """Declare that a match was made in error: it counts in no figure, and nothing of it is followed up.

    Raises: `match.transition_not_allowed`.
    """
    match = scope.row
    MATCH.check(match.status, MatchStatus.VOID)
    ended = {"status": MatchStatus.VOID, "mentor_place": None, "review_on": None, "closing_on": None}
    record(scope, ChangeKind.MATCH_VOIDED, match, amend(match, {**ended, "void_reason": reason}))
    waive_open(scope, match.id, is_void=True)
    return match


def _started(match: Match) -> date:
    assert match.started_on is not None  # noqa: S101  only a started match may go to closing
    return match.started_on
