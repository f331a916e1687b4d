"""Until when may a referral be answered, how does it stand, and how long is the copy kept?"""

from datetime import date, timedelta

import pytest

from app.domain.errors import RuleViolation
from app.domain.lifecycles import REFERRAL, CohortStatus, ReferralStatus
from app.domain.referrals import check_answer_by, check_cohort, keeps_snapshot, standing

TODAY = date(2026, 3, 2)
S = ReferralStatus


@pytest.mark.parametrize("days", [1, 60])
def test_answer_days_that_are_allowed(days: int) -> None:
    check_answer_by(TODAY + timedelta(days=days), TODAY)


@pytest.mark.parametrize("days", [-1, 0, 61])
def test_answer_days_that_are_not(days: int) -> None:
    with pytest.raises(RuleViolation) as refused:
        check_answer_by(TODAY + timedelta(days=days), TODAY)
    assert (refused.value.code, refused.value.pointer) == ("referral.answer_by_outside", "/answerBy")
    assert refused.value.facts == {"earliest": "2026-03-03", "latest": "2026-05-01"}


@pytest.mark.parametrize("status", list(CohortStatus))
def test_cohorts_take_referrals_before_and_while_they_are_open(status: CohortStatus) -> None:
    if status in {CohortStatus.DRAFT, CohortStatus.OPEN}:
        check_cohort(status, TODAY, TODAY)
    else:
        with pytest.raises(RuleViolation, match=r"referral\.cohort_over"):
            check_cohort(status, TODAY, TODAY)


def test_a_window_that_has_closed_takes_nobody() -> None:
    with pytest.raises(RuleViolation) as refused:
        check_cohort(CohortStatus.OPEN, TODAY - timedelta(days=1), TODAY)
    assert refused.value.facts == {"cohortStatus": "open", "intakeUntil": "2026-03-01"}


@pytest.mark.parametrize(
    ("stored", "answer_in_days", "is_covered", "expected"),
    [
        (S.SENT, 0, True, S.SENT),
        (S.SENT, 0, False, S.WITHDRAWN),
        (S.SENT, -1, True, S.EXPIRED),
        (S.SENT, -1, False, S.EXPIRED),
        (S.ACCEPTED, -1, False, S.ACCEPTED),
        (S.DECLINED, -1, False, S.DECLINED),
    ],
)
def test_how_it_stands(stored: S, answer_in_days: int, is_covered: bool, expected: S) -> None:  # noqa: FBT001  a case
    answer_by = TODAY + timedelta(days=answer_in_days)
    assert standing(stored, answer_by, TODAY, is_covered=is_covered) is expected


@pytest.mark.parametrize(
    ("status", "answered_days_ago", "is_covered", "expected"),
    [
        (S.SENT, None, True, True),
        (S.SENT, None, False, False),
        (S.ACCEPTED, 0, True, True),
        (S.ACCEPTED, 30, True, True),
        (S.ACCEPTED, 31, True, False),
        (S.ACCEPTED, 0, False, False),
        (S.ACCEPTED, None, True, False),
        (S.DECLINED, 0, True, False),
        (S.WITHDRAWN, None, True, False),
        (S.EXPIRED, None, True, False),
    ],
)
def test_how_long_the_copy_is_kept(
    status: S,
    answered_days_ago: int | None,
    is_covered: bool,  # noqa: FBT001  a case
    expected: bool,  # noqa: FBT001  a case
) -> None:
    answered_on = None if answered_days_ago is None else TODAY - timedelta(days=answered_days_ago)
    assert keeps_snapshot(status, answered_on, TODAY, is_covered=is_covered) is expected


def test_an_answer_is_final() -> None:
    assert REFERRAL.allowed(S.SENT) == frozenset(S) - {S.SENT}
    assert all(REFERRAL.is_terminal(status) for status in S if status is not S.SENT)
