"""Whom does one work with, and what waits: as far as each caller may act, in a number of statements that does not grow?"""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from app.domain.glossary import Sector
from app.domain.lifecycles import AgreementStatus
from app.domain.roles import Responsibility, Role
from app.features.agreements.tables import Agreement, AgreementParty, DutyHandover
from app.features.partners.tables import PartnerMember
from tests.features.cooperation.scene import Scene, refused
from tests.world import Client, World

DIRECTORY = "/partner-directory"


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene(world)


def listed(client: Client, query: str = "") -> dict[str, Any]:
    return {one["id"]: one for one in client.get(DIRECTORY + query).json()["items"]}


def waiting(client: Client, partner: UUID) -> dict[str, Any]:
    answer = client.get(f"/partners/{partner}/waiting")
    assert answer.status_code == 200, answer.text
    return {one["kind"]: one for one in answer.json()["items"]}


def test_the_directory_lists_those_one_works_with(scene: Scene) -> None:
    umbrella = scene.world.partner("Paraply")
    scene.world.add(PartnerMember(partner_id=umbrella, member_id=scene.partners["holder"]))
    found = listed(scene["party"])
    assert set(found) == {str(scene.partners["owner"]), str(scene.partners["holder"])}
    holder = found[str(scene.partners["holder"])]
    assert [one["id"] for one in holder["memberOf"]] == [str(umbrella)]
    [program] = holder["programs"]
    assert (program["programId"], program["isOwner"]) == (str(scene.program), False)
    assert {(one["duty"], one["level"]) for one in program["duties"]} == {
        ("followUpMatches", "accountable"),
        ("signMatchAgreements", "accountable"),
    }
    assert found[str(scene.partners["owner"])]["programs"][0]["isOwner"] is True
    assert listed(scene["outsider"]) == {}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?sector=municipality", {"owner"}),
        ("?duty=followUpMatches", {"holder"}),
        ("?duty=fund", set()),
        ("?nameContains=HOLD", {"holder"}),
        ("?nameContains=%25", set()),
        ("?inMunicipality=0182", set()),
        ("?programId={program}", {"owner", "holder"}),
        ("?programId={program}&duty=definePurpose", {"owner"}),
        ("?programId=0199c0de-7a11-7c3e-9d53-2f1b8c4e6a90", set()),
    ],
)
def test_the_directory_is_narrowed(scene: Scene, query: str, expected: set[str]) -> None:
    found = listed(scene["party"], query.format(program=scene.program))
    assert set(found) == {str(scene.partners[key]) for key in expected}


def test_all_partners_are_narrowed_alike(scene: Scene) -> None:
    def found(query: str) -> set[str]:
        return {one["id"] for one in scene["party"].get(f"/partners?limit=200&{query}").json()["items"]}

    holder = str(scene.partners["holder"])
    assert found(f"programId={scene.program}&duty=followUpMatches") == {holder}
    assert holder in found("duty=followUpMatches")
    assert str(scene.partners["outsider"]) in found("nameContains=outs")
    assert found("inMunicipality=0182&nameContains=holder") == set()
    # Of a program that one does not see no duties are told.
    outside = {one["id"] for one in scene["outsider"].get(f"/partners?programId={scene.program}").json()["items"]}
    assert outside == set()


def test_the_directory_takes_as_many_statements_for_many_as_for_one(scene: Scene) -> None:
    few = statements(scene.world, lambda: listed(scene["party"]))
    for number in range(5):
        program = scene.world.program(scene.world.partner(f"Ännu en {number}"))
        scene.world.agree(program, {scene.partners["party"]: [Responsibility.INFORM]})
    assert len(listed(scene["party"])) == 7
    assert statements(scene.world, lambda: listed(scene["party"])) == few


def statements(world: World, act: Any) -> int:
    found: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found.append(statement)

    engine = world.runtime.database.engine
    event.listen(engine, "before_cursor_execute", count)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return len(found)


def test_what_waits_is_told_by_what_one_may_do(scene: Scene) -> None:
    roles = {
        Role.COORDINATOR: {"agreementsToSign", "handoversToAnswer", "matchRunsToApprove", "incidentsOpen"},
        Role.CASE_HANDLER: {"referralsToAnswer", "participantsToScreen", "matchRunsToApprove", "incidentsOpen"},
        Role.PARTNER_ADMINISTRATOR: set[str](),
    }
    shared = {"matchesToSign", "matchesToActivate", "followUpsOverdue"}
    channel = {"readinessItems", "meetingsToAnswer", "unreadPosts", "unreadMentions"}
    for role, own in roles.items():
        client = scene.join("party", role, f"en {role}")
        expected = own | channel | (shared if role is not Role.PARTNER_ADMINISTRATOR else set())
        assert set(waiting(client, scene.partners["party"])) == expected, role
    service = scene.world.client(
        Role.SERVICE, scene.partners["party"], ["partner:read", "waiting:read", "enrolment:screen"]
    )
    assert set(waiting(service, scene.partners["party"])) == {"participantsToScreen"}


