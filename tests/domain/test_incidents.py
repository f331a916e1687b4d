"""Can the incident have happened then, and does its end say what came of it?"""

from datetime import date, timedelta

import pytest

from app.domain import incidents as rules
from app.domain.errors import RuleViolation, catalogue
from app.domain.incidents import IncidentOutcome
from app.domain.lifecycles import IncidentStatus

TODAY = date(2026, 3, 2)
FROM = TODAY - timedelta(days=30)


@pytest.mark.parametrize(("ahead", "code"), [(1, "incident.in_future"), (-31, "incident.before_match")])
def test_days_outside_are_refused(ahead: int, code: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        rules.check_occurred(TODAY + timedelta(days=ahead), FROM, TODAY)
    assert refused.value.code == code
    assert code in catalogue()


def test_days_on_the_edge_are_allowed() -> None:
    rules.check_occurred(TODAY, FROM, TODAY)
    rules.check_occurred(FROM, FROM, TODAY)


@pytest.mark.parametrize("to", IncidentStatus)
@pytest.mark.parametrize("outcome", [None, IncidentOutcome.RESOLVED])
def test_an_outcome_comes_with_the_end_only(to: IncidentStatus, outcome: IncidentOutcome | None) -> None:
    if (to is IncidentStatus.CLOSED) is (outcome is not None):
        rules.check_outcome(to, outcome)
        return
    with pytest.raises(RuleViolation, match=r"incident\.outcome_(needed|too_early)"):
        rules.check_outcome(to, outcome)
