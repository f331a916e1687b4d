"""Who has seen whose data? The record of accesses, for the person and for the holder's data protection officer."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func
from sqlmodel import col, select

from app.domain.glossary import Concealing
from app.domain.roles import Permission
from app.domain.self_access import words_for
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.tables import AccessRecord, Concealment
from app.features.access.visible import concealed_from, visible
from app.features.participants.tables import Participant
from app.features.partners.tables import Partner
from app.features.privacy.schemas import MOST_PEOPLE, AccessQuery, AccessRead, MyAccessRead, Told
from app.kit.pages import PageQuery

IN_CONFIDENCE = (Permission.INCIDENT_REPORT, Permission.INCIDENT_READ, Permission.INCIDENT_HANDLE)
PEOPLE: Any = AccessRecord.people  # an array, with `overlap`


def accesses_to_me(scope: Scope[Any], query: PageQuery) -> tuple[list[MyAccessRead], int]:
    """Uses and attempts by others of data about the caller, newest first, and how many there are."""
    found, total = _page(scope, _about_me(scope), query)
    told = []
    for record, partner_name in found:
        words = words_for(record.role, record.permission, record.decision, partner_name)
        told.append(MyAccessRead(**_line(record, partner_name), words=Told(**words)))
    return told, total


def count_accesses_to_me(scope: Scope[Any]) -> int:
    """How many times others have used, or tried to use, data about the caller."""
    return _count(scope, _about_me(scope))


@looks_beyond_reach
def accesses_at(scope: Scope[Partner], query: AccessQuery) -> tuple[list[AccessRead], int]:
    """Accesses to the people whom the partner holds, newest first; nothing of those whom the caller may not know of."""
    own = _own_people(scope)
    if query.participant_id is not None:
        own = own.where(col(Participant.id) == query.participant_id)
    wanted = _records().where(
        PEOPLE.overlap(func.array(own.scalar_subquery())),
        col(AccessRecord.user_id).not_in(_hidden_logins(scope)),
    )
    if query.user_id is not None:
        wanted = wanted.where(col(AccessRecord.user_id) == query.user_id)
    if query.decision is not None:
        wanted = wanted.where(col(AccessRecord.decision) == query.decision)
    found, total = _page(scope, wanted, query)
    named = {one for record, _ in found for one in record.people}
    held = set(scope.session.scalars(_own_people(scope).where(col(Participant.id).in_(named))))
    return [
        _of_officer(record, partner_name, sorted(held & set(record.people))) for record, partner_name in found
    ], total


def _of_officer(record: AccessRecord, partner_name: str | None, people: list[UUID]) -> AccessRead:
    return AccessRead(
        **_line(record, partner_name),
        user_id=record.user_id,
        participant_ids=people[:MOST_PEOPLE],
        participant_count=len(people),
    )


def _about_me(scope: Scope[Any]) -> Select[Any]:
    """Own visits are left out: the list of logins tells those."""
    return _records().where(
        PEOPLE.overlap(sorted(scope.actor.persons)),
        col(AccessRecord.user_id) != scope.actor.user_id,
    )


def _own_people(scope: Scope[Partner]) -> Select[Any]:
    """The holder's people whom the caller may know of.

    `accesses_at` looks beyond the reach that the database knows, so it says itself who is concealed: should the filter
    in front of it be forgotten, nobody protected appears.
    """
    reach = visible(Participant, scope.actor, Permission.ACCESS_READ)
    is_concealed = col(Participant.id).in_(concealed_from(scope.actor))
    return select(Participant.id).where(reach, Participant.partner_id == scope.row.id, ~is_concealed)


def _hidden_logins(scope: Scope[Any]) -> Select[Any]:
    """The accounts of people with protected identity for whom the caller has no clearance."""
    return select(Concealment.user_id).where(
        Concealment.kind == Concealing.PROTECTED_IDENTITY,
        col(Concealment.user_id).is_not(None),
        col(Concealment.partner_id).not_in(sorted(scope.actor.cleared)),
    )


def _records() -> Select[Any]:
    """Without the work on incidents: that there is a report is told by those who handle it, and by nobody else."""
    partner = col(AccessRecord.partner_id) == col(Partner.id)
    found: Any = select(AccessRecord, Partner.name).join(Partner, partner, isouter=True)
    return found.where(col(AccessRecord.permission).not_in(IN_CONFIDENCE))  # type: ignore[no-any-return]  # SQLModel's own Select is not SQLAlchemy's


def _page(scope: Scope[Any], wanted: Select[Any], query: PageQuery) -> tuple[Sequence[Any], int]:
    ordered = wanted.order_by(col(AccessRecord.id).desc()).limit(query.limit).offset((query.page - 1) * query.limit)
    return scope.session.execute(ordered).all(), _count(scope, wanted)


def _count(scope: Scope[Any], wanted: Select[Any]) -> int:
    return scope.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0


def _line(record: AccessRecord, partner_name: str | None) -> dict[str, Any]:
    return {
        "at": record.at,
        "partner_id": record.partner_id,
        "partner_name": partner_name,
        "role": record.role,
        "permission": record.permission,
        "decision": record.decision,
    }
