"""How are follow-ups and outcomes spoken of over the wire?"""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, WithJsonSchema

from app.domain.follow_ups import FollowUpKind, WaiverReason, lateness, status_on
from app.domain.glossary import Side
from app.domain.lifecycles import FollowUpStatus
from app.domain.questionnaires import QuestionType
from app.features.follow_ups.tables import FollowUp
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema

MAX_ANSWER = 100_000
# Each answer is checked against its question by the domain, which never repeats what was sent: pydantic's pointer
# would repeat the key.
Answers = Annotated[
    dict[str, Any],
    Field(max_length=40),
    WithJsonSchema(
        {
            "type": "object",
            "maxProperties": 40,
            "description": "Answers by the code of the question. / Svar per frågekod.",
            "additionalProperties": {
                "anyOf": [
                    {"type": "boolean"},
                    {"type": "integer", "format": "int32", "minimum": 0, "maximum": MAX_ANSWER},
                    {"type": "string", "maxLength": 64},
                    {"type": "null"},
                ]
            },
            "examples": [{"hasMet": True, "contactWorks": 4, "needsSupport": False, "wantsToContinue": True}],
        }
    ),
]


class FollowUpRead(Schema):
    """A planned contact as it stands today: due and missed follow from the calendar."""

    id: UUID
    version: int = Field(ge=1)
    program_id: UUID
    match_id: UUID
    enrolment_id: UUID | None
    participant_id: UUID | None
    kind: FollowUpKind
    side: Side | None = Field(description="Null: with both sides together. / Null: med båda tillsammans.")
    due_on: date
    lead_days: int = Field(ge=0, le=60)
    grace_days: int = Field(ge=0, le=120)
    status: FollowUpStatus
    done_on: date | None
    days_late: int | None = Field(ge=0, le=100_000, description="Days after dueOn that it was done.")
    submitted_at: Instant | None
    questionnaire_version: int | None = Field(ge=1, le=10_000)
    answers: Answers
    waived_reason: WaiverReason | None
    created_at: Instant
    updated_at: Instant

    @classmethod
    def on(cls, row: FollowUp, today: date) -> "FollowUpRead":
        """The follow-up as it stands on the day `today`."""
        status = status_on(row.status, row.due_on, today, row.grace_days, row.lead_days)
        late = lateness(row.due_on, row.done_on) if row.done_on else None
        return cls.model_validate(
            {**row.model_dump(include=set(cls.model_fields)), "status": status, "days_late": late}
        )


class FollowUpQuery(PageQuery):
    program_id: UUID | None = Field(None, description="Only of this program. / Endast detta program.")
    match_id: UUID | None = Field(None, description="Only of this match. / Endast denna matchning.")
    status: FollowUpStatus | None = Field(None, description="As it stands today. / Läget i dag.")
    is_overdue: bool | None = Field(None, description="Not done although its day has passed. / Försenad eller missad.")


class Submission(Schema):
    """What was answered, and on which day the contact took place."""

    done_on: date
    answers: Answers


class Waiver(Schema):
    """Why a follow-up is not made."""

    reason_code: WaiverReason


class OptionRead(Schema):
    code: str = Field(max_length=64)
    en: str = Field(max_length=200)
    sv: str = Field(max_length=200)


class QuestionRead(Schema):
    """One question; `minimum` and `maximum` belong to numbers, `options` to choices."""

    code: str = Field(max_length=64)
    type: QuestionType
    is_required: bool
    en: str = Field(max_length=400)
    sv: str = Field(max_length=400)
    minimum: int | None = Field(ge=0, le=MAX_ANSWER)
    maximum: int | None = Field(ge=0, le=MAX_ANSWER)
    options: list[OptionRead] = Field(max_length=50)


class QuestionnaireRead(Schema):
    """The questions of a follow-up in English and Swedish; never free text."""

    kind: FollowUpKind
    version: int = Field(ge=1, le=10_000)
    questions: list[QuestionRead] = Field(max_length=40)
