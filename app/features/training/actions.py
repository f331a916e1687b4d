"""How is information published and acknowledged, and training recorded?"""

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.lifecycles import ENROLMENT
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.participants.actions import refuse_personnummer
from app.features.participants.tables import Enrolment
from app.features.programs.tables import Program
from app.features.training.queries import last_number, pack_for
from app.features.training.schemas import AcknowledgementCreate, InformationPackCreate, TrainingRecordCreate
from app.features.training.tables import Acknowledgement, InformationPack, TrainingRecord


def publish_information_pack(scope: Scope[Program], body: InformationPackCreate) -> InformationPack:
    """Publish the next version for a side in a language. Raises: `text.personnummer_refused`."""
    refuse_personnummer(body)
    program_id = scope.row.id
    # Publishers of one program queue up at its row (the guard locked it), so numbers have no gaps and no twins.
    number = last_number(scope.session, program_id, body.side, body.language) + 1
    pack = InformationPack.model_validate({**body.model_dump(), "program_id": program_id, "number": number})
    scope.session.add(pack)
    record(scope, ChangeKind.INFORMATION_PUBLISHED, pack)
    return pack


def acknowledge_information(scope: Scope[Enrolment], body: AcknowledgementCreate) -> Acknowledgement:
    """The person took note of a pack, said by themself or by staff that heard it.

    Raises: `training.enrolment_ended`, `information.unknown` (also for a pack of another program or side),
    `information.already_acknowledged`.
    """
    enrolment = scope.row
    _refuse_ended(enrolment)
    pack = pack_for(scope.session, enrolment, body.pack_id)
    if pack is None:
        raise RuleViolation("information.unknown", pointer="/packId")
    acknowledged = Acknowledgement.model_validate(
        {
            **_of(enrolment),
            "pack_id": pack.id,
            "acknowledged_at": scope.now,
            "recorded_by_user_id": scope.actor.user_id,
        }
    )
    scope.session.add(acknowledged)
    record(scope, ChangeKind.INFORMATION_ACKNOWLEDGED, acknowledged)
    return acknowledged


def record_training(scope: Scope[Enrolment], body: TrainingRecordCreate) -> TrainingRecord:
    """The person completed a training on a day that has come.

    Raises: 403 unless the partner trains this side; `training.enrolment_ended`, `training.day_in_future`,
    `text.personnummer_refused`.
    """
    enrolment = scope.row
    refuse_personnummer(body)
    _refuse_ended(enrolment)
    if body.completed_on > scope.today:
        raise RuleViolation("training.day_in_future", pointer="/completedOn")
    completed = TrainingRecord.model_validate(
        {**body.model_dump(), **_of(enrolment), "recorded_by_user_id": scope.actor.user_id}
    )
    scope.session.add(completed)
    record(scope, ChangeKind.TRAINING_RECORDED, completed)
    return completed


def _refuse_ended(enrolment: Enrolment) -> None:
    if ENROLMENT.is_terminal(enrolment.status):
        raise RuleViolation("training.enrolment_ended", enrolmentStatus=enrolment.status.value)


def _of(enrolment: Enrolment) -> dict[str, object]:
    """What a row below an enrolment repeats of it, so that its reach stands on its own columns."""
    same = {name: getattr(enrolment, name) for name in ("program_id", "participant_id", "partner_id", "side")}
    return {**same, "enrolment_id": enrolment.id}
