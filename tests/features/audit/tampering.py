"""In how many ways can somebody who owns the database falsify the logs? Each edit says what a verification must name."""

# ruff: noqa: S608  a drawn sample is no secret; the inserted names are those of the code

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, select

from app.domain.seals import COLUMNS, TABLES, Entry, Log, entry_of, read_entries
from app.features.audit.actions.sealing import signed
from app.features.audit.queries.seals import all_rows_after, checkpoint_of, newest_seal, reach_of, seal_before
from app.features.audit.queries.verifying import Finding
from app.features.audit.tables import AuditSeal
from app.kit.keys import SigningKey
from app.kit.merkle import root_of
from tests.world import KEY

STRANGER = SigningKey.generate()


@dataclass(frozen=True)
class Expected:
    """What the first finding must name: one of these rows of a log, or this checkpoint."""

    log: Log | None = None
    rows: frozenset[int] = frozenset()
    checkpoint: int | None = None

    def is_named_by(self, finding: Finding) -> bool:
        if self.log is not None:
            return finding.log is self.log and finding.row_id in self.rows
        return finding.row_id is None and finding.checkpoint == self.checkpoint


Edit = Callable[[Session, Random], Expected]


def execute(session: Session, statement: str, **given: Any) -> None:
    session.execute(text(statement), given)


def some_log(random: Random) -> Log:
    return random.choice(list(Log))


def sealed_rows(session: Session, log: Log) -> list[Mapping[str, Any]]:
    end = reach_of(newest_seal(session), log)
    every = all_rows_after(session, log, reach_of(None, log))
    return [row for row in every if (row["xact_id"], row["id"]) <= (end.xact_id, end.id)]


def one_row(session: Session, log: Log, random: Random) -> Mapping[str, Any]:
    return random.choice(sealed_rows(session, log))


def seals(session: Session) -> list[AuditSeal]:
    return list(session.exec(select(AuditSeal).order_by(AuditSeal.number)))  # type: ignore[arg-type]  # a column


def named(log: Log, *rows: int) -> Expected:
    return Expected(log=log, rows=frozenset(rows))


def another(value: Any, random: Random) -> Any:
    """A value of the same type that is not this one."""
    if isinstance(value, list):
        return value[:-1] if value and random.random() < 0.5 else [*value, _grown(value, random)]
    if isinstance(value, str):
        return value[:-1] + ("a" if value[-1:] != "a" else "b")
    if value is None or isinstance(value, UUID):
        return UUID(int=random.getrandbits(128))
    return value + timedelta(microseconds=random.randrange(1, 10**9))


def _grown(value: list[Any], random: Random) -> Any:
    return "closed_at" if value and isinstance(value[0], str) else UUID(int=random.getrandbits(128))


def update_row(session: Session, random: Random) -> Expected:
    log = some_log(random)
    row = one_row(session, log, random)
    free = {"permission", "subject", "trace_id", "role", "decision"}
    ids = {name for name in COLUMNS[1][log] if name.endswith("_id")} - {"xact_id", "trace_id"}
    name = random.choice(sorted({"at"} | ids | (free & set(COLUMNS[1][log]))))
    execute(
        session,
        f"update {TABLES[log]} set {name} = :value where id = :id",
        value=another(row[name], random),
        id=row["id"],
    )
    return named(log, row["id"])


def update_list(session: Session, random: Random) -> Expected:
    log = some_log(random)
    name, kind = {Log.ACCESS: ("people", "uuid[]"), Log.CHANGE: ("fields", "varchar[]")}[log]
    row = random.choice([row for row in sealed_rows(session, log) if row[name]])
    execute(
        session,
        f"update {TABLES[log]} set {name} = cast(:value as {kind}) where id = :id",
        value=another(row[name], random),
        id=row["id"],
    )
    return named(log, row["id"])


def forget_purpose(session: Session, random: Random) -> Expected:
    row = random.choice([row for row in sealed_rows(session, Log.ACCESS) if row["purpose"]])
    name = random.choice(["purpose", "reference"])
    execute(session, f"update access_record set {name} = null where id = :id", id=row["id"])
    return named(Log.ACCESS, row["id"])


def delete_row(session: Session, random: Random) -> Expected:
    log = some_log(random)
    row = one_row(session, log, random)
    execute(session, f"delete from {TABLES[log]} where id = :id", id=row["id"])
    return named(log, row["id"])


def delete_newest_rows(session: Session, random: Random) -> Expected:
    log = some_log(random)
    gone = [row["id"] for row in sealed_rows(session, log)[-random.randrange(1, 20) :]]
    execute(session, f"delete from {TABLES[log]} where id = any(:ids)", ids=gone)
    return named(log, *gone)


def empty_log(session: Session, random: Random) -> Expected:
    log = some_log(random)
    gone = [row["id"] for row in sealed_rows(session, log)]
    execute(session, f"truncate {TABLES[log]}")
    return named(log, *gone)


def insert_row(session: Session, random: Random) -> Expected:
    """A line that says what never happened, at a place that is sealed."""
    log = some_log(random)
    row = dict(one_row(session, log, random))
    row["id"] = -random.randrange(1, 10**6) if random.random() < 0.3 else 10**9 + random.randrange(10**6)
    last = reach_of(newest_seal(session), log)
    row["xact_id"] = min(row["xact_id"], last.xact_id - 1)
    kinds = {"people": "cast(:people as uuid[])", "fields": "cast(:fields as varchar[])"}
    values = ", ".join(kinds.get(name, f":{name}") for name in COLUMNS[1][log])
    execute(session, f"insert into {TABLES[log]} ({', '.join(COLUMNS[1][log])}) values ({values})", **row)
    return named(log, row["id"])


