"""Do the rows for the joint follow-up hold in and out, before and after, and of the anonymous nothing but gender and year?"""

import csv
import io
import zipfile
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from app.domain.glossary import Concealing, ExitReason
from app.domain.lifecycles import EnrolmentStatus as Status
from app.domain.outcomes import IncomeSource, Occasion, Occupation
from app.domain.roles import Responsibility as Duty
from app.domain.roles import Role
from app.features.enrolments.tables import Enrolment
from app.features.outcomes.tables import Outcome
from app.features.reports.queries import sus
from tests.features.reports.test_people import conceal, record
from tests.features.reports.test_router import ENDED_ON, PERIOD, Committee
from tests.world import Client, World


@pytest.fixture
def committee(world: World) -> Committee:
    return Committee(world)


@pytest.fixture
def program(committee: Committee) -> UUID:
    return committee.program(Duty.REPORT_TO_COMMITTEE)


def handler(committee: Committee) -> Client:
    return committee.world.client(Role.CASE_HANDLER, committee.partner)


def rows(client: Client, program: UUID, query: str = PERIOD) -> list[dict[str, Any]]:
    response = client.get(f"/programs/{program}/exports/sus{query}")
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["items"]
    return found


def entry(committee: Committee, enrolment: Enrolment) -> None:
    committee.world.add(
        Outcome(
            program_id=enrolment.program_id,
            enrolment_id=enrolment.id,
            participant_id=enrolment.participant_id,
            partner_id=enrolment.partner_id,
            occasion=Occasion.ENTRY,
            observed_on=date(2025, 10, 1),
            income_source=IncomeSource.SOCIAL_ASSISTANCE,
            occupation=Occupation.NONE,
            recorded_by_user_id=committee.user.id,
        )
    )


def test_a_row_has_in_and_out_before_and_after(committee: Committee, program: UUID) -> None:
    ended = committee.exited(program, Occupation.WORK, exit_reason=ExitReason.INTERRUPTED)
    entry(committee, ended)
    staying = committee.enrol(program)
    found = {one["enrolmentId"]: one for one in rows(handler(committee), program)}
    assert set(found) == {str(ended.id), str(staying.id)}
    row = found[str(ended.id)]
    assert (row["enteredOn"], row["isEntry"], row["exitedOn"], row["end"]) == (
        "2025-10-01",
        True,
        str(ENDED_ON),
        "interrupted",
    )
    assert (row["before"]["incomeSource"], row["after"]["occupation"]) == ("socialAssistance", "work")
    assert (row["gender"], row["birthYear"]) == ("male", 1990)
    assert row["publicSupportEnded"] is True
    assert found[str(staying.id)]["end"] is None
    assert "Påhittad" not in str(found)


def test_of_the_anonymous_there_is_the_gender_and_the_year(world: World, committee: Committee, program: UUID) -> None:
    nobody = {"given_name": None, "family_name": None, "born_on": None}
    committee.exited(program, participant_id=record(committee, is_anonymous=True, birth_year=1990, **nobody))
    holder = world.partner()
    withdrew = committee.exited(program, partner_id=holder, participant_id=record(committee, partner_id=holder))
    conceal(committee, withdrew, Concealing.WITHDRAWN_CONSENT, holder)
    hidden = committee.exited(program)
    conceal(committee, hidden, Concealing.PROTECTED_IDENTITY)
    found = rows(handler(committee), program)
    assert len(found) == 2
    for row in found:
        told = {name: value for name, value in row.items() if value is not None}
        assert told == {"isAnonymous": True, "gender": "female", "year": 2025}


def test_the_table_holds_every_row_and_the_access_is_recorded(committee: Committee, program: UUID) -> None:
    enrolments = [committee.enrol(program) for _ in range(3)]
    client, path = handler(committee), f"/programs/{program}/exports/sus{PERIOD}"
    assert len(rows(client, program, f"{PERIOD}&limit=2")) == 2
    table = client.get(path, headers={"Accept": "text/csv"})
    assert table.headers["content-disposition"] == 'attachment; filename="sus-2025-T3.csv"'
    read = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig")), delimiter=";"))
    assert {one["Inskrivning"] for one in read} == {str(one.id) for one in enrolments}
    xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    book = zipfile.ZipFile(io.BytesIO(client.get(path, headers={"Accept": xlsx}).content))
    assert str(enrolments[0].id) in book.read("xl/sharedStrings.xml").decode()
    with committee.world.runtime.database.transaction() as session:
        traces = session.execute(
            text("select people from access_record where permission = 'outcomeExport:read' and subject_id = :id"),
            {"id": program},
        ).all()
    everybody = {one.participant_id for one in enrolments}
    assert [set(row.people) == everybody for row in traces].count(True) == 2


def test_a_table_that_would_be_too_long_is_refused(
    committee: Committee, program: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        committee.enrol(program)
    monkeypatch.setattr(sus, "MOST_ROWS", 2)
    client, path = handler(committee), f"/programs/{program}/exports/sus{PERIOD}"
    refused = client.get(path, headers={"Accept": "text/csv"})
    assert (refused.status_code, refused.json()["code"]) == (422, "report.too_many_rows")
    assert len(rows(client, program)) == 3


def test_only_those_who_record_or_report_get_the_rows(world: World, committee: Committee) -> None:
    recorded = committee.program(Duty.RECORD_OUTCOMES)
    assert rows(handler(committee), recorded) == []
    other = committee.program(Duty.FUND)
    refused = handler(committee).get(f"/programs/{other}/exports/sus")
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    assert {one["duty"] for one in refused.json()["context"]["duties"]} == {"recordOutcomes", "reportToCommittee"}
    for role in (Role.COORDINATOR, Role.PARTNER_ADMINISTRATOR, Role.EVALUATOR):
        counts_only = world.client(role, committee.partner).get(f"/programs/{recorded}/exports/sus")
        assert (counts_only.status_code, counts_only.json()["code"]) == (403, "access.role_not_permitted")
    future = handler(committee).get(f"/programs/{recorded}/exports/sus?year=2026&tertial=2")
    assert (future.status_code, future.json()["code"]) == (422, "report.period_not_begun")


def test_a_break_joins_no_enrolments_however_short_it_is(committee: Committee, program: UUID) -> None:
    """SUS lets breaks of up to a month be passed over in how long somebody has had support, not in efforts."""
    person = committee.person()
    first = committee.exited(program, participant_id=person, exited_on=date(2025, 11, 28))
    second = committee.enrol(program, participant_id=person, applied_on=date(2025, 11, 29))
    paused = committee.enrol(program, status=Status.PAUSED)
    found = {one["enrolmentId"]: one["exitedOn"] for one in rows(handler(committee), program)}
    assert found == {str(first.id): "2025-11-28", str(second.id): None, str(paused.id): None}
