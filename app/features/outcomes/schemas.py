"""How are outcomes and the household spoken of over the wire?"""

from datetime import date
from uuid import UUID

from pydantic import Field

from app.domain.outcomes import EducationLevel, IncomeSource, Occasion, Occupation
from app.kit.wire import Instant, Schema


class OutcomeRecord(Schema):
    """How the person supports themself on the day `observedOn`; never an amount."""

    observed_on: date
    income_source: IncomeSource
    occupation: Occupation
    began_on: date | None = Field(None, description="First day of the work or studies.")
    ended_on: date | None = Field(None, description="Last day, when it has ended.")
    extent_percent: int = Field(0, ge=0, le=100, description="100 is 40 hours a week. / 100 är 40 timmar i veckan.")
    has_study_aid: bool = False
    education: EducationLevel | None = Field(
        None, description="Highest completed; foreign education as the Swedish level it answers to."
    )


class OutcomeRead(Schema):
    """An outcome at one occasion of an enrolment."""

    id: UUID
    version: int = Field(ge=1)
    program_id: UUID
    enrolment_id: UUID
    participant_id: UUID
    partner_id: UUID
    occasion: Occasion
    observed_on: date
    income_source: IncomeSource
    occupation: Occupation
    began_on: date | None
    ended_on: date | None
    extent_percent: int = Field(ge=0, le=100)
    has_study_aid: bool
    education: EducationLevel | None
    created_at: Instant
    updated_at: Instant


class VerdictRead(Schema):
    """Whether the enrolment counts as a result by one definition, and the rule that says so."""

    measure: str = Field(max_length=40, examples=["kolada"])
    counts: bool
    rule_id: str = Field(max_length=80)
    sv: str = Field(max_length=400)
    en: str = Field(max_length=400)
    source: str = Field(max_length=200, description="Where the rule comes from.")


class VerdictList(Schema):
    """What one enrolment's outcomes yield by each definition."""

    enrolment_id: UUID
    participant_id: UUID
    items: list[VerdictRead] = Field(max_length=20)


class HouseholdRecord(Schema):
    """Voluntary: how many children under 18 live in the household. Null: no answer, or the answer taken back."""

    children_count: int | None = Field(ge=0, le=20)


class HouseholdReceipt(Schema):
    """That there is an answer; the number itself is only used in sums."""

    enrolment_id: UUID
    participant_id: UUID
    is_answered: bool


class HouseholdRead(HouseholdReceipt):
    """The person's own answer."""

    children_count: int | None = Field(ge=0, le=20)
