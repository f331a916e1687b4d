"""Can everybody read the report: on a page with headings and tables that say what they are, and in print as PDF/UA?"""

import io
from html.parser import HTMLParser
from typing import Any

import pytest
from pypdf import PdfReader

from app.domain.glossary import Category
from app.domain.outcomes import Occupation
from tests.features.reports.test_router import PERIOD, RECORD_DUTIES, Committee
from tests.world import World


class Outline(HTMLParser):
    """The elements in order, and what stands in some of them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts.setdefault(self.open[-1], []).append(data)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture(scope="module")
def committee(world: World) -> Committee:
    made = Committee(world)
    for number, category in enumerate((Category.YOUTH, Category.PROFESSIONAL_PEERS)):
        program = made.program(*RECORD_DUTIES, category=category, name=f"<b>Program</b> & {number}")
        made.fill(program, 12, 4, 7)
        made.exited(program, Occupation.MUNICIPAL_LABOUR_MARKET_JOB)
    return made


def given(committee: Committee, accept: str) -> Any:
    response = committee.service().get("/reports/tertial" + PERIOD, headers={"Accept": accept})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith(accept)
    return response


def test_the_page_says_what_it_is_to_those_who_do_not_see_it(committee: Committee) -> None:
    response = given(committee, "text/html")
    assert response.headers["content-language"] == "sv"
    page = Outline(response.text)
    assert page.all("html") == [{"lang": "sv"}]
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1
    assert page.texts["h2"][:3] == ["Från insats till egen försörjning", "Kategori för kategori", "Program för program"]
    heads = page.all("th")
    assert heads
    assert {head["scope"] for head in heads} == {"col", "row"}
    assert len(page.all("caption")) == len(page.all("table")) > 4
    drawings = page.all("svg")
    assert len(drawings) >= 4
    assert {one["role"] for one in drawings} == {"img"}
    assert len(page.all("desc")) == len(drawings)
    assert "48 personer var i insats under perioden. 24 avslutade, och av dem gick 14 vidare" in response.text
    assert "kolada.municipal_job" in response.text


def test_the_page_loads_nothing_and_shows_names_as_they_are(committee: Committee) -> None:
    response = given(committee, "text/html")
    page = Outline(response.text)
    assert not {"script", "link", "img", "iframe", "b"} & {tag for tag, _ in page.found}
    assert "&lt;b&gt;Program&lt;/b&gt; &amp; 0" in response.text
    assert response.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'"


def test_the_printed_report_is_tagged_and_in_swedish(committee: Committee) -> None:
    response = given(committee, "application/pdf")
    pdf = PdfReader(io.BytesIO(response.content))
    root: Any = pdf.trailer["/Root"]
    assert root["/Lang"] == "sv-SE"
    assert root["/MarkInfo"]["/Marked"]
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Mentorskap: Tredje tertialet 2025"
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
    text = " ".join(page.extract_text() for page in pdf.pages)
    assert "Från insats till egen försörjning" in text
    assert "<b>Program</b> & 0" in text
    roles, alternatives = tagged(pdf)
    assert {"/H1", "/Table", "/TH", "/TD", "/Figure"} <= roles
    assert any("avslutade" in one for one in alternatives)


def tagged(pdf: PdfReader) -> tuple[set[str], list[str]]:
    """The roles in the structure tree, and the texts that stand for figures."""
    roles: set[str] = set()
    alternatives: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif isinstance(node, dict):
            if "/S" in node:
                roles.add(str(node["/S"]))
            if node.get("/S") == "/Figure":
                alternatives.append(str(node.get("/Alt")))
            if "/K" in node:
                walk(node["/K"])

    root: Any = pdf.trailer["/Root"]
    walk(root["/StructTreeRoot"]["/K"])
    return roles, alternatives


def test_a_name_that_no_typeface_has_is_refused_in_print_only(world: World) -> None:
    committee = Committee(world)
    for number in range(2):
        committee.fill(committee.program(*RECORD_DUTIES, name=f"Program \U0001f469\u200d\U0001f680 {number}"), 1, 1, 1)
    path = "/reports/tertial" + PERIOD
    refused = committee.service().get(path, headers={"Accept": "application/pdf"})
    assert (refused.status_code, refused.json()["code"]) == (422, "report.not_printable")
    assert committee.service().get(path, headers={"Accept": "text/html"}).status_code == 200


def test_little_is_said_when_there_is_little(committee: Committee) -> None:
    """Whoever may not read the records of few people gets a page all the same."""
    world = committee.world
    small = Committee(world)
    small.fill(small.program(), 3, 1, 1)
    for accept in ("text/html", "application/pdf"):
        answer = small.coordinator().get("/reports/tertial" + PERIOD, headers={"Accept": accept})
        assert answer.status_code == 200
    page = small.coordinator().get("/reports/tertial" + PERIOD, headers={"Accept": "text/html"}).text
    assert "Underlaget är för litet för att visas utan att röja enskilda." in page
    assert "visas inte" in page
