"""Partners over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import anywhere, on
from app.features.access.scope import Scope
from app.features.partners import actions, queries
from app.features.partners.schemas import MemberAdd, PartnerCreate, PartnerPatch, PartnerQuery, PartnerRead
from app.features.partners.tables import Partner
from app.kit.pages import Page, PageQuery, answer_page
from app.kit.wire import answer

router = APIRouter(tags=["partners"])


@router.get("/partners", operation_id="listPartners", summary="List partners", response_model=Page[PartnerRead])
def list_partners(
    scope: Annotated[Scope[None], anywhere(Permission.PARTNER_READ)], query: Annotated[PartnerQuery, Query()]
) -> Response:
    """Every organisation that takes part. / Alla samarbetspartner."""
    return answer_page(
        scope.exchange, PartnerRead, queries.partners(scope, query), query, keys=[Partner.name, Partner.id]
    )


@router.post(
    "/partners", operation_id="createPartner", summary="Register a partner", status_code=201, response_model=PartnerRead
)
def create_partner(scope: Annotated[Scope[None], anywhere(Permission.PARTNER_CREATE)], body: PartnerCreate) -> Response:
    """Register an organisation. / Registrera en samarbetspartner."""
    partner = actions.create_partner(scope, body)
    return answer(scope.exchange, PartnerRead, partner, status=201, location=f"{scope.exchange.path}/{partner.id}")


@router.get("/partners/{partnerId}", operation_id="getPartner", summary="Read a partner", response_model=PartnerRead)
def get_partner(scope: Annotated[Scope[Partner], on(Partner, Permission.PARTNER_READ)]) -> Response:
    """One organisation. / En samarbetspartner."""
    return answer(scope.exchange, PartnerRead, scope.row)


@router.patch(
    "/partners/{partnerId}", operation_id="updatePartner", summary="Change a partner", response_model=PartnerRead
)
def update_partner(
    scope: Annotated[Scope[Partner], on(Partner, Permission.PARTNER_UPDATE)], body: PartnerPatch
) -> Response:
    """Change what your own organisation says of itself. / Ändra uppgifter om den egna organisationen."""
    return answer(scope.exchange, PartnerRead, actions.update_partner(scope, body))


@router.get(
    "/partners/{partnerId}/members",
    operation_id="listPartnerMembers",
    summary="List member organisations",
    response_model=Page[PartnerRead],
)
def list_partner_members(
    scope: Annotated[Scope[Partner], on(Partner, Permission.PARTNER_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """The member organisations of an umbrella partner. / Medlemsorganisationerna."""
    return answer_page(scope.exchange, PartnerRead, queries.members(scope), query, keys=[Partner.name, Partner.id])


@router.post(
    "/partners/{partnerId}/members",
    operation_id="addPartnerMember",
    summary="Add a member organisation",
    status_code=201,
    response_model=PartnerRead,
)
def add_partner_member(
    scope: Annotated[Scope[Partner], on(Partner, Permission.PARTNER_UPDATE)], body: MemberAdd
) -> Response:
    """Make an existing partner a member of your organisation. / Lägg till en medlemsorganisation."""
    member = actions.add_member(scope, body)
    location = f"{scope.exchange.path.partition('/partners/')[0]}/partners/{member.id}"
    return answer(scope.exchange, PartnerRead, member, status=201, location=location)
