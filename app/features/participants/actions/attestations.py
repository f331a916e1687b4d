"""How is it noted that a rule is met, without the fact behind it?"""

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.participants import queries
from app.features.participants.schemas import AttestationCreate
from app.features.participants.tables import Attestation, Participant
from app.kit.columns import amend

REGISTER_EXTRACT = "registerExtract"
"""That an extract from the criminal records register was shown (lag 2013:852); it counts for a limited time."""


def record_attestation(scope: Scope[Participant], body: AttestationCreate) -> Attestation:
    """Note that a rule is met, or not; what says no revokes the earlier ones of the same code.

    Raises: `attestation.code_unknown`, `attestation.day_in_future`, `attestation.period_invalid`,
    `attestation.valid_until_missing`, `attestation.denied_later`.
    """
    person, day = scope.row, body.attested_on or scope.today
    _check(scope, body)
    if body.is_met and queries.is_denied_after(scope.session, person.id, body.code, day):
        raise RuleViolation("attestation.denied_later", pointer="/attestedOn")
    if not body.is_met:
        for earlier in queries.standing(scope.session, person.id, body.code, day):
            _revoke(scope, earlier)
    whose = {"participant_id": person.id, "partner_id": person.partner_id, "attested_on": day}
    by = {"attested_by_user_id": scope.actor.user_id, "attested_by_partner_id": scope.actor.partner_id}
    attestation = Attestation.model_validate({**body.model_dump(), **whose, **by})
    scope.session.add(attestation)
    record(scope, ChangeKind.ATTESTATION_RECORDED, attestation)
    return attestation


def revoke_attestation(scope: Scope[Attestation]) -> Attestation:
    """Take back what was noted in error; it counts from now on for nothing. Raises: `attestation.already_revoked`."""
    if scope.row.revoked_at is not None:
        raise RuleViolation("attestation.already_revoked")
    _revoke(scope, scope.row)
    return scope.row


def _revoke(scope: Scope[object], attestation: Attestation) -> None:
    record(scope, ChangeKind.ATTESTATION_REVOKED, attestation, amend(attestation, {"revoked_at": scope.now}))


def _check(scope: Scope[Participant], body: AttestationCreate) -> None:
    day = body.attested_on or scope.today
    if body.code != REGISTER_EXTRACT and not queries.is_asked_for(scope, body.code):
        raise RuleViolation("attestation.code_unknown", pointer="/code")
    if day > scope.today:
        raise RuleViolation("attestation.day_in_future", pointer="/attestedOn")
    if body.valid_until is not None and body.valid_until < day:
        raise RuleViolation("attestation.period_invalid", pointer="/validUntil")
    if body.code == REGISTER_EXTRACT and body.is_met and body.valid_until is None:
        raise RuleViolation("attestation.valid_until_missing", pointer="/validUntil")
