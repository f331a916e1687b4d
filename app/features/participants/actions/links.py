"""Are two records of one person? Somebody who may see both decides; nothing is merged.

Records of one person have the same `person_id`, by which reports count. Saying that two are one makes their groups one
group. Saying that they are not takes the record in the path out of a group that they share, and what was said of it
there is open again.
"""

from typing import Any
from uuid import UUID

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.participants import queries
from app.features.participants.schemas import DuplicateDecisionCreate
from app.features.participants.tables import LinkDecision, Participant
from app.kit.columns import amend
from app.kit.ids import new_id


def decide_duplicate(scope: Scope[Participant], body: DuplicateDecisionCreate) -> dict[str, Any]:
    """Decide about two records, also anew.

    Raises: `participant.unknown` for one that the caller does not see; `participant.not_alike` for two that have no
    contact in common and about whom nothing was said; `participant.decided_otherwise`.
    """
    one, other = scope.row, queries.locked_other(scope, body.other_participant_id)
    if other is None:
        raise RuleViolation("participant.unknown", pointer="/otherParticipantId")
    decision = queries.decision_on(scope.session, one.id, other.id)
    is_known = decision is not None or one.person_id == other.person_id
    if not is_known and not queries.is_alike(scope.session, one.id, other.id):
        raise RuleViolation("participant.not_alike", pointer="/otherParticipantId")
    decision = _keep_decision(scope, decision, (one, other), is_same_person=body.is_same_person)
    moved = _join(scope, one, other) if body.is_same_person else _leave(scope, one, other, decision)
    for person in {one.id: one, other.id: other, **moved}.values():
        record(scope, ChangeKind.PARTICIPANT_LINKED, person, ["person_id"] if person.id in moved else [])
    return {
        "participant_id": one.id,
        "other_participant_id": other.id,
        "is_same_person": body.is_same_person,
        "person_id": one.person_id,
        "other_person_id": other.person_id,
        "decided_by_user_id": scope.actor.user_id,
        "decided_at": scope.now,
    }


def _keep_decision(
    scope: Scope[Any], decision: LinkDecision | None, pair: tuple[Participant, Participant], *, is_same_person: bool
) -> LinkDecision:
    """The newest word about the pair; who said what before stands in the log of changes."""
    said = {"is_same_person": is_same_person, "decided_by_user_id": scope.actor.user_id}
    if decision is not None:
        amend(decision, said)
        return decision
    first, second = sorted(person.id for person in pair)
    made = LinkDecision.model_validate({**said, "first_participant_id": first, "second_participant_id": second})
    scope.session.add(made)
    return made


@looks_beyond_reach
def _join(scope: Scope[Any], one: Participant, other: Participant) -> dict[UUID, Participant]:
    """One group of two, under the person id that comes first. Raises: `participant.decided_otherwise`."""
    if one.person_id == other.person_id:
        return {}
    scope.session.flush()
    records = queries.locked_records(scope.session, {one.person_id, other.person_id})
    groups = [[each.id for each in records if each.person_id == of.person_id] for of in (one, other)]
    if queries.is_denied_between(scope.session, *groups):
        raise RuleViolation("participant.decided_otherwise")
    person_id = min(one.person_id, other.person_id)
    return {person.id: person for person in records if amend(person, {"person_id": person_id})}


@looks_beyond_reach
def _leave(scope: Scope[Any], one: Participant, other: Participant, decision: LinkDecision) -> dict[UUID, Participant]:
    """The record becomes a person of its own; whatever else made it one of the group is to be decided anew."""
    if one.person_id != other.person_id:
        return {}
    for said in queries.decisions_about(scope.session, one.id):
        if said.is_same_person and said.id != decision.id:
            scope.session.delete(said)
    amend(one, {"person_id": new_id()})
    return {one.id: one}
