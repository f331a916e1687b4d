"""What does the profile ask of addresses, versions, security and queries (UFN, VER, SAK, FNS, RES, FOR, MOG)?"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from tests.contracts.profile import CAMEL, JSON, SNAKE, Node, follow, operations, parameters, rule

METHODS = frozenset({"get", "put", "post", "delete", "patch", "head", "options", "trace"})


def segments(path: str) -> list[str]:
    return [segment for segment in path.strip("/").split("/") if not segment.startswith("{")]


def plain(path: str) -> str:
    """A path without its parameters."""
    return re.sub(r"\{[^}]*\}", "", path)


def schemes(document: Node) -> list[Node]:
    return list(document["components"].get("securitySchemes", {}).values())


def servers(document: Node) -> list[str]:
    return [server["url"] for server in document.get("servers", [])] or ["none"]


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
