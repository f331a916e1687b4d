"""How does a match come to be, and what of those that nobody answered in time?"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.glossary import Side
from app.domain.lifecycles import MATCH, EnrolmentStatus, MatchStatus
from app.domain.matches import EndedBy, WithdrawalReason, lowest_free_place
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.enrolments.tables import Enrolment
from app.features.matches import queries
from app.features.matches.tables import Match
from app.features.participants.queries import is_guardian_of
from app.features.participants.tables import Participant
from app.features.programs.tables import Program
from app.kit.columns import amend


@looks_beyond_reach
def propose_match(  # noqa: PLR0913  a proposal is these facts; each is named at the call
    scope: Scope[Any],
    *,
    cohort_id: UUID,
    program_id: UUID,
    mentor: Enrolment,
    mentee: Enrolment,
    run_id: UUID | None,
    score: int | None,
    contributions: Mapping[str, Any],
    answer_by: date,
) -> Match:
    """Propose a pair; unanswered matches of the two whose last day for answers has passed are first expired.

    Raises: `match.sides_invalid`, `match.same_person`, `match.not_same_cohort`, `match.enrolment_not_ready`,
    `match.guardian_is_mentor`, `match.rematch_not_allowed`, `match.no_place_left`, and at the flush
    `match.mentee_already_proposed`.
    """
    _check_pair(mentor, mentee, (program_id, cohort_id))
    _check_people(scope, mentor, mentee)
    expire_unanswered(scope, queries.of_mentor(mentor.participant_id), queries.of_mentee_enrolment(mentee.id))
    capacity = scope.session.get_one(Participant, mentor.participant_id).mentor_capacity
    lowest_free_place(queries.held_places(scope.session, mentor.participant_id), capacity)
    match = Match.model_validate(
        {
            "program_id": program_id,
            "cohort_id": cohort_id,
            "run_id": run_id,
            **_people(mentor, mentee),
            "score": score,
            "contributions": dict(contributions),
            "answer_by": answer_by,
        }
    )
    scope.session.add(match)
    record(scope, ChangeKind.MATCH_PROPOSED, match)
    scope.session.flush()
    return match


@looks_beyond_reach
def expire_unanswered(scope: Scope[Any], *wanted: ColumnElement[bool]) -> None:
    """End the proposals among `wanted` whose last day for answers has passed; their places become free."""
    for match in queries.lock_overdue(scope, *wanted):
        MATCH.check(match.status, MatchStatus.EXPIRED)
        changed = amend(match, {"status": MatchStatus.EXPIRED, "mentor_place": None})
        record(scope, ChangeKind.MATCH_MOVED, match, changed)
    scope.session.flush()


def expire_match(scope: Scope[Any], match_id: UUID) -> None:
    """End one proposal whose last day for answers has passed; what was answered meanwhile is left as it is."""
    expire_unanswered(scope, col(Match.id) == match_id)


def _check_people(scope: Scope[Any], mentor: Enrolment, mentee: Enrolment) -> None:
    """Raise unless both are ready, not of one family, and not kept from a new match by an ended one."""
    pair = [queries.hold_enrolment(scope.session, one.id) for one in (mentor, mentee)]
    check_ready({one.side: one for one in pair})
    refuse_guardian(scope.session, mentor.participant_id, mentee.participant_id)
    _refuse_rematch(scope, mentor, mentee)


def _refuse_rematch(scope: Scope[Any], mentor: Enrolment, mentee: Enrolment) -> None:
    """Raise `match.rematch_not_allowed` with the sides that may not be matched again yet."""
    program = scope.session.get_one(Program, mentor.program_id)
    barred = queries.barred_from_rematch(scope.session, program, scope.today)
    sides = [one.side.value for one in (mentor, mentee) if one.participant_id in barred]
    if sides:
        raise RuleViolation("match.rematch_not_allowed", sides=sides)


@looks_beyond_reach
def take_back(scope: Scope[Any], proposals: Iterable[Match]) -> None:
    """Withdraw proposals that nobody has accepted, so that their mentees can be proposed anew.

    Raises: `match.transition_not_allowed`.
    """
    for match in proposals:
        MATCH.check(match.status, MatchStatus.WITHDRAWN)
        ended = {"withdrawn_reason": WithdrawalReason.NO_LONGER_SUITABLE, "ended_by": EndedBy.STAFF}
        record(scope, ChangeKind.MATCH_WITHDRAWN, match, amend(match, {"status": MatchStatus.WITHDRAWN, **ended}))
    scope.session.flush()


def check_ready(pair: Mapping[Side, Enrolment]) -> None:
    """Raise `match.enrolment_not_ready`, naming the sides, unless both enrolments are ready."""
    unready = [side.value for side, one in pair.items() if one.status is not EnrolmentStatus.READY]
    if unready:
        raise RuleViolation("match.enrolment_not_ready", sides=sorted(unready))


@looks_beyond_reach
def refuse_guardian(session: Session, mentor_id: UUID, mentee_id: UUID) -> None:
    """Raise `match.guardian_is_mentor` when the mentor has custody of the mentee, as far as their contacts tell."""
    if is_guardian_of(session, mentor_id, mentee_id):
        raise RuleViolation("match.guardian_is_mentor")


def _check_pair(mentor: Enrolment, mentee: Enrolment, place: tuple[UUID, UUID]) -> None:
    if (mentor.side, mentee.side) != (Side.MENTOR, Side.MENTEE):
        raise RuleViolation("match.sides_invalid")
    if mentor.participant_id == mentee.participant_id:
        raise RuleViolation("match.same_person")
    if any((one.program_id, one.cohort_id) != place for one in (mentor, mentee)):
        raise RuleViolation("match.not_same_cohort")


def _people(mentor: Enrolment, mentee: Enrolment) -> dict[str, UUID]:
    return {
        "mentor_enrolment_id": mentor.id,
        "mentee_enrolment_id": mentee.id,
        "mentor_participant_id": mentor.participant_id,
        "mentee_participant_id": mentee.participant_id,
        "mentor_partner_id": mentor.partner_id,
        "mentee_partner_id": mentee.partner_id,
    }
