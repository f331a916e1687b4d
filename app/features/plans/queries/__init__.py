"""Which plans are there, what does each say to this reader, and how does it go?"""

from app.features.plans.queries.parts import (
    decisions_of,
    goals_of,
    latest_version,
    lock_plan,
    measures_of,
    unseen_programs,
)
from app.features.plans.queries.plans import names, page, told, told_measure, versions, whole
from app.features.plans.queries.progress import comments, progress

__all__ = [
    "comments",
    "decisions_of",
    "goals_of",
    "latest_version",
    "lock_plan",
    "measures_of",
    "names",
    "page",
    "progress",
    "told",
    "told_measure",
    "unseen_programs",
    "versions",
    "whole",
]
