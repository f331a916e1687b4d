"""How does the report look on paper? PDF/UA-1, so that those who do not see it can read it too."""

from dataclasses import asdict
from functools import cache
from importlib.resources import files

from app.domain.errors import RuleViolation
from app.features.reports.router.document import More, document_of, nothing_more
from app.features.reports.schemas import TertialReport
from app.kit.charts import Look
from app.kit.pdf import UnprintableError, typeset

LOOK = Look("Libertinus Serif", letter=0.47, enlarged=1.35)


def as_pdf(report: TertialReport, more: More = nothing_more) -> bytes:
    """The document as it is printed. Raises: `report.not_printable`."""
    said = asdict(document_of(report, LOOK, more))
    try:
        return typeset(_template(), said, report.as_of)
    except UnprintableError:
        raise RuleViolation("report.not_printable") from None


@cache
def _template() -> bytes:
    return files("app.domain.data").joinpath("report.typ").read_bytes()
