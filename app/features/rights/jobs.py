"""How are exports and erasures carried out, each in one transaction, and when is an export removed?"""

from uuid import UUID

from app.domain.lifecycles import DataRequestStatus
from app.features.access.guards import steward
from app.features.rights import actions, queries
from app.kit.jobs import job, scheduled
from app.kit.runtime import Runtime


@job(actions.EXPORT_JOB)
def export_data(runtime: Runtime, request_id: str) -> None:
    """Put the export of a granted request together; of several executions the first does."""
    with steward(runtime, _trace(runtime, request_id)) as scope:
        request = queries.lock_request(scope.session, UUID(request_id))
        if request.status is DataRequestStatus.GRANTED:
            actions.make_export(scope, request)


@job(actions.ERASE_JOB)
def erase_person(runtime: Runtime, request_id: str) -> None:
    """Erase the person of an approved request. The decision is the organisation's: it stands whoever has left it since."""
    with steward(runtime, _trace(runtime, request_id)) as scope:
        request = queries.lock_request(scope.session, UUID(request_id))
        if request.status is DataRequestStatus.GRANTED and request.approved_at is not None:
            actions.carry_out(scope, request)


@scheduled("rights.purgeExports", "0 50 3 * * *")
def purge_exports(runtime: Runtime, trace_id: str) -> None:
    """Every night: exports whose days are over are removed."""
    with steward(runtime, trace_id) as scope:
        actions.purge_exports(scope)


def _trace(runtime: Runtime, request_id: str) -> str:
    with steward(runtime, "") as scope:
        return queries.lock_request(scope.session, UUID(request_id)).trace_id
