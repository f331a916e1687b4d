"""How are outcomes recorded, and how does a person say how many children live with them?"""

from uuid import UUID

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.glossary import Side
from app.domain.lifecycles import ENROLMENT
from app.domain.outcomes import Occasion, Stay, check_day, check_facts
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.enrolments.tables import Enrolment
from app.features.outcomes.queries import fact_of, household_of, outcomes_of
from app.features.outcomes.schemas import HouseholdReceipt, HouseholdRecord, OutcomeRecord
from app.features.outcomes.tables import HouseholdAnswer, Outcome
from app.kit.columns import amend


def record_outcome(scope: Scope[Enrolment], occasion: Occasion, body: OutcomeRecord) -> tuple[Outcome, bool]:
    """Record how the mentee supports themself at an occasion, or replace what was recorded; True: it is new.

    Raises: `outcome.mentees_only`, `outcome.in_future`, `outcome.ends_before_start`, `outcome.before_entry`,
    `outcome.before_exit`, `outcome.too_early`.
    """
    enrolment = scope.row
    _refuse_mentor(enrolment)
    check_day(occasion, body.observed_on, _stay(enrolment), scope.today)
    known = outcomes_of(scope.session, enrolment)
    facts = {found: fact_of(found, said) for found, said in known.items()}
    check_facts({**facts, occasion: fact_of(occasion, body)}.values())
    said = {**body.model_dump(), "recorded_by_user_id": scope.actor.user_id}
    row, is_new = known.get(occasion), occasion not in known
    if row is not None:
        if changed := amend(row, said):
            record(scope, ChangeKind.OUTCOME_RECORDED, row, changed)
        return row, is_new
    row = Outcome.model_validate({**said, **_belonging(enrolment), "occasion": occasion})
    scope.session.add(row)
    record(scope, ChangeKind.OUTCOME_RECORDED, row, sorted(OutcomeRecord.model_fields))
    return row, is_new


def _refuse_mentor(enrolment: Enrolment) -> None:
    if enrolment.side is not Side.MENTEE:
        raise RuleViolation("outcome.mentees_only")


def _stay(enrolment: Enrolment) -> Stay:
    return Stay(enrolment.applied_on, enrolment.exited_on, has_ended=ENROLMENT.is_terminal(enrolment.status))


def _belonging(enrolment: Enrolment) -> dict[str, UUID]:
    return {
        "program_id": enrolment.program_id,
        "enrolment_id": enrolment.id,
        "participant_id": enrolment.participant_id,
        "partner_id": enrolment.partner_id,
    }


@looks_beyond_reach
def answer_household(scope: Scope[Enrolment], body: HouseholdRecord) -> tuple[HouseholdReceipt, bool]:
    """Keep how many children live with the mentee, or forget it; True: there was no answer before.

    Beyond reach, because the row may be written by staff who are not to read it.

    Raises: `outcome.mentees_only`.
    """
    enrolment = scope.row
    _refuse_mentor(enrolment)
    said = {
        "children_count": body.children_count,
        "answered_on": scope.today,
        "recorded_by_user_id": scope.actor.user_id,
    }
    row = household_of(scope.session, enrolment.id)
    is_new = row is None
    if row is None:
        belonging = {name: value for name, value in _belonging(enrolment).items() if name != "partner_id"}
        row = HouseholdAnswer.model_validate({**said, **belonging})
        scope.session.add(row)
        changed = ["children_count"]
    else:
        changed = amend(row, said)
    if changed:
        record(scope, ChangeKind.HOUSEHOLD_ANSWERED, row, changed)
    receipt = HouseholdReceipt(
        enrolment_id=enrolment.id,
        participant_id=enrolment.participant_id,
        is_answered=body.children_count is not None,
    )
    return receipt, is_new
