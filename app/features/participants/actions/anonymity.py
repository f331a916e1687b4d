"""How is a person counted and matched whom nobody may know, and how do they become known, or unknown again?"""

from typing import Any

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.glossary import Concealing
from app.domain.grants import PAIR
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.tables import Concealment
from app.features.accounts.actions import close_account
from app.features.changes.actions import record
from app.features.participants import queries
from app.features.participants.actions.contacts import keep_digests
from app.features.participants.actions.participants import check_facts, stored
from app.features.participants.queries import EMPTIED
from app.features.participants.schemas import AnonymousParticipantCreate, IdentificationCreate
from app.features.participants.tables import Participant
from app.features.partners.tables import Partner
from app.kit.columns import amend
from app.kit.idempotency import empty_answers
from app.kit.ids import new_id

UNKNOWN = dict.fromkeys(
    (
        "user_id", "external_system", "external_id", "given_name", "family_name", "email", "phone", "born_on",
        "municipality_code", "district", "employer_partner_id",
    )
)  # fmt: skip
"""What is emptied of a person who becomes anonymous."""


def create_anonymous(scope: Scope[Partner], body: AnonymousParticipantCreate) -> Participant:
    """Take in a person who consents to nothing; the record is for the holder's staff only.

    Raises: `participant.born_on_invalid`.
    """
    person = Participant.model_validate({**stored(body), "is_anonymous": True, "partner_id": scope.row.id})
    check_facts(scope, person, set(AnonymousParticipantCreate.model_fields))
    scope.session.add(person)
    record(scope, ChangeKind.PARTICIPANT_CREATED, person)
    _conceal(scope, person)
    return person


def identify(scope: Scope[Participant], body: IdentificationCreate) -> Participant:
    """Note who an anonymous person is, now that they agree; the record opens to those whom duties give it.

    Raises: `participant.not_anonymous`, `participant.birth_year_differs`, and see `check_facts`;
    `participant.external_id_taken`.
    """
    person = scope.row
    if not person.is_anonymous:
        raise RuleViolation("participant.not_anonymous")
    if body.born_on.year != person.birth_year:
        raise RuleViolation("participant.birth_year_differs", pointer="/bornOn")
    changed = amend(person, body.model_dump(), is_anonymous=False, birth_year=None)
    check_facts(scope, person, set(changed))
    scope.session.delete(queries.concealment_as_anonymous(scope.session, person.id))
    record(scope, ChangeKind.PARTICIPANT_UPDATED, person, changed)
    keep_digests(scope.session, person)
    return person


def anonymise(scope: Scope[Participant]) -> Participant:
    """Keep of a person only what an anonymous record has; the enrolments and matches stay, and so the counts.

    The login is closed, guardians are emptied, links to other records and stored answers are forgotten. Attestations
    stay: they say that a rule is met, and of whom no more than the record does.
    Raises: `participant.kept_by_holder`, `participant.is_anonymous`, `participant.has_consents`: those in force are
    withdrawn first, one by one, with what follows from each.
    """
    person = scope.row
    if scope.actor.role in PAIR:
        raise RuleViolation("participant.kept_by_holder")
    if person.is_anonymous or person.born_on is None:
        raise RuleViolation("participant.is_anonymous")
    if queries.has_consents(scope.session, person.id):
        raise RuleViolation("participant.has_consents")
    empty_answers(scope.session, {person.id} | ({person.user_id} if person.user_id else set()))
    if person.user_id is not None:
        close_account(scope, person.user_id)
    _empty_guardians(scope, person)
    _forget_links(scope, person)
    known = {"is_anonymous": True, "birth_year": person.born_on.year, "person_id": new_id(), "is_business_owner": False}
    record(scope, ChangeKind.PARTICIPANT_UPDATED, person, amend(person, {**UNKNOWN, **known}))
    keep_digests(scope.session, person)
    _conceal(scope, person)
    return person


@looks_beyond_reach
def _forget_links(scope: Scope[object], person: Participant) -> None:
    """Also those to records that the holder does not see."""
    for decision in queries.decisions_about(scope.session, person.id):
        scope.session.delete(decision)


def _conceal(scope: Scope[object], person: Participant) -> None:
    scope.session.flush()  # the concealment points at the record
    scope.session.add(Concealment(participant_id=person.id, partner_id=person.partner_id, kind=Concealing.ANONYMOUS))


def _empty_guardians(scope: Scope[object], person: Participant) -> None:
    """A withdrawn consent may still say that a guardian gave it, so the row stays, without a person in it."""
    for guardian in queries.guardians_of(scope.session, person.id):
        emptied: dict[str, Any] = {"given_name": EMPTIED, "family_name": EMPTIED, "email": None, "phone": None}
        if guardian.consented_on is not None and guardian.withdrawn_on is None:
            emptied["withdrawn_on"] = scope.today
        record(scope, ChangeKind.GUARDIAN_UPDATED, guardian, amend(guardian, emptied))
        keep_digests(scope.session, person, guardian)
