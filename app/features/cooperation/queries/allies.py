"""Which partners and colleagues are in a program's channel today? In SQL what `Grant.ally` says of one actor.

The owner, the parties of the agreement in force, and whoever holds a duty today. A partner that leaves the agreement is
out of all of it with the next request, also of what was said while it was in.
"""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, or_, union
from sqlalchemy import select as columns
from sqlmodel import Session, col, func, select

from app.domain.glossary import Concealing
from app.domain.grants import COLLEAGUES
from app.domain.lifecycles import AgreementStatus
from app.features.access.queries import in_force_on
from app.features.access.rows import looks_beyond_reach
from app.features.access.tables import Concealment, ResponsibilityAssignment, UserAccount
from app.features.agreements.tables import Agreement, AgreementParty
from app.features.cooperation.schemas import ChannelMember
from app.features.partners.tables import Partner
from app.features.programs.tables import Program
from app.kit.pages import PageQuery

Held = ResponsibilityAssignment


def allies(today: date, programs: Collection[UUID] | None = None) -> Subquery:
    """Rows of (program_id, partner_id): who works in which program today; with `programs`, of these only."""
    owners: Any = columns(col(Program.id).label("program_id"), col(Program.owner_partner_id).label("partner_id"))
    parties = (
        columns(col(Agreement.program_id), col(AgreementParty.partner_id))
        .join(AgreementParty, col(AgreementParty.agreement_id) == col(Agreement.id))
        .where(
            col(Agreement.status) == AgreementStatus.IN_FORCE,
            or_(col(Agreement.valid_until).is_(None), col(Agreement.valid_until) >= today),
        )
    )
    holders = columns(col(Held.program_id), col(Held.partner_id)).where(in_force_on(today))
    if programs is not None:
        owners = owners.where(col(Program.id).in_(programs))
        parties = parties.where(col(Agreement.program_id).in_(programs))
        holders = holders.where(col(Held.program_id).in_(programs))
    return union(owners, parties, holders).subquery("allies")


def partners_in(session: Session, program_id: UUID, today: date) -> frozenset[UUID]:
    """The partners in the channel of a program."""
    return frozenset(session.scalars(columns(allies(today, [program_id]).c.partner_id)))


def is_colleague() -> list[ColumnElement[bool]]:
    """Somebody who reads channels: not locked, and not of those whose identity is protected."""
    return [~col(UserAccount.is_locked), col(UserAccount.role).in_(sorted(COLLEAGUES)), may_be_named()]


def may_be_named() -> ColumnElement[bool]:
    """The condition that a user's identity is not protected."""
    protected = select(Concealment.user_id).where(
        Concealment.kind == Concealing.PROTECTED_IDENTITY, col(Concealment.user_id).is_not(None)
    )
    return col(UserAccount.id).not_in(protected)


@looks_beyond_reach
def members(session: Session, program_id: UUID, today: date, query: PageQuery) -> tuple[list[ChannelMember], int]:
    """One page of the colleagues in a program's channel, by partner and name, and how many there are."""
    within = columns(allies(today, [program_id]).c.partner_id)
    wanted = [col(UserAccount.partner_id).in_(within), *is_colleague()]
    found: Any = (
        columns(UserAccount, col(Partner.name).label("partner_name"))
        .join(Partner, col(Partner.id) == col(UserAccount.partner_id))
        .where(*wanted)
        .order_by(col(Partner.name), col(UserAccount.name), col(UserAccount.id))
    )
    rows = session.execute(found.limit(query.limit).offset((query.page - 1) * query.limit))
    told = [_member(user, name) for user, name in rows]
    return told, session.exec(select(func.count()).select_from(UserAccount).where(*wanted)).one()


def _member(user: UserAccount, partner_name: str) -> ChannelMember:
    return ChannelMember.model_validate(
        {
            "user_id": user.id,
            "name": user.name,
            "role": user.role,
            "partner_id": user.partner_id,
            "partner_name": partner_name,
        }
    )


@looks_beyond_reach
def colleagues_among(session: Session, users: Collection[UUID], program_id: UUID, today: date) -> frozenset[UUID]:
    """Those of the users who are in the channel of the program."""
    within = columns(allies(today, [program_id]).c.partner_id)
    wanted = select(UserAccount.id).where(
        col(UserAccount.id).in_(users), col(UserAccount.partner_id).in_(within), *is_colleague()
    )
    return frozenset(session.exec(wanted))


@looks_beyond_reach
def names_of_authors(session: Session, users: Collection[UUID]) -> dict[UUID, str]:
    """The names of colleagues who wrote something, as far as they may be told."""
    wanted = select(UserAccount.id, UserAccount.name).where(col(UserAccount.id).in_(users), may_be_named())
    return dict(session.exec(wanted).all())
