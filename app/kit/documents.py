"""How is FastAPI's OpenAPI document finished, so that tools and people find in it what really happens?

Adds what FastAPI does not know: problem documents for every error, headers, links, media-type examples, limits.
"""

import json
import re
from collections.abc import Iterator

from app.domain.errors import catalogue
from app.kit.accept import JSON
from app.kit.document_schemas import REFERENCE, Sampler, finish_schema, reachable
from app.kit.document_words import DESCRIPTIONS, HEADERS, PROBLEMS, REQUEST_HEADERS, WEBHOOK_HEADERS, Node
from app.kit.external import SYNC_OUTCOME
from app.kit.problems import MEDIA_TYPE, FieldProblem, ProblemDocument

ALWAYS = ("traceparent", "Access-Control-Allow-Origin", "RateLimit", "RateLimit-Policy")
"""Headers that every answer carries, the second where a frontend asks from another origin."""


def finish(document: Node) -> Node:
    """The completed document; the same input gives the same bytes. The given one is used up."""
    document = json.loads(re.sub(r"Page_([A-Za-z]+?)(?:Read)?_", r"\1Page", json.dumps(document)))
    schemas: Node = document.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    _add_problems(document)
    for path, method, operation in operations(document):
        _finish_operation(path, method, operation, schemas)
    _finish_webhooks(document)
    _add_links(document)
    asked = reachable([_asked(operation) for _, _, operation in operations(document)], schemas)
    for name, schema in schemas.items():
        schema["title"] = name  # generators name classes by it
        finish_schema(schema, is_answer=name not in asked)
    for _, _, operation in operations(document):
        finish_schema(_asked(operation), is_answer=False)
    _add_examples(document)
    return document


def operations(document: Node) -> Iterator[tuple[str, str, Node]]:
    """Every (path, method, operation) of a document."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def _sent(document: Node) -> list[Node]:
    """The operations that others offer and we call."""
    return [operation for item in document.get("webhooks", {}).values() for operation in item.values()]


def _finish_webhooks(document: Node) -> None:
    """What we send has the headers of Standard Webhooks, needs no token of ours, and is answered with a bare yes."""
    for operation in _sent(document):
        paragraphs = operation["description"].split("\n\n")
        operation["description"] = " / ".join(" ".join(paragraph.split()) for paragraph in paragraphs)
        operation["security"] = []
        operation["responses"] = {"204": {"description": "Any 2xx: you have it. / Vilket 2xx som helst: mottaget."}}
        operation["parameters"] = [
            {
                "name": name,
                "in": "header",
                "required": True,
                "description": description,
                "schema": {"type": "string", "maxLength": length},
                "example": example,
            }
            for name, description, length, example in WEBHOOK_HEADERS
        ]


def _asked(operation: Node) -> list[Node]:
    return [*operation.get("parameters", []), operation.get("requestBody", {})]


def _add_problems(document: Node) -> None:
    components, schemas = document["components"], document["components"]["schemas"]
    schemas["ProblemDocument"] = ProblemDocument.model_json_schema(ref_template=REFERENCE + "{model}")
    schemas["ProblemDocument"].pop("$defs", None)
    schemas["FieldProblem"] = FieldProblem.model_json_schema()
    components["headers"] = json.loads(json.dumps(HEADERS))
    components["responses"] = {f"Problem{status}": _problem_response(status) for status in PROBLEMS}


def _finish_operation(path: str, method: str, operation: Node, schemas: Node) -> None:
    paragraphs = operation["description"].split("\n\n")
    operation["description"] = " / ".join(" ".join(paragraph.split()) for paragraph in paragraphs)
    is_public = not operation.get("security")
    operation["security"] = operation.get("security", [])
    responses = operation["responses"]
    for status in [code for code in responses if code.startswith(("4", "5"))]:
        del responses[status]
    for status, response in responses.items():
        if response["description"] == "Successful Response":
            response["description"] = DESCRIPTIONS[status]
        declared = response.get("headers", {})
        is_kept = "Cache-Control" in declared
        names = _header_names(method, status, _answered(response), schemas)
        names += [SYNC_OUTCOME] if SYNC_OUTCOME in declared else []
        names += ["Preference-Applied"] if "Preference-Applied" in declared else []
        response["headers"] = _headers([*names, *(["Cache-Control", "ETag"] if is_kept else [])])
    is_tagged = method == "get" and "200" in responses and "ETag" in responses["200"]["headers"]
    if is_tagged:
        description = "Not changed since the version in If-None-Match. / Oförändrat."
        responses["304"] = {"description": description, "headers": _headers([*ALWAYS, "ETag"])}
    for status in _statuses(path, method, operation, is_public=is_public):
        responses[status] = {"$ref": f"#/components/responses/Problem{status}"}
    for parameter in operation.get("parameters", []):
        parameter["schema"] = _askable(parameter["schema"])
    names = _request_header_names(path, method, is_tagged=is_tagged, is_public=is_public)
    operation.setdefault("parameters", []).extend(_request_header(name) for name in names)


def _askable(schema: Node) -> Node:
    """A parameter's schema without null, which no address can say, and without what the parameter says itself."""
    said = {key: value for key, value in schema.items() if key not in {"anyOf", "description"}}
    ways = [way for way in schema.get("anyOf", []) if way != {"type": "null"}]
    if len(ways) == 1:
        return {**ways[0], **said}
    return {**said, "anyOf": ways} if ways else said


