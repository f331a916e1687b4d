"""How is training recorded?"""

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.enrolments.actions import refuse_ended, repeated
from app.features.enrolments.tables import Enrolment
from app.features.participants.actions import refuse_personnummer
from app.features.training.schemas import TrainingRecordCreate
from app.features.training.tables import TrainingRecord


def record_training(scope: Scope[Enrolment], body: TrainingRecordCreate) -> TrainingRecord:
    """The person completed a training on a day that has come.

    Raises: 403 unless the partner trains this side; `enrolment.ended`, `training.day_in_future`,
    `text.personnummer_refused`.
    """
    enrolment = scope.row
    refuse_personnummer(body)
    refuse_ended(enrolment)
    if body.completed_on > scope.today:
        raise RuleViolation("training.day_in_future", pointer="/completedOn")
    completed = TrainingRecord.model_validate(
        {**body.model_dump(), **repeated(enrolment), "recorded_by_user_id": scope.actor.user_id}
    )
    scope.session.add(completed)
    record(scope, ChangeKind.TRAINING_RECORDED, completed)
    return completed
