"""How are the people of a pair, and what they expect, spoken of over the wire?"""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.expectations import Likeness
from app.domain.glossary import AgeGroup, Gender, Goal, Interest, ProtectionLevel, Side
from app.domain.visibility import Stage
from app.features.participants.schemas import MAX_SKILLS, Availability, LanguageSkill, SkillId
from app.features.preparation.schemas import MAX_ANSWER, MAX_QUESTIONS, ExpectationQuestion
from app.kit.wire import Instant, Schema

FieldName = Annotated[str, Field(max_length=40, pattern="^[a-z][A-Za-z]+$", examples=["givenName"])]
Answer = bool | Annotated[int, Field(ge=0, le=MAX_ANSWER)] | Annotated[str, Field(max_length=64)]


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
    district: str | None = Field(None, max_length=60)
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
