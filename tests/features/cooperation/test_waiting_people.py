"""Does what waits about people count exactly what the caller may act on, and nobody whose identity is protected?"""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.domain.glossary import Concealing, ConsentGiver, ConsentPurpose, Side
from app.domain.incidents import IncidentCategory, Severity
from app.domain.lifecycles import EnrolmentStatus, MatchStatus, RunStatus
from app.domain.roles import Level, Responsibility, Role
from app.features.access.tables import Concealment, ResponsibilityAssignment
from app.features.consents.tables import Consent, ConsentText
from app.features.incidents.tables import Incident
from app.features.matches.tables import MatchAgreementText
from app.features.matching.tables import MatchingPolicy, MatchRun
from app.features.referrals.tables import Referral
from tests.features.follow_ups.scene import planned
from tests.features.matches.pairs import Pair, Person, Place
from tests.world import World

PEOPLE = {
    "participantsToScreen",
    "referralsToAnswer",
    "matchRunsToApprove",
    "matchesToSign",
    "matchesToActivate",
    "followUpsOverdue",
    "incidentsOpen",
}


@pytest.fixture
def place(world: World) -> Place:
    """The municipality answers for everything."""
    made = Place(world)
    for duty in (Responsibility.SCREEN_MENTEES, Responsibility.HANDLE_INCIDENTS):
        made.world.add(
            ResponsibilityAssignment(
                program_id=made.program,
                partner_id=made.municipality,
                duty=duty,
                level=Level.ACCOUNTABLE,
                agreement_id=made.agreement,
                valid_from=made.today - timedelta(days=30),
            )
        )
    return made


def waiting(place: Place, role: Role = Role.CASE_HANDLER, partner: UUID | None = None) -> dict[str, Any]:
    partner = partner or place.municipality
    answer = place.staff(role, partner).get(f"/partners/{partner}/waiting")
    assert answer.status_code == 200, answer.text
    return {one["kind"]: one for one in answer.json()["items"]}


def counts(place: Place, role: Role = Role.CASE_HANDLER, partner: UUID | None = None) -> dict[str, int]:
    found = waiting(place, role, partner)
    return {kind: one["count"] for kind, one in found.items() if kind in PEOPLE and one["count"]}


def login(person: Person) -> UUID:
    assert person.row.user_id is not None
    return person.row.user_id


def conceal(place: Place, person: Person) -> None:
    kind = Concealing.PROTECTED_IDENTITY
    own: dict[str, Any] = {
        "participant_id": person.id,
        "partner_id": person.row.partner_id,
        "user_id": person.row.user_id,
    }
    place.world.add(Concealment(**own, kind=kind))


def text_to_sign(place: Place) -> None:
    text: dict[str, Any] = {
        "language": "sv",
        "number": 1,
        "title": "Vi två",
        "preamble": "Vi lovar.",
        "points": ["Ses."],
    }
    place.world.add(MatchAgreementText(program_id=place.program, **text))


def happened(pair: Pair) -> None:
    pair.place.world.add(
        Incident(
            program_id=pair.place.program,
            match_id=pair.match.id,
            mentor_participant_id=pair.mentor.id,
            mentee_participant_id=pair.mentee.id,
            reported_by_user_id=login(pair.mentee),
            category=IncidentCategory.OTHER,
            severity=Severity.LOW,
            occurred_on=pair.place.today,
        )
    )


def everything(place: Place) -> Pair:
    """One thing of each kind, all about the same mentee where it can be."""
    text_to_sign(place)
    pair = place.active()
    planned(pair, -5)
    happened(pair)
    place.pair(status=MatchStatus.ACCEPTED, mentor_place=1)
    place.pair(status=MatchStatus.PREPARED, mentor_place=1, **place.reviewed)
    place.enrol(place.person(Side.MENTEE), Side.MENTEE, status=EnrolmentStatus.APPLIED)
    place.enrol(place.person(Side.MENTEE), Side.MENTEE, status=EnrolmentStatus.SCREENING)
    policy = place.world.add(MatchingPolicy(program_id=place.program, number=1, document={}, digest="0" * 64))
    place.world.add(
        MatchRun(
            program_id=place.program,
            cohort_id=place.cohort,
            policy_id=policy.id,
            policy_number=1,
            seed=1,
            status=RunStatus.COMPLETED,
            requested_by_user_id=login(pair.mentee),
            trace_id="0" * 32,
        )
    )
    return pair


