"""Whom does the caller's partner work with, in which programs, with which duties, and to what do they belong?"""

from collections import defaultdict
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select as columns
from sqlmodel import Session, col, func, select

from app.domain.roles import Permission
from app.features.access.queries import in_force_on
from app.features.access.scope import Scope
from app.features.access.tables import ResponsibilityAssignment as Held
from app.features.access.visible import visible
from app.features.cooperation.queries.allies import allies
from app.features.cooperation.schemas import (
    DirectoryDuty,
    DirectoryEntry,
    DirectoryProgram,
    DirectoryQuery,
    UmbrellaRead,
)
from app.features.partners.queries import narrowed
from app.features.partners.tables import Partner, PartnerMember
from app.features.programs.tables import Program


def directory(scope: Scope[Any], query: DirectoryQuery) -> tuple[list[DirectoryEntry], int]:
    """One page of the active partners that the caller's partner works with, by name, and how many there are.

    Seven statements, whatever the number of partners and programs.
    """
    session, programs = scope.session, scope.actor.programs_for(Permission.DIRECTORY_READ)
    if query.program_id is not None:
        programs &= {query.program_id}
    within = allies(scope.today, programs)
    elsewhere = query.model_copy(update={"program_id": None, "duty": None})  # duties count in shared programs only
    wanted = [
        visible(Partner, scope.actor),
        col(Partner.is_active),
        col(Partner.id) != scope.actor.partner_id,
        col(Partner.id).in_(columns(within.c.partner_id)),
        *narrowed(scope, elsewhere),
    ]
    if query.duty is not None:
        held = select(Held.partner_id).where(col(Held.program_id).in_(programs), in_force_on(scope.today))
        wanted.append(col(Partner.id).in_(held.where(Held.duty == query.duty)))
    total = session.exec(select(func.count()).select_from(Partner).where(*wanted)).one()
    ordered = select(Partner).where(*wanted).order_by(col(Partner.name), col(Partner.id))
    found = session.exec(ordered.limit(query.limit).offset((query.page - 1) * query.limit)).all()
    ids = [partner.id for partner in found]
    umbrellas, shared = _umbrellas(session, ids), _shared(scope, ids, programs)
    return [
        DirectoryEntry.model_validate(
            {
                **partner.model_dump(include=set(DirectoryEntry.model_fields)),
                "member_of": umbrellas[partner.id],
                "programs": shared[partner.id],
            }
        )
        for partner in found
    ], total


def _umbrellas(session: Session, ids: Collection[UUID]) -> dict[UUID, list[UmbrellaRead]]:
    wanted = (
        select(PartnerMember.member_id, Partner)
        .join(Partner, col(Partner.id) == col(PartnerMember.partner_id))
        .where(col(PartnerMember.member_id).in_(ids))
        .order_by(col(Partner.name), col(Partner.id))
    )
    found: dict[UUID, list[UmbrellaRead]] = defaultdict(list)
    for member_id, umbrella in session.exec(wanted):
        found[member_id].append(UmbrellaRead(id=umbrella.id, name=umbrella.name))
    return found


def _shared(scope: Scope[Any], ids: Collection[UUID], programs: Collection[UUID]) -> dict[UUID, list[DirectoryProgram]]:
    """Of each partner the programs that both work in, with the partner's duties there."""
    session, within = scope.session, allies(scope.today, programs)
    duties = _duties(scope, ids, programs)
    rows = session.execute(
        columns(within.c.partner_id, col(Program.id), col(Program.name), col(Program.owner_partner_id))
        .join(Program, col(Program.id) == within.c.program_id)
        .where(within.c.partner_id.in_(ids))
        .order_by(col(Program.name), col(Program.id))
    )
    found: dict[UUID, list[DirectoryProgram]] = defaultdict(list)
    for partner_id, program_id, name, owner_id in rows:
        found[partner_id].append(
            DirectoryProgram(
                program_id=program_id,
                program_name=name,
                is_owner=owner_id == partner_id,
                duties=duties[partner_id, program_id],
            )
        )
    return found


def _duties(
    scope: Scope[Any], ids: Collection[UUID], programs: Collection[UUID]
) -> dict[tuple[UUID, UUID], list[DirectoryDuty]]:
    wanted = select(Held).where(
        col(Held.partner_id).in_(ids), col(Held.program_id).in_(programs), in_force_on(scope.today)
    )
    found: dict[tuple[UUID, UUID], list[DirectoryDuty]] = defaultdict(list)
    for held in scope.session.exec(wanted.order_by(col(Held.level), col(Held.duty), col(Held.id))):
        found[held.partner_id, held.program_id].append(DirectoryDuty(duty=held.duty, level=held.level))
    return found
