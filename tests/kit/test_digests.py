"""Do equal contacts have equal digests, only under one key and of one kind?"""

import re
from dataclasses import replace

from sqlmodel import Session

from app.kit.digests import Digester, digester
from app.kit.keys import KeyRing
from tests.world import KEY, World

SECRET = b"p" * 32


def test_a_digest_depends_on_key_kind_and_value() -> None:
    digests = Digester(SECRET)
    first = digests.digest("email", "a@example.org")
    assert re.fullmatch("[0-9a-f]{64}", first)
    assert first == Digester(SECRET).digest("email", "a@example.org")
    others = {
        Digester(b"q" * 32).digest("email", "a@example.org"),
        digests.digest("phone", "a@example.org"),
        digests.digest("email", "b@example.org"),
        digests.digest("emaila", "@example.org"),
    }
    assert len(others | {first}) == 5


def test_the_secret_is_never_shown() -> None:
    ring = KeyRing(KEY, pepper=SECRET)
    shown = repr(ring) + repr(Digester(SECRET)) + repr(ring.jwks())
    assert "pppp" not in shown
    assert len({KeyRing(KEY).pepper, KeyRing(KEY).pepper}) == 2, "a ring that is given none has a new one"


def test_each_session_of_the_runtime_carries_it(world: World) -> None:
    with world.runtime.database.transaction() as session:
        assert digester(session) is world.runtime.digests
    carrying = replace(world.runtime.database, carried={}).carrying(other=1)
    with carrying.transaction() as session:
        assert session.info["other"] == 1
    assert isinstance(session, Session)
