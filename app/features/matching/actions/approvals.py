"""How do people decide on a run: which suggested pairs become matches, or none?"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.glossary import RuledOut, Side
from app.domain.lifecycles import RUN, EnrolmentStatus, RunStatus
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.matches.actions import propose_match, take_back
from app.features.matching import queries
from app.features.matching.queries import Standing
from app.features.matching.schemas import MatchRunApprove
from app.features.matching.tables import MatchRun, RejectionReason
from app.kit.columns import amend

ANSWER_DAYS = 14
LONGEST_ANSWER_DAYS = 366


def approve_run(scope: Scope[MatchRun], body: MatchRunApprove) -> MatchRun:
    """Propose a match for every pair that is not excluded; all of them or none.

    A run that was free to move proposals takes back those that it moved, and leaves those that it kept as they are.
    Raises: `match_run.transition_not_allowed`, `matching.pair_unknown`, `matching.answer_by_outside_window`,
    `matching.pair_no_longer_holds` with the ids of the pairs and why.
    """
    run = scope.row
    RUN.check(run.status, RunStatus.APPROVED)
    answer_by = answer_by_of(body.answer_by, scope.today)
    queries.lock_cohort(scope)
    wanted = _without(queries.standings(scope), body.excluded_pair_ids)
    _check_hold(wanted)
    _take_back_moved(scope, wanted)
    for standing in wanted:
        _propose(scope, standing, answer_by)
    changed = amend(
        run, {"status": RunStatus.APPROVED, "approved_by_user_id": scope.actor.user_id, "approved_at": scope.now}
    )
    record(scope, ChangeKind.MATCH_RUN_APPROVED, run, changed)
    return run


def reject_run(scope: Scope[MatchRun], reason: RejectionReason) -> MatchRun:
    """Decide that a finished run leads to no matches. Raises: the lifecycle's refusal."""
    RUN.check(scope.row.status, RunStatus.DISCARDED)
    changed = amend(scope.row, {"status": RunStatus.DISCARDED, "rejection_reason": reason})
    record(scope, ChangeKind.MATCH_RUN_DISCARDED, scope.row, changed)
    return scope.row


def answer_by_of(wanted: date | None, today: date) -> date:
    """The last day for both to answer. Raises: `matching.answer_by_outside_window`."""
    if wanted is None:
        return today + timedelta(days=ANSWER_DAYS)
    latest = today + timedelta(days=LONGEST_ANSWER_DAYS)
    if not today <= wanted <= latest:
        raise RuleViolation(
            "matching.answer_by_outside_window",
            pointer="/answerBy",
            earliest=today.isoformat(),
            latest=latest.isoformat(),
        )
    return wanted


def _without(found: Sequence[Standing], excluded: Sequence[UUID]) -> list[Standing]:
    known = {standing.pair.id for standing in found}
    for place, pair_id in enumerate(excluded):
        if pair_id not in known:
            raise RuleViolation("matching.pair_unknown", pointer=f"/excludedPairIds/{place}")
    return [standing for standing in found if standing.pair.id not in set(excluded)]


def _check_hold(wanted: Sequence[Standing]) -> None:
    """Refuse the whole approval, naming every pair that life has overtaken since the run."""
    given: Counter[UUID] = Counter()
    reasons: dict[str, str] = {}
    for standing in wanted:
        mentor_id = standing.mentor.participant_id
        if reason := _overtaken_by(standing, standing.free_places - given[mentor_id]):
            reasons[str(standing.pair.id)] = reason
        else:
            given[mentor_id] += 1
    if reasons:
        raise RuleViolation("matching.pair_no_longer_holds", pairIds=list(reasons), reasons=reasons)


def _overtaken_by(standing: Standing, places_left: int) -> str | None:
    for side, one in ((Side.MENTOR, standing.mentor), (Side.MENTEE, standing.mentee)):
        # Of somebody who is kept from the decider nothing else is told: not that a consent was withdrawn.
        if one.status is not EnrolmentStatus.READY or not standing.is_reachable[side]:
            return f"{side.value}NotReady"
    if standing.has_match:
        return "menteeHasMatch"
    if standing.ruled_out is not None:
        return "pairDeclined" if standing.ruled_out is RuledOut.DECLINED else "pairRuledOut"
    return None if places_left > 0 else "noPlaceLeft"


def _take_back_moved(scope: Scope[MatchRun], wanted: Sequence[Standing]) -> None:
    """Before the new ones: a mentee has one proposal at a time. Whoever was excluded keeps the old one."""
    moved = [one.proposal for one in wanted if one.proposal is not None and not _is_the_same(one)]
    left_over = queries.unmatched_ids(scope) if scope.row.includes_proposals else frozenset()
    moved += [one for one in queries.lock_movable(scope) if one.mentee_enrolment_id in left_over]
    take_back(scope, moved)


def _is_the_same(standing: Standing) -> bool:
    return standing.proposal is not None and standing.proposal.mentor_enrolment_id == standing.mentor.id


def _propose(scope: Scope[MatchRun], standing: Standing, answer_by: date) -> None:
    run, pair = scope.row, standing.pair
    if standing.proposal is not None and _is_the_same(standing):
        amend(pair, {"match_id": standing.proposal.id})
        return
    match = propose_match(
        scope,
        cohort_id=run.cohort_id,
        program_id=run.program_id,
        mentor=standing.mentor,
        mentee=standing.mentee,
        run_id=run.id,
        score=pair.score,
        contributions=pair.contributions,
        answer_by=answer_by,
    )
    amend(pair, {"match_id": match.id})
