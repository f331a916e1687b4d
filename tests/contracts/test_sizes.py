"""Does the house stay readable: small files, small functions, one question per module, the same names in every slice?"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILE_LIMIT = 400
FUNCTION_LIMIT = 40
SLICE_GRAMMAR = {"__init__", "tables", "schemas", "queries", "actions", "router", "jobs"}
MAY_BE_FOLDERS = {"schemas", "queries", "actions", "router"}
ACCESS_ALSO = {"guards", "policy", "records", "restriction", "row_policies", "rows", "scope", "shown", "visible"}


def sources(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if "versions" not in path.parts]  # migrations are written once, by a machine


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


ALL = sources("app", "bench", "migrations", "openapi", "tests")


def long_functions(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LIMIT:
                yield f"{node.name}: {length} lines"


def misnamed(folder: Path) -> list[str]:
    """What a slice's folder holds beside the slice grammar."""
    allowed = SLICE_GRAMMAR | (ACCESS_ALSO if folder.name == "access" else set())
    entries = [path for path in folder.iterdir() if path.name != "__pycache__"]
    return [path.name for path in entries if not is_grammatical(path, allowed)]


def is_grammatical(path: Path, allowed: set[str]) -> bool:
    if path.is_dir():
        return path.name in MAY_BE_FOLDERS
    return path.suffix == ".py" and path.stem in allowed


def test_there_is_something_to_look_at() -> None:
    assert len(ALL) > 20


@pytest.mark.parametrize("path", ALL, ids=name)
def test_file_is_short_and_says_its_question(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= FILE_LIMIT
    assert not source.strip() or ast.get_docstring(ast.parse(source)), "the first line says what question it answers"


@pytest.mark.parametrize("path", sources("app", "bench", "openapi"), ids=name)
def test_functions_are_short(path: Path) -> None:
    assert list(long_functions(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "folder", sorted(path.parent for path in (ROOT / "app/features").glob("*/__init__.py")), ids=name
)
def test_slice_speaks_the_grammar(folder: Path) -> None:
    assert misnamed(folder) == []


def test_offences_are_noticed(tmp_path: Path) -> None:
    body = "\n".join(f"    x = {n}" for n in range(FUNCTION_LIMIT))
    assert list(long_functions(f"def f():\n{body}")) == ["f: 41 lines"]
    for offence in ("service.py", "guards.py", "notes.txt"):
        (tmp_path / offence).touch()
    (tmp_path / "tables").mkdir()
    (tmp_path / "actions").mkdir()
    (tmp_path / "tables.py").touch()
    assert sorted(misnamed(tmp_path)) == ["guards.py", "notes.txt", "service.py", "tables"]
