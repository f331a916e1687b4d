"""Do those who answer for people's data see what a user has seen, whom a breach concerns, and what is unusual?"""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session

from app.domain.glossary import Concealing
from app.domain.roles import Role
from app.features.access.tables import Concealment, UserAccount
from tests.features.audit.examples import verify
from tests.features.audit.logs import Logs
from tests.features.enrolments.scene import Scene, set_scene
from tests.world import Client, World


@pytest.fixture(scope="module")
def scene(world: World) -> Scene:
    return set_scene(world)


@pytest.fixture(scope="module")
def logs(world: World, tmp_path_factory: pytest.TempPathFactory) -> Logs:
    return Logs(world, tmp_path_factory.mktemp("anchor") / "anchor.jsonl")


@pytest.fixture(scope="module")
def officer(scene: Scene) -> Client:
    return scene.world.client(Role.PRIVACY_OFFICER, scene.recruiter_id)


def my_id(client: Client) -> str:
    return cast("str", client.get("/me").json()["id"])


def items(client: Client, path: str, **query: Any) -> list[dict[str, Any]]:
    answered = client.get(path, params={"limit": 200, **query})
    assert answered.status_code == 200, answered.text
    return cast("list[dict[str, Any]]", answered.json()["items"])


def exposure(client: Client, partner: UUID, **query: Any) -> dict[str, Any]:
    answered = client.get(f"/partners/{partner}/exposures", params=query)
    assert answered.status_code == 200, answered.text
    return cast("dict[str, Any]", answered.json())


def conceal(scene: Scene, person: dict[str, Any]) -> None:
    scene.world.add(
        Concealment(
            participant_id=UUID(person["id"]), partner_id=scene.recruiter_id, kind=Concealing.PROTECTED_IDENTITY
        )
    )


def test_what_a_user_of_ones_own_has_seen_and_tried(scene: Scene, officer: Client) -> None:
    handler = scene.world.client(Role.CASE_HANDLER, scene.recruiter_id)
    person = scene.person()
    handler.get(f"/participants/{person['id']}")
    handler.post(f"{scene.applied(person=person)}/screening", {"decision": "ready"})
    handler.get(f"/programs/{person['id']}")
    path = f"/users/{my_id(handler)}/accesses"
    told = [(one["permission"], one["decision"], one["participantIds"]) for one in items(officer, path)]
    assert told == [
        ("program:read", "outOfReach", []),
        ("enrolment:screen", "refused", [person["id"]]),
        ("participant:read", "allowed", [person["id"]]),
    ]
    assert items(officer, path, decision="refused")[0]["purpose"] == "caseWork"
    assert items(officer, path, until="2020-01-01T00:00:00Z") == []
    administrator = scene.world.client(Role.PARTNER_ADMINISTRATOR, scene.recruiter_id)
    assert len(items(administrator, path)) == 3


def test_users_of_others_and_unknown_ones_are_alike(scene: Scene, officer: Client) -> None:
    foreign = my_id(scene.screener)
    for one in (foreign, str(scene.recruiter_id)):
        assert officer.get(f"/users/{one}/accesses").json()["code"] == "resource.not_found"
    assert scene.recruiter.get(f"/users/{foreign}/accesses").status_code == 403


@pytest.mark.parametrize("path", ["/users/{user}/accesses", "/partners/{partner}/exposures?userId={user}"])
def test_nobody_looks_without_saying_why(scene: Scene, path: str) -> None:
    silent = scene.world.client(Role.PRIVACY_OFFICER, scene.recruiter_id)
    silent.purpose = None
    answered = silent.get(path.format(user=my_id(scene.recruiter), partner=scene.recruiter_id))
    assert (answered.status_code, answered.json()["code"]) == (403, "access.purpose_required")


