"""What must a plan say before it is adopted, when may it change, and where may its measures lie in time?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.errors import RuleViolation
from app.domain.lifecycles import PLAN, PLAN_MEASURE, MeasureStatus, PlanStatus


class DecisionKind(StrEnum):
    """What a committee, or whoever decides, has decided about a plan."""

    COMMISSION = "commission"  # uppdrag att ta fram planen
    ADOPTION = "adoption"  # antagande
    FOLLOW_UP = "followUp"  # uppföljning noteras
    CLOSING = "closing"  # planen avslutas


LEADS_TO: Mapping[DecisionKind, PlanStatus | None] = {
    DecisionKind.COMMISSION: None,
    DecisionKind.ADOPTION: PlanStatus.DECIDED,
    DecisionKind.FOLLOW_UP: PlanStatus.FOLLOWED_UP,
    DecisionKind.CLOSING: PlanStatus.CLOSED,
}


@dataclass(frozen=True)
class Period:
    """The days of a plan, both included."""

    starts_on: date
    ends_on: date

    def check(self) -> None:
        """Raise `plan.period_invalid`."""
        if self.ends_on < self.starts_on:
            raise RuleViolation("plan.period_invalid", pointer="/endsOn")

    def check_measure(self, starts_on: date, due_on: date) -> None:
        """Raise `plan.measure_due_before_start`, `plan.measure_outside_period`."""
        if due_on < starts_on:
            raise RuleViolation("plan.measure_due_before_start", pointer="/dueOn")
        for name, day in (("startsOn", starts_on), ("dueOn", due_on)):
            if not self.starts_on <= day <= self.ends_on:
                raise RuleViolation(
                    "plan.measure_outside_period", pointer=f"/{name}", startsOn=self.starts_on, endsOn=self.ends_on
                )

    def check_goal(self, due_on: date | None) -> None:
        """A goal may be measured after the plan's end, for effects come late. Raise `plan.goal_due_before_start`."""
        if due_on is not None and due_on < self.starts_on:
            raise RuleViolation("plan.goal_due_before_start", pointer="/dueOn", startsOn=self.starts_on)


def check_goal_number(number: int | None, unit: str | None) -> None:
    """Raise `plan.goal_unit_missing`: a number needs to say of what, and a unit how many."""
    if (number is None) != (unit is None):
        raise RuleViolation("plan.goal_unit_missing", pointer="/unit" if unit is None else "/number")


def check_draft(status: PlanStatus) -> None:
    """Raise `plan.not_draft`: what is decided stands, and is changed by a new version."""
    if status is not PlanStatus.DRAFT:
        raise RuleViolation("plan.not_draft", current=status.value)


def check_open(status: PlanStatus) -> None:
    """Raise `plan.closed`: nothing is added to a plan that is closed."""
    if status is PlanStatus.CLOSED:
        raise RuleViolation("plan.closed")


def check_decision(
    kind: DecisionKind, status: PlanStatus, decided_on: date, today: date, *, has_children: bool, has_goals: bool
) -> PlanStatus:
    """The state after the decision; of a plan to be adopted it must be known what it means for children, and its goals.

    Raises: `plan.decided_in_future`, `plan.closed`, `plan.transition_not_allowed`, `plan.children_missing`,
    `plan.goals_missing`.
    """
    if decided_on > today:
        raise RuleViolation("plan.decided_in_future", pointer="/decidedOn")
    check_open(status)
    to = LEADS_TO[kind]
    if to is None:
        return status
    PLAN.check(status, to)
    if kind is DecisionKind.ADOPTION and not has_children:
        raise RuleViolation("plan.children_missing")
    if kind is DecisionKind.ADOPTION and not has_goals:
        raise RuleViolation("plan.goals_missing")
    return to


def check_measure_status(current: MeasureStatus, to: MeasureStatus | None, reason: str | None) -> None:
    """Raise `plan_measure.transition_not_allowed`, or `plan.reason_missing`: whoever calls a measure off says why."""
    if to is None or to is current:
        return
    PLAN_MEASURE.check(current, to)
    if to is MeasureStatus.CANCELLED and reason is None:
        raise RuleViolation("plan.reason_missing", pointer="/reason")
