"""Is everything sealed once, in its order, and nothing of a transaction that commits late passed over?"""

import json
import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from app.domain.seals import COLUMNS, FORMAT, HEADING, TABLES, Log
from app.features.audit import jobs
from app.features.audit.actions import append_to_anchor
from app.features.audit.actions.sealing import LOCK, signed
from app.features.audit.queries import newest_seal, seals_after
from app.features.audit.queries.anchors import anchored_roots, last_anchored
from app.features.audit.queries.seals import checkpoint_of
from app.features.audit.queries.verifying import Fault, Verification
from app.features.audit.tables import AuditSeal
from app.kit.keys import KeyRing, SigningKey, is_signed_by
from app.kit.merkle import root_of
from app.main import METADATA
from tests.features.audit.logs import ACCESS, Logs
from tests.world import KEY, World

TRACE = "1" * 32


@pytest.fixture
def logs(world: World, tmp_path: Path) -> Logs:
    return Logs(world, tmp_path / "anchor.jsonl")


def sealed_ids(session: Session) -> list[int]:
    """What the whole chain of checkpoints says is sealed of the access log."""
    rows = session.scalars(text("select leaves from audit_seal order by number"))
    return [
        int.from_bytes(leaves[at + 1 : at + 9])
        for leaves in rows
        for at in range(0, len(leaves), 41)
        if leaves[at : at + 1] == b"a"
    ]


def test_the_newest_format_seals_every_column_of_both_logs() -> None:
    for log, table in TABLES.items():
        stored = set(METADATA.tables[table].columns.keys())
        assert set(COLUMNS[FORMAT][log]) == stored, "a new column needs a new format number in app/domain/seals.py"


def test_nothing_new_makes_no_checkpoint(logs: Logs) -> None:
    logs.fill(3, 2)
    assert logs.seal() == 1
    assert logs.seal() == 0


def test_a_late_commit_is_sealed_where_the_highest_number_would_have_passed_it_over(logs: Logs) -> None:
    logs.seal()
    with Session(logs.world.engine) as slow, Session(logs.world.engine) as session:
        slow.execute(ACCESS, [logs._access()])
        late = slow.scalar(text("select max(id) from access_record"))
        logs.fill(5, 0)
        highest = session.scalar(text("select max(id) from access_record"))
        assert late is not None
        assert late < highest, "the slow one took the lower number"
        assert logs.seal() == 0, "it began first and is still open: nothing after it is sealed either"
        slow.commit()
        assert logs.seal() == 1
        session.rollback()
        last_six = sealed_ids(session)[-6:]
        assert last_six[0] == late
        assert highest in last_six
        assert logs.findings(session) == []


def test_one_process_seals_at_a_time(logs: Logs) -> None:
    logs.fill(1, 1)
    with Session(logs.world.engine) as other:
        other.execute(text(f"select pg_advisory_xact_lock({LOCK})"))
        assert logs.seal() == 0
    assert logs.seal() == 1


