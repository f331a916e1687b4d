"""How are incidents, reviews and seals spoken of? Ids, classes and counts; nothing here describes a person."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.domain.access_reviews import MOST_ANOMALIES, SAMPLE, ReviewFinding, Signal
from app.domain.classification import Sensitivity
from app.features.privacy.schemas import AccessRead
from app.kit.wire import Instant, Schema

MOST_EXPOSED = 10_000
"""People in one report; a longer one is asked for in shorter periods."""
Hash = Annotated[str, Field(max_length=64, pattern="^[0-9a-f]{64}$", examples=["ab" * 32])]
Count = Annotated[int, Field(ge=0, le=2**53)]
Month = Annotated[str, Field(max_length=7, pattern="^20[0-9]{2}-(0[1-9]|1[0-2])$", examples=["2026-03"])]


class ExposureQuery(Schema):
    """Whose accesses, and when: a user, a service account, or one login."""

    user_id: UUID | None = Field(None, description="A user or service account. / Användare eller tjänstekonto.")
    login_id: UUID | None = Field(None, description="One login session, as the log names it. / En inloggning.")
    since: Instant | None = Field(None, description="From then on. / Från och med.")
    until: Instant | None = Field(None, description="Before then. / Före.")

    @model_validator(mode="after")
    def _somebody_is_named(self) -> Self:
        if self.user_id is None and self.login_id is None:
            raise ValueError("say userId or loginId")
        return self


class ExposedPerson(Schema):
    """One of your people whose data was shown."""

    participant_id: UUID
    access_count: Count
    first_at: Instant
    last_at: Instant
    permissions: list[Annotated[str, Field(max_length=40)]] = Field(max_length=200)
    classes: list[Sensitivity] = Field(
        max_length=10, description="The classes of data that these permissions can show, at most. / Uppgiftsklasser."
    )


class OtherHolder(Schema):
    """Another organisation whose people were shown, to be told so that its own officer looks."""

    partner_id: UUID
    partner_name: str = Field(max_length=120)
    participant_count: Count


class ExposureRead(Schema):
    """Whose data a user was shown in a period, for the notification of a breach (GDPR article 33)."""

    user_id: UUID | None
    login_id: UUID | None
    since: Instant | None
    until: Instant | None
    as_of: Instant
    access_count: Count = Field(description="Accesses that showed your people. / Åtkomster till era deltagare.")
    participant_count: Count
    is_complete: bool = Field(description="False: more than 10 000 people; ask for shorter periods. / Det finns fler.")
    people: list[ExposedPerson] = Field(max_length=MOST_EXPOSED)
    other_holders: list[OtherHolder] = Field(
        max_length=1000, description="Only when the user is your own: others whose people were shown. / Andra parter."
    )


class SignalRead(Schema):
    signal: Signal
    times: Count = Field(description="Beyond what an ordinary day has. / Utöver en vanlig dag.")


class AnomalyRead(Schema):
    """A user's day that deserves a second look, and why."""

    user_id: UUID
    on: date
    points: Count
    access_count: Count
    participant_count: Count
    signals: list[SignalRead] = Field(max_length=10)


class ReviewSignatureRead(Schema):
    """Somebody responsible has gone through the month."""

    month: Month
    finding: ReviewFinding
    signed_by_user_id: UUID
    signed_at: Instant
    seal_number: int = Field(ge=1, le=2**53, description="The checkpoint that drew the sample. / Kontrollpunkten.")


class ReviewSignatureCreate(Schema):
    """What came of it; details belong in your own case system."""

    finding: ReviewFinding


class AccessReviewRead(Schema):
    """A month's accesses by your own staff: a sample that anybody can draw again, and what is unusual."""

    month: Month
    seal_number: int = Field(ge=1, le=2**53)
    seed: Hash = Field(description="The root of that checkpoint; it drew the sample. / Dess rot drog stickprovet.")
    access_count: Count
    sample: list[AccessRead] = Field(max_length=SAMPLE)
    anomalies: list[AnomalyRead] = Field(max_length=MOST_ANOMALIES)
    signature: ReviewSignatureRead | None


class AccessReviewLine(Schema):
    """A month whose review can be done, and whether it has been."""

    month: Month
    is_signed: bool
    finding: ReviewFinding | None
    signed_at: Instant | None


class AuditSealRead(Schema):
    """A checkpoint over both logs. Keep it elsewhere, and nobody can take it back."""

    number: int = Field(ge=1, le=2**53)
    at: Instant
    previous_root: Hash
    root: Hash
    tree_root: Hash
    access_count: Count
    change_count: Count
    kid: str = Field(max_length=64)
    signature: str = Field(max_length=100)


class ProofRead(Schema):
    """That a line of the log is among what a checkpoint sealed (RFC 6962); `docs/examples` has a script that checks it."""

    access_id: str = Field(max_length=20)
    record: str | None = Field(
        max_length=20_000, description="The sealed text, when everybody in it is yours. / Radens förseglade text."
    )
    record_digest: Hash
    index: Count
    size: Count
    path: list[Hash] = Field(max_length=40)
    checkpoint: str = Field(max_length=1000, description="The sealed text of the checkpoint. / Kontrollpunktens text.")
    root: Hash
    kid: str = Field(max_length=64)
    signature: str = Field(max_length=100)
