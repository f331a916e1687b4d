"""How does a person's request about their data go from received to executed? One act for each step."""

from collections.abc import Mapping
from uuid import UUID

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.glossary import Concealing
from app.domain.grants import PAIR
from app.domain.lifecycles import DATA_REQUEST, DataRequestStatus
from app.domain.rights import (
    EXPORTS,
    RESTRICTS,
    DataRequestKind,
    check_erasure_decision,
    check_received,
    due_on,
)
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.tables import Concealment
from app.features.changes.actions import record
from app.features.participants.tables import Participant
from app.features.partners.tables import Partner
from app.features.protection.actions.traces import stop_runs, withdraw_referrals
from app.features.protection.queries import ids_about
from app.features.rights import queries
from app.features.rights.schemas import DataRequestCreate, DataRequestDecision, DataRequestExtension
from app.features.rights.tables import DataRequest
from app.kit.columns import amend
from app.kit.idempotency import empty_answers
from app.kit.jobs import Outbox

EXPORT_JOB = "rights.export"
ERASE_JOB = "rights.erase"


def make_request(scope: Scope[Participant], outbox: Outbox, body: DataRequestCreate) -> DataRequest:
    """Write down what the person asks. An export that they ask for while logged in is granted at once: we know who asks.

    Raises: `data_request.received_on_invalid`, and at the flush `data_request.already_open`.
    """
    is_own = scope.actor.role in PAIR
    received_on = scope.today if is_own or body.received_on is None else body.received_on
    check_received(received_on, scope.today)
    request = DataRequest(
        partner_id=scope.row.partner_id,
        participant_id=scope.row.id,
        kind=body.kind,
        received_on=received_on,
        due_on=due_on(received_on),
        requested_by_user_id=scope.actor.user_id,
        trace_id=scope.trace_id,
    )
    scope.session.add(request)
    record(scope, ChangeKind.DATA_REQUEST_RECEIVED, request)
    scope.session.flush()
    if is_own and body.kind in EXPORTS:
        assess_request(scope.about(request))
        _grant(scope.about(request), outbox, DataRequestDecision(is_granted=True))
    return request


def extend_request(scope: Scope[DataRequest], body: DataRequestExtension) -> DataRequest:
    """Take 60 days more, once, while nothing is decided. Raises: `data_request.already_extended`, `data_request.answered`."""
    request = scope.row
    if request.status not in {DataRequestStatus.RECEIVED, DataRequestStatus.ASSESSED}:
        raise RuleViolation("data_request.answered")
    if request.extension_reason is not None:
        raise RuleViolation("data_request.already_extended")
    longer = {"extension_reason": body.reason, "due_on": due_on(request.received_on, is_extended=True)}
    record(scope, ChangeKind.DATA_REQUEST_EXTENDED, request, amend(request, longer))
    return request


def assess_request(scope: Scope[DataRequest]) -> DataRequest:
    """Note that it is known who asks and what is asked for. Raises: the lifecycle's refusal."""
    request = scope.row
    DATA_REQUEST.check(request.status, DataRequestStatus.ASSESSED)
    said = {
        "status": DataRequestStatus.ASSESSED,
        "assessed_by_user_id": scope.actor.user_id,
        "assessed_at": scope.now,
    }
    record(scope, ChangeKind.DATA_REQUEST_ASSESSED, request, amend(request, said))
    return request


def decide_request(scope: Scope[DataRequest], outbox: Outbox, body: DataRequestDecision) -> DataRequest:
    """Grant or refuse what is assessed; the second person of an erasure may refuse what the first has granted.

    Raises: the lifecycle's refusal, `data_request.ground_needed`, `data_request.ground_not_taken`,
    `data_request.decision_reference_needed`, `data_request.answered` for an erasure that is approved.
    """
    request = scope.row
    if body.is_granted:
        return _grant(scope, outbox, body)
    DATA_REQUEST.check(request.status, DataRequestStatus.REFUSED)
    if request.status is DataRequestStatus.GRANTED and (
        request.kind is not DataRequestKind.ERASURE or request.approved_at is not None
    ):
        raise RuleViolation("data_request.answered")
    if body.refusal_ground is None:
        raise RuleViolation("data_request.ground_needed", pointer="/refusalGround")
    if body.legal_ground is not None or body.decision_reference is not None:
        raise RuleViolation("data_request.ground_not_taken", pointer="/legalGround")
    said = {"status": DataRequestStatus.REFUSED, "refusal_ground": body.refusal_ground}
    return _decide(scope, ChangeKind.DATA_REQUEST_REFUSED, said)


