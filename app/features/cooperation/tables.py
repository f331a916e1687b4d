"""What do partners say to each other, when do they meet, and how far has each of them read?

Nothing here is about participants, and nothing here may be: texts are between colleagues. Row-level security keeps a
program's conversation to the partners that work in it all the same.
"""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.domain.cooperation import MOST_TEXT, DigestChoice, MeetingAnswer, PostKind
from app.domain.reminders import LetterStatus
from app.domain.roles import Permission
from app.features.access.tables import InProgram, Reach
from app.kit.columns import INSTANT, JSON, Row, choice
from app.kit.problems import CONSTRAINT_CODES

CONSTRAINT_CODES |= {"uq_channel_read_mark_user_id_program_id": "resource.changed_meanwhile"}
CONSTRAINT_CODES |= {"uq_digest_setting_user_id": "resource.changed_meanwhile"}


class ChannelPost(InProgram, table=True):
    """A post (inlägg) in a program's channel (samverkanskanal), or a reply to one. Owned by the program.

    `number` counts 1, 2, 3 … in the program, in the order of commits: whoever posts holds the program's row. Of a
    withdrawn post nothing but the place stays.
    """

    __tablename__ = "channel_post"
    __table_args__ = (
        Index("uq_channel_post_program_id_number", "program_id", "number", unique=True),
        CheckConstraint("(kind = 'reply') = (reply_to_id is not null)", name="reply"),
    )
    reach: ClassVar[Reach] = Reach(Permission.CHANNEL_READ, authors=("author_user_id",))

    number: int
    kind: PostKind = Field(sa_type=choice(PostKind))
    reply_to_id: UUID | None = Field(default=None, foreign_key="channel_post.id", index=True)
    joint_meeting_id: UUID | None = Field(default=None, foreign_key="joint_meeting.id", index=True)
    partner_id: UUID = Field(foreign_key="partner.id", description="The author's, when it was written.")
    author_user_id: UUID = Field(foreign_key="user_account.id", index=True)
    body: str = Field(max_length=MOST_TEXT)
    links: list[dict[str, str]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    mentioned_user_ids: list[UUID] = Field(default_factory=list, sa_column=Column(ARRAY(Uuid), nullable=False))
    mentioned_partner_ids: list[UUID] = Field(default_factory=list, sa_column=Column(ARRAY(Uuid), nullable=False))
    revision: int = Field(default=1, description="1 until it is edited.")
    edited_at: datetime | None = Field(default=None, sa_type=INSTANT)
    withdrawn_at: datetime | None = Field(default=None, sa_type=INSTANT)


class ChannelPostVersion(InProgram, table=True):
    """What a post said until it was edited. Owned by the program; gone when the post is withdrawn."""

    __tablename__ = "channel_post_version"
    __table_args__ = (Index("uq_channel_post_version_post_id_number", "post_id", "number", unique=True),)
    reach: ClassVar[Reach] = Reach(Permission.CHANNEL_READ)

    post_id: UUID = Field(foreign_key="channel_post.id")
    number: int = Field(description="The revision that it was.")
    body: str = Field(max_length=MOST_TEXT)
    links: list[dict[str, str]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    replaced_at: datetime = Field(sa_type=INSTANT)


class ChannelReadMark(Row, table=True):
    """How far somebody has read in a program's channel. Belongs to the account."""

    __tablename__ = "channel_read_mark"
    __table_args__ = (Index("uq_channel_read_mark_user_id_program_id", "user_id", "program_id", unique=True),)
    is_recorded: ClassVar[bool] = False  # what somebody has read is nobody else's business, and no history

    user_id: UUID = Field(foreign_key="user_account.id")
    program_id: UUID = Field(foreign_key="program.id", index=True)
    last_number: int = 0


class DigestSetting(Row, table=True):
    """When somebody wants the daily digest; without a row: daily. Belongs to the account."""

    __tablename__ = "digest_setting"
    __table_args__ = (Index("uq_digest_setting_user_id", "user_id", unique=True),)

    user_id: UUID = Field(foreign_key="user_account.id")
    digest: DigestChoice = Field(default=DigestChoice.DAILY, sa_type=choice(DigestChoice))


class Digest(Row, table=True):
    """A day's digest to one user, from the transaction that decided it until the mail server has it.

    Holds no text and no address: both are made when it goes. `told` is the newest number by program that it tells of.
    """

    __tablename__ = "digest"
    __table_args__ = (
        Index("uq_digest_user_id_digest_on", "user_id", "digest_on", unique=True),
        Index("ix_digest_next_at", "next_at", postgresql_where=text("status in ('queued', 'sending')")),
    )
    is_recorded: ClassVar[bool] = False  # it tells of posts; those are recorded

    user_id: UUID = Field(foreign_key="user_account.id")
    digest_on: date
    told: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    status: LetterStatus = Field(default=LetterStatus.QUEUED, sa_type=choice(LetterStatus))
    attempts: int = 0
    next_at: datetime = Field(
        sa_type=INSTANT, description="Not before; while it is being sent: when somebody else may."
    )
    sent_at: datetime | None = Field(default=None, sa_type=INSTANT)


class JointMeeting(InProgram, table=True):
    """A meeting (samverkansmöte) of the partners of a program. Owned by the program, held by the partner that calls it."""

    __tablename__ = "joint_meeting"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="times"),)
    reach: ClassVar[Reach] = Reach(Permission.JOINT_MEETING_READ, holders=("partner_id",))

    partner_id: UUID = Field(foreign_key="partner.id", index=True)
    planned_by_user_id: UUID = Field(foreign_key="user_account.id")
    title: str = Field(max_length=200)
    starts_at: datetime = Field(sa_type=INSTANT, index=True)
    ends_at: datetime = Field(sa_type=INSTANT)
    place: str | None = Field(default=None, max_length=200)
    url: str | None = Field(default=None, max_length=2000)
    agenda: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    minutes_url: str | None = Field(default=None, max_length=2000)
    revision: int = Field(default=1, description="1 until it is changed.")
    cancelled_at: datetime | None = Field(default=None, sa_type=INSTANT)


