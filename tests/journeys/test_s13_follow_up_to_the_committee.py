"""S13: the first tertial of 2014 as the committee saw it: 765 in an effort, 121 ended, 64 to self-sufficiency, 52.9 percent.

Five records must not count, each by a rule that is named. The records of the past are written directly; everything that is
read comes over HTTP.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from itertools import cycle
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader

from app.domain.glossary import Category, ExitReason, Gender, Side
from app.domain.lifecycles import EnrolmentStatus as Status
from app.domain.outcomes import IncomeSource, Occasion, Occupation
from app.domain.roles import Responsibility as Duty
from app.domain.roles import Role
from app.features.access.tables import UserAccount
from app.features.enrolments.tables import Enrolment
from app.features.outcomes.tables import Outcome
from app.features.participants.tables import Participant
from app.features.programs.tables import Cohort
from app.kit.ids import new_id
from tests.world import START, World

EXIT_ON = date(2014, 3, 31)
PERIOD = "?year=2014&tertial=1"
TO_WORK, TO_NOTHING, STAYING = 64, 53, 644
PROGRAMS = (
    ("Yrkesmentor", Category.PROFESSIONAL_PEERS),
    ("Mentor för kvinnor", Category.WOMEN_WITH_IMMIGRANT_BACKGROUND),
    ("Ung och aktiv", Category.YOUTH),
    ("Tekniksprånget", Category.YOUTH),
    ("NBTP", Category.OTHER),
)
MUST_NOT_COUNT: dict[str, dict[str, Any]] = {
    "tertial.registered_in_error": {"status": Status.REGISTERED_IN_ERROR, "exited_on": None, "exit_reason": None},
    "kolada.municipal_job": {"occupation": Occupation.MUNICIPAL_LABOUR_MARKET_JOB, "began_on": date(2014, 1, 1)},
    "kolada.job_under_one_month": {"occupation": Occupation.WORK, "began_on": date(2014, 3, 3)},
    "kolada.studies_without_aid": {"occupation": Occupation.STUDIES, "began_on": date(2014, 1, 7)},
    "kolada.no_exit_record": {},
}


class Past:
    """The municipality's records of early 2014."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.partner = world.partner("Påhittade kommunen")
        self.user: UserAccount = world.add(
            UserAccount(name="Påhittad", role=Role.CASE_HANDLER, email=f"s{world.number()}@example.org")
        )
        self.programs = [self.program(name, category) for name, category in PROGRAMS]
        self.next_program: Iterator[UUID] = cycle(self.programs)
        self.rows: list[Any] = []
        self.five: dict[str, UUID] = {}

    def program(self, name: str, category: Category) -> UUID:
        program = self.world.program(self.partner, name=name, category=category)
        duties = [Duty.REPORT_TO_COMMITTEE, Duty.HOLD_PERSONAL_DATA, Duty.RECORD_OUTCOMES]
        self.world.agree(program, {self.partner: duties})
        window: dict[str, Any] = {
            f"{one}_intake_{end}": START for one in ("mentor", "mentee") for end in ("from", "until")
        }
        self.world.add(
            Cohort(
                id=program,
                program_id=program,
                name="Våren 2014",
                starts_on=date(2014, 1, 1),
                ends_on=date(2014, 12, 31),
                **window,
            )
        )
        return program

    def enrol(self, *, ended: bool = False, person: UUID | None = None, **over: Any) -> UUID:
        occupation, began_on = over.pop("occupation", None), over.pop("began_on", None)
        name: dict[str, Any] = {"given_name": "Påhittad", "family_name": "Person", "born_on": date(1980, 1, 1)}
        given = {"id": new_id(), "partner_id": self.partner, "gender": Gender.OTHER, **name}
        participant = Participant(**given, person_id=person or new_id())
        program = next(self.next_program)
        left: dict[str, Any] = (
            {"status": Status.EXITED, "exited_on": EXIT_ON, "exit_reason": ExitReason.PLANNED_END} if ended else {}
        )
        enrolment = Enrolment(
            id=new_id(),
            program_id=program,
            cohort_id=program,
            participant_id=participant.id,
            partner_id=self.partner,
            side=Side.MENTEE,
            applied_on=date(2014, 1, 7),
            ready_at=datetime.fromisoformat("2014-01-15T08:00:00+01:00"),
            **{"status": Status.READY, **left, **over},
        )
        self.rows += [participant, enrolment]
        if occupation is not None:
            self.rows.append(self.outcome(enrolment, occupation, began_on))
        return enrolment.id

    def outcome(self, enrolment: Enrolment, occupation: Occupation, began_on: date | None) -> Outcome:
        return Outcome(
            program_id=enrolment.program_id,
            enrolment_id=enrolment.id,
            participant_id=enrolment.participant_id,
            partner_id=self.partner,
            occasion=Occasion.EXIT,
            observed_on=EXIT_ON,
            income_source=IncomeSource.OTHER,
            occupation=occupation,
            began_on=began_on,
            extent_percent=100,
            recorded_by_user_id=self.user.id,
        )

    def fill(self) -> None:
        for _ in range(TO_WORK):
            self.enrol(ended=True, occupation=Occupation.WORK, began_on=date(2014, 2, 1))
        for _ in range(TO_NOTHING):
            self.enrol(ended=True, occupation=Occupation.JOB_SEEKING)
        for _ in range(STAYING - 1):
            self.enrol()
        trainee = new_id()  # takes part in two programs at once, and is one person
        for _ in range(2):
            self.enrol(person=trainee)
        for rule, over in MUST_NOT_COUNT.items():
            self.five[rule] = self.enrol(**{"ended": True, **over})
        self.world.add(*self.rows)


