"""How is a change recorded, and how is a reader told? `record` stands beside every write, in the same transaction."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from uuid import UUID

from pydantic.alias_generators import to_camel
from sqlalchemy import Uuid, bindparam, delete, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col

from app.domain.changes import ChangeKind, ReachKind
from app.features.access.scope import Scope
from app.features.access.tables import Guarded
from app.features.changes.queries import feed, told
from app.features.changes.queries.feed import Ends, Place, Wanted
from app.features.changes.queries.reach import subjects_beyond
from app.features.changes.schemas import ChangePage, ChangeRead, ChangesQuery
from app.features.changes.tables import Change, FeedReader, FeedTold
from app.kit.columns import Row
from app.kit.pages import Cursors

_spoken = cache(to_camel)
TELL = text("""
insert into feed_told (reader_id, subject, subject_id, program_id, partner_id, is_lost)
select :reader, t.subject, t.subject_id, t.program_id, t.partner_id, false
  from unnest(cast(:subjects as text[]), cast(:ids as uuid[]), cast(:programs as uuid[]), cast(:partners as uuid[]))
       as t (subject, subject_id, program_id, partner_id)
    on conflict (reader_id, subject, subject_id) do nothing
""")
TAKE_NUMBERS = text("""
insert into feed_reader as r (reader_id, last_number) values (:reader, :count)
    on conflict (reader_id) do update set last_number = r.last_number + :count returning last_number
""")
TURN = text("""
update feed_told f set is_lost = not f.is_lost, number = cast(:before as bigint) + t.place, turned_at = :now
  from unnest(cast(:subjects as text[]), cast(:ids as uuid[]), cast(:lost as boolean[])) with ordinality
       as t (subject, subject_id, was_lost, place)
 where f.reader_id = :reader and f.subject = t.subject and f.subject_id = t.subject_id and f.is_lost = t.was_lost
