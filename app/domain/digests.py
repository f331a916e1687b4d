"""Which words does the daily digest use? Names of programs and numbers; never what was written in a channel, nor by whom."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from app.domain.reminders import Letter

MOST_LINES = 20


@dataclass(frozen=True)
class Line:
    """One program with something unread."""

    program: str
    address: str
    posts: int
    mentions: int


def write_digest(lines: Sequence[Line]) -> Letter:
    """The letter, in Swedish and English, about these programs (one at least)."""
    ordered = sorted(lines, key=lambda line: (-line.mentions, line.program))
    parts = [_part(language, ordered) for language in ("sv", "en")]
    subject = _texts()["sv"]["subject"].format(count=sum(line.posts for line in lines))
    return Letter(subject, "\n\n***\n\n".join(parts) + "\n")


def _part(language: str, lines: Sequence[Line]) -> str:
    words = _texts()[language]
    told = []
    for line in lines[:MOST_LINES]:
        count = words["one"] if line.posts == 1 else words["many"].format(count=line.posts)
        mentioned = words["mentions"].format(count=line.mentions) if line.mentions else ""
        told.append(f"{line.program}: {count}{mentioned}\n  {line.address}")
    more = len(lines) - MOST_LINES
    rest = [words["more"].format(count=more)] if more > 0 else []
    return "\n".join([words["greeting"], "", *told, *rest, "", *words["end"]])


@cache
def _texts() -> Mapping[str, Any]:
    text = files("app.domain.data").joinpath("digests.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found
