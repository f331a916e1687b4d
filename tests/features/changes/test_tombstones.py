"""Is whoever lost reach told so, of what they were told of and of nothing else, and told again when it comes back?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, text
from sqlmodel import Session, col, delete, select

from app.domain.changes import ChangeKind
from app.domain.glossary import Concealing, Side
from app.domain.lifecycles import EnrolmentStatus
from app.domain.roles import Level, Responsibility, Role
from app.features.access.tables import Concealment, ResponsibilityAssignment, UserAccount
from app.features.agreements.tables import AgreementParty
from app.features.changes.queries import told
from app.features.changes.tables import FeedTold
from app.features.enrolments.tables import Enrolment
from app.features.participants.tables import Participant
from app.features.programs.tables import Program
from tests.features.changes.reading import Reading, gained, lost
from tests.features.changes.test_reach import enrolment, log
from tests.world import Client, World


@dataclass
class Scene:
    """A program whose owner holds the people, and a partner that screens mentees and reads the feed by a script."""

    world: World
    owner: UUID
    reader: UUID
    program: UUID
    account: UserAccount
    script: Client
    seen: Enrolment
    unseen: Enrolment


SCOPES = ["change:read", "participant:read", "enrolment:read", "program:read"]


@pytest.fixture
def scene(world: World) -> Scene:
    owner, reader = world.partner(), world.partner()
    program = world.program(owner)
    world.agree(program, {reader: [Responsibility.SCREEN_MENTEES], owner: [Responsibility.SCREEN_MENTORS]})
    mentee, mentor = (enrolment(world, program, owner, side) for side in (Side.MENTEE, Side.MENTOR))
    for one in (mentee, mentor):
        log(world, ChangeKind.ENROLMENT_CREATED, one, program)
    account: UserAccount = world.add(UserAccount(name="Skript", role=Role.SERVICE, partner_id=reader, scopes=SCOPES))
    return Scene(world, owner, reader, program, account, world.client_for(account), mentee, mentor)


def happens(world: World, scene: Scene) -> None:
    """Something is recorded, as every change of authority and of consent is."""
    log(world, ChangeKind.PROGRAM_UPDATED, world_program(world, scene.program), scene.program)


def world_program(world: World, program_id: UUID) -> Any:
    with Session(world.engine) as session:
        return session.get_one(Program, program_id)


def end_agreement(world: World, scene: Scene) -> None:
    with world.engine.begin() as connection:
        connection.execute(
            text("update responsibility_assignment set ended_at = now() where partner_id = :p"), {"p": scene.reader}
        )


def protect(world: World, scene: Scene) -> None:
    world.add(
        Concealment(
            participant_id=scene.seen.participant_id, partner_id=scene.owner, kind=Concealing.PROTECTED_IDENTITY
        )
    )
    happens(world, scene)


def withdraw_consent(world: World, scene: Scene) -> None:
    world.add(
        Concealment(
            participant_id=scene.seen.participant_id,
            partner_id=scene.owner,
            kind=Concealing.WITHDRAWN_CONSENT,
            program_id=scene.program,
        )
    )
    happens(world, scene)


def erase(world: World, scene: Scene) -> None:
    with Session(world.engine) as session:
        session.info["is_unrecorded"] = True
        session.exec(delete(Enrolment).where(col(Enrolment.id) == scene.seen.id))
        session.commit()
    happens(world, scene)


def narrow_scopes(world: World, scene: Scene) -> None:
    with world.engine.begin() as connection:
        connection.execute(
            text("""update user_account set scopes = '["change:read", "program:read"]' where id = :u"""),
            {"u": scene.account.id},
        )


LOSSES = [end_agreement, protect, withdraw_consent, erase, narrow_scopes]


@pytest.mark.parametrize("lose", LOSSES, ids=lambda one: one.__name__)
def test_whoever_loses_reach_is_told_of_what_they_were_told(world: World, scene: Scene, lose: Any) -> None:
    reading = Reading(scene.script)
    before = reading.go_on()
    assert str(scene.seen.id) in {item["subjectId"] for item in before}
    lose(world, scene)
    after = reading.go_on()
    (item,) = [item for item in after if item["kind"] == "reach.lost" and item["subject"] == "enrolment"]
    assert item == {
        "id": item["id"],
        "kind": "reach.lost",
        "at": item["at"],
        "subject": "enrolment",
        "subjectId": str(scene.seen.id),
        "programId": None,
        "partnerId": None,
        "fields": [],
    }
    assert str(scene.unseen.id) not in str(after), "what they were never told of does not exist"
    assert reading.go_on() == [], "each loss once"


def test_time_alone_takes_reach_away_and_is_told(world: World, scene: Scene) -> None:
    """No change is recorded when a duty runs out: the day decides."""
    reading = Reading(scene.script)
    reading.go_on()
    with world.engine.begin() as connection:
        last = world.clock().date()
        connection.execute(
            text("update responsibility_assignment set valid_until = :d where partner_id = :p"),
            {"d": last, "p": scene.reader},
        )
    assert lost(reading.go_on()) == set()
    world.clock.advance(timedelta(days=1))
    assert str(scene.seen.id) in lost(reading.go_on())


def test_what_comes_back_is_told_again(world: World, scene: Scene) -> None:
    reading = Reading(scene.script)
    reading.go_on()
    protect(world, scene)
    assert str(scene.seen.id) in lost(reading.go_on())
    with Session(world.engine) as session:
        session.exec(delete(Concealment).where(col(Concealment.participant_id) == scene.seen.participant_id))
        session.commit()
    happens(world, scene)
    assert str(scene.seen.id) in gained(reading.go_on())
    protect(world, scene)
    assert str(scene.seen.id) in lost(reading.go_on()), "and lost again"


def test_every_consumer_of_an_account_is_told_and_a_lost_answer_is_told_again(world: World, scene: Scene) -> None:
    first, second = Reading(scene.script), Reading(scene.script)
    first.go_on()
    second.go_on()
    end_agreement(world, scene)
    before = second.cursor
    assert str(scene.seen.id) in lost(first.go_on())
    assert str(scene.seen.id) in lost(second.go_on())
    second.cursor = before  # the answer got lost on its way: the script asks again from where it was
    assert str(scene.seen.id) in lost(second.go_on())


def test_a_token_with_fewer_scopes_hides_and_does_not_take_away(world: World, scene: Scene) -> None:
    whole = Reading(scene.script)
    whole.go_on()
    narrow = Reading(
        world.client_for(UserAccount(**{**scene.account.model_dump(), "scopes": ["change:read", "program:read"]}))
    )
    narrow.cursor = whole.cursor
    happens(world, scene)
    assert {item["kind"] for item in narrow.go_on()} == {"program.updated"}
    protect(world, scene)
    assert lost(narrow.go_on()) == set(), "the narrow token may not hear of enrolments at all"
    assert str(scene.seen.id) in lost(whole.go_on())


def test_filters_hold_for_losses_too_and_are_part_of_the_cursor(world: World, scene: Scene) -> None:
    enrolments = Reading(scene.script, {"subject": "enrolment"})
    elsewhere = Reading(scene.script, {"programId": str(world.program(scene.owner))})
    here = Reading(scene.script, {"programId": str(scene.program)})
    assert {item["subject"] for item in enrolments.go_on()} == {"enrolment"}
    elsewhere.go_on()
    assert str(scene.seen.id) in {item["subjectId"] for item in here.go_on()}
    end_agreement(world, scene)
    assert str(scene.seen.id) in lost(enrolments.go_on())
    assert str(scene.seen.id) in lost(here.go_on())
    assert lost(elsewhere.go_on()) == set()
    for filters in ({}, {"subject": "participant"}, {"subject": "enrolment", "programId": str(scene.program)}):
        response = scene.script.get("/changes", params={**filters, "cursor": enrolments.cursor})
        assert (response.status_code, response.json()["code"]) == (400, "request.cursor_invalid")
    assert scene.script.get("/changes", params={"subject": "Enrolment'"}).status_code == 422


def test_a_round_goes_on_in_bounded_steps(world: World, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told, "SWEEP", 2)
    people = [enrolment(world, scene.program, scene.owner, Side.MENTEE) for _ in range(7)]
    for one in people:
        log(world, ChangeKind.ENROLMENT_CREATED, one, scene.program)
    reading = Reading(scene.script, {"subject": "enrolment"})
    reading.go_on()
    end_agreement(world, scene)
    reading.requests = 0
    found = reading.go_on(limit=3)
    assert {str(one.id) for one in [*people, scene.seen]} <= lost(found)
    assert len(found) == len(lost(found))
    assert reading.requests >= 4


def test_a_part_of_an_agreement_is_lost_with_it(world: World) -> None:
    owner, party = world.partner(), world.partner()
    program = world.program(owner, is_published=False)
    agreement = world.agree(program, {party: [Responsibility.INFORM]})
    signed = AgreementParty(agreement_id=agreement, program_id=program, partner_id=owner)
    log(world, ChangeKind.AGREEMENT_SIGNED, signed, program)
    reading = Reading(world.client(Role.COORDINATOR, party), {"subject": "agreement_party"})
    assert str(signed.id) in {item["subjectId"] for item in reading.go_on()}
    with world.engine.begin() as connection:
        connection.execute(text("update agreement set status = 'ended' where id = :a"), {"a": agreement})
        connection.execute(
            text("update responsibility_assignment set ended_at = now() where agreement_id = :a"), {"a": agreement}
        )
    assert lost(reading.go_on()) == {str(signed.id)}


@pytest.fixture
def statements(world: World) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: object, _u: object, statement: str, *_: object) -> None:
        seen.append(statement)

    engine = world.runtime.database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_a_poll_with_nothing_new_costs_the_same_whatever_was_told(
    world: World, scene: Scene, statements: list[str]
) -> None:
    few = Reading(scene.script, {"subject": "enrolment"})
    few.go_on()
    statements.clear()
    assert few.go_on() == []
    first = len(statements)
    for _ in range(40):
        log(
            world,
            ChangeKind.ENROLMENT_CREATED,
            enrolment(world, scene.program, scene.owner, Side.MENTEE),
            scene.program,
        )
    assert len(few.go_on()) == 40
    statements.clear()
    assert few.go_on() == []
    assert len(statements) == first <= 8
    with Session(world.engine) as session:
        kept = session.exec(select(FeedTold).where(FeedTold.reader_id == scene.account.id)).all()
    assert len(kept) >= 41
    assert {one.is_lost for one in kept} == {False}


def test_an_enrolment_that_is_declined_takes_the_person_out_of_reach(world: World, scene: Scene) -> None:
    """Reach that goes through another row: the participant is reached by the enrolment."""
    with Session(world.engine) as session:
        person = session.get_one(Participant, scene.seen.participant_id)
    log(world, ChangeKind.PARTICIPANT_UPDATED, person)
    reading = Reading(scene.script)
    assert str(person.id) in {item["subjectId"] for item in reading.go_on()}
    with world.engine.begin() as connection:
        connection.execute(
            text("update enrolment set status = :s where id = :i"),
            {"s": EnrolmentStatus.WITHDRAWN.value, "i": scene.seen.id},
        )
    log(world, ChangeKind.ENROLMENT_MOVED, scene.seen, scene.program)
    after = reading.go_on()
    assert str(person.id) in lost(after)
    assert str(scene.seen.id) not in lost(after), "the enrolment itself stays with the duty"


def test_a_duty_of_somebody_else_is_no_news(world: World, scene: Scene) -> None:
    reading = Reading(scene.script)
    reading.go_on()
    other = world.partner()
    held = ResponsibilityAssignment(
        program_id=world.program(other), partner_id=other, duty=Responsibility.INFORM, level=Level.ACCOUNTABLE,
        agreement_id=world.agree(world.program(other), {other: []}), valid_from=date(2026, 1, 1),
    )  # fmt: skip
    world.add(held)
    assert reading.go_on() == []
