"""S8: Företagarna keeps its members' mentors right in one batch; who gave the time sees hours, never mentees' outcomes.

And of S9 its nightly upsert: forty volunteers, three possible duplicates, nobody ended by being left out.
"""

import time
from typing import Any

import pytest

from app.domain.glossary import Sector
from app.domain.roles import Role
from tests.journeys import steps
from tests.journeys.steps import Cast
from tests.world import Client, World

SCOPES = [
    "partner:read", "participant:create", "participant:update", "participant:read", "enrolment:create", "enrolment:read",
    "cohort:read", "import:create", "import:read", "change:read",
]  # fmt: skip


@pytest.fixture(scope="module")
def cast(working_world: World) -> Cast:
    return Cast.of(working_world)


@pytest.fixture(scope="module")
def members(cast: Cast) -> list[str]:
    """The companies that are members, where the mentors work."""
    return [str(cast.world.partner(f"Påhittade bolaget {name}", Sector.BUSINESS)) for name in "AB"]


@pytest.fixture(scope="module")
def system(cast: Cast) -> Client:
    """The member register of Företagarna."""
    return cast.world.client(Role.SERVICE, cast.partners["business"], SCOPES)


def mentors(cast: Cast, members: list[str]) -> list[dict[str, Any]]:
    return [
        {
            **steps.person(cast.world, familyName=f"Medlem {number}"),
            "externalSystem": "medlemsregister",
            "externalId": f"medlem-{number}",
            "email": f"medlem-{number}@example.org",
            "employerPartnerId": members[number % len(members)],
            "isBusinessOwner": True,
            "mentorCapacity": 2,
        }
        for number in range(12)
    ]


@pytest.fixture(scope="module")
def sent(cast: Cast, members: list[str], system: Client) -> list[dict[str, Any]]:
    """The same batch twice: the second run 0 created, 0 changed."""
    items, path = mentors(cast, members), f"/partners/{cast.partners['business']}/participant-batches"
    first = system.made(path, {"items": items}, status=200)
    assert [first[name] for name in ("created", "changed", "unchanged", "refused")] == [12, 0, 0, 0]
    second = system.made(path, {"items": items}, status=200)
    assert [second[name] for name in ("created", "changed", "unchanged", "refused")] == [0, 0, 12, 0]
    found: list[dict[str, Any]] = first["items"]
    assert [one["participantId"] for one in second["items"]] == [one["participantId"] for one in found]
    return found


def test_the_second_run_leaves_no_trace(cast: Cast, system: Client, sent: list[dict[str, Any]]) -> None:
    people, cursor, kinds = {one["participantId"] for one in sent}, None, []
    while True:
        page = system.get("/changes?limit=1000" + (f"&cursor={cursor}" if cursor else "")).json()
        kinds += [one["kind"] for one in page["items"] if one["subjectId"] in people]
        cursor = page["nextCursor"]
        if not page["hasMore"]:
            break
    assert kinds == ["participant.created"] * 12


@pytest.fixture(scope="module")
def match(cast: Cast, sent: list[dict[str, Any]], system: Client) -> dict[str, Any]:
    """One of the mentors, enrolled by the same key, meets somebody; Företagarna supports the reporting."""
    program = steps.start_program(cast)
    steps.sign_agreement(cast, program, supporting={"business": ["reportToCommittee"]})
    cohort = steps.open_cohort(cast, program)
    key = f"/cohorts/{cohort}/enrolments/by-external-id/medlemsregister/medlem-0"
    enrolled = [system.put(key, {"side": "mentor"}) for _ in range(2)]
    assert [one.headers["mentorskap-sync-outcome"] for one in enrolled] == ["created", "unchanged"]
    assert enrolled[0].json()["participantId"] == sent[0]["participantId"]
    mentee = steps.enrol(cast, cohort, "mentee")
    for enrolment in (enrolled[0].json(), mentee):
        steps.make_ready(cast, program, enrolment)
    run = steps.run_matching(cast, program, cohort)
    found = steps.approved_matches(cast, cohort, run)[mentee["id"]]
    steps.accept_both(cast, found)
    lead = cast.coordinators["association"]
    lead.made(f"/matches/{found['id']}/preparation", status=200)
    lead.made(f"/matches/{found['id']}/activation", {"startsOn": str(cast.today)}, status=200)
    return {**found, "programId": program}


