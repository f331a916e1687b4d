"""What does a tertial's report say to this caller: exact figures of records they know, protected ones of the rest?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.domain.figures import DEFINITIONS, AnyMeasure, Definition, Measure, Section, Unit, WaitMeasure
from app.domain.outcomes import rule_document
from app.domain.reports import FigureScope, ScopeKind
from app.domain.roles import Permission
from app.domain.statistics import BASE, STEP, Count, Noise, Told, tell, tell_amount, tell_longest, tell_share
from app.features.access.scope import Scope
from app.features.programs.tables import Program
from app.features.reports.queries.asking import asked_by, period_of, period_read, programs_read
from app.features.reports.queries.counts import Asked, Tally, tallies
from app.features.reports.schemas import (
    BothLanguages,
    CoveredProgram,
    ExcludedCount,
    FigureRead,
    FigureScopeRead,
    TertialQuery,
    TertialReport,
)
from app.kit.digests import noise_of

KINDS = (ScopeKind.TOTAL, ScopeKind.CATEGORY, ScopeKind.PROGRAM)
STAYS = frozenset({Section.RESULTS, Section.BEFORE_AND_AFTER})
PAIRS = frozenset({Section.MATCHES, Section.WAITING})
MEDIANS = frozenset({Unit.DAYS, Unit.WEEKS})
ONCE = "tertial.person_counted_once"


@dataclass(frozen=True)
class Reading:
    """One reading of the records for one caller."""

    asked: Asked
    noise: Noise
    programs: Mapping[str, CoveredProgram]

    def knows(self, scope: FigureScope) -> frozenset[Section]:
        """The sections of which the caller may read every record of the scope. Of households that is nobody."""
        ids = {
            one.id
            for key, one in self.programs.items()
            if scope.key in {None, key if scope.kind is ScopeKind.PROGRAM else one.category.value}
        }
        stays = STAYS if ids <= self.asked.known else frozenset[Section]()
        return stays | (PAIRS if ids <= self.asked.known_pairs else frozenset[Section]())

    def days(self, definition: Definition) -> tuple[date, date]:
        """The first and the last day that a figure is about: the period, or the one day on which somebody waits."""
        if isinstance(definition.counts, WaitMeasure):
            return self.asked.waiting_on, self.asked.waiting_on
        return self.asked.first_on, self.asked.last_on


def report(scope: Scope[None], query: TertialQuery) -> TertialReport:
    """The tertial in every program where the caller's partner reports to the committee.

    Raises: `report.period_incomplete`, `report.period_not_begun`.
    """
    return report_on(scope, query, scope.actor.programs_for(Permission.REPORT_READ))


def program_report(scope: Scope[Program], query: TertialQuery) -> TertialReport:
    """The tertial in one program.

    Raises: `report.period_incomplete`, `report.period_not_begun`.
    """
    return report_on(scope, query, frozenset({scope.row.id}))


def report_on(scope: Scope[Any], query: TertialQuery, program_ids: frozenset[UUID]) -> TertialReport:
    """The report over these programs, all of which the caller reports on."""
    tertial = period_of(query, scope.today)
    programs = programs_read(scope.session, program_ids)
    by_id = {str(one.id): one for one in programs}
    reading = Reading(asked_by(scope, tertial, program_ids), noise_of(scope.session), by_id)
    found = tallies(scope.session, reading.asked)
    texts = rule_document()["methods"]
    method = "exact" if program_ids <= reading.asked.known else "mixed" if reading.asked.known else "protected"
    return TertialReport(
        period=period_read(tertial, scope.today),
        as_of=scope.now,
        method=BothLanguages(**texts[method]),
        programs=programs,
        figures=list(_figures(reading, found)),
    )


def _figures(reading: Reading, found: Mapping[FigureScope, Tally]) -> Iterator[FigureRead]:
    keys: dict[ScopeKind, list[str | None]] = {
        ScopeKind.TOTAL: [None],
        ScopeKind.CATEGORY: [*sorted({one.category.value for one in reading.programs.values()})],
        ScopeKind.PROGRAM: [*reading.programs],
    }
    for kind in KINDS:
        for key in keys[kind]:
            scope = FigureScope(kind, key)
            tally = found.get(scope) or Tally()
            known = reading.knows(scope)
            for definition in DEFINITIONS:
                yield _figure(definition, scope, tally, reading, is_known=definition.section in known)


def _figure(
    definition: Definition, scope: FigureScope, tally: Tally, reading: Reading, *, is_known: bool
) -> FigureRead:
    told, base = _told(definition, tally, reading.noise, is_known=is_known)
    is_share = definition.unit is Unit.PER_MILLE
    share = tell_share(told, base) if is_share else None
    first_on, last_on = reading.days(definition)
    return FigureRead(
        id=definition.id,
        section=definition.section,
        title=BothLanguages(**definition.title),
        scope=FigureScopeRead(kind=scope.kind, key=scope.key),
        unit=definition.unit,
        value=None if is_share else told.value,
        share=None if share is None else share / 1000,
        base=base.value,
        is_protected=told.value is None and not told.is_exact,
        is_rounded=told.value is not None and not told.is_exact,
        population=BothLanguages(**definition.population),
        excluded_by_rule=_excluded(definition, tally) if is_known else None,
        **_explained(definition.rule_id, first_on, last_on),
    )


def _told(definition: Definition, tally: Tally, noise: Noise, *, is_known: bool) -> tuple[Told, Told]:
    """The number and what it is taken out of, as this caller may have them; of a share its numerator."""
    counts = tally.stays if definition.unit is Unit.ENROLMENTS else tally.people
    count: Count = counts[definition.counts]
    base: Count = count if definition.base is None else counts[definition.base]
    out_of = tell(base, _base_of(definition.base, counts, base), noise, is_known=is_known)
    if definition.unit is Unit.DAYS and definition.counts is WaitMeasure.WAITING:
        return tell_longest(*tally.waits, is_known=is_known), out_of
    if definition.unit in MEDIANS:
        return _median(definition, tally, base, is_known=is_known), out_of
    if definition.unit is Unit.CHILDREN:
        return tell_amount(int(tally.amounts.get(definition.id, 0)), count, noise), out_of
    return tell(count, base, noise, is_known=is_known), out_of


def _base_of(measure: AnyMeasure | None, counts: Mapping[AnyMeasure, Count], base: Count) -> Count:
    """What the base itself is taken out of: a base that is told must be told here as it is where it stands itself."""
    for definition in DEFINITIONS:
        if measure is not None and definition.counts is measure and definition.base is not None:
            return counts[definition.base]
    return base


def _median(definition: Definition, tally: Tally, base: Count, *, is_known: bool) -> Told:
    """A median over the base; of people whom the caller does not know over ten or more, days in steps of five."""
    median = tally.amounts.get(definition.id)
    if is_known:
        return Told(None if median is None or not base.exact else round(median), is_exact=True)
    if median is None or base.exact < BASE:
        return Told(None, is_exact=False)
    step = STEP if definition.unit is Unit.DAYS else 1
    return Told(round(median / step) * step, is_exact=False)


def _excluded(definition: Definition, tally: Tally) -> list[ExcludedCount]:
    if not isinstance(definition.counts, Measure):
        return []
    refusals = dict(tally.refusals[definition.counts])
    if definition.unit is not Unit.ENROLMENTS:
        again = tally.stays[definition.counts].exact - tally.people[definition.counts].exact
        refusals |= {ONCE: again} if again else {}
    rules = rule_document()["rules"]
    return [
        ExcludedCount(
            rule_id=rule_id, rule_text=BothLanguages(sv=rules[rule_id]["sv"], en=rules[rule_id]["en"]), count=count
        )
        for rule_id, count in sorted(refusals.items())
    ]


def _explained(rule_id: str, first_on: date, last_on: date) -> dict[str, Any]:
    document = rule_document()
    rule = document["rules"][rule_id]
    return {
        "first_on": first_on,
        "last_on": last_on,
        "rule_id": rule_id,
        "rule_text": BothLanguages(sv=rule["sv"], en=rule["en"]),
        "source": document["sources"][rule["source"]],
    }
