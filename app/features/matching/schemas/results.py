"""What did a run find? Ids, numbers and reasons; never a name."""

from datetime import date
from uuid import UUID

from pydantic import Field

from app.domain.matching.policy import Criterion
from app.domain.matching.proposal import LossReason, UnmatchedKind
from app.features.matching.schemas.facts import (
    LARGEST,
    LARGEST_SEED,
    POOL_LIMIT,
    SYNCHRONOUS_LIMIT,
    Constraint,
    Count,
    Digest,
    Explanation,
    Score,
    Total,
)
from app.kit.wire import Schema


class AlternativeRead(Schema):
    """The other mentor with the best score for this mentee, and why that pair was not suggested."""

    mentor_enrolment_id: UUID
    score: Score
    reason: LossReason


class SuggestedPairRead(Schema):
    """A suggested pair; the contributions sum to the score."""

    mentor_enrolment_id: UUID
    mentee_enrolment_id: UUID
    score: Score
    contributions: dict[Criterion, Score] = Field(max_length=len(Criterion))
    rank: int = Field(ge=1, le=POOL_LIMIT, description="1: no possible mentor scores higher for this mentee.")
    feasible_mentors: Count
    alternative: AlternativeRead | None
    is_pinned: bool = Field(description="Decided on before the run. / Bestämt före körningen.")
    is_kept: bool = Field(description="Proposed before the run, and still. / Föreslaget sedan tidigare.")
    explanation: Explanation


class MatchRunPairRead(SuggestedPairRead):
    """A pair that a stored run suggests."""

    id: UUID
    run_id: UUID
    match_id: UUID | None = Field(description="Null: excluded, or not approved yet.")


class BlockingRead(Schema):
    constraint: Constraint
    passing: Count = Field(description="Mentors who pass this constraint, whatever the others say.")
    sole_blocker: Count = Field(description="Mentors whom only this constraint keeps away.")


class SmallestChangeRead(Schema):
    constraints: list[Constraint] = Field(max_length=40)
    opens: Count = Field(description="Mentors that become possible when these are set aside.")


class PriorityLackingRead(Schema):
    tiers: int = Field(ge=0, le=LARGEST)
    days: int = Field(ge=0, le=LARGEST, description="Days of further waiting.")
    is_reachable: bool


class LeftOverRead(Schema):
    """A mentee without a mentor: what stands in the way, and what would help."""

    mentee_enrolment_id: UUID
    kind: UnmatchedKind
    feasible_mentors: Count
    blocking: list[BlockingRead] = Field(max_length=40)
    smallest_change: SmallestChangeRead | None
    priority_lacking: PriorityLackingRead | None
    explanation: Explanation


class MatchRunUnmatchedRead(LeftOverRead):
    """A mentee whom a stored run left without a mentor."""

    id: UUID
    run_id: UUID


class MenteePrice(Schema):
    enrolment_id: UUID
    price: Total
    waiting_days: int = Field(ge=0, le=200_000, description="To countedOn; with the policy it gives the tier.")


class MentorPrice(Schema):
    enrolment_id: UUID
    price: Total = Field(description="What one more place with this mentor would add to the weight.")
    free_places: int = Field(ge=0, le=20)


class CertifiedPair(Schema):
    """A suggested pair as the proof counts it. A pinned one takes its place first and is in neither weight nor bound."""

    mentor_enrolment_id: UUID
    mentee_enrolment_id: UUID
    score: Score
    is_pinned: bool
    is_kept: bool


class CertificateRead(Schema):
    """The proof. A pair weighs base * tier + score, and keepBonus more when it was proposed before the run.

    A mentee's tier is 1 + waitingDays / tierDays, whole tiers, at most maxTier. The sum of the mentees' prices and of each
    mentor's price times the places left by the pins is the bound; for every possible pair the two prices together are at
    least its weight, so no matching weighs more. When bound equals weight, the run is the best there is.
    docs/examples/verify_certificate.py checks it.
    """

    run_id: UUID
    version: int = Field(ge=1)
    is_optimal: bool
    base: Total
    weight: Total = Field(description="Of the suggested pairs together, without the pinned.")
    bound: Total
    seed: int = Field(ge=0, le=LARGEST_SEED)
    counted_on: date
    engine_version: str = Field(max_length=20)
    pool_digest: Digest
    policy_digest: Digest
    tier_days: int = Field(ge=1, le=3_660)
    max_tier: int = Field(ge=1, le=1_000)
    keep_bonus: Score
    score_floor: Score | None
    most_mentees: int | None = Field(ge=1, le=20, description="Of one mentor in one run; null: every free place.")
    is_grouped: bool = Field(description="Group mentoring: proven stage by stage, not by prices alone.")
    mentees: list[MenteePrice] = Field(max_length=POOL_LIMIT)
    mentors: list[MentorPrice] = Field(max_length=POOL_LIMIT)
    pairs: list[CertifiedPair] = Field(max_length=POOL_LIMIT)


class PossibleMentorRead(Schema):
    enrolment_id: UUID
    score: Score
    is_kept: bool = Field(description="Proposed before the run: weighs keepBonus more.")


class PossiblePairsRead(Schema):
    """One mentee with everyone who may be the mentor, free or full; nobody when the mentee's pair is pinned."""

    mentee_enrolment_id: UUID
    mentors: list[PossibleMentorRead] = Field(max_length=SYNCHRONOUS_LIMIT)
