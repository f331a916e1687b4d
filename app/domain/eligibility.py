"""May this person enrol, and which rule says no?

The rules are a program's own data. Age is the age on the intake day: who grows older during the program stays in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.domain.days import age_on
from app.domain.errors import RuleViolation
from app.domain.glossary import CefrLevel

_HIGHEST_AGE = 150
_LONGEST_OCCUPATION_CODE = 4
MOST_OPEN_PROGRAMS = 20
"""How many other programs a refusal names at most."""


class EligibilityRule(StrEnum):
    """The rules a program can set, by their keys in its eligibility data."""

    MIN_AGE = "minAge"
    MAX_AGE = "maxAge"  # the last age that is let in
    MUNICIPALITIES = "municipalities"  # SCB's four-digit codes
    LANGUAGE_MIN = "languageMin"  # level in Swedish
    ATTESTATIONS = "attestations"  # codes of attestations that must be valid
    FIELDS_OF_WORK = "fieldsOfWork"  # SSYK 2012, one to four digits: the occupation must begin with one of them


@dataclass(frozen=True)
class EligibilityRules:
    """A program's rules; an absent rule lets everybody in."""

    min_age: int | None = None
    max_age: int | None = None
    municipalities: frozenset[str] = frozenset()
    language_min: CefrLevel | None = None
    attestations: frozenset[str] = frozenset()
    fields_of_work: frozenset[str] = frozenset()

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
            _read_fields_of_work(document),
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


def _read_fields_of_work(document: Mapping[str, Any]) -> frozenset[str]:
    codes = _read_codes(document, "fieldsOfWork")
    if not all(code.isdecimal() and code.isascii() and len(code) <= _LONGEST_OCCUPATION_CODE for code in codes):
        raise RuleViolation("eligibility.invalid", pointer="/fieldsOfWork", reason="notOccupationCodes")
    return codes


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
    occupation: str | None = None

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
    if rules.fields_of_work and not (person.occupation or "").startswith(tuple(rules.fields_of_work)):
        failed.append(FailedRule(EligibilityRule.FIELDS_OF_WORK, tuple(sorted(rules.fields_of_work))))
    return failed


def _failed_age(rules: EligibilityRules, ages: tuple[int, int] | None) -> Iterable[FailedRule]:
    if rules.min_age is not None and (ages is None or ages[0] < rules.min_age):
        yield FailedRule(EligibilityRule.MIN_AGE, rules.min_age)
    if rules.max_age is not None and (ages is None or ages[1] > rules.max_age):
        yield FailedRule(EligibilityRule.MAX_AGE, rules.max_age)


@dataclass(frozen=True)
class OpenProgram:
    """A published program with a cohort that takes people on this side today."""

    program_id: UUID
    cohort_id: UUID
    name: str
    rules: EligibilityRules

    def facts(self) -> dict[str, object]:
        return {"programId": str(self.program_id), "cohortId": str(self.cohort_id), "name": self.name}


def accepting(programs: Iterable[OpenProgram], person: PersonFacts, intake_on: date) -> list[OpenProgram]:
    """The programs that would take the person, each once and at most `MOST_OPEN_PROGRAMS`, in the given order."""
    fitting = (program for program in programs if not failed_rules(program.rules, person, intake_on))
    once: dict[UUID, OpenProgram] = {}
    for program in fitting:
        once.setdefault(program.program_id, program)
        if len(once) == MOST_OPEN_PROGRAMS:
            break
    return list(once.values())


def check_eligibility(
    rules: EligibilityRules, person: PersonFacts, intake_on: date, open_programs: Iterable[OpenProgram] = ()
) -> None:
    """Raise `enrolment.not_eligible` with every failed rule, its demand, and the open programs that would say yes.

    `open_programs` are looked at only for a refusal.
    """
    if failed := failed_rules(rules, person, intake_on):
        raise RuleViolation(
            "enrolment.not_eligible",
            rules=[rule.facts() for rule in failed],
            openPrograms=[program.facts() for program in accepting(open_programs, person, intake_on)],
        )
