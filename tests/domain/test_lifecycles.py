"""Do the transition tables allow exactly what the domain says, and nothing more?"""

from contextlib import suppress
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import lifecycles as lc
from app.domain.errors import RuleViolation, catalogue
from app.domain.glossary import Side
from app.domain.lifecycles import MatchStatus
from app.domain.transitions import Lifecycle

# The expected tables stand here a second time, written from the domain description, so that an edit of one is noticed.
EXPECTED = {
    "cohort": {
        "draft": "open cancelled",
        "open": "closed cancelled",
        "closed": "inProgress cancelled",
        "inProgress": "completed cancelled",
        "completed": "evaluated",
        "evaluated": "",
        "cancelled": "",
    },
    "agreement": {
        "draft": "proposed withdrawn",
        "proposed": "partlySigned inForce withdrawn",
        "partlySigned": "inForce withdrawn",
        "inForce": "ended superseded",
        "ended": "",
        "superseded": "",
        "withdrawn": "",
    },
    "handover": {"proposed": "accepted declined withdrawn", "accepted": "", "declined": "", "withdrawn": ""},
    "enrolment": {
        "referred": "applied withdrawn registeredInError",
        "applied": "screening withdrawn registeredInError",
        "screening": "ready notEligible declined withdrawn registeredInError",
        "ready": "paused waiting exited withdrawn registeredInError",
        "paused": "ready exited withdrawn registeredInError",
        "waiting": "ready exited withdrawn registeredInError",
        "notEligible": "",
        "declined": "",
        "withdrawn": "",
        "registeredInError": "",
        "exited": "",
    },
    "match_run": {
        "queued": "running failed cancelled",
        "running": "completed failed cancelled",
        "completed": "approved discarded",
        "failed": "",
        "cancelled": "",
        "approved": "",
        "discarded": "",
    },
    "plan": {
        "draft": "decided closed",
        "decided": "draft followedUp closed",
        "followedUp": "draft followedUp closed",
        "closed": "",
    },
    "plan_measure": {
        "planned": "ongoing done cancelled",
        "ongoing": "planned done cancelled",
        "done": "ongoing",
        "cancelled": "planned ongoing",
    },
    "incident": {
        "reported": "assessing",
        "assessing": "acting closed",
        "acting": "closed",
        "closed": "assessing",
    },
    "match": {
        "proposed": "acceptedByMentor acceptedByMentee declined expired withdrawn void",
        "acceptedByMentor": "accepted declined expired withdrawn void",
        "acceptedByMentee": "accepted declined expired withdrawn void",
        "accepted": "prepared declined expired withdrawn void",
        "prepared": "active declined expired withdrawn void",
        "active": "onHold closing void",
        "onHold": "active closing void",
        "closing": "closed void",
        "closed": "active void",
        "declined": "",
        "expired": "",
        "withdrawn": "",
        "void": "",
    },
    "follow_up": {
        "planned": "due missed waived",
        "due": "done missed waived",
        "missed": "done",
        "done": "corrected",
        "corrected": "corrected",
        "waived": "",
    },
}
TABLES: dict[str, tuple[Lifecycle[Any], type[StrEnum]]] = {
    "cohort": (lc.COHORT, lc.CohortStatus),
    "agreement": (lc.AGREEMENT, lc.AgreementStatus),
    "handover": (lc.HANDOVER, lc.HandoverStatus),
    "enrolment": (lc.ENROLMENT, lc.EnrolmentStatus),
    "match_run": (lc.RUN, lc.RunStatus),
    "plan": (lc.PLAN, lc.PlanStatus),
    "plan_measure": (lc.PLAN_MEASURE, lc.MeasureStatus),
    "incident": (lc.INCIDENT, lc.IncidentStatus),
    "match": (lc.MATCH, lc.MatchStatus),
    "follow_up": (lc.FOLLOW_UP, lc.FollowUpStatus),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_table_is_exactly_the_described_one(name: str) -> None:
    table, states = TABLES[name]
    assert table.name == name
    assert {s.value: set(table.allowed(s)) for s in states} == {k: set(v.split()) for k, v in EXPECTED[name].items()}
    assert {s.value for s in states if table.is_terminal(s)} == {k for k, v in EXPECTED[name].items() if not v}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_other_step_is_refused_with_the_allowed_list(name: str) -> None:
    table, states = TABLES[name]
    assert catalogue()[f"{name}.transition_not_allowed"].status == 409
    for current in states:
        for to in states:
            if to in table.allowed(current):
                table.check(current, to)
                continue
            with pytest.raises(RuleViolation) as caught:
                table.check(current, to)
            assert caught.value.code == f"{name}.transition_not_allowed"
            allowed = sorted(EXPECTED[name][current.value].split())
            assert caught.value.facts == {"current": current.value, "allowed": allowed}


@pytest.mark.parametrize(
    ("status", "side", "to"),
    [
        ("proposed", Side.MENTOR, "acceptedByMentor"),
        ("proposed", Side.MENTEE, "acceptedByMentee"),
        ("acceptedByMentor", Side.MENTEE, "accepted"),
        ("acceptedByMentee", Side.MENTOR, "accepted"),
    ],
)
def test_two_acceptances_make_a_match_accepted(status: str, side: Side, to: str) -> None:
    assert lc.accept(MatchStatus(status), side) is MatchStatus(to)


@pytest.mark.parametrize(("status", "side"), [("acceptedByMentor", Side.MENTOR), ("acceptedByMentee", Side.MENTEE)])
def test_one_side_cannot_accept_for_both(status: str, side: Side) -> None:
    with pytest.raises(RuleViolation) as caught:
        lc.accept(MatchStatus(status), side)
    assert (caught.value.code, caught.value.facts) == ("match.already_accepted", {"side": side.value})
    assert caught.value.code in catalogue()


@given(st.sampled_from(MatchStatus), st.sampled_from(Side))
def test_acceptance_never_leaves_the_table(status: MatchStatus, side: Side) -> None:
    acceptances = {MatchStatus.ACCEPTED, MatchStatus.ACCEPTED_BY_MENTOR, MatchStatus.ACCEPTED_BY_MENTEE}
    with suppress(RuleViolation):
        to = lc.accept(status, side)
        assert to in lc.MATCH.allowed(status) & acceptances


def test_open_matches_and_mentor_places() -> None:
    opened = "proposed acceptedByMentor acceptedByMentee accepted prepared active onHold closing"
    held = "acceptedByMentor accepted prepared active onHold closing"
    assert {s for s in MatchStatus if lc.is_open(s)} == set(opened.split())
    assert {s for s in MatchStatus if lc.holds_mentor_place(s)} == set(held.split())
