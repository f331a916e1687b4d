"""Can calendars read the feed, and does it say each thing once?"""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import icalendar  # noqa: TID251  to read as a calendar does

from app.kit.calendars import Event, calendar

CHANGED = datetime(2026, 3, 2, 9, tzinfo=UTC)
MEETING = Event(
    uid="1@mentorskap",
    summary="Träff; med, din mentor",
    starts=datetime(2026, 3, 9, 17, 30, tzinfo=timezone(timedelta(hours=1))),
    minutes=90,
    changed_at=CHANGED,
    sequence=2,
    description="Videosamtal",
)
DUE = Event("2@mentorskap", "Avstämning", date(2026, 3, 12), 0, CHANGED, 0)


def test_a_meeting_has_an_hour_and_what_is_due_a_day() -> None:
    read: Any = icalendar.Calendar.from_ical(calendar("Mentorskap", "sv", [MEETING, DUE], 4))
    meeting, due = read.walk("VEVENT")
    assert str(meeting["summary"]) == MEETING.summary
    assert meeting["dtstart"].dt == datetime(2026, 3, 9, 16, 30, tzinfo=UTC)
    assert (meeting["duration"].dt, int(meeting["sequence"])) == (timedelta(minutes=90), 2)
    assert (str(meeting["class"]), str(meeting["description"])) == ("PRIVATE", "Videosamtal")
    assert (due["dtstart"].dt, str(due["transp"])) == (date(2026, 3, 12), "TRANSPARENT")
    assert "description" not in due
    assert (str(read["version"]), str(read["x-wr-calname"])) == ("2.0", "Mentorskap")


def test_lines_are_those_of_the_standard() -> None:
    content = calendar("Mentorskap", "sv", [MEETING], 4)
    lines = content.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert b"DTSTART:20260309T163000Z" in lines
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT4H" in lines
    assert max(map(len, lines)) <= 75


def test_nothing_planned_is_a_calendar_too() -> None:
    assert icalendar.Calendar.from_ical(calendar("Mentorskap", "en", [], 4)).walk("VEVENT") == []
