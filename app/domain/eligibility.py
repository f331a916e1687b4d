"""May this person enrol, and which rule says no?

The rules are a program's own data. Age is the age on the intake day: who grows older during the program stays in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from app.domain.days import age_on
from app.domain.errors import RuleViolation
from app.domain.glossary import CefrLevel

_HIGHEST_AGE = 150


class EligibilityRule(StrEnum):
    """The rules a program can set, by their keys in its eligibility data."""

    MIN_AGE = "minAge"
    MAX_AGE = "maxAge"  # the last age that is let in
    MUNICIPALITIES = "municipalities"  # SCB's four-digit codes
    LANGUAGE_MIN = "languageMin"  # level in Swedish
    ATTESTATIONS = "attestations"  # codes of attestations that must be valid


@dataclass(frozen=True)
class EligibilityRules:
    """A program's rules; an absent rule lets everybody in."""

    min_age: int | None = None
    max_age: int | None = None
    municipalities: frozenset[str] = frozenset()
    language_min: CefrLevel | None = None
    attestations: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> "EligibilityRules":
        """Read the stored JSON form. Raises `eligibility.invalid` with a pointer and a reason."""
        if not document.keys() <= set(EligibilityRule):
            raise RuleViolation("eligibility.invalid", pointer="", reason="unknownRule", known=sorted(EligibilityRule))
        min_age, max_age = _read_age(document, "minAge"), _read_age(document, "maxAge")
        if min_age is not None and max_age is not None and max_age < min_age:
            raise RuleViolation("eligibility.invalid", pointer="/maxAge", reason="belowMinAge")
        return cls(
            min_age,
            max_age,
            _read_codes(document, "municipalities"),
            _read_level(document),
            _read_codes(document, "attestations"),
        )


def _read_age(document: Mapping[str, Any], key: str) -> int | None:
    value = document.get(key)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _HIGHEST_AGE:
        raise RuleViolation("eligibility.invalid", pointer=f"/{key}", reason="notAnAge")
    return value


def _read_codes(document: Mapping[str, Any], key: str) -> frozenset[str]:
    value = document.get(key)
    if value is None:
        return frozenset()
    if not isinstance(value, list) or not all(isinstance(code, str) and code for code in value):
        raise RuleViolation("eligibility.invalid", pointer=f"/{key}", reason="notCodes")
    return frozenset(value)


def _read_level(document: Mapping[str, Any]) -> CefrLevel | None:
    value = document.get("languageMin")
    if value is None:
        return None
    if value not in list(CefrLevel):
        raise RuleViolation("eligibility.invalid", pointer="/languageMin", reason="unknownLevel")
    return CefrLevel(value)


@dataclass(frozen=True)
class PersonFacts:
    """What the rules look at. An anonymous participant has only `birth_year`; attestations are those valid at intake."""

    born_on: date | None = None
    birth_year: int | None = None
    municipality: str | None = None
    swedish: CefrLevel | None = None
    attestations: frozenset[str] = field(default_factory=frozenset)

    def ages_on(self, on: date) -> tuple[int, int] | None:
        """The lowest and the highest age the person can have that day, or None when nothing is known."""
        if self.born_on:
            age = age_on(self.born_on, on)
            return age, age
        if self.birth_year is None:
            return None
        age = on.year - self.birth_year
        return age - 1, age


@dataclass(frozen=True)
class FailedRule:
    """A rule that does not let the person in, with what it demands and never what the person has."""

    rule: EligibilityRule
    demand: int | str | tuple[str, ...]

    def facts(self) -> dict[str, object]:
        return {"rule": self.rule.value, "demand": list(self.demand) if isinstance(self.demand, tuple) else self.demand}


def failed_rules(rules: EligibilityRules, person: PersonFacts, intake_on: date) -> list[FailedRule]:
    """Every rule that says no. What is not known about the person does not meet a rule that asks for it."""
    failed = [*_failed_age(rules, person.ages_on(intake_on))]
    if rules.municipalities and person.municipality not in rules.municipalities:
        failed.append(FailedRule(EligibilityRule.MUNICIPALITIES, tuple(sorted(rules.municipalities))))
    if rules.language_min and (person.swedish is None or person.swedish.rank < rules.language_min.rank):
        failed.append(FailedRule(EligibilityRule.LANGUAGE_MIN, rules.language_min.value))
    if lacking := rules.attestations - person.attestations:
        failed.append(FailedRule(EligibilityRule.ATTESTATIONS, tuple(sorted(lacking))))
    return failed


def _failed_age(rules: EligibilityRules, ages: tuple[int, int] | None) -> Iterable[FailedRule]:
    if rules.min_age is not None and (ages is None or ages[0] < rules.min_age):
        yield FailedRule(EligibilityRule.MIN_AGE, rules.min_age)
    if rules.max_age is not None and (ages is None or ages[1] > rules.max_age):
        yield FailedRule(EligibilityRule.MAX_AGE, rules.max_age)


def check_eligibility(rules: EligibilityRules, person: PersonFacts, intake_on: date) -> None:
    """Raise `enrolment.not_eligible` with every failed rule and its demand."""
    if failed := failed_rules(rules, person, intake_on):
        raise RuleViolation("enrolment.not_eligible", rules=[rule.facts() for rule in failed])
