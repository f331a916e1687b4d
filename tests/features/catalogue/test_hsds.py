"""Is the feed what Open Referral's HSDS 3.0 describes? The constraints of its schemas that we rely on, written out."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.features.catalogue.conftest import Shelf

UUID_, TEXT, NUMBER, URI, EMAIL, DATE = "uuid", "text", "number", "uri", "email", "date"
STATUS = {"active", "inactive", "defunct", "temporarily closed"}
LINKED = {"id": UUID_, "link_id": UUID_, "link_entity": TEXT, "taxonomy_term_id": UUID_, "value": TEXT}
RECORDS: Mapping[str, Mapping[str, str]] = {
    "service": {
        "id": UUID_, "organization_id": UUID_, "name": TEXT, "description": TEXT, "url": URI, "email": EMAIL,
        "status": TEXT, "application_process": TEXT, "eligibility_description": TEXT, "minimum_age": NUMBER,
        "maximum_age": NUMBER, "assured_date": DATE, "assurer_email": EMAIL,
    },
    "organization": {"id": UUID_, "name": TEXT, "description": TEXT, "email": EMAIL, "website": URI},
    "phone": {"id": UUID_, "service_id": UUID_, "number": TEXT},
    "language": {"id": UUID_, "service_id": UUID_, "name": TEXT, "code": TEXT},
    "service_area": {"id": UUID_, "service_id": UUID_, "name": TEXT},
    "attribute": LINKED,
    "taxonomy_term": {
        "id": UUID_, "code": TEXT, "name": TEXT, "description": TEXT, "language": TEXT, "taxonomy_id": UUID_,
    },
    "taxonomy": {"id": UUID_, "name": TEXT, "description": TEXT, "version": TEXT},
    "organization_identifier": {
        "id": UUID_, "organization_id": UUID_, "identifier_scheme": TEXT, "identifier_type": TEXT, "identifier": TEXT,
    },
}  # fmt: skip
REQUIRED = {
    "service": {"id", "name", "status", "organization_id"},
    "organization": {"id", "name", "description"},
    "phone": {"id", "number"},
    "taxonomy_term": {"id", "name", "description"},
    "taxonomy": {"id", "name", "description"},
    "attribute": {"id", "link_id", "taxonomy_term_id", "link_entity"},
    "organization_identifier": {"id", "identifier_type", "identifier"},
}
HOLDS = {
    ("service", "organization"): "organization",
    ("service", "phones"): "phone",
    ("service", "languages"): "language",
    ("service", "service_areas"): "service_area",
    ("service", "attributes"): "attribute",
    ("attribute", "taxonomy_term"): "taxonomy_term",
    ("taxonomy_term", "taxonomy_detail"): "taxonomy",
    ("organization", "organization_identifiers"): "organization_identifier",
}
LISTS = {"phones", "languages", "service_areas", "attributes"}
PAGE = {"total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty", "contents"}


def fits(value: Any, kind: str) -> bool:
    if kind == NUMBER:
        return isinstance(value, int) and not isinstance(value, bool)
    if not isinstance(value, str):
        return False
    if kind == UUID_:
        return str(UUID(value)) == value
    if kind == DATE:
        return date.fromisoformat(value).isoformat() == value
    patterns = {URI: r"https://\S+", EMAIL: r"[^@\s]+@[^@\s]+\.[a-z]+", TEXT: r"[\s\S]+"}
    return re.fullmatch(patterns[kind], value) is not None


def check(record: Mapping[str, Any], kind: str) -> int:
    """How many records were checked, this one and those in it."""
    assert REQUIRED.get(kind, {"id"}) <= record.keys()
    checked = 1
    for name, value in record.items():
        inner = HOLDS.get((kind, name))
        if inner is None:
            assert fits(value, RECORDS[kind][name]), (kind, name)
            continue
        for one in value if isinstance(value, list) else [value]:
            checked += check(one, inner)
    return checked


def read(shelf: Shelf, path: str) -> httpx.Response:
    return shelf.anybody.get(f"//root/hsds/v3{path}")


@pytest.fixture(scope="module")
def services(shelf: Shelf) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = read(shelf, "/services?full=true").json()["contents"]
    return told


def test_every_service_fits_the_specification(services: list[dict[str, Any]]) -> None:
    assert {one["name"] for one in services} >= {"Tekniksprånget", "Mentor för kvinnor"}
    assert all(one["status"] in STATUS for one in services)
    assert sum(check(one, "service") for one in services) > 20
    ids = [inner["id"] for one in services for name in LISTS for inner in one.get(name, [])]
    assert len(set(ids)) == len(ids)


def test_a_programme_is_told_whole(shelf: Shelf, services: list[dict[str, Any]]) -> None:
    told = next(one for one in services if one["id"] == str(shelf.programs["women"]))
    assert read(shelf, f"/services/{told['id']}").json() == told
    assert [one["code"] for one in told["languages"]] == ["sv", "ti"]
    assert [one["name"] for one in told["service_areas"]] == ["Fisksätra", "Orminge"]
    assert told["phones"][0]["number"] == "08-718 80 00"
    terms = {one["taxonomy_term"]["name"]: one.get("value") for one in told["attributes"]}
    assert terms == {
        "Kvinnor med invandrarbakgrund": None,
        "Mentorskap": None,
        "En noggrann matchning": "Intervju med båda",
    }
    interns = next(one for one in services if one["id"] == str(shelf.programs["interns"]))
    assert (interns["minimum_age"], interns["maximum_age"]) == (18, 21)


def test_a_page_is_the_specifications(shelf: Shelf) -> None:
    first, last, past = (read(shelf, f"/services?per_page=2&page={page}").json() for page in (1, 2, 3))
    assert set(first) == PAGE
    assert (first["total_items"], first["total_pages"], first["size"]) == (3, 2, 2)
    assert (first["first_page"], first["last_page"], last["last_page"], past["empty"]) == (True, False, True, True)
    assert not {name for one in first["contents"] for name in LISTS} & set(first["contents"][0])
    assert {one["id"] for page in (first, last) for one in page["contents"]} == {
        str(shelf.programs[one]) for one in ("women", "interns", "peers")
    }


def names(shelf: Shelf, query: str) -> set[str]:
    return {one["name"] for one in read(shelf, f"/services?{query}").json()["contents"]}


def test_services_are_narrowed(shelf: Shelf) -> None:
    terms = {one["code"]: one for one in read(shelf, "/taxonomy_terms?per_page=100").json()["contents"]}
    assert names(shelf, f"taxonomy_term_id={terms['youth']['id']}") == {"Tekniksprånget"}
    assert names(shelf, f"taxonomy_term_id={terms['3']['id']}") == {
        "Mentor för kvinnor",
        "Mentorskapsprogram för yrkesverksamma",
    }
    factors = terms["3"]["taxonomy_id"]
    assert names(shelf, f"taxonomy_id={factors}") == names(shelf, f"taxonomy_term_id={terms['3']['id']}")
    assert names(shelf, f"taxonomy_id={factors}&taxonomy_term_id={terms['youth']['id']}") == set()
    assert names(shelf, f"taxonomy_term_id={uuid4()}") == set()
    assert names(shelf, f"organization_id={shelf.owner}") == {"Mentor för kvinnor"}
    assert names(shelf, "search=praktik") == {"Tekniksprånget"}
    assert len(names(shelf, "modified_after=2000-01-01")) == 3
    assert names(shelf, "modified_after=2100-01-01T00:00:00Z") == set()


def test_organizations_and_taxonomies_are_told(shelf: Shelf) -> None:
    page = read(shelf, "/organizations").json()
    assert page["total_items"] == 2
    assert sum(check(one, "organization") for one in page["contents"]) >= 2
    one = page["contents"][0]
    assert read(shelf, f"/organizations/{one['id']}").json() == one
    taxonomies = read(shelf, "/taxonomies").json()["contents"]
    assert sum(check(one, "taxonomy") for one in taxonomies) == 3
    assert read(shelf, f"/taxonomies/{taxonomies[0]['id']}").json() == taxonomies[0]
    terms = read(shelf, f"/taxonomy_terms?taxonomy_id={taxonomies[0]['id']}").json()["contents"]
    assert {check(one, "taxonomy_term") for one in terms} == {2}
    assert read(shelf, f"/taxonomy_terms/{terms[0]['id']}").json() == terms[0]


def test_the_feed_describes_itself_and_may_be_kept(shelf: Shelf) -> None:
    root = read(shelf, "/")
    assert root.json()["version"] == "3.0"
    assert root.headers["Cache-Control"].startswith("public")
    document = read(shelf, "/openapi.json").json()
    assert root.json()["openapi_url"].endswith("/hsds/v3/openapi.json")
    assert "/services/{id}" in document["paths"]


@pytest.mark.parametrize("path", ["services", "organizations", "taxonomies", "taxonomy_terms"])
def test_what_is_not_there_is_not_found(shelf: Shelf, path: str) -> None:
    for wanted in (uuid4(), "none"):
        refused = read(shelf, f"/{path}/{wanted}")
        assert (refused.status_code, refused.json()["code"]) == (404, "resource.not_found")


def test_drafts_are_nowhere_in_the_feed(shelf: Shelf) -> None:
    assert read(shelf, f"/services/{shelf.programs['draft']}").status_code == 404
    assert "Opublicerat" not in read(shelf, "/services?full=true").text


@pytest.mark.parametrize(
    "query", ["per_page=201", "page=0", "search=" + "a" * 201, "modified_after=soon", "colour=red"]
)
def test_what_the_feed_does_not_take(shelf: Shelf, query: str) -> None:
    refused = read(shelf, f"/services?{query}")
    assert (refused.status_code, refused.headers["Content-Type"]) == (422, "application/problem+json")
