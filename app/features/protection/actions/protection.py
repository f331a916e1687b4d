"""How does a person's identity become protected, so that nothing of them is left where it was, and how is it lifted?"""

from typing import Any

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.glossary import Concealing, ProtectionLevel
from app.features.access.scope import Scope
from app.features.access.tables import Concealment
from app.features.changes.actions import record
from app.features.participants.tables import Participant
from app.features.protection import queries
from app.features.protection.actions.traces import hide_runs, remove_exports, withdraw_referrals
from app.kit.columns import amend
from app.kit.idempotency import empty_answers

KEEPS_NO_PLACE = frozenset({ProtectionLevel.PROTECTED_REGISTRATION, ProtectionLevel.ASSUMED_IDENTITY})


def protect(scope: Scope[Participant], level: ProtectionLevel) -> None:
    """Protect the person's identity, or change the level. From the commit on they are absent for all but the cleared.

    Works also while nobody is cleared for the partner's protected people: safety comes first. The concealment is
    written last, so that the one who sets it can still reach what has to be put away.
    """
    person = scope.row
    wanted: dict[str, Any] = {"protection": level}
    if level in KEEPS_NO_PLACE:
        wanted |= {"municipality_code": None, "district": None}
    changed = amend(person, wanted)
    if not changed:
        return
    record(scope, ChangeKind.PROTECTION_SET, person, changed)
    scope.session.flush()
    if queries.protecting(scope.session, person) is not None:
        return
    withdraw_referrals(scope)
    hide_runs(scope)
    remove_exports(scope)
    # Kept for retries: in them the person, or a row about them, could still be read.
    empty_answers(scope.session, queries.ids_about(scope.session, person))
    scope.session.add(
        Concealment(
            participant_id=person.id,
            partner_id=person.partner_id,
            kind=Concealing.PROTECTED_IDENTITY,
            user_id=person.user_id,
        )
    )


def lift_protection(scope: Scope[Participant]) -> None:
    """End the protection: the person is again where their rows are. Only the cleared come this far.

    Raises: `protection.not_set`.
    """
    person = scope.row
    concealment = queries.protecting(scope.session, person)
    if concealment is None:
        raise RuleViolation("protection.not_set")
    scope.session.delete(concealment)
    record(scope, ChangeKind.PROTECTION_LIFTED, person, amend(person, {"protection": None}))
