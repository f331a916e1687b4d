"""What would it take for more people to begin? The same pool a little changed, solved anew, beside what it gives now.

A hypothetical mentor is nobody in particular, and makes no promises that a real one may not keep: speaks the program's
language and those asked for as mother tongues; is free in the hours of the week that most mentees of the pool are;
lives in the place and helps with the goal that are the commonest among them, and can meet at a distance; has the
occupation asked for or none, no skills, interests, employer or wishes; is ready and trained; is known by name to every
partner. Gender and age are those asked for, else one that the program's own rule demands, else not known: a mentee who
wishes for a certain one is then not theirs.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar
from uuid import UUID, uuid5

import numpy as np

from app.domain.errors import RuleViolation
from app.domain.glossary import AgeGroup, CefrLevel, Gender
from app.domain.matching.certificate import Certificate, is_proven
from app.domain.matching.columns import Codes, columns_of
from app.domain.matching.group_sizes import limits_of
from app.domain.matching.groups import find_groups
from app.domain.matching.market import SCORE_FLOOR, Market, open_market
from app.domain.matching.model import Mentor, Pool, arrange
from app.domain.matching.optimum import find_optimum
from app.domain.matching.pairs import Finder, find_pairs
from app.domain.matching.policy import GroupSize, Policy, Restriction
from app.domain.matching.proposal import Proposal
from app.domain.matching.resolve import resolve
from app.domain.matching.scoring import ENOUGH_HOURS
from app.domain.matching.solver import UNMATCHED

# What a program decides, and can decide otherwise. The rest are facts, people's own wishes, and what they have declined.
CAN_BE_SET_ASIDE = frozenset(
    {
        "mentorReady", "menteeReady", "mentorTraining", "menteeTraining", "menteeLanguage", "mentorLanguage",
        "sharedLanguage", "availability", "place", "mentorGender", "mentorAge", "businessOwner", "sameEmployer",
        "ownCaseWorker", "sameHousehold", SCORE_FLOOR,
    }
)  # fmt: skip
_NOBODY = UUID("6f1c9a52-6c0e-4c53-9e7b-6a0d4c1f7f10")  # the namespace of hypothetical people
_MORE_MENTORS = 3  # asked about when nobody says how many
_OF_EACH_KIND = 3  # questions that nobody asked
Value = TypeVar("Value", bound=Hashable)


@dataclass(frozen=True, slots=True)
class MoreMentors:
    """`count` more mentors, typical but for what is said here. Construction raises ValueError for none of them."""

    count: int
    places: int = 1  # of each
    languages: tuple[str, ...] = ()  # ISO 639, besides the program's own
    occupation: str | None = None  # SSYK 2012
    is_business_owner: bool = False
    gender: Gender | None = None
    age_group: AgeGroup | None = None

    def __post_init__(self) -> None:
        if self.count < 1 or self.places < 1:
            raise ValueError("count, places: at least one mentor with at least one place")


@dataclass(frozen=True, slots=True)
class Relax:
    """These conditions set aside together."""

    constraints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MorePlaces:
    """`places` more with this mentor, as far as the policy lets one mentor have so many."""

    mentor: UUID
    places: int


Question = MoreMentors | Relax | MorePlaces


@dataclass(frozen=True, slots=True)
class Answer:
    """The best matching after the change less the best before it, in lexical order never below nothing.

    The score alone may fall, when more people are served by other pairs.
    """

    question: Question
    people_gained: int
    priority_gained: int  # tiers of waiting, together
    score_gained: int
    is_optimal: bool  # both are proven to be the best, by bounds over all possible pairs


def explore(pool: Pool, policy: Policy, seed: int, questions: Sequence[Question]) -> tuple[Answer, ...]:
    """What each change alone would gain, in the order of the questions.

    The lowest score is the policy's own before and after: it is not raised. Raises RuleViolation as `propose` does,
    `matching.mentor_unknown`, or `matching.cannot_be_set_aside` with the names.
    """
    imagined = [
        imagine(one, pool, policy, at) if isinstance(one, MoreMentors) else () for at, one in enumerate(questions)
    ]
    # all in one market, without a place until their question comes: then nothing has to be computed twice
    idle = [replace(mentor, capacity=0) for some in imagined for mentor in some]
    market = open_market(columns_of(arrange(replace(pool, mentors=(*pool.mentors, *idle)))), policy, seed)
    known, before = _solve(market)
    answers = []
    for question, mentors in zip(questions, imagined, strict=True):
        changed = _change(question, mentors, market)
        after = _in_groups(changed, policy.group) if policy.group else _sum_up(changed, *resolve(changed, known))
        answers.append(_compare(question, before, after))
    return tuple(answers)


def imagine(question: MoreMentors, pool: Pool, policy: Policy, number: int) -> tuple[Mentor, ...]:
    """The hypothetical mentors that question `number` asks about."""
    mentees = pool.mentees
    hours = _commonest(
        (hour for one in mentees for hour in one.availability), max(ENOUGH_HOURS, policy.min_overlap_hours)
    )
    places = _commonest((one.place for one in mentees if one.place is not None), 1)
    return tuple(
        Mentor(
            id=uuid5(_NOBODY, f"enrolment {number} {nth}"),
            person=uuid5(_NOBODY, f"person {number} {nth}"),
            holder=_NOBODY,
            is_anonymous=False,
            languages=dict.fromkeys((policy.language.code, *question.languages), CefrLevel.NATIVE),
            occupation=question.occupation,
            skills=frozenset(),
            interests=frozenset(),
            place=places[0] if places else None,
            has_remote=True,
            availability=frozenset(hours),
            goals=frozenset(_commonest((goal for one in mentees for goal in one.goals), 1)),
            gender=question.gender or Gender(_demanded(policy.gender) or Gender.UNDISCLOSED),
            accepts_gender=None,
            age_group=question.age_group or _age(_demanded(policy.age)),
            accepts_age_groups=frozenset(),
            employer=None,
            is_ready=True,
            is_trained=True,
            capacity=question.places,
            is_business_owner=question.is_business_owner,
        )
        for nth in range(question.count)
    )


def default_questions(pool: Pool, policy: Policy, proposal: Proposal) -> tuple[Question, ...]:
    """What is worth asking after a run, a few of each kind and the most promising first.

    Mentors of the languages that most unmatched mentees speak, among the scarce ones: those that more mentees of the
    pool speak than there are places with mentors who do. The conditions that for most unmatched mentees alone keep
    somebody away. One more place where the proof says that it is worth most; with groups no place has a price.
    """
    more = MoreMentors(1, places=policy.group.most) if policy.group else MoreMentors(_MORE_MENTORS)
    return (
        more,
        *(replace(more, languages=(code,)) for code in _scarce_languages(pool, policy, proposal)),
        *(Relax((name,)) for name in _sole_blockers(proposal)),
        *(MorePlaces(mentor, 1) for mentor in _dearest_mentors(pool, policy, proposal)),
    )


@dataclass(frozen=True, slots=True)
class _Outcome:
    people: int
    priority: int
    score: int
    is_optimal: bool


def _solve(market: Market) -> tuple[Certificate, _Outcome]:
    if market.policy.group:
        nothing = Certificate(np.zeros(market.mentees, dtype=np.int64), np.zeros(market.mentors, dtype=np.int64))
        return nothing, _in_groups(market, market.policy.group)
    found = find_optimum(market)
    return found.certificate, _sum_up(market, found.mates, found.certificate)


def _sum_up(market: Market, mates: Codes, certificate: Certificate) -> _Outcome:
    return _Outcome(*_totals(market, mates), is_proven(market, mates, certificate))


def _in_groups(market: Market, size: GroupSize) -> _Outcome:
    found = find_groups(market, limits_of(market, size))
    return _Outcome(*_totals(market, found.mates), is_optimal=found.proven == len(found.proofs))


def _totals(market: Market, mates: Codes) -> tuple[int, int, int]:
    rows = np.flatnonzero(mates != UNMATCHED)
    return len(rows), int(market.priority[rows].sum()), int(market.scorer.score(rows, mates[rows]).sum())


def _compare(question: Question, before: _Outcome, after: _Outcome) -> Answer:
    return Answer(
        question,
        after.people - before.people,
        after.priority - before.priority,
        after.score - before.score,
        before.is_optimal and after.is_optimal,
    )


def _change(question: Question, imagined: Sequence[Mentor], market: Market) -> Market:
    if isinstance(question, Relax):
        return _set_aside(frozenset(question.constraints), market)
    if isinstance(question, MorePlaces):
        return _add_places(market, {question.mentor: question.places})
    return _add_places(market, {one.id: question.places for one in imagined})


def _set_aside(names: frozenset[str], market: Market) -> Market:
    if not names <= CAN_BE_SET_ASIDE:
        raise RuleViolation("matching.cannot_be_set_aside", constraints=sorted(names - CAN_BE_SET_ASIDE))
    left = tuple(one for one in market.constraints if one.name not in names)
    floor = 0 if SCORE_FLOOR in names else market.floor
    pairs = find_pairs(Finder(left, market.scorer, market.mentors, market.left_out, floor))
    return replace(market, constraints=left, floor=floor, pairs=pairs)


def _add_places(market: Market, places: Mapping[UUID, int]) -> Market:
    """More places, no further than the policy lets one mentor have them."""
    at_of = {one: at for at, one in enumerate(market.columns.mentors.ids)}
    most = market.policy.most_mentees
    capacity = market.capacity.copy()
    for mentor, more in places.items():
        if mentor not in at_of:
            raise RuleViolation("matching.mentor_unknown", mentor=str(mentor))
        at = at_of[mentor]
        left = more if most is None else most - int(market.columns.capacity[at])
        capacity[at] += max(0, min(more, left))
    return replace(market, capacity=capacity)


def _scarce_languages(pool: Pool, policy: Policy, proposal: Proposal) -> list[str]:
    unmatched = {one.mentee for one in proposal.unmatched}
    places: Counter[str] = Counter()
    for mentor in pool.mentors:
        places.update(dict.fromkeys(mentor.languages, mentor.capacity))
    speakers = Counter(code for one in pool.mentees for code in one.languages)
    without = (code for one in pool.mentees if one.id in unmatched for code in one.languages)
    scarce = (code for code in without if code != policy.language.code and speakers[code] > places[code])
    return _commonest(scarce, _OF_EACH_KIND)


def _sole_blockers(proposal: Proposal) -> list[str]:
    alone = (one.constraint for left in proposal.unmatched for one in left.blocking if one.sole_blocker)
    return _commonest((name for name in alone if name in CAN_BE_SET_ASIDE), _OF_EACH_KIND)


def _dearest_mentors(pool: Pool, policy: Policy, proposal: Proposal) -> list[UUID]:
    most = policy.most_mentees
    can_have_more = [one.id for one in pool.mentors if most is None or one.capacity < most]
    price = proposal.duals.mentors
    dear = sorted((one for one in can_have_more if price[one]), key=lambda one: (-price[one], one.bytes))
    return dear[:_OF_EACH_KIND]


def _demanded(rule: Restriction) -> str | None:
    return min(rule.mentor_in) if rule.mentor_in else None


def _age(demanded: str | None) -> AgeGroup | None:
    return None if demanded is None else AgeGroup(demanded)


def _commonest(values: Iterable[Value], count: int) -> list[Value]:
    """The first `count` by how often they occur; among as common, in the order of their text."""
    found = Counter(values)
    return sorted(found, key=lambda one: (-found[one], f"{one!s:>3}"))[:count]
