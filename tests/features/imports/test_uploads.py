"""Which files come in, and from whom? Bounded, read only after the sender was admitted, and kept whole or not at all."""

import zipfile
from collections.abc import AsyncIterator, Iterator
from io import BytesIO
from typing import Any

import pytest
from sqlmodel import Session, func, select

from app.domain.roles import Role
from app.features.imports.tables import ImportChunk
from tests.features.imports.scene import HEADER, TYPES, Sender, counted, person, table, workbook
from tests.world import World

MOST = 300_000
ROWS, COLUMNS = 20, 12


@pytest.fixture(scope="module")
def small(database_url: str) -> Iterator[World]:
    limits: dict[str, Any] = {"max_import_bytes": MOST, "max_import_rows": ROWS, "max_import_columns": COLUMNS}
    with World.open(database_url, max_import_unpacked_bytes=200_000, **limits) as opened:
        yield opened


@pytest.fixture
def sender(small: World) -> Sender:
    return Sender(small)


def refused(response: Any, status: int, code: str) -> None:
    assert (response.status_code, response.json()["code"]) == (status, code), response.text


def chunks(sender: Sender) -> int:
    with Session(sender.world.engine) as session:
        return session.exec(select(func.count()).where(ImportChunk.partner_id == sender.id)).one()


