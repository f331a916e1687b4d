"""Does the report say how many wait for a match on the last day, and how long, and to others than the reader no more?"""

import csv
import io
import zipfile
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.domain.glossary import Concealing, Side
from app.domain.lifecycles import EnrolmentStatus as Status
from app.domain.lifecycles import MatchStatus
from app.domain.roles import Responsibility as Duty
from app.features.enrolments.tables import Enrolment
from app.kit.spreadsheets import XLSX
from tests.features.reports.test_people import conceal
from tests.features.reports.test_program import handler, mentor, pair
from tests.features.reports.test_router import PERIOD, RECORD_DUTIES, Committee, figures, report
from tests.world import World

DUTIES = [*RECORD_DUTIES, Duty.FOLLOW_UP_MATCHES]
LAST_ON = date(2025, 12, 31)


@pytest.fixture
def committee(world: World) -> Committee:
    return Committee(world)


@pytest.fixture
def program(committee: Committee) -> UUID:
    return committee.program(*DUTIES)


def waiting(committee: Committee, program: UUID, days: int, **over: Any) -> Enrolment:
    """A mentee who on the last day of 2025 has waited for so many days."""
    return committee.enrol(program, applied_on=LAST_ON - timedelta(days=days), **over)


def told(body: dict[str, Any], kind: str = "total", key: object = None) -> tuple[Any, Any]:
    found = figures(body, kind, key)
    return found["waitingNow"]["value"], found["longestWait"]["value"]


def test_whoever_is_ready_and_has_no_match_that_started_waits(committee: Committee, program: UUID) -> None:
    waiting(committee, program, 60)
    later = waiting(committee, program, 90)
    pair(committee, later, mentor(committee, committee.partner), started_on=date(2026, 1, 1))
    proposed = waiting(committee, program, 80)
    unstarted: dict[str, Any] = {"status": MatchStatus.PROPOSED, "started_on": None, "ends_on": None}
    pair(committee, proposed, mentor(committee, committee.partner), **unstarted)
    after: dict[str, Any] = {"exited_on": date(2026, 1, 1), "exit_reason": "plannedEnd"}
    waiting(committee, program, 70, status=Status.EXITED, **after)
    body = report(handler(committee))
    assert told(body) == told(body, "program", program) == (4, 90)
    found = figures(body)
    for name in ("waitingNow", "longestWait"):
        assert (found[name]["firstOn"], found[name]["lastOn"]) == ("2025-12-31", "2025-12-31")
        assert found[name]["section"] == "waiting"
    assert (found["longestWait"]["unit"], found["longestWait"]["base"]) == ("days", 4)
    assert found["waitingNow"]["title"] == {"sv": "Väntar på matchning nu", "en": "Waiting for a match now"}
    assert found["waitingNow"]["ruleId"] == "match.waiting_now"
    assert found["longestWait"]["ruleId"] == "match.longest_wait"


def test_whoever_does_not_wait_is_not_counted(committee: Committee, program: UUID) -> None:
    matched = waiting(committee, program, 60)
    pair(committee, matched, mentor(committee, committee.partner), started_on=LAST_ON)
    again = waiting(committee, program, 90)
    closed: dict[str, Any] = {"status": MatchStatus.CLOSED, "closed_on": date(2025, 11, 1), "is_ended_early": True}
    pair(committee, again, mentor(committee, committee.partner), **closed)
    waiting(committee, program, 80, ready_at=datetime.fromisoformat("2026-01-01T00:30:00+01:00"))
    for status in (Status.PAUSED, Status.WAITING, Status.SCREENING, Status.REGISTERED_IN_ERROR):
        waiting(committee, program, 70, status=status)
    waiting(committee, program, 70, status=Status.EXITED, exited_on=LAST_ON, exit_reason="plannedEnd")
    waiting(committee, program, 70, side=Side.MENTOR)
    assert told(report(handler(committee))) == (0, None)


