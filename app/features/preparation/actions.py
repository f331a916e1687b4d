"""How is information published and acknowledged, and what is expected written down?"""

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.expectations import check_expectations, expectation_questions
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.enrolments.actions import refuse_ended, repeated
from app.features.enrolments.tables import Enrolment
from app.features.preparation.queries import expectation_answers, last_number, pack_for
from app.features.preparation.schemas import AcknowledgementCreate, ExpectationsRecord, InformationPackCreate
from app.features.preparation.tables import Acknowledgement, ExpectationAnswer, InformationPack
from app.features.programs.tables import Program
from app.kit.columns import amend


def publish_information_pack(scope: Scope[Program], body: InformationPackCreate) -> InformationPack:
    """Publish the next version for a side in a language."""
    program_id = scope.row.id
    # Publishers of one program queue up at its row (the guard locked it), so numbers have no gaps and no twins.
    number = last_number(scope.session, program_id, body.side, body.language) + 1
    pack = InformationPack.model_validate({**body.model_dump(), "program_id": program_id, "number": number})
    scope.session.add(pack)
    record(scope, ChangeKind.INFORMATION_PUBLISHED, pack)
    return pack


def acknowledge_information(scope: Scope[Enrolment], body: AcknowledgementCreate) -> Acknowledgement:
    """The person took note of a pack, said by themself or by staff that heard it.

    Raises: `enrolment.ended`, `information.unknown` (also for a pack of another program or side),
    `information.already_acknowledged`.
    """
    enrolment = scope.row
    refuse_ended(enrolment)
    pack = pack_for(scope.session, enrolment, body.pack_id)
    if pack is None:
        raise RuleViolation("information.unknown", pointer="/packId")
    acknowledged = Acknowledgement.model_validate(
        {
            **repeated(enrolment),
            "pack_id": pack.id,
            "acknowledged_at": scope.now,
            "recorded_by_user_id": scope.actor.user_id,
        }
    )
    scope.session.add(acknowledged)
    record(scope, ChangeKind.INFORMATION_ACKNOWLEDGED, acknowledged)
    return acknowledged


def write_expectations(scope: Scope[Enrolment], body: ExpectationsRecord) -> tuple[ExpectationAnswer, list[str]]:
    """Write down, or replace, what the person expects; answers the row and the names of what changed.

    Whether it may still change is for the matches slice to say. Raises: `expectations.answer_invalid`.
    """
    enrolment, asked = scope.row, expectation_questions()
    said = {"questionnaire_version": asked.version, "answers": check_expectations(asked, body.answers)}
    row = expectation_answers(scope.session, [enrolment.id]).get(enrolment.id)
    now = {"answered_at": scope.now, "recorded_by_user_id": scope.actor.user_id}
    if row is None:
        row = ExpectationAnswer.model_validate({**repeated(enrolment), **said, **now})
        scope.session.add(row)
        changed = sorted(said)
    elif changed := amend(row, said):
        changed += amend(row, now)
    if changed:
        record(scope, ChangeKind.EXPECTATIONS_ANSWERED, row, changed)
    return row, changed
