"""Which courses are there, when are they held, and who has completed what? Personal data in the last two tables."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index
from sqlmodel import Field

from app.domain.glossary import AttendanceStatus, MeetingMode, Side
from app.domain.lifecycles import SessionStatus
from app.domain.roles import Permission
from app.features.access.tables import Guarded, InProgram, Reach
from app.kit.columns import INSTANT, JSON, choice
from app.kit.problems import CONSTRAINT_CODES

CONSTRAINT_CODES |= {
    "uq_course_partner_id_title": "course.title_taken",
    "uq_course_version_course_id_number": "course.changed_meanwhile",
    "uq_program_course_program_id_course_id_side": "course.already_in_curriculum",
    "uq_attendance_session_id_enrolment_id": "attendance.already_registered",
    "uq_training_record_session_id_enrolment_id": "training.already_recorded",
    "ck_training_session_period": "session.period_invalid",
}


class Course(Guarded, table=True):
    """A course (kurs) of a partner; its contents are in its versions. `is_shared`: other partners' programs may use it."""

    __tablename__ = "course"
    __table_args__ = (Index("uq_course_partner_id_title", "partner_id", "title", unique=True),)
    reach: ClassVar[Reach] = Reach(Permission.COURSE_READ, program=None, holders=("partner_id",), by_course="id")

    partner_id: UUID = Field(foreign_key="partner.id")
    title: str = Field(max_length=200)
    is_shared: bool = False
    is_active: bool = True


class CourseVersion(Guarded, table=True):
    """What a course contains, versioned; never changed, only followed by the next. Belongs to the course's partner."""

    __tablename__ = "course_version"
    __table_args__ = (
        Index("uq_course_version_course_id_number", "course_id", "number", unique=True),
        CheckConstraint("minutes between 1 and 10000", name="minutes"),
    )
    reach: ClassVar[Reach] = Reach(Permission.COURSE_READ, program=None, holders=("partner_id",), by_course="course_id")

    course_id: UUID = Field(foreign_key="course.id")
    partner_id: UUID = Field(foreign_key="partner.id")
    number: int = Field(description="1, 2, 3 … within the course.")
    language: str = Field(max_length=3)
    description: str = Field(default="", max_length=4000)
    topics: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    minutes: int


class ProgramCourse(InProgram, table=True):
    """A course in a program's curriculum for one side. Owned by the program."""

    __tablename__ = "program_course"
    __table_args__ = (
        Index("uq_program_course_program_id_course_id_side", "program_id", "course_id", "side", unique=True),
    )
    reach: ClassVar[Reach] = Reach(Permission.PROGRAM_READ, side="side", by_publication=True)

    course_id: UUID = Field(foreign_key="course.id", index=True)
    side: Side = Field(sa_type=choice(Side))
    is_required: bool = True


class TrainingSession(Guarded, table=True):
    """An occasion when a version of a course is given (utbildningstillfälle), for people of any program that uses it.

    Belongs to the partner that holds it.
    """

    __tablename__ = "training_session"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="period"),)
    reach: ClassVar[Reach] = Reach(
        Permission.SESSION_READ, program=None, holders=("partner_id",), by_course="course_id"
    )

    partner_id: UUID = Field(foreign_key="partner.id", index=True)
    course_id: UUID = Field(foreign_key="course.id", index=True)
    course_version_id: UUID = Field(foreign_key="course_version.id")
    starts_at: datetime = Field(sa_type=INSTANT)
    ends_at: datetime = Field(sa_type=INSTANT)
    mode: MeetingMode = Field(sa_type=choice(MeetingMode))
    place: str = Field(default="", max_length=200)
    places: int | None = None
    status: SessionStatus = Field(default=SessionStatus.PLANNED, sa_type=choice(SessionStatus))


class Attendance(InProgram, table=True):
    """A person at a training session, from registration to attendance. Owned by the enrolment's program."""

    __tablename__ = "attendance"
    __table_args__ = (
        Index("uq_attendance_session_id_enrolment_id", "session_id", "enrolment_id", unique=True),
        CheckConstraint("minutes between 0 and 10000", name="minutes"),
    )
    reach: ClassVar[Reach] = Reach(
        Permission.ATTENDANCE_READ, side="side", holders=("partner_id",), persons=("participant_id",)
    )

    session_id: UUID = Field(foreign_key="training_session.id")
    enrolment_id: UUID = Field(foreign_key="enrolment.id", index=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    partner_id: UUID = Field(foreign_key="partner.id")
    side: Side = Field(sa_type=choice(Side))
    status: AttendanceStatus = Field(default=AttendanceStatus.REGISTERED, sa_type=choice(AttendanceStatus))
    minutes: int = Field(default=0, description="How long the person was there.")
    recorded_by_user_id: UUID = Field(foreign_key="user_account.id")


class TrainingRecord(InProgram, table=True):
    """A person completed training. Owned by the program, held by `partner_id`.

    A mistaken one is revoked, not removed: who has its certificate can be told that it no longer holds.
    """

    __tablename__ = "training_record"
    __table_args__ = (
        CheckConstraint("minutes between 1 and 100000", name="minutes"),
        Index("uq_training_record_session_id_enrolment_id", "session_id", "enrolment_id", unique=True),
    )
    reach: ClassVar[Reach] = Reach(
        Permission.TRAINING_READ, side="side", holders=("partner_id",), persons=("participant_id",)
    )

    enrolment_id: UUID = Field(foreign_key="enrolment.id", index=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    partner_id: UUID = Field(foreign_key="partner.id")
    side: Side = Field(sa_type=choice(Side))
    course_version_id: UUID | None = Field(default=None, foreign_key="course_version.id", index=True)
    session_id: UUID | None = Field(default=None, foreign_key="training_session.id")
    title: str = Field(max_length=200)
    topics: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    minutes: int
    completed_on: date
    recorded_by_user_id: UUID = Field(foreign_key="user_account.id")
    revoked_at: datetime | None = Field(default=None, sa_type=INSTANT)
