"""Do partners come in, change and group over HTTP, and is everything else refused?"""

import pytest

from app.domain.glossary import Sector
from app.domain.roles import Role
from tests.world import World

NEW = {"name": "Påhittade kommunen", "sector": "municipality", "organizationNumber": "212000-0167"}


def test_a_partner_is_registered_once(world: World) -> None:
    administrator = world.client(Role.SYSTEM_ADMINISTRATOR)
    made = administrator.post("/partners", NEW)
    assert made.status_code == 201
    found = administrator.get(made.headers["location"])
    assert found.json()["organizationNumber"] == "212000-0167"
    assert (
        administrator.get(made.headers["location"], headers={"If-None-Match": found.headers["ETag"]}).status_code == 304
    )

    again = administrator.post("/partners", NEW)
    assert (again.status_code, again.json()["code"]) == (409, "partner.already_registered")


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({**NEW, "colour": "blue"}, "field.unknown", "/colour"),
        ({**NEW, "sector": "church"}, "field.not_a_choice", "/sector"),
        ({**NEW, "name": "a\x00b"}, "field.invalid", "/name"),
        ({"sector": "business"}, "field.missing", "/name"),
        ({**NEW, "organizationNumber": "212000-0168"}, "field.invalid", "/organizationNumber"),
    ],
)
def test_bad_bodies_are_named_and_never_echoed(world: World, body: dict[str, str], code: str, pointer: str) -> None:
    response = world.client(Role.SYSTEM_ADMINISTRATOR).post("/partners", body)
    assert response.status_code == 422
    assert [(error["code"], error["pointer"]) for error in response.json()["errors"]] == [(code, pointer)]
    assert "0168" not in response.text


def test_own_partner_is_changed_with_the_version_read(world: World) -> None:
    partner = world.partner()
    administrator = world.client(Role.PARTNER_ADMINISTRATOR, partner)
    path = f"/partners/{partner}"
    seen = administrator.get(path).headers["ETag"]

    assert administrator.call("PATCH", path, json={"website": "https://a.example"}).status_code == 428
    changed = administrator.patch(path, {"website": "https://a.example"})
    assert (changed.status_code, changed.json()["website"]) == (200, "https://a.example")
    stale = administrator.patch(path, {"website": "https://b.example"}, headers={"If-Match": seen})
    assert (stale.status_code, stale.json()["code"]) == (412, "resource.changed_meanwhile")


def test_another_partner_may_not_change_it(world: World) -> None:
    partner, other = world.partner(), world.partner()
    response = world.client(Role.PARTNER_ADMINISTRATOR, other).patch(f"/partners/{partner}", {"website": None})
    assert response.status_code == 403


def test_a_retry_with_the_same_key_creates_once(world: World) -> None:
    administrator = world.client(Role.SYSTEM_ADMINISTRATOR)
    key = {"Idempotency-Key": "k1"}
    body = {"name": "Påhittade bolaget", "sector": "business"}
    first, second = (administrator.post("/partners", body, headers=key) for _ in range(2))
    assert first.json() == second.json()
    assert second.headers["idempotency-replayed"] == "true"
    other = administrator.post("/partners", {**body, "name": "Annat"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency.key_reused")


def test_members_are_listed_page_by_page(world: World) -> None:
    umbrella, first, second = world.partner(), world.partner("Påhittat A"), world.partner("Påhittat B")
    administrator = world.client(Role.PARTNER_ADMINISTRATOR, umbrella)
    for member in (first, second):
        administrator.made(f"/partners/{umbrella}/members", {"memberId": str(member)})

    page = administrator.get(f"/partners/{umbrella}/members?limit=1&page=2")
    assert [item["id"] for item in page.json()["items"]] == [str(second)]
    assert page.json()["meta"]["totalCount"] == 2
    assert 'rel="prev"' in page.headers["link"]
    itself = administrator.post(f"/partners/{umbrella}/members", {"memberId": str(umbrella)})
    assert (itself.status_code, itself.json()["code"]) == (422, "partner.member_of_itself")


def test_partners_are_filtered_by_sector(world: World) -> None:
    business = world.partner("Påhittat bolag", Sector.BUSINESS)
    found = world.client(Role.EVALUATOR).get("/partners?sector=business&limit=200").json()["items"]
    assert str(business) in [item["id"] for item in found]
    assert {item["sector"] for item in found} == {"business"}


def test_an_unknown_member_is_refused(world: World) -> None:
    umbrella = world.partner()
    administrator = world.client(Role.PARTNER_ADMINISTRATOR, umbrella)
    body = {"memberId": "0199c0de-0000-7000-8000-000000000000"}
    refused = administrator.post(f"/partners/{umbrella}/members", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "partner.unknown")
    assert refused.json()["errors"][0]["pointer"] == "/memberId"
