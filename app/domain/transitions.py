"""May this state follow that one? What every transition table (`lifecycles.py`) can be asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from app.domain.errors import RuleViolation

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True)
class Lifecycle(Generic[S]):
    """A named transition table. A state that leads nowhere is terminal and need not be listed."""

    name: str
    transitions: Mapping[S, frozenset[S]]

    def allowed(self, current: S) -> frozenset[S]:
        """The states that may follow `current`; empty when it is terminal."""
        return self.transitions.get(current, frozenset())

    def is_terminal(self, current: S) -> bool:
        return not self.allowed(current)

    def check(self, current: S, to: S) -> None:
        """Raise `<name>.transition_not_allowed`, with the current state and the allowed ones, unless `to` may follow."""
        if to not in self.allowed(current):
            raise RuleViolation(
                f"{self.name}.transition_not_allowed",
                current=current.value,
                allowed=sorted(state.value for state in self.allowed(current)),
            )
