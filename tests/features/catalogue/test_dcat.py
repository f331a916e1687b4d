"""Does a data portal find what this installation publishes? The statements that DCAT-AP-SE asks for."""

import re

from tests.features.catalogue.conftest import Shelf

STATEMENT = re.compile(r"<([^>]+)> a (dcat:\w+|foaf:Agent|vcard:Organization) ;\n((?:    .*\n)+)")
MANDATORY = {
    "dcat:Catalog": {"dcterms:title", "dcterms:description", "dcterms:publisher", "dcterms:license", "dcat:dataset"},
    "dcat:Dataset": {
        "dcterms:title",
        "dcterms:description",
        "dcterms:publisher",
        "dcat:contactPoint",
        "dcat:distribution",
    },
    "dcat:Distribution": {"dcat:accessURL", "dcterms:license"},
    "dcat:DataService": {"dcterms:title", "dcat:endpointURL", "dcterms:publisher", "dcat:contactPoint"},
    "foaf:Agent": {"foaf:name", "dcterms:type"},
    "vcard:Organization": {"vcard:fn", "vcard:hasEmail"},
}


def test_the_turtle_says_what_the_profile_asks_for(shelf: Shelf) -> None:
    answered = shelf.anybody.get("//root/dcat.ttl")
    assert answered.headers["Content-Type"].startswith("text/turtle")
    assert "$" not in answered.text
    told = {about: (kind, body) for about, kind, body in STATEMENT.findall(answered.text)}
    assert {kind for kind, _ in told.values()} == set(MANDATORY)
    for about, (kind, body) in told.items():
        said = {line.split()[0] for line in body.splitlines()}
        assert said >= MANDATORY[kind], about
        assert body.rstrip().endswith(" .")
        # Whatever a statement refers to in this document stands in it.
        assert {one for one in re.findall(r"<([^>]+#\w[\w-]*)>", body) if "/dcat.ttl#" in one} <= set(told)


def test_the_document_carries_the_same_for_diggs_converter(shelf: Shelf) -> None:
    document = shelf.anybody.get("/openapi.json").json()
    told = document["info"]["x-dcat"]
    turtle = shelf.anybody.get("//root/dcat.ttl").text
    assert set(told) == {"dcat-catalog", "dcat-dataset", "dcat-dataservice"}
    for part in told.values():
        assert f"<{part['about']}>" in turtle
        assert part["title-sv"] in turtle
    assert told["dcat-dataset"]["distribution"]["accessURL"].endswith("/mentorskap/v1/catalogue/programs")
    assert f"<{told['dcat-dataset']['distribution']['accessURL']}>" in turtle
