"""How are courses and curricula spoken of?"""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, field_validator

from app.domain.glossary import Side, TrainingTopic
from app.features.participants.schemas import each_once, not_null
from app.kit import text
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema

Topics = Annotated[list[TrainingTopic], Field(min_length=1, max_length=len(TrainingTopic)), AfterValidator(each_once)]
Title = Annotated[str, text.name(200)]


class CourseVersionCreate(Schema):
    """What the course contains from now on. A version is never changed: publish the next one."""

    language: text.LanguageCode
    description: text.Text = ""
    topics: Topics
    minutes: int = Field(ge=1, le=10_000, description="The whole course, over all its sessions.")


class CourseCreate(CourseVersionCreate):
    """A course with its first version."""

    title: Title
    is_shared: bool = Field(False, description="Other organisations' programmes may use it.")


class CoursePatch(Schema):
    title: Title | None = None
    is_shared: bool | None = None
    is_active: bool | None = Field(None, description="An inactive course takes no new sessions or programmes.")

    _keep = field_validator("title", "is_shared", "is_active")(not_null)


class CourseVersionRead(Schema):
    id: UUID
    version: int = Field(ge=1)
    course_id: UUID
    partner_id: UUID
    number: int = Field(ge=1, le=1_000_000, description="1, 2, 3 … within the course.")
    language: str = Field(max_length=3)
    description: str = Field(max_length=4000)
    topics: list[TrainingTopic] = Field(max_length=len(TrainingTopic))
    minutes: int = Field(ge=1, le=10_000)
    created_at: Instant


class CourseRead(Schema):
    """A course (kurs) of an organisation, with its newest version."""

    id: UUID
    version: int = Field(ge=1)
    partner_id: UUID
    title: str = Field(max_length=200)
    is_shared: bool
    is_active: bool
    latest: CourseVersionRead
    created_at: Instant
    updated_at: Instant


class CourseQuery(PageQuery):
    partner_id: UUID | None = Field(None, description="Only of this organisation. / Endast denna parts.")


class CurriculumCourseCreate(Schema):
    """A course that one side of the programme takes. It is your organisation's own, or shared."""

    course_id: UUID
    side: Side
    is_required: bool = True


class CurriculumCoursePatch(Schema):
    is_required: bool | None = None

    _keep = field_validator("is_required")(not_null)


class CurriculumCourseRead(Schema):
    """A course in a programme's curriculum (kursplan)."""

    id: UUID
    version: int = Field(ge=1)
    program_id: UUID
    course_id: UUID
    title: str = Field(max_length=200)
    side: Side
    is_required: bool
    created_at: Instant


class CurriculumQuery(PageQuery):
    side: Side | None = Field(None, description="Only for this side. / Endast för denna sida.")
