"""How are agreements, duties and hand-overs spoken of over the wire?"""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.lifecycles import AgreementStatus, HandoverStatus
from app.domain.roles import Level, Responsibility
from app.kit import text
from app.kit.wire import Instant, Schema

EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)
Title = Annotated[str, text.name(200)]
Terms = Annotated[str, text.text(20000)]
Reason = Annotated[str, text.text(500, min_length=1)]
Day = Annotated[date, Field(ge=EARLIEST, le=LATEST)]
Parties = Annotated[list[UUID], Field(max_length=50)]


class Duty(Schema):
    """A duty and the party that holds it: one partner accountable, any number supporting."""

    duty: Responsibility
    partner_id: UUID
    level: Level


Duties = Annotated[list[Duty], Field(max_length=400)]


class AgreementCreate(Schema):
    """A draft of who answers for what; the drafting partner is a party in any case."""

    title: Annotated[str, text.name(200), Field(examples=["Samverkansavtal för Påhittade mentorer"])]
    terms: Terms = ""
    valid_from: Day
    valid_until: Day | None = None
    parties: Parties = Field(default_factory=list)
    duties: Duties = Field(default_factory=list)


class AgreementPatch(Schema):
    """Changes to a draft (JSON Merge Patch): `parties` and `duties` replace the whole list."""

    title: Title | None = None
    terms: Terms | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None
    parties: Parties | None = None
    duties: Duties | None = None


class PartyRead(Schema):
    partner_id: UUID
    partner_name: str = Field(max_length=120)
    signed_at: Instant | None
    text_digest: str | None = Field(max_length=64, description="SHA-256 of the text as this party signed it.")


class AgreementSummary(Schema):
    """An agreement without its parties and duties."""

    id: UUID
    version: int = Field(ge=1)
    program_id: UUID
    number: int = Field(ge=1)
    status: AgreementStatus
    title: str = Field(max_length=200)
    terms: str = Field(max_length=20000)
    valid_from: date
    valid_until: date | None
    drafted_by_partner_id: UUID
    replaces_id: UUID | None
    proposed_at: Instant | None
    in_force_at: Instant | None
    ended_at: Instant | None
    end_reason: str | None = Field(max_length=500)
    created_at: Instant
    updated_at: Instant


class AgreementRead(AgreementSummary):
    """An agreement in full: who must sign, who has, and who answers for what."""

    parties: list[PartyRead] = Field(max_length=51)
    duties: list[Duty] = Field(max_length=400)
    text_digest: str = Field(max_length=64, description="SHA-256 of the text as it stands: what a signature covers.")


class TerminationCreate(Schema):
    """End an agreement that is in force, at once."""

    reason: Reason


class PartnerName(Schema):
    """A partner, by id and name."""

    id: UUID
    name: str = Field(max_length=120)


class ResponsibilityQuery(Schema):
    on: Day | None = Field(None, description="The day that is asked for; today when left out. / Dagen som avses.")


class ResponsibilityRead(Schema):
    """One duty: who answers for it and who supports, by which agreement."""

    duty: Responsibility
    accountable: PartnerName | None
    supporting: list[PartnerName] = Field(max_length=100)
    agreement_id: UUID | None


class ResponsibilitiesRead(Schema):
    """The responsibility matrix of a programme on one day: every duty, held or not."""

    program_id: UUID
    on: date
    items: list[ResponsibilityRead] = Field(max_length=100)


class HandoverCreate(Schema):
    """Propose that another party takes over a duty, from a day on."""

    duty: Responsibility
    to_partner_id: UUID
    begins_on: Day
    reason: Reason


class HandoverAnswer(Schema):
    accept: bool


class HandoverRead(Schema):
    """A duty on its way to another partner."""

    id: UUID
    version: int = Field(ge=1)
    program_id: UUID
    duty: Responsibility
    from_partner_id: UUID
    to_partner_id: UUID
    begins_on: date
    reason: str = Field(max_length=500)
    status: HandoverStatus
    answered_at: Instant | None
    created_at: Instant
    updated_at: Instant
