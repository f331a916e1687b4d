"""How are matches and meetings spoken of over the wire? By ids; names come only with the contact."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, WithJsonSchema, computed_field, field_validator

from app.domain.expectations import Likeness
from app.domain.glossary import (
    AgeGroup,
    ClosureCause,
    Gender,
    Goal,
    Interest,
    MeetingMode,
    MeetingTopic,
    ProtectionLevel,
    Side,
)
from app.domain.lifecycles import MatchStatus
from app.domain.matches import DeclineReason, EndedBy
from app.domain.visibility import Stage
from app.features.participants.schemas import MAX_SKILLS, Availability, LanguageSkill, SkillId
from app.features.preparation.schemas import MAX_ANSWER, MAX_QUESTIONS, ExpectationQuestion
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema

MAX_MINUTES = 1440
Contributions = Annotated[
    dict[str, Any],
    WithJsonSchema(
        {
            "type": "object",
            "maxProperties": 100,
            "description": "What each criterion gave to the score. / Vad varje kriterium gav till poängen.",
            "additionalProperties": True,
        }
    ),
]
FieldName = Annotated[str, Field(max_length=40, pattern="^[a-z][A-Za-z]+$", examples=["givenName"])]
Answer = bool | Annotated[int, Field(ge=0, le=MAX_ANSWER)] | Annotated[str, Field(max_length=64)]


class MatchRead(Schema):
    """A pair by ids; who ended it and why is told to staff only."""

    id: UUID
    version: int = Field(ge=1)
    program_id: UUID
    cohort_id: UUID
    run_id: UUID | None
    mentor_enrolment_id: UUID
    mentee_enrolment_id: UUID
    mentor_participant_id: UUID
    mentee_participant_id: UUID
    mentor_partner_id: UUID
    mentee_partner_id: UUID
    status: MatchStatus
    mentor_place: int | None = Field(ge=1, le=20)
    score: int | None = Field(ge=-(2**53), le=2**53)
    contributions: Contributions
    answer_by: date
    accepted_at: Instant | None
    mentor_reviewed_at: Instant | None = Field(description="The mentor has seen how the expectations differ.")
    mentee_reviewed_at: Instant | None = Field(description="The mentee has seen how the expectations differ.")
    prepared_at: Instant | None
    started_on: date | None
    ends_on: date | None
    review_on: date | None
    closed_on: date | None
    is_ended_early: bool | None
    closure_cause: ClosureCause | None
    declined_reason: DeclineReason | None
    ended_by: EndedBy | None
    created_at: Instant
    updated_at: Instant


class MatchForPair(MatchRead):
    """What the two people see: a cause can be about safety, and a reason about the other person."""

    @field_validator("closure_cause", "declined_reason", "ended_by", mode="before")
    @classmethod
    def _hide(cls, _value: object) -> None:
        return None


class MatchQuery(PageQuery):
    program_id: UUID | None = Field(None, description="Only of this program. / Endast detta program.")
    cohort_id: UUID | None = Field(None, description="Only of this cohort. / Endast denna omgång.")
    status: MatchStatus | None = Field(None, description="Only in this state. / Endast i detta läge.")


class Acceptance(Schema):
    """Which side accepts."""

    side: Side


class Refusal(Schema):
    """Which side declines, and why by code."""

    side: Side
    reason_code: DeclineReason


class Activation(Schema):
    """The first day of the match, at most 7 days back and 30 days ahead."""

    starts_on: date


class Hold(Schema):
    """The day to look again."""

    review_on: date


class Closure(Schema):
    """The last day of the match and why it ended."""

    closed_on: date
    cause: ClosureCause


class ContactRead(Schema):
    """How to reach the other person of the pair."""

    given_name: str = Field(max_length=80)
    family_name: str | None = Field(max_length=80)
    email: str | None = Field(max_length=254)
    phone: str | None = Field(max_length=30)


class PersonInPair(Schema):
    """One person of a pair, with the fields that you may see now; `shown` names them, all others are null."""

    side: Side
    participant_id: UUID
    partner_id: UUID
    shown: list[FieldName] = Field(max_length=40, description="The fields you may see. / Fälten du får se.")
    given_name: str | None = Field(None, max_length=80)
    family_name: str | None = Field(None, max_length=80)
    email: str | None = Field(None, max_length=254)
    phone: str | None = Field(None, max_length=30)
    born_on: date | None = None
    birth_year: int | None = Field(None, ge=1900, le=2100, description="Only of the anonymous. / Endast för anonyma.")
    gender: Gender | None = None
    municipality_code: str | None = Field(None, max_length=4)
    accepts_gender: Gender | None = None
    accepts_age_groups: list[AgeGroup] | None = Field(None, max_length=len(AgeGroup))
    employer_partner_id: UUID | None = None
    languages: list[LanguageSkill] | None = Field(None, max_length=10)
    occupation_code: str | None = Field(None, max_length=4)
    skills: list[SkillId] | None = Field(None, max_length=MAX_SKILLS)
    is_business_owner: bool | None = None
    goals: list[Goal] | None = Field(None, max_length=len(Goal))
    interests: list[Interest] | None = Field(None, max_length=len(Interest))
    has_remote: bool | None = None
    availability: Availability | None = None
    mentor_capacity: int | None = Field(None, ge=1, le=20)
    is_anonymous: bool | None = None
    person_id: UUID | None = None
    external_system: str | None = Field(None, max_length=40)
    external_id: str | None = Field(None, max_length=120)
    protection: ProtectionLevel | None = None


class PeopleRead(Schema):
    """Both people of a pair, as far as your duty, your relation to them and the state of the match let you see them."""

    match_id: UUID
    stage: Stage
    people: list[PersonInPair] = Field(max_length=2)


class ExpectationComparison(ExpectationQuestion):
    """One question with both answers; `apart` is how far two numbers lie from each other."""

    mentor_answer: Answer | None
    mentee_answer: Answer | None
    likeness: Likeness
    apart: int | None = Field(ge=0, le=MAX_ANSWER)


class ExpectationsOfPairRead(Schema):
    """What the two expect, question by question, and whether each has seen it."""

    match_id: UUID
    questionnaire_version: int = Field(ge=1, le=10_000)
    mentor_answered_at: Instant | None
    mentee_answered_at: Instant | None
    mentor_reviewed_at: Instant | None
    mentee_reviewed_at: Instant | None
    difference_count: int = Field(ge=0, le=MAX_QUESTIONS, description="Questions with answers that are not the same.")
    comparisons: list[ExpectationComparison] = Field(max_length=MAX_QUESTIONS)


class ExpectationReview(Schema):
    """Which side has seen how the expectations differ."""

    side: Side


class MeetingLog(Schema):
    """A meeting that has been held; its topics are codes, never free text."""

    held_on: date
    minutes: int = Field(ge=1, le=MAX_MINUTES)
    mode: MeetingMode
    topics: list[MeetingTopic] = Field(default_factory=list, max_length=len(MeetingTopic))

    @field_validator("topics")
    @classmethod
    def _once_each(cls, topics: list[MeetingTopic]) -> list[MeetingTopic]:
        if len(set(topics)) < len(topics):
            raise ValueError("must not name a topic twice")
        return topics


class MeetingRead(Schema):
    """A meeting of the pair."""

    id: UUID
    version: int = Field(ge=1)
    program_id: UUID
    match_id: UUID
    held_on: date
    minutes: int = Field(ge=1, le=MAX_MINUTES)
    mode: MeetingMode
    topics: list[MeetingTopic] = Field(max_length=len(MeetingTopic))
    logged_side: Side | None = Field(description="Null: logged by staff. / Null: registrerad av personal.")
    confirmed_side: Side | None = Field(description="Null with confirmedAt: confirmed by staff.")
    confirmed_at: Instant | None
    created_at: Instant
    updated_at: Instant

    @computed_field
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None