def test_much_to_make_up_for_takes_several_checkpoints(logs: Logs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.features.audit.actions.sealing.MOST_ROWS", 7)
    logs.fill(16, 3)
    assert logs.seal() == 3
    with Session(logs.world.engine) as session:
        assert logs.findings(session) == []


def test_the_worker_seals_logs_and_anchors_what_requests_have_written(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    anchor = tmp_path / "anchor.jsonl"
    runtime = replace(world.runtime, anchor_file=anchor)
    world.anonymous.get("/catalogue/programs")
    Logs(world, anchor).fill(2, 1)
    told = logging.getLogger("mentorskap")
    told.addHandler(caplog.handler)
    level = told.level
    told.setLevel(logging.INFO)
    try:
        jobs.seal(runtime, TRACE)
    finally:
        told.setLevel(level)
        told.removeHandler(caplog.handler)
    with Session(world.engine) as session:
        newest = newest_seal(session)
    assert newest is not None
    facts = next(one.facts for one in caplog.records if one.message == "logs sealed")  # type: ignore[attr-defined]
    assert (facts["number"], facts["root"]) == (newest.number, newest.root)
    assert list(anchored_roots(anchor))[-1] == (newest.number, newest.root)
    assert is_signed_by(KEY.public_jwk(), HEADING + newest.root.encode(), newest.signature)


def test_an_anchor_that_cannot_be_written_keeps_nothing_from_being_sealed(
    world: World, logs: Logs, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    logs.fill(1, 0)
    before = logs.world.runtime
    handler = logging.getLogger("mentorskap")
    handler.addHandler(caplog.handler)
    try:
        jobs.seal(replace(before, anchor_file=tmp_path / "no such folder" / "anchor"), TRACE)
    finally:
        handler.removeHandler(caplog.handler)
    assert logs.seal() == 0, "sealed already"
    assert "anchor not written" in [one.message for one in caplog.records]


def test_the_anchor_catches_up_and_bears_a_torn_line(logs: Logs) -> None:
    for _ in range(3):
        logs.fill(1, 1)
        logs.seal()
    whole = logs.anchor.read_text(encoding="utf-8")
    with Session(logs.world.engine) as session:
        every = seals_after(session, 0, 10_000)
        assert append_to_anchor(logs.anchor, every) == 0, "has all"
        logs.anchor.write_text(whole[:-30], encoding="utf-8")
        last, is_torn = last_anchored(logs.anchor)
        assert (last, is_torn) == (every[-2].number, True)
        assert append_to_anchor(logs.anchor, every) == 1
        assert logs.findings(session) == []
    assert last_anchored(logs.anchor) == (every[-1].number, False)


def test_a_key_that_has_been_changed_verifies_from_the_archive_only(logs: Logs) -> None:
    logs.fill(1, 0)
    logs.seal()
    new = SigningKey.generate()
    archived = KeyRing(new, archive={KEY.kid: KEY.public_jwk()})
    with Session(logs.world.engine) as session:
        assert logs.findings(session, keyring=archived) == []
        forgotten = logs.findings(session, keyring=KeyRing(new))
    assert {one.fault for one in forgotten} == {Fault.KEY_UNKNOWN}
    assert archived.find(KEY.kid) is None, "no token is believed by it"
    assert KEY.kid not in json.dumps(archived.jwks())


def test_since_looks_at_what_came_later(logs: Logs) -> None:
    logs.fill(2, 2)
    logs.seal()
    logs.world.clock.advance(timedelta(hours=1))
    began = logs.world.clock()
    logs.fill(3, 1)
    logs.seal()
    with Session(logs.world.engine) as session:
        walk = Verification(session, KeyRing(KEY), anchored_roots(logs.anchor), began)
        assert list(walk.findings()) == []
        assert (walk.checkpoints, walk.rows) == (1, 4)
        empty = Verification(session, KeyRing(KEY), (), began + timedelta(days=1))
        assert (list(empty.findings()), empty.checkpoints) == ([], 0)


def test_rows_that_wait_are_told_and_are_no_fault(logs: Logs) -> None:
    logs.seal()
    logs.fill(2, 1)
    with Session(logs.world.engine) as session:
        walk = Verification(session, KeyRing(KEY))
        assert list(walk.findings()) == []
        assert (walk.unsealed, walk.unsealed_since) == (3, logs.world.clock())
    standing: Any = logs.world.anonymous.get("//root/readyz").json()["seal"]
    assert standing["waitingSeconds"] == 0
    assert standing["ageSeconds"] >= 0


def test_a_format_from_the_future_is_a_fault_and_no_crash(logs: Logs) -> None:
    logs.fill(1, 0)
    logs.seal()
    with Session(logs.world.engine) as session:
        session.execute(text("update audit_seal set format = 9 where number = (select max(number) from audit_seal)"))
        found = logs.findings(session)
        session.rollback()
    assert [one.fault for one in found] == [Fault.CHECKPOINT_CHANGED, Fault.LIST_CHANGED]


def test_a_list_of_other_bytes_with_a_right_root_is_no_list(logs: Logs) -> None:
    """Whoever has the key can sign anything: it is still named, and does not stop the walk."""
    logs.fill(1, 0)
    logs.seal()
    with Session(logs.world.engine) as session:
        newest = newest_seal(session)
        assert newest is not None
        made = signed(replace(checkpoint_of(newest), tree_root=root_of([b"nonsense"]).hex()), KEY, [])
        for name in ("tree_root", "root", "signature"):
            setattr(newest, name, getattr(made, name))
        newest.leaves = b"nonsense"
        session.add(newest)
        session.flush()
        session.expire_all()
        found = logs.findings(session, is_anchored=False)
        session.rollback()
    assert [one.fault for one in found] == [Fault.LIST_CHANGED]


def test_only_these_two_are_the_logs() -> None:
    assert {log.value for log in Log} == {"access", "change"}
    assert AuditSeal.__tablename__ == "audit_seal"
