"""How is a cohort opened, only when all seven factors are met, and how is a programme begun after a good example?"""

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.glossary import Listing
from app.domain.lifecycles import COHORT, CohortStatus
from app.domain.readiness import require_ready
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.matching.actions import publish_policy
from app.features.matching.queries import latest_policy
from app.features.matching.schemas import MatchingPolicyCreate
from app.features.programs.actions import start_after
from app.features.programs.schemas import ProgramRead
from app.features.programs.tables import Cohort, Program
from app.features.readiness.queries import program_of, readable_policy, readiness
from app.features.readiness.schemas import CopyCreate, CopyPart, CopyRead
from app.features.training.actions import copy_curriculum
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


def copy_program(scope: Scope[Program], body: CopyCreate) -> CopyRead:
    """Begin a programme of the caller's partner after an example that it sees; the copy keeps where it came from.

    Raises: as `create_program`. Nothing that belongs to people, agreements or a place comes along.
    """
    copy = start_after(scope, body.model_dump(exclude_none=True))
    mine = scope.about(copy)
    left_out = [] if copy_curriculum(mine, scope.row.id) else [CopyPart.CURRICULUM]
    policy = readable_policy(scope)
    if policy is not None:
        publish_policy(mine, MatchingPolicyCreate(document=policy.document, note=scope.row.name))
    elif latest_policy(scope) is not None:
        left_out.append(CopyPart.MATCHING_POLICY)
    scope.session.flush()
    return CopyRead(program=ProgramRead.model_validate(copy), left_out=left_out)
