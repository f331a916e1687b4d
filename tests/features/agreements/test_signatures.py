"""Does the last signature, and nothing else, put a version in force; and does one version at a time hold?"""

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.domain.changes import ChangeKind
from app.domain.glossary import Gender, Side
from app.domain.roles import Level, Responsibility, Role
from app.features.access.tables import ResponsibilityAssignment
from app.features.changes.tables import Change
from app.features.enrolments.tables import Enrolment
from app.features.participants.tables import Participant
from app.features.programs.tables import Cohort
from app.kit.clock import today
from tests.features.agreements.conftest import Cooperation
from tests.world import START, World


@pytest.fixture(autouse=True)
def clock_back(world: World) -> Iterator[None]:
    yield
    world.clock.advance(START - world.clock())


def test_the_last_signature_brings_it_into_force(world: World, pair: Cooperation) -> None:
    path = pair.proposed()
    first = pair.owners.post(f"{path}/signatures")
    assert (first.status_code, first.json()["status"]) == (201, "partlySigned")
    assert pair.accountable() == {}
    again = pair.owners.post(f"{path}/signatures")
    assert (again.status_code, again.json()["code"]) == (409, "agreement.already_signed")

    last = pair.others.made(f"{path}/signatures")
    assert last["status"] == "inForce"
    assert {party["textDigest"] for party in last["parties"]} == {last["textDigest"]}
    assert all(party["signedAt"] for party in last["parties"])
    assert pair.accountable() == {"definePurpose": "owner", "inform": "other"}
    with Session(world.engine) as session:
        kinds = session.exec(select(Change.kind).where(Change.program_id == pair.program).order_by(Change.id)).all()  # type: ignore[arg-type]
    assert kinds[-5:] == [
        ChangeKind.AGREEMENT_SIGNED,
        ChangeKind.AGREEMENT_SIGNED,
        ChangeKind.RESPONSIBILITY_ASSIGNED,
        ChangeKind.RESPONSIBILITY_ASSIGNED,
        ChangeKind.AGREEMENT_CAME_INTO_FORCE,
    ]


def test_every_signature_is_a_new_version(world: World, pair: Cooperation) -> None:
    third = world.partner()
    path = pair.proposed(parties=[str(pair.other), str(third)])
    versions = [signer.made(f"{path}/signatures")["version"] for signer in (pair.owners, pair.others)]
    assert versions[1] > versions[0]


