"""What may this caller know of what is offered, who waits, and what is missing?"""

from app.features.gaps.queries.cells import numbers, view
from app.features.gaps.queries.missing import missing

__all__ = ["missing", "numbers", "view"]
