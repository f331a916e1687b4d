"""How does a duty pass from one partner to another? One person proposes, the receiving partner answers."""

from datetime import date

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.grants import may_hold
from app.domain.lifecycles import HANDOVER, HandoverStatus
from app.domain.roles import Level, Responsibility
from app.features.access.scope import Scope
from app.features.access.tables import ResponsibilityAssignment
from app.features.agreements.actions.assignments import begin, end_before
from app.features.agreements.queries import held_on, is_party, lock_program
from app.features.agreements.schemas import HandoverAnswer, HandoverCreate
from app.features.agreements.tables import DutyHandover
from app.features.changes.actions import record
from app.features.partners.queries import exists, sectors_of
from app.features.programs.tables import Program
from app.kit.columns import amend


def propose_handover(scope: Scope[Program], body: HandoverCreate) -> DutyHandover:
    """Propose that another party of the agreement takes over a duty of the caller's partner.

    Raises: 403 naming the duty's holder; `partner.unknown`, `handover.to_itself`, and as `_handed_over`.
    """
    scope.demand_duty(scope.row.id, body.duty)
    if not exists(scope.session, body.to_partner_id):
        raise RuleViolation("partner.unknown", pointer="/toPartnerId")
    if body.to_partner_id == scope.actor.partner_id:
        raise RuleViolation("handover.to_itself", pointer="/toPartnerId")
    handover = DutyHandover.model_validate(
        {
            **body.model_dump(),
            "program_id": scope.row.id,
            "from_partner_id": scope.actor.partner_id,
            "proposed_by_user_id": scope.actor.user_id,
        }
    )
    _handed_over(scope.about(handover))
    scope.session.add(handover)
    record(scope, ChangeKind.HANDOVER_PROPOSED, handover)
    return handover


def answer_handover(scope: Scope[DutyHandover], body: HandoverAnswer) -> DutyHandover:
    """Accept or decline for the receiving partner; on acceptance the duty passes on the day that was proposed.

    Raises: `handover.answered_by_proposer`, `handover.transition_not_allowed`; on acceptance as `_handed_over`.
    """
    handover = scope.row
    if handover.proposed_by_user_id == scope.actor.user_id:
        raise RuleViolation("handover.answered_by_proposer")
    to = HandoverStatus.ACCEPTED if body.accept else HandoverStatus.DECLINED
    HANDOVER.check(handover.status, to)
    if body.accept:
        lock_program(scope.session, handover.program_id)
        _pass_on(scope, _handed_over(scope))
    wanted = {"status": to, "answered_by_user_id": scope.actor.user_id, "answered_at": scope.now}
    kind = ChangeKind.HANDOVER_ACCEPTED if body.accept else ChangeKind.HANDOVER_DECLINED
    record(scope, kind, handover, amend(handover, wanted))
    return handover


def _handed_over(scope: Scope[DutyHandover]) -> ResponsibilityAssignment:
    """The assignment that would be handed over: in force on the first day, held by the proposing partner.

    Raises: `handover.begins_in_past`, `handover.not_accountable_then`, `handover.begins_with_duty`,
    `handover.receiver_not_party`, `agreement.sector_may_not_hold`.
    """
    wanted = scope.row
    if wanted.begins_on < scope.today:
        raise RuleViolation("handover.begins_in_past", today=scope.today.isoformat())
    held = held_on(scope.session, wanted.program_id, wanted.duty, Level.ACCOUNTABLE, wanted.begins_on)
    own = next((one for one in held if one.partner_id == wanted.from_partner_id), None)
    if own is None:
        raise RuleViolation("handover.not_accountable_then", duty=wanted.duty.value)
    if own.valid_from == wanted.begins_on:
        raise RuleViolation("handover.begins_with_duty", validFrom=own.valid_from.isoformat())
    if not is_party(scope.session, own.agreement_id, wanted.to_partner_id):
        raise RuleViolation("handover.receiver_not_party", agreementId=str(own.agreement_id))
    if not may_hold(wanted.duty, sectors_of(scope.session, {wanted.to_partner_id})[wanted.to_partner_id]):
        raise RuleViolation("agreement.sector_may_not_hold", pointer="/toPartnerId", duty=wanted.duty.value)
    return own


def _pass_on(scope: Scope[DutyHandover], held: ResponsibilityAssignment) -> None:
    handover, until = scope.row, held.valid_until
    end_before(scope, [held, *_support_of_receiver(scope, handover.duty, handover.begins_on)], handover.begins_on)
    given = {
        "program_id": handover.program_id,
        "agreement_id": held.agreement_id,
        "partner_id": handover.to_partner_id,
        "duty": handover.duty,
        "level": Level.ACCOUNTABLE,
        "valid_from": handover.begins_on,
        "valid_until": until,
    }
    begin(scope, ResponsibilityAssignment.model_validate(given))


def _support_of_receiver(scope: Scope[DutyHandover], duty: Responsibility, day: date) -> list[ResponsibilityAssignment]:
    """Who answers for a duty no longer supports it."""
    supporting = held_on(scope.session, scope.row.program_id, duty, Level.SUPPORTING, day)
    return [one for one in supporting if one.partner_id == scope.row.to_partner_id]
