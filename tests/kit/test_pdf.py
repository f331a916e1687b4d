"""Is a page set as PDF/UA-1, the same bytes for the same facts, and is what people type never read as source?"""

import io
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pypdf
import pytest
import typst  # noqa: TID251  its error is expected here

from app.domain.certificates import Certificate, template
from app.domain.glossary import TrainingTopic
from app.kit.pdf import UnprintableError, typeset

AT = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
HOSTILE = [
    "#panic()",
    '#import "/etc/passwd"',
    "*x* _y_ `z`",
    "$ x $",
    '" \\ \\" \\u{41}',
    "= Rubrik",
    "<etikett> @etikett",
    "// borta",
    "/* borta",
    "[x](y) {z}",
    '#read("/etc/hosts")',
    "https://example.org",
    "~ -- --- ...",
    "Åsa-Märta Öberg",
]


def said(
    name: str = "Åsa Öberg", course: str = "Att vara mentor", language: str = "sv", topics: int = 3
) -> dict[str, Any]:
    return Certificate(
        id=UUID(int=7),
        name=name,
        course=course,
        topics=list(TrainingTopic)[:topics],
        minutes=150,
        completed_on=date(2026, 3, 2),
        program="Påhittat program",
        issuer="Påhittade föreningen",
    ).said_in(language)


def page_of(made: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(made))


def structure(node: Any) -> list[str]:
    """The structure types of the tree, in reading order."""
    node = node.get_object()
    if isinstance(node, pypdf.generic.ArrayObject):
        return [name for one in node for name in structure(one)]
    if not isinstance(node, pypdf.generic.DictionaryObject) or "/S" not in node:
        return []
    return [str(node["/S"]), *(structure(node["/K"]) if "/K" in node else [])]


@pytest.mark.parametrize(("language", "tag", "title"), [("sv", "sv-SE", "Intyg"), ("en", "en-GB", "Certificate")])
def test_it_is_marked_as_accessible(language: str, tag: str, title: str) -> None:
    reader = page_of(typeset(template(), said(language=language), AT))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == tag
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata
    assert reader.metadata.title == title
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    tags = structure(root["/StructTreeRoot"]["/K"])
    assert [name for name in tags if name in {"/Document", "/Title", "/H1", "/H2", "/L"}] == [
        "/Document",
        "/Title",
        "/H1",
        "/H2",
        "/L",
    ]
    assert tags.count("/LI") == 3


def test_every_font_is_embedded() -> None:
    reader = page_of(typeset(template(), said(), AT))
    fonts: Any = reader.pages[0]["/Resources"]["/Font"]  # type: ignore[index]  # a dictionary of the page
    descriptors = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for font in fonts.values()
    ]
    assert len(descriptors) >= 2
    assert all({"/FontFile2", "/FontFile3"} & descriptor.keys() for descriptor in descriptors)


def test_the_text_can_be_taken_out_in_reading_order() -> None:
    text = page_of(typeset(template(), said(), AT)).pages[0].extract_text()
    wanted = ["Intyg", "Åsa Öberg", "Att vara mentor", "2 timmar 30 minuter", "2 mars 2026", "Påhittat program"]
    wanted += ["Påhittade föreningen", "Programmets krav", "00000000-0000-0000-0000-000000000007"]
    places = [text.find(part) for part in wanted]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("typed", HOSTILE)
def test_what_people_type_is_shown_as_it_is(typed: str) -> None:
    reader = page_of(typeset(template(), said(name=typed, course=typed), AT))
    text = reader.pages[0].extract_text().replace("\n", " ").replace("  ", " ")
    assert text.count(typed) >= 2
    assert len(reader.pages) == 1
    assert "/Annots" not in reader.pages[0]


def test_the_longest_texts_stay_on_one_page() -> None:
    for name in ("Påhittad " * 17, "Å" * 160):
        made = typeset(template(), said(name=name.strip(), course="Kurs i mycket " * 14, topics=12), AT)
        assert len(page_of(made).pages) == 1


def test_the_same_facts_give_the_same_bytes() -> None:
    made = typeset(template(), said(), AT)
    assert made == typeset(template(), said(), AT)
    assert made != typeset(template(), said(name="Bo Öberg"), AT)
    assert page_of(made).metadata.creation_date == AT.replace(microsecond=0)  # type: ignore[union-attr]  # a PDF of ours has metadata


@pytest.mark.parametrize("name", ["王小明", "ተስፋይ", "Kim 😀"])
def test_letters_that_no_font_has_are_told(name: str) -> None:
    with pytest.raises(UnprintableError):
        typeset(template(), said(name=name), AT)


@pytest.mark.parametrize("name", ["Łukasz Żółć", "Nguyễn Ơn", "Владимир", "Ἀλέξανδρος", "محمد"])
def test_letters_of_many_names_are_printed(name: str) -> None:
    assert typeset(template(), said(name=name), AT).startswith(b"%PDF-")


def test_a_wrong_template_is_our_own_fault() -> None:
    with pytest.raises(typst.TypstError):
        typeset(b"#nonsense()", {}, AT)
