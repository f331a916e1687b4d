"""Is text cleaned, measured and refused as promised, without ever being repeated?"""

import unicodedata
from collections.abc import Callable
from typing import Annotated, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from sqlmodel import Field, SQLModel

from app.kit import text as kit
from app.kit.text import Code, Email, Name, OrganizationNumber, Text, looks_like_personnummer

_NAME: TypeAdapter[str] = TypeAdapter(Name)
_TEXT: TypeAdapter[str] = TypeAdapter(Text)
_CODE: TypeAdapter[str] = TypeAdapter(Code)
_ORGANIZATION: TypeAdapter[str] = TypeAdapter(OrganizationNumber)
_EMAIL: TypeAdapter[str] = TypeAdapter(Email)

_CLEANERS = [kit.clean_text, kit.clean_name, kit.clean_code, kit.clean_email, kit.clean_organization_number]


def _luhn(digits: str) -> str:
    """The check digit by the table in SS 614331, written differently from the code under test."""
    table = {"0": 0, "1": 2, "2": 4, "3": 6, "4": 8, "5": 1, "6": 3, "7": 5, "8": 7, "9": 9}
    total = sum(table[d] for d in digits[0::2]) + sum(map(int, digits[1::2]))
    return str((10 - total % 10) % 10)


@given(st.text())
def test_clean_text_is_nfc_and_idempotent_or_refused(value: str) -> None:
    refused = any(
        (unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t")
        or unicodedata.bidirectional(c) in {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
        for c in value
    )
    if refused:
        with pytest.raises(ValueError, match="control characters"):
            kit.clean_text(value)
    else:
        assert kit.clean_text(value) == unicodedata.normalize("NFC", value)
        assert kit.clean_text(kit.clean_text(value)) == kit.clean_text(value)


@pytest.mark.parametrize(
    "hostile", ["\0", "\x01", "\r", "\x1b", "\x7f", "\x85", "\x9f", "\ud800", "\u202e", "\u2066", "\u2069"]
)
@pytest.mark.parametrize("clean", [kit.clean_text, kit.clean_name])
def test_hostile_characters_are_refused_anywhere(clean: Callable[[str], str], hostile: str) -> None:
    for value in (hostile, f"{hostile}Åsa", f"Å{hostile}sa", f"Åsa{hostile}"):
        with pytest.raises(ValueError, match="control characters"):
            clean(value)


def test_text_keeps_lines_tabs_emoji_and_direction_marks() -> None:
    value = "Första raden\n\tandra raden 👩‍🏫\u200f"
    assert kit.clean_text(value) == value


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", "empty"),
        ("\u200b", "empty"),
        ("\u200b\u2060", "empty"),
        (" Åsa", "blank"),
        ("Åsa\u00a0", "blank"),
        ("   ", "blank"),
        ("Åsa\nÖberg", "single line"),
        ("Åsa\tÖberg", "single line"),
        ("Åsa\u2028Öberg", "single line"),
    ],
)
def test_names_that_are_refused(value: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        kit.clean_name(value)


@pytest.mark.parametrize("value", ["Åsa Öberg-Lindström", "سارة", "José O’Neil", "李"])
def test_names_of_all_kinds_are_kept(value: str) -> None:
    assert _NAME.validate_python(unicodedata.normalize("NFD", value)) == unicodedata.normalize("NFC", value)


_REFUSALS = {
    "must not contain control characters",
    "must be a single line",
    "must not begin or end with a blank",
    "must not be empty",
    "must consist of ASCII letters, digits and _ . : -",
    "must be an e-mail address",
    "must be a Swedish organisation number, NNNNNN-NNNN",
}


@given(st.text(max_size=80).map(lambda value: value + "\0"), st.sampled_from(_CLEANERS))
def test_a_refusal_never_repeats_the_value(value: str, clean: Callable[[str], str]) -> None:
    with pytest.raises(ValueError, match=r"^must ") as refusal:
        clean(value)
    assert str(refusal.value) in _REFUSALS
    assert refusal.value.__context__ is None


def test_lengths_are_measured_after_cleaning() -> None:
    short: TypeAdapter[str] = TypeAdapter(Annotated[str, kit.name(3)])
    assert short.validate_python("a\u030a" * 3) == "ååå"
    with pytest.raises(ValidationError, match="at most 3"):
        short.validate_python("åååå")


@pytest.mark.parametrize(
    ("adapter", "longest"), [(_NAME, "x" * 120), (_TEXT, "x" * 4000), (_CODE, "x" * 64)], ids=["name", "text", "code"]
)
def test_limits_hold_at_n_and_n_plus_one(adapter: TypeAdapter[str], longest: str) -> None:
    assert adapter.validate_python(longest) == longest
    with pytest.raises(ValidationError, match="at most"):
        adapter.validate_python(longest + "x")


def test_text_may_be_empty_unless_told_otherwise() -> None:
    assert _TEXT.validate_python("") == ""
    with pytest.raises(ValidationError, match="at least 1"):
        TypeAdapter(Annotated[str, kit.text(10, min_length=1)]).validate_python("")


def test_the_schema_publishes_the_limits() -> None:
    assert _NAME.json_schema() == {"type": "string", "minLength": 1, "maxLength": 120, "pattern": r"^\S(?:.*\S)?$"}
    assert _TEXT.json_schema() == {"type": "string", "maxLength": 4000}
    assert _CODE.json_schema()["pattern"] == "^[A-Za-z0-9_][A-Za-z0-9_.:-]*$"
    assert _EMAIL.json_schema()["format"] == "email"
    assert _ORGANIZATION.json_schema()["pattern"] == "^[0-9]{6}-?[0-9]{4}$"


def test_a_column_gets_the_same_length() -> None:
    class Kept(SQLModel, table=True):
        id: int | None = Field(default=None, primary_key=True)
        title: Annotated[str, kit.name(17)]

    column: Any = SQLModel.metadata.tables["kept"].c.title
    SQLModel.metadata.remove(SQLModel.metadata.tables["kept"])
    assert column.type.length == 17


@pytest.mark.parametrize("value", ["Fghp_zje_WA8", "2341", "sv", "esf:3.1", "_x"])
def test_codes_are_kept(value: str) -> None:
    assert _CODE.validate_python(value) == value


@pytest.mark.parametrize("value", ["", "-x", ".x", "å", "a b", "a\n", "a/b", "٣"])
def test_codes_that_are_refused(value: str) -> None:
    with pytest.raises(ValidationError):
        _CODE.validate_python(value)


@pytest.mark.parametrize("value", ["212000-0167", "2120000167"])
def test_organization_numbers_are_kept_in_one_form(value: str) -> None:
    assert _ORGANIZATION.validate_python(value) == "212000-0167"


@pytest.mark.parametrize(
    "value",
    [
        "212000-0168",
        "212000 0167",
        "16212000-0167",
        "212000-0167\n",
        " 212000-0167",
        "２１２０００-0167",
        "212000-167",
        "",
        "811228-9874",
    ],
)
def test_organization_numbers_that_are_refused(value: str) -> None:
    with pytest.raises(ValidationError):
        _ORGANIZATION.validate_python(value)


@given(st.integers(0, 99), st.integers(20, 99), st.integers(0, 99_999))
def test_exactly_one_check_digit_makes_an_organization_number(group: int, kind: int, serial: int) -> None:
    stem = f"{group:02}{kind:02}{serial:05}"
    accepted = []
    for digit in "0123456789":
        try:
            accepted.append(kit.clean_organization_number(stem + digit)[-1])
        except ValueError:
            continue
    assert accepted == [_luhn(stem)]


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("Asa.Oberg@Example.SE", "Asa.Oberg@example.se"),
        ("a+b@sub.example.org", "a+b@sub.example.org"),
        ("a@xn--rksmrgs-5wao1o.se", "a@xn--rksmrgs-5wao1o.se"),
        ("o'neil@example.co", "o'neil@example.co"),
        ("x" * 64 + "@example.se", "x" * 64 + "@example.se"),
    ],
)
def test_addresses_are_kept_with_a_lower_case_domain(value: str, kept: str) -> None:
    assert _EMAIL.validate_python(value) == kept


