"""How does the report look on paper? PDF/UA-1, so that those who do not see it can read it too."""

from app.domain.errors import RuleViolation
from app.features.reports.router.document import More, document_of, nothing_more
from app.features.reports.schemas import TertialReport
from app.kit import booklets
from app.kit.pdf import UnprintableError


def as_pdf(report: TertialReport, more: More = nothing_more) -> bytes:
    """The document as it is printed. Raises: `report.not_printable`."""
    try:
        return booklets.as_print(document_of(report, booklets.IN_PRINT, more), report.as_of)
    except UnprintableError:
        raise RuleViolation("report.not_printable") from None
