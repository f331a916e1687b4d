"""Which questions does a follow-up ask, and what has the program published?"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func
from sqlmodel import Session, col, select

from app.domain.follow_ups import FollowUpKind
from app.domain.glossary import Side
from app.domain.questionnaires import Questionnaire, own_questions, questionnaire
from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.follow_ups.schemas import QuestionnaireRead
from app.features.follow_ups.tables import FollowUp, ProgramQuestionnaire
from app.features.programs.tables import Program


@dataclass(frozen=True)
class Asked:
    """The questions of a follow-up: the shipped ones, and what the program asks besides (None: nothing)."""

    questionnaire: Questionnaire
    program_questionnaire_id: UUID | None


def asked_in(session: Session, row: FollowUp) -> Asked:
    """What was asked, or for an open follow-up what is: the version in force on the day that it opens for answers."""
    if row.questionnaire_version is not None:
        own = (
            session.get_one(ProgramQuestionnaire, row.program_questionnaire_id)
            if row.program_questionnaire_id
            else None
        )
        return _asked(questionnaire(row.kind, row.questionnaire_version, side=row.side), own)
    opens_on = row.due_on - timedelta(days=row.lead_days)
    newest = (
        select(ProgramQuestionnaire)
        .where(
            ProgramQuestionnaire.program_id == row.program_id,
            ProgramQuestionnaire.kind == row.kind,
            col(ProgramQuestionnaire.side).is_not_distinct_from(row.side if row.kind is FollowUpKind.EXIT else None),
            ProgramQuestionnaire.since_on <= opens_on,
        )
        .order_by(col(ProgramQuestionnaire.number).desc())
        .limit(1)
    )
    own = session.exec(newest).first()
    if own is not None:
        return _asked(questionnaire(row.kind, own.base_version, side=row.side), own)
    return _asked(questionnaire(row.kind, side=row.side, on=opens_on), None)


def _asked(shipped: Questionnaire, own: ProgramQuestionnaire | None) -> Asked:
    if own is None:
        return Asked(shipped, None)
    return Asked(shipped.with_own(own_questions(own.kind, own.questions)), own.id)


def questions_of(scope: Scope[FollowUp]) -> QuestionnaireRead:
    """The questions of a follow-up as they are told."""
    asked = asked_in(scope.session, scope.row)
    shipped = asked.questionnaire
    told = {"kind": shipped.kind, "side": scope.row.side, "version": shipped.version, "questions": shipped.questions}
    return QuestionnaireRead.model_validate({**told, "program_questionnaire_id": asked.program_questionnaire_id})


def published(scope: Scope[Program]) -> Select[Any]:
    """Every version of a program's own questions."""
    return select(ProgramQuestionnaire).where(
        col(ProgramQuestionnaire.program_id) == scope.row.id, visible(ProgramQuestionnaire, scope.actor)
    )


def last_number(session: Session, program_id: UUID, kind: FollowUpKind, side: Side | None) -> int:
    """The number of the newest version for a kind and side; 0 when there is none."""
    newest = select(func.coalesce(func.max(ProgramQuestionnaire.number), 0)).where(
        ProgramQuestionnaire.program_id == program_id,
        ProgramQuestionnaire.kind == kind,
        col(ProgramQuestionnaire.side).is_not_distinct_from(side),
    )
    return session.exec(newest).one()
