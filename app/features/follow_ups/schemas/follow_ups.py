"""How are follow-ups spoken of over the wire?"""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field, WithJsonSchema

from app.domain.follow_ups import AnswerCorrectionReason, FollowUpKind, WaiverReason, lateness, status_on
from app.domain.glossary import Side
from app.domain.lifecycles import FollowUpStatus
from app.domain.questionnaires import MAX_NUMBER, MAX_TEXT
from app.domain.reminders import LetterStatus, Rung
from app.features.follow_ups.tables import FollowUp
from app.kit.pages import PageQuery
from app.kit.text import clean_text
from app.kit.wire import Instant, Schema

MAX_QUESTIONS = 40
DaysLate = Annotated[int, Field(ge=1, le=10_000)]


def _plain(answers: dict[str, Any]) -> dict[str, Any]:
    """Texts in the form in which text is kept; ValueError for what no text may hold."""
    return {code: clean_text(said) if isinstance(said, str) else said for code, said in answers.items()}


# Each answer is checked against its question by the domain, which never repeats what was sent: pydantic's pointer
# would repeat the key.
Answers = Annotated[
    dict[str, Any],
    Field(max_length=MAX_QUESTIONS),
    AfterValidator(_plain),
    WithJsonSchema(
        {
            "type": "object",
            "maxProperties": MAX_QUESTIONS,
            "description": "Answers by the code of the question. / Svar per frågekod.",
            "additionalProperties": {
                "anyOf": [
                    {"type": "boolean"},
                    {"type": "integer", "format": "int32", "minimum": 0, "maximum": MAX_NUMBER},
                    {"type": "string", "maxLength": MAX_TEXT},
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
    moved_from: date | None = Field(description="The planned day, when it was moved. / Planerad dag, om den flyttats.")
    lead_days: int = Field(ge=0, le=60)
    grace_days: int = Field(ge=0, le=120)
    status: FollowUpStatus
    done_on: date | None
    days_late: int | None = Field(ge=0, le=100_000, description="Days after dueOn that it was done.")
    submitted_at: Instant | None
    is_answered_in_person: bool = Field(description="False: by staff that asked. / False: av personal som frågade.")
    answer_number: int = Field(ge=0, le=10_000, description="0: not answered, 1: the first answer, 2: corrected once …")
    questionnaire_version: int | None = Field(ge=1, le=10_000)
    program_questionnaire_id: UUID | None
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


class Correction(Submission):
    """The whole answer as it should have been. `corrects` is the number of the answer that is replaced."""

    corrects: int = Field(ge=1, le=10_000, description="The newest answer's number. / Det senaste svarets nummer.")
    reason_code: AnswerCorrectionReason


class FollowUpVersionRead(Schema):
    """An answer as it was before it was corrected, and why it was."""

    id: UUID
    version: int = Field(ge=1)
    follow_up_id: UUID
    participant_id: UUID | None
    number: int = Field(ge=1, le=10_000)
    done_on: date
    submitted_at: Instant
    is_answered_in_person: bool
    questionnaire_version: int = Field(ge=1, le=10_000)
    program_questionnaire_id: UUID | None
    answers: Answers
    correction_reason: AnswerCorrectionReason
    corrected_at: Instant


class Rescheduling(Schema):
    """The day to which the follow-up is moved."""

    due_on: date


class Waiver(Schema):
    """Why a follow-up is not made."""

    reason_code: WaiverReason


class ReminderRead(Schema):
    """That the follow-up was reminded of: on which rung of the ladder, and what became of the letter."""

    id: UUID
    version: int = Field(ge=1)
    follow_up_id: UUID
    participant_id: UUID | None
    due_on: date
    rung: Rung
    letter_status: LetterStatus
    sent_at: Instant | None
    created_at: Instant


class OverdueQuery(PageQuery):
    program_id: UUID | None = Field(None, description="Only of this program. / Endast detta program.")
    cohort_id: UUID | None = Field(None, description="Only of this cohort. / Endast denna omgång.")
    kind: FollowUpKind | None = Field(None, description="Only of this kind. / Endast av detta slag.")
    min_days_late: DaysLate | None = Field(None, description="At least so many days late. / Minst så många dagar sen.")
    max_days_late: DaysLate | None = Field(None, description="At most so many days late. / Högst så många dagar sen.")


class OverdueRead(Schema):
    """A follow-up whose day has passed and that should still be made, and who was told last."""

    id: UUID
    program_id: UUID
    cohort_id: UUID
    match_id: UUID
    enrolment_id: UUID | None
    participant_id: UUID | None
    kind: FollowUpKind
    side: Side | None = Field(description="Null: with both sides together. / Null: med båda tillsammans.")
    due_on: date
    moved_from: date | None
    status: FollowUpStatus
    days_late: int = Field(ge=1, le=100_000)
    last_rung: Rung | None = Field(description="The last step of the ladder. / Trappans senaste steg.")
    last_reminded_at: Instant | None


class WaitingRead(Schema):
    """A follow-up that waits for your own answer, and what it is called."""

    id: UUID
    program_id: UUID
    match_id: UUID
    participant_id: UUID
    kind: FollowUpKind
    en: str = Field(max_length=80)
    sv: str = Field(max_length=80)
    due_on: date
    days_late: int = Field(ge=0, le=100_000)
