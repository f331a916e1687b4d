"""Which two people meet, in which state is their match, and when did they meet? Personal by relation: ids only."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlmodel import Field

from app.domain.glossary import ClosureCause, MeetingMode, Side
from app.domain.lifecycles import OPEN_MATCHES, MatchStatus
from app.domain.match_agreements import Signer
from app.domain.matches import DeclineReason, EndedBy, ReopenReason, VoidReason, WithdrawalReason
from app.domain.meetings import MeetingCorrectionReason
from app.domain.roles import Permission
from app.features.access.tables import InProgram, Reach
from app.kit.columns import INSTANT, JSON, choice
from app.kit.problems import CONSTRAINT_CODES

CONSTRAINT_CODES |= {
    "uq_match_mentor_place": "match.no_place_left",
    "uq_match_mentee_open": "match.mentee_already_proposed",
    "ck_meeting_minutes": "meeting.minutes_invalid",
    "uq_meeting_external_id": "meeting.external_id_taken",
    "uq_meeting_revision_meeting_id_number": "meeting.revision_not_latest",
    "uq_match_agreement_text_version": "match.agreement_language_taken",
}
MINUTES = "minutes between 1 and 1440"


class Match(InProgram, table=True):
    """A mentor and a mentee, from proposal to closure. Owned by the program.

    `mentor_place` is the numbered place of the mentor (1 … capacity, across all programs) that this match holds from
    the mentor's acceptance until the match ends; a unique index lets the database decide who gets the last one.
    """

    __tablename__ = "match"
    __table_args__ = (
        Index(
            "uq_match_mentor_place",
            "mentor_participant_id",
            "mentor_place",
            unique=True,
            postgresql_where=text("mentor_place is not null"),
        ),
        Index(
            "uq_match_mentee_open",
            "mentee_enrolment_id",
            unique=True,
            postgresql_where=text(f"status in {OPEN_MATCHES}"),
        ),
        CheckConstraint("mentor_place >= 1", name="mentor_place"),
        CheckConstraint("mentor_participant_id <> mentee_participant_id", name="two_people"),
    )
    reach: ClassVar[Reach] = Reach(
        Permission.MATCH_READ,
        holders=("mentor_partner_id", "mentee_partner_id"),
        persons=("mentor_participant_id", "mentee_participant_id"),
    )

    cohort_id: UUID = Field(foreign_key="cohort.id", index=True)
    run_id: UUID | None = Field(default=None, index=True, description="The run that proposed it, if any.")
    mentor_enrolment_id: UUID = Field(foreign_key="enrolment.id", index=True)
    mentee_enrolment_id: UUID = Field(foreign_key="enrolment.id")
    mentor_participant_id: UUID = Field(foreign_key="participant.id")
    mentee_participant_id: UUID = Field(foreign_key="participant.id", index=True)
    mentor_partner_id: UUID = Field(foreign_key="partner.id", index=True)
    mentee_partner_id: UUID = Field(foreign_key="partner.id", index=True)
    status: MatchStatus = Field(default=MatchStatus.PROPOSED, sa_type=choice(MatchStatus))
    mentor_place: int | None = None
    score: int | None = None
    contributions: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    answer_by: date
    accepted_at: datetime | None = Field(default=None, sa_type=INSTANT)
    mentor_signed_text_id: UUID | None = Field(default=None, foreign_key="match_agreement_text.id")
    mentor_signed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    mentor_signer: Signer | None = Field(default=None, sa_type=choice(Signer, "mentor_signer"))
    mentee_signed_text_id: UUID | None = Field(default=None, foreign_key="match_agreement_text.id")
    mentee_signed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    mentee_signer: Signer | None = Field(default=None, sa_type=choice(Signer, "mentee_signer"))
    mentor_reviewed_at: datetime | None = Field(default=None, sa_type=INSTANT, description="Saw the differences.")
    mentee_reviewed_at: datetime | None = Field(default=None, sa_type=INSTANT, description="Saw the differences.")
    prepared_at: datetime | None = Field(default=None, sa_type=INSTANT)
    started_on: date | None = None
    ends_on: date | None = None
    review_on: date | None = Field(default=None, description="While on hold: the day to look again.")
    closing_on: date | None = Field(default=None, description="While closing: the day it is planned to end.")
    closed_on: date | None = None
    is_ended_early: bool | None = None
    closure_cause: ClosureCause | None = Field(default=None, sa_type=choice(ClosureCause))
    declined_reason: DeclineReason | None = Field(default=None, sa_type=choice(DeclineReason))
    withdrawn_reason: WithdrawalReason | None = Field(default=None, sa_type=choice(WithdrawalReason))
    ended_by: EndedBy | None = Field(default=None, sa_type=choice(EndedBy), description="Who closed or declined it.")
    mentor_may_rematch: bool | None = Field(default=None, description="Decided after the end; None: nothing decided.")
    mentee_may_rematch: bool | None = Field(default=None, description="Decided after the end; None: nothing decided.")
    reopened_on: date | None = Field(default=None, description="The last time, if any.")
    reopened_reason: ReopenReason | None = Field(default=None, sa_type=choice(ReopenReason))
    void_reason: VoidReason | None = Field(default=None, sa_type=choice(VoidReason))


class MatchAgreementText(InProgram, table=True):
    """A version of what the two of a pair agree on (överenskommelse), in a language. Owned by the program.

    With such a text no match of the program starts before both have signed one version.
    """

    __tablename__ = "match_agreement_text"
    __table_args__ = (Index("uq_match_agreement_text_version", "program_id", "number", "language", unique=True),)
    reach: ClassVar[Reach] = Reach(Permission.MATCH_TEXT_READ, by_publication=True)

    language: str = Field(max_length=3)
    number: int = Field(description="1, 2, 3 … per program; translations of a version share it.")
    title: str = Field(max_length=200)
    preamble: str = Field(max_length=2000)
    points: list[str] = Field(sa_column=Column(JSON, nullable=False))


class Meeting(InProgram, table=True):
    """A meeting (träff) of a pair as it is told now; logged by one side or staff, confirmed by the other.

    Owned by the program. What it said before a correction is kept in `meeting_revision`.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint(MINUTES, name="minutes"),
        CheckConstraint("(external_system is null) = (external_id is null)", name="external_pair"),
        Index(
            "uq_meeting_external_id",
            "match_id",
            "external_system",
            "external_id",
            unique=True,
            postgresql_where=text("external_id is not null"),
        ),
    )
    reach: ClassVar[Reach] = Reach(Permission.MEETING_READ, persons=("mentor_participant_id", "mentee_participant_id"))

    match_id: UUID = Field(foreign_key="match.id", index=True)
    mentor_participant_id: UUID = Field(foreign_key="participant.id")
    mentee_participant_id: UUID = Field(foreign_key="participant.id", index=True)
    held_on: date
    minutes: int
    mode: MeetingMode = Field(sa_type=choice(MeetingMode))
    topics: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    logged_side: Side | None = Field(default=None, sa_type=choice(Side), description="None: logged by staff.")
    logged_by_user_id: UUID = Field(foreign_key="user_account.id")
    confirmed_side: Side | None = Field(default=None, sa_type=choice(Side, "confirmed_side"))
    confirmed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    revision: int = Field(default=1, description="1 until it is corrected.")
    external_system: str | None = Field(default=None, max_length=40)
    external_id: str | None = Field(default=None, max_length=120)


