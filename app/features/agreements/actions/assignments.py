"""How does a duty begin and end for a partner? The only writer of the responsibility matrix."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.domain.changes import ChangeKind
from app.domain.lifecycles import HandoverStatus
from app.features.access.scope import Scope
from app.features.access.tables import ResponsibilityAssignment
from app.features.agreements.queries import open_handovers
from app.features.changes.actions import record
from app.kit.columns import amend


def begin(scope: Scope[Any], held: ResponsibilityAssignment) -> None:
    """Give a duty to a partner. What ends for it is flushed first: the constraint looks at every moment."""
    scope.session.flush()
    scope.session.add(held)
    record(scope, ChangeKind.RESPONSIBILITY_ASSIGNED, held)


def end_before(scope: Scope[Any], assignments: Iterable[ResponsibilityAssignment], day: date) -> None:
    """Let each assignment be in force neither on `day` nor later; what ends by today ends at this instant."""
    last = day - timedelta(days=1)
    for held in assignments:
        wanted: dict[str, object] = {}
        if held.valid_from <= last:
            wanted["valid_until"] = last
        if held.valid_from > last or day <= scope.today:
            wanted["ended_at"] = scope.now
        record(scope, ChangeKind.RESPONSIBILITY_ENDED, held, amend(held, wanted))


def withdraw_handovers(scope: Scope[Any], program_id: UUID) -> None:
    """Take back what was proposed under a matrix that no longer holds."""
    for handover in open_handovers(scope.session, program_id):
        wanted = {"status": HandoverStatus.WITHDRAWN, "answered_at": scope.now}
        record(scope, ChangeKind.HANDOVER_WITHDRAWN, handover, amend(handover, wanted))
