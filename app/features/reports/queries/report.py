"""What does a tertial's report say to this caller: exact figures with records, or protected ones without?"""

from datetime import date
from typing import Any
from uuid import UUID

from app.domain.errors import RuleViolation
from app.domain.glossary import Side
from app.domain.outcomes import rule_document
from app.domain.reports import Figure, FigureScope, ScopeKind, Tertial, tertial_figures
from app.domain.roles import Permission
from app.features.access.scope import Scope, access_record
from app.features.programs.tables import Program
from app.features.reports.queries.protection import LEAST, NOTHING, TOTAL, Cell, Openness, everything, numbers, openness
from app.features.reports.queries.records import records, with_secrets
from app.features.reports.schemas import (
    BothLanguages,
    CoveredProgram,
    ExcludedRecord,
    FigureRead,
    FigureScopeRead,
    TertialQuery,
    TertialRead,
    TertialReport,
)

RECORDS = (Permission.ENROLMENT_READ, Permission.OUTCOME_READ)
"""Both are needed to see which records did not count: the rule that names a record tells of its outcome."""
OUTSIDE = frozenset({"tertial.not_in_effort", "tertial.not_ended"})
"""Rules that only say that a record belongs to another period: not listed, they would name nearly every record."""


def report(scope: Scope[None], query: TertialQuery) -> TertialReport:
    """The tertial in every program where the caller's partner reports to the committee.

    Raises: `report.period_incomplete`, `report.period_not_begun`.
    """
    return _report(scope, query, scope.actor.programs_for(Permission.REPORT_READ))


def program_report(scope: Scope[Program], query: TertialQuery) -> TertialReport:
    """The tertial in one program.

    Raises: `report.period_incomplete`, `report.period_not_begun`.
    """
    return _report(scope, query, frozenset({scope.row.id}))


def _report(scope: Scope[Any], query: TertialQuery, program_ids: frozenset[UUID]) -> TertialReport:
    tertial, known = _period(query, scope.today), _known(scope)
    # What one program may tell depends on what its neighbours tell.
    read = program_ids if program_ids <= known else scope.actor.programs_for(Permission.REPORT_READ)
    programs, facts = records(scope.session, read, tertial)
    figures = tertial_figures(facts, tertial)
    told = everything(figures) if program_ids <= known else _openness(programs, figures, known)
    if read != program_ids:
        programs = [program for program in programs if program.id in program_ids]
        facts = [one for one in facts if UUID(one.program) in program_ids]
        figures = tertial_figures(facts, tertial)
        told = _narrowed(told, programs[0])
    listed = None
    if known & program_ids:
        listed = {one.id for one in facts if UUID(one.program) in known}
        # A report that names records leaves a trace; the figures themselves leave none.
        scope.session.add(access_record(scope, "allowed", Permission.ENROLMENT_READ))
    return TertialReport(
        period=_period_read(tertial, scope.today),
        as_of=scope.now,
        programs=programs,
        figures=[_figure(one, told, listed) for one in figures],
    )


def _period(query: TertialQuery, today: date) -> Tertial:
    if query.year is None and query.tertial is None:
        return Tertial.last_ended(today)
    if query.year is None or query.tertial is None:
        raise RuleViolation("report.period_incomplete", pointer="/tertial" if query.tertial is None else "/year")
    tertial = Tertial(query.year, query.tertial)
    if not tertial.has_begun(today):
        raise RuleViolation("report.period_not_begun", pointer="/tertial", firstOn=tertial.period()[0])
    return tertial


def _known(scope: Scope[Any]) -> frozenset[UUID]:
    """The programs whose records of mentees the caller may read one by one, outcomes included: every one of them.

    Where a record is kept from the caller, exact figures minus the records that they see would tell of it.
    """
    actor = scope.actor
    if not all(actor.has_role_for(permission) for permission in RECORDS):
        return frozenset()
    enrolments, outcomes = (actor.programs_for(permission, Side.MENTEE) for permission in RECORDS)
    known = enrolments & outcomes
    return known - with_secrets(scope.session, actor, known)


def _openness(programs: list[CoveredProgram], figures: list[Figure], known: frozenset[UUID]) -> Openness:
    told = numbers(figures)
    cells = [
        Cell(str(one.id), one.category.value, told.get(_scope_of(one), NOTHING), is_known=one.id in known)
        for one in programs
    ]
    return openness(told, cells)


def _narrowed(told: Openness, program: CoveredProgram) -> Openness:
    """A report over one program tells in every scope what may be told of that program."""
    category = FigureScope(ScopeKind.CATEGORY, program.category.value)
    steps = told.steps.get(_scope_of(program), 0)
    return Openness(dict.fromkeys((TOTAL, category, _scope_of(program)), steps))


def _scope_of(program: CoveredProgram) -> FigureScope:
    return FigureScope(ScopeKind.PROGRAM, str(program.id))


def _figure(figure: Figure, told: Openness, listed: set[str] | None) -> FigureRead:
    document = rule_document()
    rule = document["rules"][figure.rule_id]
    is_told = told.tells(figure.scope, figure.id)
    excluded = [(record, rule_id) for record, rule_id in figure.excluded if rule_id not in OUTSIDE]
    names = [ExcludedRecord(enrolment_id=UUID(one), rule_id=by) for one, by in excluded if listed and one in listed]
    is_counted = is_told and (len(names) == len(excluded) or len(excluded) >= LEAST)
    return FigureRead(
        id=figure.id,
        scope=FigureScopeRead(kind=figure.scope.kind, key=figure.scope.key),
        value=figure.value if is_told else None,
        share=round(figure.share / 100, 3) if is_told and figure.share is not None else None,
        base=figure.base if is_told else None,
        is_protected=not is_told,
        population=BothLanguages(sv=figure.population_sv, en=figure.population_en),
        first_on=figure.period[0],
        last_on=figure.period[1],
        rule_id=figure.rule_id,
        rule_text=BothLanguages(sv=rule["sv"], en=rule["en"]),
        source=document["sources"][rule["source"]],
        excluded_count=len(excluded) if is_counted else None,
        excluded=None if listed is None else names,
    )


def _period_read(tertial: Tertial, today: date) -> TertialRead:
    first_on, last_on = tertial.period()
    return TertialRead(
        id=str(tertial),
        year=tertial.year,
        tertial=tertial.number,
        first_on=first_on,
        last_on=last_on,
        has_ended=tertial.has_ended(today),
    )