class JointMeetingVersion(InProgram, table=True):
    """What was planned until it was changed, and by whom it was. Owned by the program; never changed."""

    __tablename__ = "joint_meeting_version"
    __table_args__ = (Index("uq_joint_meeting_version_meeting_id_number", "joint_meeting_id", "number", unique=True),)
    reach: ClassVar[Reach] = Reach(Permission.JOINT_MEETING_READ)

    joint_meeting_id: UUID = Field(foreign_key="joint_meeting.id")
    number: int = Field(description="The revision that it was.")
    title: str = Field(max_length=200)
    starts_at: datetime = Field(sa_type=INSTANT)
    ends_at: datetime = Field(sa_type=INSTANT)
    place: str | None = Field(default=None, max_length=200)
    url: str | None = Field(default=None, max_length=2000)
    agenda: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    minutes_url: str | None = Field(default=None, max_length=2000)
    invited_partner_ids: list[UUID] = Field(default_factory=list, sa_column=Column(ARRAY(Uuid), nullable=False))
    replaced_at: datetime = Field(sa_type=INSTANT)
    replaced_by_user_id: UUID = Field(foreign_key="user_account.id")


class JointMeetingInvitation(InProgram, table=True):
    """A partner that is invited, and what it has answered. Owned by the program."""

    __tablename__ = "joint_meeting_invitation"
    __table_args__ = (
        Index("uq_joint_meeting_invitation_meeting_id_partner_id", "joint_meeting_id", "partner_id", unique=True),
    )
    reach: ClassVar[Reach] = Reach(Permission.JOINT_MEETING_READ)

    joint_meeting_id: UUID = Field(foreign_key="joint_meeting.id")
    partner_id: UUID = Field(foreign_key="partner.id", index=True)
    answer: MeetingAnswer | None = Field(default=None, sa_type=choice(MeetingAnswer))
    answered_at: datetime | None = Field(default=None, sa_type=INSTANT)
    answered_by_user_id: UUID | None = Field(default=None, foreign_key="user_account.id")
