"""Does a caller find in the feed what they may read, as they may read it now, and nothing else?"""

from datetime import date
from typing import Any
from uuid import UUID

from app.domain.changes import ChangeKind
from app.domain.glossary import Gender, Side
from app.domain.roles import Responsibility, Role
from app.features.access.tables import Guarded
from app.features.agreements.tables import AgreementParty
from app.features.changes.tables import Change
from app.features.enrolments.tables import Enrolment
from app.features.participants.tables import Participant
from app.features.programs.tables import Cohort, Program
from tests.world import Client, World

DAY = date(2026, 2, 2)


def person(world: World, partner: UUID) -> Participant:
    given: dict[str, Any] = {
        "given_name": "Påhittad",
        "family_name": "Person",
        "born_on": date(1990, 1, 1),
        "gender": Gender.FEMALE,
    }
    added: Participant = world.add(Participant(partner_id=partner, **given))
    return added


def enrolment(world: World, program: UUID, partner: UUID, side: Side) -> Enrolment:
    window: dict[str, Any] = {f"{one}_intake_{end}": DAY for one in ("mentor", "mentee") for end in ("from", "until")}
    name = f"Omgång {world.number()}"
    cohort: Cohort = world.add(Cohort(program_id=program, name=name, starts_on=DAY, ends_on=DAY, **window))
    added: Enrolment = world.add(
        Enrolment(
            program_id=program,
            cohort_id=cohort.id,
            participant_id=person(world, partner).id,
            partner_id=partner,
            side=side,
            applied_on=DAY,
        )
    )
    return added


def log(world: World, kind: ChangeKind, row: Guarded | AgreementParty, program: UUID | None = None) -> str:
    change: Change = world.add(
        Change(
            kind=kind,
            subject=str(row.__tablename__),
            subject_id=row.id,
            program_id=program,
            partner_id=getattr(row, "partner_id", None),
            fields=["given_name"],
            trace_id="t",
        )
    )
    return str(change.id)


def found(client: Client) -> set[str]:
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = client.get("/changes", params={"limit": 1000, **cursor}).json()
        items += page["items"]
        cursor = {"cursor": page["nextCursor"]}
        if not page["hasMore"]:
            return {item["id"] for item in items}


def test_personal_changes_go_to_the_holder_and_to_the_duty_of_that_side(world: World) -> None:
    holder, screening, foreign = world.partner(), world.partner(), world.partner()
    program = world.program(holder)
    world.agree(program, {screening: [Responsibility.SCREEN_MENTEES], holder: [Responsibility.DEFINE_PURPOSE]})
    mentee, mentor = (enrolment(world, program, holder, side) for side in (Side.MENTEE, Side.MENTOR))
    of_mentee = log(world, ChangeKind.ENROLMENT_CREATED, mentee, program)
    of_mentor = log(world, ChangeKind.ENROLMENT_CREATED, mentor, program)
    wanted = {of_mentee, of_mentor}

    assert found(world.client(Role.CASE_HANDLER, holder)) & wanted == wanted
    assert found(world.client(Role.CASE_HANDLER, screening)) & wanted == {of_mentee}
    assert found(world.client(Role.CASE_HANDLER, foreign)) & wanted == set()
    assert found(world.client(Role.COORDINATOR, holder)) & wanted == set(), "coordinators do not see persons"


def test_a_scope_is_a_ceiling_for_what_the_feed_tells(world: World) -> None:
    partner = world.partner()
    change = log(world, ChangeKind.PARTICIPANT_CREATED, person(world, partner))
    assert change in found(world.client(Role.SERVICE, partner, ["change:read", "participant:read"]))
    assert change not in found(world.client(Role.SERVICE, partner, ["change:read", "partner:read"]))


def test_a_service_that_may_read_nothing_is_told_of_nothing(world: World) -> None:
    partner = world.partner()
    told = log(world, ChangeKind.PARTICIPANT_CREATED, person(world, partner))
    assert told in found(world.client(Role.SERVICE, partner, scopes=["change:read", "participant:read"]))
    assert found(world.client(Role.SERVICE, partner, scopes=["change:read"])) == set()
    assert found(world.client(Role.SERVICE, partner, scopes=["change:read", "access:read"])) == set()


def test_publication_opens_programs_but_never_persons(world: World) -> None:
    owner, foreign = world.partner(), world.client(Role.CASE_HANDLER, world.partner())
    ids: dict[bool, set[str]] = {}
    for is_published in (True, False):
        program = world.program(owner, is_published=is_published)
        row = world.add(Program.model_validate({**_copy(world, program), "name": f"P {world.number()}"}))
        enrolled = enrolment(world, row.id, owner, Side.MENTEE)
        ids[is_published] = {
            log(world, ChangeKind.PROGRAM_UPDATED, row, row.id),
            log(world, ChangeKind.ENROLMENT_MOVED, enrolled, row.id),
        }
    seen = found(foreign)
    assert len(seen & ids[True]) == 1
    assert seen & ids[False] == set()
    assert len(found(world.client(Role.COORDINATOR, owner)) & (ids[True] | ids[False])) == 2


def _copy(world: World, program_id: UUID) -> dict[str, Any]:
    with world.runtime.database.transaction() as session:
        row = session.get_one(Program, program_id)
        return row.model_dump(exclude={"id", "version"})


def test_reach_is_what_it_is_at_reading_time(world: World) -> None:
    owner, partner = world.partner(), world.partner()
    program = world.program(owner)
    change = log(world, ChangeKind.ENROLMENT_CREATED, enrolment(world, program, owner, Side.MENTEE), program)
    reader = world.client(Role.CASE_HANDLER, partner)
    assert change not in found(reader)
    world.agree(program, {partner: [Responsibility.SCREEN_MENTEES]})
    assert change in found(reader)


def test_parts_follow_what_they_are_part_of(world: World) -> None:
    owner, party, foreign = world.partner(), world.partner(), world.partner()
    program = world.program(owner)
    agreement = world.agree(program, {party: [Responsibility.INFORM]})
    signed = AgreementParty(agreement_id=agreement, program_id=program, partner_id=party)
    change = log(world, ChangeKind.AGREEMENT_SIGNED, signed, program)
    for partner, is_seen in ((owner, True), (party, True), (foreign, False)):
        assert (change in found(world.client(Role.COORDINATOR, partner))) is is_seen


def test_the_feed_is_for_those_who_work_with_programs(world: World) -> None:
    for role in (Role.MENTOR, Role.EVALUATOR, Role.SYSTEM_ADMINISTRATOR):
        response = world.client(role, world.partner()).get("/changes")
        assert (response.status_code, response.json()["code"]) == (403, "access.role_not_permitted")
    assert world.anonymous.get("/changes").status_code == 401
