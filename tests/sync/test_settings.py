"""Does a wrong file of settings say what to mend, and never the secret?"""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.sync import settings
from app.sync.cli import app
from app.sync.failures import NotConfigured
from app.sync.words import LANGUAGE, language

GOOD = """\
server = "https://mentorskap.example/"
partner = "0199c0de-0000-7000-8000-000000000000"
client_id = "0199c0de-0000-7000-8000-000000000001"
client_secret_file = "secret.txt"
system = "register"
"""


def written(folder: Path, text: str, word: str = "hemligt\n", mode: int = 0o600) -> Path:
    (folder / "secret.txt").write_text(word, encoding="utf-8")
    (folder / "secret.txt").chmod(mode)
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    found = settings.read(written(tmp_path, GOOD + 'state = "x/y"\n'), {})
    assert (found.server, found.secret, found.state) == ("https://mentorskap.example", "hemligt", tmp_path / "x" / "y")
    assert settings.read(written(tmp_path, GOOD), {}).state == tmp_path / "state"


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD.replace('client_secret_file = "secret.txt"\n', ""))
    assert settings.read(file, {settings.SECRET: " annan "}).secret == "annan"
    with pytest.raises(NotConfigured, match=settings.SECRET):
        settings.read(file, {})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace("https://", "http://"), "server"),
        (GOOD.replace("mentorskap.example/", "mentorskap.example/path"), "server"),
        (GOOD.replace('"register"', '" "'), "system"),
        (GOOD.replace('"register"', "7"), "system"),
        (GOOD.replace("0199c0de-0000-7000-8000-000000000000", "nobody"), "partner"),
        (GOOD + 'sever = "x"\n', "sever"),
        (GOOD + "x", "config.toml"),
        (GOOD.replace("secret.txt", "nothing.txt"), "nothing.txt"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(NotConfigured) as wrong:
        settings.read(written(tmp_path, text), {})
    assert said in str(wrong.value)
    assert "hemligt" not in str(wrong.value)


def test_a_secret_that_is_empty_or_that_others_may_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured, match=r"secret\.txt"):
        settings.read(written(tmp_path, GOOD, word=" \n"), {})
    with pytest.raises(NotConfigured, match="chmod 600"):
        settings.read(written(tmp_path, GOOD, mode=0o640), {})


def test_init_writes_a_file_that_only_waits_for_the_values_and_replaces_none(tmp_path: Path) -> None:
    file = tmp_path / "new" / "config.toml"
    runner = CliRunner()
    assert runner.invoke(app, ["init", "--config", str(file)]).exit_code == 0
    assert file.read_text(encoding="utf-8") == settings.EXAMPLE
    assert file.stat().st_mode & 0o077 == 0
    assert runner.invoke(app, ["init", "--config", str(file)]).exit_code == 3
    missing = runner.invoke(app, ["check", "--json", "--config", str(tmp_path / "none.toml")])
    assert missing.exit_code == 3
    assert "init" in json.loads(missing.stdout)["error"]


@pytest.mark.parametrize(
    ("given", "spoken"),
    [
        ({"LANG": "sv_SE.UTF-8"}, "sv"),
        ({"LC_ALL": "en_GB", "LANG": "sv_SE"}, "en"),
        ({"MENTORSKAP_SYNC_LANGUAGE": "sv", "LC_ALL": "C"}, "sv"),
    ],
)
def test_the_language_is_the_systems(monkeypatch: pytest.MonkeyPatch, given: dict[str, str], spoken: str) -> None:
    for name in ("MENTORSKAP_SYNC_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    assert language() in {"sv", "en"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert language() == spoken
    assert LANGUAGE in {"sv", "en"}
