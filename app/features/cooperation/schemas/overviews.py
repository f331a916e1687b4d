"""How are the partner directory and what waits for a partner spoken of over the wire?"""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.glossary import Sector
from app.domain.roles import Level, Responsibility
from app.domain.waiting import WaitingKind
from app.features.partners.schemas import PartnerQuery
from app.kit.wire import Instant, Schema

MOST_LINKS = 20
Address = Annotated[str, Field(max_length=2048)]


class DirectoryDuty(Schema):
    duty: Responsibility
    level: Level


class DirectoryProgram(Schema):
    """A program that the partner works in beside you, and what it answers for there today."""

    program_id: UUID
    program_name: str = Field(max_length=120)
    is_owner: bool
    duties: list[DirectoryDuty] = Field(max_length=len(Responsibility))


class UmbrellaRead(Schema):
    """An organisation that the partner is a member of."""

    id: UUID
    name: str = Field(max_length=120)


class DirectoryEntry(Schema):
    """A partner that you work with: how to reach it, what it belongs to and what it answers for."""

    id: UUID
    name: str = Field(max_length=120)
    sector: Sector
    municipality_code: str | None = Field(max_length=4)
    website: str | None = Field(max_length=300)
    contact_email: str | None = Field(max_length=254, description="A function's address. / En funktionsadress.")
    member_of: list[UmbrellaRead] = Field(max_length=200)
    programs: list[DirectoryProgram] = Field(max_length=5000)


class DirectoryQuery(PartnerQuery):
    """The filters of `GET /partners`, over those that you work with."""


class WaitingItem(Schema):
    """What waits of one kind. `links` lead there: to the things themselves, or to a list of what concerns people."""

    kind: WaitingKind
    sv: str = Field(max_length=120)
    en: str = Field(max_length=120)
    count: int = Field(ge=0, le=2**31 - 1)
    next_on: date | None = Field(description="The earliest day by which something is due. / Den tidigaste dagen.")
    links: list[Address] = Field(max_length=MOST_LINKS)


class PartnerWaiting(Schema):
    """What waits for your organisation, as far as your own permissions reach. Kinds that you may not act on are absent."""

    partner_id: UUID
    as_of: Instant
    items: list[WaitingItem] = Field(max_length=len(WaitingKind))
