"""How is the gap view spoken of over the wire?"""

from typing import Annotated, Self

from pydantic import AfterValidator, Field

from app.domain.gaps import Dimension, GapKey
from app.domain.glossary import Category, ProgramKind
from app.domain.missing import MissingKind
from app.domain.statistics import Told
from app.features.participants.schemas import District, each_once
from app.features.partners.schemas import MunicipalityCode
from app.kit.text import LanguageCode
from app.kit.wire import Instant, Schema

COUNT = 2**31 - 1
MOST_CELLS = 5_000
CodeOfLanguage = Annotated[str, Field(max_length=35, description="ISO 639, as people's languages.")]


class GapPart(Schema):
    """A part of the whole; what is left out is every one."""

    category: Category | None = Field(None, description="Only this category. / Endast denna kategori.")
    kind: ProgramKind | None = Field(None, description="Only this kind. / Endast denna programtyp.")
    language: LanguageCode | None = Field(
        None, description="Whose people speak it, and programmes offered in it. / Endast detta språk."
    )
    district: District | None = Field(None, description="People who live there, programmes there. / Kommundel.")
    municipality_code: MunicipalityCode | None = Field(None, description="SCB's code. / Endast denna kommun.")

    @property
    def key(self) -> GapKey:
        return GapKey(**{name: getattr(self, name) for name in GapPart.model_fields})


class GapQuery(GapPart):
    """Which part, and what it is split by; without `by` one cell, the total."""

    by: Annotated[
        list[Dimension],
        Field(max_length=len(Dimension), description="What to split by. / Vad som ska delas upp."),
        AfterValidator(each_once),
    ] = Field(default_factory=list)


class GapText(Schema):
    sv: str = Field(max_length=1500)
    en: str = Field(max_length=1500)


class PeopleAmount(Schema):
    """A number of people as this caller may have it."""

    value: int | None = Field(ge=0, le=COUNT, description="Null: withheld.")
    is_protected: bool = Field(description="Withheld: taken out of fewer than ten.")
    is_rounded: bool = Field(description="Rounded at random to a multiple of five.")

    @classmethod
    def of(cls, told: Told) -> Self:
        is_withheld = told.value is None
        return cls(value=told.value, is_protected=is_withheld, is_rounded=not (is_withheld or told.is_exact))


class ProgramCounts(Schema):
    """Published programmes by listing."""

    listed: int = Field(ge=0, le=COUNT, description="Run elsewhere, described here. / Befintliga.")
    adopted: int = Field(ge=0, le=COUNT, description="With an agreement here. / Anslutna.")
    own: int = Field(ge=0, le=COUNT, description="Egna.")


class GapNumbers(Schema):
    """What is offered and who waits in one part."""

    programs: ProgramCounts
    places: int = Field(ge=0, le=COUNT, description="Mentee places at a time. / Adeptplatser åt gången.")
    programs_without_places: int = Field(ge=0, le=COUNT, description="Programmes that do not say how many.")
    waiting: PeopleAmount = Field(description="People who wait. / Personer som väntar.")
    ready: PeopleAmount = Field(description="Of them ready and unmatched. / Därav redo och omatchade.")
    oldest_waiting_days: int | None = Field(ge=0, le=COUNT, description="Only for those who may read the records.")
    oldest_waiting_months: int | None = Field(
        ge=0,
        le=COUNT,
        description="Of 30 days, begun ones counted; for others than those, what ten people have reached.",
    )


class GapCell(GapNumbers):
    """One cell. A dimension that the answer is split by is null where nothing is stated, any other is null for all."""

    category: Category | None
    kind: ProgramKind | None
    language: CodeOfLanguage | None
    district: str | None = Field(max_length=60)


class GapView(Schema):
    """What is offered and who waits, in the parts that were asked for."""

    as_of: Instant
    asked: GapPart
    by: list[Dimension] = Field(max_length=len(Dimension))
    population: GapText
    method: GapText = Field(description="How the figures are protected for this caller.")
    total: GapNumbers
    cells: list[GapCell] = Field(max_length=MOST_CELLS)


class MissingQuery(Schema):
    category: Category | None = Field(None, description="Only this category. / Endast denna kategori.")
    kind: ProgramKind | None = Field(None, description="Only this kind. / Endast denna programtyp.")


class MissingRead(Schema):
    """What would let more people start, and how many."""

    kind: MissingKind
    language: CodeOfLanguage | None = Field(description="Of what the mentors would speak.")
    conditions: list[Annotated[str, Field(max_length=40)]] = Field(max_length=40)
    people: PeopleAmount
    mentors: int | None = Field(
        ge=1, le=COUNT, description="How many more mentors that takes; null: not a matter of them."
    )
    text: GapText


class MissingView(Schema):
    """What the latest matchings of open cohorts say is missing, the most people first."""

    as_of: Instant
    asked: MissingQuery
    rule: GapText
    method: GapText
    unmatched: PeopleAmount = Field(description="Who still waits of those whom the matchings left over.")
    items: list[MissingRead] = Field(max_length=500)
