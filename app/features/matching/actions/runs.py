"""How is a run asked for, and how is it called off?"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.glossary import Side
from app.domain.lifecycles import RUN, CohortStatus, RunStatus
from app.domain.matching.engine import propose
from app.domain.matching.model import EnrolmentPair
from app.domain.matching.policy import Policy
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.matching import queries
from app.features.matching.schemas import LARGEST_SEED, MatchRunCreate
from app.features.matching.tables import MatchingPolicy, MatchRun, MatchRunPin
from app.features.programs.tables import Cohort, Program
from app.kit.columns import amend
from app.kit.ids import new_id
from app.kit.jobs import Outbox

MATCHABLE = frozenset({CohortStatus.OPEN, CohortStatus.CLOSED, CohortStatus.IN_PROGRESS})
JOB = "matching.run"


def request_run(scope: Scope[Program], outbox: Outbox, body: MatchRunCreate) -> MatchRun:
    """Store the run as queued and put it on the workers' queue, together or not at all.

    Raises: `matching.cohort_unknown`, `matching.cohort_not_open`, `matching.policy_unknown`, `matching.no_policy`, and for
    pins `matching.pin_twice`, `matching.pin_unknown`, `matching.pin_breaks_constraint`.
    """
    cohort, policy, run_id = cohort_of(scope, body.cohort_id), policy_of(scope, body.policy_id), new_id()
    _check_pins(scope, cohort, policy, body)
    run = MatchRun.model_validate(
        {
            "id": run_id,
            "program_id": scope.row.id,
            "cohort_id": cohort.id,
            "policy_id": policy.id,
            "policy_number": policy.number,
            "seed": run_id.int & LARGEST_SEED if body.seed is None else body.seed,
            "includes_proposals": body.includes_proposals,
            "pin_count": len(body.pins),
            "requested_by_user_id": scope.actor.user_id,
            "trace_id": scope.trace_id,
        }
    )
    scope.session.add(run)
    scope.session.flush()  # the pins point at the run
    of_run = {"program_id": run.program_id, "run_id": run.id}
    scope.session.add_all(MatchRunPin.model_validate({**pin.model_dump(), **of_run}) for pin in body.pins)
    record(scope, ChangeKind.MATCH_RUN_QUEUED, run)
    outbox.enqueue(scope.session, JOB, str(run.id))
    return run


def cancel_run(scope: Scope[MatchRun]) -> MatchRun:
    """Call off a run that is not done; the job notices and stores nothing. Raises: the lifecycle's refusal."""
    RUN.check(scope.row.status, RunStatus.CANCELLED)
    changed = amend(scope.row, {"status": RunStatus.CANCELLED, "finished_at": scope.now})
    record(scope, ChangeKind.MATCH_RUN_CANCELLED, scope.row, changed)
    return scope.row


def _check_pins(scope: Scope[Program], cohort: Cohort, policy: MatchingPolicy, body: MatchRunCreate) -> None:
    """Look at the pinned people alone, before anything is queued: the engine names what a pin breaks."""
    pins = [(pin.mentor_enrolment_id, pin.mentee_enrolment_id) for pin in body.pins]
    only = {Side.MENTOR: {mentor for mentor, _ in pins}, Side.MENTEE: {mentee for _, mentee in pins}}
    if pins:
        ready = read_with_pins(scope, cohort, pins, only=only, moves_proposals=body.includes_proposals)
        propose(ready.pool(), Policy.parse(policy.document), seed=0)


def read_with_pins(scope: Scope[Program], cohort: Cohort, pins: Sequence[EnrolmentPair], **how: Any) -> queries.Ready:
    """The pool as it stands, with pairs that are decided on; `how` is as of `read_ready`.

    Raises: `matching.pin_twice`, `matching.pin_unknown`, also for people kept from the caller; of the pool's size.
    """
    if len({mentee for _, mentee in pins}) < len(pins):
        raise RuleViolation("matching.pin_twice", pointer="/pins")
    found = queries.read_ready(scope.session, scope.actor, cohort, scope.today, pins=frozenset(pins), **how)
    for place, pin in enumerate(pins):
        if not found.holds(pin):
            raise RuleViolation("matching.pin_unknown", pointer=f"/pins/{place}")
    return found


def cohort_of(scope: Scope[Program], cohort_id: UUID) -> Cohort:
    """The cohort that a body names. Raises: `matching.cohort_unknown`, `matching.cohort_not_open`."""
    found = queries.cohort_of(scope, cohort_id)
    if found is None:
        raise RuleViolation("matching.cohort_unknown", pointer="/cohortId")
    if found.status not in MATCHABLE:
        raise RuleViolation("matching.cohort_not_open", current=found.status.value)
    return found


def policy_of(scope: Scope[Program], policy_id: UUID | None, at: str = "/policyId") -> MatchingPolicy:
    """The policy that a body names, or the program's latest. Raises: `matching.no_policy`, `matching.policy_unknown`."""
    if policy_id is None:
        found = queries.latest_policy(scope)
        if found is None:
            raise RuleViolation("matching.no_policy")
        return found
    found = queries.policy_of(scope, policy_id)
    if found is None:
        raise RuleViolation("matching.policy_unknown", pointer=at)
    return found
