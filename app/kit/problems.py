"""What does a client learn when something is refused? RFC 9457 problem documents, one shape for every error."""

from collections.abc import Iterable, Mapping
from itertools import takewhile
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException as StarletteHTTPException

from app.domain.errors import RuleViolation, catalogue
from app.domain.sync import RowProblem
from app.kit.telemetry import claim_report, log, trace_header_of, trace_id_of
from app.kit.text import looks_like_personnummer

MEDIA_TYPE = "application/problem+json"
TYPE_BASE = "https://mentorskap.example/problems/"
UNEXPECTED = "service.unexpected"
BY_STATUS = {
    400: "request.malformed",
    401: "auth.token_missing",
    403: "access.role_not_permitted",
    404: "resource.not_found",
    405: "request.method_not_allowed",
    406: "request.not_acceptable",
    413: "request.too_large",
    415: "request.media_type_unsupported",
}
VALIDATION_CODES = {
    "missing": "field.missing",
    "extra_forbidden": "field.unknown",
    "enum": "field.not_a_choice",
    "literal_error": "field.not_a_choice",
    "json_invalid": "request.malformed_json",
    "string_too_long": "field.too_long",
    "string_too_short": "field.too_short",
}
"""Pydantic's error types to stable codes; what is not named here is `field.invalid`."""
ECHOING = frozenset({"json_invalid", "union_tag_invalid", "uuid_parsing", "url_parsing"})
"""Pydantic's error types whose messages repeat some of what was sent."""
CONSTRAINT_CODES: dict[str, str] = {}
"""Database constraint names to problem codes; each slice adds its own in tables.py."""


