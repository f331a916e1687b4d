"""How are people spoken of? Personal data: every schema lists its own fields."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field, field_validator

from app.domain.glossary import AgeGroup, Gender, Goal, Interest, ProtectionLevel, Side
from app.features.participants.schemas.facts import (
    MAX_SKILLS,
    AgeGroups,
    Availability,
    AvailabilityWindow,
    BirthYear,
    Capacity,
    District,
    Goals,
    Interests,
    Languages,
    LanguageSkill,
    OccupationCode,
    PersonName,
    Phone,
    SkillId,
    Skills,
    not_null,
    windows_of,
)
from app.features.partners.schemas import MunicipalityCode
from app.kit import text
from app.kit.external import ExternalId, ExternalSystem
from app.kit.wire import Instant, Schema


class ParticipantCreate(Schema):
    """A person as your organisation holds them. No personnummer, no diagnosis, no ethnicity, no benefit amounts."""

    given_name: PersonName
    family_name: PersonName
    born_on: date
    gender: Gender
    email: text.Email | None = None
    phone: Phone | None = None
    municipality_code: MunicipalityCode | None = None
    district: District | None = None
    languages: Languages = Field(default_factory=list)
    occupation_code: OccupationCode | None = None
    skills: Skills = Field(default_factory=list)
    is_business_owner: bool = False
    availability: Availability = Field(default_factory=list)
    has_remote: bool = True
    goals: Goals = Field(default_factory=list)
    interests: Interests = Field(default_factory=list)
    accepts_gender: Gender | None = Field(None, description="Null: whoever. / Null: vem som helst.")
    accepts_age_groups: AgeGroups = Field(default_factory=list)
    employer_partner_id: UUID | None = None
    mentor_capacity: Capacity = 1
    external_system: ExternalSystem | None = None
    external_id: ExternalId | None = None


class AnonymousParticipantCreate(Schema):
    """A person who consents to nothing: gender and year of birth, and what a match needs and nobody is known by."""

    gender: Gender
    birth_year: BirthYear
    languages: Languages = Field(default_factory=list)
    occupation_code: OccupationCode | None = None
    skills: Skills = Field(default_factory=list)
    availability: Availability = Field(default_factory=list)
    has_remote: bool = True
    goals: Goals = Field(default_factory=list)
    interests: Interests = Field(default_factory=list)
    accepts_gender: Gender | None = Field(None, description="Null: whoever. / Null: vem som helst.")
    accepts_age_groups: AgeGroups = Field(default_factory=list)
    mentor_capacity: Capacity = 1


class IdentificationCreate(Schema):
    """Who the anonymous person is, now that they agree to be known."""

    given_name: PersonName
    family_name: PersonName
    born_on: date
    email: text.Email | None = None
    phone: Phone | None = None
    municipality_code: MunicipalityCode | None = None
    district: District | None = None
    is_business_owner: bool = False
    employer_partner_id: UUID | None = None
    external_system: ExternalSystem | None = None
    external_id: ExternalId | None = None


class ParticipantSync(Schema):
    """What another system says of a person: what is left out stays, null clears what may be empty.

    A person who is not there yet needs `givenName`, `familyName`, `bornOn` and `gender`.
    """

    given_name: PersonName | None = None
    family_name: PersonName | None = None
    born_on: date | None = None
    gender: Gender | None = None
    email: text.Email | None = None
    phone: Phone | None = None
    municipality_code: MunicipalityCode | None = None
    district: District | None = None
    languages: Languages | None = None
    occupation_code: OccupationCode | None = None
    skills: Skills | None = None
    is_business_owner: bool | None = None
    availability: Availability | None = None
    has_remote: bool | None = None
    goals: Goals | None = None
    interests: Interests | None = None
    accepts_gender: Gender | None = None
    accepts_age_groups: AgeGroups | None = None
    employer_partner_id: UUID | None = None
    mentor_capacity: Capacity | None = None

    _keep = field_validator(
        "given_name", "family_name", "born_on", "gender", "languages", "is_business_owner", "availability",
        "has_remote", "goals", "mentor_capacity", "skills", "interests", "accepts_age_groups",
    )(not_null)  # fmt: skip


class ParticipantPatch(ParticipantSync):
    """Changes to a person (JSON Merge Patch): what is left out stays, null clears what may be empty."""

    birth_year: BirthYear | None = Field(None, description="Only of the anonymous. / Bara för anonyma.")
    external_system: ExternalSystem | None = None
    external_id: ExternalId | None = None

    _keep_year = field_validator("birth_year")(not_null)


class ParticipantRead(Schema):
    """A person as the holder, the person, and the partners accountable for screening or the data see them.

    Of an anonymous person there are no names, contacts, day of birth or place.
    """

    id: UUID
    version: int = Field(ge=1)
    partner_id: UUID
    external_system: str | None = Field(max_length=40)
    external_id: str | None = Field(max_length=120)
    person_id: UUID = Field(description="Equal on records that were confirmed to be of one person.")
    is_anonymous: bool
    protection: ProtectionLevel | None = Field(description="Skyddade personuppgifter.")
    given_name: str | None = Field(max_length=80)
    family_name: str | None = Field(max_length=80)
    email: str | None = Field(max_length=254)
    phone: str | None = Field(max_length=30)
    born_on: date | None
    birth_year: int | None = Field(ge=1900, le=9999, description="Only of the anonymous. / Bara för anonyma.")
    gender: Gender
    municipality_code: str | None = Field(max_length=4)
    district: str | None = Field(max_length=60)
    languages: list[LanguageSkill] = Field(max_length=10)
    occupation_code: str | None = Field(max_length=4)
    skills: list[SkillId] = Field(max_length=MAX_SKILLS)
    is_business_owner: bool
    availability: Annotated[list[AvailabilityWindow], Field(max_length=84), BeforeValidator(windows_of)]
    has_remote: bool
    goals: list[Goal] = Field(max_length=len(Goal))
    interests: list[Interest] = Field(max_length=len(Interest))
    accepts_gender: Gender | None
    accepts_age_groups: list[AgeGroup] = Field(max_length=len(AgeGroup))
    employer_partner_id: UUID | None
    mentor_capacity: int = Field(ge=1, le=20)
    created_at: Instant
    updated_at: Instant


class LoginCreate(Schema):
    """Which side the person logs in as: one account, one role."""

    side: Side
