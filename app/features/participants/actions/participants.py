"""How does a partner take in a person and keep what is known of them right?"""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from pydantic.alias_generators import to_camel

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.glossary import ProtectionLevel
from app.domain.grants import PAIR
from app.domain.people import is_possible_birth, is_possible_birth_year
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.participants.actions.contacts import keep_digests
from app.features.participants.actions.texts import refuse_personnummer
from app.features.participants.queries import mentor_load
from app.features.participants.schemas import (
    AnonymousParticipantCreate,
    ParticipantCreate,
    ParticipantPatch,
    ParticipantSync,
    hours_of,
)
from app.features.participants.tables import Participant
from app.features.partners.queries import exists
from app.features.partners.tables import Partner
from app.kit.columns import amend

KEPT_BY_HOLDER = frozenset({"external_system", "external_id", "born_on", "employer_partner_id"})
"""What the person may not change themself: the holder's own keys, and facts that rules were or will be applied to."""
KNOWN_OF_ANONYMOUS = frozenset(AnonymousParticipantCreate.model_fields)
PLACES = ("municipality_code", "district")
PLACELESS = frozenset({ProtectionLevel.PROTECTED_REGISTRATION, ProtectionLevel.ASSUMED_IDENTITY})


def create_participant(scope: Scope[Partner], body: ParticipantCreate) -> Participant:
    """Take in a person whom the partner then holds. Raises: see `take_in`."""
    return take_in(scope, scope.row.id, body)


def take_in(scope: Scope[Any], partner_id: UUID, body: ParticipantCreate, **fixed: Any) -> Participant:
    """Store a new record held by the partner; `fixed` are columns that no body speaks of (`person_id`).

    Raises: `text.personnummer_refused`, see `check_facts`; `participant.external_id_taken`.
    """
    refuse_personnummer(body)
    participant = Participant.model_validate({**stored(body), **fixed, "partner_id": partner_id})
    check_facts(scope, participant, set(ParticipantCreate.model_fields))
    scope.session.add(participant)
    record(scope, ChangeKind.PARTICIPANT_CREATED, participant)
    keep_digests(scope.session, participant)
    return participant


def update_participant(scope: Scope[Participant], body: ParticipantPatch) -> Participant:
    """Change what is known of a person; the person themself may change all but `KEPT_BY_HOLDER`.

    Raises: `participant.kept_by_holder`, `participant.is_anonymous`, `participant.not_anonymous`,
    `participant.capacity_below_load`, and see `check_facts`.
    """
    row = scope.row
    if change_facts(scope, body):
        keep_digests(scope.session, row)
    return row


def change_facts(scope: Scope[Participant], body: ParticipantSync) -> list[str]:
    """Change and record the facts that the body holds, and answer which changed; the digests are the caller's to keep.

    Raises: as `update_participant`.
    """
    row = scope.row
    refuse_personnummer(body)
    if scope.actor.role in PAIR and not KEPT_BY_HOLDER.isdisjoint(body.model_fields_set):
        raise RuleViolation("participant.kept_by_holder", fields=sorted(to_camel(name) for name in KEPT_BY_HOLDER))
    _check_kind(row, body)
    if body.mentor_capacity is not None and body.mentor_capacity < row.mentor_capacity:
        _check_load(scope, body.mentor_capacity)
    if changed := amend(row, stored(body)):
        check_facts(scope, row, set(changed))
        record(scope, ChangeKind.PARTICIPANT_UPDATED, row, changed)
    return changed


def stored(body: ParticipantCreate | AnonymousParticipantCreate | ParticipantSync) -> dict[str, Any]:
    """The body in the form of the table; a patch only with what it holds."""
    found = body.model_dump(exclude_unset=isinstance(body, ParticipantSync))
    if body.availability is not None and "availability" in found:
        found["availability"] = hours_of(body.availability)
    return found


def check_facts(scope: Scope[Any], row: Participant | SimpleNamespace, given: set[str]) -> None:
    """Is what was given possible? A row that is not made yet speaks for itself by the same names.

    Raises: `participant.born_on_invalid`, `participant.external_id_incomplete`, `participant.place_not_kept`,
    `partner.unknown`.
    """
    if (row.external_system is None) != (row.external_id is None):
        raise RuleViolation("participant.external_id_incomplete", pointer="/externalId")
    if "born_on" in given and row.born_on is not None and not is_possible_birth(row.born_on, scope.today):
        raise RuleViolation("participant.born_on_invalid", pointer="/bornOn")
    if "birth_year" in given and row.birth_year is not None and not is_possible_birth_year(row.birth_year, scope.today):
        raise RuleViolation("participant.born_on_invalid", pointer="/birthYear")
    for name in PLACES if row.protection in PLACELESS else ():
        if getattr(row, name) is not None:
            raise RuleViolation("participant.place_not_kept", pointer=f"/{to_camel(name)}")
    employer_id = row.employer_partner_id
    with scope.session.no_autoflush:  # the foreign key would speak first, and without a pointer
        if "employer_partner_id" in given and employer_id is not None and not exists(scope.session, employer_id):
            raise RuleViolation("partner.unknown", pointer="/employerPartnerId")


def _check_kind(row: Participant, body: ParticipantSync) -> None:
    """Of the anonymous nothing is kept that tells who they are, and of the others the day of birth, not the year."""
    if not row.is_anonymous:
        if "birth_year" in body.model_fields_set:
            raise RuleViolation("participant.not_anonymous", pointer="/birthYear")
        return
    for name in sorted(body.model_fields_set - KNOWN_OF_ANONYMOUS):
        if getattr(body, name):  # null or false takes nothing in
            raise RuleViolation("participant.is_anonymous", pointer=f"/{to_camel(name)}")


def _check_load(scope: Scope[Participant], capacity: int) -> None:
    """Places are numbered, and a match keeps its number: the highest held one is the lowest capacity for now."""
    held, highest = mentor_load(scope.session, scope.row.id)
    if capacity < highest:
        raise RuleViolation(
            "participant.capacity_below_load", pointer="/mentorCapacity", placesHeld=held, lowestCapacity=highest
        )
