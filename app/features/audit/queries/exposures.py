"""Whose data was a user shown, in a period? For those who must tell, within 72 hours, whom a breach concerns."""

from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, text
from sqlmodel import Session, col

from app.domain.access import Decision
from app.domain.classification import PERSONAL, Sensitivity, class_of, classified
from app.features.access.rows import looks_beyond_reach
from app.features.access.scope import Scope
from app.features.access.tables import AccessRecord, UserAccount, guarded_kinds
from app.features.access.visible import concealed_from
from app.features.audit.schemas import MOST_EXPOSED, ExposedPerson, ExposureQuery, ExposureRead, OtherHolder
from app.features.participants.tables import Participant
from app.features.partners.tables import Partner
from app.features.privacy.queries.accesses import IN_CONFIDENCE, hidden_logins, within

ONLY_IDS = frozenset({"access", "userAccess", "exposure", "accessReview"})
"""What shows ids of people, and no data about them."""
AT_MOST = (Sensitivity.CONTACT, Sensitivity.IDENTITY, Sensitivity.SENSITIVE)
"""What is assumed of a permission that reads no table of its own, such as a report or an export."""


EVERYBODY = text("""
select p.person, h.partner_id, count(*) as times, min(r.at) as first, max(r.at) as last,
       string_agg(distinct r.permission, ' ' order by r.permission) as permissions
  from access_record r cross join lateral unnest(r.people) as p (person) left join participant h on h.id = p.person
 where r.decision = 'allowed'
   and (cast(:user as uuid) is null or r.user_id = :user) and (cast(:login as uuid) is null or r.login_id = :login)
   and (cast(:since as timestamptz) is null or r.at >= :since) and (cast(:until as timestamptz) is null or r.at < :until)
 group by p.person, h.partner_id order by min(r.at), p.person
""")


@looks_beyond_reach
def exposure(scope: Scope[Partner], query: ExposureQuery) -> ExposureRead:
    """The partner's people whom the user was shown; of other partners' people how many, when the user is the partner's own.

    It looks beyond the reach that the database knows, so it leaves out itself who is concealed from the caller.
    """
    shown = _shown(scope, query)
    person = shown.c.person
    own = (
        select(
            person,
            func.count(),
            func.min(shown.c.at),
            func.max(shown.c.at),
            func.array_agg(func.distinct(shown.c.permission)),
        )
        .join(Participant, col(Participant.id) == person)
        .where(col(Participant.partner_id) == scope.row.id)
        .group_by(person)
        .order_by(func.min(shown.c.at), person)
    )
    found = scope.session.execute(own.limit(MOST_EXPOSED + 1)).all()
    people = [_person(*row) for row in found[:MOST_EXPOSED]]
    return ExposureRead(
        user_id=query.user_id,
        login_id=query.login_id,
        since=query.since,
        until=query.until,
        as_of=scope.now,
        access_count=_accesses(scope, shown),
        participant_count=len(people),
        is_complete=len(found) <= MOST_EXPOSED,
        people=people,
        other_holders=_others(scope, shown),
    )


def _shown(scope: Scope[Partner], query: ExposureQuery) -> Any:
    """One row for each person that one of these accesses showed, without the concealed."""
    wanted: Select[Any] = select(
        col(AccessRecord.id),
        col(AccessRecord.at),
        col(AccessRecord.user_id),
        col(AccessRecord.permission),
        func.unnest(AccessRecord.people).label("person"),
    ).where(
        col(AccessRecord.decision) == Decision.ALLOWED,
        col(AccessRecord.permission).not_in(IN_CONFIDENCE),
        col(AccessRecord.user_id).not_in(hidden_logins(scope)),
        *within(query.since, query.until),
    )
    if query.user_id is not None:
        wanted = wanted.where(col(AccessRecord.user_id) == query.user_id)
    if query.login_id is not None:
        wanted = wanted.where(col(AccessRecord.login_id) == query.login_id)
    every = wanted.subquery("every")
    return select(every).where(every.c.person.not_in(concealed_from(scope.actor))).subquery("shown")


def everybody_shown(
    session: Session, user_id: UUID | None, login_id: UUID | None, since: datetime | None, until: datetime | None
) -> list[tuple[str, str, int, str, str, str]]:
    """Everybody whose data was shown, whoever holds and whatever hides them: for the operator, beyond every reach."""
    given = {"user": user_id, "login": login_id, "since": since, "until": until}
    return [
        (str(row.person), str(row.partner_id), row.times, row.first.isoformat(), row.last.isoformat(), row.permissions)
        for row in session.execute(EVERYBODY, given)
    ]


def _accesses(scope: Scope[Partner], shown: Any) -> int:
    wanted = select(func.count(func.distinct(shown.c.id))).join(Participant, col(Participant.id) == shown.c.person)
    return scope.session.scalar(wanted.where(col(Participant.partner_id) == scope.row.id)) or 0


def _others(scope: Scope[Partner], shown: Any) -> list[OtherHolder]:
    people = func.count(func.distinct(shown.c.person))
    wanted = (
        select(col(Partner.id), col(Partner.name), people)
        .select_from(shown)
        .join(UserAccount, col(UserAccount.id) == shown.c.user_id)
        .join(Participant, col(Participant.id) == shown.c.person)
        .join(Partner, col(Partner.id) == Participant.partner_id)
        .where(col(UserAccount.partner_id) == scope.row.id, col(Participant.partner_id) != scope.row.id)
        .group_by(col(Partner.id), col(Partner.name))
        .order_by(people.desc(), col(Partner.id))
    )
    return [
        OtherHolder(partner_id=partner_id, partner_name=name, participant_count=count)
        for partner_id, name, count in scope.session.execute(wanted)
    ]


def _person(person: Any, count: int, first: Any, last: Any, permissions: list[str]) -> ExposedPerson:
    classes = {one for permission in permissions for one in classes_of(permission)}
    return ExposedPerson(
        participant_id=person,
        access_count=count,
        first_at=first,
        last_at=last,
        permissions=sorted(permissions),
        classes=[one for one in Sensitivity if one in classes],
    )


@cache
def classes_of(permission: str) -> frozenset[Sensitivity]:
    """The classes of personal data in the tables that a permission's resource is read from."""
    resource = permission.partition(":")[0]
    if resource in ONLY_IDS:
        return frozenset()
    tables = [str(one.__tablename__) for one in guarded_kinds() if one.reach.read.partition(":")[0] == resource]
    found = {class_of(table, name) for table in tables for name in classified()[table]}
    return frozenset(found & PERSONAL) or frozenset(AT_MOST)
