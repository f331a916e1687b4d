"""Does a person get a login of their own, once, from whoever holds them, and reach only themself with it?"""

from typing import Any

from app.domain.roles import Role
from tests.world import Client, World

PASSWORD = "en riktigt lång fras"
PERSON = {"givenName": "Påhittad", "familyName": "Person", "bornOn": "1980-05-17", "gender": "female"}


def held(world: World, **over: Any) -> tuple[Client, dict[str, Any]]:
    partner = world.partner()
    handler = world.client(Role.CASE_HANDLER, partner)
    email = f"person{world.number()}@example.org"
    return handler, handler.made(f"/partners/{partner}/participants", {**PERSON, "email": email, **over})


def test_an_invited_person_sees_themself_and_nobody_else(world: World) -> None:
    handler, person = held(world)
    _, somebody_else = held(world)
    colleague = handler.made(f"/partners/{person['partnerId']}/participants", PERSON)
    invited = handler.made(f"/participants/{person['id']}/login", {"side": "mentee"})
    assert (invited["role"], invited["partnerId"]) == ("mentee", person["partnerId"])
    world.anonymous.post("/auth/passwords", {"invitationToken": invited["invitationToken"], "password": PASSWORD})
    tokens = world.anonymous.made("/auth/sessions", {"email": person["email"], "password": PASSWORD})
    me = Client(world.portal, world.http, lambda: tokens["accessToken"])

    assert me.get("/me").json()["participantIds"] == [person["id"]]
    assert [one["id"] for one in me.get("/participants").json()["items"]] == [person["id"]]
    assert me.get(f"/participants/{person['id']}").status_code == 200
    for other in (somebody_else, colleague):
        assert me.get(f"/participants/{other['id']}").status_code == 404


def test_a_login_is_given_once(world: World) -> None:
    handler, person = held(world)
    path = f"/participants/{person['id']}/login"
    first, second = (handler.made(path, {"side": "mentor"}) for _ in range(2))
    assert first["id"] == second["id"], "invited again, as long as nobody has chosen a password"
    other = handler.post(path, {"side": "mentee"})
    assert (other.status_code, other.json()["code"]) == (409, "participant.has_login")
    used = [
        world.anonymous.post("/auth/passwords", {"invitationToken": one["invitationToken"], "password": PASSWORD})
        for one in (first, second)
    ]
    assert [one.status_code for one in used] == [422, 204]
    again = handler.post(path, {"side": "mentor"})
    assert (again.status_code, again.json()["code"]) == (409, "participant.has_login")


def test_a_login_needs_an_address(world: World) -> None:
    handler, person = held(world, email=None)
    refused = handler.post(f"/participants/{person['id']}/login", {"side": "mentor"})
    assert (refused.status_code, refused.json()["code"]) == (409, "participant.email_missing")


def test_another_partner_gives_no_login(world: World) -> None:
    _, person = held(world)
    stranger = world.client(Role.CASE_HANDLER, world.partner())
    assert stranger.post(f"/participants/{person['id']}/login", {"side": "mentor"}).status_code == 404
