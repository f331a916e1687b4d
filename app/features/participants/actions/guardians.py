"""How do a minor's guardians come in, consent, and withdraw?"""

from datetime import date

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.people import is_minor
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.participants import queries
from app.features.participants.actions.contacts import keep_digests
from app.features.participants.schemas import GuardianConsentCreate, GuardianCreate, GuardianPatch
from app.features.participants.tables import Guardian, Participant
from app.kit.columns import amend

MOST = 4


def add_guardian(scope: Scope[Participant], body: GuardianCreate) -> Guardian:
    """Note who has custody of a person who is a minor today.

    Raises: `participant.is_anonymous`, `guardian.not_a_minor`, `guardian.too_many`, `guardian.contact_missing`,
    `guardian.day_invalid`, `guardian.is_mentor`.
    """
    person = scope.row
    _demand_minor(person, scope.today)
    if queries.guardian_count(scope.session, person.id) >= MOST:
        raise RuleViolation("guardian.too_many", most=MOST)
    _check_day(body.consented_on, None, scope.today)
    whose = {"participant_id": person.id, "partner_id": person.partner_id, "recorded_by_user_id": scope.actor.user_id}
    guardian = Guardian.model_validate({**body.model_dump(), **whose})
    scope.session.add(guardian)
    record(scope, ChangeKind.GUARDIAN_ADDED, guardian)
    _check_contact(scope, person, guardian)
    return guardian


def update_guardian(scope: Scope[Guardian], body: GuardianPatch) -> Guardian:
    """Correct a guardian's name or contacts.

    Raises: `participant.is_anonymous`, `guardian.contact_missing`, `guardian.is_mentor`.
    """
    guardian = scope.row
    person = _person(scope)
    if person.is_anonymous:
        raise RuleViolation("participant.is_anonymous")
    if changed := amend(guardian, body):
        record(scope, ChangeKind.GUARDIAN_UPDATED, guardian, changed)
        _check_contact(scope, person, guardian)
    return guardian


def give_guardian_consent(scope: Scope[Guardian], body: GuardianConsentCreate) -> Guardian:
    """Note that the guardian consents, from a day that has come and lies not before an earlier withdrawal.

    Raises: `participant.is_anonymous`, `guardian.not_a_minor`, `guardian.consent_in_force`, `guardian.day_invalid`.
    """
    guardian = scope.row
    _demand_minor(_person(scope), scope.today)
    if _consents(guardian):
        raise RuleViolation("guardian.consent_in_force")
    day = body.consented_on or scope.today
    _check_day(day, guardian.withdrawn_on, scope.today)
    changed = amend(guardian, {"consented_on": day, "withdrawn_on": None})
    record(scope, ChangeKind.GUARDIAN_UPDATED, guardian, changed)
    return guardian


def withdraw_guardian_consent(scope: Scope[Guardian]) -> Guardian:
    """Note that the guardian does not consent any more, from today. Raises: `guardian.no_consent`."""
    guardian = scope.row
    if not _consents(guardian):
        raise RuleViolation("guardian.no_consent")
    record(scope, ChangeKind.GUARDIAN_UPDATED, guardian, amend(guardian, {"withdrawn_on": scope.today}))
    return guardian


def _person(scope: Scope[Guardian]) -> Participant:
    return scope.session.get_one(Participant, scope.row.participant_id)


def _consents(guardian: Guardian) -> bool:
    return guardian.consented_on is not None and guardian.withdrawn_on is None


def _demand_minor(person: Participant, today: date) -> None:
    if person.born_on is None:
        raise RuleViolation("participant.is_anonymous")
    if not is_minor(person.born_on, today):
        raise RuleViolation("guardian.not_a_minor")


def _check_day(day: date | None, earliest: date | None, today: date) -> None:
    if day is not None and not (earliest or day) <= day <= today:
        raise RuleViolation("guardian.day_invalid", pointer="/consentedOn")


def _check_contact(scope: Scope[object], person: Participant, guardian: Guardian) -> None:
    """The guardian can be reached, and is not the one whom the minor meets."""
    if guardian.email is None and guardian.phone is None:
        raise RuleViolation("guardian.contact_missing")
    keep_digests(scope.session, person, guardian)
    if queries.is_mentor_too(scope.session, guardian):
        raise RuleViolation("guardian.is_mentor")
