"""What is written down of a request? Exactly one record of a read of personal data, of a write, and of a refusal."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select

from app.domain.access import Decision
from app.domain.errors import RuleViolation, catalogue
from app.domain.grants import PERSONAL
from app.domain.purposes import Purpose
from app.features.access.queries import has_protected
from app.features.access.scope import Scope, access_record
from app.features.access.shown import people_shown, people_told
from app.features.access.tables import AccessRecord, Guarded
from app.kit.idempotency import Replayed
from app.kit.problems import Problem
from app.kit.runtime import Runtime
from app.kit.telemetry import log

NOT_FOUND = "resource.not_found"
FORBIDDEN = 403
Asked = tuple[type[Guarded], str] | None
"""The table and the id, as it was written, that a request asked for."""


def note_use(scope: Scope[Any], *, is_read: bool) -> None:
    """Record a write, a use of a personal read, and whatever else showed data of others: no record, no answer.

    Raises: Problem 403 when a clearance was used and nobody has said what for.
    """
    people = people_shown(scope.session, scope.row, scope.exchange.shown)
    others = people - scope.actor.persons
    _demand_purpose(scope, others)
    if not is_read or scope.permission in PERSONAL or others:
        scope.session.add(access_record(scope, Decision.ALLOWED, people))


def note_job(scope: Scope[Any], people: set[UUID], asked_for: UUID) -> None:
    """Record that a job has used data of people, with the login and the purpose of the request that asked for it.

    `asked_for` is the row which that request was about. Raises: Problem 403, as `note_use`.
    """
    of, exchange = AccessRecord, scope.exchange
    wanted = select(of.login_id, of.purpose, of.reference).where(
        of.subject_id == asked_for, of.user_id == scope.actor.user_id, of.trace_id == scope.trace_id
    )
    login_id, purpose, reference = scope.session.exec(wanted.order_by(col(of.id)).limit(1)).one()
    exchange.login_id, exchange.purpose, exchange.reference = login_id, Purpose(purpose) if purpose else None, reference
    _demand_purpose(scope, people - scope.actor.persons)
    scope.session.add(access_record(scope, Decision.ALLOWED, people))


def _demand_purpose(scope: Scope[Any], others: set[UUID]) -> None:
    if scope.actor.cleared and scope.exchange.purpose is None and has_protected(scope.session, others):
        raise Problem("access.purpose_required")


def note_end(runtime: Runtime, scope: Scope[Any], ended: Exception, asked: Asked) -> None:
    """Record a refusal, in a transaction of its own, and an answer that is given once more to a retry.

    That a refusal could not be written down is a line in the log of the process: it showed nothing, so it stays a
    refusal. A repeated answer does show something, and is not given without its record.
    """
    if isinstance(ended, Replayed):
        with runtime.database.transaction() as session:
            people = people_told(session, scope.row, ended.body)
            session.add(access_record(scope, Decision.ALLOWED, people, _named(asked)))
        return
    decision = _decision(ended)
    if decision is None:
        return
    try:
        with runtime.database.transaction() as session:
            people = people_shown(session, scope.row, ()) if decision is Decision.REFUSED else set()
            session.add(access_record(scope, decision, people, _named(asked)))
    except Exception as failed:  # noqa: BLE001  whatever it is, the caller is refused as before
        facts = {"why": type(failed).__name__, "traceId": scope.trace_id}
        log.error("refusal not recorded", extra={"facts": facts})


def _decision(ended: Exception) -> Decision | None:
    """None: it was neither the caller's authority nor their reach that was lacking."""
    code = ended.code if isinstance(ended, Problem | RuleViolation) else ""
    if code == NOT_FOUND:
        return Decision.OUT_OF_REACH
    return Decision.REFUSED if catalogue()[code].status == FORBIDDEN else None


def _named(asked: Asked) -> tuple[str, UUID | None] | None:
    if asked is None:
        return None
    kind, written = asked
    try:
        return str(kind.__tablename__), UUID(written)
    except ValueError:
        return str(kind.__tablename__), None
