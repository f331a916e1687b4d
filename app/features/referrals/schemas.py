"""How are referrals spoken of? Personal data: the copy of the record and the outcome list their own fields."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field

from app.domain.glossary import ExitReason, Gender, Goal, Side, StatusReason
from app.domain.lifecycles import EnrolmentStatus, ReferralStatus
from app.domain.outcomes import Occupation
from app.features.participants.schemas import (
    AgeGroups,
    AvailabilityWindow,
    Interests,
    LanguageSkill,
    Skills,
    windows_of,
)
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema


class ReferralCreate(Schema):
    """Refer (hänvisa) a person whom your organisation holds, with their consent to a copy going to the receiver."""

    participant_id: UUID
    to_partner_id: UUID
    cohort_id: UUID
    side: Side
    consent_id: UUID | None = Field(None, description="The consent you rely on; left out: the one in force.")
    answer_by: date = Field(description="The last day for an answer, at most 60 days ahead.")


class ReferralRefusalCreate(Schema):
    """Why the receiver does not take the person; a code, so that nothing on health fits."""

    reason_code: StatusReason


class ReferralSnapshot(Schema):
    """The copy of the record that goes to the receiver: these fields and no others.

    Never attestations, guardians, the employer, external keys or whatever else the sender knows.
    """

    given_name: str = Field(max_length=80)
    family_name: str = Field(max_length=80)
    email: str | None = Field(max_length=254)
    phone: str | None = Field(max_length=30)
    born_on: date
    gender: Gender
    municipality_code: str | None = Field(max_length=4)
    district: str | None = Field(None, max_length=60)
    languages: list[LanguageSkill] = Field(max_length=10)
    occupation_code: str | None = Field(max_length=4)
    skills: Skills = Field(default_factory=list)
    goals: list[Goal] = Field(max_length=len(Goal))
    interests: Interests = Field(default_factory=list)
    availability: Annotated[list[AvailabilityWindow], Field(max_length=84), BeforeValidator(windows_of)]
    has_remote: bool
    accepts_gender: Gender | None
    accepts_age_groups: AgeGroups = Field(default_factory=list)


class ReferralOutcome(Schema):
    """What became of it, as far as the sender may know: never meetings, answers of follow-ups, or notes."""

    enrolment_status: EnrolmentStatus
    is_matched: bool = Field(description="Both sides have accepted a match that goes on.")
    has_been_matched: bool = Field(description="Both sides have accepted a match at some time.")
    exited_on: date | None
    exit_reason: ExitReason | None
    occupation_at_exit: Occupation | None


class ReferralSummary(Schema):
    """A referral (hänvisning) as a list shows it; each side reads the ids of its own records only."""

    id: UUID
    version: int = Field(ge=1)
    program_id: UUID
    cohort_id: UUID
    side: Side
    from_partner_id: UUID
    to_partner_id: UUID
    participant_id: UUID | None = Field(description="The sender's record; null to the receiver.")
    received_participant_id: UUID | None = Field(description="The receiver's own record; null to the sender.")
    enrolment_id: UUID | None = Field(description="What the acceptance made; null to the sender.")
    status: ReferralStatus = Field(description="As it stands today. / Läget i dag.")
    answer_by: date
    answered_at: Instant | None
    declined_reason: StatusReason | None
    created_at: Instant
    updated_at: Instant


class ReferralRead(ReferralSummary):
    """One referral: with the copy of the record to the receiver, with the outcome to the sender, both to the person."""

    consent_id: UUID | None = Field(description="What the sender relied on; null to the receiver.")
    snapshot: ReferralSnapshot | None
    outcome: ReferralOutcome | None


class Direction(StrEnum):
    SENT = "sent"
    RECEIVED = "received"


class ReferralQuery(PageQuery):
    status: ReferralStatus | None = Field(None, description="Only those that stand so today. / Endast i detta läge.")


class PartnerReferralQuery(ReferralQuery):
    direction: Direction | None = Field(None, description="Only sent or only received. / Skickade eller mottagna.")
