"""Does the gap view count programmes, places and people waiting, exactly for those who know them and protected for others?"""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.domain.glossary import Category, Concealing, Listing, ProgramKind, Side
from app.domain.lifecycles import EnrolmentStatus as Status
from app.domain.lifecycles import MatchStatus
from app.domain.roles import Role
from app.features.access.tables import Concealment
from app.features.gaps.queries import cells
from app.features.matches.tables import Match
from app.kit.pdf import MEDIA_TYPE
from tests.features.gaps.scene import Scene, asked, by, told
from tests.features.reports.test_document import Outline
from tests.world import World

WOMEN, YOUTH, PEERS = Category.WOMEN_WITH_IMMIGRANT_BACKGROUND, Category.YOUTH, Category.PROFESSIONAL_PEERS
EXACT = {"isProtected": False, "isRounded": False}
WITHHELD = {"value": None, "isProtected": True, "isRounded": False}


@pytest.fixture
def scene(world: World) -> Scene:
    """A world without other programmes: each test's own are the only published ones."""
    with world.engine.begin() as connection:
        connection.execute(text("update program set is_published = false"))
    return Scene(world)


def test_women_two_programmes_eighteen_places_thirty_one_waiting(scene: Scene) -> None:
    women = scene.program(WOMEN, 10)
    scene.program(WOMEN, 8, listing=Listing.LISTED)
    scene.program(YOUTH, listing=Listing.ADOPTED)
    scene.crowd(women, 20)
    scene.crowd(women, 11, status=Status.SCREENING, days=100)
    view = asked(scene.handler(), "?by=category")
    cell = by(view, "category")[WOMEN.value,]
    assert cell["programs"] == {"listed": 1, "adopted": 0, "own": 1}
    assert (cell["places"], cell["programsWithoutPlaces"]) == (18, 0)
    assert cell["waiting"] == {"value": 31, **EXACT}
    assert cell["ready"] == {"value": 20, **EXACT}
    assert (cell["oldestWaitingDays"], cell["oldestWaitingMonths"]) == (100, 4)
    assert (cell["kind"], cell["language"], cell["district"]) == (None, None, None)
    assert by(view, "category")[YOUTH.value,]["programsWithoutPlaces"] == 1
    assert told(view["total"]) == (31, 20)
    assert view["method"]["en"].startswith("Exact")


def test_who_knows_nobody_gets_fives_months_and_nothing_of_fewer_than_ten(scene: Scene) -> None:
    women, youth = scene.program(WOMEN), scene.program(YOUTH)
    scene.crowd(women, 31, days=95)
    scene.crowd(youth, 9)
    for client in (scene.stranger(), scene.stranger(Role.EVALUATOR), scene.stranger(Role.PARTNER_ADMINISTRATOR)):
        view = asked(client, "?by=category")
        cell, few = by(view, "category")[WOMEN.value,], by(view, "category")[YOUTH.value,]
        assert cell["waiting"]["value"] in {30, 35}
        assert (cell["waiting"]["isRounded"], cell["waiting"]["isProtected"]) == (True, False)
        assert (cell["oldestWaitingDays"], cell["oldestWaitingMonths"]) == (None, 4)
        assert (few["waiting"], few["ready"]) == (WITHHELD, WITHHELD)
        assert (few["oldestWaitingDays"], few["oldestWaitingMonths"]) == (None, None)
        assert "multiples of five" in view["method"]["en"]
    assert asked(scene.stranger(), "?by=category")["cells"] == view["cells"], "the same people, the same figures"


def test_the_longest_wait_is_one_persons_and_only_those_who_know_the_people_are_told(scene: Scene) -> None:
    program = scene.program(WOMEN)
    scene.crowd(program, 1, days=400)
    scene.crowd(program, 9, days=95)
    scene.crowd(program, 5, days=10)
    cell = by(asked(scene.stranger(), "?by=category"), "category")[WOMEN.value,]
    assert (cell["oldestWaitingDays"], cell["oldestWaitingMonths"]) == (None, 4), "what ten have reached"
    known = by(asked(scene.handler(), "?by=category"), "category")[WOMEN.value,]
    assert (known["oldestWaitingDays"], known["oldestWaitingMonths"]) == (400, 14)


