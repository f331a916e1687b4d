"""Who may handle people with protected identity? A clearance takes two people and runs out."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from app.domain.lifecycles import ClearanceStatus
from app.domain.roles import Permission
from app.features.access.tables import Guarded, Reach
from app.kit.columns import INSTANT, choice
from app.kit.problems import CONSTRAINT_CODES

CONSTRAINT_CODES |= {"uq_clearance_open": "clearance.already_open"}


class Clearance(Guarded, table=True):
    """A user may handle the protected people of one partner until a day. Proposed by one, approved by another there.

    Belongs to the partner whose people it opens; the user may be another partner's. What has run out stays `approved`
    with a last day that has passed.
    """

    __tablename__ = "clearance"
    __table_args__ = (
        Index(
            "uq_clearance_open",
            "user_id",
            "partner_id",
            unique=True,
            postgresql_where=text("status = 'proposed'"),
        ),
        Index("ix_clearance_user_id", "user_id", postgresql_where=text("status = 'approved'")),
    )
    reach: ClassVar[Reach] = Reach(Permission.CLEARANCE_READ, program=None, holders=("partner_id",))

    partner_id: UUID = Field(foreign_key="partner.id", index=True)
    user_id: UUID = Field(foreign_key="user_account.id")
    status: ClearanceStatus = Field(default=ClearanceStatus.PROPOSED, sa_type=choice(ClearanceStatus))
    valid_until: date
    proposed_by_user_id: UUID = Field(foreign_key="user_account.id")
    answered_by_user_id: UUID | None = Field(default=None, foreign_key="user_account.id")
    answered_at: datetime | None = Field(default=None, sa_type=INSTANT)
    revoked_by_user_id: UUID | None = Field(default=None, foreign_key="user_account.id")
    revoked_at: datetime | None = Field(default=None, sa_type=INSTANT)
