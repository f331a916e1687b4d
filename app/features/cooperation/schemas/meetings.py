"""How are joint meetings spoken of over the wire?"""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.cooperation import MOST_AGENDA, MOST_INVITED, MeetingAnswer
from app.features.cooperation.schemas.channels import Url
from app.kit import text
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema

Title = Annotated[
    str,
    text.name(200),
    Field(description="Nothing about participants. / Inget om deltagare.", examples=["Styrgrupp, Yrkesmentor"]),
]
Place = Annotated[str, text.name(200), Field(examples=["Stadshuset, rum Jarlen"])]
Invited = Annotated[list[UUID], Field(max_length=MOST_INVITED)]


class AgendaItem(Schema):
    """A point on the agenda, and the partner that prepares it."""

    text: Annotated[str, text.name(500), Field(examples=["Nästa omgång"])]
    responsible_partner_id: UUID | None = None


Agenda = Annotated[list[AgendaItem], Field(max_length=MOST_AGENDA)]


class JointMeetingCreate(Schema):
    """A meeting at a place, by a link, or both. Without `invitedPartnerIds` every partner in the channel is invited."""

    title: Title
    starts_at: Instant
    ends_at: Instant
    place: Place | None = None
    url: Url | None = None
    agenda: Agenda = Field(default_factory=list)
    invited_partner_ids: Invited | None = None


class JointMeetingPatch(Schema):
    """What is otherwise than planned, and where the minutes are; what was planned before is kept."""

    title: Title | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    place: Place | None = None
    url: Url | None = None
    agenda: Agenda | None = None
    minutes_url: Url | None = None
    invited_partner_ids: Invited | None = None


class AnswerCreate(Schema):
    """Whether your organisation comes; a new answer replaces the one before."""

    answer: MeetingAnswer


class InvitationRead(Schema):
    """An invited partner and its answer, if it has given one."""

    partner_id: UUID
    partner_name: str = Field(max_length=120)
    answer: MeetingAnswer | None
    answered_at: Instant | None


class JointMeetingRead(Schema):
    """A joint meeting with its agenda and who is invited."""

    id: UUID
    version: int = Field(ge=1)
    program_id: UUID
    partner_id: UUID = Field(description="The partner that calls the meeting. / Den som kallar.")
    title: str = Field(max_length=200)
    starts_at: Instant
    ends_at: Instant
    place: str | None = Field(max_length=200)
    url: str | None = Field(max_length=2000)
    agenda: list[AgendaItem] = Field(max_length=MOST_AGENDA)
    minutes_url: str | None = Field(max_length=2000)
    invitations: list[InvitationRead] = Field(max_length=MOST_INVITED)
    revision: int = Field(ge=1)
    cancelled_at: Instant | None
    created_at: Instant
    updated_at: Instant


class JointMeetingVersionRead(Schema):
    """What was planned until it was changed."""

    number: int = Field(ge=1)
    title: str = Field(max_length=200)
    starts_at: Instant
    ends_at: Instant
    place: str | None = Field(max_length=200)
    url: str | None = Field(max_length=2000)
    agenda: list[AgendaItem] = Field(max_length=MOST_AGENDA)
    minutes_url: str | None = Field(max_length=2000)
    invited_partner_ids: list[UUID] = Field(max_length=MOST_INVITED)
    replaced_at: Instant
    replaced_by_user_id: UUID


class JointMeetingQuery(PageQuery):
    is_upcoming: bool | None = Field(
        None, description="Only those not yet over nor cancelled, or only the others. / Endast kommande, eller övriga."
    )