def test_the_same_people_are_told_alike_in_every_table(scene: Scene) -> None:
    program = scene.program(WOMEN)
    scene.crowd(program, 33, "sv", "ti", district="Påhittade berget")
    client = scene.stranger()
    found = [asked(client)["total"]]
    for name, value in (("language", "ti"), ("district", "Påhittade berget"), ("category", WOMEN.value)):
        view = asked(client, f"?by={name}")
        found += [by(view, name)[value,], view["total"], asked(client, f"?{name}={value}")["total"]]
    assert {told(cell) for cell in found} == {told(found[0])}


def test_a_person_counts_once_in_a_part_and_in_each_language(scene: Scene) -> None:
    one, other = scene.program(WOMEN), scene.program(WOMEN)
    person = scene.person("sv", "ti", "ar", district="Påhittade berget", municipality_code="0182")
    scene.wait(one, person)
    scene.wait(other, person, status=Status.APPLIED)
    copy = scene.person("sv", person_id=person.person_id)  # another record, confirmed to be of the same person
    scene.wait(other, copy)
    nobody = scene.person()
    scene.wait(one, nobody, status=Status.WAITING)
    view = asked(scene.handler(), "?by=language&by=category")
    spoken = {language: told(cell) for (language, _), cell in by(view, "language", "category").items()}
    assert spoken == {"sv": (1, 1), "ti": (1, 1), "ar": (1, 1), None: (1, 0)}
    assert told(view["total"]) == (2, 1)
    assert told(asked(scene.handler(), "?language=ti")["total"]) == (1, 1)
    assert told(asked(scene.handler(), "?by=language&language=ti")["cells"][0]) == (1, 1)
    assert told(asked(scene.handler(), "?municipalityCode=0182")["total"]) == (1, 1)
    assert told(asked(scene.handler(), "?district=Annan")["total"]) == (0, 0)
    assert asked(scene.handler(), "?district=Annan")["total"]["oldestWaitingDays"] is None


def test_who_does_not_wait_is_not_counted(scene: Scene) -> None:
    program = scene.program()
    hidden = scene.program(is_published=False)
    scene.wait(program)
    scene.wait(hidden)
    for status in (Status.PAUSED, Status.WITHDRAWN, Status.NOT_ELIGIBLE):
        scene.wait(program, status=status)
    matched, protected = scene.wait(program), scene.wait(program)
    mentor = scene.wait(program, side=Side.MENTOR)
    scene.world.add(
        Match(
            program_id=program,
            cohort_id=scene.cohorts[program],
            mentor_enrolment_id=mentor.id,
            mentee_enrolment_id=matched.id,
            mentor_participant_id=mentor.participant_id,
            mentee_participant_id=matched.participant_id,
            mentor_partner_id=scene.partner,
            mentee_partner_id=scene.partner,
            status=MatchStatus.PROPOSED,
            answer_by=scene.today + timedelta(days=7),
        )
    )
    concealed: dict[str, Any] = {"participant_id": protected.participant_id, "partner_id": scene.partner}
    scene.world.add(Concealment(**concealed, kind=Concealing.PROTECTED_IDENTITY))
    assert told(asked(scene.handler())["total"]) == (1, 1)


def test_that_somebody_lives_there_is_not_told_by_a_row(scene: Scene) -> None:
    program = scene.program(WOMEN)
    scene.crowd(program, 12, district="Stora")
    scene.crowd(program, 3, "ti", district="Lilla")
    assert set(by(asked(scene.stranger(), "?by=district"), "district")) == {("Stora",), (None,)}
    assert set(by(asked(scene.stranger(), "?by=language"), "language")) == {("sv",), (None,)}
    assert ("Lilla",) in by(asked(scene.handler(), "?by=district"), "district")


def test_who_knows_one_programme_gets_that_part_exactly(scene: Scene) -> None:
    known = scene.program(WOMEN)
    scene.crowd(known, 7)
    elsewhere = Scene(scene.world)
    unknown = elsewhere.program(WOMEN)
    elsewhere.crowd(unknown, 14)
    view = asked(scene.handler(), "?by=category")
    cell = by(view, "category")[WOMEN.value,]
    assert cell["waiting"]["value"] in {17, 22}, "seven, and fourteen told as ten or fifteen"
    assert (cell["oldestWaitingDays"], cell["oldestWaitingMonths"]) == (None, 2)
    assert view["method"]["en"].startswith("People whose records")


