"""How is FastAPI's OpenAPI document finished, so that tools and people find in it what really happens?

Adds what FastAPI does not know: problem documents for every error, headers, media-type examples, limits on formats.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.errors import catalogue
from app.kit.problems import MEDIA_TYPE, FieldProblem, ProblemDocument

Node = dict[str, Any]
UUID_EXAMPLE = "0199c0de-7a11-7c3e-9d53-2f1b8c4e6a90"
SAMPLES = {
    "uuid": UUID_EXAMPLE,
    "date": "2026-03-02",
    "date-time": "2026-03-02T09:00:00.000000Z",
    "email": "kontakt@forening.example",
    "password": "en lång lösenfras",
}
LENGTHS = {"uuid": 36, "date": 10, "date-time": 32, "email": 254}
TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
HEADERS: Node = {
    "traceparent": {
        "description": "W3C trace context; quote it when you report a fault.",
        "schema": {"type": "string", "maxLength": 55, "example": TRACEPARENT},
    },
    "ETag": {
        "description": "The version of what was answered; send it back in If-Match or If-None-Match.",
        "schema": {"type": "string", "maxLength": 80, "example": '"3-0a1b2c3d4e5f"'},
    },
    "Location": {
        "description": "The address of what was made.",
        "schema": {"type": "string", "format": "uri-reference", "maxLength": 2048},
    },
    "Link": {
        "description": "first, prev, next and last page (RFC 8288).",
        "schema": {"type": "string", "maxLength": 8192},
    },
    "Retry-After": {
        "description": "Seconds to wait.",
        "schema": {"type": "integer", "format": "int32", "minimum": 1, "maximum": 3600},
    },
    "Allow": {"description": "Every method of the address.", "schema": {"type": "string", "maxLength": 80}},
    "WWW-Authenticate": {"description": "Bearer.", "schema": {"type": "string", "maxLength": 200}},
}
PROBLEMS = {
    "400": ("request.malformed_json", "The request could not be read.", ()),
    "401": ("auth.token_missing", "No valid access token.", ("WWW-Authenticate",)),
    "403": ("access.duty_not_held", "The role or the partner's duties do not allow it.", ()),
    "404": ("resource.not_found", "There is no such thing, or not for the caller.", ()),
    "405": ("request.method_not_allowed", "The address does not take this method.", ("Allow",)),
    "409": ("resource.conflict", "The state of things does not allow it now.", ()),
    "412": ("resource.changed_meanwhile", "It was changed since the version in If-Match.", ()),
    "413": ("request.too_large", "The body is too large.", ()),
    "415": ("request.media_type_unsupported", "The body is not JSON in UTF-8.", ()),
    "422": ("request.invalid", "The request does not fit the description, or a rule refuses it.", ()),
    "428": ("request.if_match_required", "If-Match is missing.", ()),
    "500": ("service.unexpected", "Something unexpected went wrong; nothing was changed.", ()),
    "503": ("service.database_unreachable", "The service cannot answer now.", ("Retry-After",)),
}
REQUEST_HEADERS = {
    "if_match": ("If-Match", "The ETag of the version you change.", 400, '"3"'),
    "if_none_match": ("If-None-Match", "An ETag you have; the same version answers 304.", 400, '"3-0a1b2c3d4e5f"'),
    "key": ("Idempotency-Key", "Makes a retry safe for 72 hours: the same key answers the same.", 255, UUID_EXAMPLE),
    "language": ("Accept-Language", "sv or en, for the titles of problems.", 200, "sv"),
}


def finish(document: Node) -> Node:
    """Complete a document in place and answer it; the same input gives the same bytes."""
    for path, method, operation in operations(document):
        _finish_operation(path, method, operation)
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    reference = "#/components/schemas/{model}"
    schemas["ProblemDocument"] = ProblemDocument.model_json_schema(ref_template=reference)
    schemas["ProblemDocument"].pop("$defs", None)
    schemas["FieldProblem"] = FieldProblem.model_json_schema()
    components["headers"] = HEADERS
    components["responses"] = {f"Problem{status}": _problem_response(status) for status in PROBLEMS}
    for schema in schemas.values():
        _finish_schema(schema)
    renamed: Node = json.loads(re.sub(r"Page_([A-Za-z]+?)(?:Read)?_", r"\1Page", json.dumps(document)))
    _add_examples(renamed)
    return renamed


def operations(document: Node) -> Iterator[tuple[str, str, Node]]:
    """Every (path, method, operation) of a document."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def _finish_operation(path: str, method: str, operation: Node) -> None:
    summary, _, _ = operation.get("description", "").partition("\n")
    operation.setdefault("description", summary)
    is_public = not operation.get("security")
    operation["security"] = operation.get("security", [])
    responses = operation["responses"]
    for status in [code for code in responses if code.startswith(("4", "5"))]:
        del responses[status]
    for status, response in responses.items():
        names = ["traceparent"]
        names += ["Location"] if status in {"201", "202"} else []
        names += ["Link"] if method == "get" and "Page" in json.dumps(response) else []
        names += ["ETag"] if status in {"200", "201"} and _is_single(response) else []
        response["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    is_item = method == "get" and "200" in responses and _is_single(responses["200"])
    if is_item and not is_public:
        headers = {name: {"$ref": f"#/components/headers/{name}"} for name in ("traceparent", "ETag")}
        responses["304"] = {"description": "Not changed since the version in If-None-Match.", "headers": headers}
    for status in _statuses(path, method, operation, is_public=is_public):
        responses[status] = {"$ref": f"#/components/responses/Problem{status}"}
    operation.setdefault("parameters", []).extend(_request_headers(method, is_item=is_item, is_public=is_public))


def _is_single(response: Node) -> bool:
    text = json.dumps(response.get("content", {}))
    return "$ref" in text and "Page" not in text


def _statuses(path: str, method: str, operation: Node, *, is_public: bool) -> list[str]:
    found = ["400", "405", "422", "500", "503"]
    found += [] if is_public and not path.startswith("/auth") else ["401"]
    found += [] if is_public else ["403"]
    found += ["404"] if "{" in path else []
    found += ["413", "415"] if "requestBody" in operation else []
    found += ["409"] if method != "get" else []
    found += ["412", "428"] if method in {"patch", "put", "delete"} else []
    found += ["412"] if method == "post" and "{" in path else []
    return sorted(set(found))


def _request_headers(method: str, *, is_item: bool, is_public: bool) -> list[Node]:
    names = ["language"]
    if not is_public:
        names += ["key"] if method == "post" else []
        names += ["if_match"] if method in {"patch", "put", "delete"} else []
        names += ["if_none_match"] if is_item else []
    described = [REQUEST_HEADERS[name] for name in names]
    return [
        {
            "name": name,
            "in": "header",
            "required": False,
            "description": text,
            "schema": {"type": "string", "maxLength": length},
            "example": example,
        }
        for name, text, length, example in described
    ]


def _problem_response(status: str) -> Node:
    code, description, headers = PROBLEMS[status]
    titles = catalogue()[code]
    example = {
        "type": f"https://mentorskap.example/problems/{code}",
        "title": titles.en,
        "status": int(status),
        "detail": titles.en,
        "instance": "/mentorskap/v1/programs",
        "code": code,
        "traceId": "4bf92f3577b34da6a3ce929d0e0e4736",
        "errors": [],
        "context": {},
    }
    schema = {"$ref": "#/components/schemas/ProblemDocument"}
    return {
        "description": description,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in ("traceparent", *headers)},
        "content": {MEDIA_TYPE: {"schema": schema, "example": example}},
    }


