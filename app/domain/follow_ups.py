"""When is which follow-up due, and how late is it?

Due dates are counted from the start of the match or from the exit, never from a record's last change.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.benchmarks import Profile
from app.domain.days import add_months
from app.domain.errors import RuleViolation
from app.domain.glossary import Side
from app.domain.lifecycles import FollowUpStatus


class FollowUpKind(StrEnum):
    CHECK_IN_MENTOR = "checkInMentor"  # avstämning med mentorn
    CHECK_IN_MENTEE = "checkInMentee"  # avstämning med adepten
    IN_DEPTH = "inDepth"  # fördjupad uppföljning
    ENTRY = "entry"  # vid start
    EXIT = "exit"  # vid avslut
    AFTER_ONE_MONTH = "afterOneMonth"
    AFTER_SIX_MONTHS = "afterSixMonths"
    AFTER_TWELVE_MONTHS = "afterTwelveMonths"


class WaiverReason(StrEnum):
    """Why a follow-up is not made."""

    MATCH_ENDED = "matchEnded"  # matchningen har avslutats
    NOT_REACHABLE = "notReachable"  # går inte att nå
    NO_LONGER_RELEVANT = "noLongerRelevant"  # inte längre aktuell
    REPLACED_BY_OTHER_CONTACT = "replacedByOtherContact"  # ersatt av annan kontakt
    MATCH_REOPENED = "matchReopened"  # matchningen har återupptagits
    OTHER = "other"


class AnswerCorrectionReason(StrEnum):
    """Why an answer is corrected; closed, so that nothing about a person is written down."""

    MISTYPED = "mistyped"  # felskrivet
    MISUNDERSTOOD = "misunderstood"  # missförstånd
    WRONG_DAY = "wrongDay"  # fel dag
    NEW_INFORMATION = "newInformation"  # nya uppgifter
    OTHER = "other"


AFTER_EXIT_KINDS = {
    1: FollowUpKind.AFTER_ONE_MONTH,
    6: FollowUpKind.AFTER_SIX_MONTHS,
    12: FollowUpKind.AFTER_TWELVE_MONTHS,
}
WHILE_RUNNING = frozenset({FollowUpKind.CHECK_IN_MENTOR, FollowUpKind.CHECK_IN_MENTEE, FollowUpKind.IN_DEPTH})
"""The contacts about a match that runs: worth making until it ends."""
MOVABLE = WHILE_RUNNING | {FollowUpKind.EXIT}
"""What may be moved to another day. The entry and the times after the exit are measured on their days or not at all."""
_ANSWERED = frozenset({FollowUpStatus.DONE, FollowUpStatus.CORRECTED})
_CHECK_INS = ((FollowUpKind.CHECK_IN_MENTOR, Side.MENTOR), (FollowUpKind.CHECK_IN_MENTEE, Side.MENTEE))


@dataclass(frozen=True)
class Planned:
    """One follow-up to be made. `side` is None when both sides take part together."""

    kind: FollowUpKind
    side: Side | None
    due_on: date


def plan_for_match(started_on: date, ends_on: date, profile: Profile) -> tuple[Planned, ...]:
    """The entry record and all contacts while the match runs, by day; the exit is planned by `plan_for_exit`.

    Nothing is due on or after `ends_on`, except the entry record of a match that lasts one day.
    Raises `match.ends_before_start`.
    """
    if ends_on < started_on:
        raise RuleViolation("match.ends_before_start")
    plan = [Planned(FollowUpKind.ENTRY, Side.MENTEE, started_on)]
    for due_on in _check_in_days(started_on, ends_on, profile):
        plan += [Planned(kind, side, due_on) for kind, side in _CHECK_INS]
    plan += [Planned(FollowUpKind.IN_DEPTH, None, due_on) for due_on in _in_depth_days(started_on, ends_on, profile)]
    return tuple(sorted(plan, key=lambda planned: planned.due_on))


def plan_for_exit(exited_on: date, profile: Profile) -> tuple[Planned, ...]:
    """The exit interview with each side on the day itself, then the mentee's outcome the profile's months later."""
    interviews = tuple(Planned(FollowUpKind.EXIT, side, exited_on) for side in (Side.MENTOR, Side.MENTEE))
    return interviews + tuple(
        Planned(AFTER_EXIT_KINDS[months], Side.MENTEE, add_months(exited_on, months))
        for months in profile.after_exit_months
    )


def plan_for_reopening(started_on: date, ends_on: date, reopened_on: date, profile: Profile) -> tuple[Planned, ...]:
    """What is left of the match's own plan when it goes on again: counted from its start, not from the reopening."""
    plan = plan_for_match(started_on, ends_on, profile)
    return tuple(one for one in plan if one.kind in WHILE_RUNNING and one.due_on >= reopened_on)


