"""What does good practice ask of a program: how long, how often, how much training, which follow-up?

The numbers and the source of each stand in `data/benchmarks.json`; a program picks a profile and may override it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from app.domain.errors import RuleViolation
from app.domain.glossary import Side


@dataclass(frozen=True)
class Profile:
    """One version of a benchmark profile. `settings` and `sources` have the same camelCase keys."""

    id: str
    version: int
    en: str
    sv: str
    settings: Mapping[str, Any]
    sources: Mapping[str, str]

    def number(self, setting: str) -> int:
        """A setting that is one whole number; its unit stands in the data file."""
        return int(self.settings[setting])

    @property
    def after_exit_months(self) -> tuple[int, ...]:
        return tuple(self.settings["afterExitMonths"])

    @property
    def is_information_required(self) -> bool:
        return bool(self.settings["isInformationRequired"])

    @property
    def is_expectations_required(self) -> bool:
        return bool(self.settings["isExpectationsRequired"])

    def training_minutes(self, side: Side) -> int:
        """Training that `side` completes before a match starts; 0 says that none is asked for."""
        return self.number(f"{side.value}TrainingMinutes")

    def ongoing_training_minutes(self, side: Side) -> int:
        """Training a year after a match has started. It is mentors who go on training; of mentees none is asked."""
        return self.number("ongoingTrainingMinutesPerYear") if side is Side.MENTOR else 0

    def with_override(self, override: "BenchmarkOverride") -> "Profile":
        """The profile as one program uses it; each overridden setting names the program as its source."""
        own = dict.fromkeys(override.settings, "PROGRAM")
        return replace(self, settings={**self.settings, **override.settings}, sources={**self.sources, **own})


@dataclass(frozen=True)
class BenchmarkOverride:
    """The settings that one program sets for itself, already validated."""

    settings: Mapping[str, Any]

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> "BenchmarkOverride":
        """Raises `benchmark.unknown_setting` or `benchmark.setting_invalid` with a pointer to the setting."""
        for name, value in document.items():
            _check_setting(name, value)
        return cls(dict(document))


def _check_setting(name: str, value: object) -> None:
    demand = _document()["settings"].get(name)
    if demand is None:
        # The name came from the caller and is not repeated; the known names are told instead.
        raise RuleViolation("benchmark.unknown_setting", known=sorted(_document()["settings"]))
    if not _is_valid(demand, value):
        raise RuleViolation("benchmark.setting_invalid", pointer=f"/{name}", setting=name)


def _is_valid(demand: Mapping[str, Any], value: object) -> bool:
    if "boolean" in demand:
        return isinstance(value, bool)
    if "choices" in demand:
        return isinstance(value, list) and value == [n for n in demand["choices"] if _is_among(n, value)]
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return is_whole and demand["minimum"] <= value <= demand["maximum"]


def _is_among(number: int, values: list[Any]) -> bool:
    """Membership by type too: True is not 1 here."""
    return any(type(value) is int and value == number for value in values)


@cache
def _document() -> dict[str, Any]:
    text = files("app.domain.data").joinpath("benchmarks.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


@cache
def profiles() -> tuple[Profile, ...]:
    """Every version of every profile, in the order of the data file."""
    return tuple(
        Profile(
            id=entry["id"],
            version=entry["version"],
            en=entry["en"],
            sv=entry["sv"],
            settings={name: value for name, (value, _) in entry["settings"].items()},
            sources={name: source for name, (_, source) in entry["settings"].items()},
        )
        for entry in _document()["profiles"]
    )


def profile(profile_id: str, version: int | None = None) -> Profile:
    """The named profile, its newest version unless one is asked for. Raises `benchmark.unknown_profile`."""
    found = [p for p in profiles() if p.id == profile_id and version in {None, p.version}]
    if not found:
        raise RuleViolation("benchmark.unknown_profile", known=sorted({p.id for p in profiles()}))
    return max(found, key=lambda p: p.version)


def source_text(source_id: str) -> str:
    """Where a number comes from, in words. KeyError for an id that no profile uses."""
    return str(_document()["sources"][source_id])


def setting_texts() -> Mapping[str, Mapping[str, Any]]:
    """Each setting by name with its bounds and its text in English and Swedish."""
    texts: Mapping[str, Mapping[str, Any]] = _document()["settings"]
    return texts
