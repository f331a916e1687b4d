"""What is read of people's requests about their data, and for answering them?"""

from app.features.rights.queries.exporting import export_of, recipients_of
from app.features.rights.queries.ledger import check_ledger, ledger, people_in
from app.features.rights.queries.requests import (
    Asked,
    erasures_at,
    export_made,
    has_approved_erasure,
    has_open_case,
    lock_request,
    own_record,
    page_of,
    requests_at,
    requests_of,
    requests_of_mine,
    restriction_of,
)

__all__ = [
    "Asked",
    "check_ledger",
    "erasures_at",
    "export_made",
    "export_of",
    "has_approved_erasure",
    "has_open_case",
    "ledger",
    "lock_request",
    "own_record",
    "page_of",
    "people_in",
    "recipients_of",
    "requests_at",
    "requests_of",
    "requests_of_mine",
    "restriction_of",
]
