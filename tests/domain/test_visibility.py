"""Does the table of fields say what it should, and is each actor put in the right capacity?

Every cell is tested over HTTP against a golden file written by hand: `tests/contracts/test_field_matrix.py`.
"""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

import pytest

from app.domain import visibility
from app.domain.access import Actor, Held
from app.domain.glossary import Side
from app.domain.lifecycles import MatchStatus
from app.domain.roles import Level, Responsibility, Role
from app.domain.visibility import STAGE_OF, TABLE, Audience, FieldClass, Stage, Subject, audiences_of, fields_shown

ME, OTHER, PERSON = UUID(int=1), UUID(int=2), UUID(int=3)
HOLDER, OTHER_HOLDER, STRANGER, PROGRAM = UUID(int=4), UUID(int=5), UUID(int=6), UUID(int=7)
SUBJECT = Subject(Side.MENTEE, PROGRAM, PERSON, HOLDER, OTHER, OTHER_HOLDER, Stage.ACCEPTED)
D, A = Responsibility, Audience


def actor(
    role: Role, partner: UUID | None = STRANGER, duties: Iterable[Responsibility] = (), program: UUID = PROGRAM
) -> Actor:
    held = frozenset(Held(program, duty, Level.ACCOUNTABLE) for duty in duties)
    return Actor(ME, role, partner, duties=held)


def test_every_cell_is_made_of_known_letters_and_every_field_is_classified() -> None:
    for kind, *cells in TABLE.values():
        assert kind in FieldClass
        assert len(cells) == len(Audience)
        assert all(cell == "-" or (cell and set(cell) <= set("pPASEC")) for cell in cells)
    assert set(STAGE_OF) == set(MatchStatus)


def test_no_background_is_ever_told_to_the_other_side() -> None:
    for field, (kind, *cells) in TABLE.items():
        if kind is FieldClass.SENSITIVE:
            assert cells[-2:] == ["-", "-"], field
    assert TABLE["born_on"][-2:] == ("-", "-")


def test_nobody_but_the_consenting_is_shown_to_the_other_side_before_both_accept() -> None:
    assert all("P" not in row[-1] + row[-2] for row in TABLE.values())
    assert all("p" not in cell for row in TABLE.values() for cell in row[1:-2])


@pytest.mark.parametrize(
    ("looking", "expected"),
    [
        (actor(Role.CASE_HANDLER, HOLDER), {A.HOLDER}),
        (actor(Role.COORDINATOR, HOLDER), set()),
        (actor(Role.PARTNER_ADMINISTRATOR, HOLDER), set()),
        (actor(Role.CASE_HANDLER, OTHER_HOLDER), {A.COUNTERPART_HOLDER}),
        (actor(Role.COORDINATOR, OTHER_HOLDER), {A.COUNTERPART_HOLDER}),
        (actor(Role.PARTNER_ADMINISTRATOR, OTHER_HOLDER), set()),
        (actor(Role.CASE_HANDLER, duties=[D.SCREEN_MENTEES]), {A.DUTY}),
        (actor(Role.CASE_HANDLER, duties=[D.HOLD_PERSONAL_DATA]), {A.DUTY}),
        (actor(Role.COORDINATOR, duties=[D.SCREEN_MENTEES]), set()),
        (actor(Role.CASE_HANDLER, duties=[D.SCREEN_MENTORS]), set()),
        (actor(Role.CASE_HANDLER, duties=[D.SCREEN_MENTEES], program=STRANGER), set()),
        (actor(Role.COORDINATOR, duties=[D.PROPOSE_MATCHES]), {A.MATCHER}),
        (actor(Role.COORDINATOR, duties=[D.APPROVE_MATCHES, D.FOLLOW_UP_MATCHES]), {A.MATCHER, A.FOLLOWER}),
        (actor(Role.CASE_HANDLER, duties=[D.SIGN_MATCH_AGREEMENTS]), {A.FOLLOWER}),
        (actor(Role.COORDINATOR, duties=[D.PROPOSE_MATCHES], program=STRANGER), set()),
        (actor(Role.EVALUATOR, HOLDER, [D.PROPOSE_MATCHES]), set()),
        (actor(Role.SYSTEM_ADMINISTRATOR, None), set()),
        (actor(Role.MENTOR, HOLDER, [D.PROPOSE_MATCHES]), set()),
        (replace(actor(Role.MENTOR, HOLDER), persons=frozenset({OTHER})), {A.COUNTERPART}),
        (replace(actor(Role.MENTEE, HOLDER), persons=frozenset({PERSON})), {A.SELF}),
        (replace(actor(Role.SERVICE, HOLDER), scopes=frozenset({"match:read"})), set()),
        (
            replace(actor(Role.SERVICE, HOLDER, [D.PROPOSE_MATCHES]), scopes=frozenset({"match:read"})),
            set(),
        ),
        (
            replace(
                actor(Role.SERVICE, HOLDER, [D.PROPOSE_MATCHES]),
                scopes=frozenset({"match:read", "participant:read"}),
            ),
            {A.HOLDER, A.MATCHER},
        ),
        (replace(actor(Role.SERVICE, HOLDER), scopes=frozenset({"participant:read"})), set()),
    ],
)
def test_in_which_capacity_somebody_looks(looking: Actor, expected: set[Audience]) -> None:
    assert audiences_of(looking, SUBJECT) == expected


