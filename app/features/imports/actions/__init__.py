"""How is an import asked for, given its file, carried out, and called off?"""

from app.features.imports.actions.course import (
    Stopped,
    begin_anew,
    cancel_import,
    complete_import,
    fail_import,
    forget_results,
    note_columns,
    note_rows,
    take_back_rows,
)
from app.features.imports.actions.requests import JOB, demand_rows, receive_file, request_import
from app.features.imports.actions.rows import Row, apply_to, understood

__all__ = [
    "JOB",
    "Row",
    "Stopped",
    "apply_to",
    "begin_anew",
    "cancel_import",
    "complete_import",
    "demand_rows",
    "fail_import",
    "forget_results",
    "note_columns",
    "note_rows",
    "receive_file",
    "request_import",
    "take_back_rows",
    "understood",
]
