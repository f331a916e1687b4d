"""What does the job write of its run: progress, the proposal with its reasons and proof, or why it failed?"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import Session, col

from app.domain.changes import ChangeKind
from app.domain.lifecycles import RUN, RunStatus
from app.domain.matching.model import Pool
from app.domain.matching.proposal import Pair, Proposal, Unmatched
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.matching.tables import MatchRun, MatchRunCertificate, MatchRunPair, MatchRunUnmatched
from app.kit.columns import add_many, amend

UNFINISHED = (RunStatus.QUEUED, RunStatus.RUNNING)


@dataclass(frozen=True)
class Found:
    """A proposal, with the pool and the day it was made for, and whose protected people were in that pool."""

    pool: Pool
    counted_on: date
    clearance_needed: list[UUID]
    proposal: Proposal


def note_progress(session: Session, run_id: UUID, at: datetime, done: int, total: int) -> bool:
    """Say that the run is under way and how far; False when it has been called off or finished meanwhile.

    Not history: nothing is recorded, and the row keeps its version.
    """
    run = update(MatchRun).where(col(MatchRun.id) == run_id, col(MatchRun.status).in_(UNFINISHED))
    noted = run.values(
        status=RunStatus.RUNNING,
        progress_done=done,
        progress_total=total,
        started_at=func.coalesce(MatchRun.started_at, at),
    )
    return session.execute(noted.returning(col(MatchRun.id))).first() is not None


def complete_run(scope: Scope[MatchRun], found: Found) -> None:
    """Store what the engine found, all of it or nothing. Raises: the lifecycle's refusal unless the run is running."""
    run, proposal = scope.row, found.proposal
    RUN.check(run.status, RunStatus.COMPLETED)
    owner = {"program_id": run.program_id, "run_id": run.id}
    add_many(scope.session, MatchRunPair, (owner | describe_pair(one) for one in proposal.pairs))
    add_many(scope.session, MatchRunUnmatched, (owner | describe_unmatched(one) for one in proposal.unmatched))
    scope.session.add(MatchRunCertificate.model_validate(owner | _certificate(found)))
    done = {"status": RunStatus.COMPLETED, "finished_at": scope.now, "progress_done": run.progress_total}
    changed = amend(run, _totals(found) | done)
    record(scope, ChangeKind.MATCH_RUN_COMPLETED, run, changed)


def fail_run(scope: Scope[MatchRun], code: str) -> None:
    """End the run with the code of what went wrong. Raises: the lifecycle's refusal for a run that has ended."""
    RUN.check(scope.row.status, RunStatus.FAILED)
    changed = amend(scope.row, {"status": RunStatus.FAILED, "problem_code": code, "finished_at": scope.now})
    record(scope, ChangeKind.MATCH_RUN_FAILED, scope.row, changed)


def _totals(found: Found) -> dict[str, Any]:
    proposal = found.proposal
    greedy = proposal.greedy
    return {
        "counted_on": found.counted_on,
        "clearance_needed": found.clearance_needed,
        "engine_version": proposal.engine_version,
        "pool_digest": proposal.pool_digest,
        "policy_digest": proposal.policy_digest,
        "mentor_count": len(found.pool.mentors),
        "mentee_count": len(found.pool.mentees),
        "unused_mentor_count": len(proposal.unused_mentors),
        "people": proposal.people,
        "priority": proposal.priority,
        "score": proposal.score,
        "is_optimal": proposal.is_optimal,
        "gap": proposal.gap,
        "score_floor": proposal.score_floor,
        "contradiction": list(proposal.contradiction) or None,
        "comparison": greedy and {"greedy": {"people": greedy.people, "score": greedy.score}},
    }


def describe_pair(pair: Pair) -> dict[str, Any]:
    """A suggested pair in the form in which it is stored and spoken of."""
    other = pair.alternative
    return {
        "mentor_enrolment_id": pair.mentor,
        "mentee_enrolment_id": pair.mentee,
        "score": pair.score,
        "contributions": dict(pair.contributions),
        "rank": pair.rank,
        "feasible_mentors": pair.feasible_mentors,
        "is_pinned": pair.is_pinned,
        "is_kept": pair.is_kept,
        "alternative": other
        and {"mentor_enrolment_id": str(other.mentor), "score": other.score, "reason": other.reason.value},
    }


def describe_unmatched(one: Unmatched) -> dict[str, Any]:
    """A mentee without a mentor in the form in which it is stored and spoken of."""
    change, lacking = one.smallest_change, one.priority_lacking
    return {
        "mentee_enrolment_id": one.mentee,
        "kind": one.kind,
        "feasible_mentors": one.feasible_mentors,
        "blocking": [
            {"constraint": by.constraint, "passing": by.passing, "sole_blocker": by.sole_blocker} for by in one.blocking
        ],
        "smallest_change": change and {"constraints": list(change.constraints), "opens": change.opens},
        "priority_lacking": lacking
        and {"tiers": lacking.tiers, "days": lacking.days, "is_reachable": lacking.is_reachable},
    }


def _certificate(found: Found) -> dict[str, Any]:
    proposal, pool = found.proposal, found.pool
    return {
        "base": proposal.duals.base,
        "weight": proposal.weight,
        "bound": proposal.bound,
        "mentees": [
            _price(one.id, proposal.duals.mentees[one.id], waiting_days=one.waiting_days) for one in pool.mentees
        ],
        "mentors": [_price(one.id, proposal.duals.mentors[one.id], free_places=one.capacity) for one in pool.mentors],
    }


def _price(enrolment_id: UUID, price: int, **rests_on: int) -> dict[str, Any]:
    return {"enrolment_id": str(enrolment_id), "price": price, **rests_on}
