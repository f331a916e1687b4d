"""Do `make bench` and `make prove` keep the contract of their output, and say clearly what they cannot do?"""

import json
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench import __main__ as bench
from bench import discovery, prove

FIGURE = {"bench": "api", "case": "get", "figure": "share of bare", "value": 0.4, "goal": 0.35, "holds": True}


def module(**content: Any) -> Callable[[str, str], types.SimpleNamespace]:
    return lambda _package, _name: types.SimpleNamespace(**content)


def test_every_bench_and_campaign_keeps_its_form() -> None:
    for name in discovery.find_names(discovery.HERE):
        assert callable(discovery.load("bench", name).run)
    for name in discovery.find_names(discovery.HERE / "campaigns"):
        campaign = discovery.load("bench.campaigns", name)
        assert isinstance(campaign.PROMISE, str)
        assert callable(campaign.run)


def test_names_are_found_as_people_type_them(tmp_path: Path) -> None:
    for name in ("__main__", "prove", "discovery", "matching_large", "api"):
        (tmp_path / f"{name}.py").touch()
    assert discovery.find_names(tmp_path) == ["api", "matching-large"]


def test_unknown_name_lists_what_exists() -> None:
    with pytest.raises(SystemExit, match=r"no bench named speed\. There are: api, feed"):
        discovery.choose(["speed"], ["api", "feed"], "bench")
    with pytest.raises(SystemExit, match="no campaign yet"):
        discovery.choose([], [], "campaign")


def test_figures_are_one_object_per_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(bench, "load", module(run=lambda: [FIGURE, FIGURE]))
    bench.measure("api")
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [FIGURE, FIGURE]


def test_figure_without_its_goal_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "load", module(run=lambda: [{"bench": "api", "value": 1}]))
    with pytest.raises(SystemExit, match="the contract is"):
        bench.measure("api")


@pytest.fixture
def evidence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "evidence" / "prove.json"
    monkeypatch.setattr(prove, "EVIDENCE", path)
    monkeypatch.setattr(prove, "find_names", lambda _: ["kill-nine", "last-place"])
    monkeypatch.setattr(prove, "name_commit", lambda: "c0ffee")
    return path


def run(monkeypatch: pytest.MonkeyPatch, asked: list[str], *, holds: bool) -> list[str]:
    """Run the campaigns with a pretended outcome; give the names that really ran."""
    ran: list[str] = []

    def load(_package: str, name: str) -> types.SimpleNamespace:
        ran.append(name)
        return types.SimpleNamespace(PROMISE="nothing is lost", run=lambda: {"holds": holds, "counts": {"kills": 3}})

    monkeypatch.setattr(prove, "load", load)
    prove.main(asked)
    return ran


def test_evidence_is_written_and_not_repeated(evidence: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, ["kill-nine"], holds=True) == ["kill-nine"]
    assert run(monkeypatch, [], holds=True) == ["last-place"]
    assert run(monkeypatch, ["kill-nine"], holds=True) == ["kill-nine"]
    written = json.loads(evidence.read_text())
    assert written["commit"] == "c0ffee"
    assert [(p["promise"], p["holds"], p["counts"]) for p in written["promises"]] == [
        ("kill-nine", True, {"kills": 3}),
        ("last-place", True, {"kills": 3}),
    ]
    monkeypatch.setattr(prove, "name_commit", lambda: "c0ffee-dirty")
    assert run(monkeypatch, [], holds=True) == ["kill-nine", "last-place"]
    assert run(monkeypatch, [], holds=True) == ["kill-nine", "last-place"]


def test_broken_promise_fails_and_is_written(evidence: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit, match=r"do not hold: last-place\."):
        run(monkeypatch, ["last-place"], holds=False)
    assert json.loads(evidence.read_text())["promises"][0]["holds"] is False
