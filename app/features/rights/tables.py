"""What has a person asked for, what came of it, and what is known of those who were erased?"""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlmodel import Field

from app.domain.lifecycles import DataRequestStatus
from app.domain.rights import DataRequestKind, ErasureGround, ExtensionReason, RefusalGround
from app.domain.roles import Permission
from app.features.access.tables import Guarded, Reach
from app.kit.columns import INSTANT, JSON, Row, choice
from app.kit.problems import CONSTRAINT_CODES

CONSTRAINT_CODES |= {"uq_data_request_open": "data_request.already_open"}


class DataRequest(Guarded, table=True):
    """What a person asked of the partner that holds their record. Codes only: no text about anybody.

    The row is kept when the person is erased: it then names a record without a person in it.
    """

    __tablename__ = "data_request"
    __table_args__ = (
        Index(
            "uq_data_request_open",
            "participant_id",
            "kind",
            unique=True,
            postgresql_where=text("status in ('received', 'assessed', 'granted')"),
        ),
        CheckConstraint("due_on > received_on", name="days"),
    )
    reach: ClassVar[Reach] = Reach(
        Permission.DATA_REQUEST_READ, program=None, holders=("partner_id",), persons=("participant_id",)
    )

    partner_id: UUID = Field(foreign_key="partner.id", index=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    kind: DataRequestKind = Field(sa_type=choice(DataRequestKind))
    status: DataRequestStatus = Field(default=DataRequestStatus.RECEIVED, sa_type=choice(DataRequestStatus))
    received_on: date
    due_on: date
    extension_reason: ExtensionReason | None = Field(default=None, sa_type=choice(ExtensionReason))
    requested_by_user_id: UUID = Field(foreign_key="user_account.id")
    assessed_by_user_id: UUID | None = Field(default=None, foreign_key="user_account.id")
    assessed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    decided_by_user_id: UUID | None = Field(default=None, foreign_key="user_account.id")
    decided_at: datetime | None = Field(default=None, sa_type=INSTANT)
    legal_ground: ErasureGround | None = Field(default=None, sa_type=choice(ErasureGround))
    refusal_ground: RefusalGround | None = Field(default=None, sa_type=choice(RefusalGround))
    decision_reference: str | None = Field(default=None, max_length=60, description="Gallringsbeslutets beteckning.")
    approved_by_user_id: UUID | None = Field(default=None, foreign_key="user_account.id")
    approved_at: datetime | None = Field(default=None, sa_type=INSTANT)
    executed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    trace_id: str = Field(max_length=32, description="Of the request that last gave a job work.")


class DataExport(Row, table=True):
    """What was put together for a person who asked for it; removed after some days, and when the person is concealed."""

    __tablename__ = "data_export"
    is_recorded: ClassVar[bool] = False  # a copy of what is stored elsewhere; that it was made is said of the request

    data_request_id: UUID = Field(foreign_key="data_request.id", unique=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    expires_at: datetime = Field(sa_type=INSTANT, index=True)


class Erasure(Guarded, table=True):
    """That somebody was erased, by whose decision (protokoll), and the ledger entry by which it is done again.

    No id of the person: a keyed digest of it, which nothing but a restored record gives again. The users and the request
    are named without foreign keys: a restored database may lack them.
    """

    __tablename__ = "erasure"
    reach: ClassVar[Reach] = Reach(Permission.ERASURE_READ, program=None, holders=("partner_id",))

    partner_id: UUID = Field(foreign_key="partner.id", index=True)
    person_digest: str = Field(max_length=64, unique=True)
    legal_ground: ErasureGround = Field(sa_type=choice(ErasureGround))
    decision_reference: str | None = Field(default=None, max_length=60)
    decided_by_user_id: UUID
    approved_by_user_id: UUID
    erased_at: datetime = Field(sa_type=INSTANT)
    counts: dict[str, int] = Field(sa_column=Column(JSON, nullable=False))
    replayed_at: datetime | None = Field(
        default=None, sa_type=INSTANT, description="Of what a restore had brought back."
    )
