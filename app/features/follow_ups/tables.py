"""Which contacts are planned, and what was answered? Personal: the answers."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Column
from sqlmodel import Field

from app.domain.follow_ups import FollowUpKind, WaiverReason
from app.domain.glossary import Side
from app.domain.lifecycles import FollowUpStatus
from app.domain.roles import Permission
from app.features.access.tables import InProgram, Reach
from app.kit.columns import INSTANT, JSON, choice


class FollowUp(InProgram, table=True):
    """A planned contact about a match: with whom, due when, answered how. Owned by the program.

    Stored states are planned, done, waived and corrected; due and missed follow from the day it is read.
    """

    __tablename__ = "follow_up"
    reach: ClassVar[Reach] = Reach(
        Permission.FOLLOW_UP_READ,
        persons=("participant_id",),
        concealed=("mentor_participant_id", "mentee_participant_id"),
    )

    match_id: UUID = Field(foreign_key="match.id", index=True)
    enrolment_id: UUID | None = Field(default=None, foreign_key="enrolment.id")
    participant_id: UUID | None = Field(default=None, foreign_key="participant.id", index=True)
    mentor_participant_id: UUID | None = Field(default=None, foreign_key="participant.id")
    mentee_participant_id: UUID | None = Field(default=None, foreign_key="participant.id")
    kind: FollowUpKind = Field(sa_type=choice(FollowUpKind))
    side: Side | None = Field(default=None, sa_type=choice(Side), description="None: with both sides together.")
    due_on: date = Field(index=True)
    lead_days: int = Field(default=7, description="Days before `due_on` from which it is due.")
    grace_days: int = Field(default=14, description="Days after `due_on` before it is missed.")
    status: FollowUpStatus = Field(default=FollowUpStatus.PLANNED, sa_type=choice(FollowUpStatus))
    done_on: date | None = None
    submitted_at: datetime | None = Field(default=None, sa_type=INSTANT)
    submitted_by_user_id: UUID | None = Field(default=None, foreign_key="user_account.id")
    questionnaire_version: int | None = None
    answers: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    waived_reason: WaiverReason | None = Field(default=None, sa_type=choice(WaiverReason))
