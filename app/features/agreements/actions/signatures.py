"""How is an agreement signed, how does it come into force, and how does it end?"""

from datetime import date

from sqlalchemy.orm.attributes import flag_modified

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.lifecycles import AGREEMENT, AgreementStatus
from app.domain.roles import Level
from app.features.access.queries import accountable_for
from app.features.access.scope import Scope
from app.features.access.tables import ResponsibilityAssignment
from app.features.agreements.actions.assignments import begin, end_before, withdraw_handovers
from app.features.agreements.queries import (
    duties_of,
    held_from,
    in_full,
    lock_in_force,
    lock_program,
    parties_of,
    text_digest,
)
from app.features.agreements.schemas import AgreementRead, TerminationCreate
from app.features.agreements.tables import Agreement, AgreementParty
from app.features.changes.actions import record
from app.features.programs.actions import adopt_program
from app.features.programs.tables import Program
from app.kit.columns import amend


def sign_agreement(scope: Scope[Agreement]) -> AgreementRead:
    """Sign for the caller's partner; the last signature brings the agreement into force.

    Raises: `agreement.transition_not_allowed`, `agreement.not_a_party`, `agreement.already_signed`; at the last
    signature `agreement.expired`, `agreement.duty_already_accountable`, `agreement.overtaken`.
    """
    session, agreement = scope.session, scope.row
    AGREEMENT.check(agreement.status, AgreementStatus.IN_FORCE)
    parties = parties_of(session, agreement.id)
    party = _own_party(scope)
    if party.signed_at is not None:
        raise RuleViolation("agreement.already_signed")
    digest = text_digest(agreement, parties, duties_of(session, agreement.id))
    amend(party, {"signed_at": scope.now, "signed_by_user_id": scope.actor.user_id, "text_digest": digest})
    record(scope, ChangeKind.AGREEMENT_SIGNED, agreement)
    if all(one.signed_at is not None for one in parties):
        _come_into_force(scope)
    else:
        amend(agreement, {"status": AgreementStatus.PARTLY_SIGNED})
        # The signature is part of the agreement: each is a new version of it, also when its state stays.
        flag_modified(agreement, "updated_at")
    return in_full(session, agreement)


def terminate_agreement(scope: Scope[Agreement], body: TerminationCreate) -> AgreementRead:
    """End an agreement in force, and with it every duty it gives, at once; any one party may.

    Raises: `agreement.not_a_party`, `agreement.transition_not_allowed`.
    """
    agreement = scope.row
    _own_party(scope)
    AGREEMENT.check(agreement.status, AgreementStatus.ENDED)
    wanted = {"status": AgreementStatus.ENDED, "ended_at": scope.now, "end_reason": body.reason}
    record(scope, ChangeKind.AGREEMENT_ENDED, agreement, amend(agreement, wanted))
    end_before(scope, held_from(scope.session, agreement.program_id, scope.today, agreement.id), scope.today)
    withdraw_handovers(scope, agreement.program_id)
    return in_full(scope.session, agreement)


def _own_party(scope: Scope[Agreement]) -> AgreementParty:
    parties = parties_of(scope.session, scope.row.id)
    own = next((party for party in parties if party.partner_id == scope.actor.partner_id), None)
    if own is None:
        raise RuleViolation("agreement.not_a_party")
    return own


def _come_into_force(scope: Scope[Agreement]) -> None:
    """From its first day (never before today) this version alone says who holds what."""
    session, agreement = scope.session, scope.row
    if agreement.valid_until is not None and agreement.valid_until < scope.today:
        raise RuleViolation("agreement.expired", validUntil=agreement.valid_until.isoformat())
    begins_on = max(agreement.valid_from, scope.today)
    lock_program(session, agreement.program_id)
    _supersede(scope, begins_on)
    end_before(scope, held_from(session, agreement.program_id, begins_on), begins_on)
    withdraw_handovers(scope, agreement.program_id)
    for given in duties_of(session, agreement.id):
        held = {
            "program_id": agreement.program_id,
            "agreement_id": agreement.id,
            "partner_id": given.partner_id,
            "duty": given.duty,
            "level": given.level,
            "valid_from": begins_on,
            "valid_until": agreement.valid_until,
        }
        begin(scope, ResponsibilityAssignment.model_validate(held))
    session.flush()
    wanted = {"status": AgreementStatus.IN_FORCE, "in_force_at": scope.now}
    record(scope, ChangeKind.AGREEMENT_CAME_INTO_FORCE, agreement, amend(agreement, wanted))
    adopt_program(scope, session.get_one(Program, agreement.program_id))


def _supersede(scope: Scope[Agreement], begins_on: date) -> None:
    """Retire the version in force, if it is the one that the parties saw this one replace when they signed."""
    older = lock_in_force(scope.session, scope.row.program_id)
    if older is None:
        return
    if older.id != scope.row.replaces_id:
        _refuse_overtaken(scope, max(begins_on, older.valid_from))
    amend(older, {"status": AgreementStatus.SUPERSEDED, "ended_at": scope.now})
    record(scope, ChangeKind.AGREEMENT_SUPERSEDED, older)


def _refuse_overtaken(scope: Scope[Agreement], day: date) -> None:
    """Another version came into force since this one was proposed: say which duties it gives to whom."""
    agreement = scope.row
    wanted = {one.duty for one in duties_of(scope.session, agreement.id) if one.level is Level.ACCOUNTABLE}
    held = accountable_for(scope.session, agreement.program_id, wanted, day)
    if taken := [fact for fact in held if fact["partnerId"] is not None]:
        raise RuleViolation("agreement.duty_already_accountable", duties=taken)
    raise RuleViolation("agreement.overtaken")