def _answered(response: Node) -> str:
    """The name of the schema that a response carries, or nothing."""
    schema = response.get("content", {}).get(JSON, {}).get("schema", {})
    return str(schema.get("$ref", "")).removeprefix(REFERENCE)


def _header_names(method: str, status: str, answered: str, schemas: Node) -> list[str]:
    fields = schemas.get(answered, {}).get("properties", {})
    names = [*ALWAYS]
    names += ["Location"] if status in {"201", "202"} else []
    names += ["Link"] if method == "get" and {"items", "meta", "links"} <= fields.keys() else []
    names += ["ETag"] if "version" in fields else []
    return names


def _headers(names: list[str]) -> Node:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _statuses(path: str, method: str, operation: Node, *, is_public: bool) -> list[str]:
    found = ["400", "405", "422", "429", "500", "503"]
    found += [] if is_public and not path.startswith("/auth") else ["401"]
    found += [] if is_public else ["403"]
    found += ["404"] if "{" in path else []
    found += ["413", "415"] if "requestBody" in operation else []
    found += ["409"] if method != "get" else []
    found += ["412", "428"] if method in {"patch", "put", "delete"} else []
    found += ["412"] if method == "post" and "{" in path else []
    return sorted(set(found))


def _request_header_names(path: str, method: str, *, is_tagged: bool, is_public: bool) -> list[str]:
    if is_public:
        return ["language", *(["if_none_match"] if is_tagged else [])]
    names = ["language", "purpose"]
    names += ["key"] if method == "post" else []
    names += ["if_match"] if method in {"patch", "put", "delete"} or (method == "post" and "{" in path) else []
    names += ["if_none_match"] if is_tagged else []
    return names


def _request_header(name: str) -> Node:
    header, description, length, example = REQUEST_HEADERS[name]
    return {
        "name": header,
        "in": "header",
        "required": False,
        "description": description,
        "schema": {"type": "string", "maxLength": length},
        "example": example,
    }


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
    return {
        "description": description,
        "headers": _headers([*ALWAYS, *headers]),
        "content": {MEDIA_TYPE: {"schema": {"$ref": REFERENCE + "ProblemDocument"}, "example": example}},
    }


def _add_links(document: Node) -> None:
    """From every answer to a POST the way to read the thing again, where the thing has an address."""
    readers: dict[str, tuple[str, str]] = {}
    for path, method, operation in operations(document):
        if method == "get" and path.count("{") == 1 and path.endswith("}"):
            parameter = path.rpartition("{")[2].rstrip("}")
            readers[_answered(operation["responses"]["200"])] = (operation["operationId"], parameter)
    for _, method, operation in operations(document):
        for response in operation["responses"].values() if method == "post" else ():
            reader = readers.get(_answered(response))
            if reader is not None:
                name, parameter = reader
                response["links"] = {name: {"operationId": name, "parameters": {parameter: "$response.body#/id"}}}


def _add_examples(document: Node) -> None:
    sampler = Sampler(document["components"]["schemas"])
    for operation in [*(one for _, _, one in operations(document)), *_sent(document)]:
        contents = [operation.get("requestBody", {}).get("content", {})]
        contents += [response.get("content", {}) for response in operation["responses"].values()]
        for content in contents:
            media = content.get(JSON)
            if media and "example" not in media and "examples" not in media:
                media["example"] = sampler.sample(media.get("schema", {}))
