"""Is the second step asked for, each code taken once, and is there a way back for whoever has lost the app?"""

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.domain.roles import Role
from tests.features.accounts.people import PASSWORD, WRONG, Person, code_of_problem
from tests.world import Client, World

REQUIRED, INVALID = (401, "auth.totp_required"), (401, "auth.totp_invalid")
SHORT = "nio ormar"


def enrol(person: Person) -> Client:
    """Give somebody an app; answers who they are then."""
    me = person.client()
    shown = me.made("/me/totp", {"password": PASSWORD})
    person.secret = base64.b32decode(shown["secret"])
    person.recovery_codes = me.made("/me/totp/confirmation", {"code": person.code()})["recoveryCodes"]
    return me


def test_the_app_is_confirmed_before_it_counts(world: World) -> None:
    person = Person.joins(world)
    me = person.client()
    shown = me.made("/me/totp", {"password": PASSWORD})
    assert shown["address"].startswith("otpauth://totp/Mentorskap:kollega")
    assert f"secret={shown['secret']}" in shown["address"]
    assert me.get("/me/totp").json() == {"enabledAt": None, "recoveryCodesLeft": 0}
    assert person.tries().status_code == 201, "nobody is locked out by an app that does not work"

    other = me.made("/me/totp", {"password": PASSWORD})
    person.secret = base64.b32decode(shown["secret"])
    assert code_of_problem(me.post("/me/totp/confirmation", {"code": person.code()})) == (422, "totp.code_wrong")
    person.secret = base64.b32decode(other["secret"])
    codes = me.made("/me/totp/confirmation", {"code": person.code()})["recoveryCodes"]
    assert len(set(codes)) == 10
    assert me.get("/me/totp").json()["recoveryCodesLeft"] == 10
    assert me.get("/me/totp").json()["enabledAt"] is not None
    assert code_of_problem(me.post("/me/totp/confirmation", {"code": person.next_code()})) == (409, "totp.enabled")
    assert code_of_problem(me.post("/me/totp", {"password": PASSWORD})) == (409, "totp.enabled")


def test_the_secret_is_kept_sealed(world: World) -> None:
    person = Person.joins(world)
    enrol(person)
    with world.engine.connect() as connection:
        row = connection.execute(text("select * from user_account where id = :id"), {"id": person.id}).mappings().one()
        codes = connection.scalar(text("select string_agg(c::text, ' ') from recovery_code c")) or ""
    assert len(row["totp_secret"]) > 60
    for shown in (base64.b32encode(person.secret).decode(), person.secret.hex()):
        assert shown not in str(dict(row))
    assert not any(code in codes for code in person.recovery_codes)


def test_a_code_is_asked_for_and_counts_once(world: World) -> None:
    person = Person.joins(world)
    enrol(person)
    assert code_of_problem(person.tries()) == REQUIRED
    assert code_of_problem(person.tries(WRONG)) == (401, "auth.login_failed")
    assert code_of_problem(person.tries(totpCode=person.code())) == INVALID, "used for the confirmation"
    code = person.next_code()
    assert code_of_problem(person.tries(WRONG, totpCode=code)) == (401, "auth.login_failed")
    tokens = person.comes_in(totpCode=code)
    assert code_of_problem(person.tries(totpCode=code)) == INVALID
    assert code_of_problem(person.tries(totpCode=person.code(-1))) == INVALID, "older than one that was used"
    claims = world.runtime.verifier.verify(tokens["accessToken"], world.clock())
    assert claims.amr == ("pwd", "otp")
    renewed = world.anonymous.made("/auth/tokens", {"refreshToken": tokens["refreshToken"]}, status=200)
    assert world.runtime.verifier.verify(renewed["accessToken"], world.clock()).amr == ("pwd", "otp")
    me = Client(world.portal, world.http, lambda: renewed["accessToken"])
    assert me.get("/me/sessions").json()["items"][-1]["methods"] == ["pwd", "otp"]


