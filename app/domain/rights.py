"""What may a person ask of whoever holds their data, by when is it answered, and on which grounds? GDPR articles 12 to 21."""

from datetime import date, timedelta
from enum import StrEnum

from app.domain.errors import RuleViolation
from app.domain.glossary import Sector
from app.domain.lifecycles import DataRequestStatus

ANSWER_DAYS = 30
EXTENSION_DAYS = 60
EXPORT_DAYS = 7
PUBLIC_SECTORS = frozenset({Sector.MUNICIPALITY, Sector.REGION, Sector.PUBLIC_AGENCY, Sector.COORDINATION_ASSOCIATION})
"""Whose records are public (allmänna handlingar): what they hold is destroyed by a decision under archive law only."""


class DataRequestKind(StrEnum):
    """A right of the person (den registrerades rättigheter)."""

    ACCESS = "access"  # registerutdrag, artikel 15
    PORTABILITY = "portability"  # dataportabilitet, artikel 20
    RECTIFICATION = "rectification"  # rättelse, artikel 16
    RESTRICTION = "restriction"  # begränsning, artikel 18
    OBJECTION = "objection"  # invändning, artikel 21
    ERASURE = "erasure"  # radering, artikel 17


class ExtensionReason(StrEnum):
    """Why an answer takes longer (article 12.3)."""

    COMPLEX = "complex"  # komplicerad begäran
    MANY_REQUESTS = "manyRequests"  # många begäranden


class ErasureGround(StrEnum):
    """Why data is erased (article 17.1)."""

    NO_LONGER_NEEDED = "noLongerNeeded"  # behövs inte längre
    CONSENT_WITHDRAWN = "consentWithdrawn"  # samtycket är återkallat
    OBJECTION_UPHELD = "objectionUpheld"  # invändningen godtas
    UNLAWFUL = "unlawful"  # olagligt behandlad
    LEGAL_OBLIGATION = "legalObligation"  # en rättslig förpliktelse kräver det
    COLLECTED_FROM_CHILD = "collectedFromChild"  # insamlad från ett barn


class RefusalGround(StrEnum):
    """Why what was asked for is not done."""

    ARCHIVE_LAW = "archiveLaw"  # allmän handling: arkivlagen går före
    LEGAL_OBLIGATION = "legalObligation"  # måste sparas enligt lag
    PUBLIC_TASK = "publicTask"  # behövs för en uppgift av allmänt intresse
    LEGAL_CLAIMS = "legalClaims"  # rättsliga anspråk
    OTHERS_RIGHTS = "othersRights"  # någon annans rättigheter
    IDENTITY_UNPROVEN = "identityUnproven"  # vem som frågar är inte visat
    UNFOUNDED = "unfounded"  # uppenbart ogrundad eller orimlig
    CORRECT_AS_HELD = "correctAsHeld"  # uppgiften stämmer


EXPORTS = frozenset({DataRequestKind.ACCESS, DataRequestKind.PORTABILITY})
RESTRICTS = frozenset({DataRequestKind.RESTRICTION, DataRequestKind.OBJECTION})


def due_on(received_on: date, *, is_extended: bool = False) -> date:
    """The last day of the answer: 30 days, and once 60 more."""
    return received_on + timedelta(days=ANSWER_DAYS + (EXTENSION_DAYS if is_extended else 0))


def is_overdue(status: DataRequestStatus, due: date, today: date) -> bool:
    """Whether the person still waits for an answer whose last day has passed."""
    return today > due and status in {DataRequestStatus.RECEIVED, DataRequestStatus.ASSESSED}


def check_received(received_on: date, today: date) -> None:
    """Raises: `data_request.received_on_invalid` for a day to come, or more than a year ago."""
    if not today - timedelta(days=365) <= received_on <= today:
        raise RuleViolation("data_request.received_on_invalid", pointer="/receivedOn")


def check_erasure_decision(sector: Sector, ground: ErasureGround | None, reference: str | None) -> None:
    """An erasure names its ground, and at a public body the decision to destroy (gallringsbeslut) that allows it.

    Raises: `data_request.ground_needed`, `data_request.decision_reference_needed`.
    """
    if ground is None:
        raise RuleViolation("data_request.ground_needed", pointer="/legalGround")
    if sector in PUBLIC_SECTORS and reference is None:
        raise RuleViolation("data_request.decision_reference_needed", pointer="/decisionReference")
