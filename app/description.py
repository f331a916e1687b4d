"""How does the API describe itself? Its name, terms, limits and version, in Swedish and English."""

from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Response
from fastapi.openapi.utils import get_openapi
from pydantic import Field

from app.features.access.guards import PUBLIC, Visit
from app.kit.documents import finish
from app.kit.wire import Schema, answer

VERSION = "0.1.0"
RELEASED = "2026-11-24"
STATUS = "beta"
SUMMARY = "Mentorskapsprogram som kommun, näringsliv och civilsamhälle driver tillsammans."
DESCRIPTION = """\
**Svenska.** Med detta API driver en kommun, företag och föreningar mentorskapsprogram tillsammans, för personer som
står utanför arbetsmarknaden. Ansvarsfördelningen i det undertecknade samverkansavtalet avgör vad var och en får göra:
ett nekande svar (403) säger vilket ansvar som krävs och vilken part som har det.

**English.** With this API a municipality, businesses and associations run mentorship programmes together. The split of
responsibility in the signed agreement authorises every act: a 403 names the duty and the partner that holds it.

**Kända begränsningar / known limitations.** A request body may be at most 1 MiB, a page at most 200 items. Times are
RFC 3339; they are answered in UTC. PATCH, PUT and DELETE need If-Match; every POST takes Idempotency-Key.
"""
TAGS = {
    "about": "The API itself. / Om API:et.",
    "accounts": "Logging in, users and service accounts. / Inloggning och konton.",
    "me": "Who I am and why I may. / Vem jag är och varför jag får.",
    "partners": "Organisations. / Samarbetspartner.",
    "programs": "Programmes, targets and cohorts. / Program, mål och omgångar.",
    "agreements": "Who answers for what. / Vem som ansvarar för vad.",
    "handovers": "Duties that change hands. / Ansvar som byter part.",
    "readiness": "The seven-factor check and opening. / Beredskap och öppnande.",
    "participants": "People and their enrolments. / Deltagare och inskrivningar.",
    "training": "Information and training. / Information och utbildning.",
    "matching": "Policies and runs. / Matchningsregler och körningar.",
    "matches": "Pairs and their meetings. / Mentorpar och träffar.",
    "follow-ups": "Planned contacts and outcomes. / Uppföljning och resultat.",
    "reports": "Figures with their rules. / Siffror med sina regler.",
    "changes": "The change feed. / Ändringsflödet.",
}

router = APIRouter(tags=["about"])


class ApiInfo(Schema):
    """What DIGG's national REST API profile asks every API to say of itself."""

    api_name: str = Field(max_length=40, examples=["mentorskap"])
    api_version: str = Field(max_length=20, examples=[VERSION])
    api_released: str = Field(max_length=10, examples=[RELEASED])
    api_documentation: str = Field(max_length=300, examples=["https://mentorskap.example/docs"])
    api_status: str = Field(max_length=20, examples=[STATUS])


@router.get("/api-info", operation_id="getApiInfo", summary="About this API", response_model=ApiInfo)
def get_api_info(visit: Annotated[Visit, PUBLIC]) -> Response:
    """Name, version and state of this API. / API:ets namn, version och läge."""
    public_url = visit.runtime.public_url
    info = ApiInfo(
        api_name="mentorskap",
        api_version=VERSION,
        api_released=RELEASED,
        api_documentation=f"{public_url}/docs",
        api_status=STATUS,
    )
    return answer(visit.exchange, ApiInfo, info)


def describe(api: FastAPI, server_url: str, public_url: str) -> dict[str, Any]:
    """The finished OpenAPI document of the API as it is served under `server_url`."""
    document = get_openapi(
        title="Mentorskap",
        version=VERSION,
        openapi_version=api.openapi_version,
        summary=SUMMARY,
        description=DESCRIPTION,
        routes=api.routes,
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
        servers=[{"url": server_url, "description": "This installation. / Denna installation."}],
        terms_of_service=f"{public_url}/docs",
        contact={"name": "Mentorskap", "url": public_url, "email": "kontakt@mentorskap.example"},
        license_info={"name": "MIT", "url": "https://opensource.org/license/mit"},
        separate_input_output_schemas=False,
    )
    return finish(document)
