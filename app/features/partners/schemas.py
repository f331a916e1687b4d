"""How are partners spoken of over the wire?"""

from typing import Annotated
from uuid import UUID

from pydantic import Field, field_validator

from app.domain.glossary import Sector
from app.domain.roles import Responsibility, Role
from app.kit import text
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema

MunicipalityCode = Annotated[str, Field(pattern=r"^[0-9]{4}$", max_length=4, examples=["0182"])]
TotpRoles = Annotated[
    list[Role],
    Field(
        max_length=len(Role),
        description="Roles that may do nothing but look after their login without an authenticator app.",
        examples=[[]],
    ),
]
Website = Annotated[str, Field(pattern=r"^https://[^\s]+$", max_length=300, examples=["https://forening.example"])]


class PartnerCreate(Schema):
    """A new partner organisation."""

    name: Annotated[str, text.name(120), Field(examples=["Påhittade föreningen"])]
    sector: Sector
    organization_number: text.OrganizationNumber | None = None
    municipality_code: MunicipalityCode | None = None
    website: Website | None = None
    contact_email: text.Email | None = None


class PartnerPatch(Schema):
    """Changes to a partner (JSON Merge Patch): what is left out stays, null clears what may be empty."""

    name: Annotated[str, text.name(120)] | None = None
    municipality_code: MunicipalityCode | None = None
    website: Website | None = None
    contact_email: text.Email | None = None
    totp_roles: TotpRoles | None = None

    @field_validator("totp_roles")
    @classmethod
    def _of_people(cls, value: list[Role] | None) -> list[Role]:
        if value is None:
            raise ValueError("must not be null; an empty list demands it of nobody")
        if {Role.SERVICE, Role.SYSTEM_ADMINISTRATOR} & set(value):
            raise ValueError("must be roles of a partner's people")
        return sorted(set(value))


class PartnerRead(Schema):
    """A partner as everyone with a login sees it."""

    id: UUID
    version: int = Field(ge=1)
    name: str = Field(max_length=120)
    sector: Sector
    organization_number: str | None = Field(max_length=11)
    municipality_code: str | None = Field(max_length=4)
    website: str | None = Field(max_length=300)
    contact_email: str | None = Field(max_length=254)
    is_active: bool
    totp_roles: list[Role] = Field(max_length=len(Role))
    created_at: Instant
    updated_at: Instant


class PartnerQuery(PageQuery):
    sector: Sector | None = Field(None, description="Only partners of this sector. / Endast denna sektor.")
    in_municipality: MunicipalityCode | None = Field(
        None, description="Only in this municipality. / Endast i denna kommun."
    )
    program_id: UUID | None = Field(
        None, description="Only those with a duty in this program. / Endast de med ansvar i detta program."
    )
    duty: Responsibility | None = Field(
        None, description="Only those that hold this duty today. / Endast de som har detta ansvar i dag."
    )
    name_contains: Annotated[str, text.name(120)] | None = Field(
        None, description="Only those with this in their name. / Endast de vars namn innehåller detta."
    )


class MemberAdd(Schema):
    """Make an existing partner a member of this one."""

    member_id: UUID
