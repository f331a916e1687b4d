"""Does nobody under 18 start without a guardian's consent and a mentor who has shown the extract?"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import Session

from app.domain.errors import RuleViolation
from app.domain.glossary import Side
from app.domain.lifecycles import MatchStatus
from app.features.matches.queries import blocked_pairs
from app.features.participants.tables import Attestation, ContactDigest, DigestKind, Guardian, Participant
from tests.features.matches.pairs import Pair, Person, Place
from tests.features.matches.test_proposals import propose
from tests.world import World

BORN = {17: date(2008, 3, 3), 24: date(2002, 1, 1)}
"""How old on 2 March 2026, the first day of the clock; the younger one is 18 the day after."""


@pytest.fixture(scope="module")
def place(world: World) -> Place:
    return Place(world)


def paired(place: Place, **mentee: Any) -> Pair:
    """An accepted match where only what concerns minors may be missing."""
    pair = place.pair(
        mentee=place.person(Side.MENTEE, **mentee), status=MatchStatus.ACCEPTED, mentor_place=1, **place.reviewed
    )
    for side in Side:
        pair.prepare(side)
    return pair


def guardian(place: Place, minor: Person, **over: Any) -> Guardian:
    row: Guardian = place.world.add(
        Guardian(
            participant_id=minor.id,
            partner_id=minor.row.partner_id,
            given_name="Påhittad",
            family_name="Vårdnadshavare",
            **{"recorded_by_user_id": minor.row.user_id, "consented_on": place.today, **over},
        )
    )
    return row


def attest(place: Place, mentor: Person, **over: Any) -> None:
    given: dict[str, Any] = {"code": "registerExtract", "is_met": True, "attested_on": place.today, **over}
    by: dict[str, Any] = {"partner_id": mentor.row.partner_id, "attested_by_user_id": mentor.row.user_id}
    place.world.add(Attestation(participant_id=mentor.id, **by, **given))


def prepare(pair: Pair) -> httpx.Response:
    return pair.place.staff().post(f"{pair.path}/preparation")


def start(pair: Pair, ahead: int = 0) -> httpx.Response:
    on = pair.place.today + timedelta(days=ahead)
    return pair.place.staff().post(f"{pair.path}/activation", {"startsOn": on.isoformat()})


def missing(refused: httpx.Response) -> dict[str, list[str]]:
    assert (refused.status_code, refused.json()["code"]) == (409, "match.not_prepared")
    found: dict[str, list[str]] = refused.json()["context"]["missing"]
    return found


def test_a_17_year_old_waits_for_consent_and_extract(place: Place) -> None:
    pair = paired(place, born_on=BORN[17])
    assert missing(prepare(pair)) == {"mentor": ["registerExtract"], "mentee": ["guardianConsent"]}
    guardian(place, pair.mentee)
    assert missing(prepare(pair)) == {"mentor": ["registerExtract"], "mentee": []}
    attest(place, pair.mentor, valid_until=place.today)
    assert prepare(pair).json()["status"] == "prepared"
    assert start(pair).json()["status"] == "active"


def test_a_24_year_old_needs_neither(place: Place) -> None:
    pair = paired(place, born_on=BORN[24])
    assert prepare(pair).json()["status"] == "prepared"
    assert start(pair).json()["status"] == "active"
    for person, side, name in (
        (pair.mentee, Side.MENTEE, "hasGuardianConsent"),
        (pair.mentor, Side.MENTOR, "hasRegisterExtract"),
    ):
        told = person.client.get(f"/enrolments/{pair.enrolments[side].id}/preparation").json()
        assert (told["isPrepared"], told[name]) == (True, None)


def test_the_items_are_told_to_each_side(place: Place) -> None:
    pair = paired(place, born_on=BORN[17])
    mentor, mentee = (f"/enrolments/{pair.enrolments[side].id}/preparation" for side in Side)
    told = pair.mentor.client.get(mentor).json()
    assert (told["missing"], told["hasRegisterExtract"], told["hasGuardianConsent"]) == (
        ["registerExtract"],
        False,
        None,
    )
    told = pair.mentee.client.get(mentee).json()
    assert (told["missing"], told["hasGuardianConsent"], told["hasRegisterExtract"]) == (
        ["guardianConsent"],
        False,
        None,
    )
    guardian(place, pair.mentee)
    attest(place, pair.mentor)
    assert pair.mentor.client.get(mentor).json()["hasRegisterExtract"] is True
    assert pair.mentee.client.get(mentee).json()["hasGuardianConsent"] is True


@pytest.mark.parametrize(
    "over",
    [
        {"code": "firstAid"},
        {"is_met": False},
        {"attested_on": date(2026, 3, 3)},
        {"attested_on": date(2026, 1, 1), "valid_until": date(2026, 3, 1)},
        {"attested_on": date(2026, 1, 1), "revoked_at": "2026-02-01T00:00:00Z"},
    ],
)
def test_only_a_valid_extract_counts(place: Place, over: dict[str, Any]) -> None:
    pair = paired(place, born_on=BORN[17])
    guardian(place, pair.mentee)
    attest(place, pair.mentor, **over)
    assert missing(prepare(pair)) == {"mentor": ["registerExtract"], "mentee": []}


@pytest.mark.parametrize("over", [{"consented_on": None}, {"withdrawn_on": date(2026, 3, 2)}])
def test_only_a_consent_in_force_counts(place: Place, over: dict[str, Any]) -> None:
    pair = paired(place, born_on=BORN[17])
    attest(place, pair.mentor)
    guardian(place, pair.mentee, **over)
    assert missing(prepare(pair)) == {"mentor": [], "mentee": ["guardianConsent"]}


def test_the_first_day_of_the_match_decides(place: Place) -> None:
    """Whoever turns 18 before the first day needs nobody's consent; an extract must count on that day."""
    pair = paired(place, born_on=BORN[17])
    guardian(place, pair.mentee)
    attest(place, pair.mentor, valid_until=place.today)
    prepare(pair)
    assert start(pair, 1).json()["status"] == "active", "18 that day"
    younger = paired(place, born_on=date(2009, 1, 1))
    guardian(place, younger.mentee)
    attest(place, younger.mentor, valid_until=place.today)
    prepare(younger)
    assert missing(start(younger, 1)) == {"mentor": ["registerExtract"], "mentee": []}
    assert missing(start(younger, -1)) == {"mentor": ["registerExtract"], "mentee": []}, "shown after the first day"
    assert start(younger).json()["status"] == "active"


