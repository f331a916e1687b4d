"""How do staff rule two people out of each other, and how do they think better of it?"""

from uuid import UUID

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.glossary import Side
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.enrolments.tables import Enrolment
from app.features.matching import queries
from app.features.matching.schemas import PairBlockCreate
from app.features.matching.tables import PairBlock
from app.features.programs.tables import Program
from app.kit.columns import amend


def block_pair(scope: Scope[Program], body: PairBlockCreate) -> PairBlock:
    """Rule two people out of each other in the program. A match that they already have is left to those who follow it.

    Raises: `matching.enrolment_unknown`, `pair_block.same_person`, and at the flush `pair_block.in_force_already`.
    """
    mentor = enrolment_of(scope, body.mentor_enrolment_id, Side.MENTOR)
    mentee = enrolment_of(scope, body.mentee_enrolment_id, Side.MENTEE)
    if mentor.participant_id == mentee.participant_id:
        raise RuleViolation("pair_block.same_person")
    block = PairBlock.model_validate(
        {
            "program_id": scope.row.id,
            "mentor_enrolment_id": mentor.id,
            "mentee_enrolment_id": mentee.id,
            "mentor_participant_id": mentor.participant_id,
            "mentee_participant_id": mentee.participant_id,
            "reason": body.reason,
            "decided_by_user_id": scope.actor.user_id,
        }
    )
    scope.session.add(block)
    record(scope, ChangeKind.PAIR_BLOCK_RECORDED, block)
    return block


def revoke_block(scope: Scope[PairBlock]) -> PairBlock:
    """Let the two be proposed to each other again. Raises: `pair_block.revoked_already`."""
    if scope.row.revoked_at is not None:
        raise RuleViolation("pair_block.revoked_already")
    changed = amend(scope.row, {"revoked_at": scope.now, "revoked_by_user_id": scope.actor.user_id})
    record(scope, ChangeKind.PAIR_BLOCK_REVOKED, scope.row, changed)
    return scope.row


def enrolment_of(scope: Scope[Program], enrolment_id: UUID, side: Side) -> Enrolment:
    """The enrolment that a body names. Raises: `matching.enrolment_unknown`, also for people kept from the caller."""
    found = queries.known_enrolment(scope, enrolment_id, side)
    if found is None:
        raise RuleViolation("matching.enrolment_unknown", pointer=f"/{side.value}EnrolmentId")
    return found
