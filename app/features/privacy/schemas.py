"""How is a person told what is stored about them and who has seen it? Personal data: every schema lists its fields."""

from typing import Any
from uuid import UUID

from pydantic import Field

from app.domain.access import Decision
from app.domain.glossary import Side
from app.domain.lifecycles import EnrolmentStatus, MatchStatus
from app.domain.purposes import Purpose
from app.domain.roles import Role
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema

MOST_ROWS = 5000  # of one kind in one answer; a person's case has tens
MOST_PEOPLE = 200  # named of one access; a filter on the person finds the rest
Address = Field(max_length=2048, description="The address of it. / Adressen dit.")


class Told(Schema):
    """The same in both languages. / Samma sak på båda språken."""

    sv: str = Field(max_length=400)
    en: str = Field(max_length=400)


class MyAccessRead(Schema):
    """Somebody's use, or attempt, of data about you: which organisation and role, not which person."""

    at: Instant
    partner_id: UUID | None
    partner_name: str | None = Field(max_length=120)
    role: Role
    permission: str = Field(max_length=40)
    decision: Decision
    words: Told


class AccessQuery(PageQuery):
    participant_id: UUID | None = Field(None, description="Only accesses to this person. / Endast denna person.")
    user_id: UUID | None = Field(None, description="Only accesses by this user. / Endast denna användare.")
    decision: Decision | None = Field(None, description="Only these. / Endast dessa.")


class UserAccessQuery(PageQuery):
    since: Instant | None = Field(None, description="From then on. / Från och med.")
    until: Instant | None = Field(None, description="Before then. / Före.")
    decision: Decision | None = Field(None, description="Only these. / Endast dessa.")


class AccessRead(Schema):
    """A line of the access log: who, when, by which permission, about whom, for what; never what was read."""

    id: str = Field(max_length=20, description="Asks for the proof that the line is sealed. / För beviset.")
    at: Instant
    user_id: UUID
    login_id: UUID | None = Field(description="The login session; a service account has none.")
    partner_id: UUID | None
    partner_name: str | None = Field(max_length=120)
    role: Role
    permission: str = Field(max_length=40)
    decision: Decision
    purpose: Purpose | None = Field(description="What it was said to be for. / Angivet ändamål.")
    reference: str | None = Field(max_length=60, description="The case number that was given with it.")
    participant_ids: list[UUID] = Field(
        max_length=MOST_PEOPLE, description="People of your own organisation, at most 200. / Egna deltagare."
    )
    participant_count: int = Field(ge=0, le=2**31 - 1, description="How many of your own people it showed.")


class Named(Schema):
    """What an id in the data stands for. / Vad ett id står för."""

    id: UUID
    name: str = Field(max_length=120)


class MyAccount(Schema):
    """The account you log in with. / Kontot du loggar in med."""

    name: str = Field(max_length=120)
    email: str | None = Field(max_length=254)
    role: Role
    partner_id: UUID | None
    created_at: Instant
    session_count: int = Field(ge=0, le=2**31 - 1, description="Logins on record, see /me/sessions.")
    access_count: int = Field(ge=0, le=2**31 - 1, description="Accesses by others, see /me/accesses.")


class DataGroup(Schema):
    """One kind of data, why it is kept, and each record of it with its fields as stored."""

    kind: str = Field(max_length=60, examples=["enrolment"])
    purpose: Told
    items: list[dict[str, Any]] = Field(max_length=MOST_ROWS)
    is_complete: bool = Field(description="False: there are more than 5 000; ask the holder. / Det finns fler.")


class MyDataRead(Schema):
    """Everything that is stored about you, for machines to read; nothing that is somebody else's."""

    as_of: Instant
    account: MyAccount
    groups: list[DataGroup] = Field(max_length=50)
    organisations: list[Named] = Field(max_length=1000)
    programs: list[Named] = Field(max_length=1000)


class MyRecord(Schema):
    """Your record at one organisation. / Din post hos en organisation."""

    id: UUID
    partner_id: UUID
    partner_name: str = Field(max_length=120)
    profile: str = Address


class MyEnrolment(Schema):
    """A program you take part in, and where its next steps are. / Ett program du är med i, och nästa steg."""

    id: UUID
    program_id: UUID
    cohort_id: UUID
    side: Side
    status: EnrolmentStatus
    enrolment: str = Address
    preparation: str = Address
    training_records: str = Address


class MyMatch(Schema):
    """A match of yours. / En av dina matchningar."""

    id: UUID
    program_id: UUID
    side: Side
    status: MatchStatus
    match: str = Address


class OverviewRead(Schema):
    """Where everything of yours is. / Var allt ditt finns."""

    records: list[MyRecord] = Field(max_length=100)
    enrolments: list[MyEnrolment] = Field(max_length=1000)
    matches: list[MyMatch] = Field(max_length=1000)
    data: str = Address
    accesses: str = Address
