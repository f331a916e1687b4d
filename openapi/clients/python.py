"""How is the Python client made and checked? One function per operation, and mypy in its strictest mode."""

import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openapi.clients.toolbox import BUILD, ToolFailed, python_tools, say

PACKAGE = "mentorskap_client"
UNDERSTOOD = re.compile(r"[/+]json$|^multipart/form-data$|^application/x-www-form-urlencoded$")
TRIAL = Path(__file__).parent / "trial.py"


def generate(document: Path, folder: Path = BUILD / "python-client") -> Path:
    """Write the client and beside it a program that uses it; answers the package. Raises: ToolFailed on a warning."""
    python = python_tools()
    package = folder / PACKAGE
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    settings = folder / "settings.json"
    understood = understandable(json.loads(document.read_text(encoding="utf-8")))
    settings.write_text(json.dumps(configuration(understood)), encoding="utf-8")
    path = folder / document.name
    path.write_text(json.dumps(understood), encoding="utf-8")
    arguments = ["--path", str(path), "--config", str(settings), "--meta", "none"]
    program = [str(python), "-m", "openapi_python_client", "generate", *arguments, "--output-path", str(package)]
    said = say([*program, "--fail-on-warning"], folder)
    if re.search(r"warning|error", said, re.IGNORECASE):
        raise ToolFailed(said)
    (package / "py.typed").touch()
    shutil.copy(TRIAL, folder)
    return package


def understandable(document: dict[str, Any]) -> dict[str, Any]:
    """The document with files as bytes, each in the first of its forms: the generator would leave out the operation."""
    for body in _bodies(document):
        files = [media for media in body["content"] if not UNDERSTOOD.search(media)]
        for media in files[1:]:
            del body["content"][media]
        for media in files[:1]:
            body["content"][media]["schema"] = {"type": "string", "format": "binary"}
    return document


def configuration(document: dict[str, Any]) -> dict[str, Any]:
    """The generator's settings: no formatting, files, and another name for a class that is called like one of its fields.

    The generated code has a local name for both, which mypy rightly calls a mix of types.
    """
    overrides = {}
    for name, schema in document["components"]["schemas"].items():
        if _snake(name) in {_snake(field) for field in schema.get("properties", {})}:
            overrides[name] = {"class_name": f"{name}Model", "module_name": f"{_snake(name)}_model"}
    sent = {media for body in _bodies(document) for media in body["content"]}
    files = {media: "application/octet-stream" for media in sorted(sent) if not UNDERSTOOD.search(media)}
    return {"post_hooks": [], "class_overrides": overrides, "content_type_overrides": files}


def _bodies(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in document["paths"].values():
        yield from (operation["requestBody"] for operation in item.values() if "requestBody" in operation)


def check(package: Path) -> None:
    """Read the client and the program strictly. Raises: ToolFailed with what mypy says."""
    folder = package.parent
    arguments = [
        "--strict",
        "--python-executable",
        str(python_tools()),
        "--config-file",
        "",
        "--cache-dir",
        ".mypy_cache",
    ]
    say([sys.executable, "-m", "mypy", *arguments, PACKAGE, TRIAL.name], folder)


def operations(package: Path) -> set[str]:
    """The names of the operations that the client knows, as the generator spells them: snake_case."""
    modules = [path for path in package.glob("api/*/*.py") if path.name != "__init__.py"]
    return {path.stem for path in modules if "def sync_detailed" in path.read_text(encoding="utf-8")}


def spelt(operation_id: str) -> str:
    """An operation's id as the generator spells it."""
    return _snake(operation_id)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
