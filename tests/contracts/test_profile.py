"""Does the document keep every machine-checkable rule of the national profile, and would each trap be noticed?"""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.contracts import profile_addresses, profile_contents
from tests.contracts.document import document
from tests.contracts.profile import RULES, Node

MODULES = (profile_addresses, profile_contents)  # importing them fills RULES
JSON = "application/json"
ANSWERED = {"200": {"description": "x", "headers": {"traceparent": {}}}}
NAMED = {"summary": "x", "description": "x"}


@pytest.mark.parametrize("name", RULES)
def test_rule_has_no_findings(name: str) -> None:
    assert RULES[name](document()) == []


def test_every_rule_of_the_profile_is_here() -> None:
    known = {one for names in RULES for one in names.split("/")}
    assert known == {
        *[
            "UFN.01",
            "UFN.02",
            "UFN.05",
            "UFN.07",
            "UFN.08",
            "UFN.09",
            "SAK.01",
            "SAK.09",
            "SAK.10",
            "SAK.15",
            "SAK.16",
            "SAK.18",
            "VER.05",
            "VER.06",
            "VER.07",
        ],
        *[
            "FNS.01",
            "FNS.03",
            "FNS.05",
            "FNS.06",
            "FNS.07",
            "FNS.08",
            "FNS.09",
            "ARQ.01",
            "ARQ.03",
            "ARQ.05",
            "AME.01",
            "AME.02",
            "AME.04",
            "AME.05",
            "AME.07",
        ],
        *[
            "DOK.01",
            "DOK.03",
            "DOK.06",
            "DOK.07",
            "DOK.08",
            "DOK.09",
            "DOK.11",
            "DOK.15",
            "DOK.17",
            "DOK.19",
            "DOK.20",
            "DOK.21",
            "DOT.02",
            "DOT.04",
        ],
        *["FEL.01", "FEL.02", "FOR.02", "RES.02", "RES.06", "MOG.01", "MOG.02", "SPA.04"],
    }


def path(address: str) -> Callable[[Node], Any]:
    return lambda d: d["paths"].update({address: {"get": {**NAMED, "responses": ANSWERED}}})


def server(url: str) -> Callable[[Node], Any]:
    return lambda d: d.update(servers=[{"url": url}])


def query(name: str, **schema: Any) -> Callable[[Node], Any]:
    one = {"name": name, "in": "query", "required": False, "schema": schema}
    return lambda d: d["paths"]["/api-info"]["get"].update(parameters=[one])


def header(name: str, **schema: Any) -> Callable[[Node], Any]:
    return lambda d: d["paths"]["/api-info"]["get"]["parameters"].append(
        {"name": name, "in": "header", "schema": schema}
    )


def scheme(**content: Any) -> Callable[[Node], Any]:
    return lambda d: d["components"]["securitySchemes"].update(x=content)


def field(name: str, **content: Any) -> Callable[[Node], Any]:
    return lambda d: d["components"]["schemas"]["PartnerRead"]["properties"].update({name: content})


def lose(*way: str) -> Callable[[Node], Any]:
    def drop(node: Any) -> None:
        for part in way[:-1]:
            node = node[part]
        del node[way[-1]]

    return drop


def inform(**content: Any) -> Callable[[Node], Any]:
    return lambda d: d["info"].update(content)


def only_form(d: Node) -> None:
    content = d["paths"]["/auth/sessions"]["post"]["requestBody"]["content"]
    content["application/x-www-form-urlencoded"] = content.pop(JSON)


def unlinked(d: Node) -> None:
    for item in d["paths"].values():
        for operation in item.values():
            for response in operation["responses"].values():
                response.pop("links", None)


def unsecured(d: Node) -> None:
    for item in d["paths"].values():
        for operation in item.values():
            operation["security"] = []


