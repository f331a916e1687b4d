"""How are posts in a channel, read marks and the digest spoken of over the wire?"""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.cooperation import MOST_LINKS, MOST_MENTIONS, MOST_TEXT, DigestChoice, PostKind, ThreadKind
from app.domain.roles import Role
from app.kit import text
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema

COUNT = 2**31 - 1
Number = Annotated[int, Field(ge=0, le=COUNT)]
Url = Annotated[
    str, text.name(2000), Field(examples=["https://nacka.example/underlag"], json_schema_extra={"format": "uri"})
]
Body = Annotated[
    str,
    text.text(MOST_TEXT, min_length=1),
    Field(
        description=(
            "Plain text. Nothing about participants: no names, no health, no identity numbers."
            " / Ren text. Inget om deltagare: inga namn, inget om hälsa, inga personnummer."
        ),
        examples=["Vi öppnar nästa omgång i mars."],
    ),
]


class Link(Schema):
    """A file or page by its address (https); files are not uploaded here."""

    title: Annotated[str, text.name(120), Field(examples=["Underlag"])]
    url: Url


Links = Annotated[list[Link], Field(max_length=MOST_LINKS)]
Mentions = Annotated[list[UUID], Field(max_length=MOST_MENTIONS)]


class ReplyCreate(Schema):
    """A reply. Only users and partners in the channel can be mentioned."""

    body: Body
    links: Links = Field(default_factory=list)
    mentioned_user_ids: Mentions = Field(default_factory=list)
    mentioned_partner_ids: Mentions = Field(default_factory=list)


class PostCreate(ReplyCreate):
    """A post; a decision is listed as such. `jointMeetingId` says at which joint meeting it was taken or is for."""

    kind: ThreadKind = ThreadKind.POST
    joint_meeting_id: UUID | None = None


class PostPatch(Schema):
    """Another text, other links; what it said before is kept."""

    body: Body | None = None
    links: Links | None = None


class PostRead(Schema):
    """A post or reply. Of a withdrawn one the place is left; a name is null when it may not be told."""

    id: UUID
    version: int = Field(ge=1)
    program_id: UUID
    number: int = Field(ge=1, le=COUNT, description="Its place in the channel. / Platsen i kanalen.")
    kind: PostKind
    reply_to_id: UUID | None
    joint_meeting_id: UUID | None
    author_user_id: UUID
    author_name: str | None = Field(max_length=120)
    partner_id: UUID
    partner_name: str = Field(max_length=120)
    body: str = Field(max_length=MOST_TEXT)
    links: list[Link] = Field(max_length=MOST_LINKS)
    mentioned_user_ids: Mentions
    mentioned_partner_ids: Mentions
    mentions_me: bool = Field(description="Me, or my organisation. / Mig eller min organisation.")
    is_unread: bool
    reply_count: Number
    revision: int = Field(ge=1)
    edited_at: Instant | None
    withdrawn_at: Instant | None
    created_at: Instant
    updated_at: Instant


class PostQuery(PageQuery):
    kind: PostKind | None = Field(None, description="Only these, for example decisions. / Endast detta slag.")
    joint_meeting_id: UUID | None = Field(None, description="Only of this meeting. / Endast från detta möte.")
    is_unread: bool | None = Field(
        None, description="Only what I have not read, or have. / Endast olästa, eller lästa."
    )
    mentions_me: bool | None = Field(None, description="Only with me or my organisation. / Endast där jag nämns.")


class PostVersionRead(Schema):
    """What a post said until it was edited."""

    number: int = Field(ge=1)
    body: str = Field(max_length=MOST_TEXT)
    links: list[Link] = Field(max_length=MOST_LINKS)
    replaced_at: Instant


class ChannelMember(Schema):
    """A colleague in the channel, who can be mentioned."""

    user_id: UUID
    name: str = Field(max_length=120)
    role: Role
    partner_id: UUID
    partner_name: str = Field(max_length=120)


class ReadMarkUpdate(Schema):
    """The number of the last post that was read."""

    last_read_number: Number


class ReadMarkRead(Schema):
    """How far you have read; one's own posts are never unread."""

    last_read_number: Number
    newest_number: Number
    unread_count: Number
    unread_mention_count: Number


class DigestSettingRead(Schema):
    """When you get the daily digest by mail."""

    digest: DigestChoice


class DigestSettingUpdate(DigestSettingRead):
    """When you want the daily digest by mail."""
