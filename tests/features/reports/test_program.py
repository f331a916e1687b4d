"""Do targets, partners and the scorecard tell what the records show, to each reader what they may know?"""

import io
import zipfile
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from pypdf import PdfReader
from sqlalchemy import event

from app.domain.glossary import Gender, MeetingMode, Side, TargetOutcome
from app.domain.lifecycles import MatchStatus
from app.domain.outcomes import Occupation
from app.domain.placements import PlacementEnd
from app.domain.roles import Responsibility as Duty
from app.domain.roles import Role
from app.features.enrolments.tables import Enrolment
from app.features.matches.tables import Match, Meeting
from app.features.participants.tables import Participant
from app.features.placements.tables import HostWorkplace, Placement
from app.features.programs.tables import ProgramTarget
from app.kit.booklets import HTML
from app.kit.pdf import MEDIA_TYPE as PDF
from app.kit.spreadsheets import XLSX
from tests.features.reports.test_router import PERIOD, Committee
from tests.world import Client, World

DUTIES = [Duty.REPORT_TO_COMMITTEE, Duty.HOLD_PERSONAL_DATA, Duty.RECORD_OUTCOMES, Duty.FOLLOW_UP_MATCHES]


@pytest.fixture
def committee(world: World) -> Committee:
    return Committee(world)


def handler(committee: Committee) -> Client:
    return committee.world.client(Role.CASE_HANDLER, committee.partner)


def target(committee: Committee, program: UUID, outcome: TargetOutcome, number: int, due_on: date) -> None:
    committee.world.add(ProgramTarget(program_id=program, outcome=outcome, number=number, due_on=due_on))


def mentor(committee: Committee, partner: UUID) -> Participant:
    name: dict[str, Any] = {"given_name": "Påhittad", "family_name": "Mentor"}
    row: Participant = committee.world.add(
        Participant(partner_id=partner, born_on=date(1970, 1, 1), gender=Gender.FEMALE, **name)
    )
    return row


def pair(committee: Committee, mentee: Enrolment, of: Participant, **over: Any) -> Match:
    """A match that began on 6 October 2025."""
    side = committee.enrol(mentee.program_id, participant_id=of.id, partner_id=of.partner_id, side=Side.MENTOR)
    given = {
        "status": MatchStatus.ACTIVE,
        "answer_by": date(2025, 10, 5),
        "started_on": date(2025, 10, 6),
        "ends_on": date(2026, 2, 6),
        **over,
    }
    row: Match = committee.world.add(
        Match(
            program_id=mentee.program_id,
            cohort_id=mentee.cohort_id,
            mentor_enrolment_id=side.id,
            mentee_enrolment_id=mentee.id,
            mentor_participant_id=of.id,
            mentee_participant_id=mentee.participant_id,
            mentor_partner_id=of.partner_id,
            mentee_partner_id=mentee.partner_id,
            **given,
        )
    )
    return row


def meet(committee: Committee, match: Match, minutes: int) -> None:
    committee.world.add(
        Meeting(
            program_id=match.program_id,
            match_id=match.id,
            mentor_participant_id=match.mentor_participant_id,
            mentee_participant_id=match.mentee_participant_id,
            held_on=date(2025, 11, 3),
            minutes=minutes,
            mode=MeetingMode.IN_PERSON,
            logged_by_user_id=committee.user.id,
        )
    )


def told(client: Client, path: str) -> dict[str, Any]:
    response = client.get(path)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def test_each_target_has_its_result_and_how_it_stands(committee: Committee) -> None:
    program = committee.program(*DUTIES)
    committee.fill(program, 2, 1, 3)
    closed = committee.exited(program, Occupation.OWN_BUSINESS)
    pair(
        committee,
        closed,
        mentor(committee, committee.partner),
        status=MatchStatus.CLOSED,
        closed_on=date(2025, 11, 28),
        is_ended_early=False,
    )
    later, past = committee.world.clock().date() + timedelta(days=30), date(2026, 1, 31)
    for outcome, number, due_on in (
        (TargetOutcome.SELF_SUFFICIENT, 4, later),
        (TargetOutcome.STARTED_WORK, 5, past),
        (TargetOutcome.STARTED_BUSINESS, 2, later),
        (TargetOutcome.STARTED_STUDIES, 1, past),
        (TargetOutcome.COMPLETED_MATCHES, 1, later),
        (TargetOutcome.PEOPLE_ENROLLED, 1, date(2025, 9, 30)),
    ):
        target(committee, program, outcome, number, due_on)
    body = told(handler(committee), f"/programs/{program}/reports/targets")
    assert {one["outcome"]: (one["result"], one["standing"]) for one in body["items"]} == {
        "selfSufficient": (4, "reached"),
        "startedWork": (3, "missed"),
        "startedBusiness": (1, "underWay"),
        "startedStudies": (0, "missed"),
        "completedMatches": (1, "reached"),
        "peopleEnrolled": (0, "missed"),
    }
    assert {one["isRounded"] for one in body["items"]} == {False}
    protected = told(committee.coordinator(), f"/programs/{program}/reports/targets")
    standings = {one["outcome"]: (one["result"], one["standing"]) for one in protected["items"]}
    assert standings["selfSufficient"] == (None, "untold")