def test_a_breach_names_exactly_those_who_were_shown(scene: Scene, officer: Client) -> None:
    world = scene.world
    began = world.clock()
    user: UserAccount = world.add(
        UserAccount(
            name="Påhittad Kapad", role=Role.CASE_HANDLER, partner_id=scene.recruiter_id,
            email=f"k{world.number()}@example.org",
        )
    )  # fmt: skip
    taken, other_login = world.client_for(user), world.client_for(user)
    seen, edited, hidden, later = (scene.person() for _ in range(4))
    for _ in range(2):
        taken.get(f"/participants/{seen['id']}")
    other_login.patch(f"/participants/{edited['id']}", {"phone": "070-174 06 05"})
    taken.get(f"/participants/{hidden['id']}")
    conceal(scene, hidden)
    world.clock.advance(timedelta(hours=1))
    until = world.clock()
    taken.get(f"/participants/{later['id']}")
    period = {"since": began.isoformat(), "until": until.isoformat()}
    found = exposure(officer, scene.recruiter_id, userId=str(user.id), **period)
    assert {one["participantId"]: one["accessCount"] for one in found["people"]} == {seen["id"]: 2, edited["id"]: 2}
    assert (found["accessCount"], found["participantCount"], found["isComplete"]) == (4, 2, True)
    one = next(one for one in found["people"] if one["participantId"] == edited["id"])
    assert one["permissions"] == ["participant:read", "participant:update"]
    assert {"contact", "identity"} <= set(one["classes"])
    assert found["otherHolders"] == []
    login = items(officer, f"/users/{user.id}/accesses", decision="allowed")[-1]["loginId"]
    by_login = exposure(officer, scene.recruiter_id, loginId=login, **period)
    assert [one["participantId"] for one in by_login["people"]] == [seen["id"]]
    everything = exposure(officer, scene.recruiter_id, userId=str(user.id))
    assert later["id"] in {one["participantId"] for one in everything["people"]}


def test_people_of_others_are_counted_for_the_users_own_officer_only(scene: Scene, officer: Client) -> None:
    person = scene.person()
    path = scene.applied(person=person)
    scene.screener.get(path)
    screening = my_id(scene.screener)
    theirs = scene.world.client(Role.PRIVACY_OFFICER, scene.screener_id)
    found = exposure(theirs, scene.screener_id, userId=screening)
    assert (found["people"], len(found["otherHolders"])) == ([], 1)
    assert found["otherHolders"][0]["partnerId"] == str(scene.recruiter_id)
    assert person["id"] not in theirs.get(f"/partners/{scene.screener_id}/exposures?userId={screening}").text
    ours = exposure(officer, scene.recruiter_id, userId=screening)
    assert person["id"] in {one["participantId"] for one in ours["people"]}
    assert ours["otherHolders"] == []


def test_the_exposure_comes_as_a_table_and_is_recorded(scene: Scene, officer: Client) -> None:
    me, person = scene.themself()
    scene.recruiter.get(f"/participants/{person['id']}")
    address = f"/partners/{scene.recruiter_id}/exposures?userId={my_id(scene.recruiter)}"
    table = officer.get(address, headers={"Accept": "text/csv", "Mentorskap-Purpose": "incident; AMN 2026/12"})
    assert table.headers["Content-Type"].startswith("text/csv")
    assert person["id"] in table.text
    newest = me.get("/me/accesses").json()["items"][0]
    assert (newest["role"], newest["permission"]) == ("privacyOfficer", "exposure:read")
    line = items(officer, f"/partners/{scene.recruiter_id}/accesses", participantId=person["id"])[0]
    assert (line["purpose"], line["reference"]) == ("incident", "AMN 2026/12")
    assert officer.get(f"/partners/{scene.recruiter_id}/exposures").status_code == 422


def test_a_try_at_somebody_out_of_reach_is_told_to_the_holder(scene: Scene, officer: Client) -> None:
    person = scene.person()
    stranger = scene.world.client(Role.CASE_HANDLER, scene.world.partner())
    assert stranger.get(f"/participants/{person['id']}").status_code == 404
    line = items(officer, f"/partners/{scene.recruiter_id}/accesses", participantId=person["id"])[0]
    assert (line["userId"], line["decision"]) == (my_id(stranger), "outOfReach")
    assert line["participantIds"] == [person["id"]]


# ---- the monthly review ----

PLANT = text("""
insert into access_record (at, user_id, partner_id, role, permission, decision, subject, subject_id, people, trace_id)
select timestamptz '2026-03-02 08:00+01' + make_interval(days => n % 20 + n % 20 / 5 * 2, mins => n % 480, hours => case when n % 101 = 0 then 11 else 0 end), staff[1 + n % 40], :partner,
       'caseHandler', (array['participant:read', 'enrolment:read', 'participant:update', 'followUp:read'])[1 + (n / 40) % 4],
       case when n % 53 = 0 then 'refused' else 'allowed' end, 'participant', md5('person ' || (n % 40) * 12 + (n / 160) % 12)::uuid,
       array[md5('person ' || (n % 40) * 12 + (n / 160) % 12)::uuid], md5(n::text)
  from generate_series(1, :lines) n, (select array(select md5('staff ' || s)::uuid from generate_series(1, 40) s) as staff) s
""")
MISUSE = text("""
insert into access_record (at, user_id, partner_id, role, permission, decision, subject, subject_id, people, trace_id)
select cast(:at as timestamptz) + make_interval(mins => n), cast(:user as uuid), :partner, 'caseHandler', 'participant:read', cast(:decision as varchar),
       'participant', md5('neighbour ' || n)::uuid,
       case when cast(:decision as varchar) = 'allowed' then array[md5('neighbour ' || n)::uuid] else cast(array[] as uuid[]) end, md5(n::text)
  from generate_series(1, :times) n
""")
LINES = 20_000


