"""Until when may a referral be answered, how does it stand today, and how long is the copy of the record kept?"""

from datetime import date, timedelta

from app.domain.errors import RuleViolation
from app.domain.lifecycles import CohortStatus, ReferralStatus

ANSWER_DAYS = 60
SNAPSHOT_DAYS = 30
"""Days after the acceptance on which the receiver can still hold its own record against the copy."""
TAKES_REFERRALS = frozenset({CohortStatus.DRAFT, CohortStatus.OPEN})
"""Recruiting begins before a cohort opens; a referred person applies when it has."""


def check_answer_by(answer_by: date, today: date) -> None:
    """Raise `referral.answer_by_outside` unless the day lies from tomorrow to 60 days ahead."""
    first, last = today + timedelta(days=1), today + timedelta(days=ANSWER_DAYS)
    if not first <= answer_by <= last:
        raise RuleViolation(
            "referral.answer_by_outside", pointer="/answerBy", earliest=first.isoformat(), latest=last.isoformat()
        )


def check_cohort(status: CohortStatus, intake_until: date, today: date) -> None:
    """Raise `referral.cohort_over` when nobody who is referred today could still apply on that side."""
    if status not in TAKES_REFERRALS or today > intake_until:
        raise RuleViolation("referral.cohort_over", cohortStatus=status.value, intakeUntil=intake_until.isoformat())


def standing(stored: ReferralStatus, answer_by: date, today: date, *, is_covered: bool) -> ReferralStatus:
    """How a referral stands today, whatever nobody has stored yet.

    After its last day an unanswered one has expired. Before it, one that nothing covers any more (the consent is
    withdrawn, or the person has become anonymous or protected) counts as withdrawn.
    """
    if stored is not ReferralStatus.SENT:
        return stored
    if today > answer_by:
        return ReferralStatus.EXPIRED
    return ReferralStatus.SENT if is_covered else ReferralStatus.WITHDRAWN


def keeps_snapshot(status: ReferralStatus, answered_on: date | None, today: date, *, is_covered: bool) -> bool:
    """May the copy of the record be kept and shown? Until the answer, and for 30 days after a yes, while covered."""
    if not is_covered:
        return False
    if status is ReferralStatus.ACCEPTED and answered_on is not None:
        return today <= answered_on + timedelta(days=SNAPSHOT_DAYS)
    return status is ReferralStatus.SENT