@pytest.fixture(scope="module")
def past(world: World) -> Past:
    made = Past(world)
    made.fill()
    return made


def totals(body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in body["figures"] if one["scope"]["kind"] == "total"}


def test_the_figures_are_those_that_the_committee_saw(past: Past) -> None:
    handler = past.world.client(Role.CASE_HANDLER, past.partner)
    body = handler.get(f"/reports/tertial{PERIOD}").json()
    found = totals(body)
    assert [found[name]["value"] for name in ("inEffort", "ended", "endedToSelfSufficiency")] == [765, 121, 64]
    assert (found["koladaShare"]["share"], found["koladaShare"]["base"]) == (0.529, 121)
    assert (found["enrolmentsInEffort"]["value"], body["period"]["id"]) == (766, "2014-T1")
    assert {one["isRounded"] for one in found.values() if one["section"] == "results"} == {False}
    for one in body["figures"]:
        assert one["population"]["sv"]
        assert one["ruleText"]["sv"]
        first_on = "2014-04-30" if one["id"] in {"waitingNow", "longestWait"} else "2014-01-01"
        assert (one["firstOn"], one["lastOn"]) == (first_on, "2014-04-30")


def test_the_five_that_must_not_count_are_named_by_rule(past: Past) -> None:
    handler = past.world.client(Role.CASE_HANDLER, past.partner)
    named: dict[str, set[str]] = {}
    for program in past.programs:
        path = f"/programs/{program}/reports/tertial/exclusions{PERIOD}&limit=200"
        for one in handler.get(path).json()["items"]:
            named.setdefault(one["ruleId"], set()).add(one["enrolmentId"])
    others = named.pop("kolada.no_work_or_studies")
    assert named == {rule: {str(enrolment)} for rule, enrolment in past.five.items()}
    assert len(others) == TO_NOTHING
    counted = totals(handler.get(f"/reports/tertial{PERIOD}").json())["endedToSelfSufficiency"]["excludedByRule"]
    assert {one["ruleId"]: one["count"] for one in counted} == {
        **dict.fromkeys(past.five, 1),
        "kolada.no_work_or_studies": TO_NOTHING,
    }


def test_whoever_may_not_read_the_records_gets_the_same_in_fives(past: Past) -> None:
    coordinator = past.world.client(Role.COORDINATOR, past.partner)
    found = totals(coordinator.get(f"/reports/tertial{PERIOD}").json())
    assert found["inEffort"]["value"] == 765
    assert found["ended"]["value"] in {120, 125}
    assert found["endedToSelfSufficiency"]["value"] in {60, 65}
    assert found["koladaShare"]["excludedByRule"] is None


def test_one_call_gives_the_report_as_the_committee_reads_it(past: Past) -> None:
    handler = past.world.client(Role.CASE_HANDLER, past.partner)
    path = f"/reports/tertial{PERIOD}"
    table = handler.get(path, headers={"Accept": "text/csv"}).content.decode("utf-8-sig")
    share = next(
        row
        for row in csv.DictReader(io.StringIO(table), delimiter=";")
        if row["Siffra"] == "koladaShare" and row["Omfattning"] == "Totalt"
    )
    assert (share["Andel (%)"], share["Bas"]) == ("52,9", "121")
    page = handler.get(path, headers={"Accept": "text/html"}).text
    assert "765 personer var i insats under perioden. 121 avslutade, och av dem gick 64 vidare" in page
    printed = handler.get(path, headers={"Accept": "application/pdf"})
    text = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(printed.content)).pages)
    assert "52,9" in text
    assert "kolada.municipal_job" in text


def test_a_tertial_that_has_not_begun_is_refused(past: Past) -> None:
    refused = past.world.client(Role.COORDINATOR, past.partner).get("/reports/tertial?year=2026&tertial=3")
    assert (refused.status_code, refused.json()["code"]) == (422, "report.period_not_begun")
