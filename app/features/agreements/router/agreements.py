"""Agreements and the responsibility matrix over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.roles import Permission
from app.features.access.guards import on
from app.features.access.scope import Scope
from app.features.agreements import actions, queries
from app.features.agreements.schemas import (
    AgreementCreate,
    AgreementPatch,
    AgreementRead,
    AgreementSummary,
    ResponsibilitiesRead,
    ResponsibilityQuery,
    TerminationCreate,
)
from app.features.agreements.tables import Agreement
from app.features.programs.tables import Program
from app.kit.pages import Page, PageQuery, answer_page
from app.kit.wire import answer

router = APIRouter(tags=["agreements"])
Drafted = Annotated[Scope[Agreement], on(Agreement, Permission.AGREEMENT_DRAFT)]


@router.get(
    "/programs/{programId}/agreements",
    operation_id="listAgreements",
    summary="List agreements",
    response_model=Page[AgreementSummary],
)
def list_agreements(
    scope: Annotated[Scope[Program], on(Program, Permission.AGREEMENT_READ)], query: Annotated[PageQuery, Query()]
) -> Response:
    """Every version of the split of responsibility, oldest first. / Alla versioner av samverkansavtalet."""
    return answer_page(
        scope.exchange, AgreementSummary, queries.agreements(scope), query, keys=[Agreement.number, Agreement.id]
    )


@router.post(
    "/programs/{programId}/agreements",
    operation_id="createAgreement",
    summary="Draft an agreement",
    status_code=201,
    response_model=AgreementRead,
)
def create_agreement(
    scope: Annotated[Scope[Program], on(Program, Permission.AGREEMENT_DRAFT)], body: AgreementCreate
) -> Response:
    """Draft the next version; it binds nobody until all have signed. / Upprätta ett utkast till samverkansavtal."""
    agreement = actions.create_agreement(scope, body)
    location = f"{scope.exchange.path.rsplit('/', 3)[0]}/agreements/{agreement.id}"
    return answer(scope.exchange, AgreementRead, agreement, status=201, location=location)


@router.get(
    "/agreements/{agreementId}",
    operation_id="getAgreement",
    summary="Read an agreement",
    response_model=AgreementRead,
)
def get_agreement(scope: Annotated[Scope[Agreement], on(Agreement, Permission.AGREEMENT_READ)]) -> Response:
    """An agreement with its parties, signatures and duties. / Ett avtal med parter, underskrifter och ansvar."""
    return answer(scope.exchange, AgreementRead, queries.in_full(scope.session, scope.row))


@router.patch(
    "/agreements/{agreementId}",
    operation_id="updateAgreement",
    summary="Change a draft",
    response_model=AgreementRead,
)
def update_agreement(scope: Drafted, body: AgreementPatch) -> Response:
    """Change an agreement that is still a draft. / Ändra ett avtal som ännu är ett utkast."""
    return answer(scope.exchange, AgreementRead, actions.update_agreement(scope, body))


@router.post(
    "/agreements/{agreementId}/proposal",
    operation_id="proposeAgreement",
    summary="Propose an agreement",
    response_model=AgreementRead,
)
def propose_agreement(scope: Drafted) -> Response:
    """Freeze the text and lay it before the parties. / Lås texten och lägg fram den för parterna."""
    return answer(scope.exchange, AgreementRead, actions.propose_agreement(scope))


@router.post(
    "/agreements/{agreementId}/signatures",
    operation_id="signAgreement",
    summary="Sign an agreement",
    status_code=201,
    response_model=AgreementRead,
)
def sign_agreement(scope: Annotated[Scope[Agreement], on(Agreement, Permission.AGREEMENT_SIGN)]) -> Response:
    """Sign for your own organisation; the last signature brings it into force. / Skriv under för den egna parten."""
    location = scope.exchange.path.rsplit("/", 1)[0]
    return answer(scope.exchange, AgreementRead, actions.sign_agreement(scope), status=201, location=location)


@router.post(
    "/agreements/{agreementId}/withdrawal",
    operation_id="withdrawAgreement",
    summary="Withdraw an agreement",
    response_model=AgreementRead,
)
def withdraw_agreement(scope: Drafted) -> Response:
    """Take back an agreement that is not in force yet. / Dra tillbaka ett avtal som ännu inte trätt i kraft."""
    return answer(scope.exchange, AgreementRead, actions.withdraw_agreement(scope))


@router.post(
    "/agreements/{agreementId}/termination",
    operation_id="terminateAgreement",
    summary="End an agreement",
    response_model=AgreementRead,
)
def terminate_agreement(
    scope: Annotated[Scope[Agreement], on(Agreement, Permission.AGREEMENT_END)], body: TerminationCreate
) -> Response:
    """End an agreement in force and every duty it gives, at once. / Avsluta ett avtal och allt ansvar det ger."""
    return answer(scope.exchange, AgreementRead, actions.terminate_agreement(scope, body))


@router.get(
    "/programs/{programId}/responsibilities",
    operation_id="getResponsibilities",
    summary="Read the responsibility matrix",
    response_model=ResponsibilitiesRead,
)
def get_responsibilities(
    scope: Annotated[Scope[Program], on(Program, Permission.PROGRAM_READ)],
    query: Annotated[ResponsibilityQuery, Query()],
) -> Response:
    """Who answers for what on a day, duty by duty. / Vem som ansvarar för vad en viss dag."""
    matrix = queries.responsibilities(scope.session, scope.row.id, query.on or scope.today)
    return answer(scope.exchange, ResponsibilitiesRead, matrix)
