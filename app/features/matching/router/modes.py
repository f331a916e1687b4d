"""What would the engine say, when nothing is stored?"""

from typing import Annotated

from fastapi import APIRouter, Response

from app.domain.glossary import Side
from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.matches.schemas import MatchRead
from app.features.matching import actions
from app.features.matching.schemas import (
    MatchAssessmentCreate,
    MatchAssessmentRead,
    MatchCreate,
    MatchPreviewCreate,
    MatchPreviewRead,
    MenteeSuggestionsCreate,
    MentorSuggestionsCreate,
    PolicyComparisonCreate,
    PolicyComparisonRead,
    SuggestionsRead,
    WhatIfCreate,
    WhatIfsRead,
)
from app.features.matching.tables import MatchRun
from app.features.programs.tables import Program
from app.kit.wire import answer

router = APIRouter()
Proposing = Annotated[Scope[Program], on(Program, Permission.MATCH_RUN_CREATE)]


@router.post(
    "/programs/{programId}/match-previews",
    operation_id="createMatchPreview",
    summary="See what a run would suggest",
    response_model=MatchPreviewRead,
)
def preview_match_run(scope: Proposing, body: MatchPreviewCreate) -> Response:
    """At once, and nothing is stored; larger cohorts take a run. / Direkt, utan att något lagras; stora omgångar körs."""
    return answer(scope.exchange, MatchPreviewRead, actions.preview(scope, body))


@router.post(
    "/programs/{programId}/policy-comparisons",
    operation_id="createPolicyComparison",
    summary="Compare two policies on the same people",
    response_model=PolicyComparisonRead,
)
def compare_matching_policies(scope: Proposing, body: PolicyComparisonCreate) -> Response:
    """Who gains, who loses, who gets another mentor. / Vilka som vinner, förlorar eller får en annan mentor."""
    return answer(scope.exchange, PolicyComparisonRead, actions.compare_policies(scope, body))


@router.post(
    "/programs/{programId}/match-assessments",
    operation_id="createMatchAssessment",
    summary="Look at one pair",
    response_model=MatchAssessmentRead,
)
def assess_pair(scope: Proposing, body: MatchAssessmentCreate) -> Response:
    """By the rules and points of a run; nothing is stored. / Efter körningens regler och poäng; inget lagras."""
    return answer(scope.exchange, MatchAssessmentRead, actions.assess_pair(scope, body))


@router.post(
    "/programs/{programId}/matches",
    operation_id="proposeMatch",
    summary="Propose a pair without a run",
    status_code=201,
    response_model=MatchRead,
)
def propose_match(
    scope: Annotated[Scope[Program], on(Program, Permission.MATCH_RUN_APPROVE)], body: MatchCreate
) -> Response:
    """For who approves runs; the policy's conditions hold here too. / För den som godkänner; villkoren gäller även här."""
    made = actions.propose_pair(scope, body)
    location = f"{scope.exchange.path.partition('/programs/')[0]}/matches/{made.id}"
    return answer(scope.exchange, MatchRead, made, status=201, location=location)


@router.post(
    "/programs/{programId}/mentor-suggestions",
    operation_id="createMentorSuggestions",
    summary="Suggest mentors for one mentee",
    response_model=SuggestionsRead,
)
def suggest_mentors(scope: Proposing, body: MentorSuggestionsCreate) -> Response:
    """The best who fit and have a free place, best first. / De bästa som passar och har en ledig plats."""
    found = actions.suggest_for(scope, Side.MENTEE, body.mentee_enrolment_id, body.policy_id, body.limit)
    return answer(scope.exchange, SuggestionsRead, found)


@router.post(
    "/programs/{programId}/mentee-suggestions",
    operation_id="createMenteeSuggestions",
    summary="Suggest mentees for one mentor",
    response_model=SuggestionsRead,
)
def suggest_mentees(scope: Proposing, body: MenteeSuggestionsCreate) -> Response:
    """The best who fit, best first; none without a free place. / De bästa som passar; inga utan ledig plats."""
    found = actions.suggest_for(scope, Side.MENTOR, body.mentor_enrolment_id, body.policy_id, body.limit)
    return answer(scope.exchange, SuggestionsRead, found)


@router.get(
    "/match-runs/{matchRunId}/what-ifs",
    operation_id="listWhatIfs",
    summary="Read what would let more people begin",
    response_model=WhatIfsRead,
)
def list_what_ifs(scope: Annotated[Scope[MatchRun], on(MatchRun, Permission.MATCH_RUN_READ)]) -> Response:
    """The changes most worth looking at after this run. / De ändringar som det lönar sig mest att titta på."""
    return answer(scope.exchange, WhatIfsRead, actions.explore_run(scope, []))


@router.post(
    "/match-runs/{matchRunId}/what-ifs",
    operation_id="createWhatIfs",
    summary="Ask what a change would gain",
    response_model=WhatIfsRead,
)
def ask_what_if(
    scope: Annotated[Scope[MatchRun], on(MatchRun, Permission.MATCH_RUN_CREATE)], body: WhatIfCreate
) -> Response:
    """Each change alone, on the run's own people; nothing is stored. / Varje ändring för sig; inget lagras."""
    return answer(scope.exchange, WhatIfsRead, actions.explore_run(scope, body.questions))
