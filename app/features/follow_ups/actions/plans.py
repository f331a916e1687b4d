"""How are the follow-ups of a match planned, and waived when it ends?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.domain import follow_ups as rules
from app.domain.benchmarks import Profile
from app.domain.changes import ChangeKind
from app.domain.follow_ups import FollowUpKind, Planned, WaiverReason
from app.domain.glossary import Side
from app.domain.lifecycles import FollowUpStatus
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.follow_ups.queries import lock_waivable
from app.features.follow_ups.tables import FollowUp
from app.kit.columns import amend


@dataclass(frozen=True)
class PlanFacts:
    """What the plan of a match needs to know; matches lie above this slice and tell it."""

    match_id: UUID
    program_id: UUID
    profile: Profile
    started_on: date
    ends_on: date
    mentor_enrolment_id: UUID
    mentor_participant_id: UUID
    mentee_enrolment_id: UUID
    mentee_participant_id: UUID

    def person(self, side: Side | None) -> dict[str, UUID | None]:
        """Whom a follow-up is about; nobody in particular when both sides meet together."""
        if side is Side.MENTOR:
            return {"enrolment_id": self.mentor_enrolment_id, "participant_id": self.mentor_participant_id}
        if side is Side.MENTEE:
            return {"enrolment_id": self.mentee_enrolment_id, "participant_id": self.mentee_participant_id}
        return {"enrolment_id": None, "participant_id": None}


def plan_for_match(scope: Scope[Any], facts: PlanFacts) -> list[FollowUp]:
    """Write the follow-ups of a match that starts, by the program's profile. Raises: `match.ends_before_start`."""
    return _write(scope, facts, rules.plan_for_match(facts.started_on, facts.ends_on, facts.profile))


def plan_exit_interviews(scope: Scope[Any], facts: PlanFacts, exits_on: date) -> list[FollowUp]:
    """Write the exit interviews with both sides, when it is known that a match is about to end."""
    plan = rules.plan_for_exit(exits_on, facts.profile)
    return _write(scope, facts, [planned for planned in plan if planned.kind is FollowUpKind.EXIT])


def plan_after_exit(scope: Scope[Any], facts: PlanFacts, exited_on: date) -> list[FollowUp]:
    """Write the outcomes to follow up after the exit."""
    plan = rules.plan_for_exit(exited_on, facts.profile)
    return _write(scope, facts, [planned for planned in plan if planned.kind is not FollowUpKind.EXIT])


def plan_for_reopening(scope: Scope[Any], facts: PlanFacts, reopened_on: date) -> list[FollowUp]:
    """The match goes on: what was to follow its exit is waived, and what is left of its own plan is written anew."""
    waive_open(scope, facts.match_id, WaiverReason.MATCH_REOPENED)
    return _write(scope, facts, rules.plan_for_reopening(facts.started_on, facts.ends_on, reopened_on, facts.profile))


def _write(scope: Scope[Any], facts: PlanFacts, plan: Iterable[Planned]) -> list[FollowUp]:
    rows = [
        FollowUp.model_validate(
            {
                "program_id": facts.program_id,
                "match_id": facts.match_id,
                "mentor_participant_id": facts.mentor_participant_id,
                "mentee_participant_id": facts.mentee_participant_id,
                "kind": planned.kind,
                "side": planned.side,
                "due_on": planned.due_on,
                "lead_days": facts.profile.number("leadDays"),
                "grace_days": facts.profile.number("graceDays"),
                **facts.person(planned.side),
            }
        )
        for planned in plan
    ]
    scope.session.add_all(rows)
    for row in rows:
        record(scope, ChangeKind.FOLLOW_UP_PLANNED, row)
    return rows


@looks_beyond_reach
def waive_open(
    scope: Scope[Any],
    match_id: UUID,
    reason: WaiverReason = WaiverReason.MATCH_ENDED,
    *,
    has_interviews: bool = False,
    is_void: bool = False,
) -> list[FollowUp]:
    """Waive what is planned or due when a match ends; what was missed stays missed and may still be answered.

    The exit interviews stay when they are planned already; of a match made in error nothing stays to be answered.
    """
    kept = {FollowUpKind.EXIT} if has_interviews else set()
    open_now = lock_waivable(scope.session, match_id, scope.today, even_missed=is_void)
    found = [row for row in open_now if row.kind not in kept]
    for row in found:
        waive(scope, row, reason)
    return found


def waive(scope: Scope[Any], row: FollowUp, reason: WaiverReason) -> None:
    """Note why it is not made."""
    changed = amend(row, {"status": FollowUpStatus.WAIVED, "waived_reason": reason})
    record(scope, ChangeKind.FOLLOW_UP_WAIVED, row, changed)