def test_a_consent_withdrawn_between_preparation_and_start_stops_it(place: Place) -> None:
    pair = paired(place, born_on=BORN[17])
    consent = guardian(place, pair.mentee)
    attest(place, pair.mentor)
    prepare(pair)
    with Session(place.world.engine) as session:
        session.info["is_unrecorded"] = True
        session.get_one(Guardian, consent.id).withdrawn_on = place.today
        session.commit()
    assert missing(start(pair)) == {"mentor": [], "mentee": ["guardianConsent"]}


def anonymous(place: Place, birth_year: int) -> Pair:
    nobody = {"given_name": None, "family_name": None, "email": None, "phone": None, "born_on": None}
    return paired(place, **nobody, is_anonymous=True, birth_year=birth_year)


def test_of_the_anonymous_the_youngest_age_counts(place: Place) -> None:
    assert missing(prepare(anonymous(place, 2008))) == {"mentor": ["registerExtract"], "mentee": ["guardianConsent"]}
    assert prepare(anonymous(place, 2007)).json()["status"] == "prepared"


def related(place: Place) -> tuple[Person, Person]:
    """A mentor, and a minor whose guardian has the same phone number."""
    mentor, minor = place.person(Side.MENTOR), place.person(Side.MENTEE, born_on=BORN[17])
    digest = f"{place.world.number():064x}"
    has_custody = guardian(place, minor)
    add_digest(place, mentor.row, digest)
    add_digest(place, minor.row, digest, has_custody.id)
    return mentor, minor


def add_digest(place: Place, row: Participant, digest: str, guardian_id: UUID | None = None) -> None:
    place.world.add(
        ContactDigest(
            participant_id=row.id,
            partner_id=row.partner_id,
            guardian_id=guardian_id,
            kind=DigestKind.PHONE,
            digest=digest,
        )
    )


def test_a_guardian_is_never_the_mentor(place: Place) -> None:
    mentor, minor = related(place)
    enrolments = place.enrol(mentor, Side.MENTOR), place.enrol(minor, Side.MENTEE)
    with pytest.raises(RuleViolation) as refused:
        propose(place, *enrolments)
    assert refused.value.code == "match.guardian_is_mentor"


@pytest.mark.parametrize("status", [MatchStatus.PROPOSED, MatchStatus.ACCEPTED, MatchStatus.PREPARED])
def test_a_guardian_who_became_known_later_goes_no_further(place: Place, status: MatchStatus) -> None:
    mentor, minor = related(place)
    pair = place.pair(mentor, mentee=minor, status=status, **place.reviewed)
    for side in Side:
        pair.prepare(side)
    attest(place, mentor)
    if status is MatchStatus.PROPOSED:
        refused = mentor.client.post(f"{pair.path}/acceptances", {"side": "mentor"})
    else:
        refused = prepare(pair) if status is MatchStatus.ACCEPTED else start(pair)
    assert (refused.status_code, refused.json()["code"]) == (409, "match.guardian_is_mentor")
    assert place.staff().get(pair.path).json()["status"] == status


def test_guardians_are_ruled_out_before_a_run(world: World) -> None:
    place, elsewhere = Place(world), Place(world)
    mentor, minor = related(place)
    place.enrol(minor, Side.MENTEE)
    with world.runtime.database.transaction() as session:
        assert blocked_pairs(session, place.program) == {(mentor.id, minor.id)}
        assert blocked_pairs(session, elsewhere.program) == set()
