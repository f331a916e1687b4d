"""One's own digest setting over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Response

from app.domain.roles import Permission
from app.features.access.guards import anywhere
from app.features.access.scope import Scope
from app.features.cooperation.actions import digests as actions
from app.features.cooperation.queries import digests as queries
from app.features.cooperation.schemas import DigestSettingRead, DigestSettingUpdate
from app.kit.wire import answer

router = APIRouter()
SETTING = "/me/digest-setting"


@router.get(SETTING, operation_id="getDigestSetting", summary="When I get the digest", response_model=DigestSettingRead)
def get_digest_setting(scope: Annotated[Scope[None], anywhere(Permission.DIGEST_READ)]) -> Response:
    """Daily, unless you have said otherwise. / Varje dag, om du inte har sagt något annat."""
    return answer(scope.exchange, DigestSettingRead, {"digest": queries.own_choice(scope)})


@router.put(SETTING, operation_id="setDigestSetting", summary="Choose the digest", response_model=DigestSettingRead)
def set_digest_setting(
    scope: Annotated[Scope[None], anywhere(Permission.DIGEST_SET)], body: DigestSettingUpdate
) -> Response:
    """Daily, only when you are mentioned, or never. / Varje dag, bara när du nämns, eller aldrig."""
    setting = actions.set_digest(scope, body.digest)
    return answer(scope.exchange, DigestSettingRead, {"digest": setting.digest})
