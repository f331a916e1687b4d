"""Does a list arrive once, whatever is cut off, and is each refused row named?"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.roles import Role
from app.settings import Settings
from app.sync.client import Api
from app.sync.failures import Unreachable
from app.worker import create_worker
from tests.sync.centre import Centre, serving
from tests.world import World

HEADINGS = "Nummer;Förnamn;Efternamn;Född;Kön;E-post\n"


@pytest.fixture(scope="module")
def address(world: World) -> Iterator[str]:
    worker = create_worker(
        world.runtime, Settings(database_url=world.url, signing_keys_file="unused", worker_id="sync"), world.url
    )
    worker.start()
    with serving(world.app) as served:
        yield served
    worker.stop()


@pytest.fixture
def centre(world: World, address: str, tmp_path: Path) -> Centre:
    return Centre.of(world, address, tmp_path / "centre", world.partner("Volontär i Påhitt"))


def written(folder: Path, *rows: str) -> Path:
    file = folder / "mentorer.csv"
    file.write_text(HEADINGS + "".join(f"{row}\n" for row in rows), encoding="cp1252")
    return file


def people(count: int) -> list[str]:
    return [f"V{n};Åsa;Påhittad {n};{n % 28 + 1}.2.1980;kvinna;v{n}@example.org" for n in range(count)]


def held(centre: Centre) -> list[dict[str, Any]]:
    by = centre.world.client(Role.CASE_HANDLER, centre.partner)
    found: list[dict[str, Any]] = by.get("/participants?limit=200").json()["items"]
    return found


def test_a_dry_run_tells_what_the_real_one_does_and_the_second_time_nothing_changes(
    centre: Centre, tmp_path: Path
) -> None:
    file = written(tmp_path, *people(3))
    tried = json.loads(centre.run("push", file, "--dry-run", "--json").stdout)
    assert (tried["import"]["counts"]["created"], held(centre)) == (3, [])
    done = json.loads(centre.run("push", file, "--json").stdout)
    assert done["import"]["counts"] == tried["import"]["counts"]
    assert {(one["givenName"], one["externalId"]) for one in held(centre)} == {("Åsa", f"V{n}") for n in range(3)}
    again = json.loads(centre.run("push", file, "--json").stdout)
    assert (again["import"]["counts"]["unchanged"], again["rows"]) == (3, [])


def test_a_changed_row_names_its_fields_and_never_their_values(centre: Centre, tmp_path: Path) -> None:
    centre.run("push", written(tmp_path, *people(2)))
    changed = people(2)[0].replace("v0@example.org", "ny@example.org")
    said = centre.run("push", written(tmp_path, changed, people(2)[1]), "--dry-run").output
    assert "V0" in said
    assert "email" in said
    assert "ny@example.org" not in said


def test_refused_rows_are_named_and_the_others_taken(centre: Centre, tmp_path: Path) -> None:
    file = written(tmp_path, *people(2), "V9;Åsa;Fel;31.2.1980;kvinna;v9@example.org")
    done = centre.run("push", file, code=1)
    assert "V9" in done.output
    assert "31.2.1980" not in done.output
    assert len(held(centre)) == 2


def test_whole_or_nothing(centre: Centre, tmp_path: Path) -> None:
    centre.run("push", written(tmp_path, *people(2), "V9;Åsa;Fel;31.2.1980;kvinna;x"), "--whole", code=1)
    assert held(centre) == []


@pytest.mark.parametrize("answered", range(4))
def test_a_push_that_is_cut_off_anywhere_is_taken_up_and_done_once(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answered: int
) -> None:
    whole, left = Api.send, answered

    def cut(self: Api, method: str, path: str, **request: Any) -> Any:
        nonlocal left
        response = whole(self, method, path, **request)
        if not left:
            raise Unreachable("the answer was lost")
        left -= 1
        return response

    file = written(tmp_path, *people(3))
    with monkeypatch.context() as patched:
        patched.setattr(Api, "send", cut)
        centre.run("push", file, code=4)
    done = json.loads(centre.run("push", file, "--json").stdout)
    assert done["import"]["status"] == "completed"
    assert done["import"]["counts"]["created"] == 3, "the same import, not one more"
    imports = centre.world.client(Role.CASE_HANDLER, centre.partner).get(f"/partners/{centre.partner}/imports").json()
    assert imports["meta"]["totalCount"] == 1


def test_an_unusual_heading_is_mapped(centre: Centre, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(HEADINGS.replace("Nummer", "Volontär = vem") + people(1)[0] + "\n", encoding="utf-8")
    centre.run("push", file, code=5)
    done = json.loads(centre.run("push", file, "--map", "Volontär = vem=externalId", "--json").stdout)
    assert done["import"]["counts"]["created"] == 1
    centre.run("push", file, "--map", "externalId", code=2)


def test_a_file_that_cannot_be_read_is_for_a_person(centre: Centre, tmp_path: Path) -> None:
    centre.run("push", tmp_path / "nothing.csv", code=3)
    (tmp_path / "list.pdf").write_bytes(b"%PDF")
    assert "list.pdf" in centre.run("push", tmp_path / "list.pdf", code=3).output
    (tmp_path / "no.csv").write_text("Färg;Smak\nblå;söt\n", encoding="utf-8")
    centre.run("push", tmp_path / "no.csv", code=5)
