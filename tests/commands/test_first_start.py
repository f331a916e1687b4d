"""Does a newcomer get what the README promises: one command, a filled world, a tour to paste, and a clean end?"""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from app.kit import embedded
from tests.commands.pages import looked_at, pasted, served
from tests.commands.servers import ROOT, command, free_port, running
from tests.world import owner_engine


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("first start")


@pytest.fixture(scope="module")
def page_port() -> int:
    """Where the example frontend is served: the one origin that the server lets in."""
    return free_port()


@pytest.fixture(scope="module")
def port(folder: Path, page_port: int) -> Iterator[int]:
    """The port of a `mentorskap run` on an empty folder, running for the whole module."""
    chosen = free_port()
    with running("run", folder, chosen, {"MENTORSKAP_ALLOWED_ORIGINS": f'["http://127.0.0.1:{page_port}"]'}):
        yield chosen


def test_the_example_frontend_works_in_a_browser(port: int, page_port: int, tmp_path: Path) -> None:
    """Before the tour approves its pairs: then there are people to match."""
    api = f"http://127.0.0.1:{port}/mentorskap/v1"
    with served(ROOT / "docs" / "examples" / "frontend", page_port) as address:
        seen = looked_at(address, api, tmp_path)
    assert seen["faults"] == []
    assert seen["hosts"] == sorted([f"http://127.0.0.1:{port}", address]), "nobody else's server is asked"
    assert (seen["language"], seen["unlabelled"], seen["widthAt320"]) == ("sv", [], 320)
    assert seen["order"] == ["", "api", "email", "password"]
    assert seen["refusal"] == "E-post eller lösenord är fel, eller så är kontot låst."
    assert (seen["alert"], seen["passwordLeft"], seen["stored"]) == ("", "", [0, 0, ""])
    assert (seen["visible"], seen["visibleAfterLogout"], seen["leftAfterLogout"]) == (["who", "work"], ["login"], 0)
    assert ["Rekrytera adepter", "Nacka kommun (demo)", "Föreningen Påhittade Brobyggarna"] in seen["matrix"]
    assert len(seen["matrix"]) == 19
    assert seen["status"] == "12 par, 3 utan mentor. Bevisat bästa möjliga."
    assert [len(seen[one]) for one in ("pairs", "unmatched")] == [12, 3]
    assert all(reasons and reasons[0] for one in ("pairs", "unmatched") for reasons in seen[one])
    assert (seen["focusAfterLogin"], seen["focusAfterRun"]) == ("content", "pairs-heading")
    assert seen["renewals"] == [1, ""]
    assert seen["hostile"] == ['<img src="x" alt="">', 0], "a name that is markup is shown, not obeyed"
    assert (tmp_path / "result-narrow.png").stat().st_size > 1000


def test_the_quick_start_runs_as_pasted(port: int, tmp_path: Path) -> None:
    told = pasted("docs/guide/quickstart.md", port, tmp_path).stdout
    assert '"apiName":"mentorskap"' in told
    assert '"code":"auth.token_missing"' in told
    assert "Yrkesmentor Nacka (demo): 12 pairs, 3 without one\n" in told
    assert "Yrkesmentor Nacka (demo): 19 duties\n" in told


def test_the_tour_of_the_readme_runs_as_pasted(port: int, folder: Path) -> None:
    told = pasted("README.md", port, folder)
    assert '"isOptimal": true' in told.stdout
    assert '"people": 12' in told.stdout
    assert told.stdout.count('"menteeEnrolmentId"') == 2 + 3
    assert "acceptedByMentor\naccepted\n" in told.stdout
    assert "prepared\nactive\n" in told.stdout
    assert '"duty": "proposeMatches"' in told.stdout
    assert (folder / "intyg.pdf").read_bytes().startswith(b"%PDF")
    assert told.stdout.count('"partnerName"') == 2 + 1  # two readers of her data, and the holder of a duty
    assert '"status": "sent"' in told.stdout
    assert re.search(r"^endedToSelfSufficiency 1[0-9] ", told.stdout, re.MULTILINE)


