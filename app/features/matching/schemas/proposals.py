"""How is a pair proposed that people have found themselves?"""

from datetime import date
from uuid import UUID

from pydantic import Field

from app.kit.wire import Schema


class MatchCreate(Schema):
    """A pair to propose without a run; the program's policy is asked all the same."""

    mentor_enrolment_id: UUID
    mentee_enrolment_id: UUID
    policy_id: UUID | None = Field(None, description="Default: the program's latest. / Förval: den senaste.")
    answer_by: date | None = Field(None, description="Last day for both to answer; default: in 14 days.")
