"""Is every problem that can be raised documented in two languages, and every documented one real?"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from app import description, main
from app.domain import lifecycles
from app.domain.errors import catalogue
from app.domain.transitions import Lifecycle
from app.kit.problems import BY_STATUS, CONSTRAINT_CODES, VALIDATION_CODES
from tests.contracts.document import ROOT

CODE = re.compile(r"[a-z_]+\.[a-z_]+")
RAISING = {"RuleViolation": 0, "Problem": 0, "problem_response": 1}  # where the code stands among the arguments
HANDED_ON = {
    "app/kit/problems.py": "the handlers render what was raised",
    "app/kit/intake.py": "as the handlers",
    "app/domain/transitions.py": "<name>.transition_not_allowed, checked below",
    "app/domain/matching/reader.py": "the code of the document it reads, given as a constant",
    "app/domain/outcomes.py": "one of two constants",
    "app/features/matching/actions/policies.py": "the reader's refusal with a longer pointer",
}
"""Files that raise a code they were handed, each with its reason."""
UNRAISED: dict[str, str] = {}
"""Documented codes that nothing raises, each with its reason."""


def sources() -> Iterator[tuple[str, ast.AST]]:
    for path in sorted((ROOT / "app").rglob("*.py")):
        yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def said(argument: ast.expr) -> list[str] | None:
    """The codes an argument may be; None when it is not written there."""
    if isinstance(argument, ast.Constant):
        return [str(argument.value)]
    if isinstance(argument, ast.IfExp):
        one, other = said(argument.body), said(argument.orelse)
        return None if one is None or other is None else one + other
    return None


def raised(tree: ast.AST) -> Iterator[list[str] | None]:
    """What every raising call of a file says."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in RAISING and len(node.args) > RAISING[name]:
                yield said(node.args[RAISING[name]])


def transition_codes() -> set[str]:
    tables = [value for value in vars(lifecycles).values() if isinstance(value, Lifecycle)]
    assert len(tables) >= 7
    return {f"{table.name}.transition_not_allowed" for table in tables}


def mapped() -> set[str]:
    """Codes that tables of the kit lead to."""
    assert main.TABLES  # they fill CONSTRAINT_CODES when they are imported
    return {*CONSTRAINT_CODES.values(), *VALIDATION_CODES.values(), *BY_STATUS.values()}


def test_every_raised_code_is_documented() -> None:
    raising = {code for _, tree in sources() for codes in raised(tree) for code in codes or ()}
    assert len(raising) > 50
    assert sorted((raising | mapped() | transition_codes()) - catalogue().keys()) == []


def test_codes_are_handed_on_only_where_it_is_known() -> None:
    assert {name for name, tree in sources() if None in list(raised(tree))} == set(HANDED_ON)


def test_every_documented_code_is_raised() -> None:
    constants = {
        node.value
        for _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value)
    }
    unraised = catalogue().keys() - constants - mapped() - transition_codes()
    assert unraised == set(UNRAISED)


@pytest.mark.parametrize("code", catalogue())
def test_titles_are_short_sentences_in_two_languages(code: str) -> None:
    told = catalogue()[code]
    assert CODE.fullmatch(code)
    assert told.status in {400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428, 429, 500, 503}
    for title in (told.en, told.sv):
        assert re.fullmatch(r"[A-ZÅÄÖ][^\n|]{5,150}\.", title)
    assert told.en != told.sv
    assert not re.search(r"[åäöÅÄÖ]", told.en)
    assert not re.search(r"\b(?:the|and|is not|cannot)\b", told.sv)


def test_constraints_really_exist(database_url: str) -> None:
    assert main.TABLES
    engine = create_engine(database_url)
    with engine.connect() as connection:
        known = set(
            connection.scalars(text("select conname from pg_constraint union select indexname from pg_indexes"))
        )
    engine.dispose()
    assert sorted(CONSTRAINT_CODES.keys() - known) == []


def test_the_guide_lists_the_catalogue() -> None:
    page = Path(ROOT / "docs/guide/errors.md").read_text(encoding="utf-8")
    assert page == description.errors_page(), "run `make openapi`"
    for code, told in catalogue().items():
        assert f"| `{code}` | {told.status} | {told.en} | {told.sv} |" in page


@pytest.mark.parametrize(
    ("call", "codes"),
    [
        ('RuleViolation("a.b", x=1)', [["a.b"]]),
        ('problems.Problem("a.b" if x else "c.d")', [["a.b", "c.d"]]),
        ('problem_response(request, "a.b")', [["a.b"]]),
        ("Problem(code)", [None]),
        ('Problem(f"{name}.b")', [None]),
    ],
)
def test_raising_is_seen(call: str, codes: list[list[str] | None]) -> None:
    assert list(raised(ast.parse(call))) == codes