def test_the_guide_of_cooperation_runs_as_pasted(port: int, folder: Path) -> None:
    told = pasted("docs/guide/cooperation.md", port, folder).stdout
    assert told.startswith("reply\n")
    assert '"kind": "decision"' in told
    assert '"digest": "onlyMentions"' in told
    assert '"answer": "coming"' in told
    assert "BEGIN:VEVENT" in told
    assert '"kind": "matchRunsToApprove"' in told


def test_the_documentation_asks_nothing_of_other_machines(port: int) -> None:
    base = f"http://127.0.0.1:{port}"
    page = httpx.get(f"{base}/docs")
    assert page.headers["content-security-policy"].startswith("default-src 'self'")
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert addresses
    for address in addresses:
        assert address.startswith("/docs/assets/"), address
        assert httpx.get(base + address).status_code == 200
    assert "url: '/docs/openapi.json'" in page.text
    assert httpx.get(f"{base}/docs/openapi.json").json()["servers"] == [{"url": "/mentorskap/v1"}]
    official = httpx.get(f"{base}/mentorskap/v1/openapi.json").json()
    assert official["servers"][0]["url"] == "https://mentorskap.example/mentorskap/v1"


def test_keys_are_published_without_their_secret(port: int) -> None:
    (key,) = httpx.get(f"http://127.0.0.1:{port}/.well-known/jwks.json").json()["keys"]
    assert (key["kty"], key["alg"], "d" in key) == ("EC", "ES256", False)


def test_a_taken_port_is_a_message(port: int, tmp_path: Path) -> None:
    second = command("run", tmp_path, port)
    said = second.communicate(timeout=60)[0]
    assert second.returncode == 1
    assert "Cannot listen on" in said
    assert "Traceback" not in said
    assert not (tmp_path / "postgresql").exists(), "nothing is started before the port is ours"


def test_ctrl_c_stops_the_database_too_and_the_next_start_keeps_the_data(tmp_path: Path) -> None:
    port = free_port()
    migrating = command("migrate", tmp_path, port)
    assert migrating.communicate(timeout=120)[0] == "The database is at the newest migration.\n"
    inviting = command("administrator", tmp_path, port, "ada@example.org")
    assert inviting.communicate(timeout=60)[0].startswith("miv_")
    with running("serve", tmp_path, port) as server:
        assert is_database_running(tmp_path)
        server.send_signal(signal.SIGINT)
        said = server.communicate(timeout=60)[0]
    assert server.returncode == 0, said
    assert not is_database_running(tmp_path)

    again = command("administrator", tmp_path, port, "ada@example.org")
    said = again.communicate(timeout=60)[0]
    assert (again.returncode, said[:4]) == (0, "miv_"), "who has not come yet is invited anew"
    with embedded.start(tmp_path / "postgresql") as database:
        engine = owner_engine(database.url)
        with engine.connect() as connection:
            held = connection.scalar(text("select count(*) from user_account where email = 'ada@example.org'"))
        engine.dispose()
    assert held == 1, "the same account as before"


def is_database_running(folder: Path) -> bool:
    """PostgreSQL's own mark of a running server; a clean stop removes it."""
    return (folder / "postgresql" / "data" / "postmaster.pid").exists()


def test_wrong_settings_are_named_without_their_values(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "app.cli", "serve"],
        cwd=ROOT,
        env={"MENTORSKAP_DATABASE_URL": "mysql://secret@host/db", "MENTORSKAP_SIGNING_KEYS_FILE": str(tmp_path / "k")},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert said.returncode == 1
    assert "MENTORSKAP_DATABASE_URL must begin with" in said.stderr
    assert "secret" not in said.stderr


def test_serve_refuses_a_database_that_is_not_migrated(tmp_path: Path) -> None:
    refused = command("serve", tmp_path, free_port())
    said = refused.communicate(timeout=60)[0]
    assert refused.returncode == 1
    assert "mentorskap migrate" in said
    assert "Traceback" not in said


def test_an_unusable_folder_is_a_message(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be", encoding="utf-8")
    refused = command("migrate", tmp_path / "taken", free_port())
    said = refused.communicate(timeout=60)[0]
    assert refused.returncode == 1
    assert said.startswith("mentorskap: The folder")
    assert "Traceback" not in said
