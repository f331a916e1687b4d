"""Which people does a partner hold, and what is attested of them? Personal data: no shared field base here."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlmodel import Field

from app.domain.glossary import Gender, ProtectionLevel
from app.domain.roles import Permission
from app.features.access.tables import Guarded, Reach
from app.kit.columns import INSTANT, JSON, Row, choice
from app.kit.ids import new_id
from app.kit.problems import CONSTRAINT_CODES

CONSTRAINT_CODES |= {
    "uq_participant_external_id": "participant.external_id_taken",
    "uq_participant_user_id": "participant.user_taken",
    "ck_participant_capacity": "participant.capacity_invalid",
    "ck_participant_anonymous": "participant.anonymous_has_identity",
    "ck_attestation_period": "attestation.period_invalid",
    "uq_link_decision_first_participant_id_second_participant_id": "participant.changed_meanwhile",
}


class Participant(Guarded, table=True):
    """A person as held by one partner (the controller), across programs: `partner_id`, no `program_id`.

    No personnummer, no diagnosis, no ethnicity, no benefit amounts. An anonymous person (who gave no consent) has only
    gender and year of birth. `person_id` is the same for records that were confirmed to be of one person.
    """

    __tablename__ = "participant"
    __table_args__ = (
        Index(
            "uq_participant_external_id",
            "partner_id",
            "external_system",
            "external_id",
            unique=True,
            postgresql_where=text("external_id is not null"),
        ),
        Index("uq_participant_user_id", "user_id", unique=True, postgresql_where=text("user_id is not null")),
        CheckConstraint("mentor_capacity between 1 and 20", name="capacity"),
        CheckConstraint("(external_system is null) = (external_id is null)", name="external_pair"),
        CheckConstraint(
            "(is_anonymous and coalesce(given_name, family_name, email, phone) is null and born_on is null"
            " and birth_year is not null)"
            " or (not is_anonymous and given_name is not null and family_name is not null and born_on is not null)",
            name="anonymous",
        ),
        Index("ix_participant_person_id", "person_id"),
    )
    reach: ClassVar[Reach] = Reach(
        Permission.PARTICIPANT_READ, program=None, holders=("partner_id",), persons=("id",), by_enrolment="id"
    )

    partner_id: UUID = Field(foreign_key="partner.id", index=True)
    user_id: UUID | None = Field(default=None, foreign_key="user_account.id")
    external_system: str | None = Field(default=None, max_length=40)
    external_id: str | None = Field(default=None, max_length=120)
    person_id: UUID = Field(default_factory=new_id)
    is_anonymous: bool = False
    protection: ProtectionLevel | None = Field(default=None, sa_type=choice(ProtectionLevel))
    given_name: str | None = Field(default=None, max_length=80)
    family_name: str | None = Field(default=None, max_length=80)
    email: str | None = Field(default=None, max_length=254)
    phone: str | None = Field(default=None, max_length=30)
    born_on: date | None = None
    birth_year: int | None = Field(default=None, description="Only of the anonymous.")
    gender: Gender = Field(sa_type=choice(Gender))
    municipality_code: str | None = Field(default=None, max_length=4)
    district: str | None = Field(default=None, max_length=60, description="Kommundel.")
    languages: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    occupation_code: str | None = Field(default=None, max_length=4, description="SSYK 2012, 1 to 4 digits.")
    skills: list[str] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False), description="JobTech concept ids."
    )
    is_business_owner: bool = False
    availability: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    has_remote: bool = True
    goals: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    interests: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    accepts_gender: Gender | None = Field(default=None, sa_type=choice(Gender, "accepts_gender"))
    accepts_age_groups: list[str] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False), description="Empty: any age."
    )
    employer_partner_id: UUID | None = Field(default=None, foreign_key="partner.id")
    mentor_capacity: int = 1


class Attestation(Guarded, table=True):
    """That somebody has seen that a rule is met (intygande): yes or no, never the fact behind it. Held by `partner_id`.

    The register extract that a person has shown is one too: the day, by whom, and until when it counts.
    """

    __tablename__ = "attestation"
    __table_args__ = (CheckConstraint("valid_until is null or valid_until >= attested_on", name="period"),)
    reach: ClassVar[Reach] = Reach(
        Permission.ATTESTATION_READ,
        program=None,
        holders=("partner_id",),
        persons=("participant_id",),
        by_enrolment="participant_id",
    )

    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    partner_id: UUID = Field(foreign_key="partner.id")
    code: str = Field(max_length=64)
    is_met: bool
    attested_on: date
    valid_until: date | None = None
    attested_by_user_id: UUID = Field(foreign_key="user_account.id")
    attested_by_partner_id: UUID | None = Field(default=None, foreign_key="partner.id")
    revoked_at: datetime | None = Field(default=None, sa_type=INSTANT)


class Guardian(Guarded, table=True):
    """Who has custody of a minor (vårdnadshavare), and whether they consent. Held by `partner_id`."""

    __tablename__ = "guardian"
    reach: ClassVar[Reach] = Reach(
        Permission.GUARDIAN_READ,
        program=None,
        holders=("partner_id",),
        persons=("participant_id",),
        by_enrolment="participant_id",
    )

    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    partner_id: UUID = Field(foreign_key="partner.id")
    given_name: str = Field(max_length=80)
    family_name: str = Field(max_length=80)
    email: str | None = Field(default=None, max_length=254)
    phone: str | None = Field(default=None, max_length=30)
    consented_on: date | None = None
    withdrawn_on: date | None = None
    recorded_by_user_id: UUID = Field(foreign_key="user_account.id")


class DigestKind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"


class ContactDigest(Guarded, table=True):
    """A keyed HMAC of an address or number, of a participant or (with `guardian_id`) of a minor's guardian.

    By these, records of one person at different partners are found without anybody comparing contacts.
    """

    __tablename__ = "contact_digest"
    __table_args__ = (Index("ix_contact_digest_digest", "digest"),)
    is_recorded: ClassVar[bool] = False  # follows the contact it is made of
    reach: ClassVar[Reach] = Reach(
        Permission.PARTICIPANT_READ,
        program=None,
        holders=("partner_id",),
        persons=("participant_id",),
        by_enrolment="participant_id",
    )

    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    partner_id: UUID = Field(foreign_key="partner.id")
    guardian_id: UUID | None = Field(default=None, foreign_key="guardian.id", index=True)
    kind: DigestKind = Field(sa_type=choice(DigestKind))
    digest: str = Field(max_length=64)


class LinkDecision(Row, table=True):
    """Whether two records are of one person, as somebody who may see both decided. The lower id comes first."""

    __tablename__ = "link_decision"
    __table_args__ = (
        Index(
            "uq_link_decision_first_participant_id_second_participant_id",
            "first_participant_id",
            "second_participant_id",
            unique=True,
        ),
        CheckConstraint("first_participant_id < second_participant_id", name="order"),
    )

    first_participant_id: UUID = Field(foreign_key="participant.id")
    second_participant_id: UUID = Field(foreign_key="participant.id", index=True)
    is_same_person: bool
    decided_by_user_id: UUID = Field(foreign_key="user_account.id")
