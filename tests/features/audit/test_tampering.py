"""Is every falsification of the logs found, and what was falsified named? The long run is `make prove NAME=audit-tamper`."""

from random import Random

import pytest
from sqlmodel import Session

from tests.features.audit.logs import Logs
from tests.features.audit.tampering import EDITS
from tests.world import World

EACH = 4


@pytest.fixture(scope="module")
def logs(world: World, tmp_path_factory: pytest.TempPathFactory) -> Logs:
    made = Logs(world, tmp_path_factory.mktemp("anchor") / "anchor.jsonl")
    for _ in range(5):
        made.fill(12, 8)
        assert made.seal() == 1
    return made


def test_what_nobody_touched_is_whole(logs: Logs) -> None:
    with Session(logs.world.engine) as session:
        assert logs.findings(session) == []


@pytest.mark.parametrize("kind", EDITS)
@pytest.mark.parametrize("seed", range(EACH))
def test_an_edit_is_found_and_named(logs: Logs, kind: str, seed: int) -> None:
    with Session(logs.world.engine) as session:
        expected = EDITS[kind](session, Random(seed))  # noqa: S311  a sample, not a secret
        session.expire_all()
        found = logs.findings(session)
        session.rollback()
    assert found, "not noticed"
    assert expected.is_named_by(found[0]), (expected, found[:3])


def test_without_an_anchor_the_end_can_be_taken_away(logs: Logs) -> None:
    """The control: it is the anchor that finds it."""
    with Session(logs.world.engine) as session:
        EDITS["drop_newest"](session, Random(1))  # noqa: S311  a sample, not a secret
        session.expire_all()
        assert logs.findings(session, is_anchored=False) == []
        session.rollback()
