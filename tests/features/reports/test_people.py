"""Whom do the figures count: linked records once, the anonymous and those who withdrew, and never the protected?"""

from typing import Any
from uuid import UUID

import pytest

from app.domain.glossary import Concealing, Gender
from app.domain.roles import Permission, Role
from app.features.access.tables import Concealment
from app.features.enrolments.tables import Enrolment
from app.features.participants.tables import Participant
from app.kit.ids import new_id
from tests.features.reports.test_router import PERIOD, RECORD_DUTIES, Committee, figures, report
from tests.world import World


@pytest.fixture
def committee(world: World) -> Committee:
    return Committee(world)


def conceal(committee: Committee, enrolment: Enrolment, kind: Concealing, holder: UUID | None = None) -> None:
    withdrawn_in = enrolment.program_id if kind is Concealing.WITHDRAWN_CONSENT else None
    committee.world.add(
        Concealment(
            participant_id=enrolment.participant_id,
            partner_id=holder or committee.partner,
            kind=kind,
            program_id=withdrawn_in,
        )
    )


def record(committee: Committee, **over: Any) -> UUID:
    given = {"given_name": "Påhittad", "family_name": "Person", "born_on": committee.world.clock().date()}
    row: Participant = committee.world.add(
        Participant(**{"partner_id": committee.partner, "gender": Gender.FEMALE, **given, **over})
    )
    return row.id


def test_records_confirmed_to_be_of_one_person_count_one_person(world: World, committee: Committee) -> None:
    program, other_holder = committee.program(*RECORD_DUTIES), world.partner()
    person_id = new_id()
    for holder in (committee.partner, other_holder):
        participant = record(committee, person_id=person_id, partner_id=holder)
        committee.enrol(program, participant_id=participant, partner_id=holder)
    committee.enrol(program)
    found = figures(report(committee.service()))
    assert (found["inEffort"]["value"], found["enrolmentsInEffort"]["value"]) == (2, 3)


def test_the_anonymous_count(committee: Committee) -> None:
    program = committee.program(*RECORD_DUTIES)
    nobody = {"given_name": None, "family_name": None, "born_on": None}
    anonymous = committee.enrol(program, participant_id=record(committee, is_anonymous=True, birth_year=1990, **nobody))
    conceal(committee, anonymous, Concealing.ANONYMOUS)
    assert figures(report(committee.service()))["inEffort"]["value"] == 1


def test_the_protected_are_in_no_figure_and_no_list_whoever_reads(world: World, committee: Committee) -> None:
    program = committee.program(*RECORD_DUTIES)
    committee.fill(program, 10, 10, 10)
    hidden = committee.exited(program)  # without an outcome: it would be listed among those that did not count
    clients = {
        "records": committee.service(),
        "figures": committee.coordinator(),
        "everything": world.client(Role.SERVICE, committee.partner, [one.value for one in Permission]),
    }
    path = f"/programs/{program}/reports/tertial{PERIOD}"
    before = {name: report(client, path) for name, client in clients.items()}
    assert figures(before["records"])["ended"]["value"] == 21
    conceal(committee, hidden, Concealing.PROTECTED_IDENTITY)
    for client in clients.values():
        for found in (report(client, path), report(client)):
            told = figures(found)
            assert (told["inEffort"]["value"], told["ended"]["value"]) == (30, 20)
            assert str(hidden.id) not in str(found)
    records = clients["records"].get(f"/programs/{program}/reports/tertial/exclusions{PERIOD}&limit=200")
    assert records.json()["meta"]["totalCount"] == 10
    assert str(hidden.id) not in records.text


def test_whoever_withdrew_counts_but_no_record_is_named_and_small_numbers_stay_untold(
    world: World, committee: Committee
) -> None:
    """Exact figures minus the records that one still sees would tell of the one who withdrew."""
    program, holder = committee.program(*RECORD_DUTIES), world.partner()
    committee.enrol(program)
    hidden = committee.exited(program, partner_id=holder, participant_id=record(committee, partner_id=holder))
    client = committee.service()
    assert figures(report(client))["inEffort"]["value"] == 2
    conceal(committee, hidden, Concealing.WITHDRAWN_CONSENT, holder)
    body = report(client)
    assert figures(body)["inEffort"]["isProtected"] is True
    assert str(hidden.id) not in str(body)
    assert all(one["excludedByRule"] is None for one in body["figures"])
    assert client.get(f"/programs/{program}/reports/tertial/exclusions{PERIOD}").status_code == 403
    committee.fill(program, 10, 10, 8)
    assert figures(report(client))["inEffort"]["value"] == 30


def test_a_consent_withdrawn_from_oneself_hides_nothing_from_oneself(committee: Committee) -> None:
    program = committee.program(*RECORD_DUTIES)
    conceal(committee, committee.enrol(program), Concealing.WITHDRAWN_CONSENT)
    assert figures(report(committee.service()))["inEffort"]["value"] == 1
