"""How are information packs, acknowledgements and expectations spoken of?"""

from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field, WithJsonSchema

from app.domain.glossary import Side
from app.domain.questionnaires import QuestionType
from app.kit import text
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema

MAX_ANSWER = 100_000
MAX_QUESTIONS = 40
# The domain checks each answer against its question and never repeats what was sent: pydantic's pointer would.
ExpectationAnswers = Annotated[
    dict[str, Any],
    Field(max_length=MAX_QUESTIONS),
    # The database keeps keys in an order of its own: the same answers give the same bytes, and the same ETag.
    AfterValidator(lambda answers: dict(sorted(answers.items()))),
    WithJsonSchema(
        {
            "type": "object",
            "maxProperties": MAX_QUESTIONS,
            "description": "Answers by the code of the question. / Svar per frågekod.",
            "additionalProperties": {
                "anyOf": [
                    {"type": "boolean"},
                    {"type": "integer", "format": "int32", "minimum": 0, "maximum": MAX_ANSWER},
                    {"type": "string", "maxLength": 64},
                    {"type": "null"},
                ]
            },
            "examples": [{"goal": "findWork", "meetingsPerMonth": 2, "noJobPromised": True}],
        }
    ),
]


class InformationPackCreate(Schema):
    """A new version for one side in one language. It cannot be changed afterwards: publish the next version."""

    side: Side
    language: text.LanguageCode
    title: Annotated[str, text.name(200)]
    body: Annotated[str, text.text(20000, min_length=1)]
    needs_new_acknowledgement: bool = Field(
        True, description="False for a mere correction: who took note of the version before need not do it again."
    )


class InformationPackRead(Schema):
    """What a side is told before it decides; `number` counts the versions per side and language."""

    id: UUID
    version: int = Field(ge=1)
    program_id: UUID
    side: Side
    language: str = Field(max_length=3)
    number: int = Field(ge=1, le=1_000_000)
    title: str = Field(max_length=200)
    body: str = Field(max_length=20000)
    needs_new_acknowledgement: bool
    created_at: Instant


class InformationPackQuery(PageQuery):
    side: Side | None = Field(None, description="Only for this side. / Endast för denna sida.")
    language: text.LanguageCode | None = Field(None, description="Only in this language. / Endast på detta språk.")


class AcknowledgementCreate(Schema):
    """The person took note of this version."""

    pack_id: UUID


class AcknowledgementRead(Schema):
    id: UUID
    enrolment_id: UUID
    participant_id: UUID
    pack_id: UUID
    acknowledged_at: Instant
    recorded_by_user_id: UUID


class PreparationItem(StrEnum):
    """What may still be missing before a match can start."""

    TRAINING = "training"
    INFORMATION = "information"
    EXPECTATIONS = "expectations"
    EXPECTATION_REVIEW = "expectationReview"  # has seen how the two sides' answers differ
    GUARDIAN_CONSENT = "guardianConsent"  # of a mentee under 18
    REGISTER_EXTRACT = "registerExtract"  # shown by a mentor who meets somebody under 18


class PreparationRead(Schema):
    """Is the person prepared (förberedd) for a match, and what is missing? Null: not asked for, as things stand."""

    is_prepared: bool
    training_minutes: int = Field(ge=0, le=2**53)
    training_minutes_needed: int = Field(ge=0, le=60_000)
    missing_course_ids: list[UUID] = Field(max_length=1000, description="Required by the curriculum, not completed.")
    has_latest_information: bool
    has_expectations: bool
    has_expectation_review: bool | None = Field(description="In every match that both have accepted and none started.")
    has_guardian_consent: bool | None = Field(description="Of a mentee under 18 today.")
    has_register_extract: bool | None = Field(description="Of a mentor who is to meet somebody under 18.")
    missing: list[PreparationItem] = Field(max_length=len(PreparationItem))


class ExpectationOption(Schema):
    code: str = Field(max_length=64)
    en: str = Field(max_length=200)
    sv: str = Field(max_length=200)


class ExpectationQuestion(Schema):
    """One question; `minimum` and `maximum` belong to numbers, `options` to choices."""

    code: str = Field(max_length=64)
    type: QuestionType
    is_required: bool
    en: str = Field(max_length=400)
    sv: str = Field(max_length=400)
    minimum: int | None = Field(ge=0, le=MAX_ANSWER)
    maximum: int | None = Field(ge=0, le=MAX_ANSWER)
    options: list[ExpectationOption] = Field(max_length=50)


class ExpectationQuestionsRead(Schema):
    """What both sides are asked before a match starts, in English and Swedish; never free text."""

    questionnaire_version: int = Field(ge=1, le=10_000)
    questions: list[ExpectationQuestion] = Field(max_length=MAX_QUESTIONS)


class ExpectationsRecord(Schema):
    """What the person expects: an answer to every question of the newest version."""

    answers: ExpectationAnswers


class ExpectationsRead(Schema):
    """What a person expects (förväntningar) of the match to come."""

    id: UUID
    version: int = Field(ge=1)
    program_id: UUID
    enrolment_id: UUID
    participant_id: UUID
    partner_id: UUID
    side: Side
    questionnaire_version: int = Field(ge=1, le=10_000)
    answers: ExpectationAnswers
    answered_at: Instant
    recorded_by_user_id: UUID
    created_at: Instant
    updated_at: Instant
