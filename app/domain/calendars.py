"""What do the entries of a person's calendar say? Never a name: calendars live on servers of others."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from app.domain.follow_ups import FollowUpKind
from app.domain.glossary import MeetingMode, Side

LANGUAGES = ("sv", "en")
REFRESH_HOURS = 4
KEPT_DAYS = 30
"""How long what has passed stays in the feed."""


@cache
def _texts() -> Mapping[str, Any]:
    text = files("app.domain.data").joinpath("calendar.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


def calendar_name(language: str) -> str:
    return str(_texts()[language]["name"])


def meeting_summary(own: Side, language: str) -> str:
    """A meeting, told to the person of that side: with their mentor, or with their mentee."""
    return str(_texts()[language]["meeting"][own])


def meeting_description(mode: MeetingMode, language: str) -> str:
    return str(_texts()[language]["modes"][mode])


def follow_up_summary(kind: FollowUpKind, language: str) -> str:
    """What is due, by kind; a kind without words of its own is a follow-up."""
    kinds = _texts()[language]["followUps"]
    return str(kinds.get(kind.value, kinds["*"]))
