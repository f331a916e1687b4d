"""What is answered outside the versioned API? Health, keys, tokens for machines, calendars, and the documentation."""

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import fastapi_offline
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from fastapi import APIRouter, FastAPI, Form, Header, Response
from fastapi import Path as PathParameter
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app import dcat
from app.features.access.guards import PUBLIC, Visit
from app.features.accounts.actions import service_token, token_by_assertion
from app.features.audit.queries import oldest_waiting, sealed_at
from app.features.calendars import actions as calendars
from app.features.catalogue.router import hsds
from app.features.cooperation.queries.meetings import events as joint_meetings
from app.kit.assertions import KIND as ASSERTION
from app.kit.calendars import MEDIA_TYPE as CALENDAR
from app.kit.clock import Clock
from app.kit.db import Database
from app.kit.keys import KeyRing
from app.kit.problems import Problem
from app.kit.tokens import MAX_TOKEN_LENGTH
from app.kit.wire import answer_public

ROOT = Path(__file__).parent.parent
CONFINED = text("""
select row_security_active(oid) and not pg_has_role(relowner, 'member') from pg_class where oid = 'participant'::regclass
""")
NO_STORE = {"Cache-Control": "no-store"}
OAUTH_ERRORS: dict[str, Any] = {
    "auth.scope_invalid": ("invalid_scope", 400),
    "auth.network_not_allowed": ("invalid_client", 401, "network_not_allowed"),
}
"""Our problems in the words of RFC 6749; every other is `invalid_client`."""


def install(
    root: FastAPI, api: FastAPI, base_path: str, database: Database, keyring: Callable[[], KeyRing], clock: Clock
) -> None:
    """Add what stands beside the API to the root application."""
    router = APIRouter()

    @router.get("/healthz")
    def live() -> Response:
        """The process answers."""
        return JSONResponse({"status": "pass"}, headers=NO_STORE)

    @router.get("/readyz")
    def ready() -> Response:
        """The database answers and stands at the migration this code was written for."""
        checks = {"database": database.is_reachable(), "migrations": is_migrated(database)}
        status = 200 if all(checks.values()) else 503
        body: dict[str, Any] = {"status": "pass" if status == 200 else "fail", "checks": checks}  # noqa: PLR2004  ready or not
        if status == 200:  # noqa: PLR2004  ready
            body["seal"] = seal_standing(database, clock())
        return JSONResponse(body, status_code=status, headers=NO_STORE)

    @router.get("/.well-known/jwks.json")
    def keys() -> Response:
        """The public keys that verify our access tokens (RFC 7517)."""
        return JSONResponse(keyring().jwks(), headers={"Cache-Control": "public, max-age=300"})

    router.add_api_route("/oauth/token", issue_token, methods=["POST"])
    router.add_api_route("/calendar-feeds/{feed_secret}", read_calendar, methods=["GET"])
    router.add_api_route("/dcat.ttl", partial(data_catalogue, base_path), methods=["GET"])
    router.add_api_route("/docs", documentation, methods=["GET"])

    @router.get("/docs/openapi.json")
    def described_here() -> Response:
        """The document with this machine as its server, so that «Try it out» reaches the API you are looking at."""
        return JSONResponse({**api.openapi(), "servers": [{"url": base_path}]})

    root.include_router(router)
    assets = Path(fastapi_offline.__file__).parent / "static"
    root.mount("/docs/assets", StaticFiles(directory=assets), name="assets")


