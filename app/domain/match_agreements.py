"""When have the two of a pair agreed, and what does their mutual agreement (överenskommelse) say on paper?"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from app.domain.errors import RuleViolation
from app.domain.glossary import Side

MOST_POINTS = 40
_DATA = files("app.domain.data")


class Signer(StrEnum):
    """How a signature came about."""

    SELF = "self"  # by own login
    STAFF = "staff"  # on paper or by word, noted by staff


def unsigned(signed: Mapping[Side, int | None]) -> list[Side]:
    """The sides that still have to sign; `signed` is the number of the version that each has signed, if any.

    Both sign the same version, in whichever language: of two versions the older one is signed anew.
    """
    newest = max((number for number in signed.values() if number is not None), default=None)
    return [side for side in Side if newest is None or signed.get(side) != newest]


def check_signable(number: int, newest: int, others: int | None) -> None:
    """Raise `match.agreement_text_outdated` unless it is the newest version, or the one the other side has signed."""
    if number not in {newest, others}:
        raise RuleViolation("match.agreement_text_outdated", pointer="/textId", newest=newest)


@dataclass(frozen=True)
class Party:
    """One side as the page tells it; no name when it may not be shown."""

    side: Side
    name: str | None
    signed_on: date | None
    signer: Signer | None


@dataclass(frozen=True)
class MatchAgreement:
    """The facts of the page; `id` is the match, by which staff finds the record again."""

    id: UUID
    program: str
    language: str
    number: int
    title: str
    preamble: str
    points: Sequence[str]
    parties: Sequence[Party]

    def said_in(self, language: str) -> dict[str, Any]:
        """Every text of the page, its own words in `sv` or `en`; the agreement itself is in the language it was signed in."""
        texts = _texts()[language]
        return {
            "language": language,
            **{name: texts[name] for name in ("region", "summary", "words")},
            "id": str(self.id),
            "program": self.program,
            "version": texts["version"].format(number=self.number),
            "text": {
                "language": self.language,
                "title": self.title,
                "preamble": self.preamble,
                "points": list(self.points),
            },
            "parties": [_party(party, texts) for party in self.parties],
        }


def _party(party: Party, texts: Mapping[str, Any]) -> dict[str, str]:
    words = texts["words"]
    if party.signed_on is None or party.signer is None:
        signed = words["unsigned"]
    else:
        day = f"{party.signed_on.day} {texts['months'][party.signed_on.month - 1]} {party.signed_on.year}"
        signed = texts["signed"][party.signer].format(day=day)
    return {"role": texts["sides"][party.side], "name": party.name or words["nameless"], "signed": signed}


@cache
def template() -> bytes:
    """The page in Typst: the same for every agreement, it holds no text of its own."""
    return _DATA.joinpath("match_agreement.typ").read_bytes()


@cache
def _texts() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_DATA.joinpath("match_agreement.json").read_text(encoding="utf-8"))
    return found
