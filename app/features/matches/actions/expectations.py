"""How is written down what the two expect, and that each has seen how it differs?"""

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.glossary import Side
from app.domain.matches import BOTH_ACCEPTED, UNDER_WAY
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.enrolments.actions import refuse_ended
from app.features.enrolments.tables import Enrolment
from app.features.matches import queries
from app.features.matches.actions.answers import demand_own_side
from app.features.matches.tables import Match
from app.features.preparation.actions import write_expectations
from app.features.preparation.queries import expectation_answers
from app.features.preparation.schemas import ExpectationsRecord
from app.features.preparation.tables import ExpectationAnswer
from app.kit.columns import amend

NOT_REVIEWED = {"mentor_reviewed_at": None, "mentee_reviewed_at": None}


@looks_beyond_reach
def answer_expectations(scope: Scope[Enrolment], body: ExpectationsRecord) -> tuple[ExpectationAnswer, bool]:
    """Write down what the person expects, or replace it until a match has started; True: it is new.

    A changed answer clears what both sides have noted about having seen the differences.
    Raises: `enrolment.ended`, `expectations.match_started`, `expectations.answer_invalid`.
    """
    enrolment = scope.row
    refuse_ended(enrolment)
    matches = queries.lock_open_matches(scope.session, enrolment.id)
    is_new = enrolment.id not in expectation_answers(scope.session, [enrolment.id])
    if not is_new and any(match.status in UNDER_WAY for match in matches):
        raise RuleViolation("expectations.match_started")
    row, changed = write_expectations(scope, body)
    for match in matches:
        if changed and (cleared := amend(match, NOT_REVIEWED)):
            record(scope, ChangeKind.EXPECTATIONS_ANSWERED, match, cleared)
    return row, is_new


def review_expectations(scope: Scope[Match], side: Side) -> Match:
    """Note that a side has seen how the expectations differ; the first time counts.

    Raises: Problem 403 for the other side, `match.expectations_not_shown`, `match.expectations_incomplete` with the
    sides that have not answered.
    """
    match = scope.row
    demand_own_side(scope, side)
    if match.status not in BOTH_ACCEPTED:
        raise RuleViolation("match.expectations_not_shown", current=match.status.value)
    # The guard holds the match: whoever changes an answer now waits for it, and clears what is noted here.
    given = queries.answers_of_pair(scope.session, match)
    if unanswered := [one.value for one in Side if one not in given]:
        raise RuleViolation("match.expectations_incomplete", sides=unanswered)
    column = f"{side.value}_reviewed_at"
    if getattr(match, column) is None:
        record(scope, ChangeKind.MATCH_EXPECTATIONS_REVIEWED, match, amend(match, {column: scope.now}))
    return match
