"""How are many people kept right at once? What a row may do is what the single operation may do, by the same checks.

Rows that change somebody go the single operation's way. Those that make somebody are stored together: one statement
for the records, one for the digests of their contacts, one for what is recorded.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.sync import BatchMode, ExternalKey, RowProblem, SyncOutcome
from app.features.access.scope import Scope
from app.features.changes.actions import record_many
from app.features.participants import queries
from app.features.participants.actions.contacts import digests_for
from app.features.participants.actions.participants import check_facts, stored
from app.features.participants.actions.sync import change, demand_sync
from app.features.participants.actions.texts import refuse_personnummer_in
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
from app.kit.external import ExternalId, ExternalSystem
from app.kit.ids import new_id
from app.kit.problems import row_problem
from app.kit.text import looks_like_personnummer

NEEDED = frozenset(name for name, field in ParticipantCreate.model_fields.items() if field.is_required())
USUAL = {
    name: field.get_default(call_default_factory=True)
    for name, field in ParticipantCreate.model_fields.items()
    if not field.is_required()
}
UNTOLD: Mapping[str, Any] = {"protection": None, "birth_year": None, "is_anonymous": False}
"""What no body says of somebody new."""
SYSTEM: TypeAdapter[str] = TypeAdapter(ExternalSystem)
ID: TypeAdapter[str] = TypeAdapter(ExternalId)
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


def apply_rows(scope: Scope[Partner], rows: Sequence[Mapping[str, Any]]) -> list[Synced]:
    """Apply each row that nothing speaks against, and answer what became of each, in their order.

    A row holds its key and facts by the names of `ParticipantSyncItem`. The caller has asked for the permissions.
    """
    read = [_read(row) for row in rows]
    results = [one if isinstance(one, Synced) else Synced(SyncOutcome.REFUSED, _key(one)) for one in read]
    items = {place: one for place, one in enumerate(read) if not isinstance(one, Synced)}
    for place in _twins(rows) & items.keys():
        results[place].problem = row_problem(RuleViolation("sync.external_id_twice", pointer="/externalId"))
        del items[place]
    digests: dict[UUID, Collection[str]] = {}
    left = _apply(scope, items, results, digests)
    left = _apply(scope, left, results, digests)  # those that somebody else made at the same moment are there now
    for place in left:
        results[place].problem = row_problem(RuleViolation("participant.external_id_taken"))
    _count_duplicates(scope, results, digests)
    return results


def _read(row: Mapping[str, Any]) -> ParticipantSyncItem | Synced:
    try:
        refuse_personnummer_in(row)
        return ParticipantSyncItem.model_validate(row)
    except (RuleViolation, ValidationError) as refused:
        return Synced(SyncOutcome.REFUSED, sent_key(row), problem=row_problem(refused))


def sent_key(row: Mapping[str, Any]) -> ExternalKey | None:
    """The key of a row that was refused, when it can be one: it is told, and must not be a personnummer."""
    try:
        key = ExternalKey(SYSTEM.validate_python(row.get("externalSystem")), ID.validate_python(row.get("externalId")))
    except ValidationError:
        return None
    return None if looks_like_personnummer(key.id) or looks_like_personnummer(key.system) else key


def _key(item: ParticipantSyncItem) -> ExternalKey:
    return ExternalKey(item.external_system, item.external_id)


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
    items: dict[int, ParticipantSyncItem],
    results: list[Synced],
    digests: dict[UUID, Collection[str]],
) -> dict[int, ParticipantSyncItem]:
    """Change those who are there and make the others; answers the rows whose key was taken meanwhile.

    Adds to `digests` those of whoever was made or changed.
    """
    held = queries.by_external_keys(scope, scope.row.id, map(_key, items.values()))
    fresh: dict[int, dict[str, Any]] = {}
    for place, item in items.items():
        row = held.get(_key(item))
        try:
            if row is None:
                fresh[place] = _new(scope, item)
            else:
                results[place] = _change(scope, row, item)
                if results[place].outcome is SyncOutcome.CHANGED:
                    digests[row.id] = digests_for(scope.session, row.email, row.phone).values()
        except (RuleViolation, ValidationError) as refused:
            results[place].problem = row_problem(refused)
    made = _make(scope, list(fresh.values()), digests)
    taken = {}
    for place, facts in fresh.items():
        if facts["id"] in made:
            results[place] = Synced(SyncOutcome.CREATED, _key(items[place]), facts["id"])
        else:
            taken[place] = items[place]
    return taken


def _change(scope: Scope[Partner], row: Participant, item: ParticipantSyncItem) -> Synced:
    differing = tuple(to_camel(name) for name, value in stored(item).items() if getattr(row, name) != value)
    if not differing:
        return Synced(SyncOutcome.UNCHANGED, _key(item), row.id)
    try:
        outcome = change(scope.about(row), item)
        return Synced(outcome, _key(item), row.id, changed_fields=differing)
    except (RuleViolation, ValidationError):
        scope.session.expire(row)  # nothing of a refused row is kept
        raise


def _new(scope: Scope[Partner], item: ParticipantSyncItem) -> dict[str, Any]:
    """What is stored of somebody new. Raises: ValidationError for what every record has, and as `check_facts`."""
    facts = stored(item)
    if not facts.keys() >= NEEDED:
        ParticipantCreate.model_validate(item.model_dump(exclude_unset=True))
    check_facts(scope, SimpleNamespace(**{**USUAL, **UNTOLD, **facts}), set(ParticipantCreate.model_fields))
    return {**facts, "id": new_id(), "person_id": new_id()}


def _make(
    scope: Scope[Partner], fresh: Collection[Mapping[str, Any]], digests: dict[UUID, Collection[str]]
) -> set[UUID]:
    """Store the records whose key is not taken; answers their ids."""
    if not fresh:
        return set()
    told = {name for one in fresh for name in one}
    usual = {name: USUAL[name] for name in USUAL.keys() & told}
    same = {**USUAL, **UNTOLD, "partner_id": scope.row.id}
    records = ({**usual, **one} for one in fresh)
    made = add_unless_taken(scope.session, Participant, records, same, KEY_INDEX)
    owned: list[dict[str, Any]] = []
    for one in fresh:
        if one["id"] in made:
            own = digests_for(scope.session, one.get("email"), one.get("phone"))
            digests[one["id"]] = own.values()
            owned += [{"participant_id": one["id"], "kind": kind, "digest": digest} for kind, digest in own.items()]
    add_many(scope.session, ContactDigest, owned, {"partner_id": scope.row.id})
    record_many(scope, ChangeKind.PARTICIPANT_CREATED, Participant, made, scope.row.id)
    return made


def _count_duplicates(
    scope: Scope[Partner], results: Sequence[Synced], digests: Mapping[UUID, Collection[str]]
) -> None:
    if digests:
        scope.session.flush()
        counts = queries.duplicate_counts(scope, digests)
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
