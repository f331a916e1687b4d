"""What may this caller know of a tertial?"""

from app.features.reports.queries.exclusions import exclusions
from app.features.reports.queries.report import program_report, report

__all__ = ["exclusions", "program_report", "report"]
