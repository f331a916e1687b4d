"""How are incidents spoken of over the wire? In codes, with a short text of facts."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.glossary import Side
from app.domain.incidents import MOST_FACTS, Escalation, IncidentCategory, IncidentOutcome, Severity
from app.domain.lifecycles import IncidentStatus
from app.kit import text
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema

Facts = Annotated[
    str,
    text.text(MOST_FACTS),
    Field(
        description=(
            "What happened, in short. Nothing on health, no identity numbers."
            " / Vad som hände, kort. Inget om hälsa, inga personnummer."
        )
    ),
]


class IncidentReport(Schema):
    """What happened in the match; `concernsSide` is whose conduct or situation it is about, null for both."""

    category: IncidentCategory
    severity: Severity
    occurred_on: date
    concerns_side: Side | None = None
    facts: Facts = ""


class IncidentRead(Schema):
    """An incident. What comes of it is told to those who handle it; whoever reported it sees how far it is."""

    id: UUID
    version: int = Field(ge=1)
    program_id: UUID
    match_id: UUID
    reported_side: Side | None = Field(description="Null: reported by staff. / Null: rapporterad av personal.")
    concerns_side: Side | None
    category: IncidentCategory
    severity: Severity
    occurred_on: date
    facts: str = Field(max_length=MOST_FACTS)
    status: IncidentStatus
    escalations: list[Escalation] | None = Field(max_length=len(Escalation))
    escalated_at: Instant | None
    outcome: IncidentOutcome | None
    closed_at: Instant | None
    created_at: Instant
    updated_at: Instant


class IncidentQuery(PageQuery):
    program_id: UUID | None = Field(None, description="Only of this program. / Endast detta program.")


class IncidentMove(Schema):
    """The next state; closing says what came of it."""

    to: IncidentStatus
    outcome: IncidentOutcome | None = None


class EscalationCreate(Schema):
    """To whom it is taken further."""

    to: Escalation