def issue_token(  # noqa: PLR0913  the parameters of RFC 6749 and RFC 7523
    visit: Annotated[Visit, PUBLIC],
    *,
    grant_type: Annotated[str, Form(max_length=60)],
    client_id: Annotated[str | None, Form(max_length=60)] = None,
    client_secret: Annotated[str | None, Form(max_length=512)] = None,
    client_assertion_type: Annotated[str | None, Form(max_length=100)] = None,
    client_assertion: Annotated[str | None, Form(max_length=MAX_TOKEN_LENGTH)] = None,
    scope: Annotated[str | None, Form(max_length=4000)] = None,
    authorization: Annotated[str | None, Header(max_length=1000)] = None,
) -> Response:
    """Client credentials (RFC 6749 §4.4): a secret in the form or by HTTP Basic, or a signed assertion (RFC 7523).

    Answers as RFC 6749 §5 says. Two ways at once are refused.
    """
    if grant_type != "client_credentials":
        return _refused("unsupported_grant_type", 400)
    if sum(way is not None for way in (client_secret, client_assertion, authorization)) > 1:
        return _refused("invalid_request", 400)
    wanted = frozenset(scope.split()) if scope else None
    try:
        if client_assertion is not None:
            if client_assertion_type != ASSERTION:
                return _refused("invalid_request", 400)
            token, granted = token_by_assertion(visit, client_id, client_assertion, wanted)
        else:
            name, secret = _basic(authorization) if authorization else (client_id, client_secret)
            token, granted = service_token(visit, UUID(name or ""), secret or "", wanted)
    except ValueError:
        return _refused("invalid_client", 401)
    except Problem as problem:
        return _refused(*OAUTH_ERRORS.get(problem.code, ("invalid_client", 401)))
    lifetime = visit.runtime.issuer.lifetime_seconds
    answer = {"access_token": token, "token_type": "Bearer", "expires_in": lifetime, "scope": " ".join(sorted(granted))}
    return JSONResponse(answer, headers={**NO_STORE, "Pragma": "no-cache"})


def _basic(header: str) -> tuple[str | None, str | None]:
    scheme, _, encoded = header.partition(" ")
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None, None
    return (name, secret) if scheme.lower() == "basic" else (None, None)


def _refused(error: str, status: int, description: str | None = None) -> Response:
    headers = NO_STORE | ({"WWW-Authenticate": 'Basic realm="mentorskap"'} if status == 401 else {})  # noqa: PLR2004  RFC 6749 §5.2
    told = {"error": error} if description is None else {"error": error, "error_description": description}
    return JSONResponse(told, status_code=status, headers=headers)


def read_calendar(
    visit: Annotated[Visit, PUBLIC], feed_secret: Annotated[str, PathParameter(max_length=100)]
) -> Response:
    """What is planned, without names, for a person's own calendar (RFC 5545). The address is the key."""
    content = calendars.read_calendar(visit, feed_secret, [joint_meetings])
    return Response(content, media_type=CALENDAR, headers=NO_STORE)


def data_catalogue(base_path: str, visit: Annotated[Visit, PUBLIC]) -> Response:
    """What this installation publishes, as data portals read it (DCAT-AP-SE)."""
    body = dcat.turtle(visit.runtime.public_url, base_path, hsds.BASE_PATH)
    return answer_public(visit.exchange, body, dcat.MEDIA_TYPE)


def documentation() -> HTMLResponse:
    """Swagger UI from our own machine: no request leaves it, and the policy says so to the browser."""
    page = get_swagger_ui_html(
        openapi_url="/docs/openapi.json",
        title="Mentorskap API",
        swagger_js_url="/docs/assets/swagger-ui-bundle.js",
        swagger_css_url="/docs/assets/swagger-ui.css",
        swagger_favicon_url="/docs/assets/favicon.png",
        swagger_ui_parameters={"defaultModelsExpandDepth": -1, "docExpansion": "none", "filter": True},
    )
    policy = (
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'"
    )
    page.headers["Content-Security-Policy"] = policy
    return page


def is_migrated(database: Database) -> bool:
    """Does the database stand at the newest migration this code knows?"""
    try:
        with database.engine.connect() as connection:
            stands_at = MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError:
        return False
    return stands_at == newest_migration()


def seal_standing(database: Database, at: datetime) -> dict[str, float | None]:
    """How old the newest checkpoint over the logs is, and how long the oldest row has waited for one, in seconds.

    For those who watch: a worker that has stopped sealing shows here, and does not make this process unready.
    """
    with database.transaction() as session:
        made, waits = sealed_at(session), oldest_waiting(session)
    return {
        "ageSeconds": None if made is None else round((at - made).total_seconds(), 1),
        "waitingSeconds": None if waits is None else max(0.0, round((at - waits).total_seconds(), 1)),
    }


def is_confined(database: Database) -> bool:
    """Does row-level security bind this process? Not when its role may pass it by, or owns the tables."""
    with database.engine.connect() as connection:
        return bool(connection.scalar(CONFINED))


@cache
def newest_migration() -> str | None:
    """The one head of the migrations that ship with this code; they do not change while it runs."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def alembic_config(**attributes: Any) -> Config:
    """Alembic's configuration as it ships with this code."""
    config = Config(ROOT / "alembic.ini")
    config.attributes.update(attributes)
    return config
