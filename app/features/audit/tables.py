"""What is kept of the seals over the logs, and of the reviews that were signed? Both append-only."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, LargeBinary
from sqlmodel import Field, SQLModel

from app.domain.access_reviews import ReviewFinding
from app.domain.roles import Permission
from app.features.access.tables import Guarded, Reach
from app.kit.columns import INSTANT, choice
from app.kit.problems import CONSTRAINT_CODES

CONSTRAINT_CODES |= {"uq_access_review_signature_partner_id_month": "access_review.already_signed"}


def _place() -> Column[int]:
    return Column(BigInteger, nullable=False)


class AuditSeal(SQLModel, table=True):
    """A checkpoint over both logs, as `domain/seals.py` spells it. Belongs to the installation; tells of nobody.

    `leaves` is the list of entries whose tree has `tree_root`: with it a changed row is named, not only its checkpoint.
    """

    __tablename__ = "audit_seal"
    is_recorded: ClassVar[bool] = False

    number: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    at: datetime = Field(sa_type=INSTANT, index=True)
    format: int
    previous_root: str = Field(max_length=64)
    access_xact_id: int = Field(sa_column=_place())
    access_id: int = Field(sa_column=_place())
    access_count: int
    change_xact_id: int = Field(sa_column=_place())
    change_id: int = Field(sa_column=_place())
    change_count: int
    tree_root: str = Field(max_length=64)
    root: str = Field(max_length=64)
    kid: str = Field(max_length=64)
    signature: str = Field(max_length=100)
    leaves: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class AccessReviewSignature(Guarded, table=True):
    """Somebody responsible at a partner has gone through the sample and the anomalies of a month."""

    __tablename__ = "access_review_signature"
    __table_args__ = (Index("uq_access_review_signature_partner_id_month", "partner_id", "month", unique=True),)
    reach: ClassVar[Reach] = Reach(Permission.ACCESS_REVIEW_READ, program=None, holders=("partner_id",))

    partner_id: UUID = Field(foreign_key="partner.id")
    month: str = Field(max_length=7)
    finding: ReviewFinding = Field(sa_type=choice(ReviewFinding))
    seal_number: int = Field(sa_column=_place())
    """The checkpoint whose root drew the sample."""
    signed_by_user_id: UUID = Field(foreign_key="user_account.id")
    signed_at: datetime = Field(sa_type=INSTANT)
