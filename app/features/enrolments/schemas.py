"""How are enrolments spoken of? Personal data: every schema lists its own fields."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from app.domain.glossary import ExitReason, LegalGround, Side, StatusReason
from app.domain.lifecycles import EnrolmentStatus
from app.kit.pages import PageQuery
from app.kit.wire import Instant, Schema


class EnrolmentCreate(Schema):
    """Enrol a person whom your organisation holds in a cohort.

    `ground` is the legal ground (rättslig grund) on which the programme's partners handle the person's data; left out,
    it is `publicInterest` for a public body and `contract` for everybody else.
    """

    participant_id: UUID
    side: Side
    ground: LegalGround | None = None
    needs_business_owner: bool = Field(False, description="A mentee who may only get a mentor that owns a business.")


class EnrolmentSync(Schema):
    """Enrol the person whom your organisation holds under the key in the address.

    `partnerId` may name your organisation. What is left out of an enrolment that exists already is not compared.
    """

    partner_id: UUID | None = None
    side: Side
    ground: LegalGround | None = None
    needs_business_owner: bool = Field(False, description="A mentee who may only get a mentor that owns a business.")


class ApplicationCreate(Schema):
    """Apply for oneself, on the side of one's role. A consent that is needed is given before."""

    needs_business_owner: bool = Field(False, description="A mentee who may only get a mentor that owns a business.")


class ScreeningDecision(StrEnum):
    READY = "ready"
    NOT_ELIGIBLE = "notEligible"
    DECLINED = "declined"


class EnrolmentScreeningCreate(Schema):
    """What the screening (prövning) found. A decision other than `ready` gives its reason."""

    interviewed_on: date | None = None
    reference_count: int = Field(0, ge=0, le=20)
    decision: ScreeningDecision
    reason_code: StatusReason | None = None


class EnrolmentMove(StrEnum):
    """Where an enrolment may be moved by hand; screening and exit have their own acts.

    `applied` is for those who were referred: they, or staff for them, take up the referral.
    """

    APPLIED = "applied"
    PAUSED = "paused"
    READY = "ready"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    REGISTERED_IN_ERROR = "registeredInError"


class EnrolmentTransitionCreate(Schema):
    to: EnrolmentMove
    reason_code: StatusReason | None = None


class EnrolmentExitCreate(Schema):
    """The end (avslut) of an enrolment."""

    exited_on: date
    reason: ExitReason


class EnrolmentRead(Schema):
    """An enrolment (inskrivning); `waitingSince` is set while there is no place."""

    id: UUID
    version: int = Field(ge=1)
    program_id: UUID
    cohort_id: UUID
    participant_id: UUID
    partner_id: UUID
    side: Side
    ground: LegalGround
    status: EnrolmentStatus
    needs_business_owner: bool
    applied_on: date
    interviewed_on: date | None
    reference_count: int = Field(ge=0, le=20)
    ready_at: Instant | None
    waiting_since: date | None
    status_reason: StatusReason | None
    exited_on: date | None
    exit_reason: ExitReason | None
    created_at: Instant
    updated_at: Instant


class CohortEnrolmentQuery(PageQuery):
    side: Side | None = Field(None, description="Only this side. / Endast denna sida.")
    status: EnrolmentStatus | None = Field(None, description="Only in this status. / Endast i detta läge.")


class EnrolmentQuery(CohortEnrolmentQuery):
    program_id: UUID | None = Field(None, description="Only in this program. / Endast i detta program.")
