"""Who may invite whom, and what can a partner's own system do?"""

import base64

import httpx
import pytest

from app.domain.roles import Role
from tests.world import Client, World

PASSWORD = "en riktigt lång fras"


def test_the_system_administrator_invites_a_partners_first_administrator(world: World) -> None:
    partner = world.partner()
    body = {"name": "Påhittad Administratör", "email": "forsta@example.org"}
    made = world.client(Role.SYSTEM_ADMINISTRATOR).made(f"/partners/{partner}/administrators", body)
    assert (made["role"], made["partnerId"]) == ("partnerAdministrator", str(partner))
    chosen = {"invitationToken": made["invitationToken"], "password": PASSWORD}
    assert world.anonymous.post("/auth/passwords", chosen).status_code == 204
    again = world.client(Role.SYSTEM_ADMINISTRATOR).post(f"/partners/{partner}/administrators", body)
    assert (again.status_code, again.json()["code"]) == (409, "user.email_taken")


def test_whoever_has_not_come_yet_is_invited_again_and_the_first_token_is_worthless(world: World) -> None:
    partner, other = world.partner(), world.partner()
    administrator = world.client(Role.PARTNER_ADMINISTRATOR, partner)
    body = {"name": "Påhittad", "email": "Igen@example.org", "role": "coordinator"}
    first, second = (administrator.made(f"/partners/{partner}/users", body) for _ in range(2))
    assert first["id"] == second["id"]
    refused: list[tuple[Client, str, dict[str, str]]] = [
        (administrator, f"/partners/{partner}/users", {**body, "role": "evaluator"}),
        (world.client(Role.PARTNER_ADMINISTRATOR, other), f"/partners/{other}/users", body),
    ]
    for client, path, asked in refused:
        answered = client.post(path, asked)
        assert (answered.status_code, answered.json()["code"]) == (409, "user.email_taken")
    statuses = [
        world.anonymous.post("/auth/passwords", {"invitationToken": one["invitationToken"], "password": PASSWORD})
        for one in (first, second)
    ]
    assert [one.status_code for one in statuses] == [422, 204]
    locked = administrator.made(f"/partners/{partner}/users", {**body, "email": "last@example.org"})
    administrator.patch(f"/users/{locked['id']}", {"isLocked": True})
    assert administrator.post(f"/partners/{partner}/users", {**body, "email": "last@example.org"}).status_code == 409


@pytest.mark.parametrize("role", ["systemAdministrator", "service", "mentor"])
def test_a_partners_administrator_cannot_hand_out_every_role(world: World, role: str) -> None:
    partner = world.partner()
    response = world.client(Role.PARTNER_ADMINISTRATOR, partner).post(
        f"/partners/{partner}/users", {"name": "Påhittad", "email": f"{role}@example.org", "role": role}
    )
    assert (response.status_code, response.json()["code"]) == (422, "user.role_not_assignable")


def test_another_partners_users_are_out_of_reach(world: World) -> None:
    partner, other = world.partner(), world.partner()
    stranger = world.client(Role.PARTNER_ADMINISTRATOR, other)
    body = {"name": "Påhittad", "email": "x@example.org", "role": "coordinator"}
    assert stranger.post(f"/partners/{partner}/users", body).status_code == 403
    made = world.client(Role.PARTNER_ADMINISTRATOR, partner).made(f"/partners/{partner}/users", body)
    assert stranger.get(f"/users/{made['id']}").status_code == 404
    assert stranger.get(f"/partners/{partner}/users").json().get("items", []) == []
    own = world.client(Role.PARTNER_ADMINISTRATOR, partner).get(f"/partners/{partner}/users").json()
    assert "x@example.org" in [user["email"] for user in own["items"]]


def test_nobody_locks_themself_out(world: World) -> None:
    partner = world.partner()
    administrator = world.client(Role.PARTNER_ADMINISTRATOR, partner)
    me = administrator.get("/me").json()["id"]
    response = administrator.patch(f"/users/{me}", {"isLocked": True})
    assert (response.status_code, response.json()["code"]) == (409, "user.self_lock")


def token_for(world: World, form: dict[str, str], headers: dict[str, str] | None = None) -> httpx.Response:
    return world.anonymous.call("POST", "//root/oauth/token", data=form, headers=headers or {})


def test_a_service_account_gets_a_token_and_is_held_by_its_scopes(world: World) -> None:
    partner = world.partner()
    administrator = world.client(Role.PARTNER_ADMINISTRATOR, partner)
    account = administrator.made(
        f"/partners/{partner}/service-accounts", {"name": "Påhittat system", "scopes": ["me:read", "partner:read"]}
    )
    form = {
        "grant_type": "client_credentials",
        "client_id": account["clientId"],
        "client_secret": account["clientSecret"],
    }
    token = token_for(world, form).json()
    assert token["scope"] == "me:read partner:read"
    client = Client(world.portal, world.http, lambda: token["access_token"])
    assert client.get("/me").json()["role"] == "service"
    assert client.get("/programs").json()["code"] == "access.role_not_permitted"

    narrowed = token_for(world, {**form, "scope": "me:read"}).json()
    narrow = Client(world.portal, world.http, lambda: narrowed["access_token"])
    assert narrow.get("/partners").status_code == 403


def test_wrong_client_credentials_are_refused_as_oauth_says(world: World) -> None:
    partner = world.partner()
    administrator = world.client(Role.PARTNER_ADMINISTRATOR, partner)
    account = administrator.made(
        f"/partners/{partner}/service-accounts", {"name": "Påhittat system", "scopes": ["me:read"]}
    )
    form = {
        "grant_type": "client_credentials",
        "client_id": account["clientId"],
        "client_secret": account["clientSecret"],
    }
    assert token_for(world, {**form, "client_secret": "mss_fel"}).json() == {"error": "invalid_client"}
    assert token_for(world, {**form, "client_id": "inte ett id"}).json() == {"error": "invalid_client"}
    assert token_for(world, {**form, "grant_type": "password"}).json() == {"error": "unsupported_grant_type"}
    assert token_for(world, {**form, "scope": "program:read"}).json() == {"error": "invalid_scope"}
    basic = base64.b64encode(f"{account['clientId']}:{account['clientSecret']}".encode()).decode()
    by_header = token_for(world, {"grant_type": "client_credentials"}, {"Authorization": f"Basic {basic}"})
    assert by_header.status_code == 200
    broken = token_for(world, {"grant_type": "client_credentials"}, {"Authorization": "Basic ???"})
    assert (broken.status_code, broken.json()) == (401, {"error": "invalid_client"})


def test_at_most_two_secrets_are_valid(world: World) -> None:
    partner = world.partner()
    administrator = world.client(Role.PARTNER_ADMINISTRATOR, partner)
    account = administrator.made(
        f"/partners/{partner}/service-accounts", {"name": "Påhittat system", "scopes": ["me:read"]}
    )
    path = f"/users/{account['clientId']}/secrets"
    second = administrator.made(path)
    assert second["clientSecret"] != account["clientSecret"]
    third = administrator.post(path)
    assert (third.status_code, third.json()["code"]) == (409, "service_secret.too_many")


def test_only_service_accounts_have_secrets(world: World) -> None:
    partner = world.partner()
    administrator = world.client(Role.PARTNER_ADMINISTRATOR, partner)
    me = administrator.get("/me").json()["id"]
    response = administrator.post(f"/users/{me}/secrets")
    assert (response.status_code, response.json()["code"]) == (409, "user.not_a_service")
