"""Does the API show anybody a canary that is not theirs to see? A small sweep; `make prove NAME=canaries` is the large."""

from collections.abc import Iterator

import pytest
from sqlalchemy import String, select, text
from sqlmodel import AutoString, Session

from app.domain.classification import personal_columns, tables_with_personal_data
from app.domain.roles import Role
from app.main import METADATA
from tests.canaries import CANARY, Sweep, captured_logs, no_second_wall, unfiltered
from tests.canary_oracle import Principal
from tests.canary_world import CanaryWorld
from tests.world import World

pytestmark = pytest.mark.no_cover  # many requests, each of a kind that has its own tests


@pytest.fixture(scope="module")
def scene(world: World) -> CanaryWorld:
    """The first pair of each program is matched; the next are protected, anonymous, without consent, and proposed."""
    return CanaryWorld(world, each=5)


def few(scene: CanaryWorld) -> Iterator[Principal]:
    """Every role at one partner, case handlers at the others, and two of the people."""
    for who in scene.principals:
        is_tried = who.partner in {None, "Anna"} or who.role is Role.CASE_HANDLER
        if is_tried if who.person is None else who.person.number in {0, 3}:
            yield who


def staff(scene: CanaryWorld, partner: str, *roles: Role) -> list[Principal]:
    return [who for who in scene.principals if who.person is None and who.partner == partner and who.role in roles]


WITHOUT = {
    "calendar_feed.token_hash": "a hash",
    "contact_digest.digest": "a digest, not the address",
    "data_request.decision_reference": "nothing is decided in this world",
    "enrolment.status_reason": "a code",
    "external_identity.identity_digest": "a keyed digest",
    "import_row.external_id": "nothing is imported in this world",
    "invitation.token_hash": "a hash",
    "participant.external_system": "the name of a system",
    "participant.municipality_code": "a code",
    "participant.occupation_code": "a code",
    "recovery_code.code_digest": "a keyed digest",
    "refresh_token.token_hash": "a hash",
    "service_secret.hint": "the system's own",
    "service_secret.secret_hash": "a hash",
    "training_record.title": "the course's title, many have it",
    "user_account.password_hash": "a hash",
    "user_account.totp_secret": "sealed",
}
"""Personal columns of text that hold no canary, each with its reason."""


def test_every_personal_text_of_the_world_is_a_canary(scene: CanaryWorld) -> None:
    found = set()
    with Session(scene.world.engine) as session:
        for name in tables_with_personal_data():
            table = METADATA.tables[name]
            texts = [table.c[one] for one in personal_columns(name) if type(table.c[one].type) in {AutoString, String}]
            for column in texts:
                if not any(CANARY.search(str(one).lower()) for one in session.scalars(select(column))):
                    found.add(str(column))
    assert found == WITHOUT.keys()


def test_nobody_sees_what_is_not_theirs(scene: CanaryWorld) -> None:
    sweep = Sweep(scene, most_ids=1)
    with captured_logs() as logs:
        sweep.read(list(few(scene)))
    assert sweep.sightings == []
    assert sweep.faults == []
    assert CANARY.findall(logs.getvalue()) == []
    assert len(sweep.seen) > 50, "the world shows canaries to those who may see them"
    assert sweep.unrecorded() == []


def test_the_change_log_and_the_access_log_hold_no_canary(scene: CanaryWorld) -> None:
    sweep = Sweep(scene, most_ids=2)
    sweep.read(staff(scene, "Cilla", Role.CASE_HANDLER))
    sweep.write(staff(scene, "Cilla", Role.CASE_HANDLER)[0])
    with Session(scene.world.engine) as session:
        for table in ("change", "access_record"):
            rows = session.execute(text(f"select * from {table}")).all()  # noqa: S608  our own two names
            assert len(rows) > 50
            assert CANARY.findall(str(rows).lower()) == [], table


def test_writing_with_ids_of_others_is_refused_and_shows_nothing(scene: CanaryWorld) -> None:
    sweep = Sweep(scene, most_ids=2)
    outsiders = staff(scene, "Cilla", Role.CASE_HANDLER, Role.COORDINATOR)
    done = [one for who in outsiders for one in sweep.write(who)]
    assert done == []
    sweep.read(outsiders[:1])
    assert sweep.sightings == []
    assert sweep.faults == []
    assert sweep.statuses[404] > 100


def test_without_the_filters_the_database_still_shows_nothing(scene: CanaryWorld) -> None:
    sweep = Sweep(scene, most_ids=2)
    [cleared] = [who for who in staff(scene, "Cilla", Role.CASE_HANDLER) if who.cleared]
    sweep.call(cleared, "GET", "/participants", "/participants?limit=200")  # leaves a record that names the protected
    with unfiltered():
        sweep.read(staff(scene, "Cilla", Role.CASE_HANDLER, Role.COORDINATOR, Role.PRIVACY_OFFICER))
    assert sweep.sightings == []
    assert sweep.seen


def test_without_either_wall_the_sweep_sees_them(scene: CanaryWorld) -> None:
    sweep = Sweep(scene, most_ids=2)
    with unfiltered(), no_second_wall(scene.world):
        sweep.read(staff(scene, "Cilla", Role.CASE_HANDLER))
    assert {one.what for one in sweep.sightings} >= {"given", "family", "contact", "record", "guardian", "existence"}
