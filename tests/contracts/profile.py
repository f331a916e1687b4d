"""What does Sweden's national REST API profile (DIGG 1.2) ask that a machine can see? Each rule answers its findings."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

Node = dict[str, Any]
Rule = Callable[[Node], list[str]]
RULES: dict[str, Rule] = {}
METHODS = frozenset({"get", "put", "post", "delete", "patch", "head", "options", "trace"})
RFC3339_DAY = re.compile(r"\d{4}-\d\d-\d\d")
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)")
SNAKE = re.compile(r"[a-z]+(?:_[a-z]+)*")
CAMEL = re.compile(r"[a-z]+(?:[A-Z][a-z]*)*")
PROBLEM = "application/problem+json"
JSON = "application/json"


def rule(*names: str) -> Callable[[Rule], Rule]:
    def keep(check: Rule) -> Rule:
        RULES["/".join(names)] = check
        return check

    return keep


def operations(document: Node) -> Iterator[tuple[str, str, Node]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def follow(document: Node, node: Node) -> Node:
    if "$ref" not in node:
        return node
    found: Any = document
    for part in node["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return follow(document, found)


def parameters(document: Node, where: str) -> Iterator[tuple[str, Node]]:
    for path, method, operation in operations(document):
        for parameter in operation.get("parameters", []):
            if parameter["in"] == where:
                yield f"{method} {path} {parameter['name']}", parameter


def responses(document: Node) -> Iterator[tuple[str, str, Node]]:
    for path, method, operation in operations(document):
        for status, response in operation["responses"].items():
            yield f"{method} {path} {status}", status, follow(document, response)


def bodies(document: Node) -> Iterator[tuple[str, Node]]:
    for path, method, operation in operations(document):
        if "requestBody" in operation:
            yield f"{method} {path} body", follow(document, operation["requestBody"])


def fields(document: Node) -> Iterator[tuple[str, str, Node]]:
    """Every property directly in a component schema."""
    for schema, content in document["components"]["schemas"].items():
        for name, field in content.get("properties", {}).items():
            yield f"{schema}.{name}", name, field


def servers(document: Node) -> list[str]:
    return [server["url"] for server in document.get("servers", [])] or ["(no server)"]


def schemes(document: Node) -> list[Node]:
    return list(document["components"].get("securitySchemes", {}).values())


def plain(path: str) -> str:
    """A path without its parameters."""
    return re.sub(r"\{[^}]*\}", "", path)


def segments(path: str) -> list[str]:
    return [segment for segment in path.strip("/").split("/") if not segment.startswith("{")]


@rule("UFN.01")
def _server_form(document: Node) -> list[str]:
    return [url for url in servers(document) if not re.fullmatch(r"[a-z]+://[^/]+/[^/]+/v\d+", url)]


@rule("UFN.02")
def _server_https(document: Node) -> list[str]:
    return [
        url for url in servers(document) if urlsplit(url).scheme != "https" or urlsplit(url).port not in {None, 443}
    ]


@rule("UFN.05")
def _length(document: Node) -> list[str]:
    return [path for path in document["paths"] for url in servers(document) if len(url + path) > 2048]


@rule("UFN.07")
def _characters(document: Node) -> list[str]:
    places = [*document["paths"], *(url.partition("://")[2] for url in servers(document))]
    return [place for place in places if not re.fullmatch(r"[a-z0-9\-.~,/]*", plain(place))]


@rule("UFN.08")
def _segments(document: Node) -> list[str]:
    wrong = re.compile(r"[,._~]|^-|-$|--")
    return [path for path in document["paths"] if any(wrong.search(segment) for segment in segments(path))]


@rule("UFN.09")
def _no_underscore(document: Node) -> list[str]:
    named = [parameter["name"] for _, parameter in parameters(document, "path")]
    return [text for text in [*servers(document), *document["paths"], *named] if re.search(r"[ _]", text)]


@rule("SAK.01")
def _server_host(document: Node) -> list[str]:
    host = r"https://(localhost|\d+(\.\d+){3}|[a-z0-9-]+(\.[a-z0-9-]+)+)(:\d+)?/.*"
    return [url for url in servers(document) if not re.fullmatch(host, url)]


@rule("SAK.09", "SAK.10")
def _bearer_only(document: Node) -> list[str]:
    return [scheme["scheme"] for scheme in schemes(document) if scheme.get("scheme", "bearer") != "bearer"]


@rule("SAK.15", "SAK.16")
def _keys_in_headers(document: Node) -> list[str]:
    return [one["in"] for one in schemes(document) if one["type"] == "apiKey" and one["in"] != "header"]


@rule("SAK.18")
def _flows_encrypted(document: Node) -> list[str]:
    flows = [flow for scheme in schemes(document) for flow in scheme.get("flows", {}).values()]
    return [url for flow in flows for key, url in flow.items() if key.endswith("Url") and url.startswith("http:")]


@rule("VER.05")
def _version_in_address(document: Node) -> list[str]:
    return [url for url in servers(document) if not re.search(r"/v\d+(?![.\-_\d])", url)]


@rule("VER.06", "VER.07")
def _says_what_it_is(document: Node) -> list[str]:
    if "/api-info" not in document["paths"]:
        return ["no /api-info"]
    answer = document["paths"]["/api-info"]["get"]["responses"]["200"]["content"][JSON]["schema"]
    wanted = {"apiName", "apiVersion", "apiReleased", "apiDocumentation", "apiStatus"}
    return sorted(wanted - follow(document, answer)["properties"].keys())


@rule("FNS.01")
def _query_case(document: Node) -> list[str]:
    names = [(where, one["name"]) for where, one in parameters(document, "query")]
    return [where for where, name in names if not (SNAKE.fullmatch(name) or CAMEL.fullmatch(name))]


@rule("FNS.03", "FNS.06")
def _query_characters(document: Node) -> list[str]:
    found = parameters(document, "query")
    return [where for where, one in found if not re.fullmatch(r"[A-Za-z][A-Za-z0-9\-._~]*", one["name"])]


@rule("FNS.05")
def _query_optional(document: Node) -> list[str]:
    return [where for where, one in parameters(document, "query") if one.get("required") is not False]


def _paging(document: Node) -> Iterator[tuple[str, Node]]:
    """The query parameters, by name, of every operation that turns pages."""
    for path, method, operation in operations(document):
        named = {one["name"]: one["schema"] for one in operation.get("parameters", []) if one["in"] == "query"}
        if {"page", "offset"} & named.keys():
            yield f"{method} {path}", named


@rule("FNS.07")
def _page_with_limit(document: Node) -> list[str]:
    return [where for where, named in _paging(document) if "limit" not in named]


@rule("FNS.08")
def _page_from_one(document: Node) -> list[str]:
    return [where for where, named in _paging(document) if "page" in named and named["page"].get("default") != 1]


@rule("FNS.09")
def _limit_twenty(document: Node) -> list[str]:
    return [where for where, named in _paging(document) if "limit" in named and named["limit"].get("default") != 20]


@rule("ARQ.01", "AME.02")
def _bodies_in_json(document: Node) -> list[str]:
    return [where for where, body in bodies(document) if JSON not in body["content"]]


@rule("ARQ.03")
def _headers_left_to_http(document: Node) -> list[str]:
    taken = {"date", "cache-control", "etag", "connection"}
    return [where for where, one in parameters(document, "header") if one["name"].lower() in taken]


@rule("ARQ.05")
def _headers_are_text(document: Node) -> list[str]:
    found = parameters(document, "header")
    return [w for w, one in found if one["schema"].get("type") == "object" or one["schema"].get("format") == "binary"]


@rule("DOK.01")
def _external_documentation(document: Node) -> list[str]:
    given = document.get("externalDocs")
    return [] if given is None or (given.get("description") and given.get("url")) else ["externalDocs"]


@rule("DOK.03")
def _metadata(document: Node) -> list[str]:
    info = document["info"]
    wanted = [("title",), ("version",), ("description",), ("termsOfService",), ("license", "name"), ("license", "url")]
    wanted += [("contact", "name"), ("contact", "email"), ("contact", "url")]
    missing = []
    for way in wanted:
        found: Any = info
        for part in way:
            found = (found or {}).get(part)
        missing += [] if found else [".".join(way)]
    return missing


@rule("DOK.06")
def _two_languages(document: Node) -> list[str]:
    words = set(re.findall(r"\w+", document["info"].get("description", "").lower()))
    return [
        name
        for name, common in {"sv": {"och", "att", "som"}, "en": {"the", "and", "of"}}.items()
        if not common <= words
    ]


@rule("DOK.07", "DOK.11")
def _described(document: Node) -> list[str]:
    return [] if document["info"].get("description", "").strip() else ["info.description"]


@rule("DOK.08")
def _terms(document: Node) -> list[str]:
    return [] if document["info"].get("termsOfService") else ["info.termsOfService"]


@rule("DOK.09")
def _limitations(document: Node) -> list[str]:
    said = document["info"].get("description", "").lower()
    return [] if re.search(r"limit|begränsning|problem", said) else ["info.description"]


@rule("DOK.15")
def _examples(document: Node) -> list[str]:
    places = [*bodies(document), *((where, response) for where, _, response in responses(document))]
    return [
        where
        for where, place in places
        if (media := place.get("content", {}).get(JSON)) is not None
        and not ({"example", "examples"} & media.keys() or "example" in follow(document, media["schema"]))
    ]


@rule("DOK.17")
def _openapi_three(document: Node) -> list[str]:
    return [] if document["openapi"].startswith("3.") else [document["openapi"]]


@rule("DOK.19")
def _operations_described(document: Node) -> list[str]:
    found = operations(document)
    return [f"{method} {path}" for path, method, one in found if not (one.get("description") and one.get("summary"))]


@rule("DOK.20")
def _responses_described(document: Node) -> list[str]:
    return [where for where, _, response in responses(document) if not response.get("description")]


@rule("DOK.21")
def _secured(document: Node) -> list[str]:
    is_secured = document.get("security") or any(one.get("security") for _, _, one in operations(document))
    return [] if is_secured else ["no security anywhere"]


@rule("DOT.02", "DOT.04")
def _times_exemplified(document: Node) -> list[str]:
    forms = {"date": RFC3339_DAY, "date-time": RFC3339}
    return [
        where
        for where, _, field in fields(document)
        if field.get("format") in forms and not forms[field["format"]].fullmatch(str(field.get("example", "")))
    ]


@rule("AME.01")
def _answers_in_json(document: Node) -> list[str]:
    found = responses(document)
    return [w for w, status, one in found if status < "400" and one.get("content") and JSON not in one["content"]]


@rule("AME.04")
def _field_case(document: Node) -> list[str]:
    return [where for where, name, _ in fields(document) if not (SNAKE.fullmatch(name) or CAMEL.fullmatch(name))]


@rule("AME.05")
def _one_case(document: Node) -> list[str]:
    mixed = []
    for schema, content in document["components"]["schemas"].items():
        names = content.get("properties", {}).keys()
        if any("_" in name for name in names) and any(name != name.lower() for name in names):
            mixed.append(schema)
    return mixed


@rule("AME.07")
def _field_characters(document: Node) -> list[str]:
    return [where for where, name, _ in fields(document) if not re.fullmatch(r"\w+", name, re.ASCII)]


@rule("FEL.01")
def _problem_members(document: Node) -> list[str]:
    wanted = {"type", "title", "status", "detail", "instance"}
    return [
        where
        for where, _, response in responses(document)
        if (media := response.get("content", {}).get(PROBLEM)) is not None
        and (
            follow(document, media["schema"]).get("type") != "object"
            or not wanted <= follow(document, media["schema"])["properties"].keys()
        )
    ]


@rule("FEL.02")
def _problems_everywhere(document: Node) -> list[str]:
    found = responses(document)
    return [w for w, status, one in found if status >= "400" and one.get("content") and PROBLEM not in one["content"]]


@rule("FOR.02")
def _get_has_no_body(document: Node) -> list[str]:
    return [path for path, method, one in operations(document) if method == "get" and "requestBody" in one]


@rule("RES.02")
def _no_personal_numbers(document: Node) -> list[str]:
    never = {"pnr", "personnummer", "personnr", "ssn"}
    given = [*parameters(document, "query"), *parameters(document, "path")]
    return [where for where, one in given if one["name"].lower() in never]


@rule("RES.06")
def _resources_are_nouns(document: Node) -> list[str]:
    wrong = re.compile(r"[^a-z0-9-]|^(get|post|put|delete|patch)-")
    return [path for path in document["paths"] if any(wrong.search(segment) for segment in segments(path))]


@rule("MOG.01")
def _verbs(document: Node) -> list[str]:
    used = {method for _, method, _ in operations(document)}
    strange = sorted(used - METHODS) + [path for path, item in document["paths"].items() if not item]
    return strange + ([] if len(document["paths"]) > 1 and len(used) > 1 else ["too little of it"])


@rule("MOG.02")
def _links(document: Node) -> list[str]:
    return [] if any(response.get("links") for _, _, response in responses(document)) else ["no links"]


@rule("SPA.04")
def _traced(document: Node) -> list[str]:
    return [where for where, _, response in responses(document) if "traceparent" not in response.get("headers", {})]