def approve_erasure(scope: Scope[DataRequest], outbox: Outbox) -> DataRequest:
    """Let a granted erasure be carried out, as a second person. From here on nobody works with the data meanwhile.

    Raises: `data_request.kind_differs`, `data_request.same_person`, `data_request.case_open`,
    `data_request.transition_not_allowed`, `data_request.answered` when it is approved already.
    """
    request = scope.row
    if request.kind is not DataRequestKind.ERASURE:
        raise RuleViolation("data_request.kind_differs")
    DATA_REQUEST.check(request.status, DataRequestStatus.EXECUTED)
    if request.approved_at is not None:
        raise RuleViolation("data_request.answered")
    if request.decided_by_user_id == scope.actor.user_id:
        raise RuleViolation("data_request.same_person")
    if queries.has_open_case(scope.session, request.participant_id):
        raise RuleViolation("data_request.case_open")
    said = {"approved_by_user_id": scope.actor.user_id, "approved_at": scope.now, "trace_id": scope.trace_id}
    record(scope, ChangeKind.DATA_REQUEST_APPROVED, request, amend(request, said))
    _restrict(scope)
    outbox.enqueue(scope.session, ERASE_JOB, str(request.id))
    return request


def execute_rectification(scope: Scope[DataRequest]) -> DataRequest:
    """Note that the data has been corrected. What was corrected, when and by whom, stands in the log of changes.

    Raises: `data_request.kind_differs`, the lifecycle's refusal.
    """
    request = scope.row
    if request.kind is not DataRequestKind.RECTIFICATION:
        raise RuleViolation("data_request.kind_differs")
    DATA_REQUEST.check(request.status, DataRequestStatus.EXECUTED)
    return _execute(scope)


def lift_restriction(scope: Scope[Participant]) -> None:
    """Let the data be worked with again; the person has been told before (article 18.3). Raises: `restriction.not_set`."""
    flag = queries.restriction_of(scope.session, scope.row.id)
    if flag is None:
        raise RuleViolation("restriction.not_set")
    if queries.has_approved_erasure(scope.session, scope.row.id):
        raise RuleViolation("data_request.answered")
    scope.session.delete(flag)
    record(scope, ChangeKind.RESTRICTION_LIFTED, scope.row)


def _grant(scope: Scope[DataRequest], outbox: Outbox, body: DataRequestDecision) -> DataRequest:
    request = scope.row
    DATA_REQUEST.check(request.status, DataRequestStatus.GRANTED)
    is_erasure = request.kind is DataRequestKind.ERASURE
    if body.refusal_ground is not None:
        raise RuleViolation("data_request.ground_not_taken", pointer="/refusalGround")
    if is_erasure:
        partner = scope.session.get_one(Partner, request.partner_id)
        check_erasure_decision(partner.sector, body.legal_ground, body.decision_reference)
    elif body.legal_ground is not None or body.decision_reference is not None:
        raise RuleViolation("data_request.ground_not_taken", pointer="/legalGround")
    given = {"legal_ground": body.legal_ground, "decision_reference": body.decision_reference}
    _decide(scope, ChangeKind.DATA_REQUEST_GRANTED, {**given, "status": DataRequestStatus.GRANTED})
    if request.kind in EXPORTS:
        outbox.enqueue(scope.session, EXPORT_JOB, str(request.id))
    if request.kind in RESTRICTS:
        _restrict(scope)
        _execute(scope)
    return request


def _decide(scope: Scope[DataRequest], kind: ChangeKind, said: Mapping[str, object]) -> DataRequest:
    by = {"decided_by_user_id": scope.actor.user_id, "decided_at": scope.now, "trace_id": scope.trace_id}
    record(scope, kind, scope.row, amend(scope.row, {**said, **by}))
    return scope.row


def _execute(scope: Scope[DataRequest]) -> DataRequest:
    done = {"status": DataRequestStatus.EXECUTED, "executed_at": scope.now}
    record(scope, ChangeKind.DATA_REQUEST_EXECUTED, scope.row, amend(scope.row, done))
    return scope.row


def _restrict(scope: Scope[DataRequest]) -> None:
    """From the commit on the person is absent for others, and nothing is done with what is stored."""
    request = scope.row
    if queries.restriction_of(scope.session, request.participant_id) is not None:
        return
    account = _put_away(scope)
    scope.session.flush()
    scope.session.add(
        Concealment(
            participant_id=request.participant_id,
            partner_id=request.partner_id,
            kind=Concealing.RESTRICTED,
            user_id=account,
        )
    )
    record(scope, ChangeKind.RESTRICTION_SET, request)


@looks_beyond_reach
def _put_away(scope: Scope[DataRequest]) -> UUID | None:
    """Take back unanswered referrals, stop undecided matchings and empty kept answers; answers the login to conceal.

    Whoever decides may not see any of these.
    """
    person = scope.session.get_one(Participant, scope.row.participant_id)
    withdraw_referrals(scope.about(person))
    stop_runs(scope.about(person))
    empty_answers(scope.session, ids_about(scope.session, person))
    return person.user_id
