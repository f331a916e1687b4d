"""Does an entry tell whose it is, how old, how to begin, and nothing about anybody who takes part?"""

import json
from datetime import date, timedelta
from typing import Any

from app.domain.glossary import Gender, Side
from app.domain.lifecycles import CohortStatus, EnrolmentStatus
from app.domain.roles import Role
from app.features.enrolments.tables import Enrolment
from app.features.participants.tables import Participant
from app.features.programs.tables import Cohort
from app.kit.clock import today
from tests.features.catalogue.conftest import Shelf
from tests.world import World


def read(shelf: Shelf, name: str, **headers: str) -> dict[str, object]:
    answered = shelf.anybody.get(f"/catalogue/programs/{shelf.programs[name]}", headers=headers)
    assert answered.status_code == 200
    told: dict[str, object] = answered.json()
    return told


def test_an_entry_says_who_runs_it_where_it_is_from_and_who_vouches(shelf: Shelf) -> None:
    told = read(shelf, "women")
    name = shelf.world.client(Role.COORDINATOR, shelf.owner).get(f"/partners/{shelf.owner}").json()["name"]
    partner, runs_it = {"id": str(shelf.owner), "name": name}, "Föreningen Påhittade Brobyggarna"
    assert told["provider"] == {"name": runs_it, "partner": partner, "sector": "civilSociety", "website": None}
    assert (told["source"], told["assuredBy"], told["isStale"]) == ("kartläggning 2014", partner, False)
    assert told["shownFactors"] == [{"factor": 3, "evidence": "Intervju med båda", "url": None}]
    assert told["description"] == "<script>alert(1)</script> Träffar varannan vecka."  # text is text


def test_what_nobody_vouches_for_any_more_is_flagged(shelf: Shelf) -> None:
    assert [read(shelf, one)["isStale"] for one in ("women", "interns", "peers")] == [False, True, True]


def test_an_answer_may_be_kept_and_asked_for_again(shelf: Shelf, world: World) -> None:
    for path in ("/catalogue/programs", "/catalogue/facets", f"/catalogue/programs/{shelf.programs['women']}"):
        first = shelf.anybody.get(path)
        assert first.headers["Cache-Control"] == "public, max-age=300"
        again = shelf.anybody.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert shelf.anybody.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
        assert shelf.anybody.call("HEAD", path).headers["ETag"] == first.headers["ETag"]


def test_an_application_can_start_from_an_entry(shelf: Shelf, world: World) -> None:
    day = today(world.clock())
    given: dict[str, Any] = {
        "starts_on": day,
        "ends_on": day + timedelta(days=200),
        "program_id": shelf.programs["peers"],
    }
    windows: dict[str, Any] = {"mentor_intake_from": day, "mentor_intake_until": day + timedelta(days=9)}
    windows |= {"mentee_intake_from": day - timedelta(days=9), "mentee_intake_until": day - timedelta(days=1)}
    cohort = world.add(Cohort(name="Våren", status=CohortStatus.OPEN, **given, **windows))
    world.add(Cohort(name="Utkast", **given, **windows))
    intake = {
        "cohortId": str(cohort.id),
        "name": "Våren",
        "side": Side.MENTOR.value,
        "fromOn": str(day),
        "untilOn": str(day + timedelta(days=9)),
        "isOpen": True,
    }
    assert read(shelf, "peers")["intakes"] == [intake]
    world.clock.advance(timedelta(days=-1))
    assert [one["isOpen"] for one in read(shelf, "peers")["intakes"]] == [False, True]  # type: ignore[attr-defined]
    world.clock.advance(timedelta(days=1))


def test_search_engines_read_a_service(shelf: Shelf) -> None:
    path = f"/catalogue/programs/{shelf.programs['women']}"
    answered = shelf.anybody.get(path, headers={"Accept": "application/ld+json"})
    assert answered.headers["Content-Type"] == "application/ld+json"
    told = json.loads(answered.text)
    assert (told["@context"], told["@type"]) == ("https://schema.org", "Service")
    assert (told["name"], told["serviceType"]) == ("Mentor för kvinnor", "Mentorskap")
    assert told["availableChannel"]["availableLanguage"] == ["sv", "ti"]
    assert told["availableChannel"]["servicePhone"]["telephone"] == "08-718 80 00"
    assert [one["name"] for one in told["areaServed"]] == ["Fisksätra", "Orminge"]
    assert "offers" not in told  # nothing is open, so nothing is said
    assert told["@id"].endswith(path)
    assert "Accept" in answered.headers["Vary"].split(", ")
    assert "<script" not in answered.text


def test_search_engines_read_of_open_intakes(shelf: Shelf, world: World) -> None:
    path = f"/catalogue/programs/{shelf.programs['peers']}"
    told = shelf.anybody.get(path, headers={"Accept": "text/html, application/ld+json;q=0.9"}).json()
    assert {"@type", "name", "availabilityStarts", "availabilityEnds", "url"} <= set(told["offers"][0])
    assert "audience" not in told
    assert "servicePhone" not in told["availableChannel"]


def test_no_public_page_tells_of_people(shelf: Shelf, world: World) -> None:
    """Whoever takes part changes no byte of what anybody may read: not how many, and not that there is somebody."""
    program = shelf.programs["peers"]
    pages = [
        "/catalogue/programs",
        "/catalogue/facets",
        f"/catalogue/programs/{program}",
        "//root/hsds/v3/services?full=true",
        f"//root/hsds/v3/services/{program}",
        "//root/hsds/v3/organizations",
        "//root/dcat.ttl",
    ]
    before = [shelf.anybody.get(one).content for one in pages]
    day = today(world.clock())
    cohort = world.add(
        Cohort(
            program_id=program,
            name="Pågår",
            status=CohortStatus.IN_PROGRESS,
            starts_on=day,
            ends_on=day,
            mentor_intake_from=day,
            mentor_intake_until=day,
            mentee_intake_from=day,
            mentee_intake_until=day,
        )
    )
    for number in range(3):
        person = world.add(
            Participant(
                partner_id=shelf.owner,
                given_name="Påhittad",
                family_name=f"Person {number}",
                born_on=date(1990, 1, 1),
                gender=Gender.FEMALE,
            )
        )
        world.add(
            Enrolment(
                program_id=program,
                cohort_id=cohort.id,
                participant_id=person.id,
                partner_id=shelf.owner,
                side=Side.MENTEE,
                status=EnrolmentStatus.READY,
                applied_on=day,
            )
        )
    assert [shelf.anybody.get(one).content for one in pages] == before