@pytest.fixture(scope="module")
def reviewed(world: World, logs: Logs) -> tuple[UUID, dict[str, str]]:
    """A partner with a month of ordinary lines, four kinds of misuse among them, and the month over and sealed."""
    partner = world.partner()
    culprits = {
        "evening": ("2026-03-04 22:10+01", 12, "allowed"),
        "browsing": ("2026-03-11 10:00+01", 25, "allowed"),
        "mass": ("2026-03-17 09:00+01", 180, "allowed"),
        "guessing": ("2026-03-24 13:00+01", 30, "outOfReach"),
    }
    who = {name: str(UUID(int=number)) for number, name in enumerate(culprits, start=1)}
    with Session(world.engine) as session:
        session.execute(PLANT, {"partner": partner, "lines": LINES})
        for name, (at, times, decision) in culprits.items():
            given = {"at": at, "times": times, "decision": decision, "user": who[name], "partner": partner}
            session.execute(MISUSE, given)
        session.commit()
    logs.seal()
    return partner, who


def over(world: World) -> None:
    april = datetime.fromisoformat("2026-04-02T10:00:00+02:00")
    if world.clock() < april:
        world.clock.advance(april - world.clock())


def review(world: World, partner: UUID, role: Role = Role.PARTNER_ADMINISTRATOR) -> dict[str, Any]:
    answered = world.client(role, partner).get(f"/partners/{partner}/access-reviews/2026-03")
    assert answered.status_code == 200, answered.text
    return cast("dict[str, Any]", answered.json())


def test_a_month_that_goes_on_has_no_review_yet(world: World, reviewed: tuple[UUID, Any]) -> None:
    partner, _ = reviewed
    answered = world.client(Role.PARTNER_ADMINISTRATOR, partner).get(f"/partners/{partner}/access-reviews/2026-03")
    assert (answered.status_code, answered.json()["code"]) == (404, "access_review.not_yet")


def test_planted_misuse_ranks_among_the_first(world: World, logs: Logs, reviewed: tuple[UUID, dict[str, str]]) -> None:
    partner, who = reviewed
    over(world)
    logs.seal()
    found = review(world, partner)
    assert found["accessCount"] == LINES + 12 + 25 + 180 + 30
    ranked = [one["userId"] for one in found["anomalies"]]
    assert set(who.values()) <= set(ranked[:20]), ranked
    assert len(ranked) <= 20
    first = {one["userId"]: {signal["signal"] for signal in one["signals"]} for one in found["anomalies"]}
    assert "offHours" in first[who["evening"]]
    assert "withoutWork" in first[who["browsing"]]
    assert {"manyPeople", "withoutWork"} <= first[who["mass"]]
    assert first[who["guessing"]] == {"refusals"}


def test_anybody_with_the_log_and_the_seal_draws_the_same_sample(world: World, reviewed: tuple[UUID, Any]) -> None:
    partner, _ = reviewed
    over(world)
    found, again = review(world, partner), review(world, partner, Role.PRIVACY_OFFICER)
    assert found["sample"] == again["sample"]
    with Session(world.engine) as session:
        ids = session.scalars(
            text(
                "select id from access_record where partner_id = :partner and role = 'caseHandler' and at < '2026-04-01 00:00+02'"
            ),
            {"partner": partner},
        )
        drawn = sorted(ids, key=lambda one: hashlib.sha256(f"{found['seed']}:{one}".encode()).digest())[:20]
        root = session.scalar(text("select root from audit_seal where number = :n"), {"n": found["sealNumber"]})
    assert [one["id"] for one in found["sample"]] == [str(one) for one in drawn]
    assert root == found["seed"]


