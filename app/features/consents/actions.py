"""How is a consent asked for, given and withdrawn?"""

from app.domain.changes import ChangeKind
from app.domain.consents import check_recipient, giver_of
from app.domain.errors import RuleViolation
from app.domain.glossary import Concealing, ConsentGiver, ConsentPurpose
from app.domain.people import is_minor
from app.features.access.scope import Scope
from app.features.access.tables import Concealment
from app.features.changes.actions import record
from app.features.consents.queries import (
    can_know_of,
    is_guardian,
    is_text_of,
    last_number,
    rests_on_consent,
    withdrawn,
)
from app.features.consents.schemas import ConsentCreate, ConsentTextCreate
from app.features.consents.tables import Consent, ConsentText
from app.features.participants.tables import Participant
from app.features.partners.queries import exists
from app.features.partners.tables import Partner
from app.kit.columns import amend


def publish_consent_text(scope: Scope[Partner], body: ConsentTextCreate) -> ConsentText:
    """Publish the next version for a purpose in a language."""
    partner_id = scope.row.id
    # Publishers of one partner queue up at its row (the guard locked it), so numbers have no gaps and no twins.
    number = last_number(scope.session, partner_id, body.purpose, body.language) + 1
    text = ConsentText.model_validate({**body.model_dump(), "partner_id": partner_id, "number": number})
    scope.session.add(text)
    record(scope, ChangeKind.CONSENT_TEXT_PUBLISHED, text)
    return text


def give_consent(scope: Scope[Participant], body: ConsentCreate) -> Consent:
    """Note a consent; for sharing in a program it opens again, at once, what a withdrawal had closed.

    Raises: `consent.anonymous`, `consent.guardian_needed`, `consent.giver_invalid`, `consent_text.unknown`, and see
    `_check_recipient`; at the flush `consent.already_given`.
    """
    person = scope.row
    giver = _giver(scope, body)
    _check_recipient(scope, body)
    if not is_text_of(scope.session, body.text_id, person.partner_id, body.purpose):
        raise RuleViolation("consent_text.unknown", pointer="/textId")
    fixed = {"participant_id": person.id, "partner_id": person.partner_id, "given_at": scope.now, "giver": giver}
    consent = Consent.model_validate({**body.model_dump(), **fixed, "recorded_by_user_id": scope.actor.user_id})
    scope.session.add(consent)
    record(scope, ChangeKind.CONSENT_GIVEN, consent)
    # Whoever withdraws the older consent right now has done so when the flush returns, and is seen below.
    scope.session.flush()
    if body.purpose is ConsentPurpose.SHARE_IN_PROGRAM and body.program_id is not None:
        closed = withdrawn(scope.session, person.id, body.program_id)
        if closed is not None:
            scope.session.delete(closed)
    return consent


def withdraw_consent(scope: Scope[Consent]) -> Consent:
    """Withdraw a consent (återkalla), with effect from the next request. Raises: `consent.already_withdrawn`.

    Where the person takes part on the ground of consent, the program's other partners lose sight of them.
    """
    consent = scope.row
    if consent.withdrawn_at is not None:
        raise RuleViolation("consent.already_withdrawn")
    wanted = {"withdrawn_at": scope.now, "withdrawn_by_user_id": scope.actor.user_id}
    record(scope, ChangeKind.CONSENT_WITHDRAWN, consent, amend(consent, wanted))
    if consent.purpose is ConsentPurpose.SHARE_IN_PROGRAM and consent.program_id is not None:
        person_id, program_id = consent.participant_id, consent.program_id
        if rests_on_consent(scope.session, person_id, program_id):
            scope.session.add(
                Concealment(
                    participant_id=person_id,
                    partner_id=consent.partner_id,
                    kind=Concealing.WITHDRAWN_CONSENT,
                    program_id=program_id,
                )
            )
    return consent


def _giver(scope: Scope[Participant], body: ConsentCreate) -> ConsentGiver:
    person = scope.row
    if person.born_on is None:  # only of the anonymous
        raise RuleViolation("consent.anonymous")
    giver = giver_of(
        body.giver,
        is_own_login=person.id in scope.actor.persons,
        is_minor=is_minor(person.born_on, scope.today),
        names_guardian=body.guardian_id is not None,
    )
    if body.guardian_id is not None and not is_guardian(scope.session, body.guardian_id, person.id):
        raise RuleViolation("consent.guardian_needed", pointer="/guardianId")
    return giver


def _check_recipient(scope: Scope[Participant], body: ConsentCreate) -> None:
    """Raises `consent.recipient_invalid`, `consent.program_unknown`, `consent.to_own_partner`, `partner.unknown`."""
    recipient_id = body.recipient_partner_id
    check_recipient(body.purpose, has_program=body.program_id is not None, has_partner=recipient_id is not None)
    if body.program_id is not None and not can_know_of(scope, body.program_id):
        raise RuleViolation("consent.program_unknown", pointer="/programId")
    if recipient_id == scope.row.partner_id:
        raise RuleViolation("consent.to_own_partner", pointer="/recipientPartnerId")
    if recipient_id is not None and not exists(scope.session, recipient_id):
        raise RuleViolation("partner.unknown", pointer="/recipientPartnerId")
