"""Referrals from one partner to another over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import anywhere, on
from app.features.access.scope import Scope
from app.features.partners.tables import Partner
from app.features.referrals import actions, queries
from app.features.referrals.schemas import (
    PartnerReferralQuery,
    ReferralCreate,
    ReferralQuery,
    ReferralRead,
    ReferralRefusalCreate,
    ReferralSummary,
)
from app.features.referrals.tables import Referral
from app.kit.pages import Page, answer_items
from app.kit.wire import answer

router = APIRouter(tags=["referrals"])
Answering = Annotated[Scope[Referral], on(Referral, Permission.REFERRAL_ANSWER)]


@router.get("/referrals", operation_id="listReferrals", summary="List referrals", response_model=Page[ReferralSummary])
def list_referrals(
    scope: Annotated[Scope[None], anywhere(Permission.REFERRAL_READ)], query: Annotated[ReferralQuery, Query()]
) -> Response:
    """The referrals in your reach, newest first; a mentor or mentee sees their own.

    Hänvisningarna som du får se, nyaste först; en mentor eller adept ser sina egna.
    """
    seen, total = queries.within_reach(scope, query)
    return answer_items(scope.exchange, ReferralSummary, seen, query, total)


@router.get(
    "/partners/{partnerId}/referrals",
    operation_id="listPartnerReferrals",
    summary="List what an organisation sent or received",
    response_model=Page[ReferralSummary],
)
def list_partner_referrals(
    scope: Annotated[Scope[Partner], on(Partner, Permission.REFERRAL_READ)],
    query: Annotated[PartnerReferralQuery, Query()],
) -> Response:
    """What your organisation sent and received, newest first. / Skickat och mottaget, nyaste först."""
    seen, total = queries.of_partner(scope, query)
    return answer_items(scope.exchange, ReferralSummary, seen, query, total)


@router.post(
    "/partners/{partnerId}/referrals",
    operation_id="sendReferral",
    summary="Refer a person",
    status_code=201,
    response_model=ReferralRead,
)
def send_referral(
    scope: Annotated[Scope[Partner], on(Partner, Permission.REFERRAL_SEND)], body: ReferralCreate
) -> Response:
    """Refer a person whom your organisation holds to one that recruits for the cohort. The person's consent names it.

    Hänvisa en deltagare hos den egna organisationen till en som rekryterar till omgången. Samtycket anger vilken.
    """
    made = actions.send_referral(scope, body)
    location = f"{scope.exchange.path.partition('/partners/')[0]}/referrals/{made.id}"
    seen = queries.in_full(scope.about(made))
    return answer(scope.exchange, ReferralRead, seen, status=201, location=location)


@router.get(
    "/referrals/{referralId}", operation_id="getReferral", summary="Read a referral", response_model=ReferralRead
)
def get_referral(scope: Annotated[Scope[Referral], on(Referral, Permission.REFERRAL_READ)]) -> Response:
    """One referral: the receiver reads the copy of the record, the sender what became of it, the person both.

    En hänvisning: mottagaren läser kopian av posten, avsändaren vad det blev, personen båda.
    """
    return answer(scope.exchange, ReferralRead, queries.in_full(scope))


@router.post(
    "/referrals/{referralId}/acceptance",
    operation_id="acceptReferral",
    summary="Accept a referral",
    response_model=ReferralRead,
)
def accept_referral(scope: Answering) -> Response:
    """Take over the person: your organisation gets a record of its own and an enrolment that is `referred`.

    Ta emot personen: er organisation får en egen post och en inskrivning i läget `referred`.
    """
    accepted = actions.accept_referral(scope)
    return answer(scope.exchange, ReferralRead, queries.in_full(scope.about(accepted)))


@router.post(
    "/referrals/{referralId}/refusal",
    operation_id="refuseReferral",
    summary="Refuse a referral",
    response_model=ReferralRead,
)
def refuse_referral(scope: Answering, body: ReferralRefusalCreate) -> Response:
    """Say no, for a reason; the copy of the record is gone. / Avböj, med skäl; kopian av posten försvinner."""
    refused = actions.refuse_referral(scope, body)
    return answer(scope.exchange, ReferralRead, queries.in_full(scope.about(refused)))


@router.post(
    "/referrals/{referralId}/withdrawal",
    operation_id="withdrawReferral",
    summary="Take a referral back",
    response_model=ReferralRead,
)
def withdraw_referral(scope: Annotated[Scope[Referral], on(Referral, Permission.REFERRAL_SEND)]) -> Response:
    """Take back what has not been answered. / Återta det som inte har besvarats."""
    taken_back = actions.withdraw_referral(scope)
    return answer(scope.exchange, ReferralRead, queries.in_full(scope.about(taken_back)))
