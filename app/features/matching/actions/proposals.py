"""How is a pair proposed that people have found themselves, without a run?"""

from datetime import date

from app.domain.errors import RuleViolation
from app.domain.glossary import Side
from app.domain.matching.policy import Policy
from app.features.access.scope import Scope
from app.features.matches.actions import propose_match
from app.features.matches.tables import Match
from app.features.matching import queries
from app.features.matching.actions.approvals import answer_by_of
from app.features.matching.actions.blocks import enrolment_of
from app.features.matching.actions.previews import find_pair, weigh_pair
from app.features.matching.actions.runs import cohort_of, policy_of
from app.features.matching.schemas import MatchCreate
from app.features.programs.tables import Program


def propose_pair(scope: Scope[Program], body: MatchCreate) -> Match:
    """Propose one pair, by the policy's rules: whoever approves runs decides this too.

    Raises: `matching.pair_breaks_constraint` naming the conditions, `matching.enrolment_unknown`, `matching.not_in_pool`,
    `matching.cohort_not_open`, `matching.answer_by_outside_window`, of policies, and as `propose_match`.
    """
    pair, cohort = find_pair(scope, body.mentor_enrolment_id, body.mentee_enrolment_id)
    cohort_of(scope, cohort.id)
    answer_by: date = answer_by_of(body.answer_by, scope.today)
    policy = Policy.parse(policy_of(scope, body.policy_id).document)
    only = {Side.MENTOR: [pair[0]], Side.MENTEE: [pair[1]]}
    ready = queries.read_ready(scope.session, scope.actor, cohort, scope.today, only=only)
    found = weigh_pair(ready, pair, policy)
    if found.broken:
        raise RuleViolation("matching.pair_breaks_constraint", constraints=list(found.broken))
    return propose_match(
        scope,
        cohort_id=cohort.id,
        program_id=scope.row.id,
        mentor=enrolment_of(scope, pair[0], Side.MENTOR),
        mentee=enrolment_of(scope, pair[1], Side.MENTEE),
        run_id=None,
        score=found.score,
        contributions=found.contributions,
        answer_by=answer_by,
    )
