"""How are runs asked for, followed and decided on?"""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.lifecycles import RunStatus
from app.features.matching.schemas.facts import (
    LARGEST_SEED,
    MAX_PINS,
    POOL_LIMIT,
    Constraint,
    Count,
    Digest,
    Score,
    Total,
)
from app.features.matching.tables import RejectionReason
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema


class PinnedPair(Schema):
    """A pair that people have decided on: it is in every result, and takes its mentor's place first."""

    mentor_enrolment_id: UUID
    mentee_enrolment_id: UUID


Pins = Annotated[list[PinnedPair], Field(max_length=MAX_PINS, description="Pairs decided on. / Par som är bestämda.")]


class MatchRunCreate(Schema):
    """A request to pair the people of one cohort who are ready."""

    cohort_id: UUID
    policy_id: UUID | None = Field(None, description="Default: the program's latest. / Förval: den senaste.")
    seed: int | None = Field(None, ge=0, le=LARGEST_SEED, description="Decides between equals; default: drawn.")
    pins: Pins = Field(default_factory=list)
    includes_proposals: bool = Field(
        default=False,
        description="Match anew: proposals that nobody has accepted may move, and do when the run is approved.",
    )


class MatchRunQuery(PageQuery):
    cohort_id: UUID | None = Field(None, description="Only runs over this cohort. / Endast denna omgång.")
    status: RunStatus | None = Field(None, description="Only runs in this state. / Endast detta läge.")


class Progress(Schema):
    done: int = Field(ge=0, le=1000)
    total: int = Field(ge=0, le=1000)


class Reached(Schema):
    people: Count
    score: Total


class Comparison(Schema):
    """What other methods would have reached on the same pool; shown, never used."""

    greedy: Reached = Field(description="The best remaining pair first, again and again.")


class MatchRunRead(Schema):
    """A run: what was asked, how far it is, what it found, who decided on it."""

    id: UUID
    version: int = Field(ge=1)
    program_id: UUID
    cohort_id: UUID
    policy_id: UUID
    policy_number: int = Field(ge=1, le=2**31 - 1)
    seed: int = Field(ge=0, le=LARGEST_SEED)
    includes_proposals: bool
    pin_count: int = Field(ge=0, le=MAX_PINS)
    status: RunStatus
    progress: Progress
    problem_code: str | None = Field(max_length=80, description="Why it failed.")
    counted_on: date | None = Field(description="The day to which waiting was counted.")
    mentor_count: Count | None
    mentee_count: Count | None
    unused_mentor_count: Count | None = Field(description="Mentors with a free place and no pair.")
    people: Count | None = Field(description="Pairs found; no larger number is possible when isOptimal.")
    priority: Total | None = Field(description="Waiting tiers of those matched, together.")
    score: Total | None
    is_optimal: bool | None = Field(description="Proven by the certificate, independently of the solver.")
    gap: Total | None = Field(description="How much more the best matching might weigh; 0 when isOptimal.")
    score_floor: Score | None = Field(description="The lowest score that was allowed.")
    contradiction: list[Constraint] | None = Field(
        max_length=40, description="When nobody fits anybody: the fewest constraints that together exclude everyone."
    )
    comparison: Comparison | None = Field(description="Null also for pools too large to compare.")
    engine_version: str | None = Field(max_length=20)
    pool_digest: Digest | None
    policy_digest: Digest | None
    requested_by_user_id: UUID
    approved_by_user_id: UUID | None
    approved_at: Instant | None
    rejection_reason: RejectionReason | None
    started_at: Instant | None
    finished_at: Instant | None
    created_at: Instant
    updated_at: Instant


class MatchRunApprove(Schema):
    """Make matches of the suggested pairs, apart from those excluded."""

    excluded_pair_ids: list[UUID] = Field(default_factory=list, max_length=POOL_LIMIT)
    answer_by: date | None = Field(None, description="Last day for both to answer; default: in 14 days.")


class MatchRunReject(Schema):
    reason_code: RejectionReason
