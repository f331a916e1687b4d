"""Which programmes are in the catalogue, and what does each of them tell?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from app.domain.catalogue import is_stale
from app.domain.glossary import Side
from app.domain.lifecycles import CohortStatus
from app.features.agreements.schemas import PartnerName
from app.features.catalogue.queries.searching import always, by_facet, order
from app.features.catalogue.schemas.entries import CatalogueProgram, CatalogueQuery, Intake, Provider
from app.features.partners.tables import Partner
from app.features.programs.schemas import Eligibility
from app.features.programs.tables import Cohort, Program

ASSURER = aliased(Partner)


def found(session: Session, query: CatalogueQuery, today: date) -> tuple[list[CatalogueProgram], int]:
    """One page of what a search found, and how many programmes that is in all."""
    wanted = [*always(query), *by_facet(query).values()]
    total = session.exec(select(func.count()).select_from(Program).where(*wanted)).one()
    page = _rows().where(*wanted).order_by(*order(query)).limit(query.limit).offset((query.page - 1) * query.limit)
    return _entries(session, session.execute(page).all(), today), total


def entry(session: Session, program_id: UUID, today: date) -> CatalogueProgram | None:
    """One published programme."""
    rows = session.execute(_rows().where(col(Program.id) == program_id, col(Program.is_published))).all()
    return next(iter(_entries(session, rows, today)), None)


def _rows() -> Any:
    """Programmes with the partner that owns each, and the one that has vouched for it."""
    return (
        select_columns(Program, Partner, ASSURER)
        .join(Partner, col(Partner.id) == col(Program.owner_partner_id))
        .outerjoin(ASSURER, col(ASSURER.id) == col(Program.assured_by_partner_id))
    )


def _entries(session: Session, rows: Sequence[Any], today: date) -> list[CatalogueProgram]:
    intakes = _intakes(session, [program.id for program, _, _ in rows], today)
    return [_entry(row, intakes.get(row[0].id, []), today) for row in rows]


def _entry(row: Any, intakes: list[Intake], today: date) -> CatalogueProgram:
    program, owner, assurer = row
    shown = program.model_dump(include=set(CatalogueProgram.model_fields))
    provider = Provider(
        name=program.organizer or owner.name,
        partner=PartnerName.model_validate(owner),
        sector=owner.sector,
        website=owner.website,
    )
    derived = {
        "provider": provider,
        "assured_by": PartnerName.model_validate(assurer) if assurer is not None else None,
        "is_stale": is_stale(program.assured_on, today),
        "eligibility": Eligibility.model_validate(program.eligibility),
        "intakes": intakes,
    }
    return CatalogueProgram.model_validate({**shown, **derived})


def _intakes(session: Session, programs: Iterable[UUID], today: date) -> Mapping[UUID, list[Intake]]:
    """The windows of the open cohorts of each program that have not passed, the earliest first."""
    wanted = select(Cohort).where(col(Cohort.program_id).in_(programs), Cohort.status == CohortStatus.OPEN)
    intakes: dict[UUID, list[Intake]] = defaultdict(list)
    for cohort in session.exec(wanted.order_by(col(Cohort.starts_on), col(Cohort.id))):
        for side in Side:
            first, last = (getattr(cohort, f"{side.value}_intake_{end}") for end in ("from", "until"))
            if last >= today:
                given = {"cohort_id": cohort.id, "name": cohort.name, "side": side, "from_on": first, "until_on": last}
                intakes[cohort.program_id].append(Intake(**given, is_open=first <= today))
    return intakes