def swap_contents(session: Session, random: Random) -> Expected:
    log = some_log(random)
    one, other = random.sample(sealed_rows(session, log), 2)
    for row, taken in ((one, other), (other, one)):
        given = {"subject": taken["subject_id"], "trace": taken["trace_id"], "id": row["id"]}
        execute(session, f"update {TABLES[log]} set subject_id = :subject, trace_id = :trace where id = :id", **given)
    return named(log, one["id"], other["id"])


def swap_ids(session: Session, random: Random) -> Expected:
    log = some_log(random)
    one, other = (row["id"] for row in random.sample(sealed_rows(session, log), 2))
    for before, after in ((one, -1), (other, one), (-1, other)):
        execute(session, f"update {TABLES[log]} set id = :after where id = :before", before=before, after=after)
    return named(log, one, other)


def move_row(session: Session, random: Random) -> Expected:
    """Into an earlier or later transaction: also beyond what is sealed, to be sealed anew."""
    log = some_log(random)
    row = one_row(session, log, random)
    far = random.choice([-1, 1, 10**6]) + row["xact_id"]
    execute(session, f"update {TABLES[log]} set xact_id = :far where id = :id", far=far, id=row["id"])
    return named(log, row["id"])


def edit_checkpoint(session: Session, random: Random) -> Expected:
    seal = random.choice(seals(session))
    name = random.choice(
        ["at", "previous_root", "tree_root", "root", "access_count", "change_count", "access_id", "change_xact_id", "format", "signature"]
    )  # fmt: skip
    value = getattr(seal, name)
    fresh = value + random.choice([-1, 1]) if isinstance(value, int) else another(value, random)
    execute(session, f"update audit_seal set {name} = :value where number = :number", value=fresh, number=seal.number)
    return Expected(checkpoint=seal.number)


def edit_list(session: Session, random: Random) -> Expected:
    seal = random.choice(seals(session))
    leaves = bytearray(seal.leaves)
    if random.random() < 0.3:
        leaves = leaves[: -random.randrange(1, 60)]
    else:
        leaves[random.randrange(len(leaves))] ^= 1 << random.randrange(8)
    execute(
        session,
        "update audit_seal set leaves = :leaves where number = :number",
        leaves=bytes(leaves),
        number=seal.number,
    )
    return Expected(checkpoint=seal.number)


def sign_again(session: Session, random: Random) -> Expected:
    """One checkpoint with another key: under its own name, or under the name of ours."""
    seal = random.choice(seals(session))
    kid = random.choice([STRANGER.kid, seal.kid])
    again = signed(checkpoint_of(seal), STRANGER, list(read_entries(seal.leaves)))
    execute(
        session,
        "update audit_seal set kid = :kid, signature = :signature where number = :number",
        kid=kid,
        signature=again.signature,
        number=seal.number,
    )
    return Expected(checkpoint=seal.number)


def remove_checkpoint(session: Session, random: Random) -> Expected:
    seal = random.choice(seals(session)[:-1])
    execute(session, "delete from audit_seal where number = :number", number=seal.number)
    return Expected(checkpoint=seal.number)


def drop_newest(session: Session, random: Random) -> Expected:
    """The last checkpoints, with or without the rows they sealed: only the anchor knows of them."""
    every = seals(session)
    first = every[-random.randrange(1, len(every))]
    if random.random() < 0.5:
        before = seal_before(session, first.number)
        for log in Log:
            end = reach_of(before, log)
            statement = f"delete from {TABLES[log]} where (xact_id, id) > (:xact_id, :row_id)"
            execute(session, statement, xact_id=end.xact_id, row_id=end.id)
    execute(session, "delete from audit_seal where number >= :number", number=first.number)
    return Expected(checkpoint=first.number)


def rewrite(session: Session, random: Random) -> Expected:
    """A row, and then every checkpoint from its own on: with a stranger's key, or with ours, stolen."""
    log = Log.ACCESS
    row = one_row(session, log, random)
    execute(
        session, "update access_record set user_id = :user where id = :id", user=another(None, random), id=row["id"]
    )
    key = random.choice([STRANGER, KEY])
    session.expire_all()
    every = seals(session)
    first = next(one for one in every if (row["xact_id"], row["id"]) <= (one.access_xact_id, one.access_id))
    changed = {row["id"]: dict(one) for one in sealed_rows(session, log) for row in [one]}
    previous = first.previous_root
    for seal in every[first.number - 1 :]:
        entries = [_again(one, changed) for one in read_entries(seal.leaves)]
        tree = root_of(one.to_bytes() for one in entries).hex()
        checkpoint = replace(checkpoint_of(seal), previous_root=previous, tree_root=tree)
        made = signed(checkpoint, key, entries)
        fields = ("previous_root", "tree_root", "root", "kid", "signature", "leaves")
        sets = ", ".join(f"{name} = :{name}" for name in fields)
        given = {name: getattr(made, name) for name in fields}
        execute(session, f"update audit_seal set {sets} where number = :number", number=seal.number, **given)
        previous = made.root
    return Expected(checkpoint=first.number)


def _again(entry: Entry, rows: Mapping[int, Mapping[str, Any]]) -> Entry:
    return entry_of(Log.ACCESS, rows[entry.id]) if entry.log is Log.ACCESS else entry


EDITS: Mapping[str, Edit] = {
    one.__name__: one
    for one in (
        update_row, update_list, forget_purpose, delete_row, delete_newest_rows, empty_log, insert_row, swap_contents, swap_ids,
        move_row, edit_checkpoint, edit_list, sign_again, remove_checkpoint, drop_newest, rewrite,
    )
}  # fmt: skip