class Problem(Exception):  # noqa: N818  it is the problem document, raised
    """A refusal with a documented code. Facts land in `context`; never personal values, SQL or paths."""

    def __init__(self, code: str, /, *, retry_after: int | None = None, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
        self.headers = {"Retry-After": str(retry_after)} if retry_after else {}


class FieldProblem(BaseModel):
    """Where in the request, and what is wrong there; the submitted value is never repeated."""

    pointer: str = Field(max_length=400, examples=["/startsOn"])
    code: str = Field(max_length=80, examples=["field.missing"])
    message: str = Field(max_length=400, examples=["Field required"])


class ProblemDocument(BaseModel):
    """RFC 9457 problem details with our members `code`, `traceId`, `errors` and `context`."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": TYPE_BASE + "match.no_place_left",
                "title": "The mentor has no place left.",
                "status": 409,
                "detail": "The mentor has no place left.",
                "instance": "/mentorskap/v1/matches/0199c0de-0000-7000-8000-000000000000/acceptances",
                "code": "match.no_place_left",
                "traceId": "4bf92f3577b34da6a3ce929d0e0e4736",
                "errors": [],
                "context": {},
            }
        }
    )
    type: str = Field(max_length=200)
    title: str = Field(max_length=200)
    status: int = Field(ge=400, le=599)
    detail: str = Field(max_length=400)
    instance: str = Field(max_length=2048)
    code: str = Field(max_length=80)
    traceId: str = Field(max_length=32)  # noqa: N815  the wire speaks camelCase and this model is only wire
    errors: list[FieldProblem] = Field(max_length=100)
    context: dict[str, Any]


def problem_for_constraint(name: str | None) -> Problem:
    """The documented problem for a violated constraint; an undocumented one is a plain conflict."""
    return Problem(CONSTRAINT_CODES.get(name or "", "resource.conflict"))


def language_of(request: Request, otherwise: str = "en") -> str:
    """`sv` or `en`, whichever `Accept-Language` puts first; `otherwise` when neither is asked for."""
    best, language = 0.0, otherwise
    for part in request.headers.get("accept-language", "").lower().split(","):
        tag, _, quality = part.replace(" ", "").partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        primary = tag.partition("-")[0]
        if primary in {"sv", "en"} and weight > best:
            best, language = weight, primary
    return language


def problem_response(
    request: Request,
    code: str,
    *,
    context: Mapping[str, Any] | None = None,
    errors: list[FieldProblem] | None = None,
    headers: Mapping[str, str] | None = None,
    status: int | None = None,
) -> Response:
    """Render a documented problem in the caller's language."""
    text = catalogue()[code]
    language = language_of(request)
    title = text.sv if language == "sv" else text.en
    document = ProblemDocument(
        type=TYPE_BASE + code,
        title=title,
        status=status or text.status,
        detail=title,
        instance=_instance(request.url.path),
        code=code,
        traceId=trace_id_of(request.scope),
        errors=errors or [],
        context=dict(context or {}),
    )
    return Response(
        document.model_dump_json(),
        status_code=document.status,
        media_type=MEDIA_TYPE,
        headers={
            "Content-Language": language,
            "Vary": "Accept-Language",
            "Cache-Control": "no-store",
            **trace_header_of(request.scope),
            **(headers or {}),
        },
    )


def row_problem(refused: Exception) -> RowProblem:
    """What a row among many is told: the code of the rule, or of the first field that is wrong."""
    if isinstance(refused, ValidationError):
        first = _field(refused.errors(include_input=False)[0])
        return RowProblem(first.code, first.pointer, first.message)
    assert isinstance(refused, RuleViolation | Problem)  # noqa: S101  nothing else is caught as a refusal
    pointer = refused.pointer if isinstance(refused, RuleViolation) else None
    return RowProblem(refused.code, pointer, catalogue()[refused.code].en)


def _instance(path: str) -> str:
    """The address that was asked, without what might be a personnummer in it."""
    if looks_like_personnummer(path):
        path = "/".join("-" if looks_like_personnummer(part) else part for part in path.split("/"))
    return path[:2048]


def install(app: FastAPI) -> None:
    """Answer every error of `app`, FastAPI's and Starlette's own included, as a problem document."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RuleViolation, _rule)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(ValidationError, _invalid)
    app.add_exception_handler(StarletteHTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def _problem(request: Request, raised: Exception) -> Response:
    assert isinstance(raised, Problem)  # noqa: S101  the handler is registered for this class
    headers = dict(raised.headers)
    if catalogue()[raised.code].status == 401:  # noqa: PLR2004  RFC 9110: a 401 names the scheme
        headers["WWW-Authenticate"] = 'Bearer realm="mentorskap"'
    return problem_response(request, raised.code, context=raised.facts, headers=headers)


def _rule(request: Request, raised: Exception) -> Response:
    assert isinstance(raised, RuleViolation)  # noqa: S101  the handler is registered for this class
    errors = []
    if raised.pointer:
        message = str(raised.facts.get("reason", catalogue()[raised.code].en))[:400]
        errors = [FieldProblem(pointer=raised.pointer, code=raised.code, message=message)]
    return problem_response(request, raised.code, context=raised.facts, errors=errors)


def _invalid(request: Request, raised: Exception) -> Response:
    found = raised.errors() if isinstance(raised, RequestValidationError | ValidationError) else []
    errors = [_field(item) for item in found[:100]]
    malformed = any(error.code == "request.malformed_json" for error in errors)
    return problem_response(request, "request.malformed_json" if malformed else "request.invalid", errors=errors)


def pointer_to(where: Iterable[str]) -> str:
    """A JSON Pointer (RFC 6901) from its parts; it ends where a name would repeat a personnummer."""
    said = takewhile(lambda part: not looks_like_personnummer(part), where)
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in said)[:400] or "/"


def _field(item: Mapping[str, Any]) -> FieldProblem:
    """A validation error without the value: pydantic's `input` and `ctx` never leave the process."""
    where = [str(part) for place, part in enumerate(item["loc"]) if place or part != "body"]
    kind = str(item["type"])
    message = "Not valid." if kind in ECHOING else str(item["msg"]).removeprefix("Value error, ")
    return FieldProblem(
        pointer=pointer_to(where),
        code=VALIDATION_CODES.get(kind, "field.invalid"),
        message=message[:400],
    )


def _http(request: Request, raised: Exception) -> Response:
    assert isinstance(raised, StarletteHTTPException)  # noqa: S101  the handler is registered for this class
    code = BY_STATUS.get(raised.status_code, "request.malformed" if raised.status_code < 500 else UNEXPECTED)  # noqa: PLR2004  4xx or 5xx
    headers = dict(raised.headers or {})
    if raised.status_code == 405:  # noqa: PLR2004  Starlette's Allow names the first matching route only
        headers["Allow"] = ", ".join(sorted(allowed_methods(request)))
    return problem_response(request, code, headers=headers)


def allowed_methods(request: Request) -> set[str]:
    """Every method some route of this path answers."""
    methods: set[str] = set()
    for context in iter_route_contexts(request.app.routes):
        route = context.original_route
        pattern = getattr(route, "path_regex", None)
        path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
        if pattern is not None and pattern.match(path):
            methods |= set(getattr(route, "methods", None) or ())
    return methods | {"HEAD"} if "GET" in methods else methods


def _unexpected(request: Request, raised: Exception) -> Response:
    if claim_report(request.scope):
        facts = {"exception": type(raised).__name__, "traceId": trace_id_of(request.scope)}
        log.error("unexpected", extra={"facts": facts}, exc_info=raised)
    return problem_response(request, UNEXPECTED)
