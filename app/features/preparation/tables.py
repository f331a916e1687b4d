"""What were people told before they decided, and what do they expect? Personal data in all but the packs."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Column, Index
from sqlmodel import Field

from app.domain.glossary import Side
from app.domain.roles import Permission
from app.features.access.tables import InProgram, Reach
from app.kit.columns import INSTANT, JSON, choice
from app.kit.problems import CONSTRAINT_CODES

CONSTRAINT_CODES |= {
    "uq_information_pack_version": "information.version_taken",
    "uq_acknowledgement_enrolment_id_pack_id": "information.already_acknowledged",
    "uq_expectation_answer_enrolment_id": "resource.changed_meanwhile",
}


class InformationPack(InProgram, table=True):
    """What a side is told before it decides: honest about benefits and limits, versioned. Owned by the program."""

    __tablename__ = "information_pack"
    __table_args__ = (Index("uq_information_pack_version", "program_id", "side", "language", "number", unique=True),)
    reach: ClassVar[Reach] = Reach(Permission.INFORMATION_READ, by_publication=True)

    side: Side = Field(sa_type=choice(Side))
    language: str = Field(max_length=3)
    number: int = Field(description="1, 2, 3 … per side and language.")
    title: str = Field(max_length=200)
    body: str = Field(max_length=20000)
    needs_new_acknowledgement: bool = True


class Acknowledgement(InProgram, table=True):
    """A person took note of a version of an information pack. Owned by the program, held by `partner_id`."""

    __tablename__ = "acknowledgement"
    __table_args__ = (Index("uq_acknowledgement_enrolment_id_pack_id", "enrolment_id", "pack_id", unique=True),)
    reach: ClassVar[Reach] = Reach(
        Permission.ENROLMENT_READ, side="side", holders=("partner_id",), persons=("participant_id",)
    )

    enrolment_id: UUID = Field(foreign_key="enrolment.id")
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    partner_id: UUID = Field(foreign_key="partner.id")
    side: Side = Field(sa_type=choice(Side))
    pack_id: UUID = Field(foreign_key="information_pack.id")
    acknowledged_at: datetime = Field(sa_type=INSTANT)
    recorded_by_user_id: UUID = Field(foreign_key="user_account.id")


class ExpectationAnswer(InProgram, table=True):
    """What a person expects, by the questions that both sides get; one per enrolment. Owned by the program."""

    __tablename__ = "expectation_answer"
    __table_args__ = (Index("uq_expectation_answer_enrolment_id", "enrolment_id", unique=True),)
    reach: ClassVar[Reach] = Reach(
        Permission.EXPECTATION_READ, side="side", holders=("partner_id",), persons=("participant_id",)
    )

    enrolment_id: UUID = Field(foreign_key="enrolment.id")
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    partner_id: UUID = Field(foreign_key="partner.id")
    side: Side = Field(sa_type=choice(Side))
    questionnaire_version: int
    answers: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    answered_at: datetime = Field(sa_type=INSTANT)
    recorded_by_user_id: UUID = Field(foreign_key="user_account.id")
