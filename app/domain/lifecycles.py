"""Which state may follow which? One transition table per thing that has states; everything else is refused."""

from enum import StrEnum

from app.domain.errors import RuleViolation
from app.domain.glossary import Side
from app.domain.transitions import Lifecycle


class CohortStatus(StrEnum):
    DRAFT = "draft"  # utkast
    OPEN = "open"  # öppen för anmälan
    CLOSED = "closed"  # anmälan stängd
    IN_PROGRESS = "inProgress"  # pågår
    COMPLETED = "completed"  # genomförd
    EVALUATED = "evaluated"  # utvärderad
    CANCELLED = "cancelled"  # inställd


COHORT = Lifecycle(
    "cohort",
    {
        CohortStatus.DRAFT: frozenset({CohortStatus.OPEN, CohortStatus.CANCELLED}),
        CohortStatus.OPEN: frozenset({CohortStatus.CLOSED, CohortStatus.CANCELLED}),
        CohortStatus.CLOSED: frozenset({CohortStatus.IN_PROGRESS, CohortStatus.CANCELLED}),
        CohortStatus.IN_PROGRESS: frozenset({CohortStatus.COMPLETED, CohortStatus.CANCELLED}),
        CohortStatus.COMPLETED: frozenset({CohortStatus.EVALUATED}),
    },
)