def test_only_ones_own_partner_is_told(scene: Scene) -> None:
    path = f"/partners/{scene.partners['owner']}/waiting"
    assert refused(scene["party"].get(path)) == (403, "access.duty_not_held")
    assert refused(scene.world.client(Role.EVALUATOR, scene.partners["owner"]).get(path))[0] == 403
    assert refused(scene.world.client(Role.MENTOR, scene.partners["owner"]).get(path))[0] == 403


def test_what_partners_owe_each_other_waits(scene: Scene) -> None:
    propose(scene)
    scene.plan()
    scene.say("owner", "Hej!", mentionedPartnerIds=[str(scene.partners["party"])])
    scene.say("owner", "Och du?")
    found = waiting(scene["party"], scene.partners["party"])
    counts = {kind: one["count"] for kind, one in found.items() if one["count"]}
    assert counts == {
        "agreementsToSign": 1,
        "handoversToAnswer": 1,
        "meetingsToAnswer": 1,
        "unreadPosts": 2,
        "unreadMentions": 1,
    }
    assert found["meetingsToAnswer"]["nextOn"] == scene.times()["startsAt"][:10]
    for kind in counts:
        for link in found[kind]["links"]:
            assert scene["party"].get(link).status_code == 200, link
    assert found["agreementsToSign"]["sv"] == "Avtal att underteckna"
    meeting = found["meetingsToAnswer"]["links"][0]
    scene["party"].made(f"{meeting}/answers", {"answer": "coming"}, status=200)
    scene["party"].put(scene.mark, {"lastReadNumber": 2})
    left = {kind for kind, one in waiting(scene["party"], scene.partners["party"]).items() if one["count"]}
    assert left == {"agreementsToSign", "handoversToAnswer"}
    assert waiting(scene["outsider"], scene.partners["outsider"])["unreadPosts"]["count"] == 0


def propose(scene: Scene) -> None:
    """An agreement that waits for the party's signature, and a duty that is handed over to it."""
    day = scene.world.clock().date()
    agreement = scene.world.add(
        Agreement(
            program_id=scene.program,
            number=scene.world.number() + 1,
            title="Nytt avtal",
            valid_from=day,
            status=AgreementStatus.PROPOSED,
            drafted_by_partner_id=scene.partners["owner"],
        )
    )
    party = {"agreement_id": agreement.id, "program_id": scene.program}
    scene.world.add(AgreementParty(**party, partner_id=scene.partners["party"]))
    scene.world.add(
        DutyHandover(
            program_id=scene.program,
            duty=Responsibility.FOLLOW_UP_MATCHES,
            from_partner_id=scene.partners["holder"],
            to_partner_id=scene.partners["party"],
            begins_on=day + timedelta(days=7),
            reason="Påhittat",
            proposed_by_user_id=scene.users["holder"].id,
        )
    )


def test_what_is_missing_waits_for_whoever_answers_for_it(scene: Scene) -> None:
    owner = waiting(scene["owner"], scene.partners["owner"])["readinessItems"]
    assert owner["count"] >= 2, "no purpose, no policy"
    assert [link.rpartition("/v1")[2] for link in owner["links"]] == [f"/programs/{scene.program}/readiness"]
    assert waiting(scene["party"], scene.partners["party"])["readinessItems"]["count"] == 0
    founder = scene.world.partner("Nystartad", Sector.MUNICIPALITY)
    scene.world.program(founder)
    client = scene.world.client(Role.COORDINATOR, founder)
    assert waiting(client, founder)["readinessItems"]["count"] >= 4


def test_the_number_of_statements_does_not_grow(scene: Scene) -> None:
    def look() -> None:
        waiting(scene["party"], scene.partners["party"])

    few = statements(scene.world, look)
    propose(scene)
    for number in range(4):
        program = scene.world.program(scene.partners["party"])
        scene.world.agree(program, {scene.partners["party"]: list(Responsibility)})
        scene.say("owner", f"Inlägg {number}")
        scene.plan()
    assert statements(scene.world, look) == few
    assert few <= 25
