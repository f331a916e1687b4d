"""Does the one decision say what the grant table says, and does the table keep the promises of SECURITY?"""

from typing import Any
from uuid import UUID, uuid4

import pytest

from app.domain.access import Actor, Held, Row, Verdict, decide, permissions_in
from app.domain.glossary import Side
from app.domain.grants import DUTIES_OF_SIDE, GRANTS, PERSONAL, SIDED
from app.domain.roles import Level, Permission, Responsibility, Role

PARTNER, OTHER, PROGRAM, PERSON = (UUID(int=number) for number in range(1, 5))


def actor(role: Role = Role.COORDINATOR, **over: object) -> Actor:
    return Actor(user_id=UUID(int=9), role=role, partner_id=PARTNER, **over)  # type: ignore[arg-type]  # tests say what they mean


def holding(duty: Responsibility, level: Level = Level.ACCOUNTABLE, role: Role = Role.COORDINATOR) -> Actor:
    return actor(role, duties=frozenset({Held(PROGRAM, duty, level)}))


IN_PROGRAM = Row(program_id=PROGRAM)


def test_every_permission_has_a_grant_that_somebody_can_use() -> None:
    assert set(GRANTS) == set(Permission)
    for permission, grant in GRANTS.items():
        ways = (
            grant.duties
            or grant.founder
            or grant.owner
            or grant.holder
            or grant.person
            or grant.party
            or grant.anyone
            or grant.ally
            or grant.author
        )
        assert grant.roles, permission
        assert ways, permission


def test_a_system_administrator_can_never_read_personal_data() -> None:
    for permission in PERSONAL:
        assert Role.SYSTEM_ADMINISTRATOR not in GRANTS[permission].roles
        assert Role.EVALUATOR not in GRANTS[permission].roles


def test_the_data_protection_officer_and_the_administrator_read_registers_and_no_content() -> None:
    for permission in PERSONAL - {Permission.DATA_REQUEST_READ}:  # which request came in when, and what became of it
        assert Role.PRIVACY_OFFICER not in GRANTS[permission].roles
        assert Role.PARTNER_ADMINISTRATOR not in GRANTS[permission].roles


def test_the_role_is_asked_first() -> None:
    mentor = holding(Responsibility.APPROVE_MATCHES, role=Role.MENTOR)
    assert decide(mentor, Permission.MATCH_RUN_APPROVE, IN_PROGRAM) is Verdict.ROLE_LACKS


def test_a_scope_is_a_ceiling() -> None:
    service = Actor(UUID(int=9), Role.SERVICE, PARTNER, scopes=frozenset({"partner:read"}))
    assert decide(service, Permission.PARTNER_READ, Row()) is Verdict.ALLOWED
    assert decide(service, Permission.PROGRAM_CREATE, Row()) is Verdict.ROLE_LACKS


@pytest.mark.parametrize(
    ("level", "verdict"), [(Level.ACCOUNTABLE, Verdict.ALLOWED), (Level.SUPPORTING, Verdict.DUTY_LACKS)]
)
def test_approving_needs_the_accountable_partner(level: Level, verdict: Verdict) -> None:
    assert decide(holding(Responsibility.APPROVE_MATCHES, level), Permission.MATCH_RUN_APPROVE, IN_PROGRAM) is verdict


def test_supporting_is_enough_where_the_grant_says_so() -> None:
    supporter = holding(Responsibility.PROPOSE_MATCHES, Level.SUPPORTING)
    assert decide(supporter, Permission.MATCH_RUN_CREATE, IN_PROGRAM) is Verdict.ALLOWED


def test_a_duty_in_another_program_does_not_count() -> None:
    elsewhere = actor(duties=frozenset({Held(uuid4(), Responsibility.APPROVE_MATCHES, Level.ACCOUNTABLE)}))
    assert decide(elsewhere, Permission.MATCH_RUN_APPROVE, IN_PROGRAM) is Verdict.DUTY_LACKS