INFO = ("paths", "/api-info", "get")
OK = (*INFO, "responses", "200")
TRAPS: list[tuple[str, Callable[[Node], Any], str]] = [
    ("snake path", path("/mentor_profiles"), "RES.06 UFN.07 UFN.08 UFN.09"),
    ("camel path", path("/mentorProfiles"), "RES.06 UFN.07"),
    ("well-known", path("/.well-known/jwks.json"), "RES.06 UFN.08"),
    ("colon", path("/items:batch"), "RES.06 UFN.07"),
    ("dollar", path("/$batch"), "RES.06 UFN.07"),
    ("file", path("/export.csv"), "RES.06 UFN.08"),
    ("double dash", path("/a--b"), "UFN.08"),
    ("verb", path("/get-partners"), "RES.06"),
    ("snake parameter", path("/x/{partner_id}"), "UFN.09"),
    ("too long", path("/" + "a" * 2048), "UFN.05"),
    ("relative server", server("/mentorskap/v1"), "SAK.01 UFN.01 UFN.02"),
    ("no api name", server("https://host.example/v1"), "UFN.01"),
    ("port", server("https://host.example:8443/mentorskap/v1"), "UFN.02 UFN.07"),
    ("minor version", server("https://host.example/mentorskap/v1.2"), "UFN.01 VER.05"),
    ("not encrypted", server("http://host.example/mentorskap/v1"), "SAK.01 UFN.02"),
    ("no server", lambda d: d.update(servers=[]), "SAK.01 UFN.01 UFN.02 VER.05"),
    ("basic", scheme(type="http", scheme="basic"), "SAK.09/SAK.10"),
    ("key in query", scheme(type="apiKey", **{"in": "query"}), "SAK.15/SAK.16"),
    ("plain flow", scheme(type="oauth2", flows={"x": {"tokenUrl": "http://a.example"}}), "SAK.18"),
    ("no api-info", lose("paths", "/api-info"), "VER.06/VER.07"),
    ("poor api-info", lose("components", "schemas", "ApiInfo", "properties", "apiStatus"), "VER.06/VER.07"),
    ("page and size", query("page", default=1), "FNS.07"),
    ("page from nought", lambda d: d["paths"]["/partners"]["get"]["parameters"].append(
        {"name": "page", "in": "query", "required": False, "schema": {"default": 0}}), "FNS.08"),
    ("offset without limit", query("offset"), "FNS.07"),
    ("operator in query", query("starts[gte]"), "FNS.01 FNS.03/FNS.06"),
    ("digit first", query("2fa"), "FNS.01 FNS.03/FNS.06"),
    ("needed query", lambda d: d["paths"]["/partners"]["get"]["parameters"].append(
        {"name": "q", "in": "query", "required": True, "schema": {}}), "FNS.05"),
    ("personnummer", query("personnummer"), "RES.02"),
    ("form only", only_form, "ARQ.01/AME.02"),
    ("date header", header("Date", type="string"), "ARQ.03"),
    ("object header", header("X", type="object"), "ARQ.05"),
    ("empty external docs", lambda d: d.update(externalDocs={"url": ""}), "DOK.01"),
    ("no contact", lose("info", "contact"), "DOK.03"),
    ("no licence url", lose("info", "license", "url"), "DOK.03"),
    ("English only", inform(description="The limits of the API and so on."), "DOK.06"),
    ("no limitations", inform(description="The and of och att som."), "DOK.09"),
    ("no description", inform(description=""), "DOK.03 DOK.06 DOK.07/DOK.11 DOK.09"),
    ("no terms", inform(termsOfService=""), "DOK.03 DOK.08"),
    ("no example", lose(*OK, "content", JSON, "example"), "DOK.15"),
    ("swagger", lambda d: d.update(openapi="2.0"), "DOK.17"),
    ("no summary", lose(*INFO, "summary"), "DOK.19"),
    ("mute response", lose(*OK, "description"), "DOK.20"),
    ("no security", unsecured, "DOK.21"),
    ("no day", field("startsOn", type="string", format="date"), "DOT.02/DOT.04"),
    ("local time", field("madeAt", type="string", format="date-time", example="2026-03-02T09:00:00"), "DOT.02/DOT.04"),
    ("csv only", lambda d: d["paths"]["/partners"]["get"]["responses"]["200"].update(content={"text/csv": {}}), "AME.01"),
    ("hal", field("_links"), "AME.04 AME.05"),
    ("underscored meta", field("_meta"), "AME.04 AME.05"),
    ("key in cookie", scheme(type="apiKey", **{"in": "cookie"}), "SAK.15/SAK.16"),
    ("offset with limit 50", lambda d: (query("offset")(d), d["paths"]["/api-info"]["get"]["parameters"].append(
        {"name": "limit", "in": "query", "required": False, "schema": {"default": 50}})), "FNS.09"),
    ("binary header", header("X", type="string", format="binary"), "ARQ.05"),
    ("digest", scheme(type="http", scheme="digest"), "SAK.09/SAK.10"),
    ("digits", field("ssyk2012"), "AME.04"),
    ("at", field("@type"), "AME.04 AME.07"),
    ("both cases", field("starts_on"), "AME.05"),
    ("poor problem", lose("components", "schemas", "ProblemDocument", "properties", "instance"), "FEL.01"),
    ("json problem", lambda d: d["components"]["responses"]["Problem404"].update(
        content={JSON: {"schema": {}, "example": {}}}), "FEL.02"),
    ("get with body", lambda d: d["paths"]["/me"]["get"].update(requestBody={"content": {JSON: {"example": 1}}}), "FOR.02"),
    ("one path", lambda d: d.update(paths={"/api-info": d["paths"]["/api-info"]}), "DOK.21 MOG.01 MOG.02"),
    ("no links", unlinked, "MOG.02"),
    ("no trace", lose("components", "responses", "Problem404", "headers", "traceparent"), "SPA.04"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "noticed"), [trap[1:] for trap in TRAPS], ids=[trap[0] for trap in TRAPS])
