"""How does a report look in a Swedish spreadsheet? UTF-8 with BOM, semicolons, decimal comma, nothing that computes."""

import csv
import io
from collections.abc import Iterable, Iterator

from app.domain.glossary import Category
from app.domain.reports import ScopeKind
from app.features.reports.schemas import FigureRead, TertialReport

MEDIA_TYPE = "text/csv"
BOM = "\ufeff"
HEADERS = (
    "Siffra", "Omfattning", "Namn", "Antal", "Andel (%)", "Bas", "Skyddad", "Population", "Från och med",
    "Till och med", "Regel", "Regeltext", "Källa", "Uttagen",
)  # fmt: skip
SCOPES = {ScopeKind.TOTAL: "Totalt", ScopeKind.CATEGORY: "Kategori", ScopeKind.PROGRAM: "Program"}
CATEGORIES = {
    Category.PROFESSIONAL_PEERS.value: "Professionskollegor",
    Category.WOMEN_WITH_IMMIGRANT_BACKGROUND.value: "Kvinnor med invandrarbakgrund",
    Category.YOUTH.value: "Ungdomar",
    Category.OTHER.value: "Övriga",
}
STARTS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001  spreadsheets obey the wide ones too


def prefers_csv(accept: str) -> bool:
    """Does the Accept header rank a table above JSON? What it does not mention ranks below what it does."""
    return _quality(accept, MEDIA_TYPE) > _quality(accept, "application/json")


def _quality(accept: str, wanted: str) -> float:
    ranges = {f"{wanted.partition('/')[0]}/*": 1, wanted: 2, "*/*": 0}
    best = (-1, 0.0)
    for part in accept.lower().split(","):
        media, _, parameters = part.strip().partition(";")
        if media.strip() in ranges:
            best = max(best, (ranges[media.strip()], _weight(parameters)))
    return best[1]


def _weight(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def as_csv(report: TertialReport) -> bytes:
    """The figures, one a row; records that did not count are not among them."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADERS)
    writer.writerows([harmless(cell) for cell in row] for row in _rows(report))
    return (BOM + written.getvalue()).encode()


def harmless(cell: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would take for a formula (OWASP: CSV injection)."""
    return f"'{cell}" if cell.startswith(STARTS_A_FORMULA) else cell


def _rows(report: TertialReport) -> Iterator[Iterable[str]]:
    names = {str(program.id): program.name for program in report.programs} | CATEGORIES
    as_of = report.as_of.isoformat(timespec="seconds")
    for figure in report.figures:
        name = names.get(figure.scope.key or "", "")
        yield figure.id, SCOPES[figure.scope.kind], name, *_values(figure), *_explained(figure), as_of


def _values(figure: FigureRead) -> tuple[str, ...]:
    share = "" if figure.share is None else f"{figure.share * 100:.1f}".replace(".", ",")
    return _number(figure.value), share, _number(figure.base), "ja" if figure.is_protected else "nej"


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _explained(figure: FigureRead) -> tuple[str, ...]:
    first_on, last_on = figure.first_on.isoformat(), figure.last_on.isoformat()
    return figure.population.sv, first_on, last_on, figure.rule_id, figure.rule_text.sv, figure.source
