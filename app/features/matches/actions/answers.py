"""How does each side answer a proposal, and who gets the mentor's last place?"""

from app.domain.changes import ChangeKind
from app.domain.glossary import Side
from app.domain.grants import PAIR
from app.domain.lifecycles import MATCH, MatchStatus, accept
from app.domain.matches import DeclineReason, EndedBy, check_in_time, lowest_free_place
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.matches import queries
from app.features.matches.actions.proposals import check_ready, expire_unanswered, refuse_guardian
from app.features.matches.tables import Match
from app.kit.columns import amend
from app.kit.problems import Problem


def accept_match(scope: Scope[Match], side: Side) -> Match:
    """Accept for one side; the mentor's acceptance takes one of the mentor's places.

    Raises: Problem 403 for the other side, `match.already_accepted`, `match.transition_not_allowed`,
    `match.answer_too_late`, `match.enrolment_not_ready`, `match.guardian_is_mentor`, `match.no_place_left`.
    """
    match = scope.row
    demand_own_side(scope, side)
    to = accept(match.status, side)
    check_in_time(match.answer_by, scope.today)
    check_ready(queries.enrolments_of(scope.session, match))
    refuse_guardian(scope.session, match.mentor_participant_id, match.mentee_participant_id)
    place = take_place(scope) if side is Side.MENTOR else match.mentor_place
    accepted_at = scope.now if to is MatchStatus.ACCEPTED else None
    changed = amend(match, {"status": to, "mentor_place": place, "accepted_at": accepted_at})
    record(scope, ChangeKind.MATCH_ACCEPTED, match, changed)
    return match


def take_place(scope: Scope[Match]) -> int:
    """The lowest free place; the mentor's row is the queue, the unique index on the place has the last word."""
    mentor_id = scope.row.mentor_participant_id
    mentor = queries.lock_mentor(scope.session, mentor_id)
    expire_unanswered(scope, queries.of_mentor(mentor_id))
    return lowest_free_place(queries.held_places(scope.session, mentor_id), mentor.mentor_capacity)


def refuse_match(scope: Scope[Match], side: Side, reason: DeclineReason) -> Match:
    """Decline for one side: the place becomes free, and later runs do not propose the pair again.

    Raises: Problem 403 for the other side, `match.transition_not_allowed`.
    """
    match = scope.row
    demand_own_side(scope, side)
    MATCH.check(match.status, MatchStatus.DECLINED)
    changed = amend(
        match,
        {
            "status": MatchStatus.DECLINED,
            "mentor_place": None,
            "declined_reason": reason,
            "ended_by": EndedBy.of(side),
        },
    )
    record(scope, ChangeKind.MATCH_DECLINED, match, changed)
    return match


def demand_own_side(scope: Scope[Match], side: Side) -> None:
    """The person of that side, or staff of the partner that holds the person; nobody answers for the other.

    Raises: Problem 403 for everyone else.
    """
    match, actor = scope.row, scope.actor
    person, holder = match.mentee_participant_id, match.mentee_partner_id
    if side is Side.MENTOR:
        person, holder = match.mentor_participant_id, match.mentor_partner_id
    is_own = person in actor.persons if actor.role in PAIR else holder == actor.partner_id
    if not is_own:
        raise Problem("access.not_your_side", side=side.value, partnerId=str(holder))
