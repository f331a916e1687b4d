"""What does the profile ask of documentation, contents, times, errors and links (DOK, ARQ, AME, DOT, FEL, MOG, SPA)?"""

import re
from typing import Any

from tests.contracts.profile import (
    CAMEL,
    JSON,
    SNAKE,
    Node,
    bodies,
    fields,
    follow,
    operations,
    parameters,
    responses,
    rule,
)

RFC3339_DAY = re.compile(r"\d{4}-\d\d-\d\d")
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)")
COMMON = {"sv": {"och", "som", "för", "att", "är", "den"}, "en": {"the", "and", "of", "is", "to", "or"}}
PROBLEM = "application/problem+json"


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
    return [language for language, common in COMMON.items() if len(common & words) < 3]


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


@rule("MOG.02")
def _links(document: Node) -> list[str]:
    return [] if any(response.get("links") for _, _, response in responses(document)) else ["no links"]


@rule("SPA.04")
def _traced(document: Node) -> list[str]:
    return [where for where, _, response in responses(document) if "traceparent" not in response.get("headers", {})]