def refer(place: Place, person: Person, days: int = 7) -> None:
    """The association refers somebody whom it holds to the municipality, with consent."""
    purpose, holder = ConsentPurpose.REFERRAL, person.row.partner_id
    text = ConsentText(partner_id=holder, purpose=purpose, language="sv", number=place.world.number(), body="Får vi?")
    place.world.add(text)
    consent = place.world.add(
        Consent(
            participant_id=person.id,
            partner_id=holder,
            purpose=purpose,
            text_id=text.id,
            recipient_partner_id=place.municipality,
            giver=ConsentGiver.SELF,
            given_at=place.world.clock(),
            recorded_by_user_id=login(person),
        )
    )
    place.world.add(
        Referral(
            program_id=place.program,
            cohort_id=place.cohort,
            side=Side.MENTOR,
            from_partner_id=holder,
            to_partner_id=place.municipality,
            participant_id=person.id,
            consent_id=consent.id,
            sent_by_user_id=login(person),
            answer_by=place.today + timedelta(days=days),
        )
    )


def test_everything_is_counted_for_those_who_may_act(place: Place) -> None:
    everything(place)
    expected = {
        "participantsToScreen": 2,
        "matchRunsToApprove": 1,
        "matchesToSign": 2,
        "matchesToActivate": 1,
        "followUpsOverdue": 1,
        "incidentsOpen": 1,
    }
    assert counts(place) == expected
    coordinator = {kind: number for kind, number in expected.items() if kind != "participantsToScreen"}
    assert counts(place, Role.COORDINATOR) == coordinator
    assert counts(place, Role.PARTNER_ADMINISTRATOR) == {}
    # The association only holds the mentors: it notes their signatures and nothing else.
    assert counts(place, partner=place.association) == {"matchesToSign": 2}
    assert counts(place, partner=place.world.partner("Utanför")) == {}


def test_links_lead_where_it_is(place: Place) -> None:
    everything(place)
    handler = place.staff()
    for kind, one in waiting(place).items():
        for link in one["links"]:
            assert handler.get(link).status_code == 200, (kind, link)
    found = waiting(place)
    assert found["followUpsOverdue"]["nextOn"] == str(place.today - timedelta(days=5))
    assert len(found["participantsToScreen"]["links"]) == 2
    listed = sum(len(handler.get(link).json()["items"]) for link in found["participantsToScreen"]["links"])
    assert listed == 2


def test_nobody_whose_identity_is_protected_is_counted(place: Place) -> None:
    pair = everything(place)
    before = counts(place)
    assert {"followUpsOverdue", "incidentsOpen"} <= before.keys()
    conceal(place, pair.mentee)
    gone = {kind: number for kind, number in before.items() if kind not in {"followUpsOverdue", "incidentsOpen"}}
    assert counts(place) == gone
    person = place.person(Side.MENTEE)
    place.enrol(person, Side.MENTEE, status=EnrolmentStatus.APPLIED)
    assert counts(place)["participantsToScreen"] == 3
    conceal(place, person)
    assert counts(place)["participantsToScreen"] == 2


def test_referrals_wait_until_their_day(place: Place) -> None:
    people = [place.person(Side.MENTOR) for _ in range(4)]
    for person, days in zip(people, (7, 3, -1, 9), strict=True):
        refer(place, person, days)
    with place.world.engine.begin() as connection:
        take_back = "update consent set withdrawn_at = now() where participant_id = %s"
        connection.exec_driver_sql(take_back, (people[3].id,))
    found = waiting(place)["referralsToAnswer"]
    assert (found["count"], found["nextOn"]) == (2, str(place.today + timedelta(days=3)))
    assert found["links"][0].endswith(f"/partners/{place.municipality}/referrals?direction=received&status=sent")
    conceal(place, people[0])
    assert waiting(place)["referralsToAnswer"]["count"] == 1
    assert waiting(place, partner=place.association)["referralsToAnswer"]["count"] == 0, "whoever sent it waits"