EVERY_DUTY = actor(Role.CASE_HANDLER, HOLDER, Responsibility)
CLEARED = replace(EVERY_DUTY, cleared=frozenset({HOLDER}))
ELSEWHERE = actor(Role.CASE_HANDLER, OTHER_HOLDER, Responsibility)
THEMSELF = replace(actor(Role.MENTEE, HOLDER), persons=frozenset({PERSON}))
COUNTERPART = replace(actor(Role.MENTOR, HOLDER), persons=frozenset({OTHER}))


@pytest.mark.parametrize(
    ("over", "looking", "expected"),
    [
        ("is_protected", EVERY_DUTY, set()),
        ("is_protected", CLEARED, {A.HOLDER}),
        ("is_protected", replace(ELSEWHERE, cleared=frozenset({HOLDER})), set()),
        ("is_protected", replace(EVERY_DUTY, cleared=frozenset({OTHER_HOLDER})), set()),
        ("is_protected", THEMSELF, {A.SELF}),
        ("is_protected", COUNTERPART, set()),
        ("is_anonymous", EVERY_DUTY, {A.HOLDER, A.DUTY, A.MATCHER, A.FOLLOWER}),
        ("is_anonymous", ELSEWHERE, set()),
        ("is_anonymous", COUNTERPART, set()),
        ("has_withdrawn", EVERY_DUTY, {A.HOLDER, A.DUTY, A.MATCHER, A.FOLLOWER}),
        ("has_withdrawn", ELSEWHERE, set()),
        ("has_withdrawn", THEMSELF, {A.SELF}),
        ("has_withdrawn", COUNTERPART, set()),
    ],
)
def test_concealment_narrows_who_looks(over: str, looking: Actor, expected: set[Audience]) -> None:
    assert audiences_of(looking, replace(SUBJECT, **{over: True})) == expected  # type: ignore[arg-type]  # flags


def test_the_anonymous_have_no_identity_even_for_the_holder() -> None:
    seen = fields_shown(EVERY_DUTY, replace(SUBJECT, is_anonymous=True))
    assert {"gender", "birth_year", "languages"} <= seen
    assert not {field for field in seen if TABLE[field][0] in visibility.NAMING}


def test_several_capacities_add_up() -> None:
    both = actor(Role.COORDINATOR, duties=[D.PROPOSE_MATCHES, D.FOLLOW_UP_MATCHES])
    matching = fields_shown(actor(Role.COORDINATOR, duties=[D.PROPOSE_MATCHES]), SUBJECT)
    following = fields_shown(actor(Role.COORDINATOR, duties=[D.FOLLOW_UP_MATCHES]), SUBJECT)
    assert matching
    assert following
    assert fields_shown(both, SUBJECT) == matching | following
    assert "born_on" not in matching | following


def test_consent_opens_the_profile_to_the_other_side_and_nothing_else() -> None:
    proposed = replace(SUBJECT, stage=Stage.PROPOSED)
    assert fields_shown(COUNTERPART, proposed) == frozenset()
    consenting = replace(proposed, is_shown_in_proposals=True)
    profile = {"languages", "occupation_code", "skills", "is_business_owner", "goals", "interests", "has_remote"}
    assert fields_shown(COUNTERPART, consenting) == profile
    assert fields_shown(actor(Role.COORDINATOR, OTHER_HOLDER), consenting) == profile
    called_off = replace(consenting, stage=Stage.CALLED_OFF)
    assert fields_shown(COUNTERPART, called_off) == frozenset()
