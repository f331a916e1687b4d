"""Are agreements drafted, changed, proposed and withdrawn as they should, and refused when they contradict themselves?"""

from typing import Any
from uuid import uuid4

import pytest

from app.domain.glossary import Sector
from app.domain.roles import Role
from tests.features.agreements.conftest import Cooperation
from tests.world import World


def test_a_draft_has_its_drafter_as_party_and_is_read_in_full(pair: Cooperation) -> None:
    made = pair.owners.post(
        f"{pair.path}/agreements",
        {
            "title": "Avtal",
            "validFrom": "2026-03-02",
            "validUntil": "2026-12-31",
            "parties": [str(pair.other)],
            "duties": [pair.duty("inform", pair.other), pair.duty("inform", pair.owner, "supporting")],
        },
    )
    assert (made.status_code, made.json()["status"], made.json()["number"]) == (201, "draft", 1)
    found = pair.owners.get(made.headers["location"]).json()
    assert {party["partnerId"] for party in found["parties"]} == {str(pair.owner), str(pair.other)}
    assert [duty["level"] for duty in found["duties"]] == ["accountable", "supporting"]
    assert pair.draft()["number"] == 2
    [first, second] = pair.owners.get(f"{pair.path}/agreements").json()["items"]
    assert (first["number"], second["number"], "parties" in first) == (1, 2, False)


def test_bad_drafts_are_refused_with_a_pointer_and_leave_nothing(world: World, pair: Cooperation) -> None:
    third = world.partner()
    inform = pair.duty("inform", pair.owner)
    for over, code, pointer in (
        ({"validUntil": "2026-03-01"}, "agreement.period_invalid", "/validUntil"),
        ({"parties": [str(uuid4())]}, "partner.unknown", "/parties/0"),
        ({"parties": [str(pair.other)] * 2}, "agreement.party_twice", "/parties/1"),
        ({"duties": [pair.duty("inform", third)]}, "agreement.holder_not_party", "/duties/0/partnerId"),
        ({"duties": [inform, {**inform, "level": "supporting"}]}, "agreement.duty_twice", "/duties/1"),
        ({"duties": [inform, pair.duty("inform", pair.other)]}, "agreement.two_accountable", "/duties/1"),
    ):
        body = {"title": "Avtal", "validFrom": "2026-03-02", "parties": [str(pair.other)], **over}
        refused = pair.owners.post(f"{pair.path}/agreements", body)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
        assert refused.json()["errors"][0]["pointer"] == pointer
    assert refused.json()["context"]["duty"] == "inform"
    assert pair.owners.get(f"{pair.path}/agreements").json()["items"] == []


def test_only_civil_society_publishes_openings(world: World, pair: Cooperation) -> None:
    company, association = world.partner(sector=Sector.BUSINESS), world.partner(sector=Sector.CIVIL_SOCIETY)
    parties = {"parties": [str(company), str(association)]}
    for level in ("accountable", "supporting"):
        duties = [pair.duty("inform", company), pair.duty("publishOpening", company, level)]
        body = {"title": "Avtal", "validFrom": "2026-03-02", **parties, "duties": duties}
        refused = pair.owners.post(f"{pair.path}/agreements", body)
        assert (refused.status_code, refused.json()["code"]) == (422, "agreement.sector_may_not_hold")
        assert refused.json()["errors"][0]["pointer"] == "/duties/1/partnerId"
        given = pair.draft(**parties, duties=[pair.duty("publishOpening", association, level)])
        assert given["duties"][0]["partnerId"] == str(association)
        path = f"/agreements/{given['id']}"
        changed = pair.owners.patch(path, {"duties": [pair.duty("publishOpening", company, level)]})
        assert changed.json()["code"] == "agreement.sector_may_not_hold"
        assert pair.owners.get(path).json()["duties"] == given["duties"]


