"""Does the committee get its figures over HTTP, exact for those who hold the records and protected for others?"""

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, text

from app.domain.changes import ChangeKind
from app.domain.figures import DEFINITIONS
from app.domain.glossary import Category, ExitReason, Gender, Side
from app.domain.lifecycles import EnrolmentStatus as Status
from app.domain.outcomes import IncomeSource, Occasion, Occupation
from app.domain.roles import Responsibility as Duty
from app.domain.roles import Role
from app.features.access.tables import UserAccount
from app.features.changes.tables import Change
from app.features.enrolments.tables import Enrolment
from app.features.outcomes.tables import Outcome
from app.features.participants.tables import Participant
from app.features.programs.tables import Cohort
from tests.world import START, Client, World

ENDED_ON = date(2025, 11, 28)
PERIOD = "?year=2025&tertial=3"
RECORD_DUTIES = [Duty.REPORT_TO_COMMITTEE, Duty.HOLD_PERSONAL_DATA, Duty.RECORD_OUTCOMES]
RECORD_SCOPES = ["program:read", "report:read", "enrolment:read", "outcome:read"]


class Committee:
    """A municipality that reports on programs; enrolments are written directly."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.partner = world.partner("Påhittade kommunen")
        self.user: UserAccount = world.add(
            UserAccount(name="Påhittad", role=Role.CASE_HANDLER, email=f"c{world.number()}@example.org")
        )
        self.cohorts: dict[UUID, UUID] = {}

    def program(self, *duties: Duty, **over: Any) -> UUID:
        program = self.world.program(self.partner, **over)
        self.world.agree(program, {self.partner: list(duties or (Duty.REPORT_TO_COMMITTEE,))})
        window: dict[str, Any] = {
            f"{one}_intake_{end}": START for one in ("mentor", "mentee") for end in ("from", "until")
        }
        cohort: Cohort = self.world.add(
            Cohort(program_id=program, name="Omgång", starts_on=date(2025, 9, 1), ends_on=date(2026, 6, 1), **window)
        )
        self.cohorts[program] = cohort.id
        return program

    def person(self) -> UUID:
        name: dict[str, Any] = {"given_name": "Påhittad", "family_name": "Person"}
        added: Participant = self.world.add(
            Participant(partner_id=self.partner, born_on=date(1990, 1, 1), gender=Gender.MALE, **name)
        )
        return added.id

    def enrol(self, program: UUID, **over: Any) -> Enrolment:
        """A mentee found ready on 1 October 2025 who still takes part, unless `over` says otherwise."""
        given = {
            "program_id": program,
            "cohort_id": self.cohorts[program],
            "participant_id": over.pop("participant_id", None) or self.person(),
            "partner_id": self.partner,
            "side": Side.MENTEE,
            "status": Status.READY,
            "applied_on": date(2025, 9, 1),
            "ready_at": datetime.fromisoformat("2025-10-01T08:00:00+02:00"),
            **over,
        }
        added: Enrolment = self.world.add(Enrolment(**given))
        return added

    def exited(self, program: UUID, occupation: Occupation | None = None, **over: Any) -> Enrolment:
        """A mentee whose effort ended in the period, with what is recorded at the exit."""
        ended = {"status": Status.EXITED, "exited_on": ENDED_ON, "exit_reason": ExitReason.PLANNED_END}
        enrolment = self.enrol(program, **{**ended, **over})
        if occupation is not None:
            self.outcome(enrolment, occupation)
        return enrolment

    def outcome(self, enrolment: Enrolment, occupation: Occupation) -> None:
        self.world.add(
            Outcome(
                program_id=enrolment.program_id,
                enrolment_id=enrolment.id,
                participant_id=enrolment.participant_id,
                partner_id=self.partner,
                occasion=Occasion.EXIT,
                observed_on=ENDED_ON,
                income_source=IncomeSource.OTHER,
                occupation=occupation,
                began_on=date(2025, 10, 1),
                recorded_by_user_id=self.user.id,
            )
        )

    def fill(self, program: UUID, staying: int, failed: int, worked: int) -> None:
        for number in range(staying + failed + worked):
            if number < staying:
                self.enrol(program)
            else:
                self.exited(program, Occupation.WORK if number < staying + worked else Occupation.JOB_SEEKING)

    def coordinator(self) -> Client:
        return self.world.client(Role.COORDINATOR, self.partner)

    def service(self, scopes: list[str] = RECORD_SCOPES) -> Client:
        return self.world.client(Role.SERVICE, self.partner, scopes)


@pytest.fixture
def committee(world: World) -> Committee:
    return Committee(world)


def report(client: Client, path: str = "/reports/tertial" + PERIOD) -> dict[str, Any]:
    response = client.get(path)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def figures(body: dict[str, Any], kind: str = "total", key: object = None) -> dict[str, dict[str, Any]]:
    wanted = {"kind": kind, "key": None if key is None else str(key)}
    return {one["id"]: one for one in body["figures"] if one["scope"] == wanted}


def values(body: dict[str, Any], kind: str = "total", key: object = None) -> tuple[Any, ...]:
    found = figures(body, kind, key)
    counted = tuple(found[name]["value"] for name in ("inEffort", "ended", "endedToSelfSufficiency"))
    return (*counted, found["koladaShare"]["share"])


def listed(client: Client, program: UUID) -> set[tuple[str, str, str]]:
    response = client.get(f"/programs/{program}/reports/tertial/exclusions{PERIOD}&limit=200")
    assert response.status_code == 200, response.text
    return {(one["figureId"], one["enrolmentId"], one["ruleId"]) for one in response.json()["items"]}


@pytest.mark.parametrize("role", [Role.SERVICE, Role.CASE_HANDLER])
def test_who_holds_the_records_sees_what_did_not_count_and_why(world: World, committee: Committee, role: Role) -> None:
    program = committee.program(*RECORD_DUTIES)
    committee.exited(program, Occupation.WORK)
    municipal = committee.exited(program, Occupation.MUNICIPAL_LABOUR_MARKET_JOB)
    silent = committee.exited(program)
    wrong = committee.enrol(program, status=Status.REGISTERED_IN_ERROR)
    committee.enrol(program)
    committee.enrol(program, side=Side.MENTOR)
    client = world.client(role, committee.partner, RECORD_SCOPES if role is Role.SERVICE else None)

    body = report(client, f"/programs/{program}/reports/tertial{PERIOD}")

    assert values(body) == values(body, "program", program) == (4, 3, 1, 0.333)
    share = figures(body)["koladaShare"]
    assert {one["ruleId"]: one["count"] for one in share["excludedByRule"]} == {
        "kolada.municipal_job": 1,
        "kolada.no_exit_record": 1,
        "tertial.registered_in_error": 1,
    }
    assert (share["base"], share["value"], share["isProtected"], share["isRounded"]) == (3, None, False, False)
    assert share["ruleId"] == "tertial.kolada_share"
    assert share["ruleText"]["sv"].startswith("Avslutade till arbete")
    assert share["source"].startswith("Kolada")
    assert body["period"] == {
        "id": "2025-T3",
        "year": 2025,
        "tertial": 3,
        "firstOn": "2025-09-01",
        "lastOn": "2025-12-31",
        "hasEnded": True,
    }
    assert [one["id"] for one in body["programs"]] == [str(program)]
    assert body["method"]["sv"].startswith("Siffrorna är exakta")
    assert listed(client, program) == {
        ("endedToSelfSufficiency", str(municipal.id), "kolada.municipal_job"),
        ("endedToSelfSufficiency", str(silent.id), "kolada.no_exit_record"),
        ("inEffort", str(wrong.id), "tertial.registered_in_error"),
    }
    with world.runtime.database.transaction() as session:
        traces = session.execute(
            text("select people from access_record where permission = 'report:read' and subject_id = :id"),
            {"id": program},
        )
        assert {frozenset(row.people) for row in traces} == {
            frozenset({municipal.participant_id, silent.participant_id, wrong.participant_id})
        }


@pytest.mark.parametrize("missing", ["enrolment:read", "outcome:read"])
def test_without_the_right_to_the_records_none_is_named(committee: Committee, missing: str) -> None:
    program = committee.program(*RECORD_DUTIES)
    committee.fill(program, 0, 3, 1)
    client = committee.service([scope for scope in RECORD_SCOPES if scope != missing])
    body = report(client)
    assert values(body) == (None, None, None, None)
    assert {(one["isProtected"], one["excludedByRule"]) for one in body["figures"]} == {(True, None)}
    refused = client.get(f"/programs/{program}/reports/tertial/exclusions")
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")


def test_reading_enrolments_without_outcomes_is_not_enough_for_the_records(committee: Committee) -> None:
    program = committee.program(Duty.REPORT_TO_COMMITTEE, Duty.HOLD_PERSONAL_DATA)
    committee.fill(program, 0, 3, 1)
    body = report(committee.service())
    assert values(body) == (None, None, None, None)
    assert all(one["excludedByRule"] is None for one in body["figures"])


def test_a_coordinator_sees_numbers_in_fives_and_no_records(committee: Committee) -> None:
    program = committee.program()
    committee.fill(program, 12, 11, 13)
    client = committee.coordinator()
    body = report(client)
    in_effort, ended, reached, share = values(body)
    assert in_effort in {35, 40}
    assert ended in {20, 25}
    assert reached in {10, 15}
    assert share == round(reached / ended, 3)
    assert values(body) == values(body, "category", Category.PROFESSIONAL_PEERS.value)
    assert values(body) == values(body, "program", program)
    assert figures(body)["koladaShare"]["base"] == ended
    assert {one["isRounded"] for one in figures(body).values() if one["section"] == "results"} == {True}
    assert all(one["excludedByRule"] is None for one in body["figures"])
    assert report(client)["figures"] == body["figures"], "asked again, the same figures"


def test_what_is_taken_out_of_fewer_than_ten_is_withheld(committee: Committee) -> None:
    program = committee.program()
    committee.fill(program, 12, 6, 3)
    in_effort, ended, reached, share = values(report(committee.coordinator()))
    assert in_effort in {20, 25}
    assert ended in {5, 10}
    assert (reached, share) == (None, None)


def test_one_program_alone_tells_what_it_tells_beside_its_neighbours(committee: Committee) -> None:
    small, large = committee.program(), committee.program(category=Category.YOUTH)
    committee.fill(small, 4, 0, 0)
    committee.fill(large, 20, 3, 8)
    client = committee.coordinator()
    together = report(client)
    assert values(together, "program", small)[0] is None
    for program in (small, large):
        alone = report(client, f"/programs/{program}/reports/tertial{PERIOD}")
        assert values(alone) == values(together, "program", program)


def test_whoever_knows_one_program_gets_it_exactly_and_the_rest_in_fives(committee: Committee) -> None:
    known, other = committee.program(*RECORD_DUTIES), committee.program()
    committee.fill(known, 3, 2, 2)
    committee.fill(other, 12, 11, 13)
    body = report(committee.service())
    assert values(body, "program", known) == (7, 4, 2, 0.5)
    unknown = values(body, "program", other)
    assert unknown == values(report(committee.coordinator()), "program", other)
    assert values(body)[:3] == tuple(
        one + rest for one, rest in zip(values(body, "program", known)[:3], unknown[:3], strict=True)
    )
    assert body["method"]["sv"].startswith("Antal från program")


def test_a_person_in_two_programs_is_one_person(committee: Committee) -> None:
    first, second = (committee.program(*RECORD_DUTIES) for _ in range(2))
    person = committee.person()
    enrolments = [committee.enrol(one, participant_id=person) for one in (first, second)]
    found = figures(report(committee.service()))
    assert (found["inEffort"]["value"], found["enrolmentsInEffort"]["value"]) == (1, 2)
    assert [(one["ruleId"], one["count"]) for one in found["inEffort"]["excludedByRule"]] == [
        ("tertial.person_counted_once", 1)
    ]
    assert found["enrolmentsInEffort"]["excludedByRule"] == []
    assert len(enrolments) == 2


def test_only_those_found_ready_began_and_withdrawing_ends_on_its_day(committee: Committee) -> None:
    program = committee.program(*RECORD_DUTIES)
    for status in (Status.APPLIED, Status.SCREENING, Status.WAITING, Status.NOT_ELIGIBLE):
        committee.enrol(program, status=status)
    committee.enrol(program, status=Status.WITHDRAWN, ready_at=None)
    left = committee.enrol(program, status=Status.WITHDRAWN)
    late = committee.enrol(program, status=Status.WITHDRAWN)
    for enrolment, at in ((left, "2025-12-31T22:30:00+00:00"), (late, "2025-12-31T23:30:00+00:00")):
        committee.world.add(
            Change(
                at=datetime.fromisoformat(at),
                kind=ChangeKind.ENROLMENT_MOVED,
                subject="enrolment",
                subject_id=enrolment.id,
                trace_id="t",
            )
        )
    committee.enrol(program, ready_at=None)
    committee.enrol(program, ready_at=datetime.fromisoformat("2025-12-31T23:30:00+00:00"))
    assert values(report(committee.service())) == (3, 1, 0, 0)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "2025-T3"),
        ("?year=2026&tertial=1", "2026-T1"),
        ("?year=2026&tertial=2", "report.period_not_begun"),
        ("?year=2025", "report.period_incomplete"),
        ("?tertial=1", "report.period_incomplete"),
        ("?year=2025&tertial=4", "request.invalid"),
        ("?quarter=1", "request.invalid"),
    ],
)
def test_the_period_is_the_last_that_ended_or_the_one_asked_for(
    committee: Committee, query: str, expected: str
) -> None:
    response = committee.coordinator().get("/reports/tertial" + query)
    if response.status_code == 200:
        assert response.json()["period"]["id"] == expected
        assert response.json()["period"]["hasEnded"] is (expected == "2025-T3")
    else:
        assert (response.status_code, response.json()["code"]) == (422, expected)


def test_in_the_spring_the_last_ended_is_the_autumn_before(world: World, committee: Committee) -> None:
    world.clock.advance(timedelta(days=60))  # the first of May
    try:
        assert report(committee.coordinator(), "/reports/tertial")["period"]["id"] == "2026-T1"
    finally:
        world.clock.advance(timedelta(days=-60))


def test_another_partner_learns_who_reports_and_a_wrong_role_nothing(world: World, committee: Committee) -> None:
    program, hidden = committee.program(), committee.program(is_published=False)
    path = f"/programs/{program}/reports/tertial"
    stranger = world.client(Role.COORDINATOR, world.partner())
    response = stranger.get(path)
    assert (response.status_code, response.json()["code"]) == (403, "access.duty_not_held")
    assert response.json()["context"]["duties"][0]["duty"] == "reportToCommittee"
    assert response.json()["context"]["duties"][0]["partnerId"] == str(committee.partner)
    assert stranger.get(f"/programs/{hidden}/reports/tertial").status_code == 404
    administrator = world.client(Role.SYSTEM_ADMINISTRATOR).get(path)
    assert (administrator.status_code, administrator.json()["code"]) == (403, "access.role_not_permitted")
    assert report(stranger)["programs"] == []
    assert values(report(stranger)) == (0, 0, 0, None)


def test_the_table_opens_in_a_swedish_spreadsheet(committee: Committee) -> None:
    name = "=HYPERLINK(1;2)"
    program = committee.program(*RECORD_DUTIES, name=name)
    committee.exited(program, Occupation.WORK)
    committee.exited(program, Occupation.JOB_SEEKING)
    committee.exited(program, Occupation.JOB_SEEKING)
    path = f"/programs/{program}/reports/tertial{PERIOD}"
    response = committee.service().get(path, headers={"Accept": "text/csv, application/json;q=0.5"})

    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"] == 'attachment; filename="tertial-2025-T3.csv"'
    assert response.headers["vary"].startswith("Accept")
    assert response.content.startswith(b"\xef\xbb\xbfSiffra;Rubrik;Omfattning;Namn;Antal;Andel (%);")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    share = next(row for row in rows if row["Siffra"] == "koladaShare" and row["Omfattning"] == "Program")
    assert (share["Andel (%)"], share["Bas"], share["Namn"], share["Skyddad"]) == ("33,3", "3", "'" + name, "nej")
    assert len(rows) == 3 * len(DEFINITIONS)


def test_the_number_of_statements_does_not_grow_with_the_rows(world: World, committee: Committee) -> None:
    def statements() -> int:
        found: list[str] = []

        def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            found.append(statement)

        engine = world.runtime.database.engine
        event.listen(engine, "before_cursor_execute", count)
        try:
            report(client)
        finally:
            event.remove(engine, "before_cursor_execute", count)
        return len(found)

    client = committee.coordinator()
    committee.fill(committee.program(), 1, 1, 1)
    few = statements()
    for _ in range(3):
        committee.fill(committee.program(), 2, 2, 2)
    # Who calls, how far they reach, the programs, four looks at everybody's records, and what begins and ends those.
    assert statements() == few == 9