def _check_in_days(started_on: date, ends_on: date, profile: Profile) -> Iterator[date]:
    """The first month's contacts spread evenly inside it, then one at the beginning of every n-th month."""
    count = profile.number("checkInsFirstMonth")
    length = (add_months(started_on, 1) - started_on).days
    for number in range(1, count + 1):
        due_on = started_on + timedelta(days=length * number // (count + 1))
        if due_on < ends_on:
            yield due_on
    yield from _every_months(started_on, ends_on, 1, profile.number("checkInEveryMonths"))


def _in_depth_days(started_on: date, ends_on: date, profile: Profile) -> Iterator[date]:
    monthly = profile.number("inDepthMonthlyMonths")
    for month in range(1, monthly + 1):
        if (due_on := add_months(started_on, month)) < ends_on:
            yield due_on
    step = profile.number("inDepthEveryMonths")
    yield from _every_months(started_on, ends_on, monthly + step, step)


def _every_months(started_on: date, ends_on: date, first: int, step: int) -> Iterator[date]:
    """The days `first`, `first + step`, … months after the start and before the end; none when `step` is 0."""
    month = first
    while step and (due_on := add_months(started_on, month)) < ends_on:
        yield due_on
        month += step


def status_on(stored: FollowUpStatus, due_on: date, today: date, grace_days: int, lead_days: int = 0) -> FollowUpStatus:
    """What a follow-up stored as `stored` is today.

    Due from `lead_days` before its date, missed once `grace_days` after it have passed. Only planned and due move
    with the calendar, and never backwards.
    """
    if stored not in {FollowUpStatus.PLANNED, FollowUpStatus.DUE}:
        return stored
    if today > due_on + timedelta(days=grace_days):
        return FollowUpStatus.MISSED
    return FollowUpStatus.DUE if today >= due_on - timedelta(days=lead_days) else stored


def check_open(status: FollowUpStatus) -> None:
    """Raise unless answers may be given: when due, or late when missed.

    `follow_up.already_answered` when it has been answered before, else `follow_up.not_open`.
    """
    if status in _ANSWERED:
        raise RuleViolation("follow_up.already_answered", current=status.value)
    if status not in {FollowUpStatus.DUE, FollowUpStatus.MISSED}:
        raise RuleViolation("follow_up.not_open", current=status.value)


def check_correction(corrects: int, newest: int) -> None:
    """Only the newest version of an answer is corrected: what was corrected before stays as it is.

    Raises `follow_up.version_unknown` or `follow_up.version_corrected`, which names the newest.
    """
    if not 1 <= corrects <= newest:
        raise RuleViolation("follow_up.version_unknown", pointer="/corrects", newest=newest)
    if corrects < newest:
        raise RuleViolation("follow_up.version_corrected", pointer="/corrects", newest=newest)


@dataclass(frozen=True)
class Move:
    """A follow-up that somebody wants to move: what it is, where it stands, and how far it may go from its plan."""

    kind: FollowUpKind
    status: FollowUpStatus
    planned_on: date
    started_on: date
    most_days: int


def check_move(move: Move, to: date, today: date) -> None:
    """Raise unless the follow-up may be moved to the day `to`; the plan it is measured against never moves.

    `follow_up.day_fixed` for a measure that belongs to its day, `follow_up.too_late_to_move` when the day has passed
    with its grace or it has been answered or waived, `follow_up.day_outside_window` with the days that are allowed.
    """
    if move.kind not in MOVABLE:
        raise RuleViolation("follow_up.day_fixed", kind=move.kind.value)
    if move.status not in {FollowUpStatus.PLANNED, FollowUpStatus.DUE}:
        raise RuleViolation("follow_up.too_late_to_move", current=move.status.value)
    reach = timedelta(days=move.most_days)
    # An exit interview is not held before the exit, nor a contact before the match has begun.
    begins = move.planned_on if move.kind is FollowUpKind.EXIT else max(move.planned_on - reach, move.started_on)
    earliest, latest = max(begins, today), move.planned_on + reach
    if not earliest <= to <= latest:
        days = {"earliest": earliest.isoformat(), "latest": latest.isoformat()}
        raise RuleViolation("follow_up.day_outside_window", pointer="/dueOn", **days)


def lateness(due_on: date, done_on: date) -> int:
    """Days after the due date that it was done; 0 when done in time or early."""
    return max(0, (done_on - due_on).days)


def check_done_on(done_on: date, earliest_on: date | None, today: date) -> None:
    """Raise `follow_up.done_in_future` or `follow_up.done_before_start` unless it can have been done that day."""
    if done_on > today:
        raise RuleViolation("follow_up.done_in_future", pointer="/doneOn")
    if earliest_on is not None and done_on < earliest_on:
        raise RuleViolation("follow_up.done_before_start", pointer="/doneOn", earliest=earliest_on.isoformat())
