"""How does another system enrol a person by a key of its own, however often it sends the same?"""

from app.domain.errors import RuleViolation
from app.domain.roles import Permission
from app.domain.sync import ExternalKey, SyncOutcome
from app.features.access.scope import Scope
from app.features.enrolments.actions.intake import create_enrolment
from app.features.enrolments.queries import latest_enrolment
from app.features.enrolments.schemas import EnrolmentCreate, EnrolmentSync
from app.features.enrolments.tables import Enrolment
from app.features.participants.queries import by_external_key
from app.features.programs.tables import Cohort
from app.kit.conditional import check_given

FIXED = ("ground", "needs_business_owner")


def sync_enrolment(
    scope: Scope[Cohort], key: ExternalKey, body: EnrolmentSync, if_match: str | None = None
) -> tuple[Enrolment, SyncOutcome]:
    """Enrol the person on this side of the cohort, unless they have been: what ended is not begun anew by a script.

    Raises: 403 as `create_enrolment` and for missing scopes, `participant.unknown` for another partner,
    `participant.external_id_unknown`, 412 for another version, `enrolment.fixed_when_made`; see `create_enrolment`.
    """
    for permission in (Permission.PARTICIPANT_READ, Permission.ENROLMENT_READ):
        scope.demand_permission(permission)
    scope.demand_side(scope.row.program_id, body.side)
    partner_id = scope.actor.partner_id
    if partner_id is None or body.partner_id not in {None, partner_id}:
        raise RuleViolation("participant.unknown", pointer="/partnerId")
    person = by_external_key(scope, partner_id, key)
    if person is None:
        raise RuleViolation("participant.external_id_unknown")
    enrolment = latest_enrolment(scope, person.id, body.side)
    check_given(if_match, enrolment)
    if enrolment is None:
        facts = body.model_dump(exclude={"partner_id"}, exclude_unset=True)
        return create_enrolment(scope, EnrolmentCreate(participant_id=person.id, **facts)), SyncOutcome.CREATED
    for name in FIXED:
        if name in body.model_fields_set and getattr(body, name) not in {None, getattr(enrolment, name)}:
            raise RuleViolation("enrolment.fixed_when_made")
    return enrolment, SyncOutcome.UNCHANGED
