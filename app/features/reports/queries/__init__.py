"""What may this caller know of a tertial?"""

from app.features.reports.queries.report import program_report, report

__all__ = ["program_report", "report"]
