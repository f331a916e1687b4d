"""Which organisations take part, and which belong to which?"""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlmodel import Field, SQLModel

from app.domain.glossary import Sector
from app.domain.roles import Permission
from app.features.access.tables import Guarded, Reach
from app.kit.columns import JSON, Row, choice
from app.kit.problems import CONSTRAINT_CODES

CONSTRAINT_CODES |= {
    "uq_partner_organization_number": "partner.already_registered",
    "uq_partner_member_partner_id_member_id": "partner.already_member",
    "ck_partner_member_not_itself": "partner.member_of_itself",
}


class PartnerFields(SQLModel):
    """What a partner says of itself to everyone; nothing personal."""

    name: str = Field(max_length=120)
    sector: Sector = Field(sa_type=choice(Sector))
    municipality_code: str | None = Field(default=None, max_length=4, description="SCB municipality code.")
    website: str | None = Field(default=None, max_length=300)
    contact_email: str | None = Field(default=None, max_length=254, description="A function's address, not a person's.")


class Partner(Guarded, PartnerFields, table=True):
    """An organisation. Belongs to itself, not to a program."""

    __tablename__ = "partner"
    __table_args__ = (
        Index(
            "uq_partner_organization_number",
            "organization_number",
            unique=True,
            postgresql_where=text("organization_number is not null"),
        ),
    )
    reach: ClassVar[Reach] = Reach(Permission.PARTNER_READ, program=None, holders=("id",))

    organization_number: str | None = Field(default=None, max_length=11)
    is_active: bool = True
    totp_roles: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """The roles of its people that may do nothing without an authenticator app."""


class PartnerMember(Row, table=True):
    """`member_id` is a member organisation of `partner_id`. Belongs to the umbrella partner."""

    __tablename__ = "partner_member"
    __table_args__ = (
        Index("uq_partner_member_partner_id_member_id", "partner_id", "member_id", unique=True),
        CheckConstraint("partner_id <> member_id", name="not_itself"),
    )

    partner_id: UUID = Field(foreign_key="partner.id")
    member_id: UUID = Field(foreign_key="partner.id", index=True)
