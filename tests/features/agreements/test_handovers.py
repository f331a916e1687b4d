"""Does a duty pass on with two people's will only, from today or later, and with no day without an answer?"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from app.domain.glossary import Sector
from app.domain.roles import Responsibility, Role
from app.features.access.tables import LoginSession, UserAccount
from app.features.agreements.tables import DutyHandover
from tests.features.agreements.conftest import Cooperation
from tests.world import START, World

TODAY = "2026-03-03"


@pytest.fixture
def running(world: World, pair: Cooperation) -> Iterator[Cooperation]:
    """An agreement in force since yesterday."""
    pair.in_force()
    world.clock.advance(timedelta(days=1))
    yield pair
    world.clock.advance(START - world.clock())


def wanted(pair: Cooperation, **over: Any) -> dict[str, Any]:
    return {
        "duty": "definePurpose",
        "toPartnerId": str(pair.other),
        "beginsOn": TODAY,
        "reason": "Föreningen tar över.",
        **over,
    }


def proposed(pair: Cooperation, **over: Any) -> str:
    made = pair.owners.post(f"{pair.path}/handovers", wanted(pair, **over))
    assert made.status_code == 201, made.text
    return str(made.headers["location"])


def test_a_handover_from_today_moves_authority_at_once(running: Cooperation) -> None:
    path = proposed(running)
    assert running.others.get(path).json()["status"] == "proposed"
    assert running.accountable()["definePurpose"] == "owner"
    answered = running.others.made(f"{path}/answer", {"accept": True}, status=200)
    assert (answered["status"], answered["answeredAt"] is not None) == ("accepted", True)
    assert running.accountable()["definePurpose"] == "other"
    assert running.accountable("2026-03-02")["definePurpose"] == "owner"
    assert running.owners.patch(running.path, {"purpose": "Annat."}).status_code == 403
    assert running.others.patch(running.path, {"purpose": "Annat."}).status_code == 200


def test_a_handover_from_a_later_day_leaves_no_gap(running: Cooperation) -> None:
    path = proposed(running, beginsOn="2026-04-01")
    running.others.made(f"{path}/answer", {"accept": True}, status=200)
    days = ("2026-03-31", "2026-04-01")
    assert [running.accountable(day)["definePurpose"] for day in days] == ["owner", "other"]
    back = running.others.post(
        f"{running.path}/handovers", wanted(running, toPartnerId=str(running.owner), beginsOn="2026-05-01")
    )
    assert back.status_code == 403  # the duty is theirs from April on


def test_whoever_supported_a_duty_and_takes_it_over_supports_it_no_longer(world: World, pair: Cooperation) -> None:
    pair.in_force(duties=[pair.duty("fund", pair.owner), pair.duty("fund", pair.other, "supporting")])
    path = proposed(pair, duty="fund", beginsOn="2026-03-09")
    pair.others.made(f"{path}/answer", {"accept": True}, status=200)
    items = pair.owners.get(f"{pair.path}/responsibilities?on=2026-03-09").json()["items"]
    [line] = [item for item in items if item["duty"] == "fund"]
    assert (line["accountable"]["id"], line["supporting"]) == (str(pair.other), [])


def test_publishing_openings_is_handed_over_within_civil_society_only(world: World, pair: Cooperation) -> None:
    company, association = world.partner(sector=Sector.BUSINESS), world.partner(sector=Sector.CIVIL_SOCIETY)
    duties = [pair.duty("publishOpening", pair.other)]
    path = pair.proposed(parties=[str(pair.other), str(company), str(association)], duties=duties)
    for signer in (pair.owners, pair.others, *(world.client(Role.COORDINATOR, one) for one in (company, association))):
        signer.made(f"{path}/signatures")
    given = {"duty": "publishOpening", "beginsOn": "2026-03-09", "reason": "En annan förening tar över."}
    refused = pair.others.post(f"{pair.path}/handovers", {**given, "toPartnerId": str(company)})
    assert (refused.status_code, refused.json()["code"]) == (422, "agreement.sector_may_not_hold")
    pair.others.made(f"{pair.path}/handovers", {**given, "toPartnerId": str(association)})


def test_declining_leaves_everything_as_it_was_and_lets_another_be_proposed(running: Cooperation) -> None:
    path = proposed(running)
    twice = running.owners.post(f"{running.path}/handovers", wanted(running))
    assert (twice.status_code, twice.json()["code"]) == (409, "handover.already_proposed")
    assert running.others.made(f"{path}/answer", {"accept": False}, status=200)["status"] == "declined"
    assert running.accountable()["definePurpose"] == "owner"
    again = running.others.post(f"{path}/answer", {"accept": True})
    assert (again.status_code, again.json()["code"]) == (409, "handover.transition_not_allowed")
    proposed(running)
    assert running.owners.get(f"{running.path}/handovers").json()["meta"]["totalCount"] == 2


def test_only_the_accountable_partner_proposes(world: World, running: Cooperation) -> None:
    refused = running.others.post(f"{running.path}/handovers", wanted(running))
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    assert [(d["duty"], d["partnerId"]) for d in refused.json()["context"]["duties"]] == [
        ("definePurpose", str(running.owner))
    ]
    handler = world.client(Role.CASE_HANDLER, running.owner)
    assert handler.post(f"{running.path}/handovers", wanted(running)).json()["code"] == "access.role_not_permitted"
    stranger = world.client(Role.COORDINATOR, world.partner())
    assert stranger.post(f"{running.path}/handovers", wanted(running)).status_code == 404


def test_impossible_handovers_are_refused(world: World, running: Cooperation) -> None:
    third = world.partner()
    refusals = (
        ({"beginsOn": "2026-03-02"}, 409, "handover.begins_in_past"),
        ({"toPartnerId": str(third)}, 409, "handover.receiver_not_party"),
        ({"toPartnerId": str(running.owner)}, 422, "handover.to_itself"),
        ({"toPartnerId": str(running.program)}, 422, "partner.unknown"),
    )
    for over, status, code in refusals:
        refused = running.owners.post(f"{running.path}/handovers", wanted(running, **over))
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert running.owners.get(f"{running.path}/handovers").json()["items"] == []


def test_a_duty_is_not_handed_over_on_its_first_day_nor_after_its_last(pair: Cooperation) -> None:
    pair.in_force(validUntil="2026-06-30")
    for day, code in (("2026-03-02", "handover.begins_with_duty"), ("2026-07-01", "handover.not_accountable_then")):
        refused = pair.owners.post(f"{pair.path}/handovers", wanted(pair, beginsOn=day))
        assert (refused.status_code, refused.json()["code"]) == (409, code)
    path = proposed(pair)
    pair.others.made(f"{path}/answer", {"accept": True}, status=200)
    assert pair.accountable("2026-06-30")["definePurpose"] == "other"
    assert "definePurpose" not in pair.accountable("2026-07-01")


def test_only_the_receiving_partner_answers(world: World, running: Cooperation) -> None:
    path = proposed(running)
    refused = running.owners.post(f"{path}/answer", {"accept": True})
    assert (refused.status_code, refused.json()["code"]) == (403, "access.duty_not_held")
    stranger = world.client(Role.COORDINATOR, world.partner())
    assert stranger.get(path).status_code == 404
    assert stranger.post(f"{path}/answer", {"accept": True}).status_code == 404
    handler = world.client(Role.CASE_HANDLER, running.other)
    assert handler.post(f"{path}/answer", {"accept": True}).json()["code"] == "access.role_not_permitted"


def test_one_person_cannot_be_both_ends(world: World, running: Cooperation) -> None:
    """Someone who changed employer between proposal and answer is still the same person."""
    mover: UserAccount = world.add(
        UserAccount(name="Påhittad Person", role=Role.COORDINATOR, partner_id=running.other, email="byter@example.org")
    )
    handover: DutyHandover = world.add(
        DutyHandover(
            program_id=running.program,
            duty=Responsibility.DEFINE_PURPOSE,
            from_partner_id=running.owner,
            to_partner_id=running.other,
            begins_on=date(2026, 3, 9),
            reason="Övergång.",
            proposed_by_user_id=mover.id,
        )
    )
    refused = world.client_for(mover).post(f"/handovers/{handover.id}/answer", {"accept": True})
    assert (refused.status_code, refused.json()["code"]) == (403, "handover.answered_by_proposer")
    assert running.accountable("2026-03-09")["definePurpose"] == "owner"
    with Session(world.engine) as session:
        assert session.exec(select(LoginSession).where(LoginSession.user_id == mover.id)).all()


def test_an_answer_that_comes_too_late_is_refused(world: World, running: Cooperation) -> None:
    path = proposed(running)
    world.clock.advance(timedelta(days=1))
    refused = running.others.post(f"{path}/answer", {"accept": True})
    assert (refused.status_code, refused.json()["code"]) == (409, "handover.begins_in_past")
    assert running.others.made(f"{path}/answer", {"accept": False}, status=200)["status"] == "declined"


@pytest.mark.parametrize("ends", ["termination", "next version"])
def test_what_was_proposed_falls_with_the_matrix_it_was_proposed_under(running: Cooperation, ends: str) -> None:
    path = proposed(running, beginsOn="2026-04-01")
    if ends == "termination":
        [agreement] = running.owners.get(f"{running.path}/agreements").json()["items"]
        running.owners.made(f"/agreements/{agreement['id']}/termination", {"reason": "Slut."}, status=200)
    else:
        running.in_force(validFrom=TODAY)
    assert running.others.get(path).json()["status"] == "withdrawn"
    refused = running.others.post(f"{path}/answer", {"accept": True})
    assert (refused.status_code, refused.json()["code"]) == (409, "handover.transition_not_allowed")
