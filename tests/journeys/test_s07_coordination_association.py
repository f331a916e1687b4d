"""S7: Samordningsförbundet Välfärd i Nacka: its administrators see counts and no people; its handlers take out the rows."""

from datetime import timedelta
from typing import Any

import pytest

from app.domain.glossary import Sector
from app.domain.roles import Role
from tests.journeys import steps
from tests.journeys.steps import Cast
from tests.world import World


@pytest.fixture(scope="module")
def cast(working_world: World) -> Cast:
    return Cast.of(working_world, municipality=Sector.COORDINATION_ASSOCIATION)


@pytest.fixture(scope="module")
def program(cast: Cast) -> str:
    started = steps.start_program(cast, category="youth", profileId="youth-16-29")
    steps.sign_agreement(cast, started)
    return started


@pytest.fixture(scope="module")
def ended(cast: Cast, program: str) -> dict[str, Any]:
    """A young person from activity compensation to half-time work, and an anonymous one who takes part."""
    cohort = steps.open_cohort(cast, program)
    handler, partner = cast.handlers["municipality"], cast.partners["municipality"]
    enrolment = steps.enrol(cast, cohort, "mentee")
    steps.make_ready(cast, program, enrolment)
    facts = {"gender": "female", "birthYear": 2001, "languages": [{"code": "sv", "level": "B2"}]}
    anonymous = handler.made(
        f"/partners/{partner}/anonymous-participants", {**facts, "availability": steps.WORKDAY, "goals": ["findWork"]}
    )
    other = handler.made(f"/cohorts/{cohort}/enrolments", {"participantId": anonymous["id"], "side": "mentee"})
    steps.make_ready(cast, program, other)
    where = f"/enrolments/{enrolment['id']}"
    before = {"observedOn": str(cast.today), "incomeSource": "activityCompensation", "occupation": "none"}
    assert handler.put(f"{where}/outcomes/entry", {**before, "education": "compulsory"}).status_code == 201
    cast.world.clock.advance(timedelta(weeks=10))
    assert handler.post(f"{where}/exit", {"exitedOn": str(cast.today), "reason": "goalReached"}).status_code == 200
    after = {"observedOn": str(cast.today), "incomeSource": "wages", "occupation": "work", "extentPercent": 50}
    began = {"beganOn": str(cast.today - timedelta(days=35))}
    assert handler.put(f"{where}/outcomes/exit", {**after, **began}).status_code == 201
    return enrolment


def test_the_rows_hold_in_and_out_before_and_after(cast: Cast, program: str, ended: dict[str, Any]) -> None:
    path = f"/programs/{program}/exports/sus?year=2026&tertial=2"
    rows = cast.handlers["municipality"].get(path).json()["items"]
    known = next(row for row in rows if not row["isAnonymous"])
    assert (known["enrolmentId"], known["end"]) == (ended["id"], "planned")
    assert (known["before"]["incomeSource"], known["after"]["incomeSource"]) == ("activityCompensation", "wages")
    assert (known["before"]["education"], known["after"]["extentPercent"]) == ("compulsory", 50)
    assert (known["hasIncreased"], known["publicSupportEnded"]) == (True, True)
    nameless = [{name: told for name, told in row.items() if told is not None} for row in rows if row["isAnonymous"]]
    assert nameless == [{"isAnonymous": True, "gender": "female", "year": 2026}]


@pytest.mark.parametrize("role", [Role.PARTNER_ADMINISTRATOR, Role.COORDINATOR])
def test_administrators_see_counts_and_no_people(cast: Cast, program: str, ended: dict[str, Any], role: Role) -> None:
    client = cast.world.client(role, cast.partners["municipality"])
    report = client.get(f"/programs/{program}/reports/tertial?year=2026&tertial=2")
    assert report.status_code == 200
    assert {one["isProtected"] for one in report.json()["figures"] if one["id"] == "inEffort"} == {True}
    for path in (
        f"/programs/{program}/exports/sus",
        f"/enrolments/{ended['id']}",
        f"/participants/{ended['participantId']}",
    ):
        refused = client.get(path)
        assert (refused.status_code, refused.json()["code"]) == (403, "access.role_not_permitted")


@pytest.fixture(scope="module")
def second(cast: Cast) -> str:
    """The other project of the association: with an agreement that the others sign too."""
    started = steps.start_program(cast, category="youth", name="Ung och aktiv (påhittad)")
    steps.sign_agreement(cast, started)
    return started


