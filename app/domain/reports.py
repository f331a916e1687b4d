"""What does the committee get to know about a tertial, and which records did not count by which rule?

Figures here are exact. Protecting small groups in what is published is the report feature's task.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Self

from app.domain.errors import RuleViolation
from app.domain.glossary import Category, Side
from app.domain.outcomes import OutcomeFact, Verdict, kolada_result, rule_document

_MONTHS = 4
_TERTIAL = re.compile(r"([1-9][0-9]{3})-T([123])", re.ASCII)


@dataclass(frozen=True, order=True)
class Tertial:
    """A third of a year: 1 is January to April, 2 May to August, 3 September to December.

    Raises `report.tertial_invalid`.
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1000 <= self.year < date.max.year and 1 <= self.number <= 3):  # noqa: PLR2004  three thirds, four digits
            raise RuleViolation("report.tertial_invalid")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2014-T1`."""
        found = _TERTIAL.fullmatch(text)
        if not found:
            raise RuleViolation("report.tertial_invalid")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def last_ended(cls, today: date) -> Self:
        """The tertial before the one that `today` lies in."""
        before = (today.month - 1) // _MONTHS
        return cls(today.year, before) if before else cls(today.year - 1, 3)

    def __str__(self) -> str:
        return f"{self.year}-T{self.number}"

    def period(self) -> tuple[date, date]:
        """The first and the last day, both included."""
        return self._days

    @cached_property
    def _days(self) -> tuple[date, date]:
        first_on = date(self.year, (self.number - 1) * _MONTHS + 1, 1)
        years, month = divmod(self.number * _MONTHS, 12)
        return first_on, date(self.year + years, month + 1, 1) - timedelta(days=1)

    def has_begun(self, today: date) -> bool:
        return self.period()[0] <= today

    def has_ended(self, today: date) -> bool:
        return self.period()[1] < today


@dataclass(frozen=True)
class TertialFacts:
    """One enrolment as the report sees it.

    `person` is the same key in all enrolments that are known to be one person. `began_on` is the first and
    `ended_on` the last day in the effort; None for never and for not yet.
    """

    id: str
    person: str
    program: str
    category: Category
    side: Side
    began_on: date | None
    ended_on: date | None = None
    is_registered_in_error: bool = False
    outcomes: tuple[OutcomeFact, ...] = ()


class ScopeKind(StrEnum):
    TOTAL = "total"
    CATEGORY = "category"
    PROGRAM = "program"


@dataclass(frozen=True)
class FigureScope:
    """What part of the records a figure is about; `key` is the category or the program's id, None for all."""

    kind: ScopeKind
    key: str | None = None


@dataclass(frozen=True)
class Figure:
    """One figure with everything needed to check it.

    `value` is a number of persons or enrolments; None for a share. `share` is percent with one decimal, half upwards;
    None for a number and when `base`, the denominator, is 0. `excluded` names each record of the scope that did not
    count, with its rule.
    """

    id: str
    scope: FigureScope
    value: int | None
    share: float | None
    base: int | None
    population_en: str
    population_sv: str
    period: tuple[date, date]
    rule_id: str
    excluded: tuple[tuple[str, str], ...]


# Asks one record: None when it counts, otherwise the id of the rule by which it does not.
_Test = Callable[[TertialFacts], str | None]


@dataclass(frozen=True)
class _Counted:
    number: int
    excluded: tuple[tuple[str, str], ...]


def tertial_figures(records: Iterable[TertialFacts], tertial: Tertial) -> list[Figure]:
    """The figures in total, then by category, then by program. The order of the records does not matter."""
    ordered = sorted(records, key=lambda record: record.id)
    verdicts = {record.id: kolada_result(record.outcomes) for record in ordered if not _why_not_ended(record, tertial)}
    figures = _figures(ordered, FigureScope(ScopeKind.TOTAL), tertial, verdicts)
    for kind, key_of in ((ScopeKind.CATEGORY, _category_of), (ScopeKind.PROGRAM, _program_of)):
        groups: dict[str, list[TertialFacts]] = {}
        for record in ordered:
            groups.setdefault(key_of(record), []).append(record)
        for key in sorted(groups):
            figures += _figures(groups[key], FigureScope(kind, key), tertial, verdicts)
    return figures


def _category_of(record: TertialFacts) -> str:
    return record.category.value


def _program_of(record: TertialFacts) -> str:
    return record.program


def _figures(
    records: Sequence[TertialFacts], scope: FigureScope, tertial: Tertial, verdicts: dict[str, Verdict]
) -> list[Figure]:
    tests: dict[str, tuple[str, _Test]] = {
        "InEffort": ("tertial.in_effort", lambda record: _why_not_in_effort(record, tertial)),
        "Ended": ("tertial.ended", lambda record: _why_not_ended(record, tertial)),
        "EndedToSelfSufficiency": (
            "tertial.self_sufficiency",
            lambda record: _why_not_ended(record, tertial) or _why_no_result(verdicts[record.id]),
        ),
    }
    figures, persons = [], {}
    for name, (rule_id, test) in tests.items():
        persons[name] = _count(records, test, once=True)
        figure_id = name[0].lower() + name[1:]
        figures.append(_number(figure_id, scope, tertial, rule_id, persons[name]))
        each = _count(records, test, once=False)
        figures.append(_number(f"enrolments{name}", scope, tertial, rule_id, each))
    return [*figures, _share(scope, tertial, persons["EndedToSelfSufficiency"], persons["Ended"].number)]


def _count(records: Sequence[TertialFacts], test: _Test, *, once: bool) -> _Counted:
    seen: set[str] = set()
    number, excluded = 0, []
    for record in records:
        rule_id = test(record)
        if rule_id is None and once and record.person in seen:
            rule_id = "tertial.person_counted_once"
        if rule_id is None:
            number += 1
            seen.add(record.person)
        else:
            excluded.append((record.id, rule_id))
    return _Counted(number, tuple(excluded))


def _number(figure_id: str, scope: FigureScope, tertial: Tertial, rule_id: str, counted: _Counted) -> Figure:
    return _figure(figure_id, scope, tertial, rule_id, counted.excluded, value=counted.number)


def _share(scope: FigureScope, tertial: Tertial, counted: _Counted, base: int) -> Figure:
    # Whole-number arithmetic: 0.1 percent steps, half upwards, the same on every machine.
    share = (2000 * counted.number + base) // (2 * base) / 10 if base else None
    rule_id = "tertial.kolada_share"
    return _figure("koladaShare", scope, tertial, rule_id, counted.excluded, share=share, base=base)


def _figure(  # noqa: PLR0913  a figure is one flat record
    figure_id: str,
    scope: FigureScope,
    tertial: Tertial,
    rule_id: str,
    excluded: tuple[tuple[str, str], ...],
    *,
    value: int | None = None,
    share: float | None = None,
    base: int | None = None,
) -> Figure:
    text = rule_document()["populations"][figure_id]
    period = tertial.period()
    return Figure(figure_id, scope, value, share, base, text["en"], text["sv"], period, rule_id, excluded)


def _why_no_participant(record: TertialFacts) -> str | None:
    if record.is_registered_in_error:
        return "tertial.registered_in_error"
    if record.side is Side.MENTOR:
        return "tertial.mentor_no_participant"
    return None if record.began_on else "tertial.never_began"


def _why_not_in_effort(record: TertialFacts, tertial: Tertial) -> str | None:
    if refusal := _why_no_participant(record):
        return refusal
    first_on, last_on = tertial.period()
    began_on, ended_on = record.began_on or date.max, record.ended_on or date.max
    return None if began_on <= last_on and ended_on >= first_on else "tertial.not_in_effort"


def _has_ended(record: TertialFacts, tertial: Tertial) -> bool:
    first_on, last_on = tertial.period()
    return record.ended_on is not None and first_on <= record.ended_on <= last_on


def _why_not_ended(record: TertialFacts, tertial: Tertial) -> str | None:
    return _why_no_participant(record) or (None if _has_ended(record, tertial) else "tertial.not_ended")


def _why_no_result(verdict: Verdict) -> str | None:
    return None if verdict.counts else verdict.rule_id
