"""Does every read of personal data, every write and every refusal leave exactly one record, in the same transaction?"""

import logging
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, text
from sqlmodel import Session, col, select

from app.domain.glossary import Concealing
from app.domain.lifecycles import ClearanceStatus
from app.domain.roles import Role
from app.features.access.tables import AccessRecord, Concealment, UserAccount
from app.features.protection.tables import Clearance
from tests.features.enrolments.scene import Scene, set_scene
from tests.world import Client, World


@pytest.fixture(scope="module")
def scene(world: World) -> Scene:
    return set_scene(world)


@pytest.fixture
def trace() -> str:
    return uuid4().hex


def asked(client: Client, method: str, path: str, trace: str, **sent: Any) -> int:
    headers = {**sent.pop("headers", {}), "traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
    return client.call(method, path, headers=headers, **sent).status_code


def recorded(world: World, trace: str) -> list[tuple[str, str, int]]:
    with Session(world.engine) as session:
        found = session.exec(select(AccessRecord).where(AccessRecord.trace_id == trace).order_by(col(AccessRecord.id)))
        return [(one.permission, one.decision, len(one.people)) for one in found]


def test_of_each_request_one_row(world: World, scene: Scene) -> None:
    """Reads of people, writes with and without people, and refusals of each kind, by several roles."""
    person = scene.person()
    enrolment = scene.applied(person=person)
    stranger = world.client(Role.CASE_HANDLER, world.partner())
    person_path = f"/participants/{person['id']}"
    tag = scene.recruiter.get(person_path).headers["ETag"]
    partner = world.client(Role.PARTNER_ADMINISTRATOR, scene.recruiter_id)
    cases: list[tuple[Client, str, str, dict[str, Any], int, list[tuple[str, str, int]]]] = [
        (scene.recruiter, "GET", person_path, {}, 200, [("participant:read", "allowed", 1)]),
        (scene.recruiter, "GET", "/participants?limit=1&page=999", {}, 200, [("participant:read", "allowed", 0)]),
        (scene.screener, "GET", enrolment, {}, 200, [("enrolment:read", "allowed", 1)]),
        (scene.recruiter, "PATCH", person_path, {"json": {"phone": None}, "headers": {"If-Match": tag}}, 200,
         [("participant:update", "allowed", 1)]),
        (partner, "PATCH", f"/partners/{scene.recruiter_id}", {"json": {"website": None}, "headers": {"If-Match": "*"}}, 200,
         [("partner:update", "allowed", 0)]),
        (scene.recruiter, "POST", f"{enrolment}/screening", {"json": {"decision": "ready"}}, 403,
         [("enrolment:screen", "refused", 1)]),
        (scene.recruiter, "POST", "/programs", {"json": {}}, 403, [("program:create", "refused", 0)]),
        (stranger, "GET", person_path, {}, 404, [("participant:read", "outOfReach", 0)]),
        (stranger, "GET", f"/participants/{uuid4()}", {}, 404, [("participant:read", "outOfReach", 0)]),
        (stranger, "GET", "/participants/19800517-1234", {}, 404, [("participant:read", "outOfReach", 0)]),
        (scene.recruiter, "GET", "/partners", {}, 200, []),
        (scene.recruiter, "GET", "/participants?name=x", {}, 422, []),
        (scene.recruiter, "POST", f"/partners/{scene.recruiter_id}/participants", {"json": {"givenName": 3}}, 422, []),
        (scene.recruiter, "PATCH", person_path, {"json": {"phone": None}, "headers": {"If-Match": '"0"'}}, 412, []),
        (world.anonymous, "GET", person_path, {}, 401, []),
    ]  # fmt: skip
    for client, method, path, sent, status, expected in cases:
        trace = uuid4().hex
        assert asked(client, method, path, trace, **sent) == status, (method, path)
        assert recorded(world, trace) == expected, (method, path)


def test_of_each_request_of_the_newer_slices_one_row(world: World, scene: Scene) -> None:
    """Imports with their file (its sender is asked twice whether they may), data requests, webhooks and the feed."""
    holder, person = scene.recruiter_id, scene.person()
    handler = world.client(Role.CASE_HANDLER, holder)
    administrator = world.client(Role.PARTNER_ADMINISTRATOR, holder)
    stranger = world.client(Role.CASE_HANDLER, world.partner())
    service = UserAccount(name="Påhittat system", role=Role.SERVICE, partner_id=holder, scopes=["participant:read"])
    world.add(service)
    announced = handler.post(f"/partners/{holder}/imports", {"kind": "participants", "externalSystem": "x"})
    assert announced.status_code == 201, announced.text
    file = f"/imports/{announced.json()['id']}/file"
    csv = {"content": b"externt id;namn\n", "headers": {"Content-Type": "text/csv"}}
    asks = {"json": {"kind": "access"}}
    hook = {"json": {"url": "https://example.org/hook", "serviceAccountId": str(service.id)}}
    cases: list[tuple[Client, str, str, dict[str, Any], int, list[tuple[str, str, int]]]] = [
        (stranger, "PUT", file, csv, 404, [("import:create", "outOfReach", 0)]),
        (administrator, "PUT", file, csv, 403, [("import:create", "refused", 0)]),
        (handler, "PUT", file, csv, 202, [("import:create", "allowed", 0)]),
        (handler, "GET", file.removesuffix("/file") + "/rows", {}, 200, [("import:read", "allowed", 0)]),
        (handler, "POST", f"/participants/{person['id']}/data-requests", asks, 201, [("dataRequest:make", "allowed", 1)]),
        (stranger, "POST", f"/participants/{person['id']}/data-requests", asks, 404, [("dataRequest:make", "outOfReach", 0)]),
        (handler, "GET", f"/participants/{person['id']}/data-requests", {}, 200, [("dataRequest:read", "allowed", 1)]),
        (handler, "GET", f"/partners/{holder}/erasures", {}, 200, []),
        (handler, "POST", f"/partners/{holder}/webhook-subscriptions", hook, 403, [("webhook:write", "refused", 0)]),
        (administrator, "GET", f"/partners/{holder}/webhook-subscriptions", {}, 200, []),
    ]  # fmt: skip
    for client, method, path, sent, status, expected in cases:
        trace = uuid4().hex
        assert asked(client, method, path, trace, **sent) == status, (method, path)
        assert recorded(world, trace) == expected, (method, path)


def test_a_malformed_id_is_not_stored(world: World, scene: Scene, trace: str) -> None:
    asked(scene.recruiter, "GET", "/participants/19800517-1234", trace)
    with Session(world.engine) as session:
        [one] = session.exec(select(AccessRecord).where(AccessRecord.trace_id == trace))
    assert (one.subject, one.subject_id) == ("participant", None)


def test_an_answer_given_again_to_a_retry_is_recorded_again(world: World, scene: Scene, trace: str) -> None:
    me = scene.recruiter
    body = {
        "givenName": "Påhitt", "familyName": "Påhittsson", "bornOn": "1990-02-28", "gender": "female", "municipalityCode": "0182",
    }  # fmt: skip
    path, key = f"/partners/{scene.recruiter_id}/participants", {"Idempotency-Key": uuid4().hex}
    for _ in range(3):
        assert asked(me, "POST", path, trace, json=body, headers=dict(key)) == 201
    assert recorded(world, trace) == [("participant:create", "allowed", 1)] * 3
    with Session(world.engine) as session:
        people = {tuple(one.people) for one in session.exec(select(AccessRecord).where(AccessRecord.trace_id == trace))}
    assert len(people) == 1


@pytest.fixture
def broken(world: World) -> Iterator[Callable[[], None]]:
    """Lets the log refuse to take anything, until the test ends."""
    statement = "alter table access_record add constraint ck_access_record_broken check (false) not valid"

    def breaks() -> None:
        with Session(world.engine) as session:
            session.execute(text(statement))
            session.commit()

    yield breaks
    with Session(world.engine) as session:
        session.execute(text("alter table access_record drop constraint if exists ck_access_record_broken"))
        session.commit()


def test_without_a_record_there_is_no_answer(world: World, scene: Scene, broken: Callable[[], None]) -> None:
    person = scene.person()
    broken()
    answered = scene.recruiter.get(f"/participants/{person['id']}")
    assert answered.status_code >= 400
    assert person["familyName"] not in answered.text
    denied = scene.recruiter.patch(f"/participants/{person['id']}", {"phone": None}, headers={"If-Match": "*"})
    assert denied.status_code >= 400
    with Session(world.engine) as session:
        version = session.scalar(text("select version from participant where id = :id"), {"id": person["id"]})
    assert version == person["version"], "nothing was written"


def test_a_refusal_that_cannot_be_recorded_stays_a_refusal(
    world: World, scene: Scene, broken: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    broken()
    told = logging.getLogger("mentorskap")
    told.addHandler(caplog.handler)
    try:
        assert scene.recruiter.post("/programs", {}).status_code == 403
        assert scene.recruiter.get(f"/participants/{uuid4()}").status_code == 404
    finally:
        told.removeHandler(caplog.handler)
    assert len({id(one) for one in caplog.records if one.message == "refusal not recorded"}) == 2


def test_a_repeated_answer_is_not_given_without_its_record(scene: Scene, broken: Callable[[], None]) -> None:
    path, key = f"/partners/{scene.recruiter_id}/participants", {"Idempotency-Key": uuid4().hex}
    body = {
        "givenName": "Påhitt", "familyName": "Repetsson", "bornOn": "1990-02-28", "gender": "female", "municipalityCode": "0182",
    }  # fmt: skip
    assert scene.recruiter.post(path, body, headers=dict(key)).status_code == 201
    broken()
    again = scene.recruiter.post(path, body, headers=dict(key))
    assert again.status_code >= 400
    assert "Repetsson" not in again.text


def test_the_purpose_and_the_login_are_stored(world: World, scene: Scene, trace: str) -> None:
    person = scene.person()
    headers = {"Mentorskap-Purpose": "followUp; AMN 2026/31"}
    asked(scene.recruiter, "GET", f"/participants/{person['id']}", trace, headers=headers)
    with Session(world.engine) as session:
        [one] = session.exec(select(AccessRecord).where(AccessRecord.trace_id == trace))
        login = session.scalar(text("select user_id from login_session where id = :id"), {"id": one.login_id})
    assert (one.purpose, one.reference, login) == ("followUp", "AMN 2026/31", one.user_id)
    for wrong in ("nosiness", "caseWork; Anna Andersson", "caseWork; 19800517-1234"):
        refused = scene.recruiter.get(f"/participants/{person['id']}", headers={"Mentorskap-Purpose": wrong})
        assert (refused.status_code, refused.json()["code"]) == (400, "request.purpose_invalid")
        assert wrong not in refused.text


def test_a_clearance_is_used_only_by_who_says_what_for(world: World, scene: Scene, trace: str) -> None:
    person = scene.person()
    world.add(
        Concealment(
            participant_id=UUID(person["id"]), partner_id=scene.recruiter_id, kind=Concealing.PROTECTED_IDENTITY
        )
    )
    handler = cleared(world, scene.recruiter_id)
    assert handler.get(f"/participants/{person['id']}").status_code == 200
    handler.purpose = None
    for path in (f"/participants/{person['id']}", "/participants?limit=200"):
        refused = handler.get(path)
        assert (refused.status_code, refused.json()["code"]) == (403, "access.purpose_required")
        assert person["familyName"] not in refused.text
    open_person = scene.person()
    assert handler.get(f"/participants/{open_person['id']}").status_code == 200
    assert asked(handler, "GET", f"/participants/{person['id']}", trace) == 403
    assert recorded(world, trace) == [("participant:read", "refused", 1)]


def cleared(world: World, partner: UUID) -> Client:
    """A case handler who may handle the partner's protected people."""
    user: UserAccount = world.add(
        UserAccount(
            name="Påhittad Behörig", role=Role.CASE_HANDLER, partner_id=partner, email=f"c{world.number()}@example.org"
        )
    )
    world.add(
        Clearance(
            partner_id=partner, user_id=user.id, status=ClearanceStatus.APPROVED,
            valid_until=date(2026, 8, 1), proposed_by_user_id=user.id,
        )
    )  # fmt: skip
    return world.client_for(user)


def statements(world: World, act: Callable[[], Any]) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    engine = world.runtime.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_a_page_of_many_takes_as_many_statements_as_one_of_few(scene: Scene) -> None:
    for _ in range(12):
        scene.person()
    few = statements(scene.world, lambda: scene.recruiter.get("/participants?limit=2"))
    many = statements(scene.world, lambda: scene.recruiter.get("/participants?limit=12"))
    assert few == many
