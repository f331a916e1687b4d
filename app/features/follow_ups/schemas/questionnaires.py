"""How are questions spoken of over the wire, the shipped ones and a program's own?"""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from app.domain.follow_ups import FollowUpKind
from app.domain.glossary import Side
from app.domain.questionnaires import MAX_NUMBER, QuestionType
from app.kit import text
from app.kit.wire import Instant, Schema

MAX_OWN = 20
QuestionCode = Annotated[str, Field(pattern="^[a-z][A-Za-z]{1,39}$", max_length=40, examples=["hasVisitedWorkplace"])]
QuestionText = Annotated[str, text.name(400)]
OptionText = Annotated[str, text.name(200)]
Bound = Annotated[int, Field(ge=0, le=MAX_NUMBER)]


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
    minimum: int | None = Field(ge=0, le=MAX_NUMBER)
    maximum: int | None = Field(ge=0, le=MAX_NUMBER)
    options: list[OptionRead] = Field(max_length=50)


class QuestionnaireRead(Schema):
    """The questions of a follow-up in English and Swedish: the shipped version, then what the program asks besides."""

    kind: FollowUpKind
    side: Side | None
    version: int = Field(ge=1, le=10_000)
    program_questionnaire_id: UUID | None
    questions: list[QuestionRead] = Field(max_length=40)


class OptionCreate(Schema):
    """One of the answers that can be chosen."""

    code: QuestionCode
    en: OptionText
    sv: OptionText


class QuestionCreate(Schema):
    """One question of the program's own; ask for nothing about health. `text` takes one short plain text."""

    code: QuestionCode
    type: QuestionType
    is_required: bool = False
    en: QuestionText
    sv: QuestionText
    minimum: Bound | None = None
    maximum: Bound | None = None
    options: list[OptionCreate] = Field(default_factory=list, max_length=50)

    def entry(self) -> dict[str, Any]:
        """In the form of the data files."""
        return self.model_dump(mode="json", by_alias=True)


class ProgramQuestionnaireCreate(Schema):
    """The next version of what the program asks besides the shipped questions of a kind; no questions ends its own.

    `side` belongs to exits only. `sinceOn` is tomorrow unless a later day is said.
    """

    kind: FollowUpKind
    side: Side | None = None
    since_on: date | None = None
    questions: list[QuestionCreate] = Field(max_length=MAX_OWN)


class ProgramQuestionnaireRead(Schema):
    """A version of a program's own questions."""

    id: UUID
    version: int = Field(ge=1)
    program_id: UUID
    kind: FollowUpKind
    side: Side | None
    number: int = Field(ge=1, le=1_000_000)
    since_on: date
    base_version: int = Field(ge=1, le=10_000, description="The shipped version that is asked first.")
    questions: list[QuestionRead] = Field(max_length=MAX_OWN)
    created_at: Instant