def test_trap_is_noticed(spoil: Callable[[Node], Any], noticed: str) -> None:
    spoilt = copy.deepcopy(document())
    spoil(spoilt)
    assert sorted(name for name, check in RULES.items() if check(spoilt)) == sorted(noticed.split())


def test_every_rule_has_a_trap() -> None:
    assert set(RULES) == {name for trap in TRAPS for name in trap[2].split()}


def also_csv(d: Node) -> None:
    d["paths"]["/partners"]["get"]["responses"]["200"]["content"]["text/csv"] = {"schema": {"type": "string"}}


CLEAN: list[tuple[str, Callable[[Node], Any]]] = [
    ("OpenAPI 3.2", lambda d: d.update(openapi="3.2.0")),
    ("webhooks", lambda d: d.update(webhooks={"programOpened": {"post": {"responses": {}}}})),
    ("openIdConnect", scheme(type="openIdConnect", openIdConnectUrl="https://id.example/.well-known/openid-configuration")),
    ("If-Match", header("If-Match", type="string")),
    ("cursor", lambda d: (query("cursor")(d), d["paths"]["/api-info"]["get"]["parameters"].append(
        {"name": "limit", "in": "query", "required": False, "schema": {"default": 100}}))),
    ("CSV beside JSON", also_csv),
    ("another host", server("https://host.example/mentorskap/v1")),
]  # fmt: skip


@pytest.mark.parametrize("change", [one[1] for one in CLEAN], ids=[one[0] for one in CLEAN])
def test_what_the_profile_allows_is_no_finding(change: Callable[[Node], Any]) -> None:
    changed = copy.deepcopy(document())
    change(changed)
    assert {name: found for name, check in RULES.items() if (found := check(changed))} == {}


@pytest.mark.parametrize("limit", [10, 50, None])
def test_another_page_size_is_noticed(limit: int | None) -> None:
    spoilt = copy.deepcopy(document())
    for one in spoilt["paths"]["/partners"]["get"]["parameters"]:
        if one["name"] == "limit":
            one["schema"]["default"] = limit
    assert RULES["FNS.09"](spoilt) == ["get /partners"]
