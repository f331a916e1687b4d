"""Is each answer what a run on the changed pool would give, and are the right questions asked?"""

import random
from dataclasses import replace
from uuid import UUID

import numpy as np
import pytest

from app.domain.errors import RuleViolation
from app.domain.glossary import AgeGroup, CefrLevel, Gender, Goal, Interest
from app.domain.matching.certificate import is_proven
from app.domain.matching.columns import columns_of
from app.domain.matching.engine import propose
from app.domain.matching.market import open_market
from app.domain.matching.model import Mentee, Mentor, Pool, arrange
from app.domain.matching.optimum import find_optimum
from app.domain.matching.policy import Policy, default_policy_document
from app.domain.matching.resolve import resolve
from app.domain.matching.what_if import (
    Answer,
    MoreMentors,
    MorePlaces,
    Question,
    Relax,
    default_questions,
    explore,
    imagine,
)
from tests.domain.matching.people import (
    EVENINGS,
    make_mentee,
    make_mentor,
    make_policy,
    make_pool,
    mentee_id,
    mentor_id,
    person_id,
)

POLICY = make_policy()
TWO_EACH = Policy.parse(default_policy_document("sv-adult-labour") | {"capacity": {"max": 2}})


def totals(pool: Pool, policy: Policy) -> tuple[int, int, int]:
    proposal = propose(pool, policy, seed=1)
    return proposal.people, proposal.priority, proposal.score


def gained(answer: Answer) -> tuple[int, int, int]:
    assert answer.is_optimal
    return answer.people_gained, answer.priority_gained, answer.score_gained


def some_pool(seed: int) -> Pool:
    """Twelve mentees and six mentors who differ in what constraints and scores look at."""
    chance = random.Random(seed)  # noqa: S311  invented people

    def person() -> dict[str, object]:
        tongue = chance.choice(["sv", "so", "ti"])
        return {
            "languages": {"sv": chance.choice(list(CefrLevel)), tongue: CefrLevel.NATIVE},
            "occupation": chance.choice([None, "2512", "2519", "5120"]),
            "place": chance.choice(["0182", "0180", "1480"]),
            "has_remote": chance.random() < 0.5,
            "availability": frozenset(chance.sample(sorted(EVENINGS), 3)),
            "interests": frozenset(chance.sample(list(Interest), 2)),
        }

    mentors: list[Mentor] = [
        make_mentor(n, **person(), capacity=chance.randrange(3), is_ready=chance.random() < 0.8) for n in range(6)
    ]
    mentees: list[Mentee] = [make_mentee(n, **person(), waiting_days=chance.randrange(120)) for n in range(12)]
    return make_pool(mentors, mentees)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("policy", [POLICY, TWO_EACH], ids=["any", "two"])
def test_every_answer_is_what_a_run_would_give(seed: int, policy: Policy) -> None:
    pool = some_pool(seed)
    before = totals(pool, policy)
    many = MoreMentors(2, places=2, languages=("ti",), occupation="2512")
    questions: list[Question] = [many, MorePlaces(mentor_id(1), 2), Relax(("place", "mentorReady")), MoreMentors(1)]
    answers = explore(pool, policy, 1, questions)
    assert [one.question for one in answers] == questions
    more = replace(pool.mentors[1], capacity=pool.mentors[1].capacity + 2)
    anywhere = policy.document() | {"constraints": policy.document()["constraints"] | {"place": {"rule": "any"}}}
    ready = tuple(replace(one, is_ready=True) for one in pool.mentors)
    changed = [
        (replace(pool, mentors=pool.mentors + imagine(many, pool, policy, 0)), policy),
        (replace(pool, mentors=(pool.mentors[0], more, *pool.mentors[2:])), policy),
        (replace(pool, mentors=ready), Policy.parse(anywhere)),
        (replace(pool, mentors=pool.mentors + imagine(MoreMentors(1), pool, policy, 0)), policy),
    ]
    for answer, (other, rules) in zip(answers, changed, strict=True):
        after = totals(other, rules)
        assert gained(answer) == tuple(now - then for now, then in zip(after, before, strict=True))
        assert gained(answer) >= (0, 0, -(10**6))


