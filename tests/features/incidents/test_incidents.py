"""Is an incident seen by whoever reported it and by the partner that handles it, and by nobody else at all?"""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.domain.glossary import Concealing, Side
from app.domain.lifecycles import MatchStatus
from app.domain.roles import Level, Responsibility, Role
from app.features.access.tables import Concealment, ResponsibilityAssignment
from tests.features.matches.pairs import Pair, Place
from tests.world import Client, World

FACTS = "Fick frågan om ett lån, och en gång till."


@pytest.fixture(scope="module")
def place(world: World) -> Place:
    return Place(world)


@pytest.fixture(scope="module")
def partner(place: Place) -> UUID:
    """The partner that is accountable for incidents: neither holds the two nor follows them up."""
    handles = place.world.partner("Hanterar incidenter")
    place.world.add(
        ResponsibilityAssignment(
            program_id=place.program,
            partner_id=handles,
            duty=Responsibility.HANDLE_INCIDENTS,
            level=Level.ACCOUNTABLE,
            agreement_id=place.agreement,
            valid_from=place.today - timedelta(days=30),
        )
    )
    return handles


@pytest.fixture
def handler(place: Place, partner: UUID) -> Client:
    return place.staff(partner=partner)


def happened(place: Place, days_ago: int = 1, **over: Any) -> dict[str, Any]:
    on = (place.today - timedelta(days=days_ago)).isoformat()
    return {"category": "moneyOrGifts", "severity": "medium", "occurredOn": on, "facts": FACTS, **over}


def reported(pair: Pair, client: Client | None = None, **over: Any) -> str:
    answer = (client or pair.mentee.client).post(f"{pair.path}/incidents", happened(pair.place, **over))
    assert answer.status_code == 201, answer.text
    path: str = answer.headers["location"]
    return path


def others(pair: Pair) -> dict[str, Client]:
    """Everybody else who has to do with the pair."""
    place = pair.place
    helper = place.world.partner()
    place.support(helper, Responsibility.HANDLE_INCIDENTS)
    return {
        "the other side": pair.mentor.client,
        "who follows up and holds the reporter": place.staff(),
        "their coordinator": place.staff(Role.COORDINATOR),
        "who holds the other": place.staff(partner=place.association),
        "who supports in handling": place.staff(partner=helper),
        "a stranger": place.staff(partner=place.world.partner()),
    }


def test_who_sees_a_report(place: Place, handler: Client) -> None:
    pair = place.active()
    path = reported(pair)
    seen = pair.mentee.client.get(path).json()
    assert (seen["reportedSide"], seen["status"], seen["facts"]) == ("mentee", "reported", FACTS)
    assert handler.get(path).json()["facts"] == FACTS
    assert path.rpartition("/")[2] in {one["id"] for one in handler.get("/incidents").json()["items"]}
    for who, client in others(pair).items():
        assert client.get(path).status_code == 404, who
        listed = client.get("/incidents").json()["items"]
        assert seen["id"] not in {one["id"] for one in listed}, who


def test_nothing_else_tells_of_it(place: Place, handler: Client) -> None:
    pair = place.active()
    before = pair.mentor.client.get(pair.path)
    path = reported(pair)
    handler.made(f"{path}/transitions", {"to": "assessing"}, status=200)
    incident = path.rpartition("/")[2]
    assert pair.mentor.client.get(pair.path).headers["etag"] == before.headers["etag"]
    for address in ("/me/accesses", "/me/data"):
        told = pair.mentor.client.get(f"{address}?limit=200" if address == "/me/accesses" else address)
        assert told.status_code == 200
        assert incident not in told.text
        assert "incident" not in told.text
    for who, client in others(pair).items():
        if who != "the other side":
            assert incident not in client.get("/changes?limit=200").text, who
    assert incident in handler.get("/changes?limit=200").text


def test_staff_report_too_and_each_sees_their_own(place: Place, handler: Client) -> None:
    pair, staff = place.active(), place.staff(partner=place.association)
    path = reported(pair, staff, concernsSide="mentor")
    seen = staff.get(path).json()
    assert (seen["reportedSide"], seen["concernsSide"]) == (None, "mentor")
    colleague = place.staff(partner=place.association)
    assert colleague.get(path).status_code == 404
    assert handler.get(path).status_code == 200
    for person in (pair.mentor, pair.mentee):
        assert person.client.get(path).status_code == 404


