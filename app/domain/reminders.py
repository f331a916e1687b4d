"""Who is reminded of a follow-up, when, and in which words?

A ladder along the split of responsibility: whoever is to answer, then the partners that support `followUpMatches`, then
the one that is accountable. The days stand in the benchmark profile. No letter names anybody but its reader's own task.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from app.domain.benchmarks import Profile
from app.domain.follow_ups import FollowUpKind
from app.domain.glossary import CefrLevel

MOST_LINES = 20
BOTH = ("sv", "en")
"""The languages of a letter to staff, in its order: of an account no language is known."""


class Rung(StrEnum):
    """Where on the ladder a reminder stands, from the first to the last."""

    AHEAD = "ahead"  # whoever is to answer, before the day
    LATE = "late"  # whoever is to answer, again
    SUPPORTING = "supporting"  # coordinators of the supporting partners
    ACCOUNTABLE = "accountable"  # coordinators of the accountable partner


TO_THE_ANSWERING = frozenset({Rung.AHEAD, Rung.LATE})


class LetterKind(StrEnum):
    """Whom a letter speaks to, and as what."""

    ANSWERING = "answering"  # the person who is to answer
    ASKING = "asking"  # staff that is to ask: nobody can answer by themself
    SUPPORTING = "supporting"
    ACCOUNTABLE = "accountable"

    @classmethod
    def of(cls, rung: Rung, *, is_own: bool) -> "LetterKind":
        """The letter that tells of a rung, to the person themself or to staff."""
        if rung in TO_THE_ANSWERING:
            return cls.ANSWERING if is_own else cls.ASKING
        return cls(rung.value)


class LetterStatus(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"  # given to the mail server, or about to be
    SENT = "sent"  # accepted by the mail server
    DROPPED = "dropped"  # nothing of what it tells was still true when it was to go
    FAILED = "failed"  # refused for good, or too often


def rung_on(due_on: date, today: date, profile: Profile, lead_days: int) -> Rung | None:
    """The rung that a follow-up still open stands on today: of those reached the latest, of one day the highest.

    What was passed over while nobody ran the job is not caught up with: nobody gets three letters at once. Nobody is
    reminded of what cannot be answered yet (`lead_days` before its day).
    """
    days = {
        Rung.AHEAD: -min(profile.number("remindAheadDays"), lead_days),
        Rung.LATE: profile.number("remindLateDays"),
        Rung.SUPPORTING: profile.number("escalateSupportingDays"),
        Rung.ACCOUNTABLE: profile.number("escalateAccountableDays"),
    }
    order = list(Rung)
    reached = [rung for rung, after in days.items() if due_on + timedelta(days=after) <= today]
    return max(reached, key=lambda rung: (days[rung], order.index(rung)), default=None)


def language_of(skills: Iterable[Mapping[str, Any]]) -> str:
    """`en` for somebody who knows English better than Swedish, else `sv`."""
    ranks = {skill["code"]: CefrLevel(skill["level"]).rank for skill in skills}
    return "en" if ranks.get("en", 0) > ranks.get("sv", 0) else "sv"


@dataclass(frozen=True)
class Item:
    """One follow-up that a letter tells of."""

    kind: FollowUpKind
    due_on: date


@dataclass(frozen=True)
class Letter:
    """A letter in plain text."""

    subject: str
    body: str


def write(kind: LetterKind, language: str, items: Sequence[Item], program: str, today: date) -> Letter:
    """The letter about these follow-ups (one at least).

    A person reads which of their own contacts wait and until when, without the name of a program, which can say what
    somebody's situation is. Staff reads how many wait in which program, in Swedish and English, and nobody's name.
    """
    if kind is LetterKind.ANSWERING:
        return _to_person(language, sorted(items, key=lambda item: item.due_on), today)
    return _to_staff(kind, items, program, today)


def kind_texts(kind: FollowUpKind) -> Mapping[str, str]:
    """What a kind of follow-up is called, in English and Swedish."""
    words: Mapping[str, str] = _texts()["kinds"][kind]
    return words


def _to_person(language: str, items: Sequence[Item], today: date) -> Letter:
    words = _texts()["answering"][language]
    lines = [
        words["late" if item.due_on < today else "ahead"].format(
            kind=kind_texts(item.kind)[language], day=item.due_on.isoformat()
        )
        for item in items[:MOST_LINES]
    ]
    return Letter(words["subject"], "\n".join([words["greeting"], "", *lines, "", *words["end"], ""]))


def _to_staff(kind: LetterKind, items: Sequence[Item], program: str, today: date) -> Letter:
    words = _texts()["staff"]
    days = max((today - item.due_on).days for item in items)
    subjects, parts = [], []
    for language in BOTH:
        said = words[language]
        count = said["one"] if len(items) == 1 else said["many"].format(count=len(items))
        lines = [said["program"].format(program=program), f"{count} {_lateness(said, days)}", said[kind.value]]
        subjects.append(said["subject"].format(count=len(items)))
        parts.append("\n".join([*lines, said["end"]]))
    return Letter(" / ".join(subjects), "\n\n***\n\n".join(parts) + "\n")


def _lateness(said: Mapping[str, str], days: int) -> str:
    if days <= 0:
        return said["ahead"]
    return said["lateOne"] if days == 1 else said["late"].format(days=days)


@cache
def _texts() -> Mapping[str, Any]:
    text = files("app.domain.data").joinpath("letters.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found
