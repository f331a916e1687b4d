"""How does the report look in a browser?"""

from app.features.reports.router.document import More, document_of, nothing_more
from app.features.reports.schemas import TertialReport
from app.kit import booklets


def as_page(report: TertialReport, more: More = nothing_more) -> bytes:
    return booklets.as_page(document_of(report, booklets.ON_SCREEN, more))