@pytest.mark.parametrize(
    "value",
    [
        "",
        "a",
        "a@",
        "@example.se",
        "a@b",
        "a@@example.se",
        "a@b@example.se",
        "a b@example.se",
        " a@example.se",
        "a@example.se\n",
        ".a@example.se",
        "a.@example.se",
        "a..b@example.se",
        "a@example..se",
        "a@.example.se",
        "a@example.se.",
        "a@-example.se",
        "a@example-.se",
        "a@exa_mple.se",
        "a@127.0.0.1",
        "a@[127.0.0.1]",
        "åsa@example.se",
        "a@räksmörgås.se",
        '"a b"@example.se',
        "a@example.se\r\nBcc: b@example.se",
        "x" * 65 + "@example.se",
    ],
)
def test_addresses_that_are_refused(value: str) -> None:
    with pytest.raises(ValidationError):
        _EMAIL.validate_python(value)


def test_an_address_has_at_most_254_characters() -> None:
    longest = "x" * 60 + "@" + ("y" * 60 + ".") * 3 + "example.se"
    longest = longest.replace("example", "e" * (254 - len(longest) + len("example")))
    assert len(longest) == 254
    assert _EMAIL.validate_python(longest) == longest
    with pytest.raises(ValidationError):
        _EMAIL.validate_python(longest.replace(".se", ".see"))


