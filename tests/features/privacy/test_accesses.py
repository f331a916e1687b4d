"""Does a person see who has seen their data, and does the data protection officer see the log of their own people only?"""

from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

import pytest

from app.domain.glossary import Concealing, Gender
from app.domain.lifecycles import ClearanceStatus
from app.domain.roles import Role
from app.features.access.tables import AccessRecord, Concealment, UserAccount
from app.features.participants.tables import Participant
from app.features.protection.tables import Clearance
from tests.features.enrolments.scene import Scene, set_scene
from tests.world import Client, World


@pytest.fixture(scope="module")
def scene(world: World) -> Scene:
    return set_scene(world)


def seen(client: Client, path: str = "/me/accesses", **query: Any) -> list[dict[str, Any]]:
    response = client.get(path, params={"limit": 200, **query})
    assert response.status_code == 200, response.text
    return cast("list[dict[str, Any]]", response.json()["items"])


def log_of(scene: Scene) -> tuple[Client, str]:
    officer = scene.world.client(Role.PRIVACY_OFFICER, scene.recruiter_id)
    return officer, f"/partners/{scene.recruiter_id}/accesses"


def my_id(client: Client) -> str:
    return cast("str", client.get("/me").json()["id"])


def test_a_person_sees_organisation_and_role_in_words_and_not_the_name(scene: Scene) -> None:
    me, person = scene.themself()
    assert seen(me) == []
    scene.recruiter.get(f"/participants/{person['id']}")
    (access,) = seen(me)
    name = scene.recruiter.get(f"/partners/{scene.recruiter_id}").json()["name"]
    assert access == {
        "at": "2026-03-02T09:00:00.000000Z",
        "partnerId": str(scene.recruiter_id),
        "partnerName": name,
        "role": "caseHandler",
        "permission": "participant:read",
        "decision": "allowed",
        "words": {
            "sv": f"En handläggare hos {name} läste din post.",
            "en": f"A case handler of {name} read your record.",
        },
    }
    assert my_id(scene.recruiter) not in me.get("/me/accesses").text


def test_own_visits_are_left_out_and_refusals_are_told(scene: Scene) -> None:
    me, person = scene.themself()
    path = scene.applied(person=person)
    me.get(f"/participants/{person['id']}")
    assert scene.recruiter.post(f"{path}/screening", {"decision": "ready"}).status_code == 403
    newest = seen(me)[0]
    assert (newest["permission"], newest["decision"]) == ("enrolment:screen", "refused")
    assert newest["words"]["sv"].endswith(" nekades att arbeta med din inskrivning.")
    assert {one["role"] for one in seen(me)} == {"caseHandler"}


def test_accesses_come_newest_first_in_pages(scene: Scene) -> None:
    me, person = scene.themself()
    for _ in range(3):
        scene.recruiter.get(f"/participants/{person['id']}")
        scene.world.clock.advance(timedelta(minutes=1))
    times = [one["at"] for one in seen(me)]
    assert times == sorted(times, reverse=True)
    page = me.get("/me/accesses?limit=2&page=2").json()
    assert [one["at"] for one in page["items"]] == times[2:]
    assert page["meta"]["totalCount"] == 3


def test_others_see_nothing_of_it(scene: Scene) -> None:
    me, person = scene.themself()
    scene.recruiter.get(f"/participants/{person['id']}")
    other, _ = scene.themself()
    assert len(seen(me)) == 1
    assert seen(other) == []
    officer, _ = log_of(scene)
    assert seen(officer) == [], "nobody has data about an officer"
    for role in (Role.CASE_HANDLER, Role.COORDINATOR, Role.PARTNER_ADMINISTRATOR, Role.SYSTEM_ADMINISTRATOR):
        refused = scene.world.client(role, scene.recruiter_id).get("/me/accesses")
        assert (refused.status_code, refused.json()["code"]) == (403, "access.role_not_permitted"), role


def test_the_officer_reads_who_and_when_and_never_what(scene: Scene) -> None:
    officer, log = log_of(scene)
    person = scene.person()
    scene.recruiter.get(f"/participants/{person['id']}")
    newest = seen(officer, log, participantId=person["id"])[0]
    assert newest == {
        "id": newest["id"],
        "at": newest["at"],
        "userId": my_id(scene.recruiter),
        "loginId": newest["loginId"],
        "partnerId": str(scene.recruiter_id),
        "partnerName": newest["partnerName"],
        "role": "caseHandler",
        "permission": "participant:read",
        "decision": "allowed",
        "purpose": "caseWork",
        "reference": None,
        "participantIds": [person["id"]],
        "participantCount": 1,
    }
    assert newest["loginId"] is not None
    assert officer.get(f"/participants/{person['id']}").status_code == 403


def test_the_log_is_narrowed_by_person_user_and_decision(scene: Scene) -> None:
    officer, log = log_of(scene)
    person, other = scene.person(), scene.person()
    path = scene.applied(person=person)
    scene.recruiter.post(f"{path}/screening", {"decision": "ready"})
    scene.screener.get(path)
    of_person = seen(officer, log, participantId=person["id"])
    assert {one["userId"] for one in of_person} >= {my_id(scene.recruiter), my_id(scene.screener)}
    assert all(person["id"] in one["participantIds"] for one in of_person)
    by_screener = seen(officer, log, participantId=person["id"], userId=my_id(scene.screener))
    assert {one["partnerId"] for one in by_screener} == {str(scene.screener_id)}
    refused = seen(officer, log, participantId=person["id"], decision="refused")
    assert [one["permission"] for one in refused] == ["enrolment:screen"]
    assert seen(officer, log, participantId=other["id"], userId=my_id(scene.screener)) == []


