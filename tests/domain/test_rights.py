"""Are the days, the grounds and the fates of erasing as they were decided?"""

from datetime import date, timedelta

import pytest

from app.domain import erasure
from app.domain.erasure import Fate, erasure_rules
from app.domain.errors import RuleViolation
from app.domain.glossary import Sector
from app.domain.lifecycles import DATA_REQUEST, DataRequestStatus
from app.domain.rights import (
    PUBLIC_SECTORS,
    ErasureGround,
    check_erasure_decision,
    check_received,
    due_on,
    is_overdue,
)

DAY = date(2026, 3, 2)
S = DataRequestStatus


def test_the_answer_is_due_in_thirty_days_and_once_sixty_more() -> None:
    assert due_on(DAY) == date(2026, 4, 1)
    assert due_on(DAY, is_extended=True) == date(2026, 5, 31)


@pytest.mark.parametrize("status", list(S))
def test_only_what_waits_for_an_answer_is_overdue(status: DataRequestStatus) -> None:
    due = due_on(DAY)
    assert not is_overdue(status, due, due)
    assert is_overdue(status, due, due + timedelta(days=1)) is (status in {S.RECEIVED, S.ASSESSED})


@pytest.mark.parametrize("ago", [0, 365])
def test_a_request_came_in_within_the_last_year(ago: int) -> None:
    check_received(DAY - timedelta(days=ago), DAY)


@pytest.mark.parametrize("ago", [366, -1])
def test_neither_before_nor_in_days_to_come(ago: int) -> None:
    day = DAY - timedelta(days=ago)
    with pytest.raises(RuleViolation, match=r"data_request\.received_on_invalid"):
        check_received(day, DAY)


@pytest.mark.parametrize("sector", list(Sector))
def test_an_erasure_has_a_ground_and_at_a_public_body_a_decision(sector: Sector) -> None:
    with pytest.raises(RuleViolation, match=r"data_request\.ground_needed"):
        check_erasure_decision(sector, None, "GB 1")
    check_erasure_decision(sector, ErasureGround.UNLAWFUL, "GB 1")
    if sector not in PUBLIC_SECTORS:
        check_erasure_decision(sector, ErasureGround.UNLAWFUL, None)
        return
    with pytest.raises(RuleViolation, match=r"data_request\.decision_reference_needed"):
        check_erasure_decision(sector, ErasureGround.UNLAWFUL, None)


def test_businesses_and_associations_are_no_public_bodies() -> None:
    assert set(Sector) - PUBLIC_SECTORS == {Sector.BUSINESS, Sector.CIVIL_SOCIETY}


def test_nothing_is_executed_that_was_not_granted() -> None:
    before = {one for one in S if S.EXECUTED in DATA_REQUEST.allowed(one)}
    assert before == {S.GRANTED}
    assert S.GRANTED not in DATA_REQUEST.allowed(S.RECEIVED)
    assert DATA_REQUEST.is_terminal(S.EXECUTED)
    assert DATA_REQUEST.is_terminal(S.REFUSED)


def test_what_is_kept_has_a_reason() -> None:
    rules = erasure_rules()
    assert {rule.fate for rule in rules.values()} == set(Fate)
    assert rules["guardian"].fate is Fate.DELETED
    assert all(rule.why for rule in rules.values() if rule.fate is not Fate.DELETED)


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"fate": "kept"}, "without a reason"),
        ({"fate": "emptied", "why": "x"}, "names its columns"),
        ({"fate": "kept", "why": "x", "values": {"a": 1}}, "names its columns"),
    ],
)
def test_a_rule_that_says_too_little_is_refused(told: dict[str, object], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        erasure._rule("x", told)