def test_who_gave_the_time_sees_the_hours_and_no_outcome(cast: Cast, match: dict[str, Any]) -> None:
    follower, held = cast.handlers["association"], {"heldOn": str(cast.today), "minutes": 90, "mode": "inPerson"}
    address = f"/matches/{match['id']}/meetings/by-external-id/app/traff-1"
    told = [follower.put(address, held).headers["mentorskap-sync-outcome"] for _ in range(2)]
    assert told == ["created", "unchanged"]
    tertial = f"year={cast.today.year}&tertial={(cast.today.month - 1) // 4 + 1}"
    handler, own = cast.handlers["business"], str(cast.partners["business"])
    report = handler.get(f"/programs/{match['programId']}/reports/partners?{tertial}")
    assert report.status_code == 200, report.text
    gave = next(one for one in report.json()["items"] if one["partnerId"] == own)
    assert gave["hours"]["value"] is not None
    assert handler.get(f"/enrolments/{match['menteeEnrolmentId']}/outcomes").status_code == 404
    assert handler.get(f"/enrolments/{match['mentorEnrolmentId']}/outcomes").json()["items"] == []
    assert handler.get(f"/participants/{match['menteeParticipantId']}").status_code == 404


def test_a_member_company_sees_its_own_mentors_hours(cast: Cast, members: list[str], match: dict[str, Any]) -> None:
    tertial = f"year={cast.today.year}&tertial={(cast.today.month - 1) // 4 + 1}"
    seen = []
    for member in members:
        company = cast.world.client(Role.COORDINATOR, member)  # type: ignore[arg-type]  # an id as text
        answer = company.get(f"/partners/{member}/efforts?{tertial}")
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert told["efforts"] == []
        assert match["programId"] not in answer.text
        seen.append(tuple(told["employed"].values()))
    assert sorted(seen, reverse=True) == [(1, 1, 2), *[(0, 0, 0)] * (len(members) - 1)]


def test_a_member_company_reads_nobody(cast: Cast, members: list[str], match: dict[str, Any]) -> None:
    """Where a mentor works is no reason to read the mentor, and still less the mentee."""
    for role in (Role.CASE_HANDLER, Role.COORDINATOR, Role.PARTNER_ADMINISTRATOR):
        company = cast.world.client(role, members[0])  # type: ignore[arg-type]  # an id as text
        for side in ("mentor", "mentee"):
            assert company.get(f"/participants/{match[f'{side}ParticipantId']}").status_code in {403, 404}
            assert company.get(f"/enrolments/{match[f'{side}EnrolmentId']}/outcomes").status_code in {403, 404}


def volunteers(numbers: range) -> bytes:
    """As the association's system writes them; three share an address with a mentor of Företagarna's or each other."""
    shared = {3: "volontar-2@example.org", 7: "volontar-6@example.org", 11: "volontar-10@example.org"}
    lines = ["Medlemsnummer;Förnamn;Efternamn;Födelsedatum;Kön;E-post;Tider"]
    lines += [
        f"v-{n};Påhittad;Volontär {n};17/5/1980;kvinna;{shared.get(n, f'volontar-{n}@example.org')};mån 17-20, ons 17-20"
        for n in numbers
    ]
    return "\r\n".join(lines).encode("cp1252")


def imported(client: Client, partner: Any, content: bytes) -> dict[str, Any]:
    made = client.made(f"/partners/{partner}/imports", {"kind": "participants", "externalSystem": "register"})
    path = f"/imports/{made['id']}"
    sent = client.call("PUT", f"{path}/file", content=content, headers={"Content-Type": "text/csv"})
    assert sent.status_code == 202, sent.text
    for _ in range(300):
        found: dict[str, Any] = client.get(path).json()
        if found["status"] not in {"queued", "running"}:
            return found
        time.sleep(0.1)
    raise AssertionError(f"the import did not finish: {found}")


def test_forty_volunteers_every_night(cast: Cast) -> None:
    partner = cast.partners["association"]
    client = cast.world.client(Role.SERVICE, partner, SCOPES)
    first = imported(client, partner, volunteers(range(40)))
    assert (first["status"], first["encoding"], first["counts"]["created"]) == ("completed", "cp1252", 40)
    rows = client.get(f"/imports/{first['id']}/rows?limit=200").json()["items"]
    alike = {one["externalId"] for one in rows if one["possibleDuplicates"]}
    assert alike == {f"v-{n}" for n in (2, 3, 6, 7, 10, 11)}
    pairs = cast.handlers["association"].get(f"/partners/{partner}/possible-duplicates").json()
    assert pairs["meta"]["totalCount"] == 3
    second = imported(client, partner, volunteers(range(37)))
    assert second["counts"] == {"created": 0, "changed": 0, "unchanged": 37, "refused": 0, "notApplied": 0}
    for left_out in (37, 38, 39):
        held = client.get(f"/partners/{partner}/participants/by-external-id/register/v-{left_out}").json()
        assert (held["version"], held["isAnonymous"]) == (1, False)
