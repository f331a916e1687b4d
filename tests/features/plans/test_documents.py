"""Can everybody read the plan: on a page, and in print as PDF/UA, with what it means for children?"""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from app.domain.glossary import Category
from tests.features.gaps.scene import Scene as Gaps
from tests.features.plans.scene import Scene, refused
from tests.features.reports.test_document import Outline, tagged
from tests.world import World

HEADINGS = [
    "Syfte",
    "Mål",
    "Åtgärder",
    "Luckorna då och nu",
    "Konsekvenser för barn",
    "Beslut",
    "Så har det gått",
]


@pytest.fixture(scope="module")
def scene(world: World) -> Scene:
    return Scene(world)


@pytest.fixture(scope="module")
def plan(scene: Scene) -> dict[str, Any]:
    gaps = Gaps(scene.world)
    women = gaps.program(Category.WOMEN_WITH_IMMIGRANT_BACKGROUND, 18, name="Påhittade <i>kvinnomentorerna</i>")
    gaps.crowd(women, 30, "ti")
    plan = scene.plan(
        title="Plan <b>för</b> mentorskap & annat",
        purpose="Första stycket.\n\nAndra <script>alert(1)</script> stycket.",
        children="Föräldrars ökade kontaktnät ger positiva effekter för barn.",
        withPartnerIds=[str(scene.business), str(scene.association)],
    )
    goal = scene.goal(plan, dueOn=scene.day(300))
    scene.goal(plan, text="Ett mål utan antal", number=None, unit=None)
    gap = {"category": "womenWithImmigrantBackground", "language": "ti"}
    measure = scene.measure(goal, gap=gap, programIds=[str(women)])
    late = scene.measure(goal, gap={"district": "Ingenstans"}, text="Fråga i Ingenstans")
    gaps.crowd(women, 10, "ti")
    decided = scene.decide(plan, text="Planen antas.")
    scene.responsible.made(
        f"/plan-measures/{measure['id']}/reports", {"status": "done", "comment": "Klart!"}, status=200
    )
    gone = {"status": "cancelled", "reason": "Ingen väntar där."}
    scene.responsible.made(f"/plan-measures/{late['id']}/reports", gone, status=200)
    scene.lead.made(f"/plan-goals/{goal['id']}/reports", {"reached": 12}, status=200)
    scene.lead.made(f"/plans/{plan['id']}/comments", {"comment": "På god väg."})
    return decided


def test_the_page_has_its_headings_and_loads_nothing(scene: Scene, plan: dict[str, Any]) -> None:
    response = scene.lead.get(f"/plans/{plan['id']}/page")
    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert response.headers["content-language"] == "sv"
    assert response.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'"
    page = Outline(response.text)
    assert page.all("html") == [{"lang": "sv"}]
    assert page.texts["h2"] == HEADINGS
    assert not {"script", "link", "img", "iframe", "b", "i"} & {tag for tag, _ in page.found}
    assert "Plan &lt;b&gt;för&lt;/b&gt; mentorskap &amp; annat" in response.text
    assert "(Påhittade &lt;i&gt;kvinnomentorerna&lt;/i&gt;)" in response.text
    assert {head["scope"] for head in page.all("th")} == {"col", "row"}
    assert len(page.all("caption")) == len(page.all("table")) == 5
    assert len(page.all("desc")) == len(page.all("svg")) == 1
    for told in (
        "Föräldrars ökade kontaktnät ger positiva effekter för barn.",
        "AFN 2014/47",
        "Version 1, beslutad.",
        "ställs in: Ingen väntar där.",
        "klar. Klart!",
        "nått: 12",
        "På god väg.",
        "40 platser",
        "Kvinnor med invandrarbakgrund, tigrinska: 30 väntade 2 mars 2026, 40 väntade nu",
        "antalet väntande visas inte",
    ):
        assert told in response.text, told


def test_the_printed_plan_is_tagged_and_in_swedish(scene: Scene, plan: dict[str, Any]) -> None:
    response = scene.responsible.get(f"/plans/{plan['id']}/document")
    assert (response.status_code, response.headers["content-type"]) == (200, "application/pdf")
    pdf = PdfReader(io.BytesIO(response.content))
    root: Any = pdf.trailer["/Root"]
    assert root["/Lang"] == "sv-SE"
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Mentorskap: Plan <b>för</b> mentorskap & annat"
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    for heading in HEADINGS:
        assert heading in text, heading
    assert "<script>alert(1)</script>" in text, "shown as it was typed"
    roles, alternatives = tagged(pdf)
    assert {"/H1", "/Table", "/TH", "/TD", "/Figure"} <= roles
    assert any("väntade nu" in one for one in alternatives)


def test_both_are_data_for_whoever_asks_for_that(scene: Scene, plan: dict[str, Any]) -> None:
    for tail in ("page", "document"):
        data = scene.lead.get(f"/plans/{plan['id']}/{tail}", headers={"Accept": "application/json"})
        assert data.json() == scene.read(plan)
        assert "Accept" in data.headers["vary"]


def test_an_empty_draft_says_what_it_lacks(scene: Scene) -> None:
    plan = scene.plan()
    page = scene.lead.get(f"/plans/{plan['id']}/page").text
    for told in (
        "Planen har inga mål än.",
        "Planen har inga åtgärder än.",
        "Inga beslut är registrerade.",
        "Ännu inte beskrivet.",
        "Utkast till version 1.",
        "Konsekvenser för barn",
    ):
        assert told in page, told
    assert scene.lead.get(f"/plans/{plan['id']}/document").status_code == 200


def test_what_no_typeface_has_is_refused_in_print_only(scene: Scene) -> None:
    plan = scene.plan(title=f"Plan \U0001f469\u200d\U0001f680 {scene.world.number()}")
    assert refused(scene.lead.get(f"/plans/{plan['id']}/document")) == (422, "plan.not_printable")
    assert scene.lead.get(f"/plans/{plan['id']}/page").status_code == 200
