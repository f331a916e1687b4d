"""Consents and the texts that ask for them, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.consents import actions, queries
from app.features.consents.schemas import (
    ConsentCreate,
    ConsentRead,
    ConsentTextCreate,
    ConsentTextQuery,
    ConsentTextRead,
)
from app.features.consents.tables import Consent, ConsentText
from app.features.participants.tables import Participant
from app.features.partners.tables import Partner
from app.kit.pages import Page, PageQuery, answer_page
from app.kit.wire import answer

router = APIRouter(tags=["consents"])
Texts = Annotated[ConsentTextQuery, Query()]


@router.get(
    "/partners/{partnerId}/consent-texts",
    operation_id="listConsentTexts",
    summary="List consent texts",
    response_model=Page[ConsentTextRead],
)
def list_consent_texts(
    scope: Annotated[Scope[Partner], on(Partner, Permission.CONSENT_TEXT_READ)], query: Texts
) -> Response:
    """Every version of the words a partner asks with, oldest first. / Alla versioner av partens texter."""
    return answer_page(
        scope.exchange, ConsentTextRead, queries.consent_texts(scope, query), query, keys=[ConsentText.id]
    )


@router.post(
    "/partners/{partnerId}/consent-texts",
    operation_id="publishConsentText",
    summary="Publish a consent text",
    status_code=201,
    response_model=ConsentTextRead,
)
def publish_consent_text(
    scope: Annotated[Scope[Partner], on(Partner, Permission.CONSENT_TEXT_WRITE)], body: ConsentTextCreate
) -> Response:
    """Publish the next version for a purpose in a language. / Publicera nästa version för ett ändamål på ett språk."""
    made = actions.publish_consent_text(scope, body)
    location = f"{scope.exchange.path.partition('/partners/')[0]}/consent-texts/{made.id}"
    return answer(scope.exchange, ConsentTextRead, made, status=201, location=location)


@router.get(
    "/consent-texts/{consentTextId}",
    operation_id="getConsentText",
    summary="Read a consent text",
    response_model=ConsentTextRead,
)
def get_consent_text(scope: Annotated[Scope[ConsentText], on(ConsentText, Permission.CONSENT_TEXT_READ)]) -> Response:
    """One version. / En version."""
    return answer(scope.exchange, ConsentTextRead, scope.row)


@router.get(
    "/participants/{participantId}/consent-texts",
    operation_id="listTextsToConsentTo",
    summary="List what a person can be asked",
    response_model=Page[ConsentTextRead],
)
def list_texts_to_consent_to(
    scope: Annotated[Scope[Participant], on(Participant, Permission.CONSENT_READ)], query: Texts
) -> Response:
    """The newest text for each purpose and language of the partner that holds the person.

    Den senaste texten för varje ändamål och språk hos den part som ansvarar för personen.
    """
    return answer_page(
        scope.exchange, ConsentTextRead, queries.newest_texts(scope, query), query, keys=[ConsentText.id]
    )


@router.get(
    "/participants/{participantId}/consents",
    operation_id="listConsents",
    summary="List a person's consents",
    response_model=Page[ConsentRead],
)
def list_consents(
    scope: Annotated[Scope[Participant], on(Participant, Permission.CONSENT_READ)],
    query: Annotated[PageQuery, Query()],
) -> Response:
    """What the person has consented to, withdrawn or not. / Vad personen har samtyckt till, återkallat eller inte."""
    return answer_page(scope.exchange, ConsentRead, queries.consents_of(scope), query, keys=[Consent.id])


@router.post(
    "/participants/{participantId}/consents",
    operation_id="giveConsent",
    summary="Give a consent",
    status_code=201,
    response_model=ConsentRead,
)
def give_consent(
    scope: Annotated[Scope[Participant], on(Participant, Permission.CONSENT_GIVE)], body: ConsentCreate
) -> Response:
    """The person's own consent, or one that staff heard. / Personens eget samtycke, eller ett som personal har hört."""
    made = actions.give_consent(scope, body)
    location = f"{scope.exchange.path.partition('/participants/')[0]}/consents/{made.id}"
    return answer(scope.exchange, ConsentRead, made, status=201, location=location)


@router.get("/consents/{consentId}", operation_id="getConsent", summary="Read a consent", response_model=ConsentRead)
def get_consent(scope: Annotated[Scope[Consent], on(Consent, Permission.CONSENT_READ)]) -> Response:
    """One consent. / Ett samtycke."""
    return answer(scope.exchange, ConsentRead, scope.row)


@router.post(
    "/consents/{consentId}/withdrawal",
    operation_id="withdrawConsent",
    summary="Withdraw a consent",
    response_model=ConsentRead,
)
def withdraw_consent(scope: Annotated[Scope[Consent], on(Consent, Permission.CONSENT_GIVE)]) -> Response:
    """Withdraw it, with effect from the next request. / Återkalla det, med verkan från nästa anrop."""
    return answer(scope.exchange, ConsentRead, actions.withdraw_consent(scope))
