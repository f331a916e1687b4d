"""Which columns does the committee's report have as a table?"""

from app.domain.reports import ScopeKind
from app.domain.swedish import CATEGORIES
from app.features.reports.router.words import SCOPES
from app.features.reports.schemas import FigureRead, TertialReport
from app.kit.spreadsheets import Sheet, Value

HEADINGS = (
    "Siffra", "Rubrik", "Omfattning", "Namn", "Antal", "Andel (%)", "Bas", "Enhet", "Skyddad", "Avrundad",
    "Population", "Från och med", "Till och med", "Regel", "Regeltext", "Källa", "Uttagen",
)  # fmt: skip
EXCLUDED = ("Siffra", "Omfattning", "Namn", "Regel", "Regeltext", "Antal som inte räknades")


def figures_sheet(report: TertialReport) -> Sheet:
    """The figures, one a row."""
    names, as_of = names_of(report), report.as_of.isoformat(timespec="seconds")
    rows: list[list[Value]] = [
        [
            one.id,
            one.title.sv,
            SCOPES[one.scope.kind],
            names.get(one.scope.key or "", ""),
            one.value,
            one.share,
            one.base,
            one.unit.value,
            one.is_protected,
            one.is_rounded,
            one.population.sv,
            one.first_on.isoformat(),
            one.last_on.isoformat(),
            one.rule_id,
            one.rule_text.sv,
            one.source,
            as_of,
        ]
        for one in report.figures
    ]
    return Sheet("Siffror", HEADINGS, rows)


def excluded_sheet(report: TertialReport) -> Sheet:
    """What did not count, by rule; empty for callers who may not read the records."""
    names = names_of(report)
    rows: list[list[Value]] = [
        [
            one.id,
            SCOPES[one.scope.kind],
            names.get(one.scope.key or "", ""),
            rule.rule_id,
            rule.rule_text.sv,
            rule.count,
        ]
        for one in report.figures
        for rule in one.excluded_by_rule or ()
    ]
    return Sheet("Räknades inte", EXCLUDED, rows)


def names_of(report: TertialReport) -> dict[str, str]:
    """What a scope's key is called."""
    return {str(program.id): program.name for program in report.programs} | CATEGORIES


def of_scope(report: TertialReport, kind: ScopeKind, key: str | None = None) -> dict[str, FigureRead]:
    """The figures of one scope by id."""
    return {one.id: one for one in report.figures if one.scope.kind is kind and one.scope.key == key}
