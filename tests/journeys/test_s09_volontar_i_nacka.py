"""S9: Volontär i Nacka: a script each night sends the register and fetches what has changed; nobody is lost or guessed."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.glossary import Sector
from app.domain.roles import Role
from tests.journeys import steps
from tests.journeys.steps import Cast
from tests.sync.centre import Centre, serving
from tests.world import Client, World

VOLUNTEERS = 40
HEADINGS = ("Nummer", "Förnamn", "Efternamn", "Född", "Kön", "E-post", "Telefon")


@pytest.fixture(scope="module")
def address(working_world: World) -> Iterator[str]:
    with serving(working_world.app) as served:
        yield served


@pytest.fixture(scope="module")
def centre(working_world: World, address: str, tmp_path_factory: pytest.TempPathFactory) -> Centre:
    partner = working_world.partner("Volontär i Påhitt", Sector.MUNICIPALITY)
    return Centre.of(working_world, address, tmp_path_factory.mktemp("centre"), partner)


@pytest.fixture(scope="module")
def handler(centre: Centre) -> Client:
    return centre.world.client(Role.CASE_HANDLER, centre.partner)


def volunteers() -> list[list[str]]:
    return [
        [f"V-{n:03}", "Påhittad", f"Volontär {n}", f"{n % 28 + 1}.5.1975", "man", f"v{n}@volontar.example", ""]
        for n in range(VOLUNTEERS)
    ]


def register(folder: Path, rows: list[list[str]]) -> Path:
    """The register as its program writes it out: Windows-1252 and semicolons."""
    file = folder / "register.csv"
    with file.open("w", encoding="cp1252", newline="") as opened:
        csv.writer(opened, delimiter=";").writerows([HEADINGS, *rows])
    return file


def night(centre: Centre, folder: Path, rows: list[list[str]]) -> tuple[Any, Any]:
    """What the script does each night: send, then fetch."""
    pushed = json.loads(centre.run("push", register(folder, rows), "--json").stdout)
    pulled = json.loads(centre.run("pull", "--to", folder / "ut", "--json").stdout)
    return pushed, pulled


def fetched(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "ut" / "participant.csv").open(encoding="utf-8-sig", newline="") as opened:
        return {row["externalId"]: row for row in csv.DictReader(opened, delimiter=";") if row["externalId"]}


def test_nights_at_the_volunteer_centre(centre: Centre, handler: Client, tmp_path: Path) -> None:
    for n in (3, 14, 15):  # taken in by hand before there was a script
        given = steps.person(centre.world, email=f"v{n}@volontar.example")
        handler.made(f"/partners/{centre.partner}/participants", given)

    pushed, pulled = night(centre, tmp_path, volunteers())
    assert pushed["import"]["counts"]["created"] == VOLUNTEERS
    doubtful = {row["externalId"] for row in pushed["rows"] if row["possibleDuplicates"]}
    assert doubtful == {"V-003", "V-014", "V-015"}, "reported, not merged"
    assert pulled["isFromStart"]
    assert len(fetched(tmp_path)) == VOLUNTEERS

    rows = volunteers()[2:]  # two have left the register, one has a telephone now
    rows[5][6] = "070-174 06 00"
    pushed, pulled = night(centre, tmp_path, rows)
    counts = pushed["import"]["counts"]
    assert (counts["created"], counts["changed"], counts["unchanged"]) == (0, 1, VOLUNTEERS - 3)
    assert (pulled["stored"], pulled["removed"], pulled["isFromStart"]) == (1, 0, False)
    kept = fetched(tmp_path)
    assert len(kept) == VOLUNTEERS, "omitted persons are not taken away"
    assert kept["V-007"]["phone"].replace("-", "").replace(" ", "").endswith("701740600")

    pushed, pulled = night(centre, tmp_path, rows)
    assert (pushed["rows"], pulled["stored"], pulled["removed"]) == ([], 0, 0)


def test_an_opening_is_published_by_an_association_only(working_world: World) -> None:
    cast = Cast.of(working_world, "municipality")
    program = steps.start_program(cast)
    draft = {"title": "Samverkansavtal", "validFrom": str(cast.today), "parties": [str(cast.partners["association"])]}

    def opening(of: str) -> dict[str, Any]:
        duties = [{"duty": "publishOpening", "partnerId": str(cast.partners[of]), "level": "accountable"}]
        return {**draft, "duties": duties}

    refused = cast.owner.post(f"/programs/{program}/agreements", opening("municipality"))
    assert (refused.status_code, refused.json()["code"]) == (422, "agreement.sector_may_not_hold")
    cast.owner.made(f"/programs/{program}/agreements", opening("association"))
