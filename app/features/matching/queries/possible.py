"""Which pairs were possible in a run, for whoever checks its proof? Found again, not stored."""

from dataclasses import dataclass
from itertools import islice

from app.domain.errors import RuleViolation
from app.domain.matching.fingerprint import digest_pool
from app.domain.matching.model import EnrolmentPair, Pool, arrange
from app.domain.matching.policy import Policy
from app.domain.matching.possible import Possible, possible_pairs
from app.features.access.scope import Scope
from app.features.matching.queries.people import read_ready
from app.features.matching.queries.runs import pins_of
from app.features.matching.schemas import SYNCHRONOUS_LIMIT, PossibleMentorRead, PossiblePairsRead
from app.features.matching.tables import MatchingPolicy, MatchRun
from app.features.programs.tables import Cohort
from app.kit.pages import PageQuery


@dataclass(frozen=True)
class Repeated:
    """The people of a run as it read them, and by which policy."""

    pool: Pool
    policy: Policy
    floor: int


def people_of(scope: Scope[MatchRun]) -> Repeated:
    """The people of a run, read anew as of its day; the digest tells whether they are the very same.

    Raises: `matching.certificate_missing`, `matching.pool_changed`, `matching.pool_too_large_to_preview`.
    """
    run, session = scope.row, scope.session
    if run.counted_on is None or run.score_floor is None:
        raise RuleViolation("matching.certificate_missing", status=run.status.value)
    cohort, pins = session.get_one(Cohort, run.cohort_id), pins_of(session, run.id)
    moves, most = run.includes_proposals, SYNCHRONOUS_LIMIT
    found = read_ready(session, scope.actor, cohort, run.counted_on, pins=pins, moves_proposals=moves, most=most)
    pool = arrange(found.pool())
    if digest_pool(pool) != run.pool_digest:
        raise RuleViolation("matching.pool_changed")
    return Repeated(pool, Policy.parse(session.get_one(MatchingPolicy, run.policy_id).document), run.score_floor)


def possible_of(scope: Scope[MatchRun], query: PageQuery) -> tuple[list[PossiblePairsRead], int]:
    """One page of the run's mentees with everyone possible, and how many mentees there are. Raises: as `people_of`."""
    run = people_of(scope)
    first = (query.page - 1) * query.limit
    found = islice(possible_pairs(run.pool, run.policy, run.floor), first, first + query.limit)
    return [_read(one, run.pool.kept) for one in found], len(run.pool.mentees)


def _read(one: Possible, kept: frozenset[EnrolmentPair]) -> PossiblePairsRead:
    mentors = [
        PossibleMentorRead(enrolment_id=mentor.id, score=mentor.score, is_kept=(mentor.id, one.mentee) in kept)
        for mentor in one.mentors
    ]
    return PossiblePairsRead(mentee_enrolment_id=one.mentee, mentors=mentors)
