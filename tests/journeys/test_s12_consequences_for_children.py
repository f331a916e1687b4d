"""S12: what it means for children: parents who gain contacts, and the children in their households, in sums only."""

from datetime import timedelta
from typing import Any

import pytest

from app.domain.roles import Role
from tests.journeys import steps
from tests.journeys.steps import Cast
from tests.world import World

PARENTS = 12
PERIOD = "?year=2026&tertial=2"
CHILDREN = ("parents", "parentsWithNewContacts", "childrenReached")


@pytest.fixture(scope="module")
def cast(working_world: World) -> Cast:
    return Cast.of(working_world)


@pytest.fixture(scope="module")
def program(cast: Cast) -> str:
    started = steps.start_program(cast)
    steps.sign_agreement(cast, started)
    return started


@pytest.fixture(scope="module")
def mentees(cast: Cast, program: str) -> list[dict[str, Any]]:
    """A dozen parents of two, and one without children, each with a mentor until the summer."""
    cohort = steps.open_cohort(cast, program)
    people = {side: [steps.enrol(cast, cohort, side) for _ in range(PARENTS + 1)] for side in ("mentor", "mentee")}
    for enrolment in (*people["mentor"], *people["mentee"]):
        steps.make_ready(cast, program, enrolment)
    for number, enrolment in enumerate(people["mentee"]):
        answer = {"childrenCount": 2 if number < PARENTS else 0}
        said = cast.handlers["municipality"].put(f"/enrolments/{enrolment['id']}/household", answer)
        assert said.status_code == 201, said.text
        assert "childrenCount" not in said.json()
    run = steps.run_matching(cast, program, cohort)
    matches = steps.approved_matches(cast, cohort, run)
    assert len(matches) == PARENTS + 1
    signer = cast.coordinators["association"]
    for match in matches.values():
        steps.accept_both(cast, match)
        signer.made(f"/matches/{match['id']}/preparation", status=200)
        signer.made(f"/matches/{match['id']}/activation", {"startsOn": str(cast.today)}, status=200)
    cast.world.clock.advance(timedelta(weeks=18))
    for match in matches.values():
        closure = {"closedOn": str(cast.today), "cause": "naturalEnd"}
        signer.made(f"/matches/{match['id']}/closure", closure, status=200)
    for number, enrolment in enumerate(people["mentee"]):
        ask(cast, matches[enrolment["id"]], new_contacts=3 if number else 0)
    return people["mentee"]


def ask(cast: Cast, match: dict[str, Any], new_contacts: int) -> None:
    """The exit interview with the mentee."""
    signer = cast.coordinators["association"]
    found = signer.get(f"/follow-ups?matchId={match['id']}&limit=100").json()["items"]
    interview = next(one for one in found if one["kind"] == "exit" and one["side"] == "mentee")
    questions = signer.get(f"/follow-ups/{interview['id']}/questionnaire").json()["questions"]
    answers = {one["code"]: steps.reply(one) for one in questions if one["isRequired"]}
    body = {"doneOn": str(cast.today), "answers": {**answers, "newContacts": new_contacts}}
    done = signer.post(f"/follow-ups/{interview['id']}/submission", body)
    assert done.status_code == 200, done.text


def told(cast: Cast, program: str, role: Role = Role.COORDINATOR) -> dict[str, Any]:
    client = cast.world.client(role, cast.partners["municipality"])
    figures = client.get(f"/programs/{program}/reports/tertial{PERIOD}").json()["figures"]
    return {one["id"]: one for one in figures if one["scope"]["kind"] == "total" and one["id"] in CHILDREN}


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.CASE_HANDLER])
def test_the_sums_are_told_and_no_household(
    cast: Cast, program: str, mentees: list[dict[str, Any]], role: Role
) -> None:
    """Also to those who may read every record of the program: nobody but the person reads the number."""
    found = told(cast, program, role)
    assert found["parents"]["value"] in {10, 15}
    assert found["parentsWithNewContacts"]["value"] in {10, 15}
    assert found["childrenReached"]["value"] in {20, 25}
    assert {one["isRounded"] for one in found.values()} == {True}
    assert {one["excludedByRule"] is None for one in found.values()} == {True}
    read = cast.handlers["municipality"].get(f"/enrolments/{mentees[0]['id']}/household")
    assert read.json()["code"] == "access.role_not_permitted"


def test_the_report_for_the_committee_has_the_heading(cast: Cast, program: str, mentees: list[dict[str, Any]]) -> None:
    assert mentees
    path = f"/programs/{program}/reports/tertial{PERIOD}"
    page = cast.coordinators["municipality"].get(path, headers={"Accept": "text/html"}).text
    assert "Konsekvenser för barn" in page
    assert "inget barn är registrerat" in page


def test_withdrawing_the_consent_removes_the_contribution(
    cast: Cast, program: str, mentees: list[dict[str, Any]]
) -> None:
    handler, partner = cast.handlers["municipality"], cast.partners["municipality"]
    text = {"purpose": "shareInProgram", "language": "sv", "body": "Vi får dela dina uppgifter i programmet."}
    text_id = cast.coordinators["municipality"].made(f"/partners/{partner}/consent-texts", text)["id"]
    for enrolment in mentees[1:3]:
        body = {"purpose": "shareInProgram", "textId": text_id, "programId": program}
        given = handler.made(f"/participants/{enrolment['participantId']}/consents", body)
        withdrawn = handler.post(f"/consents/{given['id']}/withdrawal")
        assert withdrawn.status_code == 200, withdrawn.text
    found = told(cast, program)
    assert found["parents"]["value"] == 10, "two of twelve have taken it back"
    assert found["parentsWithNewContacts"]["value"] in {5, 10}
    assert (found["childrenReached"]["value"], found["childrenReached"]["isProtected"]) == (None, True)


def test_taking_back_the_answer_removes_it_too(cast: Cast, program: str, mentees: list[dict[str, Any]]) -> None:
    back = cast.handlers["municipality"].put(f"/enrolments/{mentees[3]['id']}/household", {"childrenCount": None})
    assert back.json()["isAnswered"] is False
    assert told(cast, program)["parents"]["isProtected"] is True, "nine are too few to tell of"