@pytest.mark.parametrize("role", [Role.PARTNER_ADMINISTRATOR, Role.COORDINATOR])
def test_its_two_projects_in_one_call(cast: Cast, program: str, second: str, ended: dict[str, Any], role: Role) -> None:
    association = cast.partners["municipality"]
    client = cast.world.client(role, association)
    answer = client.get(f"/partners/{association}/efforts?year=2026&tertial=2")
    assert answer.status_code == 200, answer.text
    efforts = {one["programId"]: one for one in answer.json()["efforts"]}
    assert set(efforts) == {program, second}
    for one in efforts.values():
        assert one["isOwner"] is True
        assert [(agreed["status"], len(agreed["parties"])) for agreed in one["agreements"]] == [("inForce", 3)]
        assert ("definePurpose", "accountable") in {(held["duty"], held["level"]) for held in one["duties"]}
        figures = {figure["id"]: figure for figure in one["figures"]}
        assert figures.keys() == {"inEffort", "ended", "endedToSelfSufficiency", "koladaShare"}
        assert (figures["inEffort"]["value"], figures["inEffort"]["isProtected"]) == (None, True)
    assert (efforts[program]["cohortCount"], efforts[second]["cohortCount"]) == (1, 0)
    assert ended["participantId"] not in answer.text
    assert ended["id"] not in answer.text
    other = cast.world.client(role, cast.partners["business"])
    refused = other.get(f"/partners/{association}/efforts")
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")


def test_a_partner_without_the_duty_to_report_sees_efforts_without_figures(cast: Cast, program: str) -> None:
    business = cast.partners["business"]
    told = cast.world.client(Role.COORDINATOR, business).get(f"/partners/{business}/efforts").json()["efforts"]
    mine = next(one for one in told if one["programId"] == program)
    assert (mine["isOwner"], mine["figures"], len(mine["agreements"])) == (False, None, 1)


def test_every_participant_endpoint_refuses_its_administrator(cast: Cast, ended: dict[str, Any], program: str) -> None:
    client = cast.world.client(Role.PARTNER_ADMINISTRATOR, cast.partners["municipality"])
    paths = [
        "/participants",
        "/enrolments",
        "/matches",
        "/referrals",
        f"/programs/{program}/participants",
        f"/participants/{ended['participantId']}",
        f"/participants/{ended['participantId']}/attestations",
        f"/participants/{ended['participantId']}/consents",
        f"/participants/{ended['participantId']}/guardians",
        f"/enrolments/{ended['id']}",
        f"/enrolments/{ended['id']}/outcomes",
    ]
    for path in paths:
        refused = client.get(path)
        assert (refused.status_code, refused.json()["code"]) == (403, "access.role_not_permitted"), path


def test_administrator_and_case_handler_are_never_one_account(cast: Cast) -> None:
    """An account has one role, and its role does not change: whoever is both has two accounts."""
    association = cast.partners["municipality"]
    administrator = cast.world.client(Role.PARTNER_ADMINISTRATOR, association)
    email = f"bada{cast.world.number()}@example.org"
    user = {"name": "Påhittad Båda", "email": email, "role": "partnerAdministrator"}
    made = administrator.made(f"/partners/{association}/users", user)
    again = administrator.post(f"/partners/{association}/users", {**user, "role": "caseHandler"})
    assert (again.status_code, again.json()["code"]) == (409, "user.email_taken")
    two = administrator.post(
        f"/partners/{association}/users", {**user, "role": ["partnerAdministrator", "caseHandler"]}
    )
    assert (two.status_code, two.json()["code"]) == (422, "request.invalid")
    path = f"/users/{made['id']}"
    changed = administrator.patch(path, {"role": "caseHandler"})
    assert (changed.status_code, changed.json()["code"]) == (422, "request.invalid")
    assert administrator.get(path).json()["role"] == "partnerAdministrator"


def test_its_partners_talk_and_meet_without_a_word_on_people(cast: Cast, second: str) -> None:
    """The administrator reads the channel and calls a meeting; the others answer and see what waits."""
    association = cast.partners["municipality"]
    administrator = cast.world.client(Role.PARTNER_ADMINISTRATOR, association)
    said = {"body": "Vi ses i juni.", "mentionedPartnerIds": [str(cast.partners["business"])]}
    administrator.made(f"/programs/{second}/channel-posts", said)
    begins = cast.world.clock() + timedelta(days=7)
    planned = {"title": "Styrgrupp", "place": "Nacka", "startsAt": begins.isoformat()}
    meeting = administrator.made(
        f"/programs/{second}/joint-meetings", {**planned, "endsAt": (begins + timedelta(hours=2)).isoformat()}
    )
    business = cast.coordinators["business"]
    waiting = business.get(f"/partners/{cast.partners['business']}/waiting").json()["items"]
    counts = {one["kind"]: one["count"] for one in waiting}
    assert (counts["meetingsToAnswer"], counts["unreadPosts"], counts["unreadMentions"]) == (1, 1, 1)
    business.made(f"/joint-meetings/{meeting['id']}/answers", {"answer": "coming"}, status=200)
    told = administrator.get(f"/joint-meetings/{meeting['id']}").json()
    assert {one["answer"] for one in told["invitations"]} == {"coming", None}