def test_a_review_is_signed_once_and_waits_until_then(world: World, reviewed: tuple[UUID, Any]) -> None:
    partner, _ = reviewed
    over(world)
    path = f"/partners/{partner}/access-reviews"
    manager, officer = world.client(Role.PARTNER_ADMINISTRATOR, partner), world.client(Role.PRIVACY_OFFICER, partner)
    assert items(officer, path)[0] == {"month": "2026-03", "isSigned": False, "finding": None, "signedAt": None}
    assert officer.post(f"{path}/2026-03/signatures", {"finding": "followedUp"}).status_code == 403
    assert manager.post(f"{path}/2026-04/signatures", {"finding": "followedUp"}).status_code == 404
    made = manager.made(f"{path}/2026-03/signatures", {"finding": "followedUp"})
    assert made["signedByUserId"] == my_id(manager)
    twice = manager.post(f"{path}/2026-03/signatures", {"finding": "nothingFound"})
    assert (twice.status_code, twice.json()["code"]) == (409, "access_review.already_signed")
    assert items(officer, path)[0]["isSigned"] is True
    assert review(world, partner)["signature"] == made


def test_others_review_nothing_here(world: World, scene: Scene, reviewed: tuple[UUID, Any]) -> None:
    partner, _ = reviewed
    over(world)
    foreign = world.client(Role.PARTNER_ADMINISTRATOR, scene.recruiter_id)
    for path in ("access-reviews", "access-reviews/2026-03", "exposures"):
        assert foreign.get(f"/partners/{partner}/{path}?userId={partner}").status_code in {403, 422}, path
    assert foreign.get(f"/partners/{partner}/access-reviews/2026-03").json()["code"] == "access.duty_not_held"
    own = world.client(Role.PARTNER_ADMINISTRATOR, partner)
    for month in ("2026-13", "1999-01", "mars"):
        assert own.get(f"/partners/{partner}/access-reviews/{month}").status_code == 422


# ---- seals and proofs ----


def test_the_seals_are_listed_without_their_lists(world: World, officer: Client, logs: Logs) -> None:
    for _ in range(2):
        logs.fill(1, 0)
        logs.seal()
    newest, before, *_ = items(officer, "/audit-seals")
    assert newest["previousRoot"] == before["root"]
    assert newest["number"] == before["number"] + 1
    assert newest["accessCount"] >= 1
    assert "leaves" not in newest
    assert world.client(Role.SYSTEM_ADMINISTRATOR).get("/audit-seals").status_code == 200
    assert world.client(Role.COORDINATOR, world.partner()).get("/audit-seals").status_code == 403


def proof(client: Client, partner: UUID, line: str) -> Any:
    return client.get(f"/partners/{partner}/accesses/{line}/proof")


def test_a_line_is_proven_and_the_script_agrees(scene: Scene, officer: Client, logs: Logs, tmp_path: Path) -> None:
    person = scene.person()
    scene.recruiter.get(f"/participants/{person['id']}")
    line = items(officer, f"/partners/{scene.recruiter_id}/accesses", participantId=person["id"])[0]
    early = proof(officer, scene.recruiter_id, line["id"])
    assert (early.status_code, early.json()["code"]) == (409, "access.not_sealed")
    logs.seal()
    told = proof(officer, scene.recruiter_id, line["id"])
    assert told.status_code == 200, told.text
    assert person["id"] in told.json()["record"]
    assert verify(told.json(), scene.world) == []
    for name in ("record", "recordDigest", "root", "signature", "checkpoint"):
        right = told.json()[name]
        forged = {**told.json(), name: right[:5] + ("1" if right[5] == "0" else "0") + right[6:]}
        assert verify(forged, scene.world) != [], name
    forged = {**told.json(), "index": told.json()["index"] + 1}
    assert verify(forged, scene.world) != []


def test_a_line_about_others_is_proven_without_its_text_and_to_those_in_whose_log_it_is(
    scene: Scene, officer: Client, logs: Logs
) -> None:
    theirs = scene.world.client(Role.PRIVACY_OFFICER, scene.screener_id)
    line = items(officer, f"/partners/{scene.recruiter_id}/accesses")[0]
    logs.seal()
    assert proof(theirs, scene.screener_id, line["id"]).status_code == 404
    assert proof(theirs, scene.recruiter_id, line["id"]).status_code == 403
    assert proof(officer, scene.recruiter_id, "12345678901234567").status_code == 404
    assert proof(officer, scene.recruiter_id, "x").status_code == 422
