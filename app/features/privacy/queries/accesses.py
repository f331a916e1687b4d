"""Who has seen whose data? The record of accesses, for the person and for the holder's data protection officer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_
from sqlmodel import col, select

from app.domain.access import Decision
from app.domain.glossary import Concealing
from app.domain.roles import Permission
from app.domain.self_access import words_for
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.tables import AccessRecord, Concealment, UserAccount
from app.features.access.visible import concealed_from, visible
from app.features.participants.tables import Participant
from app.features.partners.tables import Partner
from app.features.privacy.schemas import MOST_PEOPLE, AccessQuery, AccessRead, MyAccessRead, Told, UserAccessQuery
from app.kit.pages import PageQuery
from app.kit.problems import Problem

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
    wanted = _records().where(_is_about(own), col(AccessRecord.user_id).not_in(hidden_logins(scope)))
    if query.user_id is not None:
        wanted = wanted.where(col(AccessRecord.user_id) == query.user_id)
    if query.decision is not None:
        wanted = wanted.where(col(AccessRecord.decision) == query.decision)
    found, total = _page(scope, wanted, query)
    return lines_of(scope, _own_people(scope), found), total


@looks_beyond_reach
def accesses_by(scope: Scope[Any], user_id: UUID, query: UserAccessQuery) -> tuple[list[AccessRead], int]:
    """What a user of the caller's own organisation has seen or tried, newest first; nothing of concealed people.

    Raises: Problem 404 when it is nobody there whom the caller may know of.
    """
    user = col(UserAccount.id) == user_id, col(UserAccount.id).not_in(hidden_logins(scope))
    partner_id = scope.session.scalar(select(UserAccount.partner_id).where(*user))
    if partner_id is None or partner_id != scope.actor.partner_id:
        raise Problem("resource.not_found")
    wanted = _records().where(col(AccessRecord.user_id) == user_id, *within(query.since, query.until))
    wanted = wanted.where(not_only_concealed(scope))
    if query.decision is not None:
        wanted = wanted.where(col(AccessRecord.decision) == query.decision)
    found, total = _page(scope, wanted, query)
    own = select(Participant.id).where(Participant.partner_id == partner_id, ~_is_concealed(scope))
    return lines_of(scope, own, found), total


@looks_beyond_reach
def access_at(scope: Scope[Partner], access_id: int) -> tuple[AccessRecord, bool] | None:
    """A line of the partner's log, and whether everybody in it is the partner's; None when it is not in that log."""
    own = _own_people(scope)
    wanted = _records().where(_is_about(own), col(AccessRecord.user_id).not_in(hidden_logins(scope)))
    found = scope.session.execute(wanted.where(col(AccessRecord.id) == access_id)).first()
    if found is None:
        return None
    held = set(scope.session.scalars(own.where(col(Participant.id).in_(found[0].people))))
    return found[0], held == set(found[0].people)


def within(since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    """The accesses from an instant on and before another."""
    found = [] if since is None else [col(AccessRecord.at) >= since]
    return found if until is None else [*found, col(AccessRecord.at) < until]


def not_only_concealed(scope: Scope[Any]) -> ColumnElement[bool]:
    """Of accesses that showed people: not those that showed nobody whom the caller may know of."""
    concealed = func.array(concealed_from(scope.actor).scalar_subquery())
    return or_(func.cardinality(PEOPLE) == 0, ~PEOPLE.contained_by(concealed))


def lines_of(scope: Scope[Any], own: Select[Any], found: Sequence[Any]) -> list[AccessRead]:
    """Records (with their partners' names) as lines that name those of the caller's `own` people."""
    named = {one for record, _ in found for one in _named(record)}
    held = set(scope.session.scalars(own.where(col(Participant.id).in_(named))))
    return [_of_officer(record, partner_name, sorted(held & set(_named(record)))) for record, partner_name in found]


def _is_about(own: Select[Any]) -> ColumnElement[bool]:
    """The record shows one of these people, or somebody tried to reach one of them."""
    tried = and_(
        col(AccessRecord.decision) == Decision.OUT_OF_REACH,
        col(AccessRecord.subject) == str(Participant.__tablename__),
        col(AccessRecord.subject_id).in_(own),
    )
    return or_(PEOPLE.overlap(func.array(own.scalar_subquery())), tried)


def _named(record: AccessRecord) -> list[UUID]:
    """The people of a record; of a try at somebody's own record, who they are."""
    is_try = record.decision == Decision.OUT_OF_REACH and record.subject == str(Participant.__tablename__)
    return [record.subject_id] if is_try and record.subject_id is not None else list(record.people)


def _of_officer(record: AccessRecord, partner_name: str | None, people: list[UUID]) -> AccessRead:
    return AccessRead(
        **_line(record, partner_name),
        id=str(record.id),
        user_id=record.user_id,
        login_id=record.login_id,
        purpose=record.purpose,
        reference=record.reference,
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
    return select(Participant.id).where(reach, Participant.partner_id == scope.row.id, ~_is_concealed(scope))


def _is_concealed(scope: Scope[Any]) -> ColumnElement[bool]:
    return col(Participant.id).in_(concealed_from(scope.actor))


def hidden_logins(scope: Scope[Any]) -> Select[Any]:
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
