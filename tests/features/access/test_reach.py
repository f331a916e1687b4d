"""Do the two forms of the read decision agree, and is what is out of reach really absent?"""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from app.domain.access import Actor, Held, Row, Verdict, decide
from app.domain.glossary import Gender, Side
from app.domain.roles import Level, Responsibility, Role
from app.features.access.tables import AccessRecord, Guarded, ResponsibilityAssignment, UserAccount
from app.features.access.visible import visible
from app.features.enrolments.tables import Enrolment
from app.features.participants.tables import Participant
from app.features.partners.tables import Partner
from app.features.programs.tables import Cohort, Program
from tests.world import World


@pytest.fixture(scope="module")
def enrolment(world: World) -> Enrolment:
    """A mentee of one partner, enrolled in another partner's unpublished program."""
    owner, holder = world.partner(), world.partner()
    program = world.program(owner, is_published=False)
    day = world.clock().date()
    days = dict.fromkeys(
        (
            "starts_on",
            "ends_on",
            "mentor_intake_from",
            "mentor_intake_until",
            "mentee_intake_from",
            "mentee_intake_until",
        ),
        day,
    )
    cohort: Cohort = world.add(Cohort(program_id=program, name="Omgång", **days))  # type: ignore[arg-type]  # six days
    person: Participant = world.add(
        Participant(partner_id=holder, given_name="Påhittad", family_name="Person", born_on=day, gender=Gender.FEMALE)
    )
    enrolled: Enrolment = world.add(
        Enrolment(
            program_id=program, cohort_id=cohort.id, participant_id=person.id, partner_id=holder, side=Side.MENTEE,
            applied_on=day,
        )
    )  # fmt: skip
    return enrolled


def actors(enrolment: Enrolment) -> list[Actor]:
    """Actors in every relation that matters to the row."""
    relations: list[dict[str, object]] = [
        {"partner_id": enrolment.partner_id},
        {"partner_id": uuid4()},
        {"partner_id": None},
        {"partner_id": uuid4(), "persons": frozenset({enrolment.participant_id})},
        {"partner_id": uuid4(), "persons": frozenset({uuid4()})},
        {"partner_id": uuid4(), "owned": frozenset({enrolment.program_id})},
        {"partner_id": uuid4(), "founding": frozenset({enrolment.program_id})},
        {"partner_id": uuid4(), "parties": frozenset({enrolment.program_id})},
        {"partner_id": uuid4(), "enrolled": frozenset({enrolment.program_id})},
    ]
    relations += [
        {"partner_id": uuid4(), "duties": frozenset({Held(program, duty, level)})}
        for program in (enrolment.program_id, uuid4())
        for duty in Responsibility
        for level in Level
    ]
    return [
        Actor(user_id=uuid4(), role=role, scopes=None, **relation)  # type: ignore[arg-type]  # keyword sets
        for role in Role
        for relation in relations
    ]


def facts(row: Guarded) -> Row:
    reach = row.reach
    return Row(
        side=getattr(row, reach.side) if reach.side else None,
        program_id=getattr(row, reach.program) if reach.program else None,
        holders=frozenset(getattr(row, name) for name in reach.holders),
        persons=frozenset(getattr(row, name) for name in reach.persons),
    )


@pytest.mark.parametrize("kind", [Enrolment, Program, Partner])
def test_sql_and_python_decide_alike(world: World, enrolment: Enrolment, kind: type[Guarded]) -> None:
    ids = {Enrolment: enrolment.id, Program: enrolment.program_id, Partner: enrolment.partner_id}
    with Session(world.engine) as session:
        row = session.get_one(kind, ids[kind])
        expected = facts(row)
        for actor in actors(enrolment):
            seen = session.exec(select(kind.id).where(kind.id == row.id, visible(kind, actor))).first() is not None
            assert seen == (decide(actor, kind.reach.read, expected) is Verdict.ALLOWED), actor


