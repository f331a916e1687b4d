"""Are headers, days, numbers and lists understood as people write them, and is what is not understood left as it stands?"""

from datetime import date, datetime
from typing import Any

import pytest

from app.domain.errors import RuleViolation
from app.domain.import_cells import read_cell, read_object, row_reader
from app.domain.imports import CellForm, ImportKind, check_mapping, fields_of, naming_of, plain, read_columns

PEOPLE = fields_of(ImportKind.PARTICIPANTS)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Förnamn", "givenName"), ("fornamn", "givenName"), ("  FÖR-NAMN ", "givenName"), ("givenName", "givenName"),
        ("given_name", "givenName"), ("E-postadress", "email"), ("e post", "email"), ("Mejl", "email"),
        ("Födelsedatum", "bornOn"), ("född", "bornOn"), ("Kön", "gender"), ("Kommunkod", "municipalityCode"),
        ("Språk", "languages"), ("Externt ID", "externalId"), ("medlemsnummer", "externalId"), ("Telefon", "phone"),
        ("Skostorlek", None), ("", None),
    ],
)  # fmt: skip
def test_headers(header: str, field: str | None) -> None:
    found = naming_of(ImportKind.PARTICIPANTS, {}).field(header)
    assert (found.name if found else None) == field


def test_no_header_means_two_fields_of_a_kind() -> None:
    for kind in ImportKind:
        headers = [header for field in fields_of(kind).values() for header in field.headers]
        assert len(set(headers)) == len(headers), kind
        assert all(headers), kind


def test_what_is_mapped_on_purpose_comes_first() -> None:
    naming = naming_of(ImportKind.PARTICIPANTS, {"Kundnr": "externalId", "Kön": "district"})
    columns = read_columns(naming, ["kundnr", "Id", "kön", "Område", "x" * 100])
    assert [field.name if field else None for field in columns.fields] == ["externalId", None, "district", None, None]
    assert columns.unmapped == ["Id", "Område", "x" * 80]
    check_mapping(ImportKind.AVAILABILITY, {"Kundnr": "externalId"})
    with pytest.raises(RuleViolation) as refused:
        check_mapping(ImportKind.AVAILABILITY, {"Mejl": "email"})
    assert (refused.value.code, refused.value.pointer) == ("import.field_unknown", "/mapping")


@pytest.mark.parametrize(
    ("headers", "code"),
    [(["Förnamn"], "import.column_missing"), (["Id", "Förnamn", "first name"], "import.column_twice")],
)
def test_columns_that_cannot_be(headers: list[str], code: str) -> None:
    with pytest.raises(RuleViolation, match=code):
        read_columns(naming_of(ImportKind.PARTICIPANTS, {}), headers)


CELLS: list[tuple[str, Any, Any]] = [
    ("givenName", "  Åsa ", "Åsa"), ("givenName", "", None), ("givenName", None, None), ("externalId", 17.0, "17"),
    ("externalId", 17, "17"), ("givenName", True, "True"), ("givenName", 1.5, "1.5"),
    ("bornOn", "2026-11-28", "2026-11-28"), ("bornOn", "28/11/2026", "2026-11-28"), ("bornOn", "28.11.2026", "2026-11-28"),
    ("bornOn", "20261128", "2026-11-28"), ("bornOn", "8/1/1980", "1980-01-08"), ("bornOn", "1980-1-8", "1980-01-08"),
    ("bornOn", "1980-01-08 00:00:00", "1980-01-08"), ("bornOn", date(1980, 1, 8), "1980-01-08"),
    ("bornOn", datetime(1980, 1, 8, 12), "1980-01-08"), ("bornOn", 19800108, "1980-01-08"), ("bornOn", "i våras", "i våras"),  # noqa: DTZ001
    ("bornOn", "31/31/1980", "1980-31-31"),
    ("hasRemote", "Ja", True), ("hasRemote", "nej", False), ("hasRemote", "1", True), ("hasRemote", 0.0, False),
    ("hasRemote", True, True), ("hasRemote", "kanske", "kanske"),
    ("mentorCapacity", "2", 2), ("mentorCapacity", "2,0", 2), ("mentorCapacity", "2.00", 2), ("mentorCapacity", "2,5", "2,5"),
    ("mentorCapacity", "två", "två"), ("mentorCapacity", "-1", -1),
    ("municipalityCode", "182", "0182"), ("municipalityCode", 182, "0182"), ("municipalityCode", "Nacka", "Nacka"),
    ("gender", "Kvinna", "female"), ("gender", "k", "female"), ("gender", "uppges ej", "undisclosed"), ("gender", "x", "x"),
    ("languages", "sv:B2, so:modersmål", [{"code": "sv", "level": "B2"}, {"code": "so", "level": "native"}]),
    ("languages", "SV b1|ti (C1)", [{"code": "sv", "level": "B1"}, {"code": "ti", "level": "C1"}]),
    ("languages", "svenska", ["svenska"]),
    ("goals", "Hitta jobb; bygga nätverk,", ["findWork", "buildNetwork"]), ("goals", "findWork", ["findWork"]),
    ("acceptsAgeGroups", "25-39, 55+", ["from25To39", "from55"]),
    ("availability", "mån 17-20, ons. 9:00\u201312:00", [
        {"weekday": 1, "fromHour": 17, "untilHour": 20}, {"weekday": 3, "fromHour": 9, "untilHour": 12},
    ]),
    ("availability", "5 8-10", [{"weekday": 5, "fromHour": 8, "untilHour": 10}]),
    ("availability", "jul 8-10, ibland", ["jul 8-10", "ibland"]),
]  # fmt: skip


@pytest.mark.parametrize(("field", "cell", "value"), CELLS)
def test_cells(field: str, cell: Any, value: Any) -> None:
    assert read_cell(PEOPLE[field], cell) == value


def test_every_form_is_read() -> None:
    assert {field.form for kind in ImportKind for field in fields_of(kind).values()} == set(CellForm)


def test_rows_and_objects() -> None:
    naming = naming_of(ImportKind.AVAILABILITY, {})
    columns = read_columns(naming, ["Id", "Skostorlek", "Antal adepter", "Distans"])
    assert row_reader(columns)(["7", "43", "2", ""]) == {"externalId": "7", "mentorCapacity": 2}
    assert row_reader(columns)(["7"]) == {"externalId": "7"}
    told = {"Id": "7", "Skostorlek": 43, "mentorCapacity": None, "Tider": [{"weekday": 1}]}
    assert read_object(naming, told) == {"externalId": "7", "mentorCapacity": None, "availability": [{"weekday": 1}]}
    with pytest.raises(RuleViolation, match=r"import\.column_twice"):
        read_object(naming, {"Id": "7", "externalId": "8"})


def test_words_are_plain() -> None:
    assert plain(" E-Post (privat) ") == "epostprivat"
    assert plain("ÅÄÖ é") == "aaoe"
