"""How is a run asked for, and how is it called off?"""

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.lifecycles import RUN, CohortStatus, RunStatus
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.matching import queries
from app.features.matching.schemas import LARGEST_SEED, MatchRunCreate
from app.features.matching.tables import MatchingPolicy, MatchRun
from app.features.programs.tables import Cohort, Program
from app.kit.columns import amend
from app.kit.ids import new_id
from app.kit.jobs import Outbox

MATCHABLE = frozenset({CohortStatus.OPEN, CohortStatus.CLOSED, CohortStatus.IN_PROGRESS})
JOB = "matching.run"


def request_run(scope: Scope[Program], outbox: Outbox, body: MatchRunCreate) -> MatchRun:
    """Store the run as queued and put it on the workers' queue, together or not at all.

    Raises: `matching.cohort_unknown`, `matching.cohort_not_open`, `matching.policy_unknown`, `matching.no_policy`.
    """
    cohort, policy, run_id = _cohort(scope, body), _policy(scope, body), new_id()
    run = MatchRun.model_validate(
        {
            "id": run_id,
            "program_id": scope.row.id,
            "cohort_id": cohort.id,
            "policy_id": policy.id,
            "policy_number": policy.number,
            "seed": run_id.int & LARGEST_SEED if body.seed is None else body.seed,
            "requested_by_user_id": scope.actor.user_id,
            "trace_id": scope.trace_id,
        }
    )
    scope.session.add(run)
    record(scope, ChangeKind.MATCH_RUN_QUEUED, run)
    outbox.enqueue(scope.session, JOB, str(run.id))
    return run


def cancel_run(scope: Scope[MatchRun]) -> MatchRun:
    """Call off a run that is not done; the job notices and stores nothing. Raises: the lifecycle's refusal."""
    RUN.check(scope.row.status, RunStatus.CANCELLED)
    changed = amend(scope.row, {"status": RunStatus.CANCELLED, "finished_at": scope.now})
    record(scope, ChangeKind.MATCH_RUN_CANCELLED, scope.row, changed)
    return scope.row


def _cohort(scope: Scope[Program], body: MatchRunCreate) -> Cohort:
    found = queries.cohort_of(scope, body.cohort_id)
    if found is None:
        raise RuleViolation("matching.cohort_unknown", pointer="/cohortId")
    if found.status not in MATCHABLE:
        raise RuleViolation("matching.cohort_not_open", current=found.status.value)
    return found


def _policy(scope: Scope[Program], body: MatchRunCreate) -> MatchingPolicy:
    if body.policy_id is None:
        found = queries.latest_policy(scope)
        if found is None:
            raise RuleViolation("matching.no_policy")
        return found
    found = queries.policy_of(scope, body.policy_id)
    if found is None:
        raise RuleViolation("matching.policy_unknown", pointer="/policyId")
    return found
