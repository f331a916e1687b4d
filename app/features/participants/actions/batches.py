"""How are many people kept right at once? What a row may do is what the single operation may do, by the same checks.

Rows that change somebody go the single operation's way. Those that make somebody are stored together: one statement
for the records, one for the digests of their contacts, one for what is recorded.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from pydantic.alias_generators import to_camel

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.sync import BatchMode, ExternalKey, RowProblem, SyncOutcome
from app.features.access.scope import Scope
from app.features.changes.actions import record_many
from app.features.participants import queries
from app.features.participants.actions.contacts import digests_for
from app.features.participants.actions.participants import check_facts
from app.features.participants.actions.readings import Read, Said, read_rows
from app.features.participants.actions.sync import change, demand_sync
from app.features.participants.schemas import (
    ParticipantBatchCreate,
    ParticipantBatchRead,
    ParticipantCreate,
    ParticipantSyncItem,
    RowProblemRead,
    SyncedItemRead,
)
from app.features.participants.tables import ContactDigest, Participant
from app.features.partners.tables import Partner
from app.kit.columns import add_many, add_unless_taken
from app.kit.ids import new_id, new_id_text
from app.kit.problems import row_problem

NEEDED = frozenset(name for name, field in ParticipantCreate.model_fields.items() if field.is_required())
USUAL = {
    name: field.get_default(call_default_factory=True)
    for name, field in ParticipantCreate.model_fields.items()
    if not field.is_required()
}
BLANK: Mapping[str, Any] = {**USUAL, "protection": None, "birth_year": None, "is_anonymous": False}
"""Everything that a row may leave unsaid of somebody new, and what none says."""
FACTS = set(ParticipantCreate.model_fields)
KEY_INDEX = "(partner_id, external_system, external_id) where external_id is not null"


@dataclass
class Synced:
    """What became of one row."""

    outcome: SyncOutcome
    key: ExternalKey | None = None
    participant_id: UUID | None = None
    problem: RowProblem | None = None
    possible_duplicates: int = 0
    changed_fields: tuple[str, ...] = ()


@dataclass
class Digests:
    """Those of the contacts of whoever was made or changed, and which of them others have."""

    of: dict[UUID, Collection[str]] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)


def apply_rows(scope: Scope[Partner], rows: Sequence[Mapping[str, Any]], read: Sequence[Read] = ()) -> list[Synced]:
    """Apply each row that nothing speaks against, and answer what became of each, in their order.

    A row holds its key and facts by the names of `ParticipantSyncItem`; `read` is what `read_rows` makes of the rows. The
    caller has asked for the permissions.
    """
    read = read or read_rows(rows)
    results = [Synced(SyncOutcome.REFUSED, one.key, problem=getattr(one, "problem", None)) for one in read]
    items = {place: one for place, one in enumerate(read) if isinstance(one, Said)}
    for place in _twins(rows) & items.keys():
        results[place].problem = row_problem(RuleViolation("sync.external_id_twice", pointer="/externalId"))
        del items[place]
    digests = Digests()
    left = _apply(scope, rows, items, results, digests)
    left = _apply(scope, rows, left, results, digests)  # those that somebody else made at the same moment are there now
    for place in left:
        results[place].problem = row_problem(RuleViolation("participant.external_id_taken"))
    _count_duplicates(scope, results, digests)
    return results


def _twins(rows: Sequence[Mapping[str, Any]]) -> set[int]:
    """The places of rows whose key stands earlier; of several about one person the first counts, whatever is wrong with it."""
    seen, found = set(), set()
    for place, row in enumerate(rows):
        key = (str(row.get("externalSystem")), str(row.get("externalId")))
        if key in seen:
            found.add(place)
        seen.add(key)
    return found


def _apply(
    scope: Scope[Partner],
    rows: Sequence[Mapping[str, Any]],
    items: dict[int, Said],
    results: list[Synced],
    digests: Digests,
) -> dict[int, Said]:
    """Change those who are there and make the others; answers the rows whose key was taken meanwhile.

    Adds to `digests`.
    """
    if not items:
        return {}
    told = {name for one in items.values() for name in one.facts}
    held = queries.held_facts(scope, scope.row.id, (one.key for one in items.values()), told)
    changing, new = {}, {}
    for place, item in items.items():
        if (found := held.get(item.key)) is None:
            new[place] = item
        elif all(found[1][name] == value for name, value in item.facts.items()):
            results[place] = Synced(SyncOutcome.UNCHANGED, item.key, found[0])
        else:
            results[place].changed_fields = _differing(item.facts, found[1])
            changing[place] = item
    _change(scope, rows, changing, results, digests)
    return _make(scope, rows, new, results, digests)


def _differing(facts: Mapping[str, Any], held: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(to_camel(name) for name, value in facts.items() if held[name] != value)


def _change(
    scope: Scope[Partner],
    rows: Sequence[Mapping[str, Any]],
    items: Mapping[int, Said],
    results: list[Synced],
    digests: Digests,
) -> None:
    """Change people the single operation's way; they are locked already."""
    held = queries.by_external_keys(scope, scope.row.id, (one.key for one in items.values()))
    changed: dict[UUID, Collection[str]] = {}
    for place, item in items.items():
        row = held.get(item.key)
        if row is None:  # kept from the caller since they were looked at
            results[place].problem = row_problem(RuleViolation("participant.external_id_taken"))
            continue
        try:
            outcome = change(scope.about(row), ParticipantSyncItem.model_validate(rows[place]))
        except (RuleViolation, ValidationError) as refused:
            scope.session.expire(row)  # nothing of a refused row is kept
            results[place].problem = row_problem(refused)
            continue
        results[place] = Synced(outcome, item.key, row.id, changed_fields=results[place].changed_fields)
        if outcome is SyncOutcome.CHANGED:
            changed[row.id] = digests_for(scope.session, row.email, row.phone).values()
    if changed:
        digests.of |= changed
        digests.known |= queries.known_digests(scope.session, chain(*changed.values()), changed.keys())


