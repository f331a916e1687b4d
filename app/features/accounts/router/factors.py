"""One's own authenticator app over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.domain.roles import Permission
from app.features.access.guards import anywhere, machinery
from app.features.access.scope import Scope
from app.features.accounts import actions
from app.features.accounts.schemas import (
    RecoveryCodesRead,
    TotpConfirm,
    TotpCreate,
    TotpRead,
    TotpRemove,
    TotpSecretRead,
)
from app.kit.runtime import Runtime
from app.kit.wire import answer

router = APIRouter(tags=["accounts"])
Me = Annotated[Scope[None], anywhere(Permission.ME_READ)]
Myself = Annotated[Scope[None], anywhere(Permission.ME_UPDATE)]
Machinery = Annotated[Runtime, Depends(machinery)]
TOTP = "/me/totp"


@router.get(TOTP, operation_id="getMyTotp", summary="My authenticator app", response_model=TotpRead)
def get_my_totp(scope: Me) -> Response:
    """Whether a code is asked for when I log in. / Om en kod krävs när jag loggar in."""
    return answer(scope.exchange, TotpRead, actions.read_totp(scope))


@router.post(
    TOTP, operation_id="createTotp", summary="Add an authenticator app", status_code=201, response_model=TotpSecretRead
)
def create_totp(scope: Myself, runtime: Machinery, body: TotpCreate) -> Response:
    """A secret for the app, shown once; it counts when it is confirmed. / En hemlighet för kodappen."""
    secret = actions.enrol_totp(scope, runtime, body)
    return answer(scope.exchange, TotpSecretRead, secret, status=201, location=scope.exchange.path)


@router.post(
    TOTP + "/confirmation",
    operation_id="confirmTotp",
    summary="Confirm the app",
    status_code=201,
    response_model=RecoveryCodesRead,
)
def confirm_totp(scope: Myself, runtime: Machinery, body: TotpConfirm) -> Response:
    """The app works: from now on its code is asked for; answers recovery codes, once. / Bekräfta kodappen."""
    codes = actions.confirm_totp(scope, runtime, body)
    location = scope.exchange.path.removesuffix("/confirmation")
    return answer(scope.exchange, RecoveryCodesRead, codes, status=201, location=location)


@router.post(TOTP + "/removal", operation_id="endMyTotp", summary="Take the app away", response_model=TotpRead)
def end_my_totp(scope: Myself, runtime: Machinery, body: TotpRemove) -> Response:
    """Log in without a code again, with a password that is long enough. / Ta bort kodappen."""
    return answer(scope.exchange, TotpRead, actions.remove_totp(scope, runtime, body))
