"""How are pairs spoken of that staff have ruled out? By ids and a code, never free text."""

from uuid import UUID

from pydantic import Field

from app.features.matching.tables import BlockReason
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema


class PairBlockCreate(Schema):
    """Two people of the program who are not to be proposed to each other, and why."""

    mentor_enrolment_id: UUID
    mentee_enrolment_id: UUID
    reason: BlockReason


class PairBlockQuery(PageQuery):
    is_in_force: bool | None = Field(None, description="Only those that hold, or only revoked ones. / Endast gällande.")


class PairBlockRead(Schema):
    """A pair that staff have ruled out; it holds until it is revoked, whoever of the two is the mentor."""

    id: UUID
    version: int = Field(ge=1)
    program_id: UUID
    mentor_enrolment_id: UUID
    mentee_enrolment_id: UUID
    reason: BlockReason
    decided_by_user_id: UUID
    revoked_at: Instant | None
    revoked_by_user_id: UUID | None
    created_at: Instant
    updated_at: Instant
