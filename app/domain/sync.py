"""What became of something that another system sent by its own key?"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class SyncOutcome(StrEnum):
    """`notApplied`: nothing spoke against it, but the whole was not to be applied (a dry run, or others were refused)."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    NOT_APPLIED = "notApplied"


class BatchMode(StrEnum):
    """Whether one refused row holds back all the others."""

    WHOLE_OR_NOTHING = "wholeOrNothing"
    ROW_BY_ROW = "rowByRow"


class ExternalKey(NamedTuple):
    """The key of a thing in another system. It identifies within the partner that holds the thing."""

    system: str
    id: str


@dataclass(frozen=True)
class RowProblem:
    """Why a row was refused: a stable code, the place in the row, and an English message; never what was sent."""

    code: str
    pointer: str | None
    message: str
