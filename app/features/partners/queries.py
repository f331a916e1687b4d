"""Which partners are there?"""

from typing import Any

from sqlalchemy import Select
from sqlmodel import Session, col, select

from app.features.access.scope import Scope
from app.features.access.visible import visible
from app.features.partners.schemas import PartnerQuery
from app.features.partners.tables import Partner, PartnerMember


def partners(scope: Scope[Any], query: PartnerQuery) -> Select[Any]:
    """The partners in the caller's reach, narrowed by the query."""
    statement = select(Partner).where(visible(Partner, scope.actor))
    if query.sector is not None:
        statement = statement.where(Partner.sector == query.sector)
    return statement


def members(scope: Scope[Partner]) -> Select[Any]:
    """The member organisations of one partner."""
    of_this = select(PartnerMember.member_id).where(PartnerMember.partner_id == scope.row.id)
    return select(Partner).where(col(Partner.id).in_(of_this))


def exists(session: Session, partner_id: object) -> bool:
    """Is there an active partner with this id?"""
    found = session.get(Partner, partner_id)
    return found is not None and found.is_active