class MeetingRevision(InProgram, table=True):
    """What a meeting said until it was corrected, and why it was. Owned by the program; never changed."""

    __tablename__ = "meeting_revision"
    __table_args__ = (
        CheckConstraint(MINUTES, name="minutes"),
        Index("uq_meeting_revision_meeting_id_number", "meeting_id", "number", unique=True),
    )
    reach: ClassVar[Reach] = Reach(Permission.MEETING_READ, persons=("mentor_participant_id", "mentee_participant_id"))

    meeting_id: UUID = Field(foreign_key="meeting.id")
    number: int = Field(description="1 for what was logged first.")
    mentor_participant_id: UUID = Field(foreign_key="participant.id", index=True)
    mentee_participant_id: UUID = Field(foreign_key="participant.id", index=True)
    held_on: date
    minutes: int
    mode: MeetingMode = Field(sa_type=choice(MeetingMode))
    topics: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    logged_side: Side | None = Field(default=None, sa_type=choice(Side))
    logged_by_user_id: UUID = Field(foreign_key="user_account.id")
    confirmed_side: Side | None = Field(default=None, sa_type=choice(Side, "confirmed_side"))
    confirmed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    replaced_at: datetime = Field(sa_type=INSTANT)
    reason: MeetingCorrectionReason = Field(sa_type=choice(MeetingCorrectionReason, "correctionreason"))


class PlannedMeeting(InProgram, table=True):
    """A meeting that a pair has agreed to have; it may be cancelled. Owned by the program."""

    __tablename__ = "planned_meeting"
    __table_args__ = (CheckConstraint(MINUTES, name="minutes"),)
    reach: ClassVar[Reach] = Reach(Permission.MEETING_READ, persons=("mentor_participant_id", "mentee_participant_id"))

    match_id: UUID = Field(foreign_key="match.id", index=True)
    mentor_participant_id: UUID = Field(foreign_key="participant.id", index=True)
    mentee_participant_id: UUID = Field(foreign_key="participant.id", index=True)
    starts_at: datetime = Field(sa_type=INSTANT)
    minutes: int
    mode: MeetingMode = Field(sa_type=choice(MeetingMode))
    planned_side: Side | None = Field(default=None, sa_type=choice(Side), description="None: planned by staff.")
    planned_by_user_id: UUID = Field(foreign_key="user_account.id")
    cancelled_at: datetime | None = Field(default=None, sa_type=INSTANT)