def test_where_nobody_can_be_enrolled_there_is_nobody_to_know(scene: Scene) -> None:
    scene.crowd(scene.program(WOMEN), 3)
    scene.world.program(scene.world.partner(), category=WOMEN)  # described, without a cohort
    view = asked(scene.handler(), "?by=category")
    assert told(by(view, "category")[WOMEN.value,]) == (3, 3)
    assert view["total"]["waiting"] == {"value": 3, **EXACT}


def test_a_withdrawn_consent_elsewhere_makes_figures_protected(scene: Scene) -> None:
    program = scene.program(WOMEN)
    scene.crowd(program, 3)
    other = scene.world.partner()
    gone = scene.person("sv", partner_id=other)
    scene.wait(program, gone, partner_id=other)
    kind = Concealing.WITHDRAWN_CONSENT
    scene.world.add(Concealment(participant_id=gone.id, partner_id=other, kind=kind, program_id=program))
    assert asked(scene.handler())["total"]["waiting"] == WITHHELD


def test_kinds_are_told_apart(scene: Scene) -> None:
    scene.program(YOUTH, 4, kind=ProgramKind.INTERNSHIP)
    scene.program(YOUTH, 6)
    view = asked(scene.handler(), "?by=kind&category=youth")
    assert {kind: cell["places"] for (kind,), cell in by(view, "kind").items()} == {"internship": 4, "mentoring": 6}
    assert asked(scene.handler(), "?kind=internship")["total"]["places"] == 4
    assert view["asked"]["category"] == "youth"


def test_what_may_not_be_asked(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    client = scene.stranger()
    for query in ("?by=gender", "?by=kind&by=kind", "?language=tigrinska", "?municipalityCode=182", "?gender=female"):
        assert client.get(f"/gaps{query}").status_code == 422, query
    for role in (Role.MENTOR, Role.MENTEE, Role.SYSTEM_ADMINISTRATOR, Role.PRIVACY_OFFICER):
        refused = scene.world.client(role, scene.partner).get("/gaps")
        assert (refused.status_code, refused.json()["code"]) == (403, "access.role_not_permitted")
    assert scene.world.anonymous.get("/gaps").status_code == 401
    scene.program(WOMEN)
    scene.program(YOUTH)
    monkeypatch.setattr(cells, "MOST_CELLS", 1)
    refused = client.get("/gaps?by=category")
    assert (refused.status_code, refused.json()["code"]) == (422, "gap.too_many_cells")


def test_the_page_can_be_read_by_everybody(scene: Scene) -> None:
    program = scene.program(WOMEN, 18)
    scene.crowd(program, 31, "ti", district="<b>Berget</b>")
    scene.crowd(program, 1, "ti", district="<b>Berget</b>", days=60)
    response = scene.handler().get("/gaps/page")
    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert response.headers["content-language"] == "sv"
    assert response.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'"
    page = Outline(response.text)
    assert page.all("html") == [{"lang": "sv"}]
    assert page.texts["h2"] == ["Platser och väntande", "Vad som saknas enligt matchningarna", "Så räknas siffrorna"]
    assert page.all("svg")[0]["role"] == "img"
    assert len(page.all("desc")) == len(page.all("svg")) == 1
    assert "Kvinnor med invandrarbakgrund: 18 platser, 32 väntar." in response.text
    assert "60\u00a0dagar" in response.text
    assert "Matchningarna säger inget som kan visas." in response.text
    data = scene.handler().get("/gaps/page", headers={"Accept": "application/json"})
    assert [cell["places"] for cell in data.json()["cells"]] == [18]
    places = scene.handler().get("/gaps/page?by=district&by=language&kind=mentoring&language=ti").text
    assert "&lt;b&gt;Berget&lt;/b&gt;, Tigrinska" in places
    assert "<b>" not in places
    assert "mentorskap, tigrinska" in places


def test_the_page_withholds_what_the_view_withholds(scene: Scene) -> None:
    scene.crowd(scene.program(WOMEN), 3)
    page = scene.stranger().get("/gaps/page").text
    assert "antalet väntande visas inte" in page
    assert "visas inte" in page
    empty = Scene(scene.world)
    assert empty.handler().get("/gaps/page?category=other").status_code == 200
    assert MEDIA_TYPE not in page


def test_months_are_told_where_days_are_not(scene: Scene) -> None:
    scene.crowd(scene.program(WOMEN), 15, days=61)
    assert "3\u00a0månader" in scene.stranger().get("/gaps/page").text