def test_a_participant_is_reached_through_enrolments_of_the_right_side_only(world: World, enrolment: Enrolment) -> None:
    with Session(world.engine) as session:
        for duty in Responsibility:
            held = frozenset({Held(enrolment.program_id, duty, Level.ACCOUNTABLE)})
            actor = Actor(uuid4(), Role.CASE_HANDLER, uuid4(), duties=held)
            seen = session.exec(select(Participant.id).where(visible(Participant, actor))).first() is not None
            assert seen == (duty in {Responsibility.SCREEN_MENTEES, Responsibility.HOLD_PERSONAL_DATA}), duty


def test_what_is_out_of_reach_looks_like_what_does_not_exist(world: World, enrolment: Enrolment) -> None:
    stranger = world.client(Role.CASE_HANDLER, world.partner())
    for path in ("/enrolments/{}", "/participants/{}", "/programs/{}"):
        ids = {"/enrolments/{}": enrolment.id, "/participants/{}": enrolment.participant_id}
        hidden = stranger.get(path.format(ids.get(path, enrolment.program_id)))
        absent = stranger.get(path.format(uuid4()))
        strip = [{**a.json(), "instance": "", "traceId": ""} for a in (hidden, absent)]
        assert (hidden.status_code, strip[0]) == (404, strip[1])
        assert hidden.headers.keys() == absent.headers.keys()


def test_a_duty_counts_from_its_first_day_to_its_last(world: World) -> None:
    owner, partner = world.partner(), world.partner()
    program = world.program(owner)
    agreement = world.agree(program, {owner: [Responsibility.DEFINE_PURPOSE]})
    day = world.clock().date() + timedelta(days=10)
    world.add(
        ResponsibilityAssignment(
            program_id=program, partner_id=partner, duty=Responsibility.PROPOSE_MATCHES, level=Level.ACCOUNTABLE,
            agreement_id=agreement, valid_from=day, valid_until=day + timedelta(days=1),
        )
    )  # fmt: skip
    client = world.client(Role.COORDINATOR, partner)
    began = world.clock()
    seen = []
    for _ in range(13):
        seen.append(client.get(f"/programs/{program}/match-runs").status_code)
        world.clock.advance(timedelta(days=1))
    world.clock.advance(began - world.clock())
    assert seen == [403] * 10 + [200] * 2 + [403]


def test_reads_of_personal_data_and_refusals_are_recorded(world: World, enrolment: Enrolment) -> None:
    handler = world.client(Role.CASE_HANDLER, enrolment.partner_id)
    me = UUID(handler.get("/me").json()["id"])
    assert handler.get(f"/enrolments/{enrolment.id}").status_code == 200
    assert handler.post("/programs", {}).status_code == 403
    with Session(world.engine) as session:
        records = session.exec(
            select(AccessRecord).where(AccessRecord.user_id == me).order_by(AccessRecord.id)  # type: ignore[arg-type]  # a column
        ).all()
    assert [(r.permission, r.decision, r.subject_id) for r in records] == [
        ("enrolment:read", "allowed", enrolment.id),
        ("program:create", "refused", None),
    ]


def test_a_locked_user_a_changed_role_and_an_ended_session_are_stale(world: World) -> None:
    partner = world.partner()
    for change in ({"is_locked": True}, {"auth_version": 7}, {"role": Role.EVALUATOR}):
        client = world.client(Role.COORDINATOR, partner)
        me = UUID(client.get("/me").json()["id"])
        with Session(world.engine) as session:
            session.info["is_unrecorded"] = True
            user = session.get_one(UserAccount, me)
            for name, value in change.items():
                setattr(user, name, value)
            session.commit()
        refused = client.get("/me")
        assert (refused.status_code, refused.json()["code"]) == (401, "auth.token_stale"), change


def test_a_malformed_id_is_not_found_and_never_echoed(world: World) -> None:
    response = world.client(Role.CASE_HANDLER, world.partner()).get("/participants/19800517-1234")
    assert response.status_code == 404
    assert "1234" not in json.dumps({**response.json(), "instance": ""})
