"""How are records that may be of one person spoken of? Ids and which kind of contact is equal; never the contact."""

from uuid import UUID

from pydantic import Field

from app.features.participants.tables import DigestKind
from app.kit.wire import Instant, Schema

SameContacts = list[DigestKind]


class PossibleDuplicateRead(Schema):
    """Another record with an equal address or number."""

    participant_id: UUID
    other_participant_id: UUID
    other_partner_id: UUID
    same_contacts: SameContacts = Field(max_length=len(DigestKind))
    is_same_person: bool | None = Field(description="True: confirmed. Null: nobody has decided yet.")


class DuplicatePairRead(Schema):
    """Two records with an equal address or number that nobody has decided about; the first is the partner's own."""

    participant_id: UUID
    other_participant_id: UUID
    other_partner_id: UUID
    same_contacts: SameContacts = Field(max_length=len(DigestKind))


class DuplicateDecisionCreate(Schema):
    """Whether the two records are of one person. Nothing is merged; reports count one person or two."""

    other_participant_id: UUID
    is_same_person: bool


class DuplicateDecisionRead(Schema):
    """What was decided about the two records, and the person each is now counted as."""

    participant_id: UUID
    other_participant_id: UUID
    is_same_person: bool
    person_id: UUID
    other_person_id: UUID
    decided_by_user_id: UUID
    decided_at: Instant
