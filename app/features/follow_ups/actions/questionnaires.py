"""How does a program ask questions of its own?"""

from datetime import timedelta

from app.domain.changes import ChangeKind
from app.domain.errors import RuleViolation
from app.domain.questionnaires import check_side, own_questions, questionnaire
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.follow_ups.queries import last_number
from app.features.follow_ups.schemas import ProgramQuestionnaireCreate
from app.features.follow_ups.tables import ProgramQuestionnaire
from app.features.participants.actions import refuse_personnummer
from app.features.programs.tables import Program


def publish_questionnaire(scope: Scope[Program], body: ProgramQuestionnaireCreate) -> ProgramQuestionnaire:
    """Publish the next version of what the program asks besides the shipped questions of a kind.

    Nobody's questions change while they are answered: it is asked in follow-ups that open tomorrow or later.
    Raises: `text.personnummer_refused`, `questionnaire.side_missing`, `questionnaire.side_implied`,
    `questionnaire.question_invalid`, `questionnaire.since_not_ahead`.
    """
    refuse_personnummer(body)
    check_side(body.kind, body.side)
    own_questions(body.kind, [one.entry() for one in body.questions])
    tomorrow = scope.today + timedelta(days=1)
    since_on = body.since_on or tomorrow
    if since_on < tomorrow:
        raise RuleViolation("questionnaire.since_not_ahead", pointer="/sinceOn", earliest=tomorrow.isoformat())
    # Publishers of one program queue up at its row (the guard locked it), so numbers have no gaps and no twins.
    number = last_number(scope.session, scope.row.id, body.kind, body.side) + 1
    row = ProgramQuestionnaire.model_validate(
        {
            "program_id": scope.row.id,
            "kind": body.kind,
            "side": body.side,
            "number": number,
            "since_on": since_on,
            "base_version": questionnaire(body.kind, side=body.side, on=since_on).version,
            "questions": [one.entry() for one in body.questions],
            "published_by_user_id": scope.actor.user_id,
        }
    )
    scope.session.add(row)
    record(scope, ChangeKind.QUESTIONNAIRE_PUBLISHED, row)
    return row
