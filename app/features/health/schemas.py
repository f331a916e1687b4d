"""How is the health of a match spoken of over the wire?"""

from datetime import date
from uuid import UUID

from pydantic import Field

from app.domain.health import Health, HealthReason
from app.domain.lifecycles import MatchStatus
from app.kit.pages import PageQuery
from app.kit.wire import Schema


class HealthReasonRead(Schema):
    """One reason: which health it speaks for, since when it holds, and what it says."""

    code: HealthReason
    health: Health
    since: date
    en: str = Field(max_length=200)
    sv: str = Field(max_length=200)


class HealthRead(Schema):
    """How a match is doing on a day, by a versioned rule, with the reasons that say so."""

    match_id: UUID
    program_id: UUID
    cohort_id: UUID
    mentor_participant_id: UUID
    mentee_participant_id: UUID
    match_status: MatchStatus
    health: Health
    as_of: date
    rule_version: str = Field(max_length=40, pattern="^[a-z0-9-]+$")
    last_met_on: date | None
    reasons: list[HealthReasonRead] = Field(max_length=20)


class HealthQuery(PageQuery):
    program_id: UUID | None = Field(None, description="Only of this program. / Endast detta program.")
    cohort_id: UUID | None = Field(None, description="Only of this cohort. / Endast denna omgång.")
    health: Health | None = Field(None, description="Only those that are doing so. / Endast de som mår så.")
