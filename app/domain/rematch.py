"""May somebody whose match has ended be matched again, and from when?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.glossary import ClosureCause

NEEDS_DECISION = frozenset({ClosureCause.SAFETY})
"""After these causes nobody of the pair is matched again before somebody has decided that they may be."""


class RematchBar(StrEnum):
    """What stands between a person and a new match."""

    BUFFER = "buffer"  # tiden mellan avslut och ny matchning har inte gått
    NOT_DECIDED = "notDecided"  # avslutsorsaken kräver ett beslut
    DECIDED_AGAINST = "decidedAgainst"


@dataclass(frozen=True)
class Ended:
    """One ended match of a person; `may_rematch` is what was decided for that person, None is nothing yet."""

    closed_on: date
    cause: ClosureCause | None
    may_rematch: bool | None


@dataclass(frozen=True)
class Rematch:
    """`earliest` is the first day after the buffer; `bars` is empty when the person may be matched today."""

    earliest: date | None
    bars: frozenset[RematchBar]


def rematch(ended: Iterable[Ended], buffer_weeks: int, today: date) -> Rematch:
    """What a program's ended matches of one person say about a new one. A decision for it does not lift the buffer."""
    found = list(ended)
    earliest = max((one.closed_on + timedelta(weeks=buffer_weeks) for one in found), default=None)
    bars = {bar for one in found if (bar := _decision(one)) is not None}
    if earliest is not None and today < earliest:
        bars.add(RematchBar.BUFFER)
    return Rematch(earliest, frozenset(bars))


def _decision(one: Ended) -> RematchBar | None:
    if one.may_rematch is None:
        return RematchBar.NOT_DECIDED if one.cause in NEEDS_DECISION else None
    return None if one.may_rematch else RematchBar.DECIDED_AGAINST
