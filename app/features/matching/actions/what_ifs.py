"""What would it take for more people of a run to begin? Asked of the very same people; nothing is stored."""

from collections.abc import Sequence

from app.domain.matching.engine import propose
from app.domain.matching.what_if import Answer, MoreMentors, MorePlaces, Question, Relax, default_questions, explore
from app.domain.matching.what_if_explanation import explain_answer
from app.features.access.scope import Scope
from app.features.matching import queries
from app.features.matching.schemas import Explanation, WhatIfAnswer, WhatIfKind, WhatIfQuestion, WhatIfsRead
from app.features.matching.tables import MatchRun


def explore_run(scope: Scope[MatchRun], asked: Sequence[WhatIfQuestion]) -> WhatIfsRead:
    """What each change alone would gain; without questions, what is worth asking after this run.

    Raises: as `queries.people_of`, `matching.mentor_unknown`, `matching.cannot_be_set_aside`.
    """
    run = queries.people_of(scope)
    questions: Sequence[Question] = [_heard(one) for one in asked]
    if not questions:
        questions = default_questions(run.pool, run.policy, propose(run.pool, run.policy, scope.row.seed))
    found = explore(run.pool, run.policy, scope.row.seed, questions)
    return WhatIfsRead(run_id=scope.row.id, answers=[_said(one) for one in found])


def _heard(asked: WhatIfQuestion) -> Question:
    if asked.kind is WhatIfKind.RELAX:
        return Relax(tuple(asked.constraints))
    if asked.mentor_enrolment_id is not None and asked.kind is WhatIfKind.MORE_PLACES:
        return MorePlaces(asked.mentor_enrolment_id, asked.places)
    return MoreMentors(
        asked.count,
        places=asked.places,
        languages=tuple(asked.languages),
        occupation=asked.occupation_code,
        is_business_owner=asked.is_business_owner,
        gender=asked.gender,
        age_group=asked.age_group,
    )


def _said(answer: Answer) -> WhatIfAnswer:
    return WhatIfAnswer(
        question=_repeated(answer.question),
        people_gained=answer.people_gained,
        priority_gained=answer.priority_gained,
        score_gained=answer.score_gained,
        is_optimal=answer.is_optimal,
        explanation=Explanation(sv=list(explain_answer(answer, "sv")), en=list(explain_answer(answer, "en"))),
    )


def _repeated(question: Question) -> WhatIfQuestion:
    if isinstance(question, Relax):
        return WhatIfQuestion(kind=WhatIfKind.RELAX, constraints=list(question.constraints))
    if isinstance(question, MorePlaces):
        return WhatIfQuestion(kind=WhatIfKind.MORE_PLACES, mentor_enrolment_id=question.mentor, places=question.places)
    return WhatIfQuestion(
        kind=WhatIfKind.MORE_MENTORS,
        count=question.count,
        places=question.places,
        languages=list(question.languages),
        occupation_code=question.occupation,
        is_business_owner=question.is_business_owner,
        gender=question.gender,
        age_group=question.age_group,
    )
