"""How do events become an iCalendar feed (RFC 5545) that calendars subscribe to? The only importer of icalendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar  # noqa: TID251  this is the wrapper
from icalendar import Event as Component  # noqa: TID251  as above

MEDIA_TYPE = "text/calendar"


@dataclass(frozen=True)
class Event:
    """One entry; `starts` is an instant, or a day for something that has no hour."""

    uid: str
    summary: str
    starts: datetime | date
    minutes: int
    changed_at: datetime
    sequence: int
    description: str = ""
    location: str = ""
    url: str = ""
    is_cancelled: bool = False


def calendar(name: str, language: str, events: Iterable[Event], refresh_hours: int) -> bytes:
    """The feed as bytes; times in UTC, so that no time zone has to be described."""
    feed = Calendar()
    feed.add("prodid", f"-//Mentorskap//{language.upper()}")
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", name)
    feed.add("refresh-interval", timedelta(hours=refresh_hours), parameters={"VALUE": "DURATION"})
    for event in events:
        feed.add_component(_component(event))
    content: bytes = feed.to_ical()
    return content


def _component(event: Event) -> Component:
    entry = Component()
    entry.add("uid", event.uid)
    entry.add("dtstamp", event.changed_at.astimezone(UTC))
    entry.add("last-modified", event.changed_at.astimezone(UTC))
    entry.add("sequence", event.sequence)
    entry.add("class", "PRIVATE")
    entry.add("summary", event.summary)
    if event.description:
        entry.add("description", event.description)
    if event.location:
        entry.add("location", event.location)
    if event.url:
        entry.add("url", event.url)
    if event.is_cancelled:
        entry.add("status", "CANCELLED")
    if isinstance(event.starts, datetime):
        entry.add("dtstart", event.starts.astimezone(UTC))
        entry.add("duration", timedelta(minutes=event.minutes))
    else:
        entry.add("dtstart", event.starts)
        entry.add("transp", "TRANSPARENT")  # a day by which something is due takes nobody's time
    return entry
