"""How does the API describe itself? Its name, terms, limits and version, in Swedish and English."""

from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Response
from fastapi.openapi.utils import get_openapi
from pydantic import Field

from app import dcat
from app.domain.errors import catalogue
from app.domain.grants import GRANTS
from app.domain.roles import Role
from app.features.access.guards import PUBLIC, Visit
from app.features.webhooks.router import events
from app.kit.document_security import publish_permissions
from app.kit.documents import finish
from app.kit.retirement import publish_retirements
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
SERVER = "This installation, in production. / Denna installation, i drift."
TAGS = {
    "about": "The API itself. / Om API:et.",
    "accounts": "Logging in, users and service accounts. / Inloggning och konton.",
    "me": "Who I am and why I may. / Vem jag är och varför jag får.",
    "partners": "Organisations. / Samarbetspartner.",
    "programs": "Programmes, targets and cohorts. / Program, mål och omgångar.",
    "agreements": "Who answers for what. / Vem som ansvarar för vad.",
    "handovers": "Duties that change hands. / Ansvar som byter part.",
    "readiness": "The seven-factor check and opening. / Beredskap och öppnande.",
    "participants": "People as partners hold them. / Deltagare, som varje part har dem.",
    "consents": "Consents and their texts. / Samtycken och deras texter.",
    "protection": "Protected identity and clearances. / Skyddade personuppgifter och behörighet.",
    "enrolments": "Who takes part where. / Inskrivningar.",
    "referrals": "From one partner to another. / Hänvisningar.",
    "training": "Courses, sessions and certificates. / Kurser, utbildningstillfällen och intyg.",
    "calendars": "Your own calendar feed. / Ditt eget kalenderflöde.",
    "incidents": "What went wrong in a match, for those who handle it. / Incidenter, för dem som hanterar dem.",
    "placements": "People at host workplaces. / Praktik och traineeplatser.",
    "preparation": "Information and expectations. / Information och förväntningar.",
    "matching": "Policies and runs. / Matchningsregler och körningar.",
    "matches": "Pairs and their meetings. / Mentorpar och träffar.",
    "follow-ups": "Planned contacts and their answers. / Uppföljning.",
    "cooperation": "Channels, joint meetings, the directory, what waits. / Kanaler, möten, katalog och vad som väntar.",
    "outcomes": "How people support themselves, before and after. / Försörjning före och efter.",
    "catalogue": "Published programmes, for anybody. / Publicerade program, för alla.",
    "gaps": "What is offered, who waits, and what is missing. / Vad som finns, vilka som väntar och vad som saknas.",
    "plans": "Goals, measures, decisions, and how it goes. / Planer med mål, åtgärder, beslut och uppföljning.",
    "imports": "Files from other systems. / Filer från andra system.",
    "reports": "Figures with their rules. / Siffror med sina regler.",
    "webhooks": "Your own systems, told as things happen. / Händelser till era egna system.",
    "changes": "The change feed. / Ändringsflödet.",
    "privacy": "What is stored about me, and who has seen it. / Vad som finns om mig, och vem som har sett det.",
    "rights": "What a person asks about their data: exports, restriction, erasure. / Den registrerades rättigheter.",
    "audit": "Incidents, monthly reviews, and seals over the logs. / Personuppgiftsincidenter, loggkontroll och sigill.",
}

ERRORS = """\
# Errors

Every refusal, whatever the address, is one `application/problem+json` document (RFC 9457):

```json
{
  "type": "https://mentorskap.example/problems/match.no_place_left",
  "title": "The mentor has no place left.",
  "status": 409,
  "detail": "The mentor has no place left.",
  "instance": "/mentorskap/v1/matches/0199c0de-7a11-7c3e-9d53-2f1b8c4e6a90/acceptances",
  "code": "match.no_place_left",
  "traceId": "4bf92f3577b34da6a3ce929d0e0e4736",
  "errors": [],
  "context": {}
}
```

- **Decide by `code`.** It is stable. `title` is for people and may be reworded; new codes may be added, so treat an
  unknown one by its status.
- **`errors`** names the fields, each with a JSON Pointer (RFC 6901), a code of its own and an English message. What was
  sent is never repeated.
- **`context`** holds facts for the case, never personal ones: a 403 `access.duty_not_held` names the duty and the
  partner that is accountable for it.
- **`traceId`** is the middle of the `traceparent` header; quote it when you report a fault.

## How often

Each minute a user may send 300 requests, 120 of them changes and 30 of them for reports or gap views; a service account 1,200;
whoever has no login 300 from one address. An installation may choose other numbers: `RateLimit-Policy` in each answer tells
which quotas the request drew on (`"user";q=300;w=60`), `RateLimit` what is left of them (`"user";r=299;t=60`). Batches
and imports carry many rows in one request.

## Languages

`Accept-Language: sv` gives Swedish titles, everything else English; `Content-Language` says which was chosen.

## Retries

| status | what to do |
|---|---|
| 400, 413, 415, 422 | Mend the request. The same request will be refused again. |
| 401 | Renew the tokens, once, then log in. |
| 403, 404 | Do not retry. What you may not see answers as if it did not exist. |
| 409 | Read the thing again and decide. With `Retry-After` (somebody works on it right now): wait, then send the same. |
| 412, 428 | Read the thing again, decide, and send `If-Match` with the new `ETag`. |
| 429 | Nothing was done. Wait for `Retry-After` seconds, then send the same. |
| 500 | Nothing was changed. Retry later; report `traceId` if it stays. |
| 503 | Nothing was changed. Wait for `Retry-After` seconds, then send the same. |

Send `Idempotency-Key` (1 to 255 visible ASCII characters, a new one for each thing you want done) with every POST. For 72 hours
the same key with the same request answers what the first one answered, with `Idempotency-Replayed: true`, and does
nothing again. Refusals are not kept: mend the request and use the same key. Nor is an answer that showed a secret (invitations,
service secrets, calendar feeds): the retry is refused with `idempotency.answer_not_kept` and tells where to look, and asking with
another key gives a new secret. A lost connection is then never a question:
send the same once more. PUT, PATCH and DELETE are safe to repeat by their `If-Match`.

## All codes

| code | status | English | Swedish |
|---|---|---|---|
"""
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


def errors_page() -> str:
    """The guide's page on errors (`docs/guide/errors.md`): how to read them, and every documented code."""
    told = sorted(catalogue().items())
    return ERRORS + "".join(f"| `{code}` | {text.status} | {text.en} | {text.sv} |\n" for code, text in told)


def describe(api: FastAPI, server_url: str, public_url: str) -> dict[str, Any]:
    """The finished OpenAPI document of the API as it is served under `server_url`."""
    document = get_openapi(
        title="Mentorskap",
        version=VERSION,
        openapi_version=api.openapi_version,
        summary=SUMMARY,
        description=DESCRIPTION,
        routes=api.routes,
        webhooks=events.routes,
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
        servers=[{"url": server_url, "description": SERVER, "x-internal": False}],
        terms_of_service=f"{public_url}/docs",
        contact={"name": "Mentorskap", "url": public_url, "email": "kontakt@mentorskap.example"},
        license_info={"name": "MIT", "url": "https://opensource.org/license/mit"},
        separate_input_output_schemas=False,
    )
    document["info"]["x-dcat"] = dcat.annotation(public_url, server_url)
    document = finish(document)
    for_machines = {permission.value for permission, grant in GRANTS.items() if Role.SERVICE in grant.roles}
    publish_permissions(document, f"{public_url}/oauth/token", for_machines)
    publish_retirements(document, api.routes)
    return document