class AgreementStatus(StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"  # the text is frozen and may be signed
    PARTLY_SIGNED = "partlySigned"
    IN_FORCE = "inForce"  # i kraft
    ENDED = "ended"
    SUPERSEDED = "superseded"  # a later version is in force
    WITHDRAWN = "withdrawn"


AGREEMENT = Lifecycle(
    "agreement",
    {
        AgreementStatus.DRAFT: frozenset({AgreementStatus.PROPOSED, AgreementStatus.WITHDRAWN}),
        # An agreement with a single party is in force at its first signature.
        AgreementStatus.PROPOSED: frozenset(
            {AgreementStatus.PARTLY_SIGNED, AgreementStatus.IN_FORCE, AgreementStatus.WITHDRAWN}
        ),
        AgreementStatus.PARTLY_SIGNED: frozenset({AgreementStatus.IN_FORCE, AgreementStatus.WITHDRAWN}),
        AgreementStatus.IN_FORCE: frozenset({AgreementStatus.ENDED, AgreementStatus.SUPERSEDED}),
    },
)


class HandoverStatus(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


HANDOVER = Lifecycle(
    "handover",
    {
        HandoverStatus.PROPOSED: frozenset(
            {HandoverStatus.ACCEPTED, HandoverStatus.DECLINED, HandoverStatus.WITHDRAWN}
        ),
    },
)


class EnrolmentStatus(StrEnum):
    """Where an enrolment stands. "Matched" is derived from matches and is no status."""

    REFERRED = "referred"  # hänvisad
    APPLIED = "applied"  # anmäld
    SCREENING = "screening"  # prövas
    READY = "ready"  # redo för matchning
    PAUSED = "paused"
    WAITING = "waiting"  # i kö, ingen plats
    NOT_ELIGIBLE = "notEligible"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REGISTERED_IN_ERROR = "registeredInError"  # felregistrering
    EXITED = "exited"  # avslutad; then only a new enrolment


_LEFT_EARLY = frozenset({EnrolmentStatus.WITHDRAWN, EnrolmentStatus.REGISTERED_IN_ERROR})

ENROLMENT = Lifecycle(
    "enrolment",
    {
        EnrolmentStatus.REFERRED: _LEFT_EARLY | {EnrolmentStatus.APPLIED},
        EnrolmentStatus.APPLIED: _LEFT_EARLY | {EnrolmentStatus.SCREENING},
        EnrolmentStatus.SCREENING: _LEFT_EARLY
        | {EnrolmentStatus.READY, EnrolmentStatus.NOT_ELIGIBLE, EnrolmentStatus.DECLINED},
        EnrolmentStatus.READY: _LEFT_EARLY | {EnrolmentStatus.PAUSED, EnrolmentStatus.WAITING, EnrolmentStatus.EXITED},
        EnrolmentStatus.PAUSED: _LEFT_EARLY | {EnrolmentStatus.READY, EnrolmentStatus.EXITED},
        EnrolmentStatus.WAITING: _LEFT_EARLY | {EnrolmentStatus.READY, EnrolmentStatus.EXITED},
    },
)


OPEN_ENROLMENTS = tuple(status.value for status in EnrolmentStatus if not ENROLMENT.is_terminal(status))
"""The values of the states that an enrolment can still leave."""


class ReferralStatus(StrEnum):
    SENT = "sent"  # skickad, väntar på svar
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # återtagen, även när samtycket återkallas
    EXPIRED = "expired"  # svarstiden gick ut


REFERRAL = Lifecycle(
    "referral",
    {ReferralStatus.SENT: frozenset(ReferralStatus) - {ReferralStatus.SENT}},
)


class ClearanceStatus(StrEnum):
    """A clearance (behörighet till skyddade personuppgifter) takes two people, and runs out by its last day."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    REVOKED = "revoked"


CLEARANCE = Lifecycle(
    "clearance",
    {
        ClearanceStatus.PROPOSED: frozenset({ClearanceStatus.APPROVED, ClearanceStatus.DECLINED}),
        ClearanceStatus.APPROVED: frozenset({ClearanceStatus.REVOKED}),
    },
)


class SessionStatus(StrEnum):
    """A training session (utbildningstillfälle)."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


SESSION = Lifecycle("session", {SessionStatus.PLANNED: frozenset({SessionStatus.HELD, SessionStatus.CANCELLED})})


class RunStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    APPROVED = "approved"
    DISCARDED = "discarded"


RUN = Lifecycle(
    "match_run",
    {
        # A queued run fails without running when its starter has lost the authority to run it.
        RunStatus.QUEUED: frozenset({RunStatus.RUNNING, RunStatus.FAILED, RunStatus.CANCELLED}),
        RunStatus.RUNNING: frozenset({RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELLED}),
        RunStatus.COMPLETED: frozenset({RunStatus.APPROVED, RunStatus.DISCARDED}),
    },
)


class ImportStatus(StrEnum):
    AWAITING_FILE = "awaitingFile"
    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED_IMPORTS = frozenset({ImportStatus.QUEUED, ImportStatus.RUNNING})
IMPORT = Lifecycle(
    "import",
    {
        ImportStatus.AWAITING_FILE: frozenset({ImportStatus.QUEUED, ImportStatus.CANCELLED}),
        ImportStatus.QUEUED: frozenset({ImportStatus.RUNNING, ImportStatus.FAILED, ImportStatus.CANCELLED}),
        ImportStatus.RUNNING: frozenset({ImportStatus.COMPLETED, ImportStatus.FAILED, ImportStatus.CANCELLED}),
    },
)


class MatchStatus(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED_BY_MENTOR = "acceptedByMentor"
    ACCEPTED_BY_MENTEE = "acceptedByMentee"
    ACCEPTED = "accepted"
    PREPARED = "prepared"
    ACTIVE = "active"
    ON_HOLD = "onHold"
    CLOSING = "closing"
    CLOSED = "closed"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    VOID = "void"  # made in error


_BEFORE_START = frozenset({MatchStatus.DECLINED, MatchStatus.EXPIRED, MatchStatus.WITHDRAWN, MatchStatus.VOID})

MATCH = Lifecycle(
    "match",
    {
        MatchStatus.PROPOSED: _BEFORE_START | {MatchStatus.ACCEPTED_BY_MENTOR, MatchStatus.ACCEPTED_BY_MENTEE},
        MatchStatus.ACCEPTED_BY_MENTOR: _BEFORE_START | {MatchStatus.ACCEPTED},
        MatchStatus.ACCEPTED_BY_MENTEE: _BEFORE_START | {MatchStatus.ACCEPTED},
        MatchStatus.ACCEPTED: _BEFORE_START | {MatchStatus.PREPARED},
        MatchStatus.PREPARED: _BEFORE_START | {MatchStatus.ACTIVE},
        MatchStatus.ACTIVE: frozenset({MatchStatus.ON_HOLD, MatchStatus.CLOSING, MatchStatus.VOID}),
        MatchStatus.ON_HOLD: frozenset({MatchStatus.ACTIVE, MatchStatus.CLOSING, MatchStatus.VOID}),
        MatchStatus.CLOSING: frozenset({MatchStatus.CLOSED, MatchStatus.VOID}),
        # Reopening; whether it is still in time is the caller's question.
        MatchStatus.CLOSED: frozenset({MatchStatus.ACTIVE, MatchStatus.VOID}),
    },
)

_ENDED_MATCH = _BEFORE_START | {MatchStatus.CLOSED}
_HOLDS_MENTOR_PLACE = frozenset(
    {
        MatchStatus.ACCEPTED_BY_MENTOR,
        MatchStatus.ACCEPTED,
        MatchStatus.PREPARED,
        MatchStatus.ACTIVE,
        MatchStatus.ON_HOLD,
        MatchStatus.CLOSING,
    }
)


def is_open(status: MatchStatus) -> bool:
    """Whether the match is proposed or under way, that is, not ended in any manner."""
    return status not in _ENDED_MATCH


OPEN_MATCHES = tuple(status.value for status in MatchStatus if is_open(status))
"""The values of the states for which `is_open` holds."""


def holds_mentor_place(status: MatchStatus) -> bool:
    """Whether the match takes one of the mentor's places: from the mentor's own acceptance until it is closed."""
    return status in _HOLDS_MENTOR_PLACE


def accept(status: MatchStatus, side: Side) -> MatchStatus:
    """The state after `side` has accepted; the second acceptance gives `accepted`.

    Raises `match.already_accepted` when this side has accepted before, else `match.transition_not_allowed`.
    """
    own, other = MatchStatus.ACCEPTED_BY_MENTOR, MatchStatus.ACCEPTED_BY_MENTEE
    if side is Side.MENTEE:
        own, other = other, own
    if status is own:
        raise RuleViolation("match.already_accepted", side=side.value)
    to = MatchStatus.ACCEPTED if status is other else own
    MATCH.check(status, to)
    return to


class IncidentStatus(StrEnum):
    REPORTED = "reported"
    ASSESSING = "assessing"  # bedöms
    ACTING = "acting"  # åtgärdas
    CLOSED = "closed"


INCIDENT = Lifecycle(
    "incident",
    {
        IncidentStatus.REPORTED: frozenset({IncidentStatus.ASSESSING}),
        IncidentStatus.ASSESSING: frozenset({IncidentStatus.ACTING, IncidentStatus.CLOSED}),
        IncidentStatus.ACTING: frozenset({IncidentStatus.CLOSED}),
        # New facts may come.
        IncidentStatus.CLOSED: frozenset({IncidentStatus.ASSESSING}),
    },
)


class FollowUpStatus(StrEnum):
    PLANNED = "planned"
    DUE = "due"
    MISSED = "missed"
    DONE = "done"
    WAIVED = "waived"
    CORRECTED = "corrected"


FOLLOW_UP = Lifecycle(
    "follow_up",
    {
        # The calendar may pass `due` while nobody looks, so `planned` may become `missed` in one step;
        # it is waived when its match ends before the day comes.
        FollowUpStatus.PLANNED: frozenset({FollowUpStatus.DUE, FollowUpStatus.MISSED, FollowUpStatus.WAIVED}),
        FollowUpStatus.DUE: frozenset({FollowUpStatus.DONE, FollowUpStatus.MISSED, FollowUpStatus.WAIVED}),
        FollowUpStatus.MISSED: frozenset({FollowUpStatus.DONE}),
        FollowUpStatus.DONE: frozenset({FollowUpStatus.CORRECTED}),
        FollowUpStatus.CORRECTED: frozenset({FollowUpStatus.CORRECTED}),
    },
)


class PlanStatus(StrEnum):
    DRAFT = "draft"  # utkast, också till en ny version
    DECIDED = "decided"  # beslutad
    FOLLOWED_UP = "followedUp"  # uppföljd
    CLOSED = "closed"  # avslutad


PLAN = Lifecycle(
    "plan",
    {
        PlanStatus.DRAFT: frozenset({PlanStatus.DECIDED, PlanStatus.CLOSED}),
        # A decided plan is changed by a draft of its next version.
        PlanStatus.DECIDED: frozenset({PlanStatus.DRAFT, PlanStatus.FOLLOWED_UP, PlanStatus.CLOSED}),
        PlanStatus.FOLLOWED_UP: frozenset({PlanStatus.DRAFT, PlanStatus.FOLLOWED_UP, PlanStatus.CLOSED}),
    },
)


class MeasureStatus(StrEnum):
    PLANNED = "planned"  # planerad
    ONGOING = "ongoing"  # pågår
    DONE = "done"  # klar
    CANCELLED = "cancelled"  # ställs in


PLAN_MEASURE = Lifecycle(
    "plan_measure",
    {
        MeasureStatus.PLANNED: frozenset({MeasureStatus.ONGOING, MeasureStatus.DONE, MeasureStatus.CANCELLED}),
        MeasureStatus.ONGOING: frozenset({MeasureStatus.PLANNED, MeasureStatus.DONE, MeasureStatus.CANCELLED}),
        # What was thought done, or called off, may turn out otherwise.
        MeasureStatus.DONE: frozenset({MeasureStatus.ONGOING}),
        MeasureStatus.CANCELLED: frozenset({MeasureStatus.PLANNED, MeasureStatus.ONGOING}),
    },
)


class WebhookState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"  # by the partner
    DISABLED = "disabled"  # by the system, for a reason


WEBHOOK = Lifecycle(
    "webhook_subscription",
    {
        WebhookState.ACTIVE: frozenset({WebhookState.PAUSED, WebhookState.DISABLED}),
        WebhookState.PAUSED: frozenset({WebhookState.ACTIVE}),
        WebhookState.DISABLED: frozenset({WebhookState.ACTIVE}),
    },
)


class DataRequestStatus(StrEnum):
    """What a person asked of whoever holds their data (begäran från den registrerade)."""

    RECEIVED = "received"  # mottagen
    ASSESSED = "assessed"  # bedömd
    GRANTED = "granted"  # bifallen
    REFUSED = "refused"  # avslagen
    EXECUTED = "executed"  # verkställd


DATA_REQUEST = Lifecycle(
    "data_request",
    {
        DataRequestStatus.RECEIVED: frozenset({DataRequestStatus.ASSESSED}),
        DataRequestStatus.ASSESSED: frozenset({DataRequestStatus.GRANTED, DataRequestStatus.REFUSED}),
        # The second person may refuse what the first has granted.
        DataRequestStatus.GRANTED: frozenset({DataRequestStatus.EXECUTED, DataRequestStatus.REFUSED}),
    },
)
