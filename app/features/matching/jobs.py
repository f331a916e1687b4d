"""How is a queued run carried out? Durable: the same run may be executed again, or twice at once, and is stored once.

People, policy and authority are read in one transaction; the engine works outside any; the result is stored in
another, which asks for authority again and for the run to be still wanted.
"""

import time
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.domain.errors import RuleViolation
from app.domain.lifecycles import RunStatus
from app.domain.matching.engine import STAGES, propose
from app.domain.matching.policy import Policy
from app.domain.roles import Permission
from app.features.access.guards import on_behalf, witness
from app.features.access.tables import UserAccount
from app.features.matching import actions, queries
from app.features.matching.actions.results import UNFINISHED, Found
from app.features.matching.actions.runs import JOB
from app.features.matching.tables import MatchingPolicy, MatchRun
from app.features.programs.tables import Cohort
from app.kit.jobs import job
from app.kit.problems import UNEXPECTED, Problem
from app.kit.runtime import Runtime
from app.kit.telemetry import log

SECONDS_BETWEEN_NOTES = 0.5


@job(JOB)
def run_matching(runtime: Runtime, run_id: str) -> None:
    """Carry out one run from queued to completed, or to failed with the code of what went wrong."""
    wanted = UUID(run_id)
    try:
        found = _compute(runtime, wanted)
        if found is not None:
            _store(runtime, wanted, found)
    except (RuleViolation, Problem) as refused:
        _fail(runtime, wanted, refused.code)
    except Exception:  # noqa: BLE001  whatever it was, the run must not stay running for ever
        log.exception("matching run failed", extra={"facts": {"runId": run_id}})
        _fail(runtime, wanted, UNEXPECTED)


class _Stopped(Exception):  # noqa: N818  not an error: nobody wants the result any more
    """The run was called off, or finished by another worker, while the engine worked."""


@dataclass
class _Notes:
    """Writes progress now and then, in short transactions of their own; each also asks whether to go on."""

    runtime: Runtime
    run_id: UUID
    noted: float = field(default_factory=time.monotonic)

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() - self.noted < SECONDS_BETWEEN_NOTES:
            return
        with self.runtime.database.transaction() as session:
            if not actions.note_progress(session, self.run_id, self.runtime.clock(), done, total):
                raise _Stopped
        self.noted = time.monotonic()


@dataclass(frozen=True)
class _Order:
    """Everything the engine needs, read at one moment."""

    ready: queries.Ready
    policy: Policy
    seed: int
    counted_on: date
    clearance_needed: list[UUID]


def _compute(runtime: Runtime, run_id: UUID) -> Found | None:
    """What the engine finds; None when nobody wants it. Raises: RuleViolation of the pool, Problem for lost authority."""
    order = _begin(runtime, run_id)
    if order is None:
        return None
    try:
        pool = order.ready.pool()
        proposal = propose(pool, order.policy, order.seed, _Notes(runtime, run_id))
    except _Stopped:
        return None
    return Found(pool, order.counted_on, order.clearance_needed, proposal)


def _begin(runtime: Runtime, run_id: UUID) -> _Order | None:
    """Move the run to running and read its pool; None when it has ended already."""
    with runtime.database.transaction() as session:
        run = session.get_one(MatchRun, run_id)
        if run.status not in UNFINISHED:
            return None
        scope = on_behalf(runtime, session, run.requested_by_user_id, Permission.MATCH_RUN_CREATE, run, run.trace_id)
        if not actions.note_progress(session, run_id, scope.now, 0, STAGES):
            return None
        policy = Policy.parse(session.get_one(MatchingPolicy, run.policy_id).document)
        cohort, pins = session.get_one(Cohort, run.cohort_id), queries.pins_of(session, run_id)
        moves = run.includes_proposals
        ready = queries.read_ready(session, scope.actor, cohort, scope.today, pins=pins, moves_proposals=moves)
        return _Order(ready, policy, run.seed, scope.today, queries.holders_of_protected(session, ready))


def _store(runtime: Runtime, run_id: UUID, found: Found) -> None:
    """Store the result once: of several executions the first, and none after a cancellation."""
    with runtime.database.transaction() as session:
        run = queries.lock_run(session, run_id)
        if run.status is RunStatus.RUNNING:
            permission = Permission.MATCH_RUN_CREATE
            scope = on_behalf(runtime, session, run.requested_by_user_id, permission, run, run.trace_id)
            actions.complete_run(scope, found)


def _fail(runtime: Runtime, run_id: UUID, code: str) -> None:
    with runtime.database.transaction() as session:
        run = queries.lock_run(session, run_id)
        if run.status in UNFINISHED:
            starter = session.get_one(UserAccount, run.requested_by_user_id)
            actions.fail_run(witness(runtime, session, starter, run, run.trace_id), code)