""")

MANY = text("""
insert into change (at, kind, subject, subject_id, partner_id, actor_id, fields, trace_id)
select :at, :kind, :subject, one, :partner_id, :actor_id, '{}', :trace_id from unnest(:ids) as one
""").bindparams(bindparam("ids", type_=ARRAY(Uuid)), bindparam("partner_id", type_=Uuid))


def record(scope: Scope[Any], kind: ChangeKind, row: Row, fields: Sequence[str] = ()) -> Change:
    """Append to the log what happened to `row`, by whom; `fields` are names, never values."""
    change = Change(
        at=scope.now,
        kind=kind,
        subject=str(row.__tablename__),
        subject_id=row.id,
        program_id=program_of(row),
        partner_id=getattr(row, "partner_id", None),
        actor_id=scope.actor.user_id,
        fields=list(fields),
        trace_id=scope.trace_id,
    )
    scope.session.add(change)
    return change


def record_many(
    scope: Scope[Any], kind: ChangeKind, subject: type[Row], ids: Collection[UUID], partner_id: UUID | None = None
) -> None:
    """The same for many rows of one table at once, that were all made by one statement; they belong to no program."""
    if not ids:
        return
    parameters = {
        "at": scope.now,
        "kind": kind.value,
        "subject": str(subject.__tablename__),
        "ids": list(ids),
        "partner_id": partner_id,
        "actor_id": scope.actor.user_id,
        "trace_id": scope.trace_id,
    }
    scope.session.execute(MANY, parameters)


def program_of(row: Row) -> UUID | None:
    """The program a row belongs to; a program answers with its own id."""
    if isinstance(row, Guarded) and row.reach.program is not None:
        found: UUID | None = getattr(row, row.reach.program)
        return found
    return getattr(row, "program_id", None)


@dataclass(frozen=True)
class Told:
    """One step of a feed: what comes next, the place behind all of it, and whether there is more already."""

    items: list[ChangeRead]
    end: Place
    has_more: bool


def read_changes(scope: Scope[None], cursors: Cursors, query: ChangesQuery) -> ChangePage:
    """The next page for the caller. Raises: Problem 400 `request.cursor_invalid`."""
    reader_id = scope.actor.user_id
    binding = f"changes:{reader_id}:{query.subject or ''}:{query.program_id or ''}"
    start = Place() if query.cursor is None else Place.unpacked(cursors.open(query.cursor, binding))
    programs = None if query.program_id is None else frozenset({query.program_id})
    found = tell(scope, reader_id, start, Wanted(query.subject, programs), query.limit)
    cursor = cursors.seal(found.end.packed(), binding)
    return ChangePage(items=found.items, next_cursor=cursor, has_more=found.has_more)


def tell(scope: Scope[Any], reader_id: UUID, start: Place, wanted: Wanted, most: int) -> Told:
    """The next changes within the caller's reach as it is now, then what has gone out of it or come back.

    What is told of is noted in the same transaction, so that its loss can be told as well.
    """
    until = feed.ends(scope)
    if until.newest < start.xact_id:
        return _tell_of_reach(scope, reader_id, start, wanted, most, until)
    stretch = feed.window(start, until)
    found = feed.wanted_changes(scope, stretch, wanted, most + 1)
    items = [_read(row) for row in found[:most]]
    _note(scope, reader_id, found[:most])
    if len(found) > most:
        last = found[most - 1]
        return Told(items, replace(start, xact_id=last.xact_id, id=last.id), has_more=True)
    end, has_more = feed.end_of(scope, stretch, start, until)
    if has_more or len(items) == most:
        return Told(items, end, has_more=True)
    reach = _tell_of_reach(scope, reader_id, end, wanted, most - len(items), until)
    return Told([*items, *reach.items], reach.end, has_more=reach.has_more)


def forget_reader(scope: Scope[Any], reader_id: UUID) -> None:
    """Nobody reads under this id any more."""
    for kind in (FeedTold, FeedReader):
        scope.session.execute(delete(kind).where(col(kind.reader_id) == reader_id))


def _note(scope: Scope[Any], reader_id: UUID, rows: Iterable[Any]) -> None:
    """Remember that a reader was told of these things; in one order, so that two requests do not wait for each other."""
    named = {(row.subject, row.subject_id): (row.program_id, row.partner_id) for row in rows}
    if named:
        keys = sorted(named)
        scope.session.execute(
            TELL,
            {
                "reader": reader_id,
                "subjects": [subject for subject, _ in keys],
                "ids": [one for _, one in keys],
                "programs": [named[key][0] for key in keys],
                "partners": [named[key][1] for key in keys],
            },
        )


def _tell_of_reach(scope: Scope[Any], reader_id: UUID, start: Place, wanted: Wanted, most: int, until: Ends) -> Told:
    """At the end of the log: go on through what was told, and tell what of it has turned."""
    end = _sweep(scope, reader_id, start, until)
    hidden = _hidden(scope)
    found = told.news(scope, reader_id, end, wanted, hidden, most + 1)
    if found:
        end = replace(end, number=found[:most][-1].number)
    return Told(
        [_read_turn(row) for row in found[:most]], end, has_more=len(found) > most or end.subject_id is not None
    )


def _hidden(scope: Scope[Any]) -> list[str]:
    scopes = scope.actor.scopes
    return [] if scopes is None else subjects_beyond(scopes, feed.whole(scope).scopes or frozenset())


def _sweep(scope: Scope[Any], reader_id: UUID, start: Place, until: Ends) -> Place:
    """One step of a round through what the reader was told; a round begins when something may have turned since the last."""
    actor = feed.whole(scope)
    now_stands = feed.standing(actor, until.newest)
    if start.subject_id is None:
        if start.round == now_stands:
            return start
        start = replace(start, round=now_stands, subject="", subject_id=told.NOWHERE)
    stretch = told.stretch_of_told(reader_id, start)
    _turn(scope, reader_id, told.turned(scope, stretch, actor))
    last = told.last_of(scope, stretch)
    if last is None:
        return replace(start, subject="", subject_id=None)
    return replace(start, subject=last.subject, subject_id=last.subject_id)


def _turn(scope: Scope[Any], reader_id: UUID, rows: Sequence[Any]) -> None:
    """Note what went out of reach and what came back, each under the reader's next number."""
    if not rows:
        return
    last = scope.session.execute(TAKE_NUMBERS, {"reader": reader_id, "count": len(rows)}).scalar_one()
    scope.session.execute(
        TURN,
        {
            "reader": reader_id,
            "before": last - len(rows),
            "now": scope.now,
            "subjects": [row.subject for row in rows],
            "ids": [row.subject_id for row in rows],
            "lost": [row.is_lost for row in rows],
        },
    )


def _read(row: Any) -> ChangeRead:
    return ChangeRead(
        id=str(row.id),
        kind=row.kind,
        at=row.at,
        subject=row.subject,
        subject_id=row.subject_id,
        program_id=row.program_id,
        partner_id=row.partner_id,
        fields=[_spoken(name) for name in row.fields],
    )


def _read_turn(row: Any) -> ChangeRead:
    """Nothing but what it was: where it belonged may no longer be known."""
    return ChangeRead(
        id=f"reach-{row.number}",
        kind=ReachKind.LOST if row.is_lost else ReachKind.GAINED,
        at=row.turned_at,
        subject=row.subject,
        subject_id=row.subject_id,
        program_id=None,
        partner_id=None,
        fields=[],
    )
