"""How does a partner take in a person and keep what is known of them right?"""

from datetime import date
from typing import Any
from uuid import UUID

from app.domain.changes import ChangeKind
from app.domain.days import age_on
from app.domain.errors import RuleViolation
from app.domain.grants import PAIR
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.participants.queries import mentor_load
from app.features.participants.schemas import ParticipantCreate, ParticipantPatch, hours_of
from app.features.participants.tables import Participant
from app.features.partners.queries import exists
from app.features.partners.tables import Partner
from app.kit.columns import amend
from app.kit.text import looks_like_personnummer
from app.kit.wire import Schema

EARLIEST_BIRTH = date(1900, 1, 1)
OLDEST = 130  # years; nobody on record has lived so long
KEPT_BY_HOLDER = frozenset({"external_system", "external_id"})


def create_participant(scope: Scope[Partner], body: ParticipantCreate) -> Participant:
    """Take in a person whom the partner then holds. Raises: see `take_in`."""
    return take_in(scope, scope.row.id, body)


def take_in(scope: Scope[Any], partner_id: UUID, body: ParticipantCreate, **fixed: Any) -> Participant:
    """Store a new record held by the partner; `fixed` are columns that no body speaks of (`person_id`).

    Raises: `text.personnummer_refused`, see `_check`; `participant.external_id_taken`.
    """
    refuse_personnummer(body)
    participant = Participant.model_validate({**_stored(body), **fixed, "partner_id": partner_id})
    _check(scope, participant, set(ParticipantCreate.model_fields))
    scope.session.add(participant)
    record(scope, ChangeKind.PARTICIPANT_CREATED, participant)
    return participant


def update_participant(scope: Scope[Participant], body: ParticipantPatch) -> Participant:
    """Change what is known of a person. The person may not change the keys that the holder's own systems use.

    Raises: `participant.kept_by_holder`, `participant.capacity_below_load`, and see `_check`.
    """
    row = scope.row
    refuse_personnummer(body)
    if scope.actor.role in PAIR and not KEPT_BY_HOLDER.isdisjoint(body.model_fields_set):
        raise RuleViolation("participant.kept_by_holder")
    if body.mentor_capacity is not None and body.mentor_capacity < row.mentor_capacity:
        _check_load(scope, body.mentor_capacity)
    if changed := amend(row, _stored(body)):
        _check(scope, row, set(changed))
        record(scope, ChangeKind.PARTICIPANT_UPDATED, row, changed)
    return row


def refuse_personnummer(body: Schema) -> None:
    """Raises `text.personnummer_refused`, with a pointer and without the value, for a text that seems to hold one."""
    for name, value in body.model_dump(by_alias=True, exclude_unset=True).items():
        if isinstance(value, str) and looks_like_personnummer(value):
            raise RuleViolation("text.personnummer_refused", pointer=f"/{name}")


def _stored(body: ParticipantCreate | ParticipantPatch) -> dict[str, Any]:
    """The body in the form of the table; a patch only with what it holds."""
    stored = body.model_dump(exclude_unset=isinstance(body, ParticipantPatch))
    if body.availability is not None and "availability" in stored:
        stored["availability"] = hours_of(body.availability)
    return stored


def _check(scope: Scope[Any], row: Participant, given: set[str]) -> None:
    """Raises `participant.born_on_invalid`, `participant.external_id_incomplete`, `partner.unknown`."""
    if (row.external_system is None) != (row.external_id is None):
        raise RuleViolation("participant.external_id_incomplete", pointer="/externalId")
    if "born_on" in given and row.born_on is not None and not _is_possible(row.born_on, scope.today):
        raise RuleViolation("participant.born_on_invalid", pointer="/bornOn")
    employer_id = row.employer_partner_id
    if "employer_partner_id" in given and employer_id is not None and not exists(scope.session, employer_id):
        raise RuleViolation("partner.unknown", pointer="/employerPartnerId")


def _check_load(scope: Scope[Participant], capacity: int) -> None:
    """Places are numbered, and a match keeps its number: the highest held one is the lowest capacity for now."""
    held, highest = mentor_load(scope.session, scope.row.id)
    if capacity < highest:
        raise RuleViolation(
            "participant.capacity_below_load", pointer="/mentorCapacity", placesHeld=held, lowestCapacity=highest
        )


def _is_possible(born_on: date, today: date) -> bool:
    return EARLIEST_BIRTH <= born_on <= today and age_on(born_on, today) <= OLDEST
