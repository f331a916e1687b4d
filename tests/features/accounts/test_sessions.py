"""How long does a login last, how many are there, and what ends them all?"""

from datetime import timedelta

import pytest

from tests.features.accounts.people import PASSWORD, WRONG, Person, code_of_problem
from tests.world import Client, World


def holding(world: World, token: str) -> Client:
    return Client(world.portal, world.http, lambda: token)


def renewed(world: World, tokens: dict[str, str]) -> int:
    return world.anonymous.post("/auth/tokens", {"refreshToken": tokens["refreshToken"]}).status_code


@pytest.mark.parametrize(("minutes", "status"), [(59, 200), (60, 401)])
def test_staff_may_rest_for_an_hour(world: World, minutes: int, status: int) -> None:
    tokens = Person.joins(world).comes_in()
    world.clock.advance(timedelta(minutes=minutes))
    assert renewed(world, tokens) == status


def test_a_login_of_staff_ends_after_twelve_hours_however_busy(world: World) -> None:
    tokens = Person.joins(world).comes_in()
    for _ in range(14):
        world.clock.advance(timedelta(minutes=50))
        tokens = world.anonymous.made("/auth/tokens", {"refreshToken": tokens["refreshToken"]}, status=200)
    world.clock.advance(timedelta(minutes=20))
    assert renewed(world, tokens) == 401


def test_the_lifetimes_are_settings(database_url: str) -> None:
    with World.open(database_url, staff_idle_minutes=5, sessions_per_user=2) as world:
        world.counter = 1000
        person = Person.joins(world)
        tokens = person.comes_in()
        world.clock.advance(timedelta(minutes=5))
        assert renewed(world, tokens) == 401
        kept = [person.comes_in() for _ in range(3)]
        assert [holding(world, one["accessToken"]).get("/me").status_code for one in kept] == [401, 200, 200]


def test_the_eleventh_login_ends_the_first(world: World) -> None:
    person = Person.joins(world)
    logins = [person.comes_in() for _ in range(11)]
    statuses = [holding(world, one["accessToken"]).get("/me").status_code for one in logins]
    assert statuses == [401] + [200] * 10
    assert renewed(world, logins[0]) == 401
    assert renewed(world, logins[1]) == 200


def test_a_login_is_ended_by_its_owner_alone(world: World) -> None:
    person, other = Person.joins(world), Person.joins(world)
    tokens, mine = person.comes_in(), person.client()
    path = f"/me/sessions/{tokens['sessionId']}"
    assert other.client().call("DELETE", path).status_code == 404
    assert holding(world, tokens["accessToken"]).get("/me").status_code == 200
    assert mine.call("DELETE", path).status_code == 204
    assert holding(world, tokens["accessToken"]).get("/me").status_code == 401
    assert mine.get("/me").status_code == 200


def test_locking_ends_every_login_for_good(world: World) -> None:
    person = Person.joins(world)
    logins = [person.comes_in() for _ in range(3)]
    user = f"/users/{person.id}"
    person.administrator.patch(user, {"isLocked": True})
    assert [holding(world, one["accessToken"]).get("/me").status_code for one in logins] == [401] * 3
    assert code_of_problem(person.administrator.post(f"{user}/invitations")) == (409, "user.is_locked")
    person.administrator.patch(user, {"isLocked": False})
    assert [renewed(world, one) for one in logins] == [401] * 3
    assert person.tries().status_code == 201


def test_another_password_ends_every_login(world: World) -> None:
    person = Person.joins(world)
    tokens = person.comes_in()
    token = person.reset()
    assert holding(world, tokens["accessToken"]).get("/me").status_code == 200, "until it is used"
    assert person.tries().status_code == 201
    assert world.anonymous.post("/auth/passwords", {"invitationToken": token, "password": WRONG}).status_code == 204
    assert holding(world, tokens["accessToken"]).get("/me").status_code == 401
    assert renewed(world, tokens) == 401
    assert code_of_problem(person.tries(PASSWORD)) == (401, "auth.login_failed")
    assert person.tries(WRONG).status_code == 201


def test_an_invitation_to_change_the_password_lasts_a_day(world: World) -> None:
    person = Person.joins(world)
    token = person.reset()
    world.clock.advance(timedelta(hours=24))
    late = world.anonymous.post("/auth/passwords", {"invitationToken": token, "password": WRONG})
    assert code_of_problem(late) == (422, "auth.invitation_invalid")
