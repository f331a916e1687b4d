"""How is the end of a match spoken of over the wire, and what comes after it?"""

from datetime import date
from uuid import UUID

from pydantic import Field

from app.domain.glossary import ClosureCause, Side
from app.domain.matches import ReopenReason, VoidReason, WithdrawalReason
from app.domain.rematch import RematchBar
from app.kit.wire import Schema


class WithdrawalCreate(Schema):
    """Why it is taken back, by code."""

    reason_code: WithdrawalReason


class Closing(Schema):
    """The day the match is planned to end, today or up to 60 days ahead, and why."""

    closing_on: date
    cause: ClosureCause


class Closure(Schema):
    """The last day of the match and why it ended."""

    closed_on: date
    cause: ClosureCause


class Reopening(Schema):
    """Why it goes on, and until when; without a day its planned end stays."""

    reason_code: ReopenReason
    ends_on: date | None = None


class Voiding(Schema):
    """Why the match should never have been, by code."""

    reason_code: VoidReason


class RematchDecision(Schema):
    """Whether the person of a side may be matched again."""

    side: Side
    may_rematch: bool


class RematchOfSide(Schema):
    """Whether the person of a side may be matched again today, and what stands between."""

    side: Side
    may_be_matched: bool
    earliest: date | None = Field(description="The first day after the buffer. / Första dagen efter väntetiden.")
    bars: list[RematchBar] = Field(max_length=len(RematchBar))


class RematchRead(Schema):
    """Rematch eligibility after the end of a match; the buffer is the program's."""

    match_id: UUID
    buffer_weeks: int = Field(ge=0, le=52)
    sides: list[RematchOfSide] = Field(max_length=2)
