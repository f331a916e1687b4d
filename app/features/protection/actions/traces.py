"""What of a person is already elsewhere when their identity becomes protected? Each act puts one kind of it away.

The tables belong to later slices, which lie above this one: they are named, and what happens is written to the log.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Update, delete, func, update

from app.domain.changes import ChangeKind
from app.domain.lifecycles import ReferralStatus, RunStatus
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.changes.tables import Change
from app.features.participants.tables import Participant
from app.features.protection import queries
from app.features.protection.queries import EXPORT, REFERRAL, RUN

POOL_CHANGED = "poolChanged"
"""Why an undecided run is discarded; also said of runs whose people have changed otherwise."""


def withdraw_referrals(scope: Scope[Participant]) -> None:
    """Take back the referrals of this record that nobody has answered, with the copy that they hold.

    One that is being answered at this moment is left to that transaction, which waits for this one and then finds the
    person protected.
    """
    found = queries.unanswered_referrals(scope.session, scope.row)
    ended = {"status": ReferralStatus.WITHDRAWN, "snapshot": None}
    _note(scope, ChangeKind.REFERRAL_WITHDRAWN, "referral", _change(scope, REFERRAL, found, ended))


@looks_beyond_reach
def remove_exports(scope: Scope[Participant]) -> None:
    """Remove what was put together for fetching; whoever may fetch it can ask for it again."""
    scope.session.execute(delete(EXPORT).where(EXPORT.c.participant_id == scope.row.id))


def hide_runs(scope: Scope[Participant]) -> None:
    """Let only the cleared reach the matching runs that hold the person; what is under way or undecided is stopped."""
    person = scope.row
    needed = func.array_append(func.array_remove(RUN.c.clearance_needed, person.partner_id), person.partner_id)
    _change(scope, RUN, stop_runs(scope), {"clearance_needed": needed})


def stop_runs(scope: Scope[Participant]) -> list[UUID]:
    """Stop the matching runs over the person's cohorts that are under way or undecided; answers all that hold the person.

    A run under way may have read the person already. A queued one has read nobody, and will not find them.
    """
    session, person = scope.session, scope.row
    around = queries.lock_runs_around(session, person)
    running = queries.runs_in(session, around, RunStatus.RUNNING)
    cancelled = {"status": RunStatus.CANCELLED, "finished_at": scope.now}
    _note(scope, ChangeKind.MATCH_RUN_CANCELLED, "match_run", _change(scope, RUN, running, cancelled))
    seen = queries.runs_that_saw(session, person, around)
    undecided = queries.runs_in(session, seen, RunStatus.COMPLETED)
    discarded = {"status": RunStatus.DISCARDED, "rejection_reason": POOL_CHANGED}
    _note(scope, ChangeKind.MATCH_RUN_DISCARDED, "match_run", _change(scope, RUN, undecided, discarded))
    return seen


@looks_beyond_reach
def _change(scope: Scope[Any], kind: Any, ids: Iterable[UUID], values: dict[str, Any]) -> list[tuple[UUID, UUID]]:
    """Change rows of a named table as `amend` would change them; answers (id, program id) of each."""
    changed: Update = update(kind).where(kind.c.id.in_(list(ids)))
    changed = changed.values(**values, version=kind.c.version + 1, updated_at=scope.now)
    rows = scope.session.execute(changed.returning(kind.c.id, kind.c.program_id))
    return [(row.id, row.program_id) for row in rows]


def _note(scope: Scope[Any], kind: ChangeKind, subject: str, rows: Iterable[tuple[UUID, UUID]]) -> None:
    """As `record`, for rows that are only named here."""
    for row_id, program_id in rows:
        scope.session.add(
            Change(
                at=scope.now,
                kind=kind,
                subject=subject,
                subject_id=row_id,
                program_id=program_id,
                actor_id=scope.actor.user_id,
                fields=["status"],
                trace_id=scope.trace_id,
            )
        )
