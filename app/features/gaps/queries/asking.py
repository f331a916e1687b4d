"""Who asks, what do they know record by record, and which programmes are there?"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.domain.gaps import GapKey, Offer
from app.domain.lifecycles import CohortStatus
from app.domain.missing import gap_texts
from app.domain.roles import Permission
from app.domain.statistics import Noise
from app.features.access.queries import programs_known
from app.features.access.scope import Scope
from app.features.gaps.schemas import GapText
from app.features.programs.tables import Cohort, Program
from app.kit.digests import noise_of, seed_of

RECORDS = (Permission.PARTICIPANT_READ, Permission.ENROLMENT_READ, Permission.MATCH_READ)
"""All are needed to see who waits for what: where they live and what they speak, where they stand, and with whom."""
UNDER_WAY = (CohortStatus.OPEN, CohortStatus.CLOSED, CohortStatus.IN_PROGRESS)


@dataclass(frozen=True)
class Asker:
    """The programmes that are counted, those among them that the reader knows, and the randomness of the answer.

    `empty` are those without a cohort, as everybody can see: nobody can be enrolled there.
    """

    offers: dict[UUID, Offer]
    empty: frozenset[UUID]
    known: frozenset[UUID]
    noise: Noise
    seed: int

    def knows(self, key: GapKey) -> bool:
        """May the reader read every record that could count in this part?"""
        return (self.known | self.empty).issuperset(self.programs_in(key))

    def programs_in(self, key: GapKey) -> list[UUID]:
        """The programmes whose people can count in the part: a person's place and language are their own."""
        part = GapKey(key.category, key.kind)
        return [one for one, offer in self.offers.items() if offer.lies_in(part)]

    def method(self, key: GapKey) -> GapText:
        """How the figures of this part are protected."""
        name = "exact" if self.knows(key) else "mixed" if self.known else "protected"
        return GapText(**gap_texts()["methods"][name])


def asker(scope: Scope[Any]) -> Asker:
    """The caller as one who asks."""
    return _asker(scope.session, programs_known(scope.session, scope.actor, RECORDS))


def stranger(session: Session) -> Asker:
    """Somebody who knows nothing: for numbers that are kept for all to read."""
    return _asker(session, frozenset())


def _asker(session: Session, known: frozenset[UUID]) -> Asker:
    offers, empty = _offers(session)
    return Asker(offers, empty, known & offers.keys(), noise_of(session), seed_of(session))


def _offers(session: Session) -> tuple[dict[UUID, Offer], frozenset[UUID]]:
    """Every published programme, the same for all who ask, and those without a cohort."""
    places = (
        select(func.sum(Cohort.mentee_places))
        .where(Cohort.program_id == Program.id, col(Cohort.status).in_(UNDER_WAY))
        .scalar_subquery()
    )
    cohorts = select(func.count()).where(Cohort.program_id == Program.id).scalar_subquery()
    wanted = select(Program, places, cohorts).where(Program.is_published).order_by(col(Program.id))
    found = session.exec(wanted).all()
    offers = {program.id: _offer(program, of_cohorts) for program, of_cohorts, _ in found}
    return offers, frozenset(program.id for program, _, number in found if not number)


def _offer(program: Program, of_cohorts: int | None) -> Offer:
    return Offer(
        category=program.category,
        kind=program.kind,
        listing=program.listing,
        places=of_cohorts if program.places is None else program.places,
        languages=program.languages,
        districts=program.districts,
        municipality_code=program.municipality_code,
    )
