"""How is an export put together and kept for the days it may be fetched?"""

from datetime import timedelta
from typing import Any

from app.domain.changes import ChangeKind
from app.domain.lifecycles import DATA_REQUEST, DataRequestStatus
from app.domain.rights import EXPORT_DAYS
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.participants.tables import Participant
from app.features.rights import queries
from app.features.rights.tables import DataExport, DataRequest
from app.kit.columns import amend


@looks_beyond_reach
def make_export(scope: Scope[Any], request: DataRequest) -> DataExport:
    """Store everything about the person as one document, once. Raises: the lifecycle's refusal."""
    DATA_REQUEST.check(request.status, DataRequestStatus.EXECUTED)
    person = scope.session.get_one(Participant, request.participant_id)
    content = queries.export_of(scope, person).model_dump(mode="json", by_alias=True)
    made = DataExport(
        data_request_id=request.id,
        participant_id=person.id,
        content=content,
        expires_at=scope.now + timedelta(days=EXPORT_DAYS),
    )
    scope.session.add(made)
    done = {"status": DataRequestStatus.EXECUTED, "executed_at": scope.now}
    record(scope, ChangeKind.DATA_REQUEST_EXECUTED, request, amend(request, done))
    return made
