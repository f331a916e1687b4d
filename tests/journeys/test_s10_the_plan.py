"""S10: from what is missing to a plan that is decided, followed and printed for the committee."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from app.domain.roles import Role
from tests.journeys import steps
from tests.journeys.steps import Cast
from tests.world import Client, World

WOMEN = "womenWithImmigrantBackground"
DISTRICT = "Fisksätra"


@pytest.fixture(scope="module")
def cast(working_world: World) -> Cast:
    return Cast.of(working_world)


@pytest.fixture(scope="module")
def program(cast: Cast) -> str:
    """A programme for women, offered in Swedish and Tigrinya, where four wait; three of them only speak Tigrinya."""
    program = steps.start_program(
        cast,
        category=WOMEN,
        name="Påhittade Kvinnor i Fisksätra",
        languages=["sv", "ti"],
        districts=[DISTRICT],
        places=18,
    )
    steps.sign_agreement(cast, program)
    return program


@pytest.fixture(scope="module")
def cohort(cast: Cast, program: str) -> str:
    cohort = steps.open_cohort(cast, program)
    steps.make_ready(cast, program, steps.enrol(cast, cohort, "mentor"))
    for _ in range(3):
        spoken = [{"code": "ti", "level": "native"}]
        steps.make_ready(cast, program, steps.enrol(cast, cohort, "mentee", languages=spoken, district=DISTRICT))
    steps.enrol(cast, cohort, "mentee", district=DISTRICT)
    return cohort


def read(client: Client, path: str) -> dict[str, Any]:
    response = client.get(path)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


@pytest.fixture(scope="module")
def plan(cast: Cast, program: str, cohort: str) -> dict[str, Any]:
    """The municipality drafts it together with the association and the business; the association is to act."""
    assert cohort
    lead, association = cast.owner, str(cast.partners["association"])
    draft = {
        "title": "Plan för mentorskapsprogram i Påhittade kommunen",
        "purpose": "Befintliga program tillgängliggörs och nya möjliggörs för personer utanför arbetsmarknaden.",
        "startsOn": str(cast.today),
        "endsOn": str(cast.today.replace(year=cast.today.year + 2)),
        "withPartnerIds": [association, str(cast.partners["business"])],
    }
    plan = lead.made("/plans", draft)
    goal = lead.made(
        f"/plans/{plan['id']}/goals", {"text": "Fler kvinnor har en mentor", "number": 40, "unit": "kvinnor"}
    )
    measure = {
        "text": "Rekrytera mentorer som talar tigrinska",
        "responsiblePartnerId": association,
        "startsOn": str(cast.today),
        "dueOn": str(cast.today.replace(year=cast.today.year + 1)),
        "gap": {"category": WOMEN, "language": "ti"},
        "programIds": [program],
    }
    lead.made(f"/plan-goals/{goal['id']}/measures", measure)
    return read(lead, f"/plans/{plan['id']}")


def test_the_gap_view_says_where_it_is_missing(cast: Cast, program: str, cohort: str) -> None:
    handler = cast.handlers["municipality"]
    steps.run_matching(cast, program, cohort)
    view = read(handler, f"/gaps?by=language&by=district&category={WOMEN}")
    cells = {(cell["language"], cell["district"]): cell for cell in view["cells"]}
    tigrinya = cells["ti", DISTRICT]
    assert (tigrinya["waiting"]["value"], tigrinya["ready"]["value"], tigrinya["places"]) == (3, 3, 18)
    assert view["total"]["waiting"]["value"] == 4
    (line,) = read(handler, f"/gaps/missing?category={WOMEN}")["items"]
    assert (line["kind"], line["language"], line["people"]["value"]) == ("language", "ti", 3)
    assert line["text"]["sv"].startswith("3 till skulle kunna börja med")
    page = handler.get(f"/gaps/page?category={WOMEN}")
    assert "4 väntar" in page.text
    outsider = cast.world.client(Role.COORDINATOR, cast.world.partner())
    assert read(outsider, f"/gaps?category={WOMEN}")["total"]["waiting"]["value"] is None, "fewer than ten"


def test_the_committee_does_not_adopt_what_says_nothing_of_children(cast: Cast, plan: dict[str, Any]) -> None:
    adoption = {
        "kind": "adoption",
        "diaryNumber": "AFN 2014/47",
        "decidedOn": str(cast.today),
        "decidedBy": "Påhittade arbets- och företagsnämnden",
    }
    refused = cast.owner.post(f"/plans/{plan['id']}/decisions", adoption)
    assert (refused.status_code, refused.json()["code"]) == (409, "plan.children_missing")
    children = "Föräldrars ökade kontaktnät och inkludering i samhället skapar positiva effekter för barn."
    assert cast.owner.patch(f"/plans/{plan['id']}", {"children": children}).status_code == 200
    assert cast.owner.made(f"/plans/{plan['id']}/decisions", adoption, status=200)["status"] == "decided"
    changed = cast.owner.patch(f"/plans/{plan['id']}", {"title": "En annan"})
    assert (changed.status_code, changed.json()["code"]) == (409, "plan.not_draft")


def test_the_responsible_partner_reports_and_the_gap_is_followed(
    cast: Cast, program: str, cohort: str, plan: dict[str, Any]
) -> None:
    association = cast.coordinators["association"]
    (measure,) = read(association, f"/plans/{plan['id']}")["measures"]
    report = {"status": "ongoing", "comment": "Två mentorer är på väg in."}
    association.made(f"/plan-measures/{measure['id']}/reports", report, status=200)
    refused = cast.coordinators["business"].post(f"/plan-measures/{measure['id']}/reports", report)
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    for _ in range(7):
        steps.enrol(cast, cohort, "mentee", languages=[{"code": "ti", "level": "native"}])
    progress = read(association, f"/plans/{plan['id']}/progress")
    (followed,) = progress["measures"]
    assert [one["status"] for one in followed["points"]] == ["ongoing"]
    assert followed["gap"]["baseline"]["waiting"]["isProtected"], "three is fewer than ten"
    assert followed["gap"]["now"]["waiting"]["value"] == 10
    assert followed["gap"]["now"]["places"] == 18
    assert program


def test_the_committee_gets_it_as_a_document_and_everybody_when_it_is_published(
    cast: Cast, plan: dict[str, Any]
) -> None:
    path = f"/plans/{plan['id']}"
    outsider = cast.world.client(Role.COORDINATOR, cast.world.partner())
    assert outsider.get(path).status_code == 404
    cast.owner.made(f"{path}/publication", {"isPublished": True}, status=200)
    printed = outsider.get(f"{path}/document")
    assert printed.headers["content-type"] == "application/pdf"
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(printed.content)).pages).split())
    for told in (
        "Konsekvenser för barn",
        "AFN 2014/47",
        "Rekrytera mentorer som talar tigrinska",
        "pågår",
        "10 väntade nu",
    ):
        assert told in text, told
    page = outsider.get(f"{path}/page").text
    assert "Luckorna då och nu" in page
    (version,) = read(outsider, f"{path}/versions")["items"]
    assert version["content"]["measures"][0]["status"] == "planned", "as it was adopted"