@pytest.mark.parametrize("code", ["12345", "1234567", "abcdef", "", "１２３４５６"])
def test_what_is_no_code_is_refused_by_its_form(world: World, code: str) -> None:
    refused = world.anonymous.post("/auth/sessions", {"email": "x@example.org", "password": WRONG, "totpCode": code})
    assert code_of_problem(refused) == (422, "request.invalid")


def test_recovery_codes_work_once_in_any_spelling(world: World) -> None:
    person, other = Person.joins(world), Person.joins(world)
    me, _ = enrol(person), enrol(other)
    first, second = person.recovery_codes[:2]
    assert code_of_problem(other.tries(recoveryCode=first)) == INVALID, "somebody else's"
    person.comes_in(recoveryCode=first)
    assert code_of_problem(person.tries(recoveryCode=first)) == INVALID
    person.comes_in(recoveryCode=second.upper().replace("-", " "))
    assert me.get("/me/totp").json()["recoveryCodesLeft"] == 8


def test_taking_the_app_away_needs_password_and_code(world: World) -> None:
    person = Person.joins(world)
    assert code_of_problem(person.client().post("/me/totp/removal", {"password": PASSWORD, "code": "000000"})) == (
        409,
        "totp.not_enrolled",
    )
    me = enrol(person)
    path = "/me/totp/removal"
    for body, expected in (
        ({"password": WRONG, "code": person.next_code()}, (422, "totp.password_wrong")),
        ({"password": PASSWORD, "code": "000000"}, (422, "totp.code_wrong")),
        ({"password": PASSWORD, "recoveryCode": "aaaa-aaaa-aaaa-aaaa"}, (422, "totp.code_wrong")),
        ({"password": PASSWORD}, (422, "request.invalid")),
        ({"password": PASSWORD, "code": "000000", "recoveryCode": "aaaa-aaaa-aaaa-aaaa"}, (422, "request.invalid")),
    ):
        assert code_of_problem(me.post(path, body)) == expected
    assert code_of_problem(person.tries()) == REQUIRED
    assert me.post(path, {"password": PASSWORD, "recoveryCode": person.recovery_codes[0]}).status_code == 200
    assert person.tries().status_code == 201
    assert me.get("/me/totp").json() == {"enabledAt": None, "recoveryCodesLeft": 0}


def test_with_an_app_the_password_may_be_shorter_and_not_outlive_it(world: World) -> None:
    person = Person.joins(world)
    weak = world.anonymous.post("/auth/passwords", {"invitationToken": person.reset(), "password": SHORT})
    assert code_of_problem(weak) == (422, "auth.password_weak")
    enrol(person)
    chosen = {"invitationToken": person.reset(), "password": SHORT}
    assert world.anonymous.post("/auth/passwords", chosen).status_code == 204
    me = person.client(password=SHORT, totpCode=person.next_code())
    kept = me.post("/me/totp/removal", {"password": SHORT, "code": person.next_code()})
    assert code_of_problem(kept) == (422, "auth.password_weak")
    assert code_of_problem(person.tries(SHORT)) == REQUIRED
    too_short = {"invitationToken": person.reset(), "password": "sju tkn"}
    assert code_of_problem(world.anonymous.post("/auth/passwords", too_short)) == (422, "auth.password_weak")


def test_a_lost_app_is_taken_away_with_the_password_and_all_logins(world: World) -> None:
    person = Person.joins(world)
    me = enrol(person)
    path = f"/users/{person.id}"
    tag = {"If-Match": person.administrator.get(path).headers["ETag"]}
    assert person.administrator.get(path).json()["totpSince"] is not None
    assert person.administrator.call("DELETE", f"{path}/totp", headers=tag).status_code == 204
    assert person.administrator.get(path).json()["totpSince"] is None
    assert me.get("/me").status_code == 401
    assert code_of_problem(person.tries()) == (401, "auth.login_failed")
    chosen = {"invitationToken": person.reset(), "password": WRONG}
    assert world.anonymous.post("/auth/passwords", chosen).status_code == 204
    assert person.tries(WRONG).status_code == 201
    tag = {"If-Match": person.administrator.get(path).headers["ETag"]}
    again = person.administrator.call("DELETE", f"{path}/totp", headers=tag)
    assert code_of_problem(again) == (409, "totp.not_enrolled")
    own = person.administrator.get("/me").json()["id"]
    tag = {"If-Match": person.administrator.get(f"/users/{own}").headers["ETag"]}
    refused = person.administrator.call("DELETE", f"/users/{own}/totp", headers=tag)
    assert code_of_problem(refused) == (409, "user.self_lock")