def _make(
    scope: Scope[Partner],
    rows: Sequence[Mapping[str, Any]],
    items: Mapping[int, Said],
    results: list[Synced],
    digests: Digests,
) -> dict[int, Said]:
    """Store those whom nothing speaks against; answers the rows whose key is taken."""
    fresh: dict[int, dict[str, Any]] = {}
    person = SimpleNamespace()
    for place, item in items.items():
        vars(person).update(BLANK)
        vars(person).update(item.facts)
        try:
            if not item.facts.keys() >= NEEDED:
                said = ParticipantSyncItem.model_validate(rows[place])
                ParticipantCreate.model_validate(said.model_dump(exclude_unset=True))
            check_facts(scope, person, FACTS)
        except (RuleViolation, ValidationError) as refused:
            results[place].problem = row_problem(refused)
        else:
            fresh[place] = {"id": new_id(), "person_id": new_id_text(), **item.facts}
    made = _store(scope, list(fresh.values()), digests)
    taken = {}
    for place, record in fresh.items():
        if record["id"] in made:
            results[place] = Synced(SyncOutcome.CREATED, items[place].key, record["id"])
        else:
            taken[place] = items[place]
    return taken


def _store(scope: Scope[Partner], fresh: Collection[dict[str, Any]], digests: Digests) -> Collection[UUID]:
    """Store the records whose key is not taken; answers their ids."""
    if not fresh:
        return set()
    told = {name for one in fresh for name in one}
    usual = {name: USUAL[name] for name in USUAL.keys() & told}
    same = {**BLANK, "partner_id": scope.row.id}
    records = [{**usual, **one} for one in fresh]
    made = add_unless_taken(scope.session, Participant, records, same, KEY_INDEX)
    owned: list[dict[str, Any]] = []
    for one in fresh:
        participant_id = one["id"]
        if participant_id in made:
            own = digests_for(scope.session, one.get("email"), one.get("phone"))
            digests.of[participant_id] = own.values()
            for kind, digest in own.items():
                owned.append({"participant_id": participant_id, "kind": kind, "digest": digest})
    digests.known |= queries.known_digests(scope.session, (one["digest"] for one in owned))
    add_many(scope.session, ContactDigest, owned, {"partner_id": scope.row.id})
    record_many(scope, ChangeKind.PARTICIPANT_CREATED, Participant, made, scope.row.id)
    return made


def _count_duplicates(scope: Scope[Partner], results: Sequence[Synced], digests: Digests) -> None:
    if digests.of:
        scope.session.flush()
        counts = queries.duplicate_counts(scope, digests.of, digests.known)
        for one in results:
            one.possible_duplicates = counts.get(one.participant_id, 0) if one.participant_id else 0


def sync_participants(scope: Scope[Partner], body: ParticipantBatchCreate) -> ParticipantBatchRead:
    """Keep up to 200 people right in one call. Raises: 403 for missing scopes; what is wrong with a row is told there."""
    demand_sync(scope)
    rows: list[Any] = list(body.items)  # as they were sent: see `SentItem`
    savepoint = scope.session.begin_nested()
    results = apply_rows(scope, rows)
    is_applied = not (body.is_dry_run or (is_held_back(results) and body.mode is BatchMode.WHOLE_OR_NOTHING))
    if is_applied:
        savepoint.commit()
    else:
        savepoint.rollback()
        take_back(results, is_dry_run=body.is_dry_run)
    return _told(results, is_applied=is_applied)


def is_held_back(results: Sequence[Synced]) -> bool:
    return any(one.outcome is SyncOutcome.REFUSED for one in results)


def take_back(results: Sequence[Synced], *, is_dry_run: bool) -> None:
    """Tell of rows that were undone: after a dry run what would become of them, otherwise that nothing did."""
    for one in results:
        if one.outcome is SyncOutcome.CREATED:
            one.participant_id = None
        if not is_dry_run and one.outcome is not SyncOutcome.REFUSED:
            one.outcome = SyncOutcome.NOT_APPLIED


def _told(results: Sequence[Synced], *, is_applied: bool) -> ParticipantBatchRead:
    counts = Counter(one.outcome for one in results)
    items = [
        SyncedItemRead(
            index=place,
            external_id=one.key and one.key.id,
            outcome=one.outcome,
            participant_id=one.participant_id,
            problem=one.problem and RowProblemRead(**vars(one.problem)),
            changed_fields=list(one.changed_fields),
            possible_duplicates=one.possible_duplicates,
        )
        for place, one in enumerate(results)
    ]
    return ParticipantBatchRead(
        is_applied=is_applied,
        created=counts[SyncOutcome.CREATED],
        changed=counts[SyncOutcome.CHANGED],
        unchanged=counts[SyncOutcome.UNCHANGED],
        refused=counts[SyncOutcome.REFUSED],
        items=items,
    )
