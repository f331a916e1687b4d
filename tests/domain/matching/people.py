"""Who are the invented people of the matching tests? Factories whose people all fit each other until changed."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from app.domain.glossary import AgeGroup, CefrLevel, Gender, Goal, RuledOut
from app.domain.matching.model import Mentee, Mentor, Pool
from app.domain.matching.policy import Policy, default_policy_document
from app.domain.matching.proposal import Proposal

EVENINGS = frozenset(range(17, 21)) | frozenset(range(41, 45))
HOLDER = UUID(int=0xD000_0000)
SAME: dict[str, Any] = {
    "holder": HOLDER,
    "is_anonymous": False,
    "languages": {"sv": CefrLevel.B2},
    "occupation": "2512",
    "place": "0182",
    "has_remote": False,
    "availability": EVENINGS,
    "goals": frozenset({Goal.FIND_WORK}),
    "gender": Gender.UNDISCLOSED,
    "accepts_gender": None,
    "employer": None,
    "age_group": AgeGroup.FROM_25_TO_39,
    "accepts_age_groups": frozenset(),
    "skills": frozenset(),
    "interests": frozenset(),
    "is_ready": True,
    "is_trained": True,
}


def mentor_id(number: int) -> UUID:
    return UUID(int=0xA000_0000 + number)


def mentee_id(number: int) -> UUID:
    return UUID(int=0xB000_0000 + number)


def person_id(number: int) -> UUID:
    return UUID(int=0xC000_0000 + number)


def make_mentor(number: int, **changes: Any) -> Mentor:
    mentor = Mentor(id=mentor_id(number), person=person_id(number), capacity=1, is_business_owner=False, **SAME)
    return replace(mentor, **changes)


def make_mentee(number: int, **changes: Any) -> Mentee:
    mentee = Mentee(
        id=mentee_id(number),
        person=person_id(10_000 + number),
        waiting_days=0,
        needs_business_owner=False,
        **SAME,
    )
    return replace(mentee, **changes)


def make_pool(mentors: list[Mentor], mentees: list[Mentee], *blocked: tuple[UUID, UUID]) -> Pool:
    """`blocked` are (mentor, mentee), by person, who have declined each other."""
    return Pool(tuple(mentors), tuple(mentees), dict.fromkeys(blocked, RuledOut.DECLINED))


def make_policy(**constraints: Any) -> Policy:
    """The default policy of adult programs with some constraints changed."""
    document = default_policy_document("sv-adult-labour")
    for name, rule in constraints.items():
        now = document["constraints"][name]
        document["constraints"][name] = {**now, **rule} if isinstance(now, dict) else rule
    return Policy.parse(document)


def pairs_of(proposal: Proposal) -> set[tuple[UUID, UUID]]:
    return {(pair.mentor, pair.mentee) for pair in proposal.pairs}
