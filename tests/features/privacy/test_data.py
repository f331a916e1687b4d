"""Is a person told everything that is stored about them, and nothing that is somebody else's?"""

from typing import Any

import pytest

from app.domain.self_access import groups
from app.features.privacy.queries import data as telling
from tests.canaries import CANARY
from tests.canary_oracle import Person, Principal
from tests.canary_world import CanaryWorld
from tests.world import World


@pytest.fixture(scope="module")
def scene(world: World) -> CanaryWorld:
    return CanaryWorld(world, each=1)


def principal(scene: CanaryWorld, holder: str) -> tuple[Principal, Person]:
    who = next(one for one in scene.principals if one.person is not None and one.partner == holder)
    assert who.person is not None
    return who, who.person


def told(who: Principal) -> dict[str, Any]:
    response = who.client.get("/me/data")
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def test_every_kind_of_record_is_told_with_its_purpose(scene: CanaryWorld) -> None:
    who, _ = principal(scene, "Anna")
    found = {group["kind"]: group for group in told(who)["groups"]}
    assert len(found) == len(groups()) == 21
    assert {kind for kind, group in found.items() if not group["items"]} == set(), "the world has one of each"
    assert all(group["purpose"]["sv"] and group["isComplete"] for group in found.values())


def test_every_canary_of_ones_own_and_nobody_elses_is_told(scene: CanaryWorld) -> None:
    who, person = principal(scene, "Anna")
    shown = set(CANARY.findall(who.client.get("/me/data").text.lower()))
    own = {canary.lower(): what for canary, what in person.canaries.items()}
    assert shown <= own.keys()
    contacts_of_guardian = {
        canary for canary in own if own[canary] == "guardian" and not canary.startswith("kanarie00")
    }
    left = {canary for canary in own.keys() - shown if own[canary] not in {"guardian", "incident"}}
    assert left == set()
    assert {own[one] for one in shown}.isdisjoint({"incident"}), "an incident is told by the partner that handles it"
    assert contacts_of_guardian.isdisjoint(shown), "a guardian's address is the guardian's own"


def test_the_other_person_of_a_pair_is_not_told(scene: CanaryWorld) -> None:
    who, person = principal(scene, "Anna")
    assert person.other is not None
    text = who.client.get("/me/data").text
    for row in (person.other.row, person.other.enrolment, person.other.user):
        assert row is not None
        assert str(row.id) not in text
    (match,) = next(group["items"] for group in told(who)["groups"] if group["kind"] == "match")
    assert match["menteePartnerId"] == str(scene.partners["Anna"])
    assert not [name for name in match if name.startswith("mentor")]


def test_fields_are_camel_case_and_ids_are_explained(scene: CanaryWorld) -> None:
    who, person = principal(scene, "Berit")
    body = told(who)
    (record,) = next(group["items"] for group in body["groups"] if group["kind"] == "participant")
    assert record["givenName"] == person.row.given_name
    assert record["bornOn"] == str(person.row.born_on)
    assert "id" not in record
    assert {one["name"].split()[0] for one in body["organisations"]} >= {"Berit"}
    assert [one["id"] for one in body["programs"]] == [str(scene.programs[1])]
    assert body["account"]["sessionCount"] == 1
    assert body["account"]["email"] in person.canaries


def test_instants_are_written_as_everywhere_else(scene: CanaryWorld) -> None:
    who, _ = principal(scene, "Anna")
    (paper,) = next(group["items"] for group in told(who)["groups"] if group["kind"] == "acknowledgement")
    assert paper["acknowledgedAt"] == "2026-03-02T09:00:00.000000Z"


def test_more_than_one_answer_can_hold_is_said(scene: CanaryWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "MOST_ROWS", 0)
    who, _ = principal(scene, "Anna")
    found = told(who)["groups"]
    assert [group["isComplete"] for group in found] == [False] * len(found)
    assert all(group["items"] == [] for group in found)


def test_only_mentors_and_mentees_have_such_data(scene: CanaryWorld) -> None:
    for who in scene.principals:
        if who.person is None:
            for path in ("/me/data", "/me/overview"):
                expected = 401 if who.role is None else 403
                assert who.client.get(path).status_code == expected, (who.name, path)


def test_the_overview_leads_to_what_can_be_read(scene: CanaryWorld) -> None:
    who, person = principal(scene, "Anna")
    body = who.client.get("/me/overview").json()
    (record,), (enrolment,), (match,) = body["records"], body["enrolments"], body["matches"]
    assert (record["id"], enrolment["id"]) == (str(person.row.id), str(person.enrolment.id))
    assert (enrolment["side"], match["side"], match["status"]) == ("mentee", "mentee", "active")
    addresses = [record["profile"], match["match"], body["data"], body["accesses"]]
    addresses += [enrolment[name] for name in ("enrolment", "preparation", "trainingRecords")]
    for address in addresses:
        assert who.client.get(address).status_code == 200, address
    other, _ = principal(scene, "Berit")
    assert other.client.get("/me/overview").json()["matches"][0]["side"] == "mentor"
