"""Which period is a tertial, and what part of the records is a figure about?"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Self

from app.domain.errors import RuleViolation

_MONTHS = 4
_TERTIAL = re.compile(r"([1-9][0-9]{3})-T([123])", re.ASCII)


@dataclass(frozen=True, order=True)
class Tertial:
    """A third of a year: 1 is January to April, 2 May to August, 3 September to December.

    Raises `report.tertial_invalid`.
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1000 <= self.year < date.max.year and 1 <= self.number <= 3):  # noqa: PLR2004  three thirds, four digits
            raise RuleViolation("report.tertial_invalid")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2014-T1`."""
        found = _TERTIAL.fullmatch(text)
        if not found:
            raise RuleViolation("report.tertial_invalid")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def last_ended(cls, today: date) -> Self:
        """The tertial before the one that `today` lies in."""
        before = (today.month - 1) // _MONTHS
        return cls(today.year, before) if before else cls(today.year - 1, 3)

    def before(self, count: int) -> tuple[Self, ...]:
        """So many tertials up to and with this one, the earliest first."""
        last = self.year * 3 + self.number - 1
        return tuple(type(self)(place // 3, place % 3 + 1) for place in range(last - count + 1, last + 1))

    def __str__(self) -> str:
        return f"{self.year}-T{self.number}"

    def period(self) -> tuple[date, date]:
        """The first and the last day, both included."""
        return self._days

    @cached_property
    def _days(self) -> tuple[date, date]:
        first_on = date(self.year, (self.number - 1) * _MONTHS + 1, 1)
        years, month = divmod(self.number * _MONTHS, 12)
        return first_on, date(self.year + years, month + 1, 1) - timedelta(days=1)

    def has_begun(self, today: date) -> bool:
        return self.period()[0] <= today

    def has_ended(self, today: date) -> bool:
        return self.period()[1] < today


class ScopeKind(StrEnum):
    TOTAL = "total"
    CATEGORY = "category"
    PROGRAM = "program"


@dataclass(frozen=True)
class FigureScope:
    """What part of the records a figure is about; `key` is the category or the program's id, None for all."""

    kind: ScopeKind
    key: str | None = None
