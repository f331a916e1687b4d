"""What does the national profile ask that no linter sees? Behaviour over HTTP, and a decision for each requirement (ADR 0033)."""

import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from app.domain.roles import Role
from tests.contracts.document import ROOT, all_operations
from tests.world import Client, World

DECISION = ROOT / "docs/adr/0033-the-profile-by-people.md"
REQUIREMENTS = [
    "ARP.03",
    "ARP.04",
    "ARQ.06",
    "FNS.02",
    "FNS.10",
    "FNS.11",
    "FNS.12",
    "FNS.13",
    "FNS.14",
    "UFN.03",
    "UFN.04",
    "RES.01",
    "RES.03",
    "RES.05",
    "SAK.05",
    "SAK.11",
    "SAK.12",
    "SAK.14",
    "SAK.24",
    "SAK.25",
    "SAK.26",
    "VER.04",
    "VER.09",
    "VER.10",
    "VER.11",
    "VER.12",
    "VER.13",
    "VER.14",
    "VER.15",
    "VER.16",
    "VER.17",
    "VER.18",
    "WEB.01",
    "WEB.02",
    "WEB.03",
    "WEB.04",
    "WEB.05",
    "WEB.06",
    "HYP.05",
    "HYP.07",
    "HYP.11",
    "HYP.12",
    "HYP.13",
    "HYP.14",
    "HYP.15",
    "HYP.16",
    "HYP.17",
    "CAC.01",
    "DOK.10",
    "DOT.01",
]
ROW = re.compile(r"^\| (?P<names>[A-Z]{3}\.[^|]*) \| (?P<asked>[^|]+) \| (?P<answer>[^|]+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[a-z_0-9/]+\.py)::(test_\w+)`")


@pytest.fixture
def administrator(world: World) -> Client:
    return world.client(Role.SYSTEM_ADMINISTRATOR)


def rows() -> dict[str, str]:
    """Requirement → what is said of it; a range stands for all in it."""
    found: dict[str, str] = {}
    for row in ROW.finditer(DECISION.read_text(encoding="utf-8")):
        for name in row["names"].split(", "):
            letters, _, numbers = name.partition(".")
            first, _, last = numbers.partition("–")
            for number in range(int(first), int(last or first) + 1):
                assert f"{letters}.{number:02}" not in found
                found[f"{letters}.{number:02}"] = row["answer"]
    return found


def test_every_requirement_has_a_test_or_a_reason() -> None:
    assert sorted(rows()) == sorted(REQUIREMENTS)
    for name, answer in rows().items():
        assert TEST.search(answer) or answer.startswith("Not so:"), name


def test_the_tests_it_names_are_there() -> None:
    named = [match for answer in rows().values() for match in TEST.findall(answer)]
    assert len(named) > 20
    missing = [
        f"{file}::{test}"
        for file, test in named
        if not re.search(rf"^def {test}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert missing == []


def test_a_query_is_read_percent_encoded(world: World, administrator: Client) -> None:
    world.partner("Påhittade Öglan & Co")
    for asked in (quote("öglan & co"), "%C3%B6glan+%26+co"):
        found = administrator.get(f"/partners?nameContains={asked}")
        assert found.status_code == 200, found.text
        assert [one["name"].startswith("Påhittade Öglan & Co") for one in found.json()["items"]] == [True]


def test_links_keep_the_whole_query(world: World, administrator: Client) -> None:
    for number in range(3):
        world.partner(f"Påhittade kören & {number}")
    found = administrator.get(
        "/partners", params={"nameContains": "kören &", "limit": 1, "page": 2, "sector": "civilSociety"}
    )
    assert found.json()["meta"] == {"page": 2, "limit": 1, "count": 1, "totalCount": 3}
    links = found.json()["links"]
    pages = {"self": "2", "first": "1", "prev": "1", "next": "3", "last": "3"}
    for name, page in pages.items():
        assert urlsplit(links[name]).path == "/mentorskap/v1/partners"
        assert parse_qs(urlsplit(links[name]).query) == {
            "nameContains": ["kören &"], "limit": ["1"], "page": [page], "sector": ["civilSociety"]
        }  # fmt: skip
        assert name == "self" or f'<{links[name]}>; rel="{name}"' in found.headers["link"]
    assert administrator.get(links["next"]).json()["meta"]["page"] == 3


def test_a_page_past_the_end_is_empty(administrator: Client) -> None:
    found = administrator.get("/partners?page=1000000")
    assert (found.status_code, found.json()["items"]) == (200, [])


def test_every_collection_turns_pages_in_the_same_way() -> None:
    for path, method, operation in all_operations():
        named = {one["name"] for one in operation.get("parameters", []) if one["in"] == "query"}
        assert ("page" in named) <= ("limit" in named), f"{method} {path}"
        assert {"offset", "size", "cursor"} & named <= {"cursor"}, f"{method} {path}"
        assert not {"page", "cursor"} <= named, f"{method} {path}"


def test_the_same_change_twice_changes_once(world: World) -> None:
    partner = world.partner()
    administrator = world.client(Role.PARTNER_ADMINISTRATOR, partner)
    tag = {"If-Match": administrator.get(f"/partners/{partner}").headers["ETag"]}
    first = administrator.patch(f"/partners/{partner}", {"name": "Påhittade ekan"}, headers=tag)
    second = administrator.patch(f"/partners/{partner}", {"name": "Påhittade ekan"}, headers=tag)
    assert (first.status_code, second.status_code) == (200, 412)
    assert administrator.get(f"/partners/{partner}").headers["ETag"] == first.headers["ETag"]


def test_what_is_taken_away_stays_away(world: World) -> None:
    person = world.client(Role.SYSTEM_ADMINISTRATOR)
    (session,) = person.get("/me/sessions").json()["items"]
    tag = {"If-Match": "*"}
    first = person.call("DELETE", f"/me/sessions/{session['id']}", headers=tag)
    assert first.status_code in {200, 204}, first.text
    again = person.call("DELETE", f"/me/sessions/{session['id']}", headers=tag)
    assert again.status_code in {401, 404}


@pytest.mark.parametrize("path", ["/catalogue/programs", "/catalogue/facets"])
def test_what_anybody_may_read_can_be_kept_and_asked_for_again(world: World, path: str) -> None:
    found = world.anonymous.get(path)
    assert found.headers["cache-control"].startswith("public, max-age=")
    again = world.anonymous.get(path, headers={"If-None-Match": found.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_what_is_not_for_anybody_is_kept_nowhere(administrator: Client) -> None:
    assert administrator.get("/partners").headers["cache-control"] == "no-store"
