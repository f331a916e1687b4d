"""What was reported about a match, and what came of it? Sensitive, and kept from nearly everybody."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Column
from sqlmodel import Field

from app.domain.glossary import Side
from app.domain.incidents import MOST_FACTS, IncidentCategory, IncidentOutcome, Severity
from app.domain.lifecycles import IncidentStatus
from app.domain.roles import Permission
from app.features.access.tables import InProgram, Reach
from app.kit.columns import INSTANT, JSON, choice


class Incident(InProgram, table=True):
    """An incident in a match. Owned by the program.

    Reached by the partner that is accountable for `handleIncidents` and by whoever reported it; by neither of the two as
    such, so that nobody learns of a report about themself here. The handling is that partner's duty and rests on nobody's
    consent: it goes on when one of the two has withdrawn theirs.
    """

    __tablename__ = "incident"
    reach: ClassVar[Reach] = Reach(
        Permission.INCIDENT_READ,
        authors=("reported_by_user_id",),
        concealed=("mentor_participant_id", "mentee_participant_id"),
        regardless_of_consent=True,
    )

    match_id: UUID = Field(foreign_key="match.id", index=True)
    mentor_participant_id: UUID = Field(foreign_key="participant.id", index=True)
    mentee_participant_id: UUID = Field(foreign_key="participant.id", index=True)
    reported_by_user_id: UUID = Field(foreign_key="user_account.id", index=True)
    reported_side: Side | None = Field(default=None, sa_type=choice(Side, "reported_side"), description="None: staff.")
    concerns_side: Side | None = Field(default=None, sa_type=choice(Side, "concerns_side"), description="None: both.")
    category: IncidentCategory = Field(sa_type=choice(IncidentCategory))
    severity: Severity = Field(sa_type=choice(Severity))
    occurred_on: date
    facts: str = Field(default="", max_length=MOST_FACTS)
    status: IncidentStatus = Field(default=IncidentStatus.REPORTED, sa_type=choice(IncidentStatus))
    escalations: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    escalated_at: datetime | None = Field(default=None, sa_type=INSTANT, description="The last time.")
    outcome: IncidentOutcome | None = Field(default=None, sa_type=choice(IncidentOutcome))
    closed_at: datetime | None = Field(default=None, sa_type=INSTANT)
