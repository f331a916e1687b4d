"""Who are the invented people of the matching tests? Factories whose people all fit each other until changed."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from app.domain.glossary import CefrLevel, Gender, Goal
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
    "household": None,
    "is_ready": True,
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
        case_worker=None,
        **SAME,
    )
    return replace(mentee, **changes)


def make_pool(mentors: list[Mentor], mentees: list[Mentee], *blocked: tuple[UUID, UUID]) -> Pool:
    return Pool(tuple(mentors), tuple(mentees), frozenset(blocked))


def make_policy(**constraints: Any) -> Policy:
    """The default policy of adult programs with some constraints changed."""
    document = default_policy_document("sv-adult-labour")
    document["constraints"].update(constraints)
    return Policy.parse(document)


def pairs_of(proposal: Proposal) -> set[tuple[UUID, UUID]]:
    return {(pair.mentor, pair.mentee) for pair in proposal.pairs}