def test_a_duty_does_not_reach_a_row_without_a_program() -> None:
    assert decide(holding(Responsibility.APPROVE_MATCHES), Permission.MATCH_RUN_APPROVE, Row()) is Verdict.DUTY_LACKS


@pytest.mark.parametrize("side", Side)
def test_a_sided_duty_counts_for_its_own_side_only(side: Side) -> None:
    screening = {Side.MENTOR: Responsibility.SCREEN_MENTORS, Side.MENTEE: Responsibility.SCREEN_MENTEES}
    screener = holding(screening[side], role=Role.CASE_HANDLER)
    for other in Side:
        verdict = decide(screener, Permission.ENROLMENT_SCREEN, Row(program_id=PROGRAM, side=other))
        assert (verdict is Verdict.ALLOWED) == (other is side)


def test_sided_duties_are_three_a_side() -> None:
    assert len(SIDED) == 6
    assert DUTIES_OF_SIDE[Side.MENTOR].isdisjoint(DUTIES_OF_SIDE[Side.MENTEE])


def test_the_founder_prepares_until_an_agreement_comes_into_force() -> None:
    founder = actor(founding=frozenset({PROGRAM}), owned=frozenset({PROGRAM}))
    later = actor(owned=frozenset({PROGRAM}))
    assert decide(founder, Permission.PROGRAM_UPDATE, IN_PROGRAM) is Verdict.ALLOWED
    assert decide(later, Permission.PROGRAM_UPDATE, IN_PROGRAM) is Verdict.DUTY_LACKS
    assert decide(later, Permission.AGREEMENT_DRAFT, IN_PROGRAM) is Verdict.ALLOWED


def test_a_party_signs_and_others_do_not() -> None:
    assert decide(actor(parties=frozenset({PROGRAM})), Permission.AGREEMENT_SIGN, IN_PROGRAM) is Verdict.ALLOWED
    assert decide(actor(), Permission.AGREEMENT_SIGN, IN_PROGRAM) is Verdict.DUTY_LACKS


def test_holders_reach_their_own_rows_but_mentors_only_themselves() -> None:
    held = Row(holders=frozenset({PARTNER}), persons=frozenset({PERSON}))
    assert decide(actor(Role.CASE_HANDLER), Permission.PARTICIPANT_READ, held) is Verdict.ALLOWED
    assert decide(actor(Role.MENTOR), Permission.PARTICIPANT_READ, held) is Verdict.DUTY_LACKS
    assert decide(actor(Role.MENTOR, persons=frozenset({PERSON})), Permission.PARTICIPANT_READ, held) is Verdict.ALLOWED
    foreign = Row(holders=frozenset({OTHER}))
    assert decide(actor(Role.CASE_HANDLER), Permission.PARTICIPANT_READ, foreign) is Verdict.DUTY_LACKS


def test_somebody_without_a_partner_holds_nothing() -> None:
    free = Actor(UUID(int=9), Role.CASE_HANDLER, None)
    assert decide(free, Permission.PARTICIPANT_READ, Row(holders=frozenset({PARTNER}))) is Verdict.DUTY_LACKS


def test_whom_a_row_names_reports_and_changes_nothing() -> None:
    measure = Row(holders=frozenset({OTHER}), named=frozenset({PARTNER}))
    assert decide(actor(), Permission.PLAN_REPORT, measure) is Verdict.ALLOWED
    assert decide(actor(), Permission.PLAN_UPDATE, measure) is Verdict.DUTY_LACKS
    assert decide(actor(), Permission.PLAN_REPORT, Row(named=frozenset({OTHER}))) is Verdict.DUTY_LACKS
    free = Actor(UUID(int=9), Role.CASE_HANDLER, None)
    assert decide(free, Permission.PLAN_REPORT, measure) is Verdict.DUTY_LACKS


