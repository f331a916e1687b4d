"""How does a clearance come into force, and how does it end? Two people of the holding partner open, one closes."""

from datetime import date, timedelta
from uuid import UUID

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.lifecycles import CLEARANCE, ClearanceStatus
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.partners.tables import Partner
from app.features.protection import queries
from app.features.protection.schemas import ClearanceCreate
from app.features.protection.tables import Clearance
from app.kit.columns import amend

LONGEST_DAYS = 180


def propose_clearance(scope: Scope[Partner], body: ClearanceCreate) -> Clearance:
    """Propose that a user may handle the partner's protected people; nothing is open until somebody else approves.

    Raises: `clearance.own`, `clearance.valid_until_outside_window`, `clearance.user_unknown` (whatever the cause: the
    users of other partners are not told apart), and at the flush `clearance.already_open`.
    """
    if body.user_id == scope.actor.user_id:
        raise RuleViolation("clearance.own", pointer="/userId")
    _check_last_day(body.valid_until, scope.today, "/validUntil")
    _check_user(scope, body.user_id, "/userId")
    clearance = Clearance.model_validate(
        {**body.model_dump(), "partner_id": scope.row.id, "proposed_by_user_id": scope.actor.user_id}
    )
    scope.session.add(clearance)
    record(scope, ChangeKind.CLEARANCE_PROPOSED, clearance)
    return clearance


def approve_clearance(scope: Scope[Clearance]) -> Clearance:
    """Let the clearance come into force; an earlier one of the same user ends, so that one revocation closes all.

    Raises: `clearance.own`, `clearance.same_person`, `clearance.transition_not_allowed`,
    `clearance.valid_until_outside_window` when its last day has passed, `clearance.user_unknown`.
    """
    clearance = scope.row
    if clearance.user_id == scope.actor.user_id:
        raise RuleViolation("clearance.own")
    if clearance.proposed_by_user_id == scope.actor.user_id:
        raise RuleViolation("clearance.same_person")
    CLEARANCE.check(clearance.status, ClearanceStatus.APPROVED)
    _check_last_day(clearance.valid_until, scope.today)
    _check_user(scope, clearance.user_id)
    for earlier in queries.lock_approved(scope):
        revoke_clearance(scope.about(earlier))
    return _answer(scope, ClearanceStatus.APPROVED, ChangeKind.CLEARANCE_APPROVED)


def refuse_clearance(scope: Scope[Clearance]) -> Clearance:
    """Decide that a proposal leads to nothing; whoever made it may take it back so. Raises: the lifecycle's refusal."""
    CLEARANCE.check(scope.row.status, ClearanceStatus.DECLINED)
    return _answer(scope, ClearanceStatus.DECLINED, ChangeKind.CLEARANCE_DECLINED)


def revoke_clearance(scope: Scope[Clearance]) -> Clearance:
    """End a clearance from the next request on; one person is enough to close. Raises: the lifecycle's refusal."""
    clearance = scope.row
    CLEARANCE.check(clearance.status, ClearanceStatus.REVOKED)
    ended = {
        "status": ClearanceStatus.REVOKED,
        "revoked_by_user_id": scope.actor.user_id,
        "revoked_at": scope.now,
    }
    record(scope, ChangeKind.CLEARANCE_REVOKED, clearance, amend(clearance, ended))
    return clearance


def _answer(scope: Scope[Clearance], to: ClearanceStatus, kind: ChangeKind) -> Clearance:
    said = {"status": to, "answered_by_user_id": scope.actor.user_id, "answered_at": scope.now}
    record(scope, kind, scope.row, amend(scope.row, said))
    return scope.row


def _check_last_day(valid_until: date, today: date, pointer: str | None = None) -> None:
    latest = today + timedelta(days=LONGEST_DAYS)
    if not today <= valid_until <= latest:
        raise RuleViolation(
            "clearance.valid_until_outside_window",
            pointer=pointer,
            earliest=today.isoformat(),
            latest=latest.isoformat(),
        )


def _check_user(scope: Scope[Partner] | Scope[Clearance], user_id: UUID, pointer: str | None = None) -> None:
    if queries.clearable(scope.session, user_id) is None:
        raise RuleViolation("clearance.user_unknown", pointer=pointer)
