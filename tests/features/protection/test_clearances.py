"""Do two people of the holding partner open its protected people to a user, and does one of them suffice to close?"""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from app.domain.glossary import Gender
from app.domain.roles import Role
from app.features.access.tables import UserAccount
from app.features.participants.tables import Participant
from app.features.protection.tables import Clearance
from tests.world import Client, World


class Office:
    """The partner that holds a protected person, two who may decide, and handlers here and elsewhere."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.partner, self.elsewhere = world.partner("Hållarna"), world.partner("Grannarna")
        self.proposer_user = self.user(Role.COORDINATOR, self.partner)
        self.proposer = world.client_for(self.proposer_user)
        self.approver = world.client(Role.PARTNER_ADMINISTRATOR, self.partner)
        self.path = f"/partners/{self.partner}/clearances"

    def user(self, role: Role, partner: UUID, **over: Any) -> UserAccount:
        email = None if role is Role.SERVICE else f"u{self.world.number()}@example.org"
        scopes = ["participant:read"] if role is Role.SERVICE else None
        added: UserAccount = self.world.add(
            UserAccount(name="Påhittad", role=role, partner_id=partner, email=email, scopes=scopes, **over)
        )
        return added

    def handler(self, partner: UUID | None = None) -> tuple[UserAccount, Client]:
        user = self.user(Role.CASE_HANDLER, partner or self.partner)
        return user, self.world.client_for(user)

    def last_day(self, days: int = 90) -> str:
        return (self.world.clock().date() + timedelta(days=days)).isoformat()

    def propose(self, user_id: UUID, days: int = 90, client: Client | None = None) -> httpx.Response:
        body = {"userId": str(user_id), "validUntil": self.last_day(days)}
        return (client or self.proposer).post(self.path, body)

    def proposed(self, user_id: UUID, days: int = 90) -> str:
        made = self.propose(user_id, days)
        assert made.status_code == 201, made.text
        assert made.headers["Location"].endswith(f"/clearances/{made.json()['id']}")
        return f"/clearances/{made.json()['id']}"

    def approved(self, user_id: UUID, days: int = 90) -> str:
        path = self.proposed(user_id, days)
        self.approver.made(f"{path}/approval", status=200)
        return path

    def protected(self) -> str:
        """The path of a protected person whom the partner holds."""
        person: Participant = self.world.add(
            Participant(
                partner_id=self.partner,
                given_name="Påhitt",
                family_name="Skyddad",
                born_on=date(1980, 1, 1),
                gender=Gender.UNDISCLOSED,
            )
        )
        path = f"/participants/{person.id}"
        setter = self.handler()[1]
        set_ = setter.put(f"{path}/protection", {"level": "confidentialityMark"}, headers={"If-Match": '"1"'})
        assert set_.status_code == 204, set_.text
        return path


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


def code(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def test_two_people_open_for_a_third_from_the_next_request_and_one_closes(office: Office) -> None:
    person = office.protected()
    user, client = office.handler()
    path = office.proposed(user.id)
    assert office.approver.get(path).json()["status"] == "proposed"
    assert client.get(person).status_code == 404, "a proposal opens nothing"
    approved = office.approver.made(f"{path}/approval", status=200)
    assert (approved["status"], approved["isInForce"]) == ("approved", True)
    assert approved["answeredByUserId"] != approved["proposedByUserId"]
    assert client.get(person).status_code == 200
    revoked = office.proposer.made(f"{path}/revocation", status=200)
    assert (revoked["status"], revoked["isInForce"]) == ("revoked", False)
    assert client.get(person).status_code == 404


def test_a_handler_of_another_partner_may_be_cleared_but_sees_only_what_their_duties_reach(office: Office) -> None:
    person = office.protected()
    user, client = office.handler(office.elsewhere)
    office.approved(user.id)
    assert client.get(person).status_code == 404, "a clearance is no duty"


def test_it_runs_out_by_its_day(office: Office) -> None:
    person = office.protected()
    user, client = office.handler()
    path = office.approved(user.id, 1)
    office.world.clock.advance(timedelta(days=1))
    assert client.get(person).status_code == 200, "the last day counts"
    office.world.clock.advance(timedelta(days=1))
    assert client.get(person).status_code == 404
    found = office.approver.get(path).json()
    assert (found["status"], found["isInForce"]) == ("approved", False)


def test_whoever_proposes_does_not_approve_and_nobody_decides_about_themself(office: Office) -> None:
    user, _ = office.handler()
    path = office.proposed(user.id)
    assert code(office.proposer.post(f"{path}/approval")) == (403, "clearance.same_person")
    assert code(office.propose(office.proposer_user.id)) == (403, "clearance.own")
    own: Clearance = office.world.add(
        Clearance(
            partner_id=office.partner,
            user_id=office.proposer_user.id,
            valid_until=date.fromisoformat(office.last_day()),
            proposed_by_user_id=user.id,
        )
    )
    assert code(office.proposer.post(f"/clearances/{own.id}/approval")) == (403, "clearance.own")


def test_a_privacy_officer_is_cleared_for_the_log_and_still_reads_no_record(office: Office) -> None:
    person = office.protected()
    officer = office.user(Role.PRIVACY_OFFICER, office.partner)
    client = office.world.client_for(officer)
    cleared, handler = office.handler()
    office.approved(cleared.id)
    assert handler.get(person).status_code == 200
    log = f"/partners/{office.partner}/accesses?participantId={person.rsplit('/', 1)[1]}"
    assert client.get(log).json()["meta"]["totalCount"] == 0
    office.approved(officer.id)
    assert client.get(log).json()["meta"]["totalCount"] >= 1
    assert client.get(person).status_code in {403, 404}


def test_users_who_cannot_be_cleared_are_not_told_apart(office: Office) -> None:
    unfit = [
        uuid4(),
        office.user(Role.COORDINATOR, office.elsewhere).id,
        office.user(Role.MENTOR, office.elsewhere).id,
        office.user(Role.CASE_HANDLER, office.elsewhere, is_locked=True).id,
    ]
    answers = [office.propose(user_id) for user_id in unfit]
    assert {code(answer) for answer in answers} == {(422, "clearance.user_unknown")}
    assert {answer.json()["errors"][0]["pointer"] for answer in answers} == {"/userId"}
    assert len({len(answer.content) for answer in answers}) == 1


def test_a_user_locked_since_the_proposal_is_not_cleared(office: Office) -> None:
    user, _ = office.handler()
    path = office.proposed(user.id)
    office.approver.patch(f"/users/{user.id}", {"isLocked": True})
    assert code(office.approver.post(f"{path}/approval")) == (422, "clearance.user_unknown")


@pytest.mark.parametrize(("days", "status"), [(-1, 422), (0, 201), (180, 201), (181, 422)])
def test_the_last_day_lies_at_most_half_a_year_ahead(office: Office, days: int, status: int) -> None:
    answer = office.propose(office.user(Role.SERVICE, office.partner).id, days)
    assert answer.status_code == status
    if status == 422:
        assert answer.json()["code"] == "clearance.valid_until_outside_window"
        assert answer.json()["context"] == {"earliest": office.last_day(0), "latest": office.last_day(180)}


def test_a_proposal_that_has_waited_past_its_day_is_not_approved(office: Office) -> None:
    path = office.proposed(office.handler()[0].id, 0)
    office.world.clock.advance(timedelta(days=1))
    assert code(office.approver.post(f"{path}/approval")) == (422, "clearance.valid_until_outside_window")


def test_one_proposal_at_a_time_and_the_new_clearance_replaces_the_old(office: Office) -> None:
    person = office.protected()
    user, client = office.handler()
    first = office.approved(user.id, 10)
    second = office.proposed(user.id, 20)
    assert code(office.propose(user.id)) == (409, "clearance.already_open")
    office.approver.made(f"{second}/approval", status=200)
    assert office.approver.get(first).json()["status"] == "revoked"
    assert client.get(person).status_code == 200
    office.approver.made(f"{second}/revocation", status=200)
    assert client.get(person).status_code == 404, "one revocation closes all"


def test_a_refused_proposal_opens_nothing_and_states_are_kept(office: Office) -> None:
    path = office.proposed(office.handler()[0].id)
    assert code(office.approver.post(f"{path}/revocation")) == (409, "clearance.transition_not_allowed")
    assert office.proposer.made(f"{path}/refusal", status=200)["status"] == "declined"
    for act in ("approval", "refusal", "revocation"):
        assert code(office.approver.post(f"{path}/{act}")) == (409, "clearance.transition_not_allowed")


def test_of_two_approvals_at_once_one_wins(office: Office) -> None:
    path = office.proposed(office.handler()[0].id)
    others = [office.world.client(Role.COORDINATOR, office.partner) for _ in range(4)]
    start = Barrier(len(others))

    def approve(client: Client) -> int:
        start.wait(timeout=30)
        return client.post(f"{path}/approval").status_code

    with ThreadPoolExecutor(len(others)) as threads:
        assert sorted(threads.map(approve, others)) == [200, 409, 409, 409]


def test_clearances_are_the_holders_own_business(office: Office) -> None:
    path = office.approved(office.handler()[0].id)
    declined = office.proposed(office.handler()[0].id)
    office.approver.made(f"{declined}/refusal", status=200)
    stranger = office.world.client(Role.PARTNER_ADMINISTRATOR, office.elsewhere)
    assert stranger.get(path).status_code == 404
    assert stranger.post(f"{path}/revocation").status_code == 404
    assert code(stranger.get(office.path)) == (403, "access.duty_not_held")
    assert code(office.propose(office.handler()[0].id, client=stranger)) == (403, "access.duty_not_held")
    handler = office.handler()[1]
    assert code(office.propose(office.handler()[0].id, client=handler)) == (403, "access.role_not_permitted")
    assert code(handler.post(f"{path}/revocation")) == (403, "access.role_not_permitted")
    listed = office.world.client(Role.PRIVACY_OFFICER, office.partner).get(office.path).json()
    assert [one["status"] for one in listed["items"]] == ["declined", "approved"], "the latest first"
    only = office.proposer.get(f"{office.path}?status=approved").json()
    assert (only["meta"]["totalCount"], only["items"][0]["isInForce"]) == (1, True)