def test_scarce_language_is_worth_more_than_another() -> None:
    speaks_tigrinya = {"sv": CefrLevel.B1, "ti": CefrLevel.NATIVE}
    policy = make_policy(language={"mentorMin": None, "menteeMin": None})
    mentees = [make_mentee(n, languages={"ti": CefrLevel.NATIVE}) for n in range(7)]
    mentees += [make_mentee(n, languages=speaks_tigrinya) for n in range(7, 9)]
    pool = make_pool([make_mentor(n) for n in range(2)], mentees)
    with_tigrinya, with_french = explore(
        pool, policy, 1, [MoreMentors(3, places=2, languages=("ti",)), MoreMentors(3, places=2, languages=("fr",))]
    )
    assert (with_tigrinya.people_gained, with_french.people_gained) == (6, 0)


def test_hypothetical_mentor_is_typical_and_promises_nothing() -> None:
    mentees = [
        make_mentee(n, place="0180", availability=frozenset({8, 9, 10 + n}), goals=frozenset({Goal.START_BUSINESS}))
        for n in range(20)
    ]
    pool = make_pool([make_mentor(1)], [*mentees, make_mentee(30, place=None)])
    one, other = imagine(MoreMentors(2, places=3, languages=("ti",)), pool, POLICY, 0)
    assert {8, 9} < one.availability
    assert len(one.availability) == 10
    assert (one.place, one.has_remote, one.goals) == ("0180", True, frozenset({Goal.START_BUSINESS}))
    assert one.languages == {"sv": CefrLevel.NATIVE, "ti": CefrLevel.NATIVE}
    assert (one.gender, one.age_group, one.accepts_gender, one.employer) == (Gender.UNDISCLOSED, None, None, None)
    assert (one.capacity, one.is_ready, one.is_trained, one.is_anonymous) == (3, True, True, False)
    assert len({one.id, other.id, one.person, other.person}) == 4
    (asked,) = imagine(MoreMentors(1, gender=Gender.MALE, age_group=AgeGroup.FROM_55), pool, POLICY, 0)
    assert (asked.gender, asked.age_group) == (Gender.MALE, AgeGroup.FROM_55)


def test_hypothetical_mentor_follows_the_rule_of_the_program() -> None:
    ground = {"legalGround": "DL 2:4"}
    policy = make_policy(gender={"mentorIn": ["female"]} | ground, age={"mentorIn": ["from55"]} | ground)
    pool = make_pool([], [make_mentee(1)])
    (one,) = imagine(MoreMentors(1), pool, policy, 0)
    assert (one.gender, one.age_group) == (Gender.FEMALE, AgeGroup.FROM_55)
    (answer,) = explore(pool, policy, 1, [MoreMentors(1)])
    assert answer.people_gained == 1


def test_nobody_to_be_typical_for() -> None:
    (answer,) = explore(make_pool([make_mentor(1)], []), POLICY, 1, [MoreMentors(1)])
    assert gained(answer) == (0, 0, 0)


def test_score_floor_can_be_set_aside() -> None:
    policy = Policy.parse(default_policy_document("sv-adult-labour") | {"scoreFloor": {"least": 9_999, "raise": False}})
    pool = make_pool([make_mentor(1)], [make_mentee(1)])
    floor, place = explore(pool, policy, 1, [Relax(("scoreFloor",)), Relax(("place",))])
    assert (floor.people_gained, place.people_gained) == (1, 0)


def test_floor_that_is_set_aside_leaves_none() -> None:
    weights = dict.fromkeys(POLICY.document()["weights"], 0) | {"occupation": 1}
    document = POLICY.document() | {"scoreFloor": {"least": 1, "raise": False}, "weights": weights}
    pool = make_pool([make_mentor(1, occupation=None)], [make_mentee(1)])
    (answer,) = explore(pool, Policy.parse(document), 1, [Relax(("scoreFloor",))])
    assert gained(answer) == (1, 1, 0)


def test_language_with_as_many_places_as_speakers_is_not_scarce() -> None:
    both = {"sv": CefrLevel.B2, "ti": CefrLevel.NATIVE}
    for capacity, asked in ((2, []), (1, [("ti",)])):
        pool = make_pool(
            [make_mentor(1, languages=both, capacity=capacity)],
            [make_mentee(1, languages=both), make_mentee(2, languages=both, place="1480")],
        )
        questions = default_questions(pool, POLICY, propose(pool, POLICY, seed=1))
        assert [one.languages for one in questions[1:] if isinstance(one, MoreMentors)] == asked