def test_partners_are_told_with_their_duties_and_what_they_gave(committee: Committee) -> None:
    world = committee.world
    program, business = committee.program(*DUTIES), world.partner("Påhittade företaget")
    mentees = [committee.enrol(program) for _ in range(3)]
    own = pair(committee, mentees[0], mentor(committee, committee.partner))
    other = [pair(committee, one, mentor(committee, business)) for one in mentees[1:]]
    for match in (own, *other):
        meet(committee, match, 90)
    path = f"/programs/{program}/reports/partners{PERIOD}"
    exact = {one["name"]: one for one in told(handler(committee), path)["items"]}
    ours, theirs = (next(one for name, one in exact.items() if part in name) for part in ("kommunen", "företaget"))
    assert {one["duty"] for one in ours["duties"]} == set(DUTIES)
    assert [ours[name]["value"] for name in ("mentors", "meetings", "hours", "mentees")] == [1, 1, 2, 3]
    assert [theirs[name]["value"] for name in ("mentors", "meetings", "hours", "mentees")] == [2, 2, 3, 0]
    evaluator = {one["name"]: one for one in told(world.client(Role.EVALUATOR, committee.partner), path)["items"]}
    assert {evaluator[name][column]["value"] for name in exact for column in ("mentors", "hours", "mentees")} == {None}


def placed(
    committee: Committee, workplace: HostWorkplace, mentee: Enrolment, supervisor: Enrolment, **over: Any
) -> None:
    """From 6 October 2025 for four months, unless `over` says otherwise."""
    given: dict[str, Any] = {
        "place": None,
        "starts_on": date(2025, 10, 6),
        "ends_on": date(2026, 2, 6),
        "agreed_until": date(2026, 2, 6),
        "ended_on": date(2026, 2, 6),
        "end": PlacementEnd.COMPLETED,
        **over,
    }
    committee.world.add(
        Placement(
            program_id=mentee.program_id,
            cohort_id=mentee.cohort_id,
            workplace_id=workplace.id,
            host_partner_id=workplace.partner_id,
            enrolment_id=mentee.id,
            participant_id=mentee.participant_id,
            partner_id=mentee.partner_id,
            supervisor_enrolment_id=supervisor.id,
            supervisor_participant_id=supervisor.participant_id,
            **given,
        )
    )


def hosting(committee: Committee, program: UUID, host: UUID) -> HostWorkplace:
    """A workplace of the partner with four places."""
    row: HostWorkplace = committee.world.add(
        HostWorkplace(
            program_id=program, cohort_id=committee.cohorts[program], partner_id=host, name="Verkstaden", places=4
        )
    )
    return row


def test_hosts_are_told_with_their_places_and_whom_they_took_in(committee: Committee) -> None:
    world = committee.world
    program, business = committee.program(*DUTIES, Duty.APPROVE_MATCHES), world.partner("Påhittade verkstaden")
    workplace = hosting(committee, program, business)
    leader = committee.enrol(
        program, participant_id=mentor(committee, business).id, partner_id=business, side=Side.MENTOR
    )
    mentees = [committee.enrol(program) for _ in range(4)]
    placed(committee, workplace, mentees[0], leader)
    placed(committee, workplace, mentees[0], leader, starts_on=date(2025, 9, 1), ended_on=date(2025, 9, 30))
    placed(committee, workplace, mentees[1], leader, ended_on=None, end=None, place=1)
    placed(committee, workplace, mentees[2], leader, end=PlacementEnd.NOT_STARTED)
    placed(committee, workplace, mentees[3], leader, starts_on=date(2025, 3, 1), ended_on=date(2025, 8, 31))
    path = f"/programs/{program}/reports/partners{PERIOD}"
    for reader, hosted in ((handler(committee), 2), (world.client(Role.EVALUATOR, committee.partner), None)):
        (host,) = (one for one in told(reader, path)["items"] if "verkstaden" in one["name"])
        assert (host["hostPlaces"], host["hosted"]["value"]) == (4, hosted)


