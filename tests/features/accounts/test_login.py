"""Do people get in, stay in and get out as promised, and nobody else?"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

from app.domain.roles import Role
from tests.world import Client, World

PASSWORD = "en riktigt lång fras"


def invited(world: World, role: str = "coordinator") -> tuple[UUID, dict[str, str]]:
    partner = world.partner()
    administrator = world.client(Role.PARTNER_ADMINISTRATOR, partner)
    email = f"kollega{world.number()}@example.org"
    body = {"name": "Påhittad Kollega", "email": email, "role": role}
    return partner, administrator.made(f"/partners/{partner}/users", body)


def logged_in(world: World) -> dict[str, str]:
    _, user = invited(world)
    body = {"invitationToken": user["invitationToken"], "password": PASSWORD}
    assert world.anonymous.post("/auth/passwords", body).status_code == 204
    tokens: dict[str, str] = world.anonymous.made(
        "/auth/sessions", {"email": user["email"].upper(), "password": PASSWORD}
    )
    return tokens


def holding(world: World, token: str) -> Client:
    return Client(world.portal, world.http, lambda: token)


def test_invitation_password_login(world: World) -> None:
    tokens = logged_in(world)
    me = holding(world, tokens["accessToken"]).get("/me").json()
    assert (me["name"], me["role"]) == ("Påhittad Kollega", "coordinator")


def test_an_invitation_works_once_and_not_for_ever(world: World) -> None:
    _, user = invited(world)
    body = {"invitationToken": user["invitationToken"], "password": PASSWORD}
    assert world.anonymous.post("/auth/passwords", body).status_code == 204
    again = world.anonymous.post("/auth/passwords", body)
    assert (again.status_code, again.json()["code"]) == (422, "auth.invitation_invalid")

    _, late = invited(world)
    world.clock.advance(timedelta(days=8))
    body = {"invitationToken": late["invitationToken"], "password": PASSWORD}
    assert world.anonymous.post("/auth/passwords", body).json()["code"] == "auth.invitation_invalid"


def test_a_weak_password_leaves_the_invitation_usable(world: World) -> None:
    _, user = invited(world)
    weak = world.anonymous.post(
        "/auth/passwords", {"invitationToken": user["invitationToken"], "password": "aaaaaaaaaaaaaaa"}
    )
    assert (weak.status_code, weak.json()["code"]) == (422, "auth.password_weak")
    body = {"invitationToken": user["invitationToken"], "password": PASSWORD}
    assert world.anonymous.post("/auth/passwords", body).status_code == 204


def test_wrong_password_unknown_address_and_locked_account_answer_alike(world: World) -> None:
    partner, user = invited(world)
    world.anonymous.post("/auth/passwords", {"invitationToken": user["invitationToken"], "password": PASSWORD})
    administrator = world.client(Role.PARTNER_ADMINISTRATOR, partner)
    answers = [
        world.anonymous.post("/auth/sessions", {"email": user["email"], "password": "fel fras, fel fras"}),
        world.anonymous.post("/auth/sessions", {"email": "okand@example.org", "password": PASSWORD}),
    ]
    assert administrator.patch(f"/users/{user['id']}", {"isLocked": True}).status_code == 200
    answers.append(world.anonymous.post("/auth/sessions", {"email": user["email"], "password": PASSWORD}))
    seen = {(a.status_code, a.json()["code"], a.json()["title"], tuple(a.json()["errors"])) for a in answers}
    assert seen == {(401, "auth.login_failed", "E-mail or password is wrong, or the account is locked.", ())}


def test_locking_ends_access_at_the_next_request(world: World) -> None:
    partner, user = invited(world)
    world.anonymous.post("/auth/passwords", {"invitationToken": user["invitationToken"], "password": PASSWORD})
    tokens = world.anonymous.made("/auth/sessions", {"email": user["email"], "password": PASSWORD})
    client = holding(world, tokens["accessToken"])
    assert client.get("/me").status_code == 200
    world.client(Role.PARTNER_ADMINISTRATOR, partner).patch(f"/users/{user['id']}", {"isLocked": True})
    refused = client.get("/me")
    assert (refused.status_code, refused.json()["code"]) == (401, "auth.token_stale")
    assert world.anonymous.post("/auth/tokens", {"refreshToken": tokens["refreshToken"]}).status_code == 401


def test_logging_out_ends_both_tokens(world: World) -> None:
    tokens = logged_in(world)
    client = holding(world, tokens["accessToken"])
    assert client.get("/me/sessions").json()["meta"]["totalCount"] == 1
    assert client.call("DELETE", f"/me/sessions/{tokens['sessionId']}").status_code == 204
    assert client.get("/me").status_code == 401
    assert world.anonymous.post("/auth/tokens", {"refreshToken": tokens["refreshToken"]}).status_code == 401


def test_an_access_token_dies_after_ten_minutes_and_is_renewed(world: World) -> None:
    tokens = logged_in(world)
    world.clock.advance(timedelta(minutes=10))
    assert holding(world, tokens["accessToken"]).get("/me").json()["code"] == "auth.token_invalid"
    renewed = world.anonymous.made("/auth/tokens", {"refreshToken": tokens["refreshToken"]}, status=200)
    assert holding(world, renewed["accessToken"]).get("/me").status_code == 200


def test_reusing_a_refresh_token_ends_the_whole_family(world: World) -> None:
    tokens = logged_in(world)
    first = world.anonymous.made("/auth/tokens", {"refreshToken": tokens["refreshToken"]}, status=200)
    second = world.anonymous.made("/auth/tokens", {"refreshToken": first["refreshToken"]}, status=200)
    stolen = world.anonymous.post("/auth/tokens", {"refreshToken": tokens["refreshToken"]})
    assert (stolen.status_code, stolen.json()["code"]) == (401, "auth.refresh_invalid")
    assert world.anonymous.post("/auth/tokens", {"refreshToken": second["refreshToken"]}).status_code == 401
    assert holding(world, second["accessToken"]).get("/me").status_code == 401


def test_a_lost_answer_may_be_fetched_once_more_within_ten_seconds(world: World) -> None:
    tokens = logged_in(world)
    lost = world.anonymous.made("/auth/tokens", {"refreshToken": tokens["refreshToken"]}, status=200)
    world.clock.advance(timedelta(seconds=9))
    again = world.anonymous.made("/auth/tokens", {"refreshToken": tokens["refreshToken"]}, status=200)
    assert again["refreshToken"] != lost["refreshToken"]
    assert world.anonymous.post("/auth/tokens", {"refreshToken": lost["refreshToken"]}).status_code == 401


def test_of_many_presenters_at_once_at_most_one_live_successor_remains(world: World) -> None:
    tokens = logged_in(world)
    body = {"refreshToken": tokens["refreshToken"]}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: world.anonymous.post("/auth/tokens", body), range(8)))
    assert {answer.status_code for answer in answers} <= {200, 401}
    successors = [answer.json()["refreshToken"] for answer in answers if answer.status_code == 200]
    assert successors
    world.clock.advance(timedelta(seconds=30))
    alive = [
        one for one in successors if world.anonymous.post("/auth/tokens", {"refreshToken": one}).status_code == 200
    ]
    assert len(alive) <= 1


def test_an_unknown_refresh_token_and_an_unknown_session_are_refused(world: World) -> None:
    unknown = world.anonymous.post("/auth/tokens", {"refreshToken": "mrt_okänd"})
    assert (unknown.status_code, unknown.json()["code"]) == (401, "auth.refresh_invalid")
    client = holding(world, logged_in(world)["accessToken"])
    missing = client.call("DELETE", "/me/sessions/0199c0de-0000-7000-8000-000000000000")
    assert (missing.status_code, missing.json()["code"]) == (404, "resource.not_found")


def test_a_locked_user_renews_nothing_even_with_a_live_session(world: World) -> None:
    partner, user = invited(world)
    world.anonymous.post("/auth/passwords", {"invitationToken": user["invitationToken"], "password": PASSWORD})
    tokens = world.anonymous.made("/auth/sessions", {"email": user["email"], "password": PASSWORD})
    administrator = world.client(Role.PARTNER_ADMINISTRATOR, partner)
    administrator.patch(f"/users/{user['id']}", {"isLocked": True})
    assert world.anonymous.post("/auth/tokens", {"refreshToken": tokens["refreshToken"]}).status_code == 401
    assert administrator.patch(f"/users/{user['id']}", {"isLocked": False}).json()["isLocked"] is False
