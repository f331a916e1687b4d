"""Is every operation guarded once, by the permission that was decided for it, and can nothing else make a scope?"""

import ast
import csv
from pathlib import Path

import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from app import main
from app.domain.grants import GRANTS
from app.domain.roles import Permission, Role
from app.features.access.policy import assert_every_route_has_a_policy, policies
from app.settings import Settings
from tests.contracts.document import ROOT, all_operations, document

OPERATIONS = 367
GOLDEN = Path(__file__).with_name("permissions.csv")
HEADER = ["method", "path", "permission"]
GUARDS = "app/features/access/guards.py"
READ_AND_WRITE = {("DELETE", "/me/sessions/{sessionId}"): "everyone may end their own logins"}
"""Operations that write under a `:read` permission, each with its reason."""
UNUSED: dict[Permission, str] = {}
"""Permissions that no operation asks for, each with its reason."""


def walked() -> dict[tuple[str, str], str]:
    """(METHOD, path) → permission, from the routes themselves."""
    found = {}
    api = main.create_api(None, Settings())
    for context in iter_route_contexts(api.routes):
        route = context.original_route
        if isinstance(route, APIRoute):
            (policy,) = policies(route.dependant)
            methods = sorted(context.methods or [])
            assert len(methods) == 1
            found[methods[0], str(context.path)] = policy.permission.value if policy.permission else "public"
    return found


def documented() -> dict[tuple[str, str], str]:
    """(METHOD, path) → permission, as the document publishes it."""
    found = {}
    for path, method, operation in all_operations():
        found[method, path] = operation.get("x-permission", "public")
    return found


def decided() -> dict[tuple[str, str], str]:
    """(METHOD, path) → permission, as it was decided and committed."""
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == HEADER
    assert rows == sorted(rows, key=lambda row: (row[1], row[0])), "sorted by path, then method"
    return {(method, path): permission for method, path, permission in rows}


def test_every_walk_meets_the_same_operations() -> None:
    assert len(walked()) == assert_every_route_has_a_policy(main.create_api(None, Settings())) == OPERATIONS
    assert documented().keys() == walked().keys()


def test_the_document_publishes_what_the_guards_ask() -> None:
    assert documented() == walked()


def test_what_a_service_account_may_ask_for_is_a_scope_of_its_tokens() -> None:
    listed = document()["components"]["securitySchemes"]["serviceAccount"]["flows"]["clientCredentials"]["scopes"]
    assert 10 < len(listed) < len(Permission)
    for path, method, operation in all_operations():
        permission = operation.get("x-permission")
        ways: list[dict[str, list[str]]] = [] if permission is None else [{"HTTPBearer": []}]
        if permission is not None and Role.SERVICE in GRANTS[Permission(permission)].roles:
            ways.append({"serviceAccount": [permission]})
            assert permission in listed
        assert operation["security"] == ways, f"{method} {path}"


def test_permissions_are_the_decided_ones() -> None:
    is_now, was_decided = set(walked().items()), set(decided().items())
    missing = sorted(f"{method},{path},{permission}" for (method, path), permission in is_now - was_decided)
    gone = sorted(f"{method},{path},{permission}" for (method, path), permission in was_decided - is_now)
    assert (missing, gone) == ([], []), f"decide, then mend {GOLDEN.name}: add the first list, take out the second"


def test_reading_permissions_write_nothing() -> None:
    writes = {
        operation
        for operation, permission in walked().items()
        if operation[0] not in {"GET", "HEAD"} and permission.endswith(":read")
    }
    assert writes == set(READ_AND_WRITE)


def test_writing_permissions_are_not_spent_on_reading() -> None:
    reads = {(method, path): permission for (method, path), permission in walked().items() if method == "GET"}
    public = {("GET", "/api-info"), *((method, path) for method, path in reads if path.startswith("/catalogue/"))}
    assert {path for path, permission in reads.items() if not permission.endswith(":read")} == public


def test_every_permission_is_used() -> None:
    unused = set(Permission) - {Permission(one) for one in walked().values() if one != "public"}
    assert unused == set(UNUSED)


def test_every_permission_is_granted_to_somebody_by_some_way() -> None:
    assert set(GRANTS) == set(Permission)
    for permission, grant in GRANTS.items():
        ways = [
            grant.duties,
            grant.founder,
            grant.owner,
            grant.holder,
            grant.person,
            grant.author,
            grant.party,
            grant.ally,
            grant.anyone,
        ]
        assert grant.roles, permission
        assert any(ways), permission


def scopes_made(source: str) -> list[int]:
    """The lines where a Scope is constructed, or copied with another permission or actor."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = node.func.value if isinstance(node.func, ast.Subscript) else node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            given = {keyword.arg for keyword in node.keywords}
            if name == "Scope" or (name == "replace" and given & {"permission", "actor"}):
                found.append(node.lineno)
    return found


def test_only_guards_make_scopes() -> None:
    sources = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in (ROOT / "app").rglob("*.py")}
    makers = {name for name, source in sources.items() if scopes_made(source)}
    assert makers == {GUARDS}


@pytest.mark.parametrize("offence", ["Scope(1)", "Scope[Any](1)", "scope.Scope(1)", "replace(s, permission=1)"])
def test_a_forged_scope_would_be_noticed(offence: str) -> None:
    assert scopes_made(f"def f():\n    return {offence}") == [2]
