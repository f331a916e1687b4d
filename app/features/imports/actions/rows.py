"""What does each row of a file do? What the single operation does, by the same checks, for as many rows as are given."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError

from app.domain.errors import RuleViolation
from app.domain.imports import ImportKind
from app.domain.sync import ExternalKey, RowProblem, SyncOutcome
from app.features.access.scope import Scope
from app.features.enrolments.actions import sync_enrolment
from app.features.enrolments.schemas import EnrolmentSync
from app.features.imports.schemas import RowKey
from app.features.participants.actions import (
    Read,
    Synced,
    apply_rows,
    read_rows,
    refuse_personnummer_in,
    sent_key,
    sync_availability,
)
from app.features.participants.schemas import AvailabilitySync
from app.kit.problems import Problem, problem_for_constraint, row_problem

KEY = {"externalSystem", "externalId"}


class Row(NamedTuple):
    """One row of a file: its line, its fields with its key, or why it is refused before anybody looks at them."""

    line: int
    facts: Mapping[str, Any]
    problem: RowProblem | None = None
    read: Read | None = None


def understood(kind: ImportKind, rows: Sequence[Row]) -> Sequence[Row]:
    """Rows about people with what they say, which needs nobody's authority: the database works on others meanwhile."""
    if kind is not ImportKind.PARTICIPANTS:
        return rows
    read = iter(read_rows([row.facts for row in rows if row.problem is None]))
    return [row if row.problem else Row(row.line, row.facts, None, next(read)) for row in rows]


def apply_to(scope: Scope[Any], kind: ImportKind, rows: Sequence[Row]) -> list[Synced]:
    """Apply the rows that nothing speaks against; what became of each, in their order.

    The scope is of the partner, for enrolments of the cohort.
    """
    sound = [row for row in rows if row.problem is None]
    if kind is ImportKind.PARTICIPANTS:
        read = [row.read for row in sound if row.read is not None]
        done = iter(apply_rows(scope, [row.facts for row in sound], read))
    else:
        done = iter([_one(scope, kind, row.facts) for row in sound])
    return [
        next(done) if row.problem is None else Synced(SyncOutcome.REFUSED, sent_key(row.facts), problem=row.problem)
        for row in rows
    ]


def _one(scope: Scope[Any], kind: ImportKind, facts: Mapping[str, Any]) -> Synced:
    try:
        refuse_personnummer_in(facts)
        read = RowKey.model_validate({name: facts[name] for name in KEY if name in facts})
        key = ExternalKey(read.external_system, read.external_id)
        with scope.session.begin_nested():
            outcome, participant_id = ACTS[kind](scope, key, {n: v for n, v in facts.items() if n not in KEY})
    except IntegrityError as refused:
        constraint = getattr(getattr(refused.orig, "diag", None), "constraint_name", None)
        return Synced(SyncOutcome.REFUSED, sent_key(facts), problem=row_problem(problem_for_constraint(constraint)))
    except (RuleViolation, Problem, ValidationError) as refused:
        return Synced(SyncOutcome.REFUSED, sent_key(facts), problem=row_problem(refused))
    return Synced(outcome, key, participant_id)


def _availability(scope: Scope[Any], key: ExternalKey, facts: Mapping[str, Any]) -> tuple[SyncOutcome, UUID]:
    person, outcome = sync_availability(scope, key, AvailabilitySync.model_validate(facts))
    return outcome, person.id


def _enrolment(scope: Scope[Any], key: ExternalKey, facts: Mapping[str, Any]) -> tuple[SyncOutcome, UUID]:
    enrolment, outcome = sync_enrolment(scope, key, EnrolmentSync.model_validate(facts))
    return outcome, enrolment.participant_id


ACTS: Mapping[ImportKind, Callable[[Scope[Any], ExternalKey, Mapping[str, Any]], tuple[SyncOutcome, UUID]]] = {
    ImportKind.AVAILABILITY: _availability,
    ImportKind.ENROLMENTS: _enrolment,
}
