"""What does a certificate of training (intyg) say, in Swedish and in English?"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from app.domain.glossary import TrainingTopic

MINUTES_OF_HOUR = 60
_DATA = files("app.domain.data")


@dataclass(frozen=True)
class Certificate:
    """The facts of one certificate; `id` is the number by which the issuer finds the record again."""

    id: UUID
    name: str
    course: str
    topics: Sequence[TrainingTopic]
    minutes: int
    completed_on: date
    program: str
    issuer: str

    def said_in(self, language: str) -> dict[str, Any]:
        """Every text of the certificate in `sv` or `en`, ready to be set; KeyError for other languages."""
        texts = _texts()[language]
        return {
            "language": language,
            **{name: texts[name] for name in ("region", "title", "summary", "words")},
            "id": str(self.id),
            "name": self.name,
            "course": self.course,
            "topics": [texts["topics"][topic] for topic in self.topics],
            "extent": _extent(self.minutes, texts),
            "day": f"{self.completed_on.day} {texts['months'][self.completed_on.month - 1]} {self.completed_on.year}",
            "program": self.program,
            "issuer": self.issuer,
        }


@cache
def template() -> bytes:
    """The page in Typst: the same for every certificate, it holds no text of its own."""
    return _DATA.joinpath("certificate.typ").read_bytes()


def _extent(minutes: int, texts: Mapping[str, Any]) -> str:
    hours, rest = divmod(minutes, MINUTES_OF_HOUR)
    parts = [(hours, texts["hour"]), (rest, texts["minute"])]
    return " ".join(f"{number} {words[number != 1]}" for number, words in parts if number)


@cache
def _texts() -> dict[str, Any]:
    text = _DATA.joinpath("certificate.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
