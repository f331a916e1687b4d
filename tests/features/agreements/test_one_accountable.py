"""Can two partners ever be accountable for one duty on one day? Asked of the API in parallel, and of the database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from threading import Barrier
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.domain.roles import Level, Responsibility
from app.features.access.tables import ResponsibilityAssignment
from app.kit.problems import CONSTRAINT_CODES
from tests.features.agreements.conftest import Cooperation
from tests.world import World

ROUNDS = 5
CONSTRAINT = "ex_responsibility_assignment_one_accountable"


def at_once(*calls: Callable[[], httpx.Response]) -> list[httpx.Response]:
    barrier = Barrier(len(calls))

    def run(call: Callable[[], httpx.Response]) -> httpx.Response:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_of_two_agreements_signed_at_once_one_comes_into_force(cooperate: Callable[[], Cooperation]) -> None:
    for _ in range(ROUNDS):
        pair = cooperate()
        rivals = [pair.proposed(duties=[pair.duty("inform", holder)]) for holder in (pair.owner, pair.other)]
        for path in rivals:
            pair.owners.made(f"{path}/signatures")
        answers = at_once(*[partial(pair.others.post, f"{path}/signatures") for path in rivals])

        assert sorted(answer.status_code for answer in answers) == [201, 409]
        won = next(place for place, answer in enumerate(answers) if answer.status_code == 201)
        [lost] = [answer.json() for answer in answers if answer.status_code == 409]
        assert lost["code"] == "agreement.duty_already_accountable"
        assert [fact["duty"] for fact in lost["context"]["duties"]] == ["inform"]
        assert pair.accountable() == {"inform": ("owner", "other")[won]}
        states = sorted(pair.owners.get(path).json()["status"] for path in rivals)
        assert states == ["inForce", "partlySigned"]


def test_two_signatures_of_one_agreement_at_once_bring_it_into_force_once(
    cooperate: Callable[[], Cooperation],
) -> None:
    for _ in range(ROUNDS):
        pair = cooperate()
        path = pair.proposed()
        answers = at_once(*[partial(signer.post, f"{path}/signatures") for signer in (pair.owners, pair.others)])
        assert sorted(answer.json()["status"] for answer in answers) == ["inForce", "partlySigned"]
        assert pair.accountable() == {"definePurpose": "owner", "inform": "other"}


def test_an_agreement_ended_while_its_successor_is_signed_leaves_one_matrix(
    cooperate: Callable[[], Cooperation],
) -> None:
    for _ in range(ROUNDS):
        pair = cooperate()
        first = pair.in_force()
        second = pair.proposed(duties=[pair.duty("inform", pair.owner)])
        pair.others.made(f"{second}/signatures")
        signed, ended = at_once(
            partial(pair.owners.post, f"{second}/signatures"),
            partial(pair.others.post, f"{first}/termination", {"reason": "Slut."}),
        )
        assert signed.status_code == 201 or signed.json()["code"] in {"resource.changed_meanwhile", "resource.busy"}
        assert ended.status_code in {200, 409}
        held = {} if signed.status_code != 201 else {"inform": "owner"}
        if signed.status_code != 201 and ended.status_code != 200:
            held = {"definePurpose": "owner", "inform": "other"}
        assert pair.accountable() == held


@pytest.fixture
def agreement(world: World) -> dict[str, Any]:
    owner = world.partner()
    program = world.program(owner)
    return {"program_id": program, "agreement_id": world.agree(program, {owner: []}), "partner_id": owner}


def hold(world: World, given: dict[str, Any], **over: Any) -> None:
    row = {"duty": Responsibility.INFORM, "level": Level.ACCOUNTABLE, "valid_from": date(2026, 3, 1), **given, **over}
    with Session(world.engine) as session:
        session.info["is_unrecorded"] = True
        session.add(ResponsibilityAssignment.model_validate(row))
        session.commit()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {}),
        ({"valid_until": date(2026, 3, 9)}, {"valid_from": date(2026, 3, 9)}),
        ({"valid_from": date(2026, 3, 9)}, {"valid_until": date(2026, 3, 9)}),
        ({}, {"valid_from": date(2030, 1, 1), "valid_until": date(2030, 1, 1)}),
    ],
)
def test_the_database_itself_refuses_two_accountable_partners_for_a_day(
    world: World, agreement: dict[str, Any], first: dict[str, Any], second: dict[str, Any]
) -> None:
    hold(world, agreement, **first)
    with pytest.raises(IntegrityError) as refused:
        hold(world, agreement, **second, partner_id=world.partner())
    assert CONSTRAINT in str(refused.value.orig)
    assert CONSTRAINT_CODES[CONSTRAINT] == "agreement.duty_already_accountable"


def test_the_database_lets_through_what_does_not_overlap(world: World, agreement: dict[str, Any]) -> None:
    other: UUID = world.partner()
    hold(world, agreement, valid_until=date(2026, 3, 9))
    hold(world, agreement, valid_from=date(2026, 3, 10), partner_id=other)
    hold(world, agreement, level=Level.SUPPORTING, partner_id=other)
    hold(world, agreement, duty=Responsibility.FUND, partner_id=other)
    hold(world, agreement, ended_at=world.clock(), partner_id=other)
