"""Is the committed document enough for generated clients in TypeScript and Python, without a warning or a loss?"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from openapi.clients import __main__ as clients
from openapi.clients import python, toolbox, typescript
from tests.contracts.document import COMMITTED, all_operations


def test_both_clients_are_whole_and_pass_the_strictest_reading(capsys: pytest.CaptureFixture[str]) -> None:
    clients.make()
    counts = re.findall(r"^(\w+): (\d+) operations, no warning", capsys.readouterr().out, re.MULTILINE)
    assert counts == [("TypeScript", str(len(all_operations()))), ("Python", str(len(all_operations())))]


def test_a_client_that_lacks_an_operation_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for maker in (typescript, python):
        monkeypatch.setattr(maker, "generate", lambda _: toolbox.BUILD / "somewhere")
        monkeypatch.setattr(maker, "check", lambda _: None)
    monkeypatch.setattr(typescript, "operations", lambda _: {one["operationId"] for _, _, one in all_operations()})
    monkeypatch.setattr(python, "operations", lambda _: {"get_api_info"})
    with pytest.raises(SystemExit, match=r"Python: the client lacks .*createSession"):
        clients.make()


def test_a_program_that_does_not_fit_the_types_is_refused(tmp_path: Path) -> None:
    without = json.loads(COMMITTED.read_text(encoding="utf-8"))
    without["components"]["schemas"]["LoginRead"]["properties"].pop("accessToken")
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(without), encoding="utf-8")
    types = typescript.generate(document, tmp_path / "typescript")
    with pytest.raises(toolbox.ToolFailed, match=r"trial.ts.*'accessToken' does not exist"):
        typescript.check(types)


def test_a_class_that_is_called_like_its_field_gets_another_name() -> None:
    schemas: dict[str, Any] = {
        "Duty": {"properties": {"duty": {}}},
        "GapPage": {"properties": {"gap_page": {}}},
        "Me": {},
    }
    settings = python.configuration({"paths": {}, "components": {"schemas": schemas}})
    assert settings["class_overrides"] == {
        "Duty": {"class_name": "DutyModel", "module_name": "duty_model"},
        "GapPage": {"class_name": "GapPageModel", "module_name": "gap_page_model"},
    }


def test_files_are_sent_as_bytes_in_their_first_form() -> None:
    text = {"schema": {"type": "string"}}
    content: dict[str, Any] = {"text/csv": dict(text), "application/x-ndjson": dict(text), "application/json": {}}
    body = {"content": content}
    document: dict[str, Any] = {
        "paths": {"/x": {"put": {"requestBody": body}, "get": {}}},
        "components": {"schemas": {}},
    }
    understood = python.understandable(document)
    assert content == {"text/csv": {"schema": {"type": "string", "format": "binary"}}, "application/json": {}}
    assert python.configuration(understood)["content_type_overrides"] == {"text/csv": "application/octet-stream"}


def test_a_tool_that_fails_tells_why(tmp_path: Path) -> None:
    with pytest.raises(toolbox.ToolFailed, match="it went wrong"):
        toolbox.say([toolbox.node(), "-e", "console.error('it went wrong'); process.exit(3)"], tmp_path)
    assert toolbox.say([toolbox.node(), "-e", "console.log(1); process.exit(1)"], tmp_path, allowed=1) == "1\n"


@pytest.mark.parametrize("pins", sorted(toolbox.PINS.glob("*/package.json")), ids=lambda path: path.parent.name)
def test_packages_are_pinned_and_their_file_names_no_place(pins: Path) -> None:
    text = pins.read_text(encoding="utf-8")
    versions = json.loads(text)["dependencies"].values()
    assert versions
    assert [one for one in versions if not re.fullmatch(r"\d+\.\d+\.\d+", one)] == []
    assert "http" not in text
    assert not (pins.parent / "package-lock.json").exists()