async def pieces(size: int, of: int = 4096) -> AsyncIterator[bytes]:
    for _ in range(size // of):
        yield b"x" * of


def test_a_file_that_is_too_large_is_refused_however_it_comes(sender: Sender) -> None:
    path = sender.announce()
    refused(sender.put(path, b"x" * (MOST + 1)), 413, "request.too_large")
    refused(sender.put(path, pieces(10 * MOST)), 413, "request.too_large")
    refused(sender.put(path, b"x", **{"Content-Length": str(2**30)}), 413, "request.too_large")
    assert chunks(sender) == 0
    assert sender.client.get(path).json()["status"] == "awaitingFile"
    assert sender.put(path, table([person(1)]) + b" " * (MOST - 1000)).status_code == 202, (
        "other bodies may be 1 MiB at most"
    )


def test_only_what_a_file_can_be(sender: Sender) -> None:
    path = sender.announce()
    for media in ("text/plain", "multipart/form-data", ""):
        headers = {"Content-Type": media}
        refused(
            sender.client.call("PUT", path + "/file", content=b"x", headers=headers),
            415,
            "request.media_type_unsupported",
        )
    refused(sender.put(path, b"x", **{"Content-Encoding": "gzip"}), 415, "request.media_type_unsupported")
    refused(sender.put(path, b""), 422, "import.file_missing")
    refused(sender.put(path, b"{", "json"), 400, "request.malformed_json")
    refused(sender.put(path, b'{"rows": 1}', "json"), 422, "import.rows_malformed")
    refused(sender.put(path, b'{"rows": [1]}', "json"), 422, "import.rows_malformed")
    refused(sender.put(path, b" " * 2**21, "json"), 413, "request.too_large")
    refused(sender.put(sender.announce(format="xlsx"), b"a;b"), 422, "import.format_differs")
    assert (
        sender.client.call("POST", path + "/file", content=b"x", headers={"Content-Type": TYPES["csv"]}).status_code
        == 415
    )


def test_the_same_file_again_changes_nothing(sender: Sender) -> None:
    path, content = sender.announce(), table([person(1)])
    first, second = sender.put(path, content), sender.put(path, content)
    assert (first.status_code, second.status_code, second.json()) == (202, 202, first.json())
    refused(sender.put(path, content + b"\n"), 409, "import.transition_not_allowed")
    assert sender.work(path)["status"] == "completed"
    assert sender.put(path, content).json()["status"] == "completed"


def test_nobody_else_sends_it(sender: Sender, small: World) -> None:
    path = sender.announce()
    headers = {"Content-Type": TYPES["csv"]}
    assert small.anonymous.call("PUT", path + "/file", content=pieces(10 * MOST), headers=headers).status_code == 401
    assert Sender(small).put(path, pieces(10 * MOST)).status_code == 404, "before a byte of it is read"
    colleague = small.client(Role.COORDINATOR, sender.id)
    assert colleague.call("PUT", path + "/file", content=b"x", headers=headers).status_code == 403
    for mine in ("", "/rows", "/result"):
        assert Sender(small).client.get(path + mine).status_code == 404
        assert colleague.get(path + mine).status_code == 403
    assert small.client(Role.CASE_HANDLER, sender.id).get(path).status_code == 200


def bomb() -> bytes:
    """A workbook of a few kilobytes that unpacks to a hundred megabytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 150_000)
    return out.getvalue()


def crowded() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(1001):
            archive.writestr(str(number), b"")
    return out.getvalue()


def large() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/sharedStrings.xml", b"abc" * 70_000)
    return out.getvalue()


WIDE = ["Externt id", *[f"k{number}" for number in range(COLUMNS)]]
FILES: dict[str, tuple[bytes, str, str, int | None]] = {
    "zip bomb": (bomb(), "xlsx", "import.archive_too_large", None),
    "too large unpacked": (large(), "xlsx", "import.archive_too_large", None),
    "a thousand parts": (crowded(), "xlsx", "import.archive_too_large", None),
    "a zip that is no workbook": (BytesIO(b"PK\x03\x04 and nothing").getvalue(), "xlsx", "import.file_malformed", None),
    "no workbook": (b"a;b\n1;2\n", "xlsx", "import.format_differs", None),
    "a workbook as CSV": (workbook([person(1)]), "csv", "import.format_differs", None),
    "too many columns": (table([], header=WIDE), "csv", "import.too_many_columns", 1),
    "a wide workbook": (workbook([], header=WIDE), "xlsx", "import.too_many_columns", 1),
    "wide objects": (("{" + ",".join(f'"k{n}": 1' for n in range(13)) + "}").encode(), "ndjson", "import.too_many_columns", 1),
    "a hundred thousand columns": (b"a;" * 100_000, "csv", "import.row_too_long", 1),
    "too many rows": (table([person(n) for n in range(ROWS + 1)]), "csv", "import.too_many_rows", ROWS + 2),
    "too many rows in a workbook": (workbook([person(n) for n in range(ROWS + 1)]), "xlsx", "import.too_many_rows", ROWS + 2),
    "UTF-16 without a mark": (table([person(1)]).decode().encode("utf-16-le"), "csv", "import.encoding_unknown", None),
    "no known encoding": (b"externt id;f\xf6rnamn\n\x81;\x8d\n", "csv", "import.encoding_unknown", None),
    "a quote without end": (table([person(1)]) + b'"m-2;' + b"x" * 50, "csv", "import.file_malformed", 3),
    "nothing in it": (b"\n\n", "csv", "import.header_missing", None),
    "a header only": (table([]), "csv", "import.header_missing", None),
    "no external id": (table([["1"]], header=["Förnamn"]), "csv", "import.column_missing", None),
    "one field twice": (table([["1", "2"]], header=["Externt id", "kundnummer"]), "csv", "import.column_twice", None),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_read_fails_with_its_reason(sender: Sender, name: str) -> None:
    content, form, code, line = FILES[name]
    done = sender.send(content, form)
    assert (done["status"], done["problem"]) == ("failed", {"code": code, "line": line})
    assert (sum(counted(done)), sender.rows(done), chunks(sender)) == (0, [], 0)


def test_what_is_no_header_is_not_repeated(sender: Sender) -> None:
    done = sender.send(table([person(1)], header=["Externt id", *HEADER[1:6], "811228-9874", "Tider"]))
    assert done["status"] == "completed"
    assert "9874" not in str(done)


def test_a_cell_of_the_longest_length_and_blank_rows(sender: Sender) -> None:
    long = person(2, Förnamn="x" * 10_000)
    done = sender.send(table([["", *[" "] * 7], person(1), [""] * 8, long]))
    assert counted(done) == (1, 0, 0, 1, 0)
    assert [(one["line"], one["problemCode"]) for one in sender.rows(done)] == [(3, None), (5, "field.too_long")]


def test_rows_of_objects(sender: Sender) -> None:
    lines = [
        b'{"externalId": 17, "givenName": "P", "familyName": "P", "bornOn": "1980-05-17", "gender": "kvinna", "x": 1}',
        b"[1]", b"{", b'{"externalId": "18", "kundnummer": "19"}', b'{"givenName": "P"}', b"",
        b'{"externalId": "20", "givenName": "' + b"x" * 10_001 + b'"}',
    ]  # fmt: skip
    done = sender.send(b"\n".join(lines), "ndjson")
    assert counted(done) == (1, 0, 0, 5, 0)
    assert [one["problemCode"] for one in sender.rows(done, "refused")] == [
        "import.row_malformed", "import.row_malformed", "import.column_twice", "field.missing", "import.cell_too_long",
    ]  # fmt: skip
    assert sender.person("17").status_code == 200
    assert {one["header"]: one["field"] for one in done["columns"]}["x"] is None


def test_the_result_as_csv_computes_nothing(sender: Sender) -> None:
    done = sender.send(table([person(1), person(2, Kön="=1+1"), ["=cmd|' /C calc'!A0", *person(3)[1:]]]))
    assert counted(done) == (1, 0, 0, 2, 0)
    path = f"/imports/{done['id']}/result"
    read = sender.client.get(path, headers={"Accept": "text/csv"})
    assert (read.headers["content-type"], read.content[:3]) == ("text/csv; charset=utf-8", b"\xef\xbb\xbf")
    lines = read.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "rad;externt id;utfall;deltagare;kod;fält;meddelande;ändrade fält;möjliga dubbletter"
    assert [line.split(";")[:3] for line in lines[1:]] == [
        ["2", "m-1", "created"],
        ["3", "m-2", "refused"],
        ["4", "", "refused"],
    ]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for line in lines for cell in line.split(";"))
    told = sender.client.get(path).json()
    assert [one["outcome"] for one in told["items"]] == ["created", "refused", "refused"]
