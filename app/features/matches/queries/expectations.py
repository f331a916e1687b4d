"""What do the two people of a match expect, and what is missing before it may start?"""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, or_, select

from app.domain.expectations import Comparison, Likeness, compare, expectation_questions
from app.domain.glossary import Side
from app.domain.lifecycles import OPEN_MATCHES
from app.domain.matches import BOTH_ACCEPTED
from app.domain.visibility import fields_shown
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.enrolments.tables import Enrolment
from app.features.matches.queries.agreements import sides_to_sign
from app.features.matches.queries.people import subjects
from app.features.matches.schemas import ExpectationComparison, ExpectationsOfPairRead
from app.features.matches.tables import Match
from app.features.preparation.queries import Pairing, expectation_answers, preparation
from app.features.preparation.schemas import ExpectationQuestion
from app.features.preparation.tables import ExpectationAnswer
from app.kit.problems import Problem

AGREEMENT = "matchAgreement"
"""What is missing of a side that has not signed the mutual agreement; it is of the pair, not of one enrolment."""


def expectations_of_pair(scope: Scope[Match]) -> ExpectationsOfPairRead:
    """What the two expect, from both acceptances until the end. Raises: Problem 404 at any other time.

    Of whoever has withdrawn the consent that the program rests on only the holder's staff sees the answers.
    """
    match = scope.row
    if match.status not in BOTH_ACCEPTED:
        raise Problem("resource.not_found")
    given = answers_of_pair(scope.session, match)
    for side, (_, subject) in subjects(scope).items():
        if subject.has_withdrawn and not fields_shown(scope.actor, subject):
            given.pop(side, None)
    version = max((one.questionnaire_version for one in given.values()), default=None)
    asked = expectation_questions(version)
    answers = {side: given[side].answers if side in given else {} for side in Side}
    compared = compare(asked.questions, answers[Side.MENTOR], answers[Side.MENTEE])
    return ExpectationsOfPairRead(
        match_id=match.id,
        questionnaire_version=asked.version,
        mentor_answered_at=given[Side.MENTOR].answered_at if Side.MENTOR in given else None,
        mentee_answered_at=given[Side.MENTEE].answered_at if Side.MENTEE in given else None,
        mentor_reviewed_at=match.mentor_reviewed_at,
        mentee_reviewed_at=match.mentee_reviewed_at,
        difference_count=sum(one.likeness in {Likeness.NEAR, Likeness.FAR} for one in compared),
        comparisons=[_comparison(one) for one in compared],
    )


def _comparison(one: Comparison) -> ExpectationComparison:
    return ExpectationComparison.model_validate(
        {
            **{name: getattr(one.question, name) for name in ExpectationQuestion.model_fields},
            "mentor_answer": one.mentor,
            "mentee_answer": one.mentee,
            "likeness": one.likeness,
            "apart": one.apart,
        }
    )


@looks_beyond_reach
def answers_of_pair(session: Session, match: Match) -> dict[Side, ExpectationAnswer]:
    """What each side expects; a side that has not answered is not there."""
    found = expectation_answers(session, [match.mentor_enrolment_id, match.mentee_enrolment_id])
    return {one.side: one for one in found.values()}


def lock_open_matches(session: Session, enrolment_id: UUID) -> Sequence[Match]:
    """The matches of an enrolment that are proposed or under way, locked.

    Does not wait: whoever prepares or starts one of them holds it and wants the enrolment, which the caller holds.
    The database answers `resource.busy` then.
    """
    found = select(Match).where(
        or_(Match.mentor_enrolment_id == enrolment_id, Match.mentee_enrolment_id == enrolment_id),
        col(Match.status).in_(OPEN_MATCHES),
    )
    locked = found.order_by(col(Match.id)).with_for_update(nowait=True, key_share=True)
    return session.exec(locked, execution_options={"populate_existing": True}).all()


@looks_beyond_reach
def missing_preparation(
    session: Session, match: Match, pair: Mapping[Side, Enrolment], on: date
) -> dict[str, list[str]]:
    """What is missing on each side before the match may start on a day; nothing missing: empty lists."""
    reviews = {Side.MENTOR: match.mentor_reviewed_at, Side.MENTEE: match.mentee_reviewed_at}
    found: dict[str, list[str]] = {}
    for side, enrolment in pair.items():
        pairing = Pairing(match.mentee_participant_id, reviews[side] is not None)
        found[side.value] = [item.value for item in preparation(session, enrolment, on, [pairing]).missing]
    for side in sides_to_sign(session, match):
        found[side.value].append(AGREEMENT)
    return found
