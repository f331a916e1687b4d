"""What would the engine say? Questions that store nothing, answered at once by the rules and reasons of a run."""

from typing import Any
from uuid import UUID

from app.domain.errors import RuleViolation
from app.domain.glossary import Side
from app.domain.matching.engine import propose
from app.domain.matching.explanation import Language, explain_pair, explain_unmatched
from app.domain.matching.model import EnrolmentPair
from app.domain.matching.policy import Criterion, Policy
from app.domain.matching.proposal import Proposal
from app.domain.matching.suggestions import Assessment, assess, suggest_mentees, suggest_mentors
from app.domain.matching.words import explain_broken, explain_points
from app.features.access.scope import Scope
from app.features.matching import queries
from app.features.matching.actions.blocks import enrolment_of
from app.features.matching.actions.policies import parse_document
from app.features.matching.actions.results import describe_pair, describe_unmatched
from app.features.matching.actions.runs import cohort_of, policy_of, read_with_pins
from app.features.matching.queries import Ready
from app.features.matching.schemas import (
    SYNCHRONOUS_LIMIT,
    ChangedMentee,
    Explanation,
    MatchAssessmentCreate,
    MatchAssessmentRead,
    MatchingReached,
    MatchPreviewCreate,
    MatchPreviewRead,
    PolicyChoice,
    PolicyComparisonCreate,
    PolicyComparisonRead,
    SuggestionRead,
    SuggestionsRead,
)
from app.features.programs.tables import Cohort, Program

LANGUAGES: tuple[Language, ...] = ("sv", "en")


def preview(scope: Scope[Program], body: MatchPreviewCreate) -> MatchPreviewRead:
    """What a run with this body would suggest now. Raises: as `request_run`, and `matching.pool_too_large_to_preview`."""
    cohort, policy = cohort_of(scope, body.cohort_id), chosen_policy(scope, body)
    pins = [(pin.mentor_enrolment_id, pin.mentee_enrolment_id) for pin in body.pins]
    ready = read_with_pins(scope, cohort, pins, most=SYNCHRONOUS_LIMIT, moves_proposals=body.includes_proposals)
    found = propose(ready.pool(), policy, body.seed)
    return MatchPreviewRead.model_validate(
        {
            **_outcome(ready, found),
            "pairs": [{**describe_pair(one), "explanation": _both(explain_pair, one)} for one in found.pairs],
            "unmatched": [
                {**describe_unmatched(one), "explanation": _both(explain_unmatched, one)} for one in found.unmatched
            ],
        }
    )


def compare_policies(scope: Scope[Program], body: PolicyComparisonCreate) -> PolicyComparisonRead:
    """What two policies find for the same people, and for whom they differ. Raises: as `preview`."""
    cohort = cohort_of(scope, body.cohort_id)
    policies = [chosen_policy(scope, one, f"/{name}") for name, one in (("first", body.first), ("second", body.second))]
    ready = read_with_pins(scope, cohort, [], most=SYNCHRONOUS_LIMIT)
    pool = ready.pool()
    first, second = (propose(pool, policy, body.seed) for policy in policies)
    changed = _changes(first, second)
    return PolicyComparisonRead.model_validate(
        {
            "first": _outcome(ready, first),
            "second": _outcome(ready, second),
            "gained": [one for one in changed if one.first_mentor_enrolment_id is None],
            "lost": [one for one in changed if one.second_mentor_enrolment_id is None],
            "moved": [one for one in changed if one.first_mentor_enrolment_id and one.second_mentor_enrolment_id],
            "unchanged_count": len(pool.mentees) - len(changed),
        }
    )


def assess_pair(scope: Scope[Program], body: MatchAssessmentCreate) -> MatchAssessmentRead:
    """How two people would do together. Raises: `matching.enrolment_unknown`, `matching.not_in_pool`, and of policies."""
    pair, cohort = find_pair(scope, body.mentor_enrolment_id, body.mentee_enrolment_id)
    ready = queries.read_ready(scope.session, scope.actor, cohort, scope.today, only={Side.MENTEE: [pair[1]]})
    found = weigh_pair(ready, pair, chosen_policy(scope, body))
    said = [explain_points, *([_explain_what_is_broken] if found.broken else [])]
    return MatchAssessmentRead(
        mentor_enrolment_id=pair[0],
        mentee_enrolment_id=pair[1],
        is_possible=not found.broken,
        broken=list(found.broken),
        score=found.score,
        contributions={Criterion(name): points for name, points in found.contributions.items()},
        rank=found.rank,
        feasible_mentors=found.feasible_mentors,
        explanation=Explanation.model_validate(
            {language: [line for say in said for line in say(found, language)] for language in LANGUAGES}
        ),
    )


