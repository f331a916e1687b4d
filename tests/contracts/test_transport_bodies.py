"""Which bodies come in? Bounded, JSON in UTF-8, once, and storable; everything else is refused alike everywhere."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.domain.roles import Role
from app.features.partners.tables import Partner
from app.kit.intake import check_json
from app.kit.problems import Problem
from tests.contracts.test_transport import problem
from tests.world import Client, World

JSON = {"Content-Type": "application/json"}
GOOD = b'{"name": "P\xc3\xa5hittat", "sector": "business"}'
MOST = 4096


@pytest.fixture(scope="module")
def small(database_url: str) -> Iterator[World]:
    """An application that takes bodies of at most four kilobytes."""
    with World.open(database_url, max_body_bytes=MOST) as opened:
        yield opened


@pytest.fixture
def client(small: World) -> Client:
    return small.client(Role.SYSTEM_ADMINISTRATOR)


@pytest.fixture(autouse=True)
def nothing_is_stored(small: World) -> Iterator[None]:
    """A refused body leaves no row."""
    with small.runtime.database.engine.connect() as connection:
        before = connection.scalar(select(func.count()).select_from(Partner))
        yield
        connection.rollback()
        after = connection.scalar(select(func.count()).select_from(Partner))
    assert after == before


def send(client: Client, content: Any, path: str = "/partners", **headers: str) -> Any:
    return client.call("POST", path, content=content, headers={**JSON, **headers})


async def pieces(size: int, of: int = 512) -> AsyncIterator[bytes]:
    """A body without Content-Length."""
    for _ in range(size // of):
        yield b" " * of


def test_a_body_of_exactly_the_limit_is_read(client: Client) -> None:
    assert send(client, b" " * (MOST - 2) + b"{}").status_code == 422


@pytest.mark.parametrize("path", ["/partners", "/auth/sessions", "/nothing", "//root/oauth/token"])
def test_a_larger_body_is_413(client: Client, path: str) -> None:
    problem(send(client, b" " * (MOST + 1), path), 413, "request.too_large")
    problem(send(client, pieces(100 * MOST), path), 413, "request.too_large")


def test_a_declared_length_is_believed_at_once(client: Client) -> None:
    problem(send(client, b"", **{"Content-Length": str(10**9)}), 413, "request.too_large")


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": ""},
        {"Content-Type": "application/json; charset=iso-8859-1"},
        {"Content-Encoding": "gzip"},
        {"Content-Encoding": "br"},
    ],
)
def test_another_media_type_or_encoding_is_415(client: Client, headers: dict[str, str]) -> None:
    problem(send(client, GOOD, **headers), 415, "request.media_type_unsupported")


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_another_unicode_is_415(client: Client, charset: str) -> None:
    body = GOOD.decode().encode(charset)
    problem(send(client, body), 415, "request.media_type_unsupported")
    declared = {"Content-Type": f"application/json; charset={charset}"}
    problem(send(client, body, **declared), 415, "request.media_type_unsupported")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"{}{}",
        b"nothing",
        b'{"name": NaN}',
        b'{"name": Infinity}',
        b'{"name": -Infinity}',
        b'{"name": 1e999}',
        b'{"name": 9e9999}',
        b'{"name": "a", "name": "b"}',
        b'{"name": {"a": 1, "a": 1}}',
        b'{"name": ' + b"[" * 200 + b"]" * 200 + b"}",
        b"[" * 4000,
        b'{"name": "\xff"}',
        b'{"name": "\xc3"}',
        b'{"name": "\xed\xa0\x80"}',
        b'{"name": "\x00"}',
        b'{"name": "\n"}',
        b"\xef\xbb\xbf\xef\xbb\xbf{}",
    ],
    ids=lambda body: body[:24].decode("ascii", "backslashreplace"),
)
def test_what_is_not_json_is_400(client: Client, body: bytes) -> None:
    told = problem(send(client, body), 400, "request.malformed_json")
    assert told["errors"] == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b'{"name": "a\\u0000b", "sector": "business"}', "/name"),
        (b'{"name": "\\ud800", "sector": "business"}', "/name"),
        (b'{"name": ["x", {"a/b~c": "\\uDFFF"}]}', "/name/1/a~1b~0c"),
    ],
)
def test_what_no_row_can_hold_is_422_and_named(client: Client, body: bytes, pointer: str) -> None:
    told = problem(send(client, body), 422, "request.invalid")
    assert [(error["pointer"], error["code"]) for error in told["errors"]] == [(pointer, "field.invalid")]


@pytest.mark.parametrize("value", ['"\\u0000@example.org"', '"\\ud800@example.org"'])
def test_also_where_a_field_takes_any_text(client: Client, value: str) -> None:
    body = f'{{"email": {value}, "password": {value}}}'.encode()
    told = problem(send(client, body, "/auth/sessions"), 422, "request.invalid")
    assert [error["pointer"] for error in told["errors"]] == ["/email", "/password"]


def test_a_name_that_looks_escaped_is_only_a_name() -> None:
    check_json(b'{"name": "\\\\u0000 and \\ud83d\\ude00"}')


def test_a_missing_body_is_422(client: Client) -> None:
    problem(client.call("POST", "/partners", headers=JSON), 422, "request.invalid")
    problem(send(client, b"[]"), 422, "request.invalid")


def test_merge_patch_is_json_too(client: Client) -> None:
    merge = {"Content-Type": "application/merge-patch+json; charset=UTF-8"}
    problem(client.call("PATCH", "/partners/x", content=b"{}", headers=merge), 403, "access.role_not_permitted")


STORABLE = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | STORABLE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(STORABLE, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES, st.booleans())
def test_every_plain_value_is_taken(value: Any, escaped: bool) -> None:  # noqa: FBT001  drawn, not passed
    check_json(json.dumps(value, ensure_ascii=escaped).encode())


@given(st.binary(max_size=60) | st.text('[]{}:,"\\u0d8e+-. \0', max_size=60).map(str.encode))
def test_any_bytes_are_taken_or_refused_by_name(body: bytes) -> None:
    try:
        check_json(body)
    except Problem as refused:
        assert refused.code in {"request.malformed_json", "request.media_type_unsupported", "request.invalid"}  # noqa: PT017  taken is right too
