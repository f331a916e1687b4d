"""What can be reported about a match, how grave is it, and what comes of it? Codes, so that nothing on health fits."""

from datetime import date
from enum import StrEnum

from app.domain.errors import RuleViolation
from app.domain.lifecycles import IncidentStatus

MOST_FACTS = 500


class IncidentCategory(StrEnum):
    BOUNDARY_CROSSED = "boundaryCrossed"  # gränsöverskridande beteende
    HARASSMENT = "harassment"  # trakasserier
    THREAT_OR_VIOLENCE = "threatOrViolence"  # hot eller våld
    MONEY_OR_GIFTS = "moneyOrGifts"  # pengar, lån eller gåvor
    CONFIDENTIALITY_BROKEN = "confidentialityBroken"  # brutet förtroende
    CONCERN_FOR_SOMEBODY = "concernForSomebody"  # oro för att någon far illa
    ACCIDENT = "accident"  # olycka eller tillbud
    DISAGREEMENT = "disagreement"  # konflikt
    OTHER = "other"


class Severity(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    ACUTE = "acute"  # någon är i fara nu


class Escalation(StrEnum):
    """To whom an incident was taken further; that it was, not what was said."""

    PROGRAM_OWNER = "programOwner"
    HOLDING_PARTNER = "holdingPartner"  # parten som har personen
    GUARDIAN = "guardian"
    SOCIAL_SERVICES = "socialServices"  # orosanmälan
    POLICE = "police"
    OTHER_AUTHORITY = "otherAuthority"


class IncidentOutcome(StrEnum):
    RESOLVED = "resolved"
    NO_ACTION_NEEDED = "noActionNeeded"
    MATCH_ENDED = "matchEnded"
    PERSON_LEFT = "personLeft"  # någon lämnar programmet
    HANDED_OVER = "handedOver"  # till myndighet eller annan part


def check_occurred(occurred_on: date, known_from: date, today: date) -> None:
    """Raise `incident.in_future` or `incident.before_match`: nothing happens in a pair before it is proposed."""
    if occurred_on > today:
        raise RuleViolation("incident.in_future", pointer="/occurredOn")
    if occurred_on < known_from:
        raise RuleViolation("incident.before_match", pointer="/occurredOn", earliest=known_from.isoformat())


def check_outcome(to: IncidentStatus, outcome: IncidentOutcome | None) -> None:
    """Raise `incident.outcome_needed` or `incident.outcome_too_early`: an outcome comes with the end, and only then."""
    if to is IncidentStatus.CLOSED and outcome is None:
        raise RuleViolation("incident.outcome_needed", pointer="/outcome")
    if to is not IncidentStatus.CLOSED and outcome is not None:
        raise RuleViolation("incident.outcome_too_early", pointer="/outcome")