def _finish_schema(schema: Any) -> None:
    """Limits that formats imply, and a singular example on every day and instant."""
    if isinstance(schema, list):
        for one in schema:
            _finish_schema(one)
    if not isinstance(schema, dict):
        return
    kind = schema.get("format")
    if kind in LENGTHS and schema.get("type") == "string":
        schema.setdefault("maxLength", LENGTHS[kind])
    if kind in {"date", "date-time"}:
        schema["example"] = SAMPLES[kind]
    if schema.get("type") == "integer":
        most = max(abs(int(schema.get(name, 0))) for name in ("maximum", "exclusiveMaximum", "minimum"))
        schema.setdefault("format", "int64" if most >= 2**31 else "int32")
    for value in schema.values():
        _finish_schema(value)


def _add_examples(document: Node) -> None:
    for _, _, operation in operations(document):
        contents = [operation.get("requestBody", {}).get("content", {})]
        contents += [response.get("content", {}) for response in operation["responses"].values()]
        for content in contents:
            media = content.get("application/json")
            if media and "example" not in media and "examples" not in media:
                media["example"] = sample(media.get("schema", {}), document)


def sample(schema: Mapping[str, Any], document: Node, depth: int = 0) -> Any:
    """A value that the schema describes: its own example if it has one, else a small plausible one."""
    if "$ref" in schema:
        return sample(document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], document, depth)
    for source in ("example", "const", "default"):
        if schema.get(source) is not None:
            return schema[source]
    for source in ("examples", "enum"):
        if schema.get(source):
            return schema[source][0]
    for source in ("anyOf", "oneOf", "allOf"):
        if schema.get(source):
            return sample(schema[source][0], document, depth)
    return _plain_sample(schema, document, depth)


def _plain_sample(schema: Mapping[str, Any], document: Node, depth: int) -> Any:
    match schema.get("type"):
        case "object":
            fields = schema.get("properties", {})
            return {name: sample(field, document, depth + 1) for name, field in fields.items()} if depth < 8 else {}  # noqa: PLR2004  deep enough for every body
        case "array":
            return [sample(schema["items"], document, depth + 1)] if schema.get("items") and depth < 8 else []  # noqa: PLR2004  as above
        case "integer":
            return int(schema.get("minimum", 1))
        case "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case "null":
            return None
    return SAMPLES.get(str(schema.get("format")), "text"[: schema.get("maxLength", 4)])