def test_while_the_tertial_goes_on_today_counts(world: World, committee: Committee, program: UUID) -> None:
    waiting(committee, program, 60)
    body = report(handler(committee), "/reports/tertial?year=2026&tertial=1")
    assert told(body) == (1, 121)
    today = world.clock().date().isoformat()
    assert {figures(body)["waitingNow"][name] for name in ("firstOn", "lastOn")} == {today} == {"2026-03-02"}


def test_a_person_who_waits_in_two_programs_is_one_who_has_waited_longest(committee: Committee, program: UUID) -> None:
    other, person = committee.program(*DUTIES), committee.person()
    waiting(committee, program, 40, participant_id=person)
    waiting(committee, other, 50, participant_id=person)
    body = report(handler(committee))
    assert told(body) == (1, 50)
    assert told(body, "program", program) == (1, 40)


def test_the_protected_are_not_among_those_who_wait(committee: Committee, program: UUID) -> None:
    waiting(committee, program, 40)
    conceal(committee, waiting(committee, program, 90), Concealing.PROTECTED_IDENTITY)
    assert told(report(handler(committee))) == (1, 40)


def test_others_learn_what_ten_have_reached_and_of_fewer_nothing(committee: Committee, program: UUID) -> None:
    small = committee.program(*DUTIES)
    for days in (300, 90, 80, 70, 60, 50, 40, 30, 25, 23):
        waiting(committee, program, days)
    for days in (500, 400, 22):
        waiting(committee, small, days)
    body = report(committee.coordinator())
    assert told(body, "program", program) == (10, 20), "twenty-three, in whole fives"
    assert told(body, "program", small) == (None, None)
    number, longest = told(body)
    assert number in {10, 15}
    assert longest == 30, "the tenth longest of all thirteen"
    found = figures(body, "program", program)
    assert {found[name]["isRounded"] for name in ("waitingNow", "longestWait")} == {True}
    assert figures(body, "program", small)["longestWait"]["isProtected"]


def test_whoever_knows_one_program_learns_nothing_of_the_few_in_another(committee: Committee, program: UUID) -> None:
    """Were the longest of both told, the reader would see that it is not one of theirs."""
    other = committee.program()
    for days in range(12):
        waiting(committee, program, 30 + days)
    for days in (400, 300, 200):
        waiting(committee, other, days)
    body = report(committee.service(["program:read", "report:read", "enrolment:read", "match:read"]))
    assert told(body, "program", program) == (12, 41)
    assert told(body, "program", other) == (None, None)
    number, longest = told(body)
    assert number in {12, 17}
    assert longest is None


def test_the_known_part_is_told_beside_what_ten_others_have_reached(committee: Committee, program: UUID) -> None:
    other, person = committee.program(), committee.person()
    waiting(committee, program, 77)
    waiting(committee, program, 30, participant_id=person)
    waiting(committee, other, 999, participant_id=person)
    for days in range(10):
        waiting(committee, other, 63 + days)
    body = report(committee.service(["program:read", "report:read", "enrolment:read", "match:read"]))
    assert told(body) == (12, 77), "two known and ten others; not the 999 days of a known person elsewhere"


def test_every_form_of_the_report_has_it(committee: Committee, program: UUID) -> None:
    waiting(committee, program, 63)
    path = f"/programs/{program}/reports/tertial{PERIOD}"
    table, page, book = (
        handler(committee).get(path, headers={"Accept": one}) for one in ("text/csv", "text/html", XLSX)
    )
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig")), delimiter=";"))
    found = {row["Siffra"]: row for row in rows if row["Omfattning"] == "Totalt"}
    assert (found["waitingNow"]["Antal"], found["longestWait"]["Antal"]) == ("1", "63")
    assert found["longestWait"]["Rubrik"] == "Längsta väntan nu"
    assert "Väntar nu" in page.text
    assert "63\u00a0dagar" in page.text
    assert "31 december 2025" in page.text
    texts = zipfile.ZipFile(io.BytesIO(book.content)).read("xl/sharedStrings.xml").decode()
    assert "Väntar på matchning nu" in texts
