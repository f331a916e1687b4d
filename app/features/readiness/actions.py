"""How is a cohort opened? Only when all seven success factors are met."""

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.glossary import Listing
from app.domain.lifecycles import COHORT, CohortStatus
from app.domain.readiness import require_ready
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.programs.tables import Cohort
from app.features.readiness.queries import program_of, readiness
from app.kit.columns import amend


def open_cohort(scope: Scope[Cohort]) -> Cohort:
    """Open a draft for intake.

    Raises: `cohort.transition_not_allowed`, `cohort.program_only_listed`, `cohort.not_ready` with all that is missing.
    """
    cohort = scope.row
    COHORT.check(cohort.status, CohortStatus.OPEN)
    program = program_of(scope.session, cohort.program_id)
    if program.listing is Listing.LISTED:
        raise RuleViolation("cohort.program_only_listed")
    require_ready(readiness(scope.session, program, scope.today))
    changed = amend(cohort, {"status": CohortStatus.OPEN, "status_reason": None})
    record(scope, ChangeKind.COHORT_OPENED, cohort, changed)
    return cohort