def test_the_course_of_an_incident(place: Place, handler: Client) -> None:
    pair = place.active()
    path = reported(pair)
    skipped = handler.post(f"{path}/transitions", {"to": "closed", "outcome": "resolved"})
    assert (skipped.status_code, skipped.json()["code"]) == (409, "incident.transition_not_allowed")
    handler.made(f"{path}/transitions", {"to": "assessing"}, status=200)
    early = handler.post(f"{path}/transitions", {"to": "acting", "outcome": "resolved"})
    assert (early.status_code, early.json()["code"]) == (422, "incident.outcome_too_early")
    raised = handler.made(f"{path}/escalations", {"to": "programOwner"}, status=200)
    assert raised["escalations"] == ["programOwner"]
    assert raised["escalatedAt"]
    twice = handler.post(f"{path}/escalations", {"to": "programOwner"})
    assert (twice.status_code, twice.json()["code"]) == (409, "incident.already_escalated")
    handler.made(f"{path}/transitions", {"to": "acting"}, status=200)
    bare = handler.post(f"{path}/transitions", {"to": "closed"})
    assert (bare.status_code, bare.json()["code"]) == (422, "incident.outcome_needed")
    closed = handler.made(f"{path}/transitions", {"to": "closed", "outcome": "matchEnded"}, status=200)
    assert (closed["status"], closed["outcome"]) == ("closed", "matchEnded")
    late = handler.post(f"{path}/escalations", {"to": "police"})
    assert (late.status_code, late.json()["code"]) == (409, "incident.closed")
    own = pair.mentee.client.get(path).json()
    assert own["status"] == "closed"
    assert [own[name] for name in ("outcome", "escalations", "escalatedAt", "closedAt")] == [None] * 4
    again = handler.made(f"{path}/transitions", {"to": "assessing"}, status=200)
    assert (again["outcome"], again["closedAt"]) == (None, None)
    reporter = pair.mentee.client.post(f"{path}/transitions", {"to": "acting"})
    assert (reporter.status_code, reporter.json()["code"]) == (403, "access.role_not_permitted")


@pytest.mark.parametrize(
    ("days_ago", "over", "code"),
    [
        (-1, {}, "incident.in_future"),
        (31, {}, "incident.before_match"),
        (1, {"facts": "Ring 19121212-1212"}, "text.personnummer_refused"),
        (1, {"facts": "x" * 501}, "request.invalid"),
        (1, {"category": "diagnosis"}, "request.invalid"),
    ],
)
def test_what_cannot_be_reported(place: Place, days_ago: int, over: dict[str, Any], code: str) -> None:
    pair = place.active()
    refused = pair.mentor.client.post(f"{pair.path}/incidents", happened(place, days_ago, **over))
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert FACTS not in refused.text
    assert pair.mentor.client.get("/incidents").json()["items"] == []


def test_an_ended_match_can_be_reported_on_and_a_strange_one_not(place: Place, handler: Client) -> None:
    ended = place.active(status=MatchStatus.CLOSED, mentor_place=None, closed_on=place.today)
    path = reported(ended)
    listed = handler.get(f"/incidents?programId={place.program}&limit=200").json()["items"]
    assert path.rpartition("/")[2] in {one["id"] for one in listed}
    assert handler.get(f"/incidents?programId={place.municipality}").json()["items"] == []
    strange = place.active().mentor.client.post(f"{ended.path}/incidents", happened(place))
    assert strange.status_code == 404


def test_of_protected_people_only_the_cleared_handle_incidents(place: Place, handler: Client) -> None:
    pair = place.active()
    path = reported(pair)
    kind = Concealing.PROTECTED_IDENTITY
    place.world.add(Concealment(participant_id=pair.mentee.id, partner_id=pair.mentee.row.partner_id, kind=kind))
    assert handler.get(path).status_code == 404
    assert pair.mentee.client.get(path).status_code == 200
    assert Side.MENTEE.value == pair.mentee.client.get(path).json()["reportedSide"]


@pytest.mark.parametrize("side", Side)
def test_whoever_handles_incidents_goes_on_when_a_consent_is_withdrawn(
    place: Place, handler: Client, side: Side
) -> None:
    """Handling is a duty; what rests on the consent (the match, the other's data) is out of reach as before."""
    pair = place.active()
    path = reported(pair)
    person = pair.mentor if side is Side.MENTOR else pair.mentee
    kind = Concealing.WITHDRAWN_CONSENT
    place.world.add(
        Concealment(participant_id=person.id, partner_id=person.row.partner_id, kind=kind, program_id=place.program)
    )
    incident = path.rpartition("/")[2]
    seen = handler.get(path).json()
    assert (seen["facts"], seen["matchId"]) == (FACTS, str(pair.match.id))
    assert incident in {one["id"] for one in handler.get("/incidents?limit=200").json()["items"]}
    assert incident in handler.get("/changes?limit=200").text
    handler.made(f"{path}/transitions", {"to": "assessing"}, status=200)
    assert handler.made(f"{path}/escalations", {"to": "socialServices"}, status=200)["status"] == "assessing"
    assert handler.get(pair.path).status_code == 404
    assert handler.get(f"/participants/{person.id}").status_code == 404
    assert str(person.id) not in handler.get(path).text
    for who, client in others(pair).items():
        assert client.get(path).status_code == 404, who


def test_a_withdrawn_consent_opens_nothing_of_protected_people(place: Place, handler: Client) -> None:
    pair = place.active()
    path = reported(pair)
    given: dict[str, Any] = {"participant_id": pair.mentee.id, "partner_id": pair.mentee.row.partner_id}
    place.world.add(Concealment(**given, kind=Concealing.WITHDRAWN_CONSENT, program_id=place.program))
    assert handler.get(path).status_code == 200
    place.world.add(Concealment(**given, kind=Concealing.PROTECTED_IDENTITY))
    assert handler.get(path).status_code == 404
    assert path.rpartition("/")[2] not in handler.get("/incidents?limit=200").text
    moved = handler.post(f"{path}/transitions", {"to": "assessing"})
    assert moved.status_code == 404
