"""How are the questions spoken of that store nothing: previews, comparisons, one pair, one person?"""

from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator

from app.domain.matching.policy import Criterion
from app.features.matching.schemas.facts import (
    LARGEST_SEED,
    POOL_LIMIT,
    SYNCHRONOUS_LIMIT,
    Constraint,
    Count,
    Document,
    Explanation,
    Score,
    Total,
)
from app.features.matching.schemas.results import LeftOverRead, SuggestedPairRead
from app.features.matching.schemas.runs import Pins
from app.kit.wire import Schema

Seed = Annotated[int, Field(ge=0, le=LARGEST_SEED, description="Decides between equals. / Avgör mellan lika.")]


class PolicyChoice(Schema):
    """A stored version, or a document that is not published yet; neither: the program's latest version."""

    policy_id: UUID | None = None
    document: Document | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> "PolicyChoice":
        if self.policy_id is not None and self.document is not None:
            raise ValueError("must not be given both ways")
        return self


class MatchPreviewCreate(PolicyChoice):
    """A run to look at at once, of which nothing is stored; for cohorts of up to a thousand people on each side."""

    cohort_id: UUID
    seed: Seed = 0
    pins: Pins = Field(default_factory=list)
    includes_proposals: bool = False


class MatchingReached(Schema):
    """What a matching reaches."""

    mentor_count: Count
    mentee_count: Count
    unused_mentor_count: Count = Field(description="Mentors with a free place and no pair.")
    people: Count
    priority: Total = Field(description="Waiting tiers of those matched, together.")
    score: Total
    is_optimal: bool
    gap: Total
    score_floor: Score
    contradiction: list[Constraint] = Field(max_length=40)


class MatchPreviewRead(MatchingReached):
    """What a run would suggest now, with the same reasons; nothing of it is stored."""

    pairs: list[SuggestedPairRead] = Field(max_length=SYNCHRONOUS_LIMIT)
    unmatched: list[LeftOverRead] = Field(max_length=SYNCHRONOUS_LIMIT)


class PolicyComparisonCreate(Schema):
    """Two policies on the same people at the same moment."""

    cohort_id: UUID
    seed: Seed = 0
    first: PolicyChoice
    second: PolicyChoice


class ChangedMentee(Schema):
    """A mentee for whom the two policies find different mentors; null is none. Scores of two policies do not compare."""

    mentee_enrolment_id: UUID
    first_mentor_enrolment_id: UUID | None
    second_mentor_enrolment_id: UUID | None
    first_score: Score | None
    second_score: Score | None


class PolicyComparisonRead(Schema):
    """What each policy reaches, and for whom they differ."""

    first: MatchingReached
    second: MatchingReached
    gained: list[ChangedMentee] = Field(max_length=SYNCHRONOUS_LIMIT, description="A mentor only by the second.")
    lost: list[ChangedMentee] = Field(max_length=SYNCHRONOUS_LIMIT, description="A mentor only by the first.")
    moved: list[ChangedMentee] = Field(max_length=SYNCHRONOUS_LIMIT, description="Another mentor by the second.")
    unchanged_count: Count = Field(description="Mentees for whom nothing differs, with a mentor or without.")


class MatchAssessmentCreate(PolicyChoice):
    """Two people of one cohort to look at together."""

    mentor_enrolment_id: UUID
    mentee_enrolment_id: UUID


class MatchAssessmentRead(Schema):
    """How a pair would do, by the same rules and points as in a run; nothing is stored."""

    mentor_enrolment_id: UUID
    mentee_enrolment_id: UUID
    is_possible: bool
    broken: list[Constraint] = Field(max_length=40, description="The conditions that stand in the way.")
    score: Score
    contributions: dict[Criterion, Score] = Field(max_length=len(Criterion))
    rank: int | None = Field(
        ge=1, le=POOL_LIMIT, description="1: no possible mentor scores higher for this mentee. Null: not possible."
    )
    feasible_mentors: Count
    explanation: Explanation


class MentorSuggestionsCreate(Schema):
    """For which mentee mentors are looked for."""

    mentee_enrolment_id: UUID
    policy_id: UUID | None = Field(None, description="Default: the program's latest. / Förval: den senaste.")
    limit: int = Field(5, ge=1, le=50, description="How many at most. / Högst så många.")


class MenteeSuggestionsCreate(Schema):
    """For which mentor mentees are looked for."""

    mentor_enrolment_id: UUID
    policy_id: UUID | None = Field(None, description="Default: the program's latest. / Förval: den senaste.")
    limit: int = Field(5, ge=1, le=50, description="How many at most. / Högst så många.")


class SuggestionRead(Schema):
    """Somebody who fits, with the points that a run would give the pair; who else wants them is not looked at."""

    enrolment_id: UUID
    score: Score
    contributions: dict[Criterion, Score] = Field(max_length=len(Criterion))
    rank: int = Field(ge=1, le=POOL_LIMIT, description="1: nobody possible scores higher, full mentors included.")
    free_places: int = Field(ge=1, le=20, description="Of the mentor. / Mentorns.")
    explanation: Explanation


class SuggestionsRead(Schema):
    """The best for one person, best first."""

    enrolment_id: UUID
    suggestions: list[SuggestionRead] = Field(max_length=50)
