"""Which contacts are planned, and what was answered? Personal: the answers."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Column, Index, text
from sqlmodel import Field

from app.domain.follow_ups import AnswerCorrectionReason, FollowUpKind, WaiverReason
from app.domain.glossary import Side
from app.domain.lifecycles import FollowUpStatus
from app.domain.reminders import LetterKind, LetterStatus, Rung
from app.domain.roles import Permission
from app.features.access.tables import InProgram, Reach
from app.kit.columns import INSTANT, JSON, Row, choice
from app.kit.problems import CONSTRAINT_CODES

CONSTRAINT_CODES |= {
    "uq_follow_up_version_follow_up_id_number": "resource.changed_meanwhile",
    "uq_reminder_follow_up_id_due_on_rung_user_id": "resource.changed_meanwhile",
    "uq_program_questionnaire_number": "resource.changed_meanwhile",
}


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
    moved_from: date | None = Field(default=None, description="The day that was planned, when it has been moved.")
    lead_days: int = Field(default=7, description="Days before `due_on` from which it is due.")
    grace_days: int = Field(default=14, description="Days after `due_on` before it is missed.")
    status: FollowUpStatus = Field(default=FollowUpStatus.PLANNED, sa_type=choice(FollowUpStatus))
    done_on: date | None = None
    submitted_at: datetime | None = Field(default=None, sa_type=INSTANT)
    submitted_by_user_id: UUID | None = Field(default=None, foreign_key="user_account.id")
    is_answered_in_person: bool = Field(default=False, description="By the person; else by staff that asked.")
    answer_number: int = Field(default=0, description="0: not answered, 1: the first answer, 2: corrected once …")
    questionnaire_version: int | None = None
    program_questionnaire_id: UUID | None = Field(default=None, foreign_key="program_questionnaire.id")
    answers: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    waived_reason: WaiverReason | None = Field(default=None, sa_type=choice(WaiverReason))


class FollowUpVersion(InProgram, table=True):
    """An answer as it was before it was corrected (rättad). Never changed; reached as the follow-up is."""

    __tablename__ = "follow_up_version"
    __table_args__ = (Index("uq_follow_up_version_follow_up_id_number", "follow_up_id", "number", unique=True),)
    reach: ClassVar[Reach] = Reach(
        Permission.FOLLOW_UP_READ,
        persons=("participant_id",),
        concealed=("mentor_participant_id", "mentee_participant_id"),
    )

    follow_up_id: UUID = Field(foreign_key="follow_up.id")
    participant_id: UUID | None = Field(default=None, foreign_key="participant.id", index=True)
    mentor_participant_id: UUID | None = Field(default=None, foreign_key="participant.id")
    mentee_participant_id: UUID | None = Field(default=None, foreign_key="participant.id")
    number: int
    done_on: date
    submitted_at: datetime = Field(sa_type=INSTANT)
    submitted_by_user_id: UUID = Field(foreign_key="user_account.id")
    is_answered_in_person: bool = False
    questionnaire_version: int
    program_questionnaire_id: UUID | None = Field(default=None, foreign_key="program_questionnaire.id")
    answers: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    correction_reason: AnswerCorrectionReason = Field(sa_type=choice(AnswerCorrectionReason, "correctionreason"))
    corrected_at: datetime = Field(sa_type=INSTANT)
    corrected_by_user_id: UUID = Field(foreign_key="user_account.id")


class Reminder(InProgram, table=True):
    """That a follow-up was reminded of, on which rung of the ladder, to whom. One for each; reached as the follow-up is."""

    __tablename__ = "reminder"
    __table_args__ = (
        Index("uq_reminder_follow_up_id_due_on_rung_user_id", "follow_up_id", "due_on", "rung", "user_id", unique=True),
    )
    reach: ClassVar[Reach] = Reach(
        Permission.FOLLOW_UP_READ,
        persons=("participant_id",),
        concealed=("mentor_participant_id", "mentee_participant_id"),
    )

    follow_up_id: UUID = Field(foreign_key="follow_up.id")
    participant_id: UUID | None = Field(default=None, foreign_key="participant.id", index=True)
    mentor_participant_id: UUID | None = Field(default=None, foreign_key="participant.id")
    mentee_participant_id: UUID | None = Field(default=None, foreign_key="participant.id")
    due_on: date = Field(description="The day that it was about: a moved follow-up has a ladder of its own.")
    rung: Rung = Field(sa_type=choice(Rung))
    user_id: UUID = Field(foreign_key="user_account.id", description="To whom.")
    letter_id: UUID = Field(foreign_key="letter.id", index=True)


class Letter(Row, table=True):
    """A letter to one user about one program, from the transaction that decided it until the mail server has it.

    Holds no text and no address: both are made when it goes. Read by the job only.
    """

    __tablename__ = "letter"
    __table_args__ = (Index("ix_letter_next_at", "next_at", postgresql_where=text("status in ('queued', 'sending')")),)
    is_recorded: ClassVar[bool] = False  # the reminders that it carries are

    user_id: UUID = Field(foreign_key="user_account.id")
    program_id: UUID = Field(foreign_key="program.id")
    kind: LetterKind = Field(sa_type=choice(LetterKind))
    status: LetterStatus = Field(default=LetterStatus.QUEUED, sa_type=choice(LetterStatus))
    attempts: int = 0
    next_at: datetime = Field(
        sa_type=INSTANT, description="Not before; while it is being sent: when somebody else may."
    )
    sent_at: datetime | None = Field(default=None, sa_type=INSTANT)


class ProgramQuestionnaire(InProgram, table=True):
    """What a program asks besides the shipped questions of a kind, by version. Nothing personal; owned by the program.

    Never changed: the next version is published instead, and answers keep the one they were asked with.
    """

    __tablename__ = "program_questionnaire"
    __table_args__ = (
        Index(
            "uq_program_questionnaire_number",
            "program_id",
            "kind",
            "side",
            "number",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )
    reach: ClassVar[Reach] = Reach(Permission.PROGRAM_READ, by_publication=True)

    kind: FollowUpKind = Field(sa_type=choice(FollowUpKind))
    side: Side | None = Field(default=None, sa_type=choice(Side), description="Only of exits: which side is asked.")
    number: int = Field(description="1, 2, 3 … per kind and side.")
    since_on: date = Field(description="Asked in follow-ups that open on this day or later.")
    base_version: int = Field(description="The shipped version that comes first.")
    questions: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    published_by_user_id: UUID = Field(foreign_key="user_account.id")
