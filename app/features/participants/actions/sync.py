"""How does another system keep a person right under a key of its own, however often it sends the same?

The key identifies, so no entity tag is asked for: what is sent a second time changes nothing. One that is given is kept to.
"""

from sqlalchemy.exc import IntegrityError

from app.domain.errors import RuleViolation
from app.domain.roles import Permission
from app.domain.sync import ExternalKey, SyncOutcome
from app.features.access.scope import Scope
from app.features.participants.actions.contacts import keep_digests
from app.features.participants.actions.participants import change_facts, take_in
from app.features.participants.queries import by_external_key
from app.features.participants.schemas import AvailabilitySync, ParticipantCreate, ParticipantSync
from app.features.participants.tables import Participant
from app.features.partners.tables import Partner
from app.kit.conditional import check_given

CONTACTS = frozenset({"email", "phone"})


def demand_sync(scope: Scope[Partner]) -> None:
    """Whoever sends people makes, changes and reads them in one: none of it by scopes that lack it. Raises: 403."""
    for permission in (Permission.PARTICIPANT_UPDATE, Permission.PARTICIPANT_READ):
        scope.demand_permission(permission)


def sync_participant(
    scope: Scope[Partner], key: ExternalKey, body: ParticipantSync, if_match: str | None = None
) -> tuple[Participant, SyncOutcome]:
    """Take the person in, or change what the body holds and is not so yet.

    Raises: 403 for missing scopes, 412 for another version, 422 when somebody new lacks what each record has; see
    `take_in` and `change_facts`; `participant.external_id_taken` when the key is somebody's whom the caller may not see.
    """
    demand_sync(scope)
    held = by_external_key(scope, scope.row.id, key)
    check_given(if_match, held)
    if held is not None:
        return held, change(scope.about(held), body)
    facts = body.model_dump(exclude_unset=True)
    whole = ParticipantCreate.model_validate({**facts, "external_system": key.system, "external_id": key.id})
    try:
        with scope.session.begin_nested():
            return take_in(scope, scope.row.id, whole), SyncOutcome.CREATED
    except IntegrityError as taken:
        held = by_external_key(scope, scope.row.id, key)  # the same was sent at the same moment
        if held is None:
            raise RuleViolation("participant.external_id_taken") from taken
        return held, change(scope.about(held), body)


def sync_availability(
    scope: Scope[Partner], key: ExternalKey, body: AvailabilitySync, if_match: str | None = None
) -> tuple[Participant, SyncOutcome]:
    """Change when the person can meet. Raises: `participant.external_id_unknown`, and as `sync_participant`."""
    demand_sync(scope)
    held = held_under(scope, key)
    check_given(if_match, held)
    given = {name: getattr(body, name) for name in body.model_fields_set}
    return held, change(scope.about(held), ParticipantSync.model_construct(body.model_fields_set, **given))


def held_under(scope: Scope[Partner], key: ExternalKey) -> Participant:
    """The person whom the partner holds under the key. Raises: `participant.external_id_unknown`."""
    held = by_external_key(scope, scope.row.id, key)
    if held is None:
        raise RuleViolation("participant.external_id_unknown")
    return held


def change(scope: Scope[Participant], body: ParticipantSync) -> SyncOutcome:
    """Change what is not so yet, and keep the digests of contacts that did. Raises: see `change_facts`."""
    changed = change_facts(scope, body)
    if not CONTACTS.isdisjoint(changed):
        keep_digests(scope.session, scope.row)
    return SyncOutcome.CHANGED if changed else SyncOutcome.UNCHANGED