@pytest.mark.parametrize("proven", [(False, True), (True, False), (True, True)])
def test_gain_is_proven_when_both_sides_of_it_are(monkeypatch: pytest.MonkeyPatch, proven: tuple[bool, bool]) -> None:
    told = iter(proven)
    monkeypatch.setattr("app.domain.matching.what_if.is_proven", lambda *_args: next(told))
    (answer,) = explore(make_pool([make_mentor(1)], [make_mentee(1)]), POLICY, 1, [Relax(("place",))])
    assert answer.is_optimal is all(proven)


@pytest.mark.parametrize("name", ["blockedPair", "genderPreference", "freePlace", "nothingKnown"])
def test_only_what_the_program_decides_can_be_set_aside(name: str) -> None:
    with pytest.raises(RuleViolation) as refusal:
        explore(make_pool([], []), POLICY, 1, [Relax(("place", name))])
    assert (refusal.value.code, refusal.value.facts) == ("matching.cannot_be_set_aside", {"constraints": [name]})


def test_places_with_nobody_are_refused() -> None:
    with pytest.raises(RuleViolation) as refusal:
        explore(make_pool([], []), POLICY, 1, [MorePlaces(UUID(int=1), 1)])
    assert refusal.value.code == "matching.mentor_unknown"
    for count, places in ((0, 1), (1, 0)):
        with pytest.raises(ValueError, match="at least one"):
            MoreMentors(count, places)


def test_pairs_that_are_decided_stay() -> None:
    pool = make_pool([make_mentor(1)], [make_mentee(1), make_mentee(2, waiting_days=90)])
    pool = replace(pool, pins=frozenset({(mentor_id(1), mentee_id(1))}))
    (answer,) = explore(pool, POLICY, 1, [MorePlaces(mentor_id(1), 1)])
    assert (answer.people_gained, answer.priority_gained) == (1, 4)


def test_solving_anew_agrees_whatever_is_known() -> None:
    for seed in range(8):
        columns = columns_of(arrange(some_pool(seed)))
        market = open_market(columns, POLICY, seed=1)
        best = find_optimum(market)
        nothing = replace(
            best.certificate, mentee_price=best.certificate.mentee_price + 10**12
        )  # nothing seems worth it
        for known in (best.certificate, nothing):
            mates, prices = resolve(market, known)
            assert is_proven(market, mates, prices)
            assert np.array_equal(market.held(mates).sum(), market.held(best.mates).sum())
        streamed = open_market(columns, POLICY, seed=1, most_kept=0)
        mates, prices = resolve(streamed, best.certificate)
        assert is_proven(streamed, mates, prices)


def test_questions_worth_asking() -> None:
    tigrinya, english = {"ti": CefrLevel.NATIVE}, {"en": CefrLevel.NATIVE}
    swedish = {"sv": CefrLevel.B2}
    mentors = [make_mentor(n, languages=swedish | english, capacity=2) for n in range(2)]
    mentees = [make_mentee(n, languages=swedish | english, waiting_days=30) for n in range(3)]
    mentees += [make_mentee(n, languages=swedish | tigrinya, needs_business_owner=True) for n in range(5, 9)]
    mentees += [make_mentee(n, languages=swedish, employer=person_id(n)) for n in range(10, 12)]
    pool = make_pool(mentors, mentees)
    questions = default_questions(pool, POLICY, propose(pool, POLICY, seed=1))
    assert questions[:3] == (MoreMentors(3), MoreMentors(3, languages=("ti",)), Relax(("businessOwner",)))
    assert [one.places for one in questions[3:] if isinstance(one, MorePlaces)] == [1, 1]
    assert not any(isinstance(one, MorePlaces) for one in default_questions(pool, TWO_EACH, propose(pool, TWO_EACH, 1)))
    assert [one.people_gained for one in explore(pool, POLICY, 1, questions)] == [1, 1, 0, 1, 1]
    alone = make_pool(mentors, mentees[:1])
    assert default_questions(alone, POLICY, propose(alone, POLICY, seed=1)) == (MoreMentors(3),)


def test_wish_is_never_a_question() -> None:
    pool = make_pool([make_mentor(1, gender=Gender.MALE)], [make_mentee(1, accepts_gender=Gender.FEMALE)])
    assert default_questions(pool, POLICY, propose(pool, POLICY, seed=1)) == (MoreMentors(3),)
    assert mentee_id(1) in {one.mentee for one in propose(pool, POLICY, seed=1).unmatched}