def test_permissions_are_explained_by_the_duties_they_rest_on() -> None:
    coordinator = holding(Responsibility.PROPOSE_MATCHES)
    explained = permissions_in(coordinator, PROGRAM)
    assert explained[Permission.MATCH_RUN_CREATE] == coordinator.duties
    assert explained[Permission.PARTNER_READ] == frozenset()
    assert Permission.MATCH_RUN_APPROVE not in explained
    assert Permission.MATCH_RUN_CREATE not in permissions_in(coordinator, uuid4())
    assert Permission.PARTICIPANT_READ not in explained


READ_BY_TAKING_PART = {
    Permission.PROGRAM_READ,
    Permission.COHORT_READ,
    Permission.INFORMATION_READ,
    Permission.MATCH_TEXT_READ,
    Permission.WORKPLACE_READ,
}


@pytest.mark.parametrize("role", [Role.MENTOR, Role.MENTEE, Role.COORDINATOR])
def test_who_takes_part_reads_about_the_program_and_nothing_more(role: Role) -> None:
    member = actor(role, enrolled=frozenset({PROGRAM}))
    opened = {
        permission
        for permission in Permission
        if not GRANTS[permission].anyone and decide(member, permission, IN_PROGRAM) is Verdict.ALLOWED
    }
    assert opened == READ_BY_TAKING_PART
    assert permissions_in(member, PROGRAM).keys() >= READ_BY_TAKING_PART
    for permission in READ_BY_TAKING_PART:
        assert decide(member, permission, Row(program_id=OTHER)) is Verdict.DUTY_LACKS
        assert decide(actor(role), permission, IN_PROGRAM) is Verdict.DUTY_LACKS


@pytest.mark.parametrize("role", [Role.MENTOR, Role.MENTEE])
def test_the_partners_duties_are_not_the_mentors_or_mentees(role: Role) -> None:
    everything = frozenset(Held(PROGRAM, duty, Level.ACCOUNTABLE) for duty in Responsibility)
    person = actor(
        role,
        duties=everything,
        owned=frozenset({PROGRAM}),
        founding=frozenset({PROGRAM}),
        parties=frozenset({PROGRAM}),
        persons=frozenset({PERSON}),
    )
    for permission in Permission:
        if not GRANTS[permission].anyone:
            assert decide(person, permission, IN_PROGRAM) is not Verdict.ALLOWED, permission


@pytest.mark.parametrize(
    "over",
    [
        {"allied": frozenset({PROGRAM})},
        {"owned": frozenset({PROGRAM})},
        {"duties": frozenset({Held(PROGRAM, Responsibility.FUND, Level.SUPPORTING)})},
    ],
)
def test_allies_own_sign_or_hold_a_duty(over: dict[str, Any]) -> None:
    assert decide(actor(**over), Permission.CHANNEL_READ, IN_PROGRAM) is Verdict.ALLOWED
    assert decide(actor(Role.SERVICE, **over), Permission.CHANNEL_READ, IN_PROGRAM) is Verdict.ROLE_LACKS
    assert decide(actor(Role.MENTOR, **over), Permission.CHANNEL_READ, IN_PROGRAM) is Verdict.ROLE_LACKS


def test_whoever_is_only_asked_to_sign_is_no_ally() -> None:
    invited = actor(parties=frozenset({PROGRAM}))
    assert decide(invited, Permission.AGREEMENT_READ, IN_PROGRAM) is Verdict.ALLOWED
    assert decide(invited, Permission.CHANNEL_READ, IN_PROGRAM) is Verdict.DUTY_LACKS


def test_what_is_said_is_changed_by_its_author_alone() -> None:
    own = Row(program_id=PROGRAM, authors=frozenset({UUID(int=9)}))
    assert decide(actor(), Permission.CHANNEL_EDIT, own) is Verdict.ALLOWED
    owner = actor(owned=frozenset({PROGRAM}))
    assert (
        decide(owner, Permission.CHANNEL_EDIT, Row(program_id=PROGRAM, authors=frozenset({OTHER})))
        is Verdict.DUTY_LACKS
    )