def test_the_digest_covers_exactly_the_text(pair: Cooperation) -> None:
    path = pair.proposed(terms="Åtaganden.")
    found = pair.owners.get(path).json()
    covered = {
        "agreementId": found["id"],
        "programId": str(pair.program),
        "number": 1,
        "replacesId": None,
        "title": found["title"],
        "terms": "Åtaganden.",
        "validFrom": "2026-03-02",
        "validUntil": None,
        "parties": sorted([str(pair.owner), str(pair.other)]),
        "duties": [["definePurpose", "accountable", str(pair.owner)], ["inform", "accountable", str(pair.other)]],
    }
    text = json.dumps(covered, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert found["textDigest"] == hashlib.sha256(text.encode()).hexdigest()


def test_only_a_party_of_this_agreement_signs_or_ends_it(world: World, pair: Cooperation) -> None:
    alone = pair.proposed(parties=[], duties=[])
    pair.in_force()
    refused = pair.others.post(f"{alone}/signatures")
    assert (refused.status_code, refused.json()["code"]) == (403, "agreement.not_a_party")
    refused = pair.others.post(f"{alone}/termination", {"reason": "Ingen."})
    assert (refused.status_code, refused.json()["code"]) == (403, "agreement.not_a_party")
    overtaken = pair.owners.post(f"{alone}/signatures")
    assert (overtaken.status_code, overtaken.json()["code"]) == (409, "agreement.overtaken")
    assert pair.accountable() == {"definePurpose": "owner", "inform": "other"}


def test_no_party_is_left_out_of_what_replaces_its_agreement(pair: Cooperation) -> None:
    """An owner cannot draft the others away and take their duties by signing with itself."""
    pair.in_force()
    taken = pair.draft(parties=[], duties=[pair.duty("inform", pair.owner)])
    refused = pair.owners.post(f"/agreements/{taken['id']}/proposal")
    assert (refused.status_code, refused.json()["code"]) == (409, "agreement.party_left_out")
    assert refused.json()["context"]["partnerIds"] == [str(pair.other)]
    assert pair.accountable() == {"definePurpose": "owner", "inform": "other"}


def test_whoever_holds_people_in_the_program_signs_also_after_an_agreement_has_ended(
    world: World, pair: Cooperation
) -> None:
    """Ending an agreement and signing a new one alone would else open the other partner's people to the owner."""
    path = pair.in_force()
    enrol(world, pair)
    pair.owners.made(f"{path}/termination", {"reason": "Prov."}, status=200)
    everything = [pair.duty("holdPersonalData", pair.owner), pair.duty("screenMentees", pair.owner)]
    taken = pair.draft(parties=[], duties=everything)
    refused = pair.owners.post(f"/agreements/{taken['id']}/proposal")
    assert (refused.status_code, refused.json()["code"]) == (409, "agreement.party_left_out")
    together = pair.in_force(duties=everything)
    assert pair.owners.get(together).json()["status"] == "inForce"


def enrol(world: World, pair: Cooperation) -> None:
    """A mentee of the other partner, with an open enrolment in the programme."""
    day = today(world.clock())
    days = dict.fromkeys(
        (
            "starts_on", "ends_on", "mentor_intake_from", "mentor_intake_until", "mentee_intake_from",
            "mentee_intake_until",
        ),
        day,
    )  # fmt: skip
    cohort = world.add(Cohort.model_validate({"program_id": pair.program, "name": "Omgång", **days}))
    person = world.add(
        Participant(
            partner_id=pair.other, given_name="Påhittad", family_name="Person", born_on=day, gender=Gender.OTHER
        )
    )
    world.add(
        Enrolment(
            program_id=pair.program, cohort_id=cohort.id, participant_id=person.id, partner_id=pair.other,
            side=Side.MENTEE, applied_on=day,
        )
    )  # fmt: skip


def test_the_next_version_supersedes_the_one_in_force(pair: Cooperation) -> None:
    first = pair.in_force()
    second = pair.in_force(duties=[pair.duty("inform", pair.owner), pair.duty("definePurpose", pair.owner)])
    assert pair.owners.get(second).json()["replacesId"] == first.rsplit("/", 1)[1]
    assert pair.owners.get(first).json()["status"] == "superseded"
    assert pair.accountable() == {"definePurpose": "owner", "inform": "owner"}


def test_a_version_that_begins_later_lets_the_old_duties_run_until_the_day_before(
    world: World, pair: Cooperation
) -> None:
    pair.in_force()
    pair.in_force(validFrom="2026-04-01", duties=[pair.duty("inform", pair.owner)])
    assert pair.accountable("2026-03-31") == {"definePurpose": "owner", "inform": "other"}
    assert pair.accountable("2026-04-01") == {"inform": "owner"}
    world.clock.advance(timedelta(days=30))
    assert pair.accountable() == {"inform": "owner"}


def test_a_version_overtaken_by_another_is_refused_and_nothing_is_half_done(pair: Cooperation) -> None:
    overtaken = pair.proposed(duties=[pair.duty("inform", pair.owner)])
    elsewhere = pair.proposed(duties=[pair.duty("fund", pair.owner)])
    pair.in_force()
    pair.owners.made(f"{overtaken}/signatures")
    refused = pair.others.post(f"{overtaken}/signatures")
    assert (refused.status_code, refused.json()["code"]) == (409, "agreement.duty_already_accountable")
    [named] = refused.json()["context"]["duties"]
    assert (named["duty"], named["partnerId"]) == ("inform", str(pair.other))
    after = pair.owners.get(overtaken).json()
    assert after["status"] == "partlySigned"
    assert [party["signedAt"] is not None for party in after["parties"]].count(True) == 1
    assert pair.accountable() == {"definePurpose": "owner", "inform": "other"}

    pair.owners.made(f"{elsewhere}/signatures")
    refused = pair.others.post(f"{elsewhere}/signatures")
    assert (refused.status_code, refused.json()["code"]) == (409, "agreement.overtaken")


def test_a_late_signature_begins_today_and_an_expired_agreement_never(world: World, pair: Cooperation) -> None:
    late, expired = pair.proposed(), pair.proposed(validUntil="2026-03-03")
    for path in (late, expired):
        pair.owners.made(f"{path}/signatures")
    world.clock.advance(timedelta(days=2))
    refused = pair.others.post(f"{expired}/signatures")
    assert (refused.status_code, refused.json()["code"]) == (409, "agreement.expired")
    pair.others.made(f"{late}/signatures")
    assert pair.accountable("2026-03-03") == {}
    assert pair.accountable() == {"definePurpose": "owner", "inform": "other"}


def test_the_last_day_of_an_agreement_is_the_last_day_of_its_duties(pair: Cooperation) -> None:
    pair.in_force(validUntil="2026-06-30")
    assert pair.accountable("2026-06-30") == {"definePurpose": "owner", "inform": "other"}
    assert pair.accountable("2026-07-01") == {}


def test_any_party_ends_the_agreement_and_its_duties_at_once(world: World, pair: Cooperation) -> None:
    path = pair.in_force()
    pair.owners.patch(pair.path, {"purpose": "Fler i arbete."})
    world.clock.advance(timedelta(days=1))
    ended = pair.others.made(f"{path}/termination", {"reason": "Vi lägger ner."}, status=200)
    assert (ended["status"], ended["endReason"]) == ("ended", "Vi lägger ner.")
    assert pair.accountable() == {}
    assert pair.accountable("2026-03-02") == {"definePurpose": "owner", "inform": "other"}
    assert pair.owners.patch(pair.path, {"purpose": "Annat."}).status_code == 403
    with Session(world.engine) as session:
        held = session.exec(
            select(ResponsibilityAssignment).where(ResponsibilityAssignment.program_id == pair.program)
        ).all()
    assert {one.ended_at for one in held} == {world.clock()}
    again = pair.owners.post(f"{path}/termination", {"reason": "Igen."})
    assert again.status_code == 403  # nobody is a party of an agreement that has ended

    pair.in_force(validFrom="2026-03-03")
    assert pair.accountable() == {"definePurpose": "owner", "inform": "other"}
    refused = pair.owners.post(f"{path}/termination", {"reason": "Igen."})
    assert (refused.status_code, refused.json()["code"]) == (409, "agreement.transition_not_allowed")


def test_ending_on_the_first_day_leaves_nothing_behind(pair: Cooperation) -> None:
    path = pair.in_force()
    pair.owners.made(f"{path}/termination", {"reason": "Fel."}, status=200)
    assert pair.accountable() == {}
    assert pair.accountable("2026-03-01") == {}


def test_authority_follows_the_matrix_from_the_next_request(world: World, pair: Cooperation) -> None:
    pair.in_force(duties=[pair.duty("definePurpose", pair.other)])
    refused = pair.owners.patch(pair.path, {"purpose": "Fler i arbete."})
    assert refused.status_code == 403
    assert refused.json()["context"]["duties"][0]["partnerId"] == str(pair.other)
    assert pair.others.patch(pair.path, {"purpose": "Fler i arbete."}).status_code == 200


def test_the_matrix_names_every_duty_with_its_partners_and_agreement(world: World, pair: Cooperation) -> None:
    path = pair.in_force(
        duties=[
            pair.duty("inform", pair.other),
            pair.duty("inform", pair.owner, "supporting"),
            pair.duty("fund", pair.owner, "supporting"),
        ]
    )
    found = world.client(Role.CASE_HANDLER, pair.other).get(f"{pair.path}/responsibilities").json()
    assert (found["programId"], found["on"]) == (str(pair.program), "2026-03-02")
    lines = {item["duty"]: item for item in found["items"]}
    assert set(lines) == {duty.value for duty in Responsibility}
    agreement = path.rsplit("/", 1)[1]
    assert lines["inform"]["accountable"]["id"] == str(pair.other)
    assert lines["inform"]["accountable"]["name"].startswith("Påhittade föreningen")
    assert [partner["id"] for partner in lines["inform"]["supporting"]] == [str(pair.owner)]
    assert (lines["fund"]["accountable"], lines["fund"]["agreementId"]) == (None, agreement)
    assert lines["trainMentors"] == {"duty": "trainMentors", "accountable": None, "supporting": [], "agreementId": None}

    stranger = world.client(Role.COORDINATOR, world.partner())
    assert stranger.get(f"{pair.path}/responsibilities").status_code == 404
    assert pair.owners.get(f"{pair.path}/responsibilities?on=9999-12-31").status_code == 422


def test_signing_writes_assignments_of_the_agreement(world: World, pair: Cooperation) -> None:
    path = pair.in_force(validUntil="2026-12-31")
    with Session(world.engine) as session:
        held = session.exec(
            select(ResponsibilityAssignment).where(ResponsibilityAssignment.program_id == pair.program)
        ).all()
    assert {(str(one.agreement_id), one.level, one.valid_until and one.valid_until.isoformat()) for one in held} == {
        (path.rsplit("/", 1)[1], Level.ACCOUNTABLE, "2026-12-31")
    }
