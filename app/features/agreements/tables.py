"""Who answers for what, since when, and who signed?"""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.domain.lifecycles import AgreementStatus, HandoverStatus
from app.domain.roles import Level, Permission, Responsibility
from app.features.access.tables import InProgram, Reach
from app.kit.columns import INSTANT, Row, choice
from app.kit.problems import CONSTRAINT_CODES

CONSTRAINT_CODES |= {
    "ex_responsibility_assignment_one_accountable": "agreement.duty_already_accountable",
    "uq_agreement_duty_accountable": "agreement.two_accountable",
    "uq_agreement_duty_agreement_id_duty_partner_id": "agreement.duty_twice",
    "uq_agreement_party_agreement_id_partner_id": "agreement.party_twice",
    "uq_agreement_one_in_force": "agreement.overtaken",
    "uq_duty_handover_open": "handover.already_proposed",
}


class AgreementFields(SQLModel):
    title: str = Field(max_length=200)
    terms: str = Field(default="", max_length=20000)
    valid_from: date
    valid_until: date | None = None


class Agreement(InProgram, AgreementFields, table=True):
    """A version of the split of responsibility for a program (samverkansavtal). Owned by the program."""

    __tablename__ = "agreement"
    __table_args__ = (
        Index("uq_agreement_program_id_number", "program_id", "number", unique=True),
        Index(
            "uq_agreement_one_in_force",
            "program_id",
            unique=True,
            postgresql_where=text("status = 'inForce'"),
        ),
    )
    reach: ClassVar[Reach] = Reach(Permission.AGREEMENT_READ)

    number: int = Field(description="1, 2, 3 … within the program.")
    status: AgreementStatus = Field(default=AgreementStatus.DRAFT, sa_type=choice(AgreementStatus))
    drafted_by_partner_id: UUID = Field(foreign_key="partner.id")
    replaces_id: UUID | None = Field(
        default=None, foreign_key="agreement.id", description="The version in force when this one was proposed."
    )
    proposed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    in_force_at: datetime | None = Field(default=None, sa_type=INSTANT)
    ended_at: datetime | None = Field(default=None, sa_type=INSTANT)
    end_reason: str | None = Field(default=None, max_length=500)


class AgreementParty(Row, table=True):
    """A partner that must sign. `program_id` repeats the agreement's, for authorisation in one query."""

    __tablename__ = "agreement_party"
    __table_args__ = (
        Index("uq_agreement_party_agreement_id_partner_id", "agreement_id", "partner_id", unique=True),
        Index("ix_agreement_party_partner_id", "partner_id"),
    )

    agreement_id: UUID = Field(foreign_key="agreement.id")
    program_id: UUID = Field(foreign_key="program.id")
    partner_id: UUID = Field(foreign_key="partner.id")
    signed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    signed_by_user_id: UUID | None = Field(default=None, foreign_key="user_account.id")
    text_digest: str | None = Field(default=None, max_length=64, description="SHA-256 of what was signed.")


class AgreementDuty(Row, table=True):
    """A duty as the agreement gives it to a party: one accountable, any number supporting. Owned by the program."""

    __tablename__ = "agreement_duty"
    __table_args__ = (
        Index("uq_agreement_duty_agreement_id_duty_partner_id", "agreement_id", "duty", "partner_id", unique=True),
        Index(
            "uq_agreement_duty_accountable",
            "agreement_id",
            "duty",
            unique=True,
            postgresql_where=text("level = 'accountable'"),
        ),
    )

    agreement_id: UUID = Field(foreign_key="agreement.id")
    program_id: UUID = Field(foreign_key="program.id")
    partner_id: UUID = Field(foreign_key="partner.id")
    duty: Responsibility = Field(sa_type=choice(Responsibility))
    level: Level = Field(sa_type=choice(Level))


class DutyHandover(InProgram, table=True):
    """A duty on its way to another partner: one person proposes, the receiving partner answers. Owned by the program."""

    __tablename__ = "duty_handover"
    __table_args__ = (
        Index("uq_duty_handover_open", "program_id", "duty", unique=True, postgresql_where=text("status = 'proposed'")),
    )
    reach: ClassVar[Reach] = Reach(Permission.HANDOVER_READ, holders=("to_partner_id",))

    duty: Responsibility = Field(sa_type=choice(Responsibility))
    from_partner_id: UUID = Field(foreign_key="partner.id")
    to_partner_id: UUID = Field(foreign_key="partner.id", index=True)
    begins_on: date
    reason: str = Field(max_length=500)
    status: HandoverStatus = Field(default=HandoverStatus.PROPOSED, sa_type=choice(HandoverStatus))
    proposed_by_user_id: UUID = Field(foreign_key="user_account.id")
    answered_by_user_id: UUID | None = Field(default=None, foreign_key="user_account.id")
    answered_at: datetime | None = Field(default=None, sa_type=INSTANT)
