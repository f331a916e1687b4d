"""Who are the two people of a match, to whoever asks? Every cell of the table: tests/contracts/test_field_matrix.py."""

from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.domain.glossary import Concealing, Side
from app.domain.lifecycles import MatchStatus
from app.domain.roles import Responsibility, Role
from app.features.access.tables import AccessRecord, Concealment
from tests.features.matches.pairs import Pair, Place
from tests.world import Client, World


@pytest.fixture(scope="module")
def place(world: World) -> Place:
    return Place(world)


def people(client: Client, pair: Pair) -> list[dict[str, Any]]:
    response = client.get(f"{pair.path}/people")
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["people"]
    return found


def test_both_people_come_with_what_the_caller_may_see(place: Place) -> None:
    pair = place.active(mentor=place.person(Side.MENTOR, availability=[16, 17, 40], occupation_code="2512"))
    answered = pair.mentee.client.get(f"{pair.path}/people").json()
    assert (answered["matchId"], answered["stage"]) == (str(pair.match.id), "started")
    mentor, mentee = answered["people"]
    assert [(one["side"], one["participantId"]) for one in (mentor, mentee)] == [
        ("mentor", str(pair.mentor.id)),
        ("mentee", str(pair.mentee.id)),
    ]
    assert (mentor["givenName"], mentor["phone"], mentor["occupationCode"]) == (
        pair.mentor.row.given_name,
        "+46700000000",
        "2512",
    )
    assert (mentor["bornOn"], mentor["gender"], mentor["availability"], mentor["isAnonymous"]) == (
        None,
        None,
        None,
        None,
    )
    assert mentee["bornOn"] == "1980-01-01"
    held = people(place.staff(partner=place.association), pair)[0]
    assert held["availability"] == [
        {"weekday": 1, "fromHour": 16, "untilHour": 18},
        {"weekday": 2, "fromHour": 16, "untilHour": 17},
    ]
    assert held["shown"][:2] == ["givenName", "familyName"]


def test_who_reads_the_people_leaves_a_record_and_nobody_else_reads_them(place: Place) -> None:
    pair = place.active()
    people(place.staff(Role.COORDINATOR), pair)
    with Session(place.world.engine) as session:
        found = session.exec(
            select(AccessRecord).where(AccessRecord.subject_id == pair.match.id).order_by(col(AccessRecord.id))
        ).all()
    assert [(one.permission, one.decision, one.role) for one in found] == [("match:read", "allowed", "coordinator")]
    stranger = place.staff(partner=place.world.partner()).get(f"{pair.path}/people")
    assert (stranger.status_code, stranger.json()["code"]) == (404, "resource.not_found")
    refused = place.staff(Role.PARTNER_ADMINISTRATOR).get(f"{pair.path}/people")
    assert (refused.status_code, refused.json()["code"]) == (403, "access.role_not_permitted")


def test_a_system_sees_people_only_with_the_scope_of_reading_people(place: Place) -> None:
    pair, world = place.active(), place.world
    third = world.partner()
    place.support(third, Responsibility.FOLLOW_UP_MATCHES)
    narrow = world.client(Role.SERVICE, third, ["match:read"])
    assert [one["shown"] for one in people(narrow, pair)] == [[], []]
    wide = world.client(Role.SERVICE, third, ["match:read", "participant:read"])
    names = ["givenName", "familyName", "email", "phone"]
    assert [one["shown"] for one in people(wide, pair)] == [names, names]


@pytest.mark.parametrize("kind", [Concealing.PROTECTED_IDENTITY, Concealing.WITHDRAWN_CONSENT])
def test_the_other_person_is_not_reached_when_concealed(place: Place, kind: Concealing) -> None:
    pair = place.pair(status=MatchStatus.ACCEPTED, mentor_place=1)
    program = place.program if kind is Concealing.WITHDRAWN_CONSENT else None
    assert pair.mentor.client.get(f"{pair.path}/contact").status_code == 200
    place.world.add(
        Concealment(participant_id=pair.mentee.id, partner_id=place.municipality, kind=kind, program_id=program)
    )
    refused = pair.mentor.client.get(f"{pair.path}/contact")
    assert (refused.status_code, refused.json()["code"]) == (404, "resource.not_found")
    assert people(pair.mentor.client, pair)[1]["shown"] == []
    assert pair.mentee.client.get(f"{pair.path}/contact").json()["givenName"] == pair.mentor.row.given_name


def test_a_consent_withdrawn_elsewhere_changes_nothing_here(place: Place) -> None:
    pair = place.active()
    place.world.add(
        Concealment(
            participant_id=pair.mentee.id,
            partner_id=place.municipality,
            kind=Concealing.WITHDRAWN_CONSENT,
            program_id=Place(place.world).program,
        )
    )
    assert pair.mentor.client.get(f"{pair.path}/contact").status_code == 200


def test_the_anonymous_have_no_contact(place: Place) -> None:
    nobody = dict.fromkeys(("given_name", "family_name", "email", "phone", "born_on"))
    mentee = place.person(Side.MENTEE, **nobody, is_anonymous=True, birth_year=1990)
    pair = place.active(mentee=mentee)
    assert pair.mentor.client.get(f"{pair.path}/contact").status_code == 404
    held = people(place.staff(), pair)[1]
    assert (held["birthYear"], held["isAnonymous"], held["givenName"]) == (1990, True, None)
    assert people(place.staff(partner=place.association), pair)[1]["shown"] == []