def opened(response: httpx.Response, part: str) -> str:
    return zipfile.ZipFile(io.BytesIO(response.content)).read(part).decode()


def test_the_documents_of_a_program_tell_of_targets_factors_and_partners(committee: Committee) -> None:
    program = committee.program(*DUTIES, name="Påhittat")
    target(committee, program, TargetOutcome.PEOPLE_ENROLLED, 4, date(2026, 12, 31))
    match = pair(committee, committee.enrol(program), mentor(committee, committee.partner))
    meet(committee, match, 90)
    path = f"/programs/{program}/reports/tertial{PERIOD}"
    page, pdf, book = (handler(committee).get(path, headers={"Accept": one}) for one in (HTML, PDF, XLSX))
    paper = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf.content)).pages)
    for chapter in ("Mål och resultat", "De sju framgångsfaktorerna", "Parternas bidrag"):
        assert f">{chapter}</h2>" in page.text
        assert chapter in paper
    assert "1 av 4" in page.text
    assert "på väg" in paper
    assert "0 % (krav 100 %)" in page.text.replace("\u00a0", " ")
    assert all(f'name="{one}"' in opened(book, "xl/workbook.xml") for one in ("Mål", "Framgångsfaktorer", "Parter"))
    assert "trainedBefore" in opened(book, "xl/sharedStrings.xml")
    evaluator = committee.world.client(Role.EVALUATOR, committee.partner)
    assert "1 av 4" not in evaluator.get(path, headers={"Accept": HTML}).text
    everything = handler(committee).get(f"/reports/tertial{PERIOD}", headers={"Accept": HTML}).text
    assert "Parternas bidrag" not in everything


@pytest.mark.parametrize("form", [HTML, PDF, XLSX])
def test_a_document_looks_up_the_targets_once(committee: Committee, form: str) -> None:
    program, client = committee.program(*DUTIES), handler(committee)
    target(committee, program, TargetOutcome.PEOPLE_ENROLLED, 4, date(2026, 12, 31))
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found.append(statement)

    engine = committee.world.runtime.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        client.get(f"/programs/{program}/reports/tertial{PERIOD}", headers={"Accept": form})
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert sum("as until from program_target" in one for one in found) == 1


def test_the_scorecard_says_what_is_missing(committee: Committee) -> None:
    program = committee.program(*DUTIES)
    match = pair(committee, committee.enrol(program), mentor(committee, committee.partner))
    committee.exited(program, Occupation.WORK)
    committee.exited(program)
    body = told(handler(committee), f"/programs/{program}/reports/scorecard{PERIOD}")
    assert [one["factor"] for one in body["factors"]] == [1, 2, 3, 4, 5, 6, 7]
    evidence = {one["code"]: one for factor in body["factors"] for one in factor["evidence"]}
    assert (evidence["trainedBefore"]["share"], evidence["trainedBefore"]["isMet"]) == (0.0, False)
    assert (evidence["matchedByRun"]["share"], evidence["matchedByRun"]["base"]) == (0.0, 1)
    assert (evidence["outcomesRecorded"]["share"], evidence["outcomesRecorded"]["base"]) == (0.5, 2)
    assert evidence["referralsAnswered"]["isMissing"]
    assert evidence["targetsReached"]["isMissing"]
    missing = {one["factor"]: one["missing"] for one in body["factors"]}
    assert {"purpose", "target", "targetsReached"} <= set(missing[1])
    assert "recruitMentors" in missing[2]
    assert "referralsAnswered" in missing[5]
    assert not any(one["isShown"] for one in body["factors"])
    assert match.program_id == program
    told_less = told(committee.coordinator(), f"/programs/{program}/reports/scorecard{PERIOD}")
    protected = {one["code"]: one for factor in told_less["factors"] for one in factor["evidence"]}
    assert (protected["outcomesRecorded"]["isProtected"], protected["outcomesRecorded"]["isMet"]) == (True, None)


@pytest.mark.parametrize("what", ["targets", "partners", "scorecard"])
def test_others_learn_who_reports(world: World, committee: Committee, what: str) -> None:
    program = committee.program(*DUTIES)
    refused = world.client(Role.COORDINATOR, world.partner()).get(f"/programs/{program}/reports/{what}")
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")


@pytest.mark.parametrize("what", ["partners", "scorecard"])
def test_a_tertial_that_has_not_begun_is_refused(committee: Committee, what: str) -> None:
    program = committee.program(*DUTIES)
    refused = committee.coordinator().get(f"/programs/{program}/reports/{what}?year=2026&tertial=2")
    assert (refused.status_code, refused.json()["code"]) == (422, "report.period_not_begun")