@given(
    st.integers(0, 99),
    st.integers(1, 12),
    st.integers(1, 31),
    st.sampled_from([0, 60]),
    st.integers(0, 999),
    st.sampled_from(["", "19", "20"]),
    st.sampled_from(["", "-", "+", " ", "\u2013", "\u2011", " - "]),
)
def test_every_personnummer_is_seen_whatever_stands_around_it(
    year: int, month: int, day: int, offset: int, serial: int, century: str, separator: str
) -> None:
    stem = f"{year:02}{month:02}{day + offset:02}{serial:03}"
    digit = _luhn(stem)
    number = f"{century}{stem[:6]}{separator}{stem[6:]}"
    assert looks_like_personnummer(number + digit)
    assert looks_like_personnummer(f"Ring Åsa, pnr{number}{digit}. Tack")
    assert not looks_like_personnummer(number + str((int(digit) + 1) % 10))


def test_digits_of_another_width_are_seen() -> None:
    assert looks_like_personnummer("８１１２２８-９８７４")


@pytest.mark.parametrize("unseen", ["\u00ad", "\u200b", "\u2060", "\ufeff"])
def test_what_nobody_sees_hides_none(unseen: str) -> None:
    assert looks_like_personnummer(f"198112{unseen}28{unseen}-{unseen}9874")


@given(st.integers(0, 99), st.integers(13, 99), st.integers(0, 99), st.integers(0, 9999))
def test_no_month_no_personnummer(year: int, month: int, day: int, serial: int) -> None:
    assert not looks_like_personnummer(f"{year:02}{month:02}{day:02}-{serial:04}")


@given(st.integers(0, 99), st.integers(1, 12), st.integers(0, 99), st.integers(0, 999))
def test_no_day_no_personnummer(year: int, month: int, day: int, serial: int) -> None:
    assume(day not in range(1, 32))
    assume(day not in range(61, 92))
    stem = f"{year:02}{month:02}{day:02}{serial:03}"
    assert not looks_like_personnummer(stem + _luhn(stem))


@pytest.mark.parametrize("value", ["", "212000-0167", "08-718 80 00", "18112289874", "8112289874000", "2027-03-01"])
def test_other_numbers_are_left_alone(value: str) -> None:
    assert not looks_like_personnummer(value)
