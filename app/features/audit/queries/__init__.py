"""What is read about the use of personal data, and about the seals over the logs?"""

from app.features.audit.queries.exposures import exposure
from app.features.audit.queries.proofs import proof_of
from app.features.audit.queries.reviews import read_review, review_lines, review_of
from app.features.audit.queries.seals import (
    horizon_of,
    listed_seals,
    newest_seal,
    oldest_waiting,
    reach_of,
    rows_after,
    sealed_at,
    seals_after,
)
from app.features.privacy.queries import access_at

__all__ = [
    "access_at",
    "exposure",
    "horizon_of",
    "listed_seals",
    "newest_seal",
    "oldest_waiting",
    "proof_of",
    "reach_of",
    "read_review",
    "review_lines",
    "review_of",
    "rows_after",
    "sealed_at",
    "seals_after",
]
