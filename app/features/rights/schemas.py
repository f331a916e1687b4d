"""How are requests about data, exports and erasures spoken of? Personal data: every schema lists its fields."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.access import Decision
from app.domain.lifecycles import DataRequestStatus
from app.domain.rights import DataRequestKind, ErasureGround, ExtensionReason, RefusalGround, is_overdue
from app.domain.roles import Role
from app.features.privacy.schemas import MOST_ROWS, DataGroup, Named, Told
from app.features.rights.tables import DataRequest
from app.kit import text
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema

Reference = Annotated[
    str,
    text.text(60),
    Field(description="The number of the decision to destroy. / Gallringsbeslutets beteckning.", examples=["GB 12/26"]),
]
COUNT = Field(ge=0, le=2**31 - 1)


class MyDataRequestCreate(Schema):
    """What you ask of the organisation that holds this record of yours; your records stand in /me/overview."""

    participant_id: UUID
    kind: DataRequestKind


class DataRequestCreate(Schema):
    """What the person asks; by staff with the day when it came in, null for today."""

    kind: DataRequestKind
    received_on: date | None = None


class DataRequestRead(Schema):
    """A request (begäran). An erasure that is granted waits for a second person until `approvedAt` is told."""

    id: UUID
    version: int = Field(ge=1)
    partner_id: UUID
    participant_id: UUID
    kind: DataRequestKind
    status: DataRequestStatus
    received_on: date
    due_on: date = Field(description="The last day of the answer. / Sista dag för svar.")
    is_overdue: bool
    extension_reason: ExtensionReason | None
    assessed_at: Instant | None
    decided_at: Instant | None
    legal_ground: ErasureGround | None
    refusal_ground: RefusalGround | None
    decision_reference: str | None = Field(max_length=60)
    approved_at: Instant | None
    executed_at: Instant | None
    created_at: Instant
    updated_at: Instant

    @classmethod
    def on(cls, row: DataRequest, today: date) -> "DataRequestRead":
        """The request as it stands on the day `today`."""
        late = is_overdue(row.status, row.due_on, today)
        return cls.model_validate({**row.model_dump(include=set(cls.model_fields)), "is_overdue": late})


class DataRequestQuery(PageQuery):
    status: DataRequestStatus | None = Field(None, description="Only in this state. / Endast i detta läge.")
    overdue: bool = Field(False, description="Only those whose last day has passed. / Endast försenade.")


class DataRequestExtension(Schema):
    """Why the answer takes 60 days more."""

    reason: ExtensionReason


class DataRequestDecision(Schema):
    """Granted or refused. A refusal has a ground, an erasure a legal one; a public body adds its decision to destroy."""

    is_granted: bool
    refusal_ground: RefusalGround | None = None
    legal_ground: ErasureGround | None = None
    decision_reference: Reference | None = None


class RecipientWay(StrEnum):
    """How an organisation came to see or get data."""

    READ = "read"  # har läst
    REFERRED = "referred"  # har fått en hänvisning
    CONSENTED = "consented"  # omfattas av ett samtycke


class RecipientRead(Schema):
    """An organisation that has seen or received something of the person's (mottagare)."""

    partner_id: UUID
    partner_name: str = Field(max_length=120)
    way: RecipientWay
    first_at: Instant
    last_at: Instant
    count: int = COUNT


class ExportedAccess(Schema):
    """A use, or attempt, of the person's data: which organisation and role, not which employee."""

    at: Instant
    partner_name: str | None = Field(max_length=120)
    role: Role
    permission: str = Field(max_length=40)
    decision: Decision
    words: Told


class ExportedAccount(Schema):
    """The account that the person logs in with, without secrets."""

    name: str = Field(max_length=120)
    email: str | None = Field(max_length=254)
    created_at: Instant


class DataExportRead(Schema):
    """Everything that the holder has stored about one person, for machines to read; nothing that is somebody else's."""

    format: str = Field(max_length=40, examples=["mentorskap-export"])
    as_of: Instant
    partner_id: UUID
    partner_name: str = Field(max_length=120)
    participant_id: UUID
    account: ExportedAccount | None
    groups: list[DataGroup] = Field(max_length=50)
    recipients: list[RecipientRead] = Field(max_length=1000)
    accesses: list[ExportedAccess] = Field(max_length=MOST_ROWS)
    has_all_accesses: bool = Field(description="False: there are more than 5 000. / Det finns fler.")
    organisations: list[Named] = Field(max_length=1000)
    programs: list[Named] = Field(max_length=1000)


class ErasureRead(Schema):
    """The protocol of an erasure (raderingsprotokoll): by whose decision and how much, never who."""

    id: UUID
    partner_id: UUID
    legal_ground: ErasureGround
    decision_reference: str | None = Field(max_length=60)
    decided_by_user_id: UUID
    approved_by_user_id: UUID
    erased_at: Instant
    replayed_at: Instant | None = Field(description="When it was done again after a restore. / Efter återställning.")
    counts: dict[str, Annotated[int, COUNT]] = Field(
        max_length=100,
        description="Table and rows, emptied or deleted. / Tabell och rader.",
        examples=[{"guardian": 1}],
    )
