"""Does a page say everything as text, load nothing, and tell its tables apart?"""

from datetime import UTC, datetime

from app.kit.booklets import IN_PRINT, Chapter, Document, Table, as_page, as_print
from app.kit.charts import Twin, twins

ROWS = [["<b>", "a & b"], ["två", "tre"]]
DOCUMENT = Document(
    what="En <i>sort</i>",
    title="Rubrik",
    period="i år",
    standing="Läst.",
    method="Så.",
    heroes=[("<5", "färre")],
    chapters=[
        Chapter(
            "Text & tal", ["Ett <script>"], tables=[Table("Prosa", ["Ett", "Två"], ROWS, is_prose=True, widths=(3, 1))]
        ),
        Chapter("Siffror", tables=[Table("Tal", ["Ett", "Två"], ROWS)]),
    ],
)


def test_what_is_said_is_never_markup() -> None:
    page = as_page(DOCUMENT).decode()
    for raw in ("<i>", "<b>", "<script"):
        assert raw not in page
    for said in ("En &lt;i&gt;sort&lt;/i&gt;", "Ett &lt;script&gt;", "a &amp; b", "&lt;5", "Text &amp; tal"):
        assert said in page
    assert "<title>Mentorskap: Rubrik</title>" in page


def test_columns_of_prose_are_as_wide_as_in_print() -> None:
    page = as_page(DOCUMENT).decode()
    assert page.count("<colgroup>") == 1
    assert '<col style="width: 75.0%"><col style="width: 25.0%">' in page
    assert (page.count('class="prose"'), page.count('class="numbers"')) == (1, 1)


def test_it_prints() -> None:
    assert as_print(DOCUMENT, datetime(2026, 3, 2, tzinfo=UTC)).startswith(b"%PDF-")


def test_two_quantities_stand_beside_each_other_and_what_is_withheld_is_said() -> None:
    rows = [Twin("Ett", 10, "10 platser", 20, "20 väntar"), Twin("Två", 0, "0 platser", None, "visas inte")]
    drawing = twins("Luckor", "Ett: 10 och 20.", rows, IN_PRINT)
    assert drawing.svg.count("<rect") == 3
    assert "visas inte" in drawing.svg
    assert "<desc>Ett: 10 och 20.</desc>" in drawing.svg
    assert twins("Luckor", "Inga.", [], IN_PRINT).svg.count("<rect") == 0
