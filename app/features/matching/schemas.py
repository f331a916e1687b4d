"""How are policies and runs spoken of over the wire? Ids, numbers and reasons; never a name."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field

from app.domain.lifecycles import RunStatus
from app.domain.matching.policy import FULL_SCORE, Criterion, default_policy_document
from app.domain.matching.proposal import LossReason, UnmatchedKind
from app.features.matching.tables import RejectionReason
from app.kit import text
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema

POOL_LIMIT = 20_000  # people on each side of one run
LARGEST_SEED = 2**53 - 1  # what every JSON reader keeps exact
_LARGEST = 2**63 - 1
_DEEPEST = 4  # a policy document nests three deep
_LONGEST = 60


def _plain(value: Any, depth: int = 0) -> Any:
    """Refuse what cannot be a policy before it is read: a refusal points at keys, so keys must be short and clean."""
    if depth > _DEEPEST:
        raise ValueError("must not nest so deep")
    if isinstance(value, str) and (len(value) > _LONGEST or text.clean_text(value) != value):
        raise ValueError("must hold short, plain words")
    inner = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    for one in inner:
        _plain(one, depth + 1)
    return value


Document = Annotated[
    dict[str, Any],
    Field(
        max_length=20,
        description="Rules, weights and tiers; read strictly, stored in one canonical form.",
        examples=[default_policy_document("sv-adult-labour")],
    ),
    AfterValidator(_plain),
]
Count = Annotated[int, Field(ge=0, le=POOL_LIMIT)]
Score = Annotated[int, Field(ge=0, le=FULL_SCORE)]
Total = Annotated[int, Field(ge=0, le=_LARGEST)]
Digest = Annotated[str, Field(max_length=64, description="SHA-256, hexadecimal.")]
Sentences = Annotated[list[Annotated[str, Field(max_length=2000)]], Field(max_length=40)]
Constraint = Annotated[str, Field(max_length=40, examples=["menteeLanguage"])]


class MatchingPolicyCreate(Schema):
    """The next version of a program's matching policy."""

    document: Document
    note: Annotated[str, text.text(400)] = Field("", description="Why it was changed. / Varför den ändrades.")


class MatchingPolicyRead(Schema):
    """One version of a matching policy; versions never change."""

    id: UUID
    version: int = Field(ge=1)
    program_id: UUID
    number: int = Field(ge=1, le=2**31 - 1, description="1, 2, 3 … within the program.")
    document: Document
    digest: Digest
    note: str = Field(max_length=400)
    created_at: Instant


class DefaultMatchingPolicyRead(Schema):
    """The shipped policy of the program's benchmark profile: a document to begin from."""

    profile_id: str = Field(max_length=40)
    document: Document


class MatchRunCreate(Schema):
    """A request to pair the people of one cohort who are ready."""

    cohort_id: UUID
    policy_id: UUID | None = Field(None, description="Default: the program's latest. / Förval: den senaste.")
    seed: int | None = Field(None, ge=0, le=LARGEST_SEED, description="Decides between equals; default: drawn.")


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
    comparison: Comparison | None
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


class Explanation(Schema):
    """The same reasons in two languages."""

    sv: Sentences
    en: Sentences


class AlternativeRead(Schema):
    """The other mentor with the best score for this mentee, and why that pair was not suggested."""

    mentor_enrolment_id: UUID
    score: Score
    reason: LossReason


class MatchRunPairRead(Schema):
    """A suggested pair; the contributions sum to the score."""

    id: UUID
    run_id: UUID
    mentor_enrolment_id: UUID
    mentee_enrolment_id: UUID
    score: Score
    contributions: dict[Criterion, Score] = Field(max_length=len(Criterion))
    rank: int = Field(ge=1, le=POOL_LIMIT, description="1: no possible mentor scores higher for this mentee.")
    feasible_mentors: Count
    alternative: AlternativeRead | None
    match_id: UUID | None = Field(description="Null: excluded, or not approved yet.")
    explanation: Explanation


class BlockingRead(Schema):
    constraint: Constraint
    passing: Count = Field(description="Mentors who pass this constraint, whatever the others say.")
    sole_blocker: Count = Field(description="Mentors whom only this constraint keeps away.")


class SmallestChangeRead(Schema):
    constraints: list[Constraint] = Field(max_length=40)
    opens: Count = Field(description="Mentors that become possible when these are set aside.")


class PriorityLackingRead(Schema):
    tiers: int = Field(ge=0, le=_LARGEST)
    days: int = Field(ge=0, le=_LARGEST, description="Days of further waiting.")
    is_reachable: bool


class MatchRunUnmatchedRead(Schema):
    """A mentee without a mentor: what stands in the way, and what would help."""

    id: UUID
    run_id: UUID
    mentee_enrolment_id: UUID
    kind: UnmatchedKind
    feasible_mentors: Count
    blocking: list[BlockingRead] = Field(max_length=40)
    smallest_change: SmallestChangeRead | None
    priority_lacking: PriorityLackingRead | None
    explanation: Explanation


class MenteePrice(Schema):
    enrolment_id: UUID
    price: Total
    waiting_days: int = Field(ge=0, le=200_000, description="To countedOn; with the policy it gives the tier.")


class MentorPrice(Schema):
    enrolment_id: UUID
    price: Total = Field(description="What one more place with this mentor would add to the weight.")
    free_places: int = Field(ge=0, le=20)


class CertificateRead(Schema):
    """The proof. A pair weighs base * tier + score; no matching weighs more than the bound.

    The sum of the mentees' prices and of each mentor's price times free places is the bound, and for every possible
    pair the two prices together are at least its weight. When bound equals weight, the run is the best there is.
    """

    run_id: UUID
    version: int = Field(ge=1)
    is_optimal: bool
    base: Total
    weight: Total = Field(description="Of the suggested pairs together.")
    bound: Total
    seed: int = Field(ge=0, le=LARGEST_SEED)
    counted_on: date
    engine_version: str = Field(max_length=20)
    pool_digest: Digest
    policy_digest: Digest
    mentees: list[MenteePrice] = Field(max_length=POOL_LIMIT)
    mentors: list[MentorPrice] = Field(max_length=POOL_LIMIT)


class MatchRunApprove(Schema):
    """Make matches of the suggested pairs, apart from those excluded."""

    excluded_pair_ids: list[UUID] = Field(default_factory=list, max_length=POOL_LIMIT)
    answer_by: date | None = Field(None, description="Last day for both to answer; default: in 14 days.")


class MatchRunReject(Schema):
    reason_code: RejectionReason