def test_another_partners_administrator_does_not_even_see_the_user(world: World) -> None:
    person = Person.joins(world)
    stranger = world.client(Role.PARTNER_ADMINISTRATOR, world.partner())
    for method, path in (("DELETE", "totp"), ("POST", "invitations"), ("GET", "identities"), ("POST", "keys")):
        answered = stranger.call(method, f"/users/{person.id}/{path}", headers={"If-Match": "*"})
        assert answered.status_code == 404, path


def test_wrong_codes_are_counted_as_wrong_passwords_are(database_url: str) -> None:
    limits: dict[str, Any] = {"login_attempts_per_minute": 5}
    with World.open(database_url, **limits) as world:
        world.counter = 1000
        person = Person.joins(world)
        me = enrol(person)
        world.clock.advance(timedelta(minutes=1))
        assert {code_of_problem(person.tries()) for _ in range(20)} == {REQUIRED}, "no guess was made"
        assert [code_of_problem(person.tries(totpCode="000000")) for _ in range(6)] == [INVALID] * 5 + [
            (429, "auth.too_many_attempts")
        ]
        removal = {"password": PASSWORD, "code": "000000"}
        assert [me.post("/me/totp/removal", removal).status_code for _ in range(6)] == [422] * 5 + [429]
        world.clock.advance(timedelta(minutes=1))
        person.comes_in(totpCode=person.code())


def test_a_partner_may_demand_the_app_of_a_role(world: World) -> None:
    person = Person.joins(world, "caseHandler")
    path, partner = f"/partners/{person.partner}", person.administrator
    me = person.client()
    people = f"{path}/participants"
    assert me.get("/participants").status_code == 200
    changed = partner.patch(path, {"totpRoles": ["coordinator", "caseHandler", "caseHandler"]})
    assert changed.json()["totpRoles"] == ["caseHandler", "coordinator"]
    for response in (me.get("/participants"), me.post(people, {}), me.get("/partners")):
        assert code_of_problem(response) == (403, "auth.totp_demanded"), "from the next request"
    assert me.get("/me").status_code == 200
    assert me.get("/me/sessions").status_code == 200
    enrol(person)
    assert me.get("/participants").status_code == 403, "this login was without a code"
    assert person.client(totpCode=person.next_code()).get("/participants").status_code == 200
    assert partner.get("/partners").status_code == 200, "of other roles nothing is demanded"
    elsewhere = Person.joins(world, "caseHandler")
    assert elsewhere.client().get("/participants").status_code == 200, "nor of other partners"
    assert partner.patch(path, {"totpRoles": []}).json()["totpRoles"] == []
    assert me.get("/participants").status_code == 200


@pytest.mark.parametrize("roles", [None, ["service"], ["systemAdministrator"], ["okänd"], "caseHandler"])
def test_only_roles_of_people_are_demanded_of(world: World, roles: Any) -> None:
    person = Person.joins(world)
    refused = person.administrator.patch(f"/partners/{person.partner}", {"totpRoles": roles})
    assert code_of_problem(refused) == (422, "request.invalid")


def test_one_code_and_one_recovery_code_let_one_of_many_in(world: World) -> None:
    person = Person.joins(world)
    enrol(person)
    for proof in ({"totpCode": person.next_code()}, {"recoveryCode": person.recovery_codes[0]}):
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda one: person.tries(**one).status_code, [proof] * 8))
        assert sorted(answers) == [201] + [401] * 7