def _explain_what_is_broken(found: Assessment, language: Language) -> tuple[str, ...]:
    return explain_broken(found.broken, language)


def suggest_for(
    scope: Scope[Program], side: Side, enrolment_id: UUID, policy_id: UUID | None, limit: int
) -> SuggestionsRead:
    """The best on the other side for the person of an enrolment on `side`, whatever the cohort's size.

    Raises: `matching.enrolment_unknown`, `matching.not_in_pool`, and of policies.
    """
    enrolment = enrolment_of(scope, enrolment_id, side)
    cohort = cohort_of(scope, enrolment.cohort_id)
    policy = Policy.parse(policy_of(scope, policy_id).document)
    ready = queries.read_ready(scope.session, scope.actor, cohort, scope.today, only={side: [enrolment.id]})
    if not ready.people[side]:
        raise RuleViolation("matching.not_in_pool")
    suggest = suggest_mentors if side is Side.MENTEE else suggest_mentees
    found = suggest(ready.pool(), policy, enrolment.id, limit)
    return SuggestionsRead(
        enrolment_id=enrolment.id,
        suggestions=[
            SuggestionRead.model_validate(
                {
                    "enrolment_id": one.mentor if side is Side.MENTEE else one.mentee,
                    **{name: getattr(one, name) for name in ("score", "contributions", "rank", "free_places")},
                    "explanation": _both(explain_points, one),
                }
            )
            for one in found
        ],
    )


def find_pair(scope: Scope[Program], mentor_id: UUID, mentee_id: UUID) -> tuple[EnrolmentPair, Cohort]:
    """The two that a body names, and the cohort. Raises: `matching.enrolment_unknown`, `match.not_same_cohort`."""
    mentor = enrolment_of(scope, mentor_id, Side.MENTOR)
    mentee = enrolment_of(scope, mentee_id, Side.MENTEE)
    if mentor.cohort_id != mentee.cohort_id:
        raise RuleViolation("match.not_same_cohort")
    return (mentor.id, mentee.id), scope.session.get_one(Cohort, mentee.cohort_id)


def weigh_pair(ready: Ready, pair: EnrolmentPair, policy: Policy) -> Assessment:
    """What the two would be as a pair, possible or not. Raises: `matching.not_in_pool`."""
    if not ready.holds(pair):
        raise RuleViolation("matching.not_in_pool")
    return assess(ready.pool(), policy, *pair)


def chosen_policy(scope: Scope[Program], choice: PolicyChoice, at: str = "") -> Policy:
    """The policy that a body chooses. Raises: as `policy_of`, and what is wrong with a document, pointing into it."""
    if choice.document is not None:
        return parse_document(choice.document, f"{at}/document")
    return Policy.parse(policy_of(scope, choice.policy_id, f"{at}/policyId").document)


def _outcome(ready: Ready, found: Proposal) -> dict[str, Any]:
    told = {name: getattr(found, name) for name in MatchingReached.model_fields if hasattr(found, name)}
    return told | {
        "mentor_count": len(ready.people[Side.MENTOR]),
        "mentee_count": len(ready.people[Side.MENTEE]),
        "unused_mentor_count": len(found.unused_mentors),
    }


def _changes(first: Proposal, second: Proposal) -> list[ChangedMentee]:
    before, after = ({pair.mentee: pair for pair in one.pairs} for one in (first, second))
    mentors = {one: tuple(pair and pair.mentor for pair in (before.get(one), after.get(one))) for one in before | after}
    return [
        ChangedMentee(
            mentee_enrolment_id=one,
            first_mentor_enrolment_id=old,
            second_mentor_enrolment_id=new,
            first_score=before[one].score if old else None,
            second_score=after[one].score if new else None,
        )
        for one, (old, new) in mentors.items()
        if old != new
    ]


def _both(explain: Any, found: Any) -> dict[str, Any]:
    return {language: explain(found, language) for language in LANGUAGES}
