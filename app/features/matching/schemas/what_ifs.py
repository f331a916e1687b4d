"""How is it asked what it would take for more people to begin, and how is it answered?"""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator

from app.domain.glossary import AgeGroup, Gender
from app.features.matching.schemas.facts import POOL_LIMIT, Constraint, Explanation
from app.features.participants.schemas import OccupationCode
from app.kit.wire import Schema

MAX_QUESTIONS = 10
LanguageCode = Annotated[str, Field(pattern="^[a-z]{2,3}$", max_length=3, description="ISO 639.", examples=["ti"])]


class WhatIfKind(StrEnum):
    """Which change a question is about, and which fields say it."""

    MORE_MENTORS = "moreMentors"  # count, places, languages, occupationCode, isBusinessOwner, gender, ageGroup
    RELAX = "relax"  # constraints
    MORE_PLACES = "morePlaces"  # mentorEnrolmentId, places


class WhatIfQuestion(Schema):
    """One change of the pool or the policy; of each kind only its own fields count."""

    kind: WhatIfKind
    count: int = Field(3, ge=1, le=50, description="moreMentors: how many. / Hur många.")
    places: int = Field(1, ge=1, le=20, description="moreMentors: of each. morePlaces: how many more.")
    languages: list[LanguageCode] = Field(default_factory=list, max_length=5)
    occupation_code: OccupationCode | None = None
    is_business_owner: bool = False
    gender: Gender | None = None
    age_group: AgeGroup | None = None
    constraints: list[Constraint] = Field(default_factory=list, max_length=10, description="relax: set aside together.")
    mentor_enrolment_id: UUID | None = Field(None, description="morePlaces: with whom. / Hos vem.")

    @model_validator(mode="after")
    def _says_its_change(self) -> "WhatIfQuestion":
        if self.kind is WhatIfKind.RELAX and not self.constraints:
            raise ValueError("must name constraints")
        if self.kind is WhatIfKind.MORE_PLACES and self.mentor_enrolment_id is None:
            raise ValueError("must name a mentor")
        return self


class WhatIfCreate(Schema):
    """What to ask of a run's people, each change alone."""

    questions: list[WhatIfQuestion] = Field(min_length=1, max_length=MAX_QUESTIONS)


class WhatIfAnswer(Schema):
    """What one change would gain over the best matching now; never below nothing, apart from the score."""

    question: WhatIfQuestion
    people_gained: int = Field(ge=0, le=POOL_LIMIT)
    priority_gained: int = Field(ge=-(2**53), le=2**53)
    score_gained: int = Field(ge=-(2**53), le=2**53)
    is_optimal: bool = Field(description="Both are proven to be the best.")
    explanation: Explanation


class WhatIfsRead(Schema):
    """The answers, in the order of the questions."""

    run_id: UUID
    answers: list[WhatIfAnswer] = Field(max_length=20)
