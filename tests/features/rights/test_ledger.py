"""After a restore of an earlier copy, is everybody erased again, and only with the secret that the ledger was made with?"""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from app.domain.errors import RuleViolation
from app.features.access.guards import steward
from app.features.rights.actions import replay_ledger
from app.features.rights.queries import check_ledger, ledger
from app.kit.digests import Digester
from tests.conftest import admin, named
from tests.features.rights.scene import Office, Singer, singer
from tests.flock import fill
from tests.world import World


@pytest.fixture(scope="module")
def erased(world: World, server: str) -> Iterator[tuple[Singer, dict[str, Any], World]]:
    """Somebody who was erased, the ledger, and a copy of the database from before."""
    flock = fill(world)[0]
    one = singer(world, flock)
    source, copy = world.url.partition("?")[0].rsplit("/", 1)[1], "restored_copy"
    world.runtime.database.engine.dispose()
    world.engine.dispose()
    admin(server, f"create database {copy} template {source} strategy = file_copy")
    one.end_case()
    Office(flock, world).erased(one.person.id)
    with steward(world.runtime, "t") as scope:
        document = json.loads(json.dumps(ledger(scope.session)))
    with World.open(named(server, copy)) as restored:
        same = restored.runtime.database.carrying(digests=world.runtime.digests)  # the secret is kept beside the keys
        restored.runtime = replace(restored.runtime, database=same)
        yield one, document, restored
    admin(server, f"drop database {copy} with (force)")


def test_the_ledger_names_nobody(erased: tuple[Singer, dict[str, Any], World]) -> None:
    one, document, _ = erased
    assert len(document["entries"]) == 1
    assert str(one.person.id) not in json.dumps(document)
    assert one.canary not in json.dumps(document)


def test_another_secret_a_changed_file_and_another_file_are_refused(
    erased: tuple[Singer, dict[str, Any], World],
) -> None:
    _, document, restored = erased
    other = replace(restored.runtime, database=restored.runtime.database.carrying(digests=Digester(b"another secret")))
    changed = {**document, "entries": [{**document["entries"][0], "person_digest": "0" * 64}]}
    spoilt: list[tuple[Any, str]] = [
        (changed, "erasure.ledger_changed"),
        ({**document, "entries": []}, "erasure.ledger_changed"),
        ({**document, "seal": "å"}, "erasure.ledger_unreadable"),
        ({**document, "seal": 1}, "erasure.ledger_unreadable"),
        ({**document, "format": "x"}, "erasure.ledger_unreadable"),
        ([], "erasure.ledger_unreadable"),
    ]
    for given, code in spoilt:
        with steward(restored.runtime, "t") as scope, pytest.raises(RuleViolation) as refused:
            check_ledger(scope.session, given)
        assert refused.value.code == code
    with steward(other, "t") as scope, pytest.raises(RuleViolation) as refused:
        replay_ledger(scope, document)
    assert refused.value.code == "erasure.ledger_of_another_key"


def test_who_was_erased_is_erased_again_in_the_middle_of_a_case(erased: tuple[Singer, dict[str, Any], World]) -> None:
    one, document, restored = erased
    back = Singer.__new__(Singer)
    back.__dict__.update({**one.__dict__, "world": restored})
    assert back.heard(), "the backup brought the person back"
    for again in (1, 0):
        with steward(restored.runtime, "t") as scope:
            assert replay_ledger(scope, document) == (1, again)
    assert back.heard() == {}
    with restored.engine.connect() as connection:
        kept = connection.execute(text("select erased_at, replayed_at, legal_ground from erasure")).one()
        statuses = connection.scalars(
            text("select status from match where mentee_participant_id = :id"), {"id": one.person.id}
        ).all()
    assert kept.replayed_at is not None
    assert kept.legal_ground == "consentWithdrawn"
    assert set(statuses) == {"void"}
