"""How does a person support themself, and how many children live with them? Personal data about money and work."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from app.domain.outcomes import EducationLevel, IncomeSource, Occasion, Occupation
from app.domain.roles import Permission
from app.features.access.tables import InProgram, Reach
from app.kit.columns import choice
from app.kit.problems import CONSTRAINT_CODES

CONSTRAINT_CODES |= {
    "uq_outcome_enrolment_id_occasion": "outcome.already_recorded",
    "ck_outcome_extent": "outcome.extent_invalid",
    "uq_household_answer_enrolment_id": "household.already_answered",
}


class Outcome(InProgram, table=True):
    """How a person supports themself at one occasion of an enrolment. Owned by the program, held by `partner_id`."""

    __tablename__ = "outcome"
    __table_args__ = (
        Index("uq_outcome_enrolment_id_occasion", "enrolment_id", "occasion", unique=True),
        CheckConstraint("extent_percent between 0 and 100", name="extent"),
    )
    reach: ClassVar[Reach] = Reach(Permission.OUTCOME_READ, holders=("partner_id",), persons=("participant_id",))

    enrolment_id: UUID = Field(foreign_key="enrolment.id")
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    partner_id: UUID = Field(foreign_key="partner.id")
    occasion: Occasion = Field(sa_type=choice(Occasion))
    observed_on: date
    income_source: IncomeSource = Field(sa_type=choice(IncomeSource))
    occupation: Occupation = Field(sa_type=choice(Occupation))
    began_on: date | None = Field(default=None, description="First day of the work or studies.")
    ended_on: date | None = Field(default=None, description="Last day, when it has ended.")
    extent_percent: int = Field(default=0, description="100 is 40 hours a week.")
    has_study_aid: bool = False
    education: EducationLevel | None = Field(default=None, sa_type=choice(EducationLevel))
    recorded_by_user_id: UUID = Field(foreign_key="user_account.id")


class HouseholdAnswer(InProgram, table=True):
    """How many children live in a mentee's household, as the person chose to say. Owned by the program.

    No child is a person in this system: it is a number, which only the person themself reads again. Others see what
    many such numbers add up to. The row stays when the answer is taken back, without the number.
    """

    __tablename__ = "household_answer"
    __table_args__ = (
        Index("uq_household_answer_enrolment_id", "enrolment_id", unique=True),
        CheckConstraint("children_count between 0 and 20", name="children"),
    )
    reach: ClassVar[Reach] = Reach(Permission.HOUSEHOLD_READ, persons=("participant_id",))

    enrolment_id: UUID = Field(foreign_key="enrolment.id")
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    children_count: int | None = Field(default=None, description="Under 18 years; none: no answer.")
    answered_on: date
    recorded_by_user_id: UUID = Field(foreign_key="user_account.id")
