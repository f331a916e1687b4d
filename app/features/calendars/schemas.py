"""How is a calendar feed spoken of over the wire? Its address is told once."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from app.kit.wire import Instant, Schema


class FeedLanguage(StrEnum):
    SV = "sv"
    EN = "en"


class CalendarFeedCreate(Schema):
    """The language of the entries."""

    language: FeedLanguage = FeedLanguage.SV


class CalendarFeedRead(Schema):
    """Your calendar feed, without its address."""

    id: UUID
    version: int = Field(ge=1)
    language: FeedLanguage
    created_at: Instant


class CalendarFeedOpened(CalendarFeedRead):
    """Your new calendar feed. Whoever knows the address reads it: it is shown only now."""

    is_shown_once: ClassVar[bool] = True

    address: str = Field(
        max_length=400,
        examples=["https://mentorskap.example/calendar-feeds/mcf_0123456789abcdef"],
        json_schema_extra={"format": "uri"},
    )