def test_a_draft_is_changed_and_its_lists_replaced(world: World, pair: Cooperation) -> None:
    path, third = f"/agreements/{pair.draft()['id']}", world.partner()
    before = pair.owners.get(path).headers["ETag"]
    changed = pair.owners.patch(path, {"parties": [str(third)], "duties": [pair.duty("fund", third)]}).json()
    assert {party["partnerId"] for party in changed["parties"]} == {str(pair.owner), str(third)}
    assert changed["duties"] == [pair.duty("fund", third)]
    stale = pair.owners.patch(path, {"title": "Sent"}, headers={"If-Match": before})
    assert stale.status_code == 412

    kept = pair.owners.patch(path, {"title": "Nytt", "validUntil": "2026-12-31"}).json()
    assert (kept["title"], kept["duties"], len(kept["parties"])) == ("Nytt", changed["duties"], 2)
    orphaned = pair.owners.patch(path, {"parties": []})
    assert (orphaned.status_code, orphaned.json()["code"]) == (422, "agreement.holder_not_party")
    assert pair.owners.get(path).json() == kept
    given = pair.owners.patch(path, {"duties": [pair.duty("inform", third)]}).json()
    assert (given["duties"], given["parties"]) == ([pair.duty("inform", third)], kept["parties"])
    assert pair.owners.patch(path, {"title": "Nytt"}).json()["version"] == given["version"]
    assert pair.owners.patch(path, {"duties": [], "parties": []}).json()["duties"] == []
    assert pair.owners.patch(path, {"validUntil": "2026-01-01"}).json()["code"] == "agreement.period_invalid"


def test_a_proposal_freezes_the_text_and_shows_it_to_the_parties(pair: Cooperation) -> None:
    path = f"/agreements/{pair.draft()['id']}"
    assert pair.others.get(path).status_code == 404
    proposed = pair.owners.made(f"{path}/proposal", status=200)
    assert proposed["status"] == "proposed"
    seen = pair.others.get(path)
    assert (seen.status_code, seen.json()["textDigest"]) == (200, proposed["textDigest"])
    assert pair.others.get(pair.path).status_code == 200

    frozen = pair.owners.patch(path, {"title": "Annat"})
    assert (frozen.status_code, frozen.json()["code"]) == (409, "agreement.not_draft")
    again = pair.owners.post(f"{path}/proposal")
    assert (again.status_code, again.json()["code"]) == (409, "agreement.transition_not_allowed")


def test_a_proposal_cannot_begin_in_the_past(pair: Cooperation) -> None:
    path = f"/agreements/{pair.draft(validFrom='2026-03-01')['id']}"
    refused = pair.owners.post(f"{path}/proposal")
    assert (refused.status_code, refused.json()["code"]) == (409, "agreement.begins_in_past")
    assert pair.owners.get(path).json()["status"] == "draft"


def test_a_proposal_can_be_withdrawn_until_it_is_in_force(pair: Cooperation) -> None:
    path = pair.proposed()
    assert pair.owners.made(f"{path}/withdrawal", status=200)["status"] == "withdrawn"
    signed = pair.owners.post(f"{path}/signatures")
    assert signed.status_code == 403  # no party of anything that is still alive
    kept = pair.in_force()
    refused = pair.owners.post(f"{kept}/withdrawal")
    assert (refused.status_code, refused.json()["code"]) == (409, "agreement.transition_not_allowed")
    late = pair.owners.post(f"{path}/signatures")
    assert (late.status_code, late.json()["code"]) == (409, "agreement.transition_not_allowed")


@pytest.mark.parametrize("call", ["proposal", "withdrawal", "signatures", "termination"])
def test_strangers_and_other_roles_do_not_get_in(world: World, pair: Cooperation, call: str) -> None:
    path = pair.proposed()
    body: Any = {"reason": "Ingen."} if call == "termination" else None
    assert world.client(Role.COORDINATOR, world.partner()).post(f"{path}/{call}", body).status_code == 404
    handler = world.client(Role.CASE_HANDLER, pair.owner)
    assert handler.post(f"{path}/{call}", body).json()["code"] == "access.role_not_permitted"
    if call in {"proposal", "withdrawal"}:
        assert pair.others.post(f"{path}/{call}").json()["code"] == "access.duty_not_held"


def test_a_published_program_does_not_show_its_agreements_to_everyone(world: World, pair: Cooperation) -> None:
    pair.in_force()
    pair.owners.patch(pair.path, {"isPublished": True})
    stranger = world.client(Role.COORDINATOR, world.partner())
    assert stranger.get(f"{pair.path}/agreements").status_code == 403
    assert stranger.get(f"{pair.path}/handovers").status_code == 403
    drafted = stranger.post(f"{pair.path}/agreements", {"title": "Avtal", "validFrom": "2026-03-02"})
    assert (drafted.status_code, drafted.json()["context"]["duties"][0]["partnerId"]) == (403, str(pair.owner))
