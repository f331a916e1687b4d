"""Which outcomes are recorded, what do they count as, and what was said of the household?"""

from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlmodel import Session, col, select

from app.domain.outcomes import Occasion, OutcomeFact, rule_document, verdicts
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.enrolments.tables import Enrolment
from app.features.outcomes.schemas import HouseholdRead, OutcomeRecord, VerdictList, VerdictRead
from app.features.outcomes.tables import HouseholdAnswer, Outcome
from app.kit.problems import Problem


def outcomes(enrolment: Enrolment) -> Select[Any]:
    """The recorded outcomes of one enrolment."""
    return select(Outcome).where(Outcome.enrolment_id == enrolment.id)


def outcomes_of(session: Session, enrolment: Enrolment) -> dict[Occasion, Outcome]:
    """The recorded outcomes of one enrolment by occasion."""
    return {found.occasion: found for found in session.scalars(outcomes(enrolment))}


def outcome_at(session: Session, enrolment: Enrolment, occasion: Occasion) -> Outcome:
    """The outcome recorded at that occasion. Raises: Problem 404."""
    found = outcomes_of(session, enrolment).get(occasion)
    if found is None:
        raise Problem("resource.not_found")
    return found


def verdicts_of(scope: Scope[Enrolment]) -> VerdictList:
    """What the enrolment counts as by each definition, with the rule that says so."""
    known = outcomes_of(scope.session, scope.row)
    document = rule_document()
    found = verdicts(fact_of(occasion, said) for occasion, said in known.items())
    return VerdictList(
        enrolment_id=scope.row.id,
        participant_id=scope.row.participant_id,
        items=[
            VerdictRead(
                measure=measure,
                counts=verdict.counts,
                rule_id=verdict.rule_id,
                sv=document["rules"][verdict.rule_id]["sv"],
                en=document["rules"][verdict.rule_id]["en"],
                source=document["sources"][verdict.source],
            )
            for measure, verdict in found.items()
        ],
    )


def fact_of(occasion: Occasion, said: Outcome | OutcomeRecord) -> OutcomeFact:
    """What the rules need of a record or of what is about to be recorded."""
    return OutcomeFact(
        occasion=occasion,
        on=said.observed_on,
        income_source=said.income_source,
        occupation=said.occupation,
        extent_percent=said.extent_percent,
        began_on=said.began_on,
        ended_on=said.ended_on,
        has_study_aid=said.has_study_aid,
        education=said.education,
    )


@looks_beyond_reach
def household_of(session: Session, enrolment_id: UUID) -> HouseholdAnswer | None:
    """The answer to be replaced, locked; whoever records it for the person does not get to see it."""
    found = select(HouseholdAnswer).where(HouseholdAnswer.enrolment_id == enrolment_id)
    return session.scalars(found.with_for_update(key_share=True)).first()


def own_household(scope: Scope[Enrolment]) -> HouseholdRead:
    """What the caller themself has answered in this enrolment."""
    mine = select(col(HouseholdAnswer.children_count)).where(
        HouseholdAnswer.enrolment_id == scope.row.id, visible(HouseholdAnswer, scope.actor)
    )
    count = scope.session.scalar(mine)
    return HouseholdRead(
        enrolment_id=scope.row.id,
        participant_id=scope.row.participant_id,
        is_answered=count is not None,
        children_count=count,
    )