def test_reading_the_log_of_somebody_is_told_to_them(scene: Scene) -> None:
    me, person = scene.themself()
    scene.recruiter.get(f"/participants/{person['id']}")
    officer, log = log_of(scene)
    assert seen(officer, log, participantId=person["id"])
    newest = seen(me)[0]
    assert (newest["role"], newest["permission"]) == ("privacyOfficer", "access:read")


def test_people_of_other_partners_are_not_in_the_log(scene: Scene) -> None:
    """One list showed people of two partners; each partner's officer sees its own of them."""
    world = scene.world
    own = scene.person()
    scene.applied(person=own)
    foreign = Participant(
        partner_id=scene.owner_id,
        given_name="Påhitt",
        family_name="Påhittsson",
        born_on=date(1990, 2, 28),
        gender=Gender.UNDISCLOSED,
    )
    world.add(foreign)
    owner = world.client(Role.CASE_HANDLER, scene.owner_id)
    path = owner.post(f"/cohorts/{scene.cohort_id}/enrolments", {"participantId": str(foreign.id), "side": "mentee"})
    assert path.status_code == 403, "the owner does not recruit; the record is named by the refusal's row only"
    officer, log = log_of(scene)
    shown = {one for line in seen(officer, log) for one in line["participantIds"]}
    assert own["id"] in shown
    assert str(foreign.id) not in shown
    assert seen(officer, log, participantId=str(foreign.id)) == []


def test_the_log_belongs_to_the_holders_officer(scene: Scene) -> None:
    _, log = log_of(scene)
    world = scene.world
    other = world.client(Role.PRIVACY_OFFICER, scene.screener_id)
    refused = other.get(log)
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    for role in (Role.CASE_HANDLER, Role.PARTNER_ADMINISTRATOR, Role.EVALUATOR):
        assert world.client(role, scene.recruiter_id).get(log).status_code == 403, role
    me, _ = scene.themself()
    assert me.get(log).status_code == 404, "a mentee reads no partners"


@pytest.mark.parametrize(
    "query", [{"participantId": "19900228-0017"}, {"decision": "maybe"}, {"userId": ""}, {"email": "a@example.org"}]
)
def test_bad_filters_are_refused_and_not_echoed(scene: Scene, query: dict[str, str]) -> None:
    officer, log = log_of(scene)
    response = officer.get(log, params=query)
    assert response.status_code == 422
    assert "0017" not in response.text.replace(response.json()["instance"], "")


def protect(scene: Scene) -> tuple[Client, Participant, Concealment]:
    client, person = scene.themself()
    user: UUID = UUID(my_id(client))
    mark = Concealment(
        participant_id=UUID(person["id"]),
        partner_id=scene.recruiter_id,
        kind=Concealing.PROTECTED_IDENTITY,
        user_id=user,
    )
    scene.recruiter.get(f"/participants/{person['id']}")
    scene.world.add(mark)
    return client, Participant.model_construct(id=UUID(person["id"])), mark


def test_protected_people_are_absent_from_the_log_and_see_their_own(scene: Scene) -> None:
    me, person, _ = protect(scene)
    me.get(f"/participants/{person.id}")
    officer, log = log_of(scene)
    lines = officer.get(log, params={"limit": 200}).text
    assert str(person.id) not in lines
    assert my_id(me) not in lines
    assert seen(officer, log, participantId=str(person.id)) == []
    assert [one["permission"] for one in seen(me)] == ["participant:read"]


def test_what_a_protected_person_read_of_others_does_not_betray_their_login(scene: Scene) -> None:
    me, _, _ = protect(scene)
    other, shown = scene.themself()
    world = scene.world

    login = UUID(my_id(me))
    world.add(
        AccessRecord(
            user_id=login, partner_id=scene.recruiter_id, role="mentor", permission="match:read", decision="allowed",
            people=[UUID(shown["id"])], trace_id="t",
        )
    )  # fmt: skip
    officer, log = log_of(scene)
    assert str(login) not in officer.get(log, params={"limit": 200}).text
    assert [one["role"] for one in seen(other)] == ["mentor"], "the person is told role and organisation"


def test_a_cleared_officer_sees_the_log_of_the_protected(scene: Scene) -> None:
    _, person, _ = protect(scene)
    world = scene.world
    user: UserAccount = world.add(
        UserAccount(
            name="Påhittat Ombud", role=Role.PRIVACY_OFFICER, partner_id=scene.recruiter_id,
            email=f"o{world.number()}@example.org",
        )
    )  # fmt: skip
    world.add(
        Clearance(
            partner_id=scene.recruiter_id, user_id=user.id, status=ClearanceStatus.APPROVED,
            valid_until=date(2026, 8, 1), proposed_by_user_id=user.id,
        )
    )  # fmt: skip
    _, log = log_of(scene)
    lines = seen(world.client_for(user), log, participantId=str(person.id))
    assert [one["permission"] for one in lines] == ["participant:read"]
