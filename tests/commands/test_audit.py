"""Does an operator learn from the command line whether the logs are whole, and where they are not?"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import Session
from typer.testing import CliRunner

from app.cli import app
from tests.features.audit.examples import SCRIPT
from tests.features.audit.logs import Logs
from tests.world import KEY, World


@dataclass
class Operator:
    """Somebody with the database's address and the keys."""

    logs: Logs
    keys: Path

    def say(self, *words: str) -> tuple[int, str]:
        env = {"MENTORSKAP_DATABASE_URL": self.logs.world.url, "MENTORSKAP_SIGNING_KEYS_FILE": str(self.keys)}
        told = CliRunner().invoke(app, ["audit", *words], env=env)
        return told.exit_code, told.output


@pytest.fixture(scope="module")
def operator(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    folder = tmp_path_factory.mktemp("operator")
    keys = folder / "keys.json"
    keys.write_text(json.dumps({"active": json.loads(KEY.to_json()), "verify": []}), encoding="utf-8")
    logs = Logs(world, folder / "anchor.jsonl")
    for _ in range(3):
        logs.fill(5, 5)
        logs.seal()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.startup.configure_logs", lambda _: None)
        yield Operator(logs, keys)


def test_whole_logs_are_told_with_their_numbers(operator: Operator) -> None:
    code, told = operator.say("verify", "--anchor", str(operator.logs.anchor))
    assert (code, told) == (0, "3 checkpoints over 30 rows are as they were sealed.\n")
    code, told = operator.say("verify", "--since", "2026-03-02")
    assert code == 0
    assert "--anchor" in told


def test_the_first_bad_row_is_named_and_the_exit_code_says_so(operator: Operator) -> None:
    with Session(operator.logs.world.engine) as session:
        row = session.scalar(text("select max(id) from access_record"))
        session.execute(text("update access_record set decision = 'x' || decision where id = :id"), {"id": row})
        session.commit()
    try:
        code, told = operator.say("verify", "--anchor", str(operator.logs.anchor))
    finally:
        with Session(operator.logs.world.engine) as session:
            session.execute(text("update access_record set decision = substr(decision, 2) where id = :id"), {"id": row})
            session.commit()
    assert code == 1
    assert told.startswith(f"FIRST: checkpoint 3, access log, row {row}: row changed\n")
    assert operator.say("verify")[0] == 0


def test_many_faults_are_counted_and_not_all_told(operator: Operator) -> None:
    other = operator.keys.with_name("other.json")
    code, told = Operator(operator.logs, other).say("verify")
    assert (code, told.count("unknown key")) == (1, 3)


def test_an_anchor_that_is_not_there_is_no_silence(operator: Operator) -> None:
    code, told = operator.say("verify", "--anchor", str(operator.logs.anchor.with_name("absent")))
    assert code == 1
    assert "cannot be read" in told


def test_a_proof_is_printed_that_the_script_believes(operator: Operator, world: World) -> None:
    with Session(world.engine) as session:
        row = session.scalar(text("select min(id) from access_record"))
    code, told = operator.say("proof", str(row))
    jwks = world.anonymous.get("//root/.well-known/jwks.json").json()
    anchor = [json.loads(line) for line in operator.logs.anchor.read_text(encoding="utf-8").splitlines()]
    assert code == 0
    assert list(SCRIPT["check"](json.loads(told), jwks, anchor)) == []
    assert list(SCRIPT["check"](json.loads(told), jwks, anchor[1:])) != []
    assert operator.say("proof", "999999999")[0] == 1


def test_everybody_whom_a_user_was_shown_is_printed(operator: Operator, world: World) -> None:
    person, user = uuid4(), uuid4()
    with Session(world.engine) as session:
        session.execute(
            text(
                "insert into access_record (at, user_id, role, permission, decision, people, trace_id) values"
                " (now(), :user, 'caseHandler', 'incident:read', 'allowed', array[cast(:person as uuid)], 't')"
            ),
            {"user": user, "person": person},
        )
        session.commit()
    code, told = operator.say("exposure", "--user", str(user))
    heading, line = told.splitlines()
    assert (code, heading.split(";")[0], line.split(";")[0]) == (0, "participantId", str(person))
    assert line.endswith("incident:read")
    assert operator.say("exposure")[0] == 2
