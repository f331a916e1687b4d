"""What may this caller know of a tertial, and of a program's progress?"""

from app.features.reports.queries.efforts import efforts
from app.features.reports.queries.exclusions import exclusions
from app.features.reports.queries.history import scorecard_history
from app.features.reports.queries.partners import partners
from app.features.reports.queries.report import program_report, report
from app.features.reports.queries.scorecard import scorecard
from app.features.reports.queries.sus import sus_export, sus_page
from app.features.reports.queries.targets import targets

__all__ = [
    "efforts",
    "exclusions",
    "partners",
    "program_report",
    "report",
    "scorecard",
    "scorecard_history",
    "sus_export",
    "sus_page",
    "targets",
]
