"""Does the application refuse to start with an operation that nobody guards, or that two guards do?"""

from typing import Annotated, Any

import pytest
from fastapi import APIRouter, FastAPI, Response

from app import main
from app.domain.roles import Permission
from app.features.access.guards import PUBLIC, Visit, anywhere
from app.features.access.policy import assert_every_route_has_a_policy
from app.features.access.scope import Scope
from app.settings import Settings

Me = Annotated[Scope[None], anywhere(Permission.ME_READ)]


def open_route() -> Response:
    return Response()


def guarded_twice(me: Me, again: Annotated[Visit, PUBLIC]) -> Response:
    return Response()


@pytest.mark.parametrize("endpoint", [open_route, guarded_twice])
def test_the_application_refuses_to_start(monkeypatch: pytest.MonkeyPatch, endpoint: Any) -> None:
    careless = APIRouter()
    careless.add_api_route("/careless", endpoint, methods=["POST"])
    monkeypatch.setattr(main, "ROUTERS", (*main.ROUTERS, careless))
    with pytest.raises(SystemExit, match=r"refusing to start.*POST.*/careless"):
        main.create_api(None, Settings())


def test_an_application_without_routes_refuses_to_start() -> None:
    with pytest.raises(SystemExit, match="no routes at all"):
        assert_every_route_has_a_policy(FastAPI(openapi_url=None))
