"""Which partners are there?"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select
from sqlmodel import Session, col, select

from app.domain.glossary import Sector
from app.features.access.queries import in_force_on
from app.features.access.scope import Scope
from app.features.access.tables import ResponsibilityAssignment as Held
from app.features.access.visible import visible
from app.features.partners.schemas import PartnerQuery
from app.features.partners.tables import Partner, PartnerMember


def partners(scope: Scope[Any], query: PartnerQuery) -> Select[Any]:
    """The partners in the caller's reach, narrowed by the query."""
    return select(Partner).where(visible(Partner, scope.actor), *narrowed(scope, query))


def narrowed(scope: Scope[Any], query: PartnerQuery) -> list[ColumnElement[bool]]:
    """The conditions of the query; duties count as far as the caller sees them."""
    wanted: list[ColumnElement[bool]] = []
    if query.sector is not None:
        wanted.append(col(Partner.sector) == query.sector)
    if query.in_municipality is not None:
        wanted.append(col(Partner.municipality_code) == query.in_municipality)
    if query.name_contains is not None:
        wanted.append(col(Partner.name).icontains(query.name_contains, autoescape=True))
    if query.program_id is not None or query.duty is not None:
        held = select(Held.partner_id).where(visible(Held, scope.actor), in_force_on(scope.today))
        if query.program_id is not None:
            held = held.where(Held.program_id == query.program_id)
        if query.duty is not None:
            held = held.where(Held.duty == query.duty)
        wanted.append(col(Partner.id).in_(held))
    return wanted


def members(scope: Scope[Partner]) -> Select[Any]:
    """The member organisations of one partner."""
    of_this = select(PartnerMember.member_id).where(PartnerMember.partner_id == scope.row.id)
    return select(Partner).where(col(Partner.id).in_(of_this))


def exists(session: Session, partner_id: object) -> bool:
    """Is there an active partner with this id?"""
    found = session.get(Partner, partner_id)
    return found is not None and found.is_active


def sectors_of(session: Session, partner_ids: Collection[UUID]) -> dict[UUID, Sector]:
    """The sector of each of these partners."""
    wanted = select(Partner.id, Partner.sector).where(col(Partner.id).in_(partner_ids))
    return {partner_id: Sector(sector) for partner_id, sector in session.exec(wanted)}
