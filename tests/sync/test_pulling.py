"""Does a pull hold what the centre may see, all of it and no more, also when it is cut off?"""

import csv
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook  # noqa: TID251  a file that we wrote, read as Excel would

from app.domain.roles import Role
from app.sync import pulling, settings
from app.sync.client import Api
from app.sync.failures import Unreachable
from app.sync.mirror import Mirror
from tests.sync.centre import Centre, serving
from tests.world import Client, World


@pytest.fixture(scope="module")
def address(world: World) -> Iterator[str]:
    with serving(world.app) as served:
        yield served


@pytest.fixture
def centre(world: World, address: str, tmp_path: Path) -> Centre:
    return Centre.of(world, address, tmp_path / "centre", world.partner("Volontär i Påhitt"))


def handler_of(centre: Centre) -> Client:
    return centre.world.client(Role.CASE_HANDLER, centre.partner)


def taken_in(by: Client, centre: Centre, **over: Any) -> dict[str, Any]:
    given = {"givenName": "Åsa", "familyName": "Påhittad", "bornOn": "1980-02-03", "gender": "female", **over}
    made = by.post(f"/partners/{centre.partner}/participants", given)
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened, delimiter=";"))


def test_the_first_pull_reads_everything_and_the_next_only_what_is_new(centre: Centre, tmp_path: Path) -> None:
    by, target = handler_of(centre), tmp_path / "ut"
    first = taken_in(by, centre, givenName="=HYPERLINK(1)", languages=[{"code": "sv", "level": "C2"}])
    done = json.loads(centre.run("pull", "--to", target, "--json").stdout)
    assert (done["isFromStart"], done["stored"], done["removed"]) == (True, 1, 0)
    (row,) = rows(target / "participant.csv")
    assert (row["id"], row["givenName"], row["isAnonymous"]) == (first["id"], "'=HYPERLINK(1)", "no")
    assert json.loads(row["languages"]) == first["languages"]

    again = json.loads(centre.run("pull", "--to", target, "--json").stdout)
    assert (again["changes"], again["stored"], again["isFromStart"]) == (0, 0, False)
    assert len(rows(target / "participant.csv")) == 1

    taken_in(by, centre, givenName="Örjan")
    by.patch(f"/participants/{first['id']}", {"givenName": "Åke"})
    more = json.loads(centre.run("pull", "--to", target, "--json").stdout)
    assert (more["changes"], more["stored"]) == (2, 2)
    assert [row["givenName"] for row in rows(target / "participant.csv")] == ["Åke", "Örjan"]


@pytest.mark.parametrize("answered", range(6))
def test_a_pull_that_is_cut_off_anywhere_is_taken_up_without_loss(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answered: int
) -> None:
    by = handler_of(centre)
    made = {taken_in(by, centre)["id"] for _ in range(4)}
    monkeypatch.setattr(pulling, "PAGE", 2)
    whole, left = Api.get, answered

    def cut(self: Api, path: str, **params: Any) -> Any:
        nonlocal left
        if not left:
            raise Unreachable("cut")
        left -= 1
        return whole(self, path, **params)

    with monkeypatch.context() as patched:
        patched.setattr(Api, "get", cut)
        centre.run("pull", "--to", tmp_path / "ut.sqlite", code=4)
    taken_in(by, centre)
    done = json.loads(centre.run("pull", "--to", tmp_path / "ut.sqlite", "--json").stdout)
    assert done["changes"] <= 5
    with closing(sqlite3.connect(tmp_path / "ut.sqlite")) as file:
        found = {row[0] for row in file.execute("select id from participant")}
    assert made < found
    assert len(found) == 5


def test_a_place_that_the_server_no_longer_knows_begins_anew_and_keeps_nothing_stale(
    centre: Centre, tmp_path: Path
) -> None:
    person = taken_in(handler_of(centre), centre)
    with Mirror.open(settings.read(centre.config)) as mirror:
        mirror.keep({"cursor": "x" * 40}, [(("participant", "stale"), {"id": "stale"})])
    done = json.loads(centre.run("pull", "--to", tmp_path, "--json").stdout)
    assert done["isFromStart"]
    assert [row["id"] for row in rows(tmp_path / "participant.csv")] == [person["id"]]


def test_what_may_no_longer_be_read_leaves_every_file(centre: Centre, tmp_path: Path) -> None:
    kept, gone = (taken_in(handler_of(centre), centre) for _ in range(2))
    centre.run("pull", "--to", tmp_path / "ut.xlsx")
    with Mirror.open(settings.read(centre.config)) as mirror:
        assert mirror.keep({}, [(("participant", gone["id"]), None)]) == (0, 1)
    centre.run("pull", "--to", tmp_path / "ut.xlsx")
    sheet = load_workbook(tmp_path / "ut.xlsx")["participant"]
    table = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert table[0][0] == "id"
    assert [row[0] for row in table[1:]] == [kept["id"]]


def test_other_kinds_than_last_time_are_read_from_the_start(centre: Centre, tmp_path: Path) -> None:
    taken_in(handler_of(centre), centre)
    done = json.loads(centre.run("pull", "--to", tmp_path, "--only", "match", "--json").stdout)
    assert (done["stored"], [Path(file).name for file in done["files"]]) == (0, ["match.csv"])
    done = json.loads(centre.run("pull", "--to", tmp_path, "--only", "participant", "--json").stdout)
    assert (done["stored"], done["isFromStart"]) == (1, True)
    again = json.loads(centre.run("pull", "--to", tmp_path, "--only", "participant", "--json").stdout)
    assert again["changes"] == 0
    anew = json.loads(centre.run("pull", "--to", tmp_path, "--only", "participant", "--from-start", "--json").stdout)
    assert (anew["stored"], anew["isFromStart"]) == (1, True)
    centre.run("pull", "--to", tmp_path, "--only", "people", code=2)


def test_a_login_that_may_read_nothing_is_told_of_nothing(
    world: World, address: str, tmp_path: Path, centre: Centre
) -> None:
    taken_in(handler_of(centre), centre)
    narrow = Centre.of(world, address, tmp_path / "narrow", centre.partner, ["change:read", "me:read"])
    done = json.loads(narrow.run("pull", "--to", tmp_path / "ut", "--json").stdout)
    assert done["stored"] == 0
    assert rows(tmp_path / "ut" / "participant.csv") == []


def test_files_are_for_their_owner_only_and_a_strange_ending_is_refused(centre: Centre, tmp_path: Path) -> None:
    taken_in(handler_of(centre), centre)
    centre.run("pull", "--to", tmp_path / "ut.sqlite")
    assert (tmp_path / "ut.sqlite").stat().st_mode & 0o077 == 0
    state = centre.config.parent / "state"
    assert all(file.stat().st_mode & 0o077 == 0 for file in (state, *state.iterdir()))
    assert "ut.ods" in centre.run("pull", "--to", tmp_path / "ut.ods", code=3).output


def test_two_runs_at_once_are_refused(centre: Centre, tmp_path: Path) -> None:
    with Mirror.open(settings.read(centre.config)):
        centre.run("pull", "--to", tmp_path, code=4)
    centre.run("pull", "--to", tmp_path)
